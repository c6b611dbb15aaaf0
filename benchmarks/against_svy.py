"""Time shares by twenty groups against the Python package svy, linearised and with replicates."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from panels import PSUS, SEED, STATES, People, make_people
from peers import Peer, svy_python
from timing import Row, explained, in_turn

import opinionpanel as op

GROUPS = 20
RUNS = 9
SVY = {
    "part": "against_svy",
    "waves": 1,
    "against": "svy, warm",
    "note": "full 60×60 covariance, compared with svy's",
}
WORKER = Path(__file__).with_name("svy_worker.py")


def make_replicates(made: People, count: int) -> np.ndarray:
    """Make replicate weights as a survey house delivers them: PSUs drawn again, some never."""
    factors = np.random.default_rng(SEED).poisson(1.0, (PSUS, count)).astype(float)
    return made.weight(0)[:, None] * factors[made.psu]


def replicate_panel(made: People, replicates: np.ndarray) -> op.Panel:
    """Make a panel with delivered replicate weights."""
    count = replicates.shape[1]
    names = [f"rep{number}" for number in range(1, count + 1)]
    columns = pd.DataFrame(replicates, columns=names, copy=False)
    return op.Panel.from_waves(
        {"w1": pd.concat([made.frames()["w1"], columns], axis=1)},
        person="person",
        items={"support": op.Item("support", {state: [state] for state in STATES})},
        groups=["group"],
        # svy divides by the number of replicates, not by one fewer.
        design=op.ReplicateDesign(
            kind="bootstrap", weight="weight", replicates="rep*", scale=1 / count
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
    """Medians of ours and of one dense product: 60 indicators by all replicates."""
    cell = made.group * len(STATES) + made.codes[0]
    indicator = np.zeros((GROUPS * len(STATES), len(cell)))
    indicator[cell, np.arange(len(cell))] = 1.0
    totals = (indicator @ replicates).reshape(GROUPS, len(STATES), -1)
    expected = (totals / totals.sum(axis=1, keepdims=True)).reshape(len(indicator), -1)
    found = op.shares(panel, "support", by="group")
    assert found.replicates is not None
    np.testing.assert_allclose(found.replicates.values, expected.T, rtol=1e-9)
    return in_turn((shares_of(panel), lambda: indicator @ replicates), RUNS)


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure linearised and with replicate weights; a million people have 4 GB of these."""
    for people in (10_000,) if quick else (10_000, 100_000, 1_000_000):
        yield linearised(make_people(people, 1, groups=GROUPS))
    for people in (10_000,) if quick else (10_000, 100_000):
        yield from replicated(make_people(people, 1, groups=GROUPS), 500, with_svy=True)
    if not quick:
        yield from replicated(make_people(12_500, 1, groups=GROUPS), 1_600, with_svy=False)


def linearised(made: People) -> Row:
    """Measure with strata and PSUs."""
    people = len(made.psu)
    panel = made.panel(clustered=True, grouped=True)
    (ours, theirs), runs = compare(panel, made, None)
    row = Row(
        what=f"shares by {GROUPS} groups, {PSUS:,} PSUs",
        ours=ours,
        theirs=theirs,
        faster=20 if people == 100_000 else None,
        people=people,
        runs=runs,
        **SVY,
    )
    return explained(row, shares_of(panel))


def replicated(made: People, count: int, *, with_svy: bool) -> Iterator[Row]:
    """Measure with replicate weights, against svy and against one bare product of them."""
    people, replicates = len(made.psu), make_replicates(made, count)
    panel = replicate_panel(made, replicates)
    what = f"shares by {GROUPS} groups, {count:,} replicate weights"
    many, large = count > 500, people == 100_000
    if with_svy:
        (ours, theirs), runs = compare(panel, made, replicates)
        faster = 8 if large else None
        row = Row(
            what=what, ours=ours, theirs=theirs, faster=faster, people=people, runs=runs, **SVY
        )
        yield explained(row, shares_of(panel))
    (ours, theirs), runs = against_product(panel, made, replicates)
    row = Row(
        part="against_svy",
        what=what,
        ours=ours,
        against="one dense product",
        theirs=theirs,
        at_most=2.0 if many else 0.5 if large else None,
        people=people,
        waves=1,
        runs=runs,
        note=f"60 × {people:,} by {people:,} × {count:,}, float64, made before",
    )
    yield explained(row, shares_of(panel))
