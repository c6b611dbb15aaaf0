"""What lies between two bounds: an interval for it that knows the sampling error of both."""

import math

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats, Places
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.distributions import t_below, t_quantile
from opinionpanel.estimates.intervals import check_level, confidence_limits
from opinionpanel.estimates.label_columns import beside
from opinionpanel.estimates.values import Values


def interval_between(estimates: Values, *, level: float) -> pd.DataFrame:
    """Lay out bounds and the interval between them, as `Estimates.between_bounds` describes."""
    check_level(level)
    component = estimates.labels.get("component", pd.Series(dtype=str)).to_numpy()
    places = {str(name): np.flatnonzero(component == name) for name in pd.unique(component)}
    counts = {len(rows) for rows in places.values()}
    if estimates.unit != "share" or not {"lower", "upper"} <= set(places) or len(counts) > 1:
        raise SelectionError(
            "An interval between bounds needs the rows lower and upper, as turnover_bounds gives "
            "them. The intervals of other estimates are in their to_frame()."
        )
    low, high = places.pop("lower"), places.pop("upper")
    value, own = estimates.value, estimates.own_limits
    errors = np.maximum(estimates.std_error[low], estimates.std_error[high])
    if own is not None and own.alone:
        found = own(level, value, estimates.std_error, estimates.df)
        limits = found[0][low], found[1][high]
    else:
        quantiles = critical_values(value[high] - value[low], errors, estimates.df[low], level)
        limits = (
            _limits(estimates, low, quantiles)[0],
            _limits(estimates, high, quantiles)[1],
        )
    return beside(
        estimates.labels.iloc[low].drop(columns="component"),
        {
            "lower": value[low],
            "upper": value[high],
            "conf_low": limits[0],
            "conf_high": limits[1],
            **{name: value[rows] for name, rows in places.items()},
            "n": estimates.n[low].astype(np.int64),
        },
    )


def critical_values(width: Floats, errors: Floats, df: Floats, level: float) -> Floats:
    """Solve for the critical values of Imbens and Manski; see `Estimates.between_bounds`.

    Parameters
    ----------
    width, errors, df : numpy.ndarray, shape (m,)
        Upper minus lower bound, the larger of their standard errors, degrees of freedom.
    level : float

    Returns
    -------
    numpy.ndarray, shape (m,)
        NaN where one of the three is undefined, or there are no degrees of freedom.
    """
    from scipy import optimize

    found = np.full(len(width), np.nan)
    for place, (gap, error, freedom) in enumerate(zip(width, errors, df, strict=True)):
        if not (np.isfinite(gap) and np.isfinite(error) and freedom > 0):
            continue
        one, two = (float(t_quantile(p, freedom)) for p in (level, (1 + level) / 2))
        # Rounding may leave a width of -1e-17; bounds without error are far apart, or coincide.
        scaled = max(gap, 0.0) / error if error > 0 else (math.inf if gap > 0 else 0.0)

        def excess(c: float, scaled: float = scaled, freedom: float = freedom) -> float:
            return float(t_below(c + scaled, freedom) - t_below(-c, freedom)) - level

        inside = excess(one) < 0 < excess(two)
        found[place] = optimize.brentq(excess, one, two) if inside else (two if gap <= 0 else one)
    return found


def _limits(bounds: Values, rows: Places, quantiles: Floats) -> tuple[Floats, Floats]:
    """Logit limits of some shares, each with a critical value of its own."""
    limits = np.full((2, len(rows)), np.nan)
    for place, (row, quantile) in enumerate(zip(rows, quantiles, strict=True)):
        if not np.isfinite(quantile):
            continue
        one = [row]
        low, high = confidence_limits(
            "logit",
            float(2 * t_below(quantile, bounds.df[row]) - 1),
            share=np.array([True]),
            value=bounds.value[one],
            std_error=bounds.std_error[one],
            df=bounds.df[one],
            n=bounds.n[one],
            n_effective=bounds.n_effective[one],
            exact=None if bounds.exact is None else bounds.exact[one],
        )
        limits[:, place] = low[0], high[0]
    return limits[0], limits[1]
