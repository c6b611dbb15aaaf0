"""Confidence intervals for shares and differences, on the design's degrees of freedom."""

from numbers import Real
from typing import Literal

import numpy as np

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates.distributions import beta_quantile, t_quantile

Interval = Literal["logit", "beta", "wilson", "wald"]


def check_level(level: object) -> None:
    """Refuse what is no confidence level."""
    if not isinstance(level, Real) or not 0 < float(level) < 1:
        raise SelectionError(f"level must lie between 0 and 1, for example .95, not {level!r}.")


def level_of_each(level: float, count: int) -> float:
    """Give each of some intervals the level with which all of them hold at once (Bonferroni)."""
    return 1 - (1 - level) / max(count, 1)


def confidence_limits(
    method: str,
    level: float,
    *,
    share: Booleans,
    value: Floats,
    std_error: Floats,
    df: Floats,
    n: Floats,
    n_effective: Floats,
    exact: Booleans | None = None,
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
    exact : numpy.ndarray of bool, shape (m,), optional
        Shares between 0 and 1 that are known where they do not vary: their limits are the share.

    Returns
    -------
    tuple of numpy.ndarray
        NaN where the value, its standard error or its degrees of freedom are undefined. Limits
        of shares contain the share and, but for ``wald``, lie between 0 and 1.

    Raises
    ------
    SelectionError
        The method is unknown, or the level is not between 0 and 1.

    Notes
    -----
    ``logit`` transforms, takes Wald limits on t quantiles and transforms back.

    ``beta`` is the Korn–Graubard interval (Korn & Graubard 1998): n_eff = p(1 − p)/V times
    (t_{n−1}/t_df)², at most n, and then the quantiles of Clopper and Pearson.

    ``wilson`` uses n_eff = p(1 − p)/V and the t quantile: the degrees of freedom count once, in t.

    At 0 and 1, and where nothing varies, p(1 − p)/V is undefined: ``logit`` is then ``beta``, and
    n_eff starts from `n_effective` for ``beta`` and ``wilson``.
    """
    from scipy import special

    if method not in ("logit", "beta", "wilson", "wald"):
        raise SelectionError(
            f"Unknown interval {method!r}. Known: {listing(('logit', 'beta', 'wilson', 'wald'))}."
        )
    check_level(level)
    known = np.isfinite(value) & np.isfinite(std_error)
    for end in (0.0, 1.0):
        # Rounding leaves a share of everybody at 1 - 2e-16, with a standard error to match.
        at_end = share & known & (np.abs(value - end) < 1e-12)
        value, std_error = np.where(at_end, end, value), np.where(at_end, 0.0, std_error)
    t = t_quantile((1 + level) / 2, np.where(df > 0, df, np.nan))
    wald = value - t * std_error, value + t * std_error
    if method == "wald":
        return wald
    spread = value * (1 - value)
    # Rounding makes a standard error of 1e-9 out of none; no survey is worth 1e12 people.
    varies = share & known & (std_error > 1e-6 * np.sqrt(np.maximum(spread, 0.0)))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        n_eff = np.where(varies, spread / std_error**2, n_effective)
        korn = _korn_graubard(value, n_eff, df, n, level)
        if method == "logit":
            middle, half = special.logit(value), t * std_error / spread
            logit = special.expit(middle - half), special.expit(middle + half)
            limits = np.where(varies, logit, korn)
        elif method == "wilson":
            centre = (value + t**2 / (2 * n_eff)) / (1 + t**2 / n_eff)
            half = t / (1 + t**2 / n_eff) * np.sqrt(spread / n_eff + t**2 / (4 * n_eff**2))
            limits = np.array([centre - half, centre + half])
        else:
            limits = np.array(korn)
    # Rounding, again: a limit may be 1e-17 off the end, or off the value itself.
    low = np.clip(np.minimum(limits[0], value), 0.0, 1.0)
    high = np.clip(np.maximum(limits[1], value), 0.0, 1.0)
    if exact is not None:
        fixed = exact & known & ~varies & (spread > 0)
        low, high = np.where(fixed, value, low), np.where(fixed, value, high)
    undefined = np.where(known, 0.0, np.nan)
    return np.where(share, low + undefined, wald[0]), np.where(share, high + undefined, wald[1])


def _korn_graubard(
    value: Floats, n_eff: Floats, df: Floats, n: Floats, level: float
) -> tuple[Floats, Floats]:
    tail = (1 - level) / 2
    quantile = t_quantile(1 - tail, np.where(df > 0, df, np.nan))
    correction = (t_quantile(1 - tail, np.where(n > 1, n - 1, np.nan)) / quantile) ** 2
    n_eff = np.minimum(n_eff * correction, n)
    hits = value * n_eff
    # The quantiles have no parameter of 0: at 0 and 1 one of the limits is the end itself.
    low = np.where(value <= 0, 0.0, beta_quantile(tail, hits, n_eff - hits + 1))
    high = np.where(value >= 1, 1.0, beta_quantile(1 - tail, hits + 1, n_eff - hits))
    undefined = np.where(np.isfinite(n_eff), 0.0, np.nan)
    return low + undefined, high + undefined
