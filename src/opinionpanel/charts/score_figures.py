"""Figures of scores in charts: which estimates they are, and how all figures are written."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

import numpy as np

from opinionpanel.drawing import Language, is_narrow
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import MOMENT, Estimates

# Measures of scores.
SCORES = ("means", "mean_change", "quantiles")
# Other measures whose numbers have one axis; those of others, such as coefficients, have a table.
INDICES = ("correlation", "association_of_change", "cronbach_alpha", "number_of_changes")
# What of `MOMENT` is the change itself.
CHANGE = "change"
# More digits after the point nobody reads.
MOST_DIGITS = 6


def of_score(estimates: Estimates) -> bool:
    """Tell whether estimates are in the numbers of a score."""
    return estimates.unit == "number" and estimates.about.measure in SCORES


def has_axis(estimates: Estimates) -> bool:
    """Tell whether one axis holds estimates that are numbers: of a score, or correlations."""
    return estimates.unit == "number" and estimates.about.measure in (*SCORES, *INDICES)


def signed(estimates: Estimates) -> bool:
    """Tell whether estimates are differences or changes, which lie on both sides of 0."""
    if estimates.unit != "number":
        return estimates.unit == "change"
    moments = set(estimates.labels.get(MOMENT, ()))
    return estimates.about.of_two or (bool(moments) and moments <= {CHANGE})


def ends_of(estimates: Estimates) -> tuple[float, float]:
    """Give the least and the greatest value that any of the estimates can take."""
    low, high = estimates.ends
    return float(np.min(low)), float(np.max(high))


def refuse_score(estimates: Estimates, chart: str) -> None:
    """Refuse estimates of a score; `chart` says what is drawn that a score does not have."""
    if of_score(estimates):
        raise SelectionError(
            f"{chart}, and the answers to a score are numbers ({estimates.about.title}). Draw them "
            "with opinionpanel.charts.trend or .dots, or call .plot()."
        )


def number_digits(widths: Iterable[float]) -> int:
    """Choose digits after the point: as many as half of a usual interval deserves.

    Examples
    --------
    >>> number_digits([4.1]), number_digits([0.12]), number_digits([900.0])
    (0, 2, 0)
    """
    known = [width / 2 for width in widths if math.isfinite(width) and width > 0]
    if not known:
        return 2
    return min(max(0, -math.floor(math.log10(median(known)) + 1e-9)), MOST_DIGITS)


@dataclass(frozen=True)
class Writing:
    """How figures are written: shares in per cent, differences in points, scores in their numbers.

    Attributes
    ----------
    language : Language
    numbers : bool
        Whether they are numbers, such as those of a score.
    signed : bool
        Whether they are differences, with a sign.
    """

    language: Language
    numbers: bool
    signed: bool

    def digits(self, points: Iterable[tuple[float, float]]) -> int:
        """Choose digits for figures by their limits."""
        limits = list(points)
        if self.numbers:
            # A digit more of differences: "+2 (0 to +4)" would not say on which side of 0 one lies.
            widths = [high - low for low, high in limits]
            more = self.signed and any(math.isfinite(width) for width in widths)
            return number_digits(widths) + more
        return 1 if any(is_narrow(low, high) for low, high in limits) else 0

    def figure(self, value: float, digits: int) -> str:
        """Write a figure without its limits, or a tick of an axis."""
        if self.numbers:
            return self.language.number(value, digits=digits, signed=self.signed)
        write = self.language.points if self.signed else self.language.share
        return write(value, digits=digits)

    def plain(self, value: float) -> str:
        """Write a number with no more digits than it has."""
        digits = next((d for d in range(MOST_DIGITS) if math.isclose(round(value, d), value)), 2)
        return self.language.number(value, digits=digits)

    def limits(self, low: float, high: float, digits: int, *, compact: bool = False) -> str:
        """Write limits, without the unit."""
        if not self.numbers:
            write = self.language.compact_limits if compact else self.language.limits
            return write(low, high, digits, signed=self.signed)
        sign = self.signed or low < 0
        ends = [self.language.number(end, digits=digits, signed=sign) for end in (low, high)]
        if compact and not sign:
            return "–".join(ends)
        return self.language.say("{low} to {high}", low=ends[0], high=ends[1])

    def estimate(
        self, value: float, low: float, high: float, digits: int, *, compact: bool = False
    ) -> str:
        """Write a figure with its limits in brackets."""
        shown = self.figure(value, digits)
        if not math.isfinite(high - low):
            return shown
        return f"{shown} ({self.limits(low, high, digits, compact=compact)})"


def writing_of(estimates: Estimates, language: Language) -> Writing:
    """Say how the figures of estimates are written."""
    return Writing(language, has_axis(estimates), signed(estimates))
