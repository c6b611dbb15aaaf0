"""Quantiles and tails of t, F, χ² and beta: what scipy's statistics give, without loading them."""

from typing import Any

import numpy as np

from opinionpanel.arrays import Floats

# `scipy.stats` calls the same special functions, but takes most of a second to load, which every
# script that prints a table would wait for.


def t_quantile(p: Any, df: Any) -> Floats:
    """Quantile of t at a probability above 0."""
    from scipy.special import stdtrit

    return np.asarray(stdtrit(df, p), dtype=np.float64)


def t_below(x: Any, df: Any) -> Floats:
    """Probability that t is at most x; of more than x it is that of less than -x."""
    from scipy.special import stdtr

    return np.asarray(stdtr(df, x), dtype=np.float64)


def f_above(x: float, df1: float, df2: float) -> float:
    """Probability that F is more than x."""
    from scipy.special import fdtrc

    return 1.0 if x <= 0 else float(fdtrc(df1, df2, x))


def chi2_above(x: float, df: float) -> float:
    """Probability that χ² is more than x; NaN without degrees of freedom."""
    from scipy.special import chdtrc

    return float(chdtrc(df, max(x, 0.0))) if df > 0 else np.nan


def beta_quantile(p: Any, a: Any, b: Any) -> Floats:
    """Quantile of the beta distribution at a probability; NaN unless both parameters are over 0."""
    from scipy.special import betaincinv

    return np.asarray(betaincinv(a, b, p), dtype=np.float64)
