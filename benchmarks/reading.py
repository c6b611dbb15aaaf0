"""Time `read_wave` against pyreadstat's own read of the same columns.

The header probe, which needs a process of its own, is a row apart: it costs the same however many
people a file has, and once for all files of a panel.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
from panels import SEED
from timing import Row, in_turn

import opinionpanel as op
from opinionpanel.waves import header_probe

COLUMNS = 500
CHOSEN = ["id", "q7", "weight"]
RUNS = 9
OPTIONS = {"usecols": CHOSEN, "user_missing": True, "disable_datetime_conversion": True}


def make_file(path: Path, people: int) -> None:
    """Write a wave of many questions, their codes labelled and "don't know" declared missing."""
    rng = np.random.default_rng(SEED)
    questions = [f"q{number}" for number in range(1, COLUMNS - 1)]
    codes = rng.choice([1.0, 2.0, 3.0, 4.0, 5.0, 98.0], (people, len(questions)))
    frame = pd.DataFrame(codes, columns=questions)
    frame.insert(0, "id", np.arange(people) + 100_000)
    frame["weight"] = rng.lognormal(-0.1, 0.45, people)
    pyreadstat.write_sav(
        frame,
        path,
        variable_value_labels={name: {1: "approve", 5: "oppose"} for name in questions},
        missing_ranges={name: [{"lo": 98, "hi": 99}] for name in questions},
        row_compress=path.stem == "compressed",
        compress=path.suffix == ".zsav",
    )


def file_rows(path: Path, people: int) -> Iterator[Row]:
    """Measure one file."""
    make_file(path, people)

    def ours() -> op.Wave:
        return op.read_wave(path, columns=CHOSEN)

    def theirs() -> pd.DataFrame:
        return pyreadstat.read_sav(str(path), **OPTIONS)[0]

    def probed() -> None:
        header_probe._passed.clear()
        header_probe.survey([path])

    pd.testing.assert_frame_equal(ours().frame, theirs())
    (spent, least), runs = in_turn((ours, theirs), RUNS)
    size = f"{path.stat().st_size / 1e6:.1f} MB"
    common = {"part": "reading", "people": people, "waves": 1}
    yield Row(
        what=f"{len(CHOSEN)} of {COLUMNS} columns of {path.name}",
        ours=spent,
        against="pyreadstat with usecols",
        theirs=least,
        runs=runs,
        note=size,
        **common,
    )
    (first,), runs = in_turn((probed,), 3)
    yield Row(what=f"header of {path.name}, once", ours=first, runs=runs, note=size, **common)


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure three kinds of SPSS file."""
    people = 5_000 if quick else 50_000
    with tempfile.TemporaryDirectory() as folder:
        for name in ("plain.sav", "compressed.sav", "new.zsav"):
            yield from file_rows(Path(folder) / name, people)
