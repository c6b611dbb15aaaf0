"""What numbers rest on, in lines of text: base, weight, fieldwork, source, and the design."""

import textwrap
from collections.abc import Iterator

import numpy as np

from opinionpanel.arrays import Floats
from opinionpanel.escaping import closed_names, terminal_line
from opinionpanel.estimates.about import About
from opinionpanel.estimates.values import Values
from opinionpanel.phrases import (
    PERCENT,
    Phrase,
    figure,
    in_a_row,
    one_after_another,
    per_cent,
)

# What a terminal and a printed page hold.
WIDTH = 100


def caption(estimates: Values, *, level: float = 0.95) -> list[str]:
    """Say what the numbers rest on: base, weight, fieldwork, source, and what intervals assume."""
    return [turned_back(estimates, line) for line in caption_phrases(estimates, level)]


def caption_phrases(estimates: Values, level: float) -> list[str]:
    """Give the lines of a caption as they were made, for other languages to say."""
    about = estimates.about
    lines = [
        *_base_lines(estimates),
        *made_phrases(estimates),
        *about.lost.values(),
        *about.notes.values(),
    ]
    dates = [
        Phrase("{wave}: {days}", wave=wave, days=about.dates[wave])
        for wave in about.waves
        if about.dates.get(wave)
    ]
    if dates:
        lines.append(_fieldwork_phrase(one_after_another(dates)))
    if about.source:
        lines.append(source_phrase(about.source))
    lines.append(_intervals(about, level))
    if about.simultaneous:
        lines.append(simultaneous_phrase(level, about.family))
    if about.population and _taken_whole(estimates):
        lines.append(NO_WIDTH[about.population])
    # A note on several waves may be the same for all of them.
    return list(dict.fromkeys(lines))


def made_phrases(estimates: Values) -> list[str]:
    """Say how figures were made that are not counted from answers alone, and what is missing."""
    made = [estimates.about.modelled] if estimates.about.modelled else []
    missing = estimates.missing_information
    if missing is None or not np.isfinite(missing).any():
        return made
    least, most = (
        per_cent(share) for share in (round(np.nanmin(missing), 2), round(np.nanmax(missing), 2))
    )
    range_of = Phrase("{least} to {most}", least=least, most=most)
    found = most if least == most else range_of
    return [*made, Phrase("Fraction of missing information: {found}.", found=found)]


def _fieldwork_phrase(dates: str) -> Phrase:
    """Say when people were interviewed; some dates end with a full stop of their own."""
    if dates.endswith("."):
        return Phrase("Fieldwork: {dates}", dates=dates)
    return Phrase("Fieldwork: {dates}.", dates=dates)


def source_phrase(source: str) -> Phrase:
    """Name the source of the data."""
    if source.endswith("."):
        return Phrase("Source: {source}", source=source)
    return Phrase("Source: {source}.", source=source)


def turned_back(estimates: Values, text: str) -> str:
    """End the directions that names open in what is said of estimates, before figures follow."""
    return closed_names(text, _names(estimates))


def _names(estimates: Values) -> Iterator[str]:
    """Give the texts of a study that titles and notes hold."""
    about = estimates.about
    yield from (about.item, about.label, about.source, about.design, *about.changes.values())
    yield from (*about.waves, *about.states, *about.dates.values(), *about.weights.values())
    for name, values in estimates.labels.items():
        yield from (str(name), *map(str, values.unique()))


NO_WIDTH = {
    "people": Phrase(
        "Intervals without width: everybody was drawn. Who then gave no answer is not accounted "
        "for."
    ),
    "PSUs": Phrase(
        "Intervals without width: all PSUs were drawn, and only this first stage counts, not who "
        "was drawn within them."
    ),
}


def base_range(estimates: Values) -> str:
    """Show the unweighted base of estimates: one number or a range, and that of each study."""
    study = estimates.about.study
    if study in estimates.named and len(studies := estimates.named.values(study)) > 1:
        bases = [(one, estimates.n[estimates.named.where(study, one)]) for one in studies]
        return in_a_row([Phrase("{study} {n}", study=str(one), n=_range(n)) for one, n in bases])
    return _range(estimates.n)


def _range(bases: Floats) -> str:
    n = bases[np.isfinite(bases)].astype(int)
    if not len(n):
        return "0"
    if n.min() == n.max():
        return Phrase("{n}", n=int(n.min()))
    return Phrase("{least} to {most}", least=int(n.min()), most=int(n.max()))


