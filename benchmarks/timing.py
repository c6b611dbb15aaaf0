"""Time two sides in turn, and keep what they took as the rows of one table."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

# Seconds after which no further run of a comparison begins.
LONG = 30.0
HEAD = (
    f"{'what':<56}{'ours':>12}  {'against':<34}{'theirs':>12}  {'ratio':<16}{'reach':<16}{'met':<4}"
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure of the table.

    Attributes
    ----------
    part : str
        The script that measured it.
    what, against : str
        The work, and the floor or peer; no `against` where the figure stands alone.
    ours, theirs : float or None
        Medians in `unit`; `theirs` None where the peer is not installed.
    at_most : float or None
        The largest ratio wanted, or the largest figure where nothing stands against it.
    faster : float or None
        How many times faster than the peer it should be.
    people, waves, runs : int
        The size of the work, and how often both sides ran.
    note : str
        What else must be known to read the figure.
    """

    part: str
    what: str
    ours: float | None
    against: str = ""
    theirs: float | None = None
    unit: str = "ms"
    at_most: float | None = None
    faster: float | None = None
    people: int
    waves: int
    runs: int
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours divided by theirs."""
        return None if self.ours is None or self.theirs is None else self.ours / self.theirs

    @property
    def reach(self) -> str:
        """What is wanted, in words."""
        if self.faster is not None:
            return f"≥ {self.faster:g} × faster"
        if self.at_most is None:
            return ""
        return f"≤ {self.at_most:g} {'×' if self.against else self.unit}"

    @property
    def met(self) -> bool | None:
        """Whether that is so; None where nothing is wanted or the peer is absent."""
        compared = self.ratio if self.against else self.ours
        if compared is None:
            return None
        if self.faster is not None:
            return 1 / compared >= self.faster
        return None if self.at_most is None else compared <= self.at_most

    def __str__(self) -> str:
        ratio = ""
        if self.ratio is not None:
            ratio = f"{self.ratio:.2f} ×"
            if self.faster is not None:
                ratio = f"{1 / self.ratio:.1f} × faster"
        ours = "–" if self.ours is None else self._figure(self.ours)
        theirs = self._figure(self.theirs) if self.against else ""
        met = {True: "yes", False: "NO", None: ""}[self.met]
        return (
            f"{self.what:<56}{ours:>12}  {self.against:<34}{theirs:>12}  "
            f"{ratio:<16}{self.reach:<16}{met:<4}"
        ).rstrip()

    def _figure(self, value: float | None) -> str:
        return "absent" if value is None else f"{value:,.1f} {self.unit}"


def in_turn(sides: tuple[Callable[[], object], ...], runs: int) -> tuple[list[float], int]:
    """Median milliseconds of each side, run alternately, after one run each that does not count.

    Also how many runs count: fewer than asked, but one at least, where they take too long.
    """
    spent: list[list[float]] = [[] for _ in sides]
    begun = time.perf_counter()
    done = -1
    while done < runs and (done < 1 or time.perf_counter() - begun < LONG):
        done += 1
        for side, times in zip(sides, spent, strict=True):
            # What the other side left behind is not this one's to clean up.
            gc.collect()
            start = time.perf_counter()
            side()
            if done:
                times.append((time.perf_counter() - start) * 1e3)
    return [median(times) for times in spent], done
