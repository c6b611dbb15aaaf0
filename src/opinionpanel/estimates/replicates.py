"""Replicates of estimates: the same figures under other weights, whose spread is their error."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from opinionpanel import engines
from opinionpanel.arrays import Floats
from opinionpanel.design import PersonWeight, Replication, possible, samples_of
from opinionpanel.engines import Key, PersonColumn, Table
from opinionpanel.errors import DesignError

# How far replicates of samples of their own go from the estimate, as a part of the way.
STEP = 0.05


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
    """

    values: Floats
    scale: float
    rscales: Floats
    mse: bool

    def covariance(self, value: Floats) -> Floats:
        """Covariance of the estimates, whose full-sample values are `value`, shape (m,).

        Notes
        -----
        V = scale Σ_r rscales_r (θ_r − c)(θ_r − c)ᵀ, c the mean of the replicates or, with `mse`,
        the estimate (Lumley 2010, Complex Surveys, ch. 2).
        """
        counted = self.rscales > 0
        values = np.where(np.isfinite(self.values), self.values, np.nan)[counted]
        centre = value if self.mse or not counted.any() else values.mean(axis=0)
        deviations = (values - centre) * np.sqrt(self.scale * self.rscales[counted])[:, None]
        covariance = deviations.T @ deviations
        undefined = ~np.isfinite(value)
        covariance[undefined, :] = covariance[:, undefined] = np.nan
        return np.asarray(covariance)

    def through(self, function: Callable[[Floats], Floats]) -> "Replicates":
        """Carry the replicates through a function of arrays of shape (R, m)."""
        # A replicate may empty what a function divides by: that is undefined, not a mistake.
        with np.errstate(divide="ignore", invalid="ignore"):
            return replace(self, values=function(self.values))


def replicated_totals(
    replication: Replication, variables: Sequence[tuple[PersonColumn, int, PersonWeight]]
) -> Replicates:
    """Add up cells under every replicate of their weights.

    Parameters
    ----------
    replication : Replication
    variables : sequence of tuple
        The cell of each person, -1 for none; the number of cells; and the weight.

    Notes
    -----
    Where waves are samples of their own of a finite population, each replicate changes one
    stratum, h. With A_h the covariance of the samples there, relative to that of the replicates,
    and A = L Lᵀ, it becomes as many as L has columns: T + L_a / s (T_r − T) for totals of sample
    a, with a constant that is s² times as large.
    """
    weights = [weight for _, _, weight in variables]
    rows = [
        engines.column_sums(codes, size, replicate_weights(weight))
        for codes, size, weight in variables
    ]
    scale, rscales, mse = replication.scale, replication.rscales, replication.mse
    if replication.sampling is None:
        return Replicates(np.hstack(rows), scale, rscales, mse)
    roots = _roots(replication, weights)
    # A whole PSU left out of a small sample moves ratios by more than their derivative says, and
    # by another amount where other samples stand beside it.
    most = np.abs(roots).max(axis=0) / STEP
    near = np.divide(roots, most, out=np.zeros_like(roots), where=most > 0)
    wanted = [Table((Key(codes, size),), (weight.values,)) for codes, size, weight in variables]
    spread = [
        total + part[:, :, None] * (row - total)
        for total, part, row in zip(engines.tables(wanted), near, rows, strict=True)
    ]
    values = np.concatenate(spread, axis=2)
    return Replicates(values.reshape(-1, values.shape[2]), scale, (most**2 * rscales).ravel(), mse)


def _roots(replication: Replication, weights: Sequence[PersonWeight]) -> Floats:
    """Find L for each weight and replicate, shape (weights, columns, replicates)."""
    sampling, changed = replication.sampling, replication.stratum
    assert sampling is not None
    assert changed is not None
    samples, places = samples_of(sampling, [(one.values, one.interviewed) for one in weights])
    size = np.maximum(sampling.sampled, 1)
    relative = samples.scale * ((size - 1) / size)
    found = np.zeros(relative.shape)
    for stratum in np.unique(changed):
        alike = possible(relative[:, :, stratum], np.arange(samples.number))
        values, vectors = np.linalg.eigh(alike)
        found[:, :, stratum] = vectors * np.sqrt(np.maximum(values, 0.0))
    return found[places][:, :, changed]


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
