"""Time long files of up to 100,000,000 person-wave rows, in no order, on their way to tables."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
from estimating import transitions_of
from long_files import WAVES, connection, long_file
from pyarrow import csv
from timing import Row

import opinionpanel as op

ITEM = op.Item("support", {"approve": [1, 2], "unsure": [3], "oppose": [4, 5]}, rest="missing")
# Threads are not seen by a profile; these are parts of their CPU time, measured one by one.
PARTS_OF = {"csv": ": parting the text 42%, filling the panel 27%, values and ids 22%"}
# How the library is told to read them.
READING = {"engine": "duckdb"}
SUM = "bare sum of one column"
FULL_READ = "pyarrow's own full read"
# Rows, the file, whether ids are text, the floor, and how many times that linking and nine tables
# may take. Up to 100,000,000 rows for how the cost grows.
FILES = (
    (10**6, "parquet", False, SUM, None),
    (10**7, "parquet", False, SUM, None),
    (10**8, "parquet", False, SUM, 20.0),
    (10**8, "parquet", True, SUM, 40.0),
    (10**7, "csv", False, FULL_READ, 1.5),
)
# What 100,000,000 rows may take, in GB, with whole-number ids.
MEMORY = 1.8


def bare_sum(path: Path) -> object:
    """Sum over one column of the file."""
    return connection().sql(f"select sum(weight) from '{path}'").fetchall()


FLOORS: dict[str, Callable[[Path], object]] = {SUM: bare_sum, FULL_READ: csv.read_csv}


def check(path: Path, found: op.Estimates) -> None:
    """Compare the shares of the first pair of waves with a join of the file with itself."""
    state = "case when support <= 2 then 0 when support = 3 then 1 else 2 end"
    rows = connection().sql(
        f"with rows as (select person, wave, {state} as state, weight from '{path}' "
        "where support < 99 and wave <= 2) select a.state, b.state, sum(b.weight) "
        "from rows as a join rows as b using (person) where a.wave = 1 and b.wave = 2 group by all"
    )
    table = np.zeros((3, 3))
    for origin, destination, weight in rows.fetchall():
        table[origin, destination] = weight
    shares = table / table.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.value[:9], shares.ravel(), rtol=1e-9)
    if not (found.std_error > 0).all():
        raise AssertionError("a standard error is missing")


def linked(path: Path) -> op.Panel:
    """Link the people of a file."""
    return op.read_panel(
        path,
        person="person",
        wave="wave",
        items={"support": ITEM},
        design=op.Design(weight="weight", stratum="stratum", psu="psu"),
        **READING,
    )


def peak_memory() -> float:
    """Say how many GB this process had at most; what the system tells of it may be its parent's."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return int(dict(line.split(":", 1) for line in lines)["VmHWM"].split()[0]) / 1e6
    except (OSError, KeyError):
        # In bytes where there is no such file, as on macOS.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e9


def measure(path: Path, small: Path) -> dict[str, float]:
    """Link a file, tabulate it, and say what that took, in milliseconds and GB."""
    # What is loaded when it is first used is code, not data.
    transitions_of(linked(small))()
    start = time.perf_counter()
    panel = linked(path)
    between = time.perf_counter()
    transitions_of(panel)()
    done = time.perf_counter()
    peak = peak_memory()
    check(path, op.transitions(panel, "support"))
    return {"linking": 1e3 * (between - start), "tables": 1e3 * (done - between), "peak": peak}


def in_fresh_process(path: Path) -> dict[str, float]:
    """Measure a file in an interpreter of its own, whose memory is its own."""
    small = long_file(10**4, path.suffix[1:], text_ids="text" in path.name)
    command = [sys.executable, str(Path(__file__)), str(path), str(small)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def compare(path: Path, floor: Callable[[Path], object], runs: int) -> dict[str, float]:
    """Medians of what our runs took, and of the floor before and after each of them."""
    taken: list[dict[str, float]] = []
    # The first brings the file to where the others find it.
    floor(path)
    floors = [_milliseconds(floor, path)]
    for _ in range(runs):
        taken.append(in_fresh_process(path))
        floors.append(_milliseconds(floor, path))
    found = {name: median(run[name] for run in taken) for name in taken[0]}
    return {**found, "floor": median(floors)}


def _milliseconds(floor: Callable[[Path], object], path: Path) -> float:
    start = time.perf_counter()
    floor(path)
    return 1e3 * (time.perf_counter() - start)


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure each file."""
    for size, suffix, text_ids, against, at_most in FILES[:1] if quick else FILES:
        path = long_file(size, suffix, text_ids=text_ids)
        runs = 1 if size == 10**8 else 3
        found = compare(path, FLOORS[against], runs)
        common = {"part": "beyond_memory", "people": size // WAVES, "waves": WAVES, "runs": runs}
        floor = {"against": against, "theirs": found["floor"]}
        what = f"{size:,} rows, {suffix}, {'text' if text_ids else 'whole-number'} ids"
        row = Row(
            what=f"{what}: linking and 9 tables",
            ours=found["linking"] + found["tables"],
            at_most=at_most,
            note=f"{path.stat().st_size / 1e9:.2f} GB",
            **common,
            **floor,
        )
        linking = found["linking"] / (found["linking"] + found["tables"])
        where = f"linking {linking:.0%}{PARTS_OF.get(suffix, '')}"
        yield replace(row, where=where) if row.met is False else row
        yield Row(what=f"{what}: 9 tables, once linked", ours=found["tables"], **common, **floor)
        yield Row(
            what=f"{what}: peak memory",
            ours=found["peak"],
            unit="GB",
            at_most=MEMORY if size == 10**8 and not text_ids else None,
            **common,
        )


if __name__ == "__main__":
    print(json.dumps(measure(*map(Path, sys.argv[1:]))))
