"""Time shares by twenty groups against the Python package svy, linearised and with replicates."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from panels import PSUS, SEED, STATES, People, make_people
from peers import Peer, svy_python
from timing import Row, in_turn

import opinionpanel as op

GROUPS, REPLICATES = 20, 500
RUNS = 9
WORKER = Path(__file__).with_name("svy_worker.py")


def make_replicates(made: People) -> np.ndarray:
    """Make replicate weights as a survey house delivers them: PSUs drawn again, some never."""
    factors = np.random.default_rng(SEED).poisson(1.0, (PSUS, REPLICATES)).astype(float)
    return made.weight(0)[:, None] * factors[made.psu]


def replicate_panel(made: People, replicates: np.ndarray) -> op.Panel:
    """Make a panel with delivered replicate weights."""
    names = [f"rep{number}" for number in range(1, REPLICATES + 1)]
    columns = pd.DataFrame(replicates, columns=names, copy=False)
    return op.Panel.from_waves(
        {"w1": pd.concat([made.frames()["w1"], columns], axis=1)},
        person="person",
        items={"support": op.Item("support", {state: [state] for state in STATES})},
        groups=["group"],
        # svy divides by the number of replicates, not by one fewer.
        design=op.ReplicateDesign(
            kind="bootstrap", weight="weight", replicates="rep*", scale=1 / REPLICATES
        ),
    )


def shares_of(panel: op.Panel) -> Callable[[], object]:
    """Make the call that is timed: estimates that have their values and their covariance."""

    def estimate() -> object:
        found = op.shares(panel, "support", by="group")
        return found.value, found.covariance

    return estimate


def check_same(found: op.Estimates, theirs: dict[str, list[object]]) -> None:
    """Refuse different shares or a different covariance; svy has its own order of rows."""
    labels = [(str(group), str(state)) for group, state in theirs["keys"]]
    ours = found.labels[["group", "state"]].astype(str).itertuples(index=False, name=None)
    order = [labels.index(label) for label in ours]
    np.testing.assert_allclose(found.value, np.array(theirs["share"])[order], rtol=1e-9)
    covariance = np.array(theirs["covariance"])[np.ix_(order, order)]
    error = np.sqrt(np.diag(covariance))
    scale = np.outer(error, error)
    np.testing.assert_allclose(found.covariance / scale, covariance / scale, atol=1e-7)


def compare(
    panel: op.Panel, made: People, replicates: np.ndarray | None
) -> tuple[list[float], int] | tuple[list[None], int]:
    """Medians of ours and of svy's; None where svy is not installed."""
    python = svy_python()
    if python is None:
        return [None, None], 0
    columns = {
        "support": made.codes[0],
        "weight": made.weight(0),
        "psu": made.psu,
        "stratum": made.stratum,
        "group": made.group,
    }
    if replicates is not None:
        columns["replicates"] = replicates
    with tempfile.TemporaryDirectory() as folder:
        for name, column in columns.items():
            np.save(Path(folder) / f"{name}.npy", column)
        with Peer(python, WORKER, folder, *STATES) as peer:
            check_same(op.shares(panel, "support", by="group"), peer.found)
            return in_turn((shares_of(panel), lambda: peer.ask("again")), RUNS)


def against_product(
    panel: op.Panel, made: People, replicates: np.ndarray
) -> tuple[list[float], int]:
    """Medians of ours and of one dense product: 60 indicators by 500 replicates."""
    cell = made.group * len(STATES) + made.codes[0]
    indicator = np.zeros((GROUPS * len(STATES), len(cell)))
    indicator[cell, np.arange(len(cell))] = 1.0
    totals = (indicator @ replicates).reshape(GROUPS, len(STATES), REPLICATES)
    expected = (totals / totals.sum(axis=1, keepdims=True)).reshape(-1, REPLICATES)
    found = op.shares(panel, "support", by="group")
    assert found.replicates is not None
    np.testing.assert_allclose(found.replicates.values, expected.T, rtol=1e-9)
    return in_turn((shares_of(panel), lambda: indicator @ replicates), RUNS)


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure linearised, with replicate weights, and against a bare product of these."""
    people = 20_000 if quick else 100_000
    made = make_people(people, 1, groups=GROUPS)
    common = {"part": "against_svy", "people": people, "waves": 1}
    against_svy = {
        "against": "svy, warm",
        "note": "full 60×60 covariance, compared with svy's",
    }
    what = f"shares by {GROUPS} groups, {PSUS:,} PSUs"
    (ours, theirs), runs = compare(made.panel(clustered=True, grouped=True), made, None)
    yield Row(what=what, ours=ours, theirs=theirs, faster=20, runs=runs, **common, **against_svy)
    replicates = make_replicates(made)
    panel = replicate_panel(made, replicates)
    what = f"shares by {GROUPS} groups, {REPLICATES} replicate weights"
    (ours, theirs), runs = compare(panel, made, replicates)
    yield Row(what=what, ours=ours, theirs=theirs, faster=4, runs=runs, **common, **against_svy)
    (ours, theirs), runs = against_product(panel, made, replicates)
    yield Row(
        what=what,
        ours=ours,
        against="one dense product",
        theirs=theirs,
        at_most=1.0,
        runs=runs,
        note=f"60 × {people:,} by {people:,} × {REPLICATES}, float64, made before",
        **common,
    )
