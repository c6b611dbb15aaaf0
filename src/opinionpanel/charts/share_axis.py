"""An axis of shares or their differences: from where to where it goes, and its few ticks."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

# Steps between ticks, as shares; the most steps that an axis has.
STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
MOST = 7
# An axis of less would make noise look large.
NARROWEST = 0.02
# What rounding leaves of a tick.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Axis:
    """An axis, wherever it lies.

    Attributes
    ----------
    low, high : float
        Its ends, which are ticks.
    step : float
        Between ticks.
    """

    low: float
    high: float
    step: float

    def along(self, value: float) -> float:
        """Place a value: 0 is the low end, 1 the high one."""
        return (value - self.low) / (self.high - self.low)

    @property
    def ticks(self) -> list[float]:
        """Its ticks, the ends among them."""
        count = round((self.high - self.low) / self.step)
        return [self.low + place * self.step for place in range(count + 1)]

    @property
    def digits(self) -> int:
        """Digits after the point of a per cent that tell its ticks apart."""
        return 1 if self.step < 0.01 - ROUNDING else 0


def axis_of(values: Iterable[float], possible: tuple[float, float], room: int) -> Axis:
    """Choose an axis that holds values, with few ticks.

    Parameters
    ----------
    values : iterable of float
        Estimates and limits; NaN is left out.
    possible : tuple of float
        The least and the greatest value there can be.
    room : int
        How many steps between ticks there is room for.

    Examples
    --------
    >>> axis = axis_of([0.17, 0.62], (0, 1), 10)
    >>> [round(tick, 2) for tick in axis.ticks]
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
    """
    known = [value for value in values if math.isfinite(value)] or list(possible)
    low, high = min(known), max(known)
    if high - low < NARROWEST:
        middle = (low + high) / 2
        low, high = middle - NARROWEST / 2, middle + NARROWEST / 2
    low, high = max(low, possible[0]), min(high, possible[1])
    most = min(MOST, max(1, room))
    for step in STEPS:
        first, last = math.floor(low / step + ROUNDING), math.ceil(high / step - ROUNDING)
        if last - first <= most:
            break
    return Axis(first * step, last * step, step)
