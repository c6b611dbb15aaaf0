"""What numbers rest on, in lines of text: base, weight, fieldwork, source, and the design."""

import textwrap
from collections.abc import Iterator

import numpy as np

from opinionpanel.errors import count_people
from opinionpanel.escaping import closed, closed_names, terminal_line
from opinionpanel.estimates.about import About
from opinionpanel.estimates.values import Values

# What a terminal and a printed page hold.
WIDTH = 100


def caption(estimates: Values, *, level: float = 0.95) -> list[str]:
    """Say what the numbers rest on: base, weight, fieldwork, source, and what intervals assume."""
    about = estimates.about
    lines = [*_base_lines(estimates), *about.lost.values(), *about.notes.values()]
    dates = [f"{wave}: {about.dates[wave]}" for wave in about.waves if about.dates.get(wave)]
    if dates:
        lines.append("Fieldwork: " + "; ".join(dates) + ".")
    if about.source:
        lines.append(f"Source: {about.source}" + ("" if about.source.endswith(".") else "."))
    lines.append(_intervals(about, level))
    if about.population and _taken_whole(estimates):
        lines.append(NO_WIDTH[about.population])
    # A note on several waves may be the same for all of them.
    return [turned_back(estimates, line) for line in dict.fromkeys(lines)]


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
    "people": (
        "Intervals without width: everybody was drawn. Who then gave no answer is not accounted "
        "for."
    ),
    "PSUs": (
        "Intervals without width: all PSUs were drawn, and only this first stage counts, not who "
        "was drawn within them."
    ),
}


def base_range(estimates: Values) -> str:
    """Show the unweighted base of estimates: one number or a range."""
    n = estimates.n[np.isfinite(estimates.n)].astype(int)
    if not len(n):
        return "0"
    return f"{n.min():,}" if n.min() == n.max() else f"{n.min():,} to {n.max():,}"


def base_text(estimates: Values) -> str:
    """Say what a test rests on: base, weight and design, in lines of text."""
    about, lines = estimates.about, _base_lines(estimates)
    if about.design:
        drawn = "tested as for" if about.as_simple else "Design:"
        lines.append(f"{_undeclared(about)}{drawn} {about.design}.")
    return "\n".join(
        textwrap.wrap(terminal_line(" ".join(lines)), width=WIDTH, break_on_hyphens=False)
    )


def _base_lines(estimates: Values) -> list[str]:
    """Say who is in the base, with which weight, and who is not: not asked, or without weight."""
    about, n = estimates.about, base_range(estimates)
    # Not only the names in labels: also those of the people that a panel is narrowed to.
    base = closed(about.base)
    lines = [f"Base: {base}; n = {n} (unweighted)." if base else f"n = {n}."]
    lines.append(f"Weight: {about.weight}." if about.weight else "Unweighted.")
    lines += dict.fromkeys(about.weightless.values())
    if silent := _not_asked(about):
        lines.append(silent)
    return lines


def _not_asked(about: About) -> str:
    """Say at which of the waves some people were not asked the question."""
    told: list[str] = []
    for wave in about.waves:
        people, silent = about.asked.get(wave, (0, 0))
        if not silent:
            continue
        text = f"at {wave}, {silent:,} of {count_people(people)} ({silent / people:.0%})"
        were = "was" if silent == 1 else "were"
        told.append(text if told else f"{text} {were} not asked this question")
    text = "; ".join(told)
    return f"{text[0].upper()}{text[1:]}." if told else ""


def _intervals(about: About, level: float) -> str:
    """Say what intervals rest on and what they assume."""
    drawn = f"as for {about.design}" if about.as_simple else f"from the design ({about.design})"
    text = f"{_undeclared(about)}{100 * level:.4g}% intervals {drawn}."
    if about.sample == "nonprobability":
        joining = "joining the panel is"
        if len(about.waves) > 1:
            joining = "joining the panel and staying in it are"
        text += (
            " Opt-in sample: the intervals are model-based and assume that, given the weights, "
            f"{joining} unrelated to the answers."
        )
    return text


def _undeclared(about: About) -> str:
    """Start a sentence with which of weight, strata and PSUs nobody declared."""
    if not about.undeclared:
        return ""
    *first, last = about.undeclared
    named = f"{', '.join(first)} or {last}" if first else last
    verb = "was" if named == "weight" else "were"
    return f"No {named} {verb} declared{':' if about.as_simple else '.'} "


def _taken_whole(estimates: Values) -> bool:
    """Whether an interval has no width because nobody was left to draw."""
    if estimates.exact is None:
        return False
    return bool((estimates.exact & (estimates.std_error == 0) & (estimates.n > 0)).any())
