"""What a chart's numbers rest on, in every language: in two lines, or in full for a report."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.drawing import Language, language_of
from opinionpanel.estimates import (
    About,
    Estimates,
    Interval,
    base_range,
    caption_phrases,
    level_words,
    made_phrases,
    simultaneous_phrase,
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
    intervals: bool = True,
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
    intervals : bool
        Whether any is drawn; of none nothing is said.

    Returns
    -------
    list of str
        Base, n and weight; then how figures were made that are not counted, what intervals rest on,
        the chart's own sentences and the source. `notes` says more of each.
    """
    about = estimates.about
    # Of what is no share the limits are always of the one kind.
    method = METHODS.get(interval) if estimates.unit == "share" else None
    rest = [_intervals(about, level, method)]
    if about.simultaneous:
        rest.append(simultaneous_phrase(level, about.family))
    if about.sample == "nonprobability":
        rest.append(Phrase("Opt-in sample: model-based intervals."))
    made = made_phrases(estimates)
    if not intervals:
        rest = []
    source = [source_phrase(about.source)] if about.source else []
    lines = [*made, *rest, *extra, *source]
    return [
        base_line(estimates, language, min_n=min_n),
        turned_back(estimates, " ".join(map(language.tell, lines))),
    ]


def base_line(estimates: Estimates, language: Language, *, min_n: int = 0) -> str:
    """Say in a line who the numbers are about, how many, and with which weight."""
    parts = [_base(estimates, min_n), _weights(estimates.about)]
    return turned_back(estimates, " ".join(map(language.tell, parts)))


@checked
def notes(
    estimates: Estimates,
    *,
    language: Literal["en", "ru"] | Language = "en",
    level: float = 0.95,
    min_n: int = 10,
) -> list[str]:
    """Say all that the numbers of a chart rest on: the long form of its caption, for a report.

    Parameters
    ----------
    estimates : Estimates
        What the chart draws.
    language : {"en", "ru"} or Language
        Days of fieldwork that are known are written as in the language. Notes of models, which are
        sentences about their figures, stay English.
    level : float
        Confidence level of the intervals that are drawn.
    min_n : int
        Bases of fewer unweighted people are told as "n < 10".

    Returns
    -------
    list of str
        Sentences: base, weight, who was lost or not asked, fieldwork, source, and what intervals
        assume.

    Raises
    ------
    SelectionError
        A language that is not known.

    Examples
    --------
    >>> import opinionpanel as op
    >>> flows = op.flows(op.datasets.load("thomas_1991_3"), "opinion")
    >>> op.charts.notes(flows)[0]
    'Base: people with an answer at both waves; n = 991 (unweighted).'
    """
    spoken, about = language_of(language), estimates.about
    days = {wave: spoken.days(*both) for wave, both in about.days.items()}
    estimates = replace(estimates, about=replace(about, dates={**about.dates, **days}))
    lines = caption_phrases(estimates, level)
    if (estimates.n < min_n).any():
        # The first line of all is who the numbers are about.
        lines[0] = _base(estimates, min_n)
    return [turned_back(estimates, spoken.tell(line)) for line in lines]


def _base(estimates: Estimates, min_n: int) -> Phrase:
    """Say who the numbers are about, and how many these are."""
    people = _people(estimates, min_n)
    if estimates.about.base:
        return Phrase("Base: {base}; {people}.", base=estimates.about.base, people=people)
    return Phrase("{text}.", text=people)


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
