"""An axis of figures: from where to where it goes, and its few ticks."""

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
# A scale of no more than this, such as 1 to 7, has its ticks counted from its low end.
SHORT = 20.0


@dataclass(frozen=True)
class Axis:
    """An axis, wherever it lies.

    Attributes
    ----------
    low, high : float
        Its ends, which are ticks.
    step : float
        Between ticks.
    unit : float
        What is written for 1: 100 where shares are written in per cent.
    """

    low: float
    high: float
    step: float
    unit: float = 100.0

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
        """Digits after the point that tell its ticks apart, as they are written."""
        return max(0, -math.floor(math.log10(self.step * self.unit) + ROUNDING))


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


def number_axis(
    values: Iterable[float], possible: tuple[float, float], room: int, *, least: float = 0.0
) -> Axis:
    """Choose an axis of the numbers of a score, with few ticks; ends may be infinite.

    Parameters
    ----------
    values, possible, room
        As in `axis_of`.
    least : float
        The least length, so that noise does not look large.

    Examples
    --------
    >>> number_axis([48.0, 57.0], (0, 100), 10, least=20.0).ticks
    [40.0, 45.0, 50.0, 55.0, 60.0, 65.0]
    >>> number_axis([2.5, 4.5], (1, 7), 4).ticks
    [2.5, 3.0, 3.5, 4.0, 4.5]
    """
    known = [value for value in values if math.isfinite(value)]
    known = known or [end for end in possible if math.isfinite(end)] or [0.0]
    low, high = min(known), max(known)
    least = least or ROUNDING * max(1.0, abs(low), abs(high))
    if high - low < least:
        middle = (low + high) / 2
        low, high = middle - least / 2, middle + least / 2
    if low < possible[0]:
        low, high = possible[0], min(high + possible[0] - low, possible[1])
    elif high > possible[1]:
        low, high = max(low - (high - possible[1]), possible[0]), possible[1]
    start = possible[0] if possible[1] - possible[0] <= SHORT else 0.0
    most = min(MOST, max(1, room))
    power = math.floor(math.log10((high - low) / most))
    powers = (10.0**place for place in (power, power + 1, power + 2))
    for step in (digit * ten for ten in powers for digit in (1, 2, 5)):
        first = math.floor((low - start) / step + ROUNDING)
        last = math.ceil((high - start) / step - ROUNDING)
        if last - first <= most:
            break
    return Axis(start + first * step, start + last * step, step, unit=1.0)
