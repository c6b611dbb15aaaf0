"""Replicates of estimates: the same figures under other weights, whose spread is their error."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

__all__ = ["Replicates"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Replicates:
    """The values of m estimates under each of R replicate weights.

    Attributes
    ----------
    values : numpy.ndarray, shape (R, m)
        NaN where an estimate is undefined under a replicate; it then has no standard error.
    scale : float
        The constant of the method.
    rscales : numpy.ndarray, shape (R,)
        A further constant for each replicate.
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
        centre = value if self.mse else self.values[self.rscales > 0].mean(axis=0)
        deviations = (self.values - centre) * np.sqrt(self.scale * self.rscales)[:, None]
        covariance = deviations.T @ deviations
        undefined = ~np.isfinite(value)
        covariance[undefined, :] = covariance[:, undefined] = np.nan
        return np.asarray(covariance)

    def through(self, function: Callable[[Floats], Floats]) -> "Replicates":
        """Carry the replicates through a function of arrays of shape (R, m)."""
        return replace(self, values=function(self.values))
