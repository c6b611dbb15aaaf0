"""Correlation of a score between waves, among the same people."""

from dataclasses import replace

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Array, Floats
from opinionpanel.estimates import About, Estimates, FisherLimits, Totals
from opinionpanel.measures.bases import (
    By,
    about_of,
    accounts_of,
    base_of,
    base_words,
    by_text,
    group_names,
)
from opinionpanel.measures.pairs_of_waves import Waves, pair_names, waves_of
from opinionpanel.measures.score_totals import AMOUNT, moments, numbers_of, places_of_moments
from opinionpanel.measures.tabulation import WAVES, OneTable
from opinionpanel.panel import Panel

# What rounding leaves of a variance of 0, of numbers brought to a range of 1.
NOTHING = 1e-12
# What is averaged: both numbers, their squares and their product.
MOMENTS = ("before", "after", "before²", "after²", "product")


@checked
def correlation(
    panel: Panel, score: str, *, waves: Waves | None = None, by: By = None
) -> Estimates:
    """Correlation of a score between two waves, among those with a number at both.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    score : str
        The score's name in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is compared; or the pairs themselves. By
        default the pairs that link people, as `Panel.pairs` lists them.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave`` and the groups; Pearson's correlation, between −1 and 1,
        of people with a number at both waves of the pair, with the longitudinal weight declared for
        it or else the later wave's weight. NaN where everyone has the same number at one of the
        waves, and with n = 0 where a base is empty. Limits are by Fisher's z whatever interval is
        asked for; differences have Wald limits.

    Raises
    ------
    SelectionError
        A score, wave or group that the panel does not have; an item in place of a score; fewer than
        two waves.

    Notes
    -----
    r = s₁₂ / (s₁ s₂), a function of the weighted means of x₁, x₂, x₁², x₂² and x₁x₂, with a
    standard error by linearisation (Lumley 2010, Complex Surveys, ch. 2); limits tanh(artanh r ± t
    SE / (1 − r²)). It tells how far people keep their order, and says nothing of whether all moved
    up or down, which `mean_change` does. Errors of response make it smaller than the correlation
    of what people think (Heise 1969, American Sociological Review 34).

    Examples
    --------
    >>> import pandas as pd
    >>> import opinionpanel as op
    >>> may = pd.DataFrame({"id": [1, 2, 3, 4], "warmth": [10, 40, 60, 90]})
    >>> june = pd.DataFrame({"id": [1, 2, 3, 4], "warmth": [20, 40, 70, 90]})
    >>> warmth = op.Score("warmth", low=0, high=100)
    >>> waves = {"May": may, "June": june}
    >>> panel = op.Panel.from_waves(waves, person="id", items={"warmth": warmth})
    >>> op.correlation(panel, "warmth").value.round(3).tolist()
    [0.987]
    """
    numbers, groups = numbers_of(panel, score), group_names(by)
    pairs = pair_names(panel, score, waves)
    names = waves_of(panel, pairs)
    tables = []
    for pair in pairs:
        inside, weight = base_of(panel, score, names, pair, "answered")
        one, two = (numbers.at(panel.position(wave)) for wave in pair)
        amounts = dict(zip(MOMENTS, (one, two, one * one, two * two, one * two), strict=True))
        tables.append((OneTable(pair, pair[0], inside, weight, []), amounts))
    accounts = accounts_of(panel, names, pairs, "answered")
    who = base_words("answered", names, pairs=True)
    about = about_of(panel, score, names, groups, who, accounts)
    title = f"Correlation of {score} between waves" + by_text(panel, groups, pairs=True)
    about = replace(about, measure="correlation", title=title)
    totals, about, _ = moments(panel, about, groups, WAVES, tables)
    return _correlations(totals, about)


def _correlations(totals: Totals, about: About) -> Estimates:
    """Derive a correlation from the moments of every base."""
    above, below = places_of_moments(totals.named)
    labels = totals.named.take(above)
    means = totals.ratios(above, below, labels, about)
    # The places of the five moments of each base, a row each.
    places = np.stack([np.flatnonzero(labels.where(AMOUNT, name)) for name in MOMENTS], axis=1)
    first = labels.take(places[:, 0])
    rows = first.only(name for name in first if name != AMOUNT)
    found = means.with_slopes(
        lambda values: _correlation(values[places.T]), _slopes(means.value, places), rows
    )
    ends = np.tile([-1.0, 1.0], (len(rows), 1))
    # A correlation is the same whatever the ends of the score.
    about = replace(about, ends=None)
    return replace(found, about=about, possible=ends, own_limits=FisherLimits())


def _correlation(of: Array) -> Array:
    """Compute s₁₂ / (s₁ s₂) from the five moments, shape (5, k); NaN without a variance."""
    one, two = of[2] - of[0] ** 2, of[3] - of[1] ** 2
    varies = (one > NOTHING) & (two > NOTHING)
    scale = np.sqrt(np.where(varies, one * two, np.nan))
    return np.asarray(np.clip((of[4] - of[0] * of[1]) / scale, -1.0, 1.0))


def _slopes(means: Floats, places: Array) -> Floats:
    """Differentiate every correlation by the moments of its base."""
    found = np.zeros((len(places), len(means)))
    of = means[places.T]
    one, two = of[2] - of[0] ** 2, of[3] - of[1] ** 2
    r, scale = _correlation(of), np.sqrt(np.maximum(one * two, NOTHING**2))
    each = [
        r * of[0] / one - of[1] / scale,
        r * of[1] / two - of[0] / scale,
        -r / (2 * one),
        -r / (2 * two),
        1 / scale,
    ]
    # Undefined, they rest on their base all the same.
    slopes = np.where(np.isfinite(r), each, 1.0)
    found[np.arange(len(places))[:, None], places] = slopes.T
    return found
