"""What a chart's numbers rest on, in every language: in two lines, or in full for a report."""

from collections.abc import Sequence
from dataclasses import replace

from opinionpanel.drawing import Language
from opinionpanel.estimates import (
    About,
    Estimates,
    Interval,
    base_range,
    caption_phrases,
    level_words,
    source_phrase,
    turned_back,
)
from opinionpanel.phrases import Phrase, one_after_another

# Limits of shares that are computed in another way than by default have the name of theirs.
METHODS = {"beta": Phrase("Korn–Graubard"), "wilson": Phrase("Wilson"), "wald": Phrase("Wald")}


def short_caption(
    estimates: Estimates,
    language: Language,
    *,
    level: float,
    interval: Interval,
    extra: Sequence[str] = (),
) -> list[str]:
    """Say in two lines what the numbers of a chart rest on.

    Parameters
    ----------
    estimates : Estimates
    language : Language
    level : float
        Confidence level of the intervals that are drawn.
    interval : {"logit", "beta", "wilson", "wald"}
        How they are computed; said where it is not the usual way.
    extra : sequence of str
        Sentences that the chart adds, in the language.

    Returns
    -------
    list of str
        Base, n and weight; then what intervals rest on, the chart's own sentences and the source.
        `long_caption` says more of each.
    """
    about = estimates.about
    n = base_range(estimates)
    base = Phrase("Base: {base}; n = {n}.", base=about.base, n=n)
    if not about.base:
        base = Phrase("n = {n}.", n=n)
    # Of what is no share the limits are always of the one kind.
    method = METHODS.get(interval) if estimates.unit == "share" else None
    rest = [_intervals(about, level, method)]
    if about.sample == "nonprobability":
        rest.append(Phrase("Opt-in sample: model-based intervals."))
    source = [source_phrase(about.source)] if about.source else []
    lines: list[list[str]] = [[base, _weights(about)], [*rest, *extra, *source]]
    return [
        turned_back(estimates, " ".join(language.tell(text) for text in line)) for line in lines
    ]


def long_caption(estimates: Estimates, language: Language, *, level: float) -> list[str]:
    """Say all that the numbers rest on, for the notes of a report.

    Days of fieldwork that are known are written as in the language. Notes of models, which are
    sentences about their figures, stay English.
    """
    about = estimates.about
    days = {wave: language.days(*both) for wave, both in about.days.items()}
    estimates = replace(estimates, about=replace(about, dates={**about.dates, **days}))
    return [
        turned_back(estimates, language.tell(line)) for line in caption_phrases(estimates, level)
    ]


def _weights(about: About) -> Phrase:
    """Name the weights, each once and without its waves."""
    names = list(dict.fromkeys(map(_weight_name, about.weights.values())))
    if not names or names == ["none (unweighted)"]:
        return Phrase("Unweighted.")
    if len(names) == 1:
        return Phrase("Weight: {weight}.", weight=names[0])
    return Phrase("Weights: {weights}.", weights=one_after_another(names))


def _weight_name(text: str) -> str:
    """Leave out at which wave the weight counts, where that is said beside its name."""
    if not isinstance(text, Phrase):
        return text
    name: str = text.values.get("weight", text)
    return name


def _intervals(about: About, level: float, method: Phrase | None) -> Phrase:
    """Say what intervals rest on, and by which method they are computed where it is named."""
    drawn = Phrase("from the design")
    if about.as_simple:
        drawn = Phrase("as for {design}", design=about.design)
    words = level_words(level)
    if method is None:
        return Phrase("{level} intervals {drawn}.", level=words, drawn=drawn)
    return Phrase("{level} {method} intervals {drawn}.", level=words, method=method, drawn=drawn)
