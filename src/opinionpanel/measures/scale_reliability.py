"""How far the questions of a scale go together: Cronbach's alpha by wave."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Array, Floats
from opinionpanel.engines import PersonColumn, take
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import About, Estimates, Totals
from opinionpanel.measures.base_notes import Account, Pair
from opinionpanel.measures.bases import By, about_of, by_text, group_names
from opinionpanel.measures.pairs_of_waves import Waves, wave_names
from opinionpanel.measures.score_totals import AMOUNT, moments, places_of_moments
from opinionpanel.measures.tabulation import WAVE, OneTable
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase
from opinionpanel.questions import Scale

# What rounding leaves of a variance of 0, of numbers brought to a range of 1.
NOTHING = 1e-12
TOTAL = "total²"


@checked
def cronbach_alpha(
    panel: Panel, scale: str, *, waves: Waves | None = None, by: By = None
) -> Estimates:
    """Cronbach's alpha of a scale at every wave, among those who answered all its columns.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    scale : str
        The name in the panel of a score that `scale` made of several columns.
    waves : sequence of str, optional
        By default every wave that asked the scale.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the wave.

    Returns
    -------
    Estimates
        Labels ``wave`` and the groups; alpha, at most 1, of people who answered all the columns at
        the wave, with that wave's weight, whatever `at_least` the scale has; ``n`` counts them,
        unweighted. NaN where their sums do not vary, and with n = 0 where nobody did.

    Raises
    ------
    SelectionError
        A scale, wave or group that the panel does not have; a score of a single column.

    Notes
    -----
    α = k / (k − 1) · (1 − Σ s²ᵢ / s²) with s²ᵢ the weighted variances of the k columns, turned
    where the scale says so, and s² that of their sum (Cronbach 1951, Psychometrika 16); the
    standard error is by linearisation, as a function of weighted means of the columns, of their
    squares and of the squared sum (Lumley 2010, Complex Surveys, ch. 2). Alpha is no less than the
    reliability of the scale only where its errors are independent, and grows with k: many columns
    that hardly go together have a high one too.

    Examples
    --------
    >>> import pandas as pd
    >>> import opinionpanel as op
    >>> may = pd.DataFrame(
    ...     {"id": range(6), "q1": [1, 2, 3, 4, 5, 5], "q2": [1, 3, 3, 4, 4, 5],
    ...      "q3": [5, 4, 4, 2, 1, 1]}
    ... )
    >>> trust = op.scale(["q1", "q2", "q3"], low=1, high=5, reverse=["q3"])
    >>> panel = op.Panel.from_waves({"May": may}, person="id", items={"trust": trust})
    >>> op.cronbach_alpha(panel, "trust").value.round(3).tolist()
    [0.973]
    """
    declared = panel.score(scale)
    if not isinstance(declared, Scale):
        raise SelectionError(
            f"Score {scale!r} is a single column, which cannot go together with others. Alpha is "
            "of a score made of several: scale(['q1', 'q2', …], low=…, high=…)."
        )
    groups = group_names(by)
    names = wave_names(panel, scale, waves, at_least=1)
    parts = list(declared.parts(scale))
    tables = []
    accounts: dict[Pair, Account] = {}
    for wave in names:
        turned = declared.turned(wave)
        inside, numbers = _numbers(panel, parts, turned, panel.position(wave))
        weight = panel.weight(wave)
        total = reduce(np.add, numbers)
        amounts = {f"part {place}": each for place, each in enumerate(numbers)}
        amounts |= {f"part {place}²": each * each for place, each in enumerate(numbers)}
        amounts[TOTAL] = total * total
        tables.append((OneTable((wave,), wave, inside, weight, []), amounts))
        accounts[(wave,)] = Account(wave, (wave,), weight)
    who = Phrase(
        "people who answered all {number} columns of the scale at the wave", number=str(len(parts))
    )
    about = about_of(panel, scale, names, groups, who, accounts)
    title = f"Cronbach's alpha of {scale} by wave" + by_text(panel, groups, pairs=False)
    needed = Phrase(
        "A number on the scale itself needs {needed} of the {number} columns.",
        needed=str(declared.at_least),
        number=str(len(parts)),
    )
    about = replace(about, measure="cronbach_alpha", title=title, notes={(): needed}, ends=None)
    totals, about, _ = moments(panel, about, groups, WAVE, tables)
    return _alphas(totals, about, len(parts))


def _numbers(
    panel: Panel, parts: Sequence[str], turned: Sequence[bool], place: int
) -> tuple[PersonColumn, list[PersonColumn]]:
    """Find who answered all the parts at a wave, and their numbers around 0 in a range of 1."""
    inside = panel.domain
    every = np.concatenate([panel.numbers[part] for part in parts])
    low, high = every.min(initial=np.inf), every.max(initial=-np.inf)
    middle, width = (low + high) / 2, high - low if high > low else 1.0
    found = []
    for part, reverse in zip(parts, turned, strict=True):
        codes, values = panel.answers[part][place], panel.numbers[part]
        inside = inside & (codes >= 0)
        table = (values - middle) / width
        found.append(take(-table if reverse else table, codes))
    return inside, found


def _alphas(totals: Totals, about: About, size: int) -> Estimates:
    """Derive alpha from the moments of every base."""
    above, below = places_of_moments(totals.named)
    labels = totals.named.take(above)
    means = totals.ratios(above, below, labels, about)
    names = [*(f"part {i}" for i in range(size)), *(f"part {i}²" for i in range(size)), TOTAL]
    # The places of the moments of each base, a row each.
    places = np.stack([np.flatnonzero(labels.where(AMOUNT, name)) for name in names], axis=1)
    first = labels.take(places[:, 0])
    rows = first.only(name for name in first if name != AMOUNT)
    found = means.with_slopes(
        lambda values: _alpha(values[places.T], size), _slopes(means.value, places, size), rows
    )
    return replace(found, about=about, possible=np.tile([-np.inf, 1.0], (len(rows), 1)))


def _variances(of: Array, size: int) -> tuple[Array, Array]:
    """Add up the variances of the parts, and take that of their sum."""
    means, squares = of[:size], of[size : 2 * size]
    return (squares - means**2).sum(axis=0), of[-1] - means.sum(axis=0) ** 2


def _alpha(of: Array, size: int) -> Array:
    """Compute alpha from the moments, shape (2 size + 1, k); NaN where the sum does not vary."""
    apart, whole = _variances(of, size)
    return size / (size - 1) * (1 - apart / np.where(whole > NOTHING, whole, np.nan))


def _slopes(means: Floats, places: Array, size: int) -> Floats:
    """Differentiate every alpha by the moments of its base."""
    of = means[places.T]
    apart, whole = _variances(of, size)
    known, whole = whole > NOTHING, np.where(whole > NOTHING, whole, np.nan)
    each = np.empty_like(of)
    each[:size] = 2 * of[:size] / whole - 2 * apart * of[:size].sum(axis=0) / whole**2
    each[size : 2 * size] = -1 / whole
    each[-1] = apart / whole**2
    found = np.zeros((len(places), len(means)))
    # Undefined, they rest on their base all the same.
    slopes = np.where(known, size / (size - 1) * each, 1.0)
    found[np.arange(len(places))[:, None], places] = slopes.T
    return found
