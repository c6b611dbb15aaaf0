"""Time two sides in turn, and lay out what they took."""

import time
from collections.abc import Callable
from statistics import median

HEAD = f"{'what':<36}{'ms':>9}  {'against':<26}{'ms':>9}{'ratio':>9}"


def in_turn(sides: tuple[Callable[[], object], ...], runs: int) -> list[float]:
    """Median seconds of each side, run alternately, after one run each that does not count."""
    seconds: list[list[float]] = [[] for _ in sides]
    for run in range(runs + 1):
        for side, spent in zip(sides, seconds, strict=True):
            start = time.perf_counter()
            side()
            if run:
                spent.append(time.perf_counter() - start)
    return [median(spent) for spent in seconds]


def row(what: str, ours: float, against: str, theirs: float) -> str:
    """Lay out one comparison, in seconds."""
    return f"{what:<36}{ours * 1e3:>9.1f}  {against:<26}{theirs * 1e3:>9.2f}{ours / theirs:>9.2f}"
