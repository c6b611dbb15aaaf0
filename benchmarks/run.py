"""Time opinionpanel against the least work that its results could cost, or against a named peer.

Run as ``make bench``. Both sides of each row run on the same machine in turn, so that a busy one
slows both; the ratio of medians is the figure to compare. The rows go to results.csv.
"""

import argparse
import importlib
import os
import platform
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from panels import SEED
from timing import HEAD, Row

RESULTS = Path(__file__).with_name("results.csv")
# Each is a script beside this one, with a function rows(*, quick) that yields its rows.
PARTS = (
    "estimating",
    "blocks",
    "calls",
    "against_r",
    "against_svy",
    "against_traminer",
    "against_group_by",
    "building",
    "drawing",
    "reporting",
    "importing",
    "memory",
    "displacing",
    "growing",
    "reading",
    "beyond_memory",
)


def machine() -> str:
    """Say what the figures were measured on."""
    return (
        f"Python {platform.python_version()}, numpy {np.__version__}, pandas {pd.__version__}, "
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs"
    )


def as_frame(rows: list[Row]) -> pd.DataFrame:
    """Lay out rows as they are stored: figures in their unit, ratios as ours by theirs."""
    names = ("part", "what", "people", "waves", "ours", "against", "theirs", "unit")
    compared = ("ratio", "reach", "met", "runs", "note", "where")
    frame = pd.DataFrame(
        [{name: getattr(row, name) for name in (*names, *compared)} for row in rows]
    )
    decimals = {"ours": 4, "theirs": 4, "ratio": 6}
    frame = frame.astype(dict.fromkeys(decimals, float)).round(decimals)
    return frame.assign(date=f"{datetime.now(UTC):%Y-%m-%d}", machine=machine())


def store(rows: list[Row], path: Path) -> None:
    """Write rows, in place of those that the same parts had before."""
    frame = as_frame(rows)
    if path.exists():
        before = pd.read_csv(path)
        frame = pd.concat([before[~before["part"].isin(frame["part"])], frame])
    order = {part: place for place, part in enumerate(PARTS)}
    frame = frame.sort_values("part", key=lambda part: part.map(order), kind="stable")
    frame.to_csv(path, index=False)


def main() -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="these parts alone")
    parser.add_argument("--quick", action="store_true", help="small sizes; nothing is stored")
    chosen = parser.parse_args()
    print(f"{machine()}; seed {SEED}\n{HEAD}")
    for part in chosen.only:
        rows, start = [], time.perf_counter()
        for row in importlib.import_module(part).rows(quick=chosen.quick):
            rows.append(row)
            print(row, flush=True)
            if row.where:
                print(f"  its time: {row.where}", flush=True)
        print(f"  ({part} took {time.perf_counter() - start:,.0f} s)", flush=True)
        # Part by part: a run that is cut short keeps what it measured.
        if not chosen.quick:
            store(rows, RESULTS)


if __name__ == "__main__":
    main()
