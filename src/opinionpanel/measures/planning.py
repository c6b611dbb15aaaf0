"""Planning the next wave: which change it could show, and how many people that takes."""

import math
from numbers import Real

from opinionpanel.arguments import as_numbers, called
from opinionpanel.errors import SelectionError, shown
from opinionpanel.estimates import t_quantile


@called
def minimum_detectable_change(
    *,
    n: float,
    turnover: float,
    deff: float = 1.0,
    power: float = 0.8,
    level: float = 0.95,
    df: float | None = None,
    retained: float = 1.0,
) -> float:
    """Smallest net change of a state that a test between two waves would be likely to show.

    Parameters
    ----------
    n : float
        People who answer at the first of the two waves.
    turnover : float
        Share of them moving into or out of the state, between 0 and 1. For the difference
        between two opposite flows, the sum of both.
    deff : float
        Design effect of the change: its variance over that of a simple random sample. From an
        earlier pair of waves with the net change d: n SE² / (turnover − d²).
    power : float
        Probability of showing the change, above .5.
    level : float
        The two-sided test rejects at 1 − level.
    df : float, optional
        Degrees of freedom of the design; by default as many as one likes.
    retained : float
        Share of the n people who answer at the second wave, too.

    Returns
    -------
    float
        A share: .05 stands for 5 percentage points.

    Raises
    ------
    SelectionError
        A number that makes no sense, or so few people that no change could be shown even if all
        of the turnover went one way; the message says how many it takes.

    Notes
    -----
    Among the same people the net change d has the variance deff (t − d²) / n, with t the
    turnover. A change of c standard errors is shown with the given power, where c is the sum of
    the quantiles of the test and of the power; solved for d: d² = v t / (1 + v), v = c² deff / n
    (after Connor 1987, Biometrics 43, with the variance of the Wald test).

    Examples
    --------
    With 461 people, of whom 26.3% move into or out of a state:

    >>> import opinionpanel as op
    >>> round(op.minimum_detectable_change(n=461, turnover=0.263), 3)
    0.066
    >>> import opinionpanel as op
    >>> round(op.minimum_detectable_change(n=461, turnover=0.263, deff=1.5, retained=0.8), 3)
    0.09
    """
    factor = _factor(power, level, df) ** 2 * _positive("deff", deff)
    people = _positive("n", n) * _share("retained", retained)
    turnover = _share("turnover", turnover)
    change = math.sqrt(factor * turnover / (people + factor))
    if change > turnover:
        needed = math.ceil(factor * (1 - turnover) / turnover / retained)
        raise SelectionError(
            f"With {people:g} people at both waves and a turnover of {turnover:g}, no change is "
            f"shown with a power of {power:g}, even if everyone who moves went one way. It takes "
            f"n = {needed:,}."
        )
    return change


@called
def people_needed(
    *,
    change: float,
    turnover: float,
    deff: float = 1.0,
    power: float = 0.8,
    level: float = 0.95,
    df: float | None = None,
    retained: float = 1.0,
) -> int:
    """Count the people it takes at the first wave to show a net change of a state.

    Parameters
    ----------
    change : float
        The net change, or the difference between two opposite flows, as a share (.05 stands for 5
        percentage points); of either sign.
    turnover : float
        Share of people moving into or out of the state, between 0 and 1. For the difference between
        two opposite flows, the sum of both.
    deff : float
        Design effect of the change: its variance over that of a simple random sample. From an
        earlier pair of waves with the net change d: n SE² / (turnover − d²).
    power : float
        Probability of showing the change, above .5.
    level : float
        The two-sided test rejects at 1 − level.
    df : float, optional
        Degrees of freedom of the design; by default as many as one likes.
    retained : float
        Share of the people of the first wave who answer at the second, too.

    Returns
    -------
    int
        At the first wave, so that n × retained are left at the second.

    Raises
    ------
    SelectionError
        A number that makes no sense, such as a net change greater than the turnover.

    Notes
    -----
    n = c² deff (t − d²) / d², divided by the share retained and rounded up, with t the turnover, d
    the change, and c the sum of the quantiles of the two-sided test and of the power (after Connor
    1987, Biometrics 43, with the variance of the Wald test).

    Examples
    --------
    >>> import opinionpanel as op
    >>> op.people_needed(change=0.05, turnover=0.263)
    818
    """
    factor = _factor(power, level, df) ** 2 * _positive("deff", deff)
    turnover, retained = _share("turnover", turnover), _share("retained", retained)
    size = _share("change", abs(change) if isinstance(change, Real) else change)
    if size > turnover:
        raise SelectionError(
            f"A net change of {change:g} cannot come of a turnover of {turnover:g}: at most all "
            "of those who move go one way."
        )
    return max(1, math.ceil(factor * (turnover - size**2) / size**2 / retained))


def _factor(power: float, level: float, df: float | None) -> float:
    """How many standard errors a change must measure."""
    if not (isinstance(level, Real) and 0 < level < 1):
        raise SelectionError(f"level must lie between 0 and 1, as .95 does, not {level!r}.")
    if not (isinstance(power, Real) and 0.5 < power < 1):
        raise SelectionError(f"power must lie between .5 and 1, as .8 does, not {power!r}.")
    freedom = math.inf if df is None else _positive("df", df)
    return float(t_quantile((1 + level) / 2, freedom) + t_quantile(power, freedom))


def _positive(name: str, value: float) -> float:
    number = isinstance(value, Real) and as_numbers(value) is not None
    if not (number and 0 < value < math.inf):
        raise SelectionError(f"{name} must be a number above 0, not {shown(value)}.")
    return float(value)


def _share(name: str, value: float) -> float:
    if not (isinstance(value, Real) and 0 < value <= 1):
        raise SelectionError(
            f"{name} must be a share above 0 and up to 1, not {value!r}: 26.3% is .263."
        )
    return value
