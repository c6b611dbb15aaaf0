"""Replicates of estimates: the same figures under other weights, whose spread is their error."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from opinionpanel.arrays import Floats
from opinionpanel.design import PersonWeight
from opinionpanel.errors import DesignError


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