def base_text(estimates: Values) -> str:
    """Say what a test rests on: base, weight and design, in lines of text."""
    about, lines = estimates.about, [*_base_lines(estimates), *made_phrases(estimates)]
    if about.design:
        drawn = "tested as for" if about.as_simple else "Design:"
        undeclared = f"{undeclared_text(about)} " if about.undeclared else ""
        lines.append(f"{undeclared}{drawn} {about.design}.")
    return "\n".join(
        textwrap.wrap(terminal_line(" ".join(lines)), width=WIDTH, break_on_hyphens=False)
    )


def _base_lines(estimates: Values) -> list[str]:
    """Say who is in the base, with which weight, and who is not: not asked, or without weight."""
    about, n = estimates.about, base_range(estimates)
    lines: list[str] = [Phrase("n = {n}.", n=n)]
    if about.base:
        lines = [Phrase("Base: {base}; n = {n} (unweighted).", base=about.base, n=n)]
    if about.weight:
        lines.append(Phrase("Weight: {weight}.", weight=about.weight))
    else:
        lines.append(Phrase("Unweighted."))
    lines += dict.fromkeys(about.weightless.values())
    if silent := not_asked_text(about):
        lines.append(silent)
    return lines


def not_asked_text(about: About) -> str:
    """Say at which of the waves some people were not asked the question."""
    told: list[str] = []
    for wave in about.waves:
        people, silent = about.asked.get(wave, (0, 0))
        if not silent:
            continue
        part = _part(silent, people)
        if told:
            told.append(Phrase("at {wave}, {part}", wave=wave, part=part))
        elif silent == 1:
            told.append(
                Phrase("At {wave}, {part} was not asked this question", wave=wave, part=part)
            )
        else:
            told.append(
                Phrase("At {wave}, {part} were not asked this question", wave=wave, part=part)
            )
    return Phrase("{text}.", text=one_after_another(told)) if told else ""


def _part(some: int, people: int) -> Phrase:
    """Say how many of some people, and which share."""
    share = per_cent(some / people)
    if people == 1:
        return Phrase("{some} of {n} person ({share})", some=some, n=people, share=share)
    return Phrase("{some} of {n} people ({share})", some=some, n=people, share=share)


def _intervals(about: About, level: float) -> Phrase:
    """Say what intervals rest on and what they assume."""
    text = Phrase("{level} intervals {drawn}.", level=level_words(level), drawn=_drawn(about))
    if about.undeclared:
        text = Phrase("{undeclared} {text}", undeclared=undeclared_text(about), text=text)
    if about.sample != "nonprobability":
        return text
    assumed = Phrase(
        "Opt-in sample: the intervals are model-based and assume that, given the weights, joining "
        "the panel is unrelated to the answers."
    )
    if about.independent:
        assumed = Phrase(
            "Opt-in sample: the intervals are model-based and assume that, given the weights, "
            "taking part is unrelated to the answers."
        )
    elif len(about.waves) > 1:
        assumed = Phrase(
            "Opt-in sample: the intervals are model-based and assume that, given the weights, "
            "joining the panel and staying in it are unrelated to the answers."
        )
    return Phrase("{text} {assumed}", text=text, assumed=assumed)


def simultaneous_phrase(level: float, family: int = 0) -> Phrase:
    """Say that intervals hold for all estimates at once: for those of a family, some of it here."""
    if family:
        return Phrase(
            "The intervals are simultaneous: with {level} confidence all {n} that these were taken "
            "from hold at once (Bonferroni).",
            level=level_words(level),
            n=family,
        )
    return Phrase(
        "The intervals are simultaneous: with {level} confidence all of them hold at once "
        "(Bonferroni).",
        level=level_words(level),
    )


def level_words(level: float) -> Phrase:
    """Write a confidence level in per cent."""
    return Phrase(PERCENT, number=figure(f"{100 * level:.4g}"))


def _drawn(about: About) -> Phrase:
    """Say what intervals are computed from: a simple random sample, or the design."""
    if about.as_simple:
        return Phrase("as for {design}", design=about.design)
    return Phrase("from the design ({design})", design=about.design)


def undeclared_text(about: About, *, alone: bool = False) -> Phrase:
    """Say what nobody declared of weight, strata and PSUs, before what follows of it or `alone`."""
    words = {"weight": Phrase("weight"), "strata": Phrase("strata"), "PSUs": Phrase("PSUs")}
    *first, last = (words[name] for name in about.undeclared)
    named = Phrase("{parts} or {last}", parts=in_a_row(first), last=last) if first else last
    if not about.as_simple:
        return Phrase("No {parts} was declared.", parts=named)
    if alone:
        return Phrase("No {parts} were declared.", parts=named)
    return Phrase("No {parts} were declared:", parts=named)


def _taken_whole(estimates: Values) -> bool:
    """Whether an interval has no width because nobody was left to draw."""
    if estimates.exact is None:
        return False
    return bool((estimates.exact & (estimates.std_error == 0) & (estimates.n > 0)).any())
