"""Quantiles of a score by wave, such as its median, with the intervals of Woodruff."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Booleans, Floats
from opinionpanel.engines import Key, incidence, take
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import (
    Distribution,
    Estimates,
    Labels,
    Totals,
    WoodruffLimits,
    crossed,
    t_quantile,
)
from opinionpanel.measures.bases import (
    Base,
    By,
    Own,
    about_of,
    accounts_of,
    base_of,
    base_words,
    by_text,
    cross_of,
    group_names,
)
from opinionpanel.measures.pairs_of_waves import Waves, wave_names
from opinionpanel.measures.score_totals import refuse_panel
from opinionpanel.measures.tabulation import WAVE, OneTable, tabulate
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase

QUANTILE = "quantile"
# The two sides of a quantile, in brackets so that no group is named like their column.
SIDE, AT_MOST, ABOVE = "(side)", "at most", "above"
STEPS = Phrase(
    "Where many gave the same number, a quantile moves in steps: differences of such quantiles "
    "have no interval and no p-value, as none would hold."
)
# Standard errors are taken from intervals of this level, as R's survey takes them.
LEVEL = 0.95


@checked
def quantiles(
    panel: Panel,
    score: str,
    *,
    at: float | Sequence[float] = 0.5,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
) -> Estimates:
    """Median, or other quantiles, of a score at every wave.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    score : str
        The score's name in the panel.
    at : float or sequence of float
        Which quantiles, as shares above 0 and below 1: 0.5 is the median, ``[0.25, 0.5, 0.75]``
        are the quartiles.
    waves : sequence of str, optional
        By default every wave that asked the score; with one base for all waves, those of them at
        which people of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the wave.
    base : {"answered", "balanced"}
        Who is in the base, and with which weight. ``"answered"``: people with a number at the
        wave, with that wave's weight. ``"balanced"``: people with a number at all the waves named,
        with the weight of the first and last of them.

    Returns
    -------
    Estimates
        Labels ``wave``, the groups and ``quantile``; in the numbers of the score. NaN with n = 0
        where a base is empty; ``n`` is the unweighted base of the wave and group, ``n_cell`` the
        people at the quantile or beyond it, on the side that has fewer. Limits are Woodruff's
        whatever interval is asked for, and need not lie evenly around the quantile;
        NaN, without a standard error, where one of them would lie beyond the lowest or the highest
        number, and where all gave the same. Differences, of waves, groups or quantiles,
        have Wald limits; none (NaN) where so many gave a quantile's number that their share is
        larger than its standard error, as it then moves in steps.

    Raises
    ------
    SelectionError
        A score, wave or group that the panel does not have; an item in place of a score; ``at``
        with no share between 0 and 1, or one twice; ``base="panel"``.

    Notes
    -----
    The lowest number that the share p asked for, or more, has or stays below: the left-continuous
    inverse of the weighted distribution function F, R's ``qrule="math"``. It is always a number
    that somebody gave; between two that share the middle it is the lower one. Limits are the same
    inverse at the limits of the share at or below the quantile, whose standard error is by
    linearisation (Woodruff 1952, Journal of the American Statistical Association 47). Where several
    people gave that number, F jumps over p: limits are then those of p, with the design effect of
    the end of the jump that is nearer to it. R's ``svyquantile``, which agrees otherwise, takes the
    upper end for p, and its intervals may miss the quantile of a scale of few numbers more often
    than not.

    The standard error of a quantile is the width of its 95 % interval over twice the quantile of t.
    That is a slope, dq/dF, by which quantiles vary together as the shares do (Francisco and Fuller
    1991, Annals of Statistics 19). On a scale of few numbers a quantile and both its limits are
    often one number, with a standard error of 0: means and shares tell more there.

    A quantile is the number of one person. Where small bases are withheld (`min_n`), so is a
    quantile with fewer people at or beyond it; and the interval, where one of its limits has.

    Examples
    --------
    >>> import pandas as pd
    >>> import opinionpanel as op
    >>> may = pd.DataFrame({"id": range(9), "warmth": [0, 10, 20, 40, 50, 60, 70, 90, 100]})
    >>> june = pd.DataFrame({"id": range(9), "warmth": [0, 20, 20, 40, 60, 60, 80, 90, 100]})
    >>> warmth = op.Score("warmth", low=0, high=100)
    >>> waves = {"May": may, "June": june}
    >>> panel = op.Panel.from_waves(waves, person="id", items={"warmth": warmth})
    >>> op.quantiles(panel, "warmth", at=[0.25, 0.5]).value.tolist()
    [20.0, 50.0, 20.0, 60.0]
    """
    refuse_panel(base)
    question, numbers = panel.score(score), panel.numbers[score]
    asked, groups = _shares_asked(at), group_names(by)
    names = wave_names(panel, score, waves, at_least=1, base=base)
    codes = {wave: panel.answers[score][panel.position(wave)] for wave in names}
    ordered = sorted(asked)
    found: list[_Found] = []
    tables = []
    for wave in names:
        inside, weight = base_of(panel, score, names, (wave,), base)
        cross = cross_of(panel, groups, wave, [], [], inside)
        group, each = cross.codes(), Key(codes[wave], max(len(numbers), 1))
        sums = incidence(Key(group, cross.size), each, [weight.values, weight.values > 0])
        here = [[_find(*one, numbers, p) for p in ordered] for one in _by_group(sums)]
        # How many of the cuts of their group people are above; -1 without a number.
        cuts = np.array([[one.cut for one in row] for row in here])
        above = sum(codes[wave] > take(cut, group) for cut in cuts.T)
        found += [row[place] for row in here for place in map(ordered.index, asked)]
        place = np.where(codes[wave] >= 0, above, -1)
        tables.append(OneTable((wave,), wave, inside, weight, [place]))
    accounts = accounts_of(panel, names, [(wave,) for wave in names], base)
    about = about_of(panel, score, names, groups, base_words(base, names, pairs=False), accounts)
    what = "Median" if asked == [0.5] else "Quantiles"
    title = f"{what} of {score} by wave" + by_text(panel, groups, pairs=False)
    about = replace(about, measure="quantiles", title=title, cautions=("", STEPS))
    bands = [str(number) for number in range(len(asked) + 1)]
    totals, about, _ = tabulate(
        panel, about, groups, WAVE, [Own(QUANTILE, bands, "parameter")], tables
    )
    sides = _sides(totals, [ordered.index(p) for p in asked], asked)
    shares = sides.shares([name for name in sides.named if name != SIDE], about)
    below = shares.at(np.flatnonzero(sides.named.where(SIDE, AT_MOST)))
    at_each = np.tile(asked, len(below) // len(asked))
    return _inverted(below, found, at_each, (float(question.low), float(question.high)))


@dataclass(frozen=True)
class _Found:
    """A quantile of some people.

    Attributes
    ----------
    distribution : Distribution
    value : float
        NaN where nobody is.
    cut : int
        Of the numbers up to this place the share is taken; -1 for none.
    tied : bool
        Whether several people gave that number.
    jump : float
        Their share.
    """

    distribution: Distribution
    value: float
    cut: int
    tied: bool
    jump: float


def _by_group(sums: Sequence[Any]) -> Iterator[tuple[Floats, Floats]]:
    """Give weights and numbers of people by number, group for group."""
    for row in range(sums[0].shape[0]):
        weights, people = (one[[row]].toarray().ravel() for one in sums)
        yield weights, people


def _find(weights: Floats, people: Floats, numbers: Floats, p: float) -> _Found:
    """Find a quantile, and where to cut the distribution for its error: next to p."""
    occurs = np.flatnonzero(weights)
    reached = np.cumsum(weights[occurs])
    reached = reached / reached[-1] if len(occurs) else reached
    distribution = Distribution(numbers[occurs], reached, people[occurs])
    value = distribution.inverse(p)
    if np.isnan(value):
        return _Found(distribution, value, -1, tied=False, jump=0.0)
    place = int(np.searchsorted(distribution.numbers, value))
    tied = bool(people[occurs[place]] > 1)
    before = reached[place - 1] if place else 0.0
    nearer_below = tied and p - before < reached[place] - p
    cut = int(occurs[place]) - nearer_below
    return _Found(distribution, value, cut, tied, float(reached[place] - before))


def _shares_asked(at: float | Sequence[float]) -> list[float]:
    """List the quantiles that are asked for, and refuse what are none."""
    given = list(at) if isinstance(at, Sequence | np.ndarray) else [at]
    right = all(isinstance(p, Real) and not isinstance(p, bool) and 0 < p < 1 for p in given)
    if not given or not right or len(set(given)) < len(given):
        raise SelectionError(
            f"at names quantiles by the share of people below, above 0 and below 1, each once, as "
            f"in at=[0.25, 0.5, 0.75], not {at!r}."
        )
    return [float(p) for p in given]


def _sides(totals: Totals, order: Sequence[int], asked: Sequence[float]) -> Totals:
    """Add up the people on both sides of every quantile, which may overlap."""
    bands = len(asked) + 1
    first = np.arange(len(totals.value) // bands) * bands
    rows = totals.named.take(first)
    within = np.stack([np.arange(bands) <= place for place in order])
    both = np.stack([within, ~within], axis=1).reshape(2 * len(asked), bands)
    sides = crossed({QUANTILE: asked, SIDE: [AT_MOST, ABOVE]})
    columns = {
        name: column._replace(codes=np.repeat(column.codes, len(sides)))
        for name, column in rows.columns.items()
    }
    columns |= {
        name: column._replace(codes=np.tile(column.codes, len(rows)))
        for name, column in sides.columns.items()
    }
    matrix: Booleans = np.kron(np.eye(len(rows)), both) > 0
    return totals.combine(matrix, Labels(columns, len(matrix)))


def _inverted(
    below: Estimates, found: Sequence[_Found], asked: Floats, ends: tuple[float, float]
) -> Estimates:
    """Bring shares below the cuts to the quantiles themselves."""
    share, error, df = below.value, below.std_error, below.df
    value, tied, jump = map(
        np.array, zip(*((one.value, one.tied, one.jump) for one in found), strict=True)
    )
    exact = np.zeros(len(below), dtype=bool) if below.exact is None else below.exact
    # Of a number that many gave, the share next to p is brought to p, with its design effect.
    with np.errstate(divide="ignore", invalid="ignore"):
        to_p = np.sqrt(asked * (1 - asked) / (share * (1 - share)))
    at_p = np.where((error > 0) | exact, error * np.where(tied & (error > 0), to_p, 1.0), np.nan)
    distributions = [one.distribution for one in found]
    limits = WoodruffLimits(distributions, np.where(tied, asked, share), at_p, df)
    low, high = limits(LEVEL, value, error, df)
    width = (high - low) / (2 * t_quantile((1 + LEVEL) / 2, np.where(df > 0, df, np.nan)))
    known = np.isfinite(width)
    slope = np.divide(width, error, out=np.zeros(len(width)), where=known & (error > 0))
    labels = below.named.only(name for name in below.named if name != SIDE)
    replicates = below.replicates and below.replicates.through(
        lambda shares: value + slope * (shares - share)
    )
    moved = replace(
        below,
        named=labels,
        value=value,
        spread=replicates.covariance(value)
        if replicates
        else below.spread.through(np.diag(slope), np.isfinite(value)),
        unit="number",
        n_cell=np.array([one.distribution.beyond(one.value) for one in found]),
        possible=np.tile(ends, (len(value), 1)),
        own_limits=limits,
        rough=tied & (jump > at_p),
        replicates=replicates,
    )
    return moved.without_error(~known)
