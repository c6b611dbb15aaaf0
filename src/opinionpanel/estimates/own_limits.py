"""Confidence limits that some estimates have of their own: of quantiles, and of correlations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers, Places
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates.distributions import t_quantile
from opinionpanel.estimates.intervals import level_of_each

# What rounding leaves of a sum of shares.
NOTHING = 1e-12
# The levels whose limits go into another process or a file, where the numbers do not; and those of
# families whose limits hold at once, of up to so many and of all.
KEPT = (0.5, 0.68, 0.8, 0.9, 0.95, 0.99, 0.999)
OF_FAMILIES, MOST_KEPT = (0.9, 0.95, 0.99), 40


class OwnLimits(Protocol):
    """What finds the limits of m estimates at a level of confidence.

    Attributes
    ----------
    alone : bool
        Whether there are limits where there is no standard error.
    """

    @property
    def alone(self) -> bool:
        """Whether there are limits where there is no standard error."""

    def at(self, rows: Places) -> "OwnLimits":
        """Keep those at some places."""

    def __call__(
        self, level: float, value: Floats, std_error: Floats, df: Floats
    ) -> tuple[Floats, Floats]:
        """Find the lower and upper limits; NaN for none."""

    def few(self, level: float, value: Floats, df: Floats, least: int) -> Booleans:
        """Mark the estimates of which a limit tells the number of one of few people.

        Fewer than `least` of them have this number or one beyond it.
        """


@dataclass(frozen=True)
class FisherLimits:
    """Limits of correlations: Wald limits of their inverse hyperbolic tangent, brought back."""

    alone: ClassVar = False

    def at(self, rows: Places) -> "FisherLimits":
        """Keep those at some places: there is nothing to keep."""
        del rows
        return self

    def __call__(
        self, level: float, value: Floats, std_error: Floats, df: Floats
    ) -> tuple[Floats, Floats]:
        """Find the limits; NaN for a correlation of 1 or −1, which does not vary."""
        with np.errstate(divide="ignore", invalid="ignore"):
            half = _quantiles(level, df) * std_error / (1 - value**2)
            middle = np.arctanh(value)
            return np.tanh(middle - half), np.tanh(middle + half)

    def few(self, level: float, value: Floats, df: Floats, least: int) -> Booleans:
        """Mark none: no limit of a correlation is somebody's number."""
        del level, df, least
        return np.zeros(len(value), dtype=bool)


@dataclass(frozen=True, eq=False)
class Distribution:
    """The numbers that some people have, and which share of them has this one or a lower one.

    Attributes
    ----------
    numbers, reached : numpy.ndarray, shape (k,)
        Both in ascending order; nothing where there is nobody.
    people : numpy.ndarray, shape (k,)
        How many gave each number.
    """

    numbers: Floats
    reached: Floats
    people: Floats

    def beyond(self, number: float) -> float:
        """Count the people who have a number or one below it, or above it: the fewer of both."""
        below, above = self.numbers <= number, self.numbers >= number
        return float(min(self.people[below].sum(), self.people[above].sum()))

    def inverse(self, share: float) -> float:
        """Find the lowest number that this share, or more, has or stays below.

        Notes
        -----
        inf {x: F(x) ≥ share}, the left-continuous inverse; NaN for a share below 0 or above 1.
        """
        if not len(self.numbers) or not 0 <= share <= 1:
            return np.nan
        place = int(np.searchsorted(self.reached, share - NOTHING))
        return float(self.numbers[min(place, len(self.numbers) - 1)])


