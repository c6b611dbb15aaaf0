"""Time `read_wave` against pyreadstat's own read of the same columns.

The header probe, which needs a process of its own, is printed apart: it costs the same however many
people a file has, and once for all files of a panel.
"""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
from timing import in_turn

import opinionpanel as op
from opinionpanel.files import probe

PEOPLE, COLUMNS = 50_000, 500
CHOSEN = ["id", "q7", "weight"]
RUNS = 9
OPTIONS = {"usecols": CHOSEN, "user_missing": True, "disable_datetime_conversion": True}


def make_file(path: Path) -> None:
    """Write a wave of many questions, their codes labelled and "don't know" declared missing."""
    rng = np.random.default_rng(20241120)
    questions = [f"q{number}" for number in range(1, COLUMNS - 1)]
    codes = rng.choice([1.0, 2.0, 3.0, 4.0, 5.0, 98.0], (PEOPLE, len(questions)))
    frame = pd.DataFrame(codes, columns=questions)
    frame.insert(0, "id", np.arange(PEOPLE) + 100_000)
    frame["weight"] = rng.lognormal(-0.1, 0.45, PEOPLE)
    pyreadstat.write_sav(
        frame,
        path,
        variable_value_labels={name: {1: "approve", 5: "oppose"} for name in questions},
        missing_ranges={name: [{"lo": 98, "hi": 99}] for name in questions},
        row_compress=path.stem == "compressed",
        compress=path.suffix == ".zsav",
    )


def time_file(path: Path) -> None:
    """Print one file's row."""
    make_file(path)
    theirs, _ = pyreadstat.read_sav(str(path), **OPTIONS)
    pd.testing.assert_frame_equal(op.read_wave(path, columns=CHOSEN).frame, theirs)
    ours, least = in_turn(
        (
            lambda: op.read_wave(path, columns=CHOSEN),
            lambda: pyreadstat.read_sav(str(path), **OPTIONS),
        ),
        RUNS,
    )

    def probed() -> None:
        probe._passed.clear()
        probe.survey([path])

    (first,) = in_turn((probed,), 3)
    print(
        f"{path.name:<20}{path.stat().st_size / 1e6:>8.1f}{ours * 1e3:>12.1f}{least * 1e3:>14.1f}"
        f"{ours / least:>9.2f}{first * 1e3:>16.1f}"
    )


def main() -> None:
    """Measure and print."""
    titles = f"{'ours, ms':>12}{'usecols, ms':>14}{'ratio':>9}{'probe once, ms':>16}"
    print(f"\n{len(CHOSEN)} of {COLUMNS} columns x {PEOPLE:,} rows")
    print(f"pyreadstat {pyreadstat.__version__}, pandas {pd.__version__}")
    print(f"{'file':<20}{'MB':>8}{titles}")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("plain.sav", "compressed.sav", "new.zsav"):
            time_file(Path(folder) / name)


if __name__ == "__main__":
    main()
