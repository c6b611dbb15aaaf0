"""Time a transition table, and the import of the package, against the least they could cost."""

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
from timing import HEAD, in_turn, row

import opinionpanel as op

PEOPLE = 200_000
STRATA, PSUS_PER_STRATUM = 40, 50
STATES = ("approve", "unsure", "oppose")
RUNS = 15
IMPORT_RUNS = 5

Row = tuple[str, str, float, float]


def make_waves() -> dict[str, pd.DataFrame]:
    """Two waves of the same people: four in five keep their answer."""
    rng = np.random.default_rng(20241120)
    psu = rng.integers(STRATA * PSUS_PER_STRATUM, size=PEOPLE)
    first = rng.integers(len(STATES), size=PEOPLE)
    redrawn = rng.integers(len(STATES), size=PEOPLE)
    second = np.where(rng.random(PEOPLE) < 0.8, first, redrawn)
    return {
        wave: pd.DataFrame(
            {
                "person": np.arange(PEOPLE),
                "support": np.array(STATES)[answer],
                "weight": rng.lognormal(-0.1, 0.45, PEOPLE),
                "stratum": psu // PSUS_PER_STRATUM,
                "psu": psu,
            }
        )
        for wave, answer in {"w1": first, "w2": second}.items()
    }


def time_transitions() -> list[Row]:
    """A transition table with standard errors, against one weighted count of its cells."""
    waves = make_waves()
    item = op.Item("support", {state: [state] for state in STATES})
    design = op.Design(weight="weight", stratum="stratum", psu="psu")

    def build() -> op.Panel:
        return op.Panel.from_waves(waves, person="person", items={"support": item}, design=design)

    panel = build()
    origin, destination = (
        pd.Categorical(frame["support"], categories=STATES).codes.astype(np.intp)
        for frame in waves.values()
    )
    weight = waves["w2"]["weight"].to_numpy()
    cells = len(STATES) ** 2

    def count() -> np.ndarray:
        return np.bincount(origin * len(STATES) + destination, weights=weight, minlength=cells)

    def estimate() -> np.ndarray:
        return op.transitions(panel, "support").to_frame()["std_error"].to_numpy()

    # A fast wrong answer is worth nothing: the shares must be those of the bare count.
    table = count().reshape(len(STATES), -1)
    shares = op.transitions(panel, "support").to_frame()["estimate"].to_numpy()
    np.testing.assert_allclose(shares, (table / table.sum(axis=1, keepdims=True)).ravel())
    if not np.all(estimate() > 0):
        raise AssertionError("a standard error is missing")

    estimated, counted = in_turn((estimate, count), RUNS)
    built, _ = in_turn((build, count), 3)
    return [
        ("transitions with standard errors", "bare bincount", estimated, counted),
        ("linking and checking the panel", "bare bincount", built, counted),
    ]


def time_import() -> Row:
    """A fresh interpreter that imports opinionpanel, against one that imports pandas."""

    def fresh(module: str) -> Callable[[], object]:
        command = [sys.executable, "-c", f"import {module}"]
        return lambda: subprocess.run(command, check=True)

    ours, theirs = in_turn((fresh("opinionpanel"), fresh("pandas")), IMPORT_RUNS)
    return ("import opinionpanel", "import pandas", ours, theirs)


def main() -> None:
    """Measure and print."""
    print(f"\n{PEOPLE:,} people x 2 waves, {STRATA} strata, {STRATA * PSUS_PER_STRATUM:,} PSUs")
    print(HEAD)
    for what, against, ours, least in (*time_transitions(), time_import()):
        print(row(what, ours, against, least))


if __name__ == "__main__":
    main()
