"""Time two sides in turn, and keep what they took as the rows of one table."""

import cProfile
import gc
import pstats
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from amounts import amount, times

# Seconds after which no further run of a comparison begins.
LONG = 30.0
# What profiles call the file of functions that are built in.
BUILT_IN = "~"
HEAD = (
    f"{'what':<70}{'people':>12}{'ours':>10}  {'against':<34}{'theirs':>10}  "
    f"{'ratio':<16}{'reach':<16}met"
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
    where : str
        Where the time goes, of rows that do not reach what is wanted.
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
    where: str = ""

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
        if self.against:
            return f"≤ {self.at_most:g} ×"
        return f"≤ {amount(self.at_most, self.unit)}"

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
        people = f"{self.people:,}" if self.people else ""
        ours = "–" if self.ours is None else amount(self.ours, self.unit)
        theirs = "" if self.theirs is None else amount(self.theirs, self.unit)
        if self.against and self.theirs is None:
            theirs = "absent"
        ratio = "" if self.ratio is None else times(self.ratio, self.reach)
        met = {True: "yes", False: "NO", None: ""}[self.met]
        return (
            f"{self.what:<70}{people:>12}{ours:>10}  {self.against:<34}{theirs:>10}  "
            f"{ratio:<16}{self.reach:<16}{met}"
        ).rstrip()


def in_turn(sides: tuple[Callable[[], object], ...], runs: int) -> tuple[list[float], int]:
    """Median milliseconds of each side, run alternately, after one run each that does not count.

    Also how many runs count: fewer than asked, but one at least, where they take too long.
    """
    spent: list[list[float]] = [[] for _ in sides]
    begun = time.perf_counter()
    done = -1
    while done < runs and (done < 1 or time.perf_counter() - begun < LONG):
        done += 1
        for side, taken in zip(sides, spent, strict=True):
            # What the other side left behind is not this one's to clean up.
            gc.collect()
            start = time.perf_counter()
            side()
            if done:
                taken.append((time.perf_counter() - start) * 1e3)
    return [median(taken) for taken in spent], done


def explained(row: Row, call: Callable[[], object]) -> Row:
    """Add where the time of our side goes, if the row does not reach what is wanted."""
    return replace(row, where=where_time_goes(call)) if row.met is False else row


def where_time_goes(call: Callable[[], object]) -> str:
    """Name the three modules or packages that one call spends most of its time in."""
    profile = cProfile.Profile()
    profile.runcall(call)
    spent: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():
        if file != BUILT_IN:
            spent[_place(file)] += own
            continue
        # What is built in works for whoever calls it.
        for (caller, _, _), (_, _, part, _) in callers.items():
            spent[_place(caller)] += part
    most = spent.most_common(3)
    return ", ".join(f"{place} {own / spent.total():.0%}" for place, own in most)


def _place(file: str) -> str:
    """Name code by our module, or by the package of others."""
    parts = Path(file).parts
    if "opinionpanel" in parts:
        return "/".join(parts[parts.index("opinionpanel") + 1 :])
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1]
    return "Python" if file == BUILT_IN else Path(file).name
