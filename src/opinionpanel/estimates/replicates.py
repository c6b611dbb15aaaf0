"""Replicates of estimates: the same figures under other weights, whose spread is their error."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from opinionpanel import engines
from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design import PersonWeight, Replication, Samples, possible, samples_of
from opinionpanel.engines import Key, PersonColumn, Table
from opinionpanel.errors import DesignError
from opinionpanel.estimates.covariances import Covariance, of_deviations

# How far replicates of samples of their own go from the estimate, as a part of the way: so little
# that a ratio of few people is not bent, and so much that a fit does not lose it in its rounding.
STEP, STEP_OF_FITS = 0.001, 0.05
# What rounding leaves of a sum of squared numbers of units that is 0.
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Replicates:
    """The values of m estimates under each of R replicate weights.

    Attributes
    ----------
    values : numpy.ndarray, shape (R, m)
        NaN where an estimate is undefined under a replicate, which left out everyone in its base.
        The estimate keeps its value, but has no standard error (NaN), and neither has what is
        derived from it: the other replicates alone would make it look too certain. Estimates next
        to it are not touched.
    scale : float
        The constant of the method.
    rscales : numpy.ndarray, shape (R,)
        A further constant for each replicate; one with 0 counts nowhere, not even in the mean.
    mse : bool
        Deviations from the estimate itself rather than from the mean of its replicates.
    sample : numpy.ndarray of int, shape (R,), or None
        Which of several samples of other people each replicate changes: each has a mean of its own.
    """

    values: Floats
    scale: float
    rscales: Floats
    mse: bool
    sample: Integers | None = None

    def covariance(self, value: Floats) -> Covariance:
        """Covariance of the estimates, whose full-sample values are `value`, shape (m,).

        Notes
        -----
        V = scale Σ_r rscales_r (θ_r − c)(θ_r − c)ᵀ, c the mean of the replicates (of each sample)
        or, with `mse`, the estimate (Lumley 2010, Complex Surveys, ch. 2).
        """
        counted = self.rscales > 0
        values = np.where(np.isfinite(self.values), self.values, np.nan)[counted]
        centre = value if self.mse or not counted.any() else self._means(values, counted)
        deviations = (values - centre) * np.sqrt(self.scale * self.rscales[counted])[:, None]
        return of_deviations(deviations, value)

    def _means(self, values: Floats, counted: Booleans) -> Floats:
        """Find the mean of replicates, of those of each sample for these."""
        if self.sample is None:
            return np.asarray(values.mean(axis=0))
        means = np.empty(values.shape)
        for sample in np.unique(self.sample[counted]):
            here = self.sample[counted] == sample
            means[here] = values[here].mean(axis=0)
        return means

    def through(self, function: Callable[[Floats], Floats]) -> "Replicates":
        """Carry the replicates through a function of arrays of shape (R, m)."""
        # A replicate may empty what a function divides by: that is undefined, not a mistake.
        with np.errstate(divide="ignore", invalid="ignore"):
            return replace(self, values=function(self.values))


class Summed(NamedTuple):
    """Cells that people are added up in.

    Attributes
    ----------
    codes : PersonColumn of int
        The cell of each person, -1 for none.
    size : int
        The number of cells.
    weight : PersonWeight
    amount : PersonColumn or None
        As in `Cells`.
    """

    codes: PersonColumn
    size: int
    weight: PersonWeight
    amount: PersonColumn | None = None

    @property
    def table(self) -> Table:
        """The sums under the weight itself."""
        amounts = () if self.amount is None else (self.amount,)
        return Table((Key(self.codes, self.size),), (self.weight.values, *amounts))

    @property
    def replicates(self) -> Floats:
        """The sums under each replicate, shape (R, cells)."""
        weights = replicate_weights(self.weight)
        return engines.column_sums(self.codes, self.size, weights, self.amount)


def replicated_totals(
    replication: Replication, variables: Sequence[Summed], step: float = STEP
) -> Replicates:
    """Add up cells under every replicate of their weights.

    Parameters
    ----------
    replication : Replication
    variables : sequence of Summed
    step : float
        How far replicates of samples of their own go from the totals.

    Notes
    -----
    Of samples of other people, one after the other varies while the rest keep their weights, so
    that there is no covariance between them. A jackknife changes one of them anyway.

    Where waves are samples of their own of a finite population, each replicate changes one
    stratum, h. What the number of units of the sample in it explains is taken out of its deviation
    T_r − T: the lost are no units, and deviations are from the mean of the sample. With A_h the
    covariance of the samples there, relative to that of the replicates, and A = L Lᵀ, it becomes
    as many as L has columns: T + L_a / s (T_r − T) for totals of sample a, with a constant that is
    s² times as large.
    """
    weights = [cells.weight for cells in variables]
    rows = [cells.replicates for cells in variables]
    scale, rscales, mse = replication.scale, replication.rscales, replication.mse
    if replication.sampling is None:
        if not replication.apart or replication.sample is not None:
            return Replicates(np.hstack(rows), scale, rscales, mse, replication.sample)
        blocks = list(_one_at_a_time(variables, rows))
        sample = np.repeat(np.arange(len(blocks)), len(rscales))
        return Replicates(np.vstack(blocks), scale, np.tile(rscales, len(blocks)), mse, sample)
    weighted = [(weight.values, weight.interviewed) for weight in weights]
    samples, places = samples_of(replication.sampling, weighted)
    roots = _roots(replication, samples)[places]
    # A whole PSU left out of a small sample moves ratios by more than their derivative says, and
    # by another amount where other samples stand beside it.
    most = np.abs(roots).max(axis=0) / step
    near = np.divide(roots, most, out=np.zeros_like(roots), where=most > 0)
    wanted = [cells.table for cells in variables]
    explained = _explained(replication, samples)
    spread = [
        total + part[:, :, None] * _unexplained(row - total, replication, explained[place])
        for total, part, row, place in zip(engines.tables(wanted), near, rows, places, strict=True)
    ]
    values = np.concatenate(spread, axis=2)
    return Replicates(values.reshape(-1, values.shape[2]), scale, (most**2 * rscales).ravel(), mse)


def _one_at_a_time(variables: Sequence[Summed], rows: Sequence[Floats]) -> Iterator[Floats]:
    """Vary the totals of one sample, and keep those of the others as they are."""
    kept = engines.tables([cells.table for cells in variables])
    for sample in dict.fromkeys(cells.weight.sample for cells in variables):
        parts = zip(variables, rows, kept, strict=True)
        yield np.hstack(
            [
                row if cells.weight.sample == sample else np.broadcast_to(total, row.shape)
                for cells, row, total in parts
            ]
        )


def _roots(replication: Replication, samples: Samples) -> Floats:
    """Find L for each sample and replicate, shape (samples, columns, replicates)."""
    sampling, changed = replication.sampling, replication.stratum
    assert sampling is not None
    assert changed is not None
    size = np.maximum(sampling.sampled, 1)
    relative = samples.scale * ((size - 1) / size)
    found = np.zeros(relative.shape)
    for stratum in np.unique(changed):
        alike = possible(relative[:, :, stratum], np.arange(samples.number))
        values, vectors = np.linalg.eigh(alike)
        found[:, :, stratum] = vectors * np.sqrt(np.maximum(values, 0.0))
    return found[:, :, changed]


def _explained(replication: Replication, samples: Samples) -> Floats:
    """Count the units of each sample that replicates add, shape (samples, replicates).

    Nothing is explained by that of a single unit, which is not centred.
    """
    changed, factors = replication.stratum, replication.factors
    assert changed is not None
    assert factors is not None
    if samples.present is not None:
        inside = samples.present.T
    else:
        inside = np.zeros((samples.number, len(factors)), dtype=bool)
        for row, people in zip(inside, samples.counting, strict=True):
            row[np.asarray(replication.unit)[people]] = True
    several = np.diagonal(samples.together).T[:, changed] > 1
    return np.where(several, inside @ (factors - 1.0), 0.0)


def _unexplained(deviations: Floats, replication: Replication, added: Floats) -> Floats:
    """Take out of deviations, shape (replicates, cells), what added units explain by stratum."""
    assert replication.stratum is not None
    strata = replication.stratum.max() + 1
    square = np.bincount(replication.stratum, added**2, strata)
    product = np.zeros((strata, deviations.shape[1]))
    np.add.at(product, replication.stratum, added[:, None] * deviations)
    some = square > ROUNDING
    slope = np.divide(product, square[:, None], out=np.zeros_like(product), where=some[:, None])
    return deviations - added[:, None] * slope[replication.stratum]


def refuse_negative(sums: Floats, what: str, alike: str) -> None:
    """Refuse to fit to sums of replicate weights below 0: no likelihood has a maximum there.

    Parameters
    ----------
    sums : numpy.ndarray, shape (R, kinds)
    what : str
        What is fitted.
    alike : str
        In what people are alike who are added up.
    """
    if below := int((sums < 0).any(axis=1).sum()):
        raise DesignError(
            f"Nothing can be fitted ({what}): in {below:,} of {len(sums):,} replicates the weights "
            f"of people with the same {alike} add up to less than 0, as some replicate weights are "
            "negative. Put small categories together, or declare strata and PSUs in place of the "
            "replicates."
        )


def replicate_weights(weight: PersonWeight) -> Floats:
    """Return the replicates of a weight; refuse one that has none."""
    if weight.replicates is None:
        raise DesignError(
            f"There are no replicate weights for {weight.text}. Name them in the "
            "ReplicateDesign, with replicates={wave or (from wave, to wave): columns}."
        )
    found: Floats = weight.replicates
    return found
