"""Time a long file of 100,000,000 person-wave rows, in no order, read by DuckDB in little memory.

The files are generated into build/scratch, once, by DuckDB itself.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
from panels import SEED
from timing import Row

import opinionpanel as op
from opinionpanel.panel.duckdb_files import MEMORY

SCRATCH = Path(__file__).parents[1] / "build" / "scratch"
WAVES = 10
ITEM = op.Item("support", {"approve": [1, 2], "unsure": [3], "oppose": [4, 5]}, rest="missing")
# Rounds of a shuffle that needs no sorting.
ROUNDS = 4


def connection() -> duckdb.DuckDBPyConnection:
    """Open DuckDB with the memory that the library gives it."""
    return duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(SCRATCH / "spill")})


def generate(rows: int, suffix: str) -> Path:
    """Write people by waves in shuffled order; one answer in 25 is no state.

    Row numbers are split into halves that are mixed in turn (a Feistel network), so that every
    number comes out once, far from its neighbours.
    """
    path = SCRATCH / f"long_{rows}.{suffix}"
    if path.exists():
        return path
    SCRATCH.mkdir(parents=True, exist_ok=True)
    side = round(rows**0.5)
    if side * side != rows:
        raise ValueError(f"{rows} rows are no square number.")
    mixed = f"select i // {side} as a, i % {side} as b from range({rows}) as numbers(i)"
    for turn in range(ROUNDS):
        shift = f"(hash(b + {SEED + turn * 1_000_003}) % {side})::bigint"
        mixed = f"select b as a, (a + {shift}) % {side} as b from ({mixed})"
    people = (
        f"select x // {WAVES} as p, x % {WAVES} as w, hash(x + {SEED}) as h "
        f"from (select a * {side} + b as x from ({mixed}))"
    )
    columns = (
        "(7 * p + 1000)::bigint as person, (w + 1)::smallint as wave, "
        # A fifth of the people answer anew at every wave.
        "(case when h % 25 = 0 then 99 when h % 5 = 1 then 1 + (h >> 8) % 5 "
        "else 1 + hash(p + 5) % 5 end)::integer as support, "
        "0.2 + 1.6 * ((h >> 11)::double / 9007199254740992.0) as weight, "
        "(hash(p + 9) % 2000)::integer as psu, (hash(p + 9) % 2000 % 40)::integer as stratum"
    )
    format_ = "format parquet, compression zstd" if suffix == "parquet" else "format csv, header"
    connection().execute(f"copy (select {columns} from ({people})) to '{path}' ({format_})")
    return path


def bare_sum(path: Path) -> float:
    """Seconds of a sum over one column of the file: the median of three."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        connection().sql(f"select sum(weight) from '{path}'").fetchall()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)[1]


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


def measure(path: Path) -> dict[str, float]:
    """Link the file, tabulate it, and say what that took."""
    bare = bare_sum(path)
    start = time.perf_counter()
    panel = op.read_panel(
        path,
        person="person",
        wave="wave",
        items={"support": ITEM},
        design=op.Design(weight="weight", stratum="stratum", psu="psu"),
        engine="duckdb",
    )
    linked = time.perf_counter()
    found = op.transitions(panel, "support")
    done = time.perf_counter()
    # In kilobytes on Linux.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    if not (found.to_frame()["std_error"] > 0).all():
        raise AssertionError("a standard error is missing")
    check(path, found)
    return {"bare": bare, "linked": linked - start, "tables": done - linked, "peak": peak}


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure each file in a fresh interpreter, whose memory is its own."""
    sizes = ((1_000_000, "parquet"),) if quick else ((10**8, "parquet"), (3160**2, "csv"))
    for size, suffix in sizes:
        path = generate(size, suffix)
        command = [sys.executable, str(Path(__file__)), str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found = json.loads(done.stdout.splitlines()[-1])
        common = {"part": "beyond_memory", "people": size // WAVES, "waves": WAVES, "runs": 1}
        bare = {"against": f"bare sum of one column, {suffix}", "theirs": 1e3 * found["bare"]}
        what = f"{size:,} shuffled rows, {suffix}"
        both = found["linked"] + found["tables"]
        limit = f"DuckDB: at most {MEMORY}"
        yield Row(
            what=f"{what}: linking and 9 tables", ours=1e3 * both, at_most=20.0, **common, **bare
        )
        yield Row(
            what=f"{what}: 9 tables, once linked", ours=1e3 * found["tables"], **common, **bare
        )
        yield Row(
            what=f"{what}: peak memory",
            ours=1e3 * found["peak"],
            unit="MB",
            at_most=2000.0,
            note=limit,
            **common,
        )


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
