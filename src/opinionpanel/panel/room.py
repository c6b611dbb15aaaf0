"""How much memory a panel takes, and whether this machine has it."""

import os
from pathlib import Path

from opinionpanel.errors import EngineError

GIGABYTE = 1e9
# Beside what is held: batches, the numbers of ids, and what linking takes for a while.
BESIDE = 300_000_000


def check_room(needed: int, source: str, rows: int | None, taken: int = 0) -> None:
    """Refuse, before this machine stops, what it cannot hold; some of it is `taken` already."""
    free = free_memory()
    if free is None or needed + BESIDE <= (free := free + taken):
        return
    what = source or "The frame"
    counted = "" if rows is None else f" of {rows:,} rows"
    raise EngineError(
        f"{what}{counted} takes at least {size_text(needed + BESIDE)} of memory as a panel, and "
        f"{size_text(free)} are free. A weight takes eight bytes for each person and wave, or for "
        "each person where it is the same at all waves; an answer or a group one or two: take "
        "fewer waves, items or groups, a weight that stays the same, or a machine with more "
        "memory; or leave the people on a cluster with Spark."
    )


def size_text(size: float) -> str:
    """Write a size in memory."""
    if size >= GIGABYTE:
        return f"{size / GIGABYTE:.1f} GB"
    return f"{max(size / 1e6, 1):.0f} MB"


def free_memory() -> int | None:
    """Return how many bytes of memory are free, as far as the system tells."""
    known = [one for one in (_available(), _allowed()) if one is not None]
    return min(known, default=None)


def _available() -> int | None:
    """Ask the system; where it does not tell what is free, all there is."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        named = dict(line.split(":", 1) for line in lines)
        return int(named["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError, AttributeError):
        return None


def _allowed() -> int | None:
    """Ask what a container may have."""
    try:
        folder = Path("/sys/fs/cgroup")
        most = int((folder / "memory.max").read_text(encoding="ascii"))
        return most - int((folder / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
