"""Confidence intervals for shares and differences, on the design's degrees of freedom."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from opinionpanel.errors import SelectionError, listing

__all__ = ["Interval", "confidence_limits"]

Floats = npt.NDArray[np.float64]
Interval = Literal["logit", "beta", "wilson", "wald"]


def confidence_limits(
    method: str,
    level: float,
    *,
    share: npt.NDArray[np.bool_],
    value: Floats,
    std_error: Floats,
    df: Floats,
    n: Floats,
    n_effective: Floats,
) -> tuple[Floats, Floats]:
    """Compute lower and upper limits.

    Parameters
    ----------
    method : {"logit", "beta", "wilson", "wald"}
        How shares get their limits. What is not a share (a difference, a total) gets Wald limits.
    level : float
        Between 0 and 1, for example .95.
    share : numpy.ndarray of bool, shape (m,)
        Which values are shares.
    value, std_error, df, n, n_effective : numpy.ndarray, shape (m,)
        Estimates, standard errors, design degrees of freedom, unweighted bases, and n divided by
        the Kish design effect of the base.

    Returns
    -------
    tuple of numpy.ndarray
        NaN where the value or its degrees of freedom are undefined.

    Notes
    -----
    ``logit`` transforms, takes Wald limits on t quantiles and transforms back; at 0 and 1, where
    that is undefined, it is the Korn–Graubard interval (``beta``; Korn & Graubard 1998) with
    n_effective. ``wilson`` uses n_eff = p(1 − p)/V and the t quantile, without a second
    correction for degrees of freedom.
    """
    from scipy import special, stats

    if method not in ("logit", "beta", "wilson", "wald"):
        raise SelectionError(
            f"Unknown interval {method!r}. Known: {listing(('logit', 'beta', 'wilson', 'wald'))}."
        )
    if not 0 < level < 1:
        raise SelectionError(f"level must lie between 0 and 1, for example .95, not {level!r}.")
    for end in (0.0, 1.0):
        # Rounding leaves a share of everybody at 1 - 2e-16, with a standard error to match.
        at_end = share & (np.abs(value - end) < 1e-12)
        value, std_error = np.where(at_end, end, value), np.where(at_end, 0.0, std_error)
    t = stats.t.ppf((1 + level) / 2, np.where(df > 0, df, np.nan))
    low, high = value - t * std_error, value + t * std_error
    if method == "wald":
        return low, high
    spread = value * (1 - value)
    inside = share & (spread > 0) & (std_error > 0)
    # A share of 0 or 1, or one without any variation, has no information in its variance.
    edge = share & ~inside & np.isfinite(value)
    with np.errstate(divide="ignore", invalid="ignore"):
        n_eff = np.where(inside, spread / std_error**2, n_effective)
        if method == "logit":
            middle, half = np.log(value / (1 - value)), t * std_error / spread
            limits = special.expit(middle - half), special.expit(middle + half)
        elif method == "wilson":
            centre = (value + t**2 / (2 * n_eff)) / (1 + t**2 / n_eff)
            half = t / (1 + t**2 / n_eff) * np.sqrt(spread / n_eff + t**2 / (4 * n_eff**2))
            limits = centre - half, centre + half
            edge[:] = False
            inside = share
        else:
            edge, limits = share, (low, high)
    low, high = np.where(inside, limits[0], low), np.where(inside, limits[1], high)
    korn = _korn_graubard(value, n_eff, df, n, level)
    return np.where(edge, korn[0], low), np.where(edge, korn[1], high)


def _korn_graubard(
    value: Floats, n_eff: Floats, df: Floats, n: Floats, level: float
) -> tuple[Floats, Floats]:
    from scipy import stats

    tail = (1 - level) / 2
    quantile = stats.t.ppf(1 - tail, np.where(df > 0, df, np.nan))
    correction = (stats.t.ppf(1 - tail, np.where(n > 1, n - 1, np.nan)) / quantile) ** 2
    n_eff = np.minimum(n_eff * correction, n)
    hits = value * n_eff
    with np.errstate(invalid="ignore"):
        low = stats.beta.ppf(tail, hits, n_eff - hits + 1)
        high = stats.beta.ppf(1 - tail, hits + 1, n_eff - hits)
    undefined = ~np.isfinite(value) | ~np.isfinite(n_eff)
    low = np.where(value <= 0, 0.0, low)
    high = np.where(value >= 1, 1.0, high)
    return np.where(undefined, np.nan, low), np.where(undefined, np.nan, high)