@dataclass(frozen=True, eq=False)
class WoodruffLimits:
    """Limits of quantiles: where the distribution reaches the limits of the share below.

    Attributes
    ----------
    distributions : sequence of Distribution
        Of each of the m estimates.
    share, error : numpy.ndarray, shape (m,)
        Who has at most the quantile, as a share, and its standard error; NaN for no limits.
    df : numpy.ndarray, shape (m,)

    Notes
    -----
    Woodruff 1952, Journal of the American Statistical Association 47.
    """

    distributions: Sequence[Distribution]
    share: Floats
    error: Floats
    df: Floats
    alone: ClassVar = False

    def at(self, rows: Places) -> "WoodruffLimits":
        """Keep those at some places."""
        kept = [self.distributions[row] for row in np.arange(len(self.share))[rows]]
        return WoodruffLimits(kept, self.share[rows], self.error[rows], self.df[rows])

    def __call__(
        self, level: float, value: Floats, std_error: Floats, df: Floats
    ) -> tuple[Floats, Floats]:
        """Find the limits; NaN where one of the share below lies beyond 0 or 1."""
        half = _quantiles(level, df) * self.error
        low, high = (
            np.array(
                [one.inverse(at) for one, at in zip(self.distributions, ends, strict=True)],
                dtype=np.float64,
            )
            for ends in (self.share - half, self.share + half)
        )
        return low, high

    def few(self, level: float, value: Floats, df: Floats, least: int) -> Booleans:
        """Mark the estimates of which a limit tells the number of one of few people."""
        return self._beyond(level, value, df) < least

    def _beyond(self, level: float, value: Floats, df: Floats) -> Floats:
        """Count the people beyond the limit that fewer are beyond; no limit tells anything."""
        low, high = self(level, value, value, df)
        ends = zip(self.distributions, low, high, strict=True)
        return np.array(
            [
                min(np.inf if np.isnan(end) else one.beyond(end) for end in (least, most))
                for one, least, most in ends
            ]
        )

    def __reduce__(self) -> Any:
        # Numbers of people do not go into another process or a file.
        none = np.full(len(self.share), np.nan)
        # Of a family that is in part elsewhere these may be a few.
        sizes = [*range(2, MOST_KEPT + 1), max(len(none), 1)]
        families = {level_of_each(level, size) for level in OF_FAMILIES for size in sizes}
        levels = dict.fromkeys([*KEPT, *sorted(families)])
        kept = {
            level: (*self(level, none, none, self.df), self._beyond(level, none, self.df))
            for level in levels
        }
        return KeptLimits, (kept,)


@dataclass(frozen=True, eq=False)
class KeptLimits:
    """Limits at a few levels, of estimates that came from a file or another process.

    Attributes
    ----------
    known : dict of float to tuple
        By level the lower limits, the upper ones, and how many people are beyond the one of both
        that fewer are beyond.
    """

    known: Mapping[float, tuple[Floats, Floats, Floats]]
    alone: ClassVar = False

    def at(self, rows: Places) -> "KeptLimits":
        """Keep those at some places."""
        kept = {level: (a[rows], b[rows], n[rows]) for level, (a, b, n) in self.known.items()}
        return KeptLimits(kept)

    def __call__(
        self, level: float, value: Floats, std_error: Floats, df: Floats
    ) -> tuple[Floats, Floats]:
        """Look the limits up."""
        return self._known(level)[:2]

    def few(self, level: float, value: Floats, df: Floats, least: int) -> Booleans:
        """Mark the estimates of which a limit tells the number of one of few people."""
        return self._known(level)[2] < least

    def _known(self, level: float) -> tuple[Floats, Floats, Floats]:
        if level not in self.known:
            raise SelectionError(
                f"These quantiles came from a file or another process, with their limits at "
                f"{listing(KEPT)}, and at those of families of up to {MOST_KEPT} or of all: "
                f"level={level:g} needs the panel."
            )
        return self.known[level]


@dataclass(frozen=True, eq=False)
class JoinedLimits:
    """Limits of estimates of several kinds, such as those of several studies.

    Attributes
    ----------
    parts : sequence of OwnLimits
    part : numpy.ndarray of int, shape (m,)
        The part of each estimate; those of a part are in its order.
    """

    parts: Sequence[OwnLimits]
    part: Integers

    @property
    def alone(self) -> bool:
        """Whether there are limits where there is no standard error."""
        return all(one.alone for one in self.parts)

    def at(self, rows: Places) -> "JoinedLimits":
        """Keep those at some places."""
        chosen = np.arange(len(self.part))[rows]
        # The place of each estimate within its part.
        own = np.zeros(len(self.part), dtype=np.int64)
        for number in range(len(self.parts)):
            here = self.part == number
            own[here] = np.arange(here.sum())
        kept = self.part[chosen]
        parts = [one.at(own[chosen[kept == number]]) for number, one in enumerate(self.parts)]
        return JoinedLimits(parts, kept)

    def __call__(
        self, level: float, value: Floats, std_error: Floats, df: Floats
    ) -> tuple[Floats, Floats]:
        """Find the limits of each part."""
        found = np.full((2, len(self.part)), np.nan)
        for number, one in enumerate(self.parts):
            here = self.part == number
            found[:, here] = one(level, value[here], std_error[here], df[here])
        return found[0], found[1]

    def few(self, level: float, value: Floats, df: Floats, least: int) -> Booleans:
        """Mark the estimates of which a limit tells the number of one of few people."""
        found = np.zeros(len(self.part), dtype=bool)
        for number, one in enumerate(self.parts):
            here = self.part == number
            found[here] = one.few(level, value[here], df[here], least)
        return found


def _quantiles(level: float, df: Floats) -> Any:
    return t_quantile((1 + level) / 2, np.where(df > 0, df, np.nan))
