"""What a chart's numbers rest on, in every language: in two lines, or in full for a report."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

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
    min_n: int = 0,
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
    min_n : int
        Bases of fewer people are not told.
    extra : sequence of str
        Sentences that the chart adds, in the language.

    Returns
    -------
    list of str
        Base, n and weight; then what intervals rest on, the chart's own sentences and the source.
        `long_caption` says more of each.
    """
    about = estimates.about
    people = _people(estimates, min_n)
    base = Phrase("{text}.", text=people)
    if about.base:
        base = Phrase("Base: {base}; {people}.", base=about.base, people=people)
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


def _people(estimates: Estimates, min_n: int) -> Phrase:
    """Say how many people estimates rest on, but not how many where they are few."""
    n = estimates.n[np.isfinite(estimates.n)].astype(int)
    if not (n < min_n).any():
        return Phrase("n = {n}", n=base_range(estimates))
    if n.max() < min_n:
        return Phrase("n < {n}", n=min_n)
    return Phrase("n < {n} to {most}", n=min_n, most=int(n.max()))


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
