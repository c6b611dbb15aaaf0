"""Seven yearly waves of one question, from the file to paths and a typology, against pandas."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from by_pandas import DATA, needs_data

import opinionpanel as op
from opinionpanel.measures.change_counts import number_of_changes, typology
from opinionpanel.measures.trajectories import first_change, paths, returns, stable_core

pytestmark = needs_data

STATES = {"satisfied": [1, 2], "neutral": [3], "unsatisfied": [4, 5]}
YEARS = [str(year) for year in range(2008, 2015)]


@pytest.fixture(scope="module")
def named():
    """The answers as text, a column for each year, by pandas alone."""
    frame = pd.read_csv(DATA / "small/rlms_job_satisfaction.csv")
    frame.columns = YEARS
    return frame.replace({code: state for state, codes in STATES.items() for code in codes})


@pytest.fixture(scope="module")
def panel():
    frame = pd.read_csv(DATA / "small/rlms_job_satisfaction.csv")
    item = op.Item(dict(zip(YEARS, frame.columns, strict=True)), STATES)
    return op.Panel.from_wide(frame, items={"job": item})


def test_paths(panel, named, show):
    found = paths(panel, "job")
    counts = named.agg(" → ".join, axis=1).value_counts()
    kept = counts[counts >= 10]
    frame = found.to_frame()
    assert dict(zip(frame["path"], frame["n_cell"], strict=True)) == {
        **kept,
        "other paths": 1718 - kept.sum(),
    }
    assert frame["path"].iloc[0] == " → ".join(["satisfied"] * 7)
    share = frame["n_cell"] / 1718
    np.testing.assert_allclose(frame["estimate"], share, rtol=1e-12)
    np.testing.assert_allclose(frame["std_error"], np.sqrt(share * (1 - share) / 1717), rtol=1e-9)
    (note,) = found.about.notes.values()
    assert note.startswith(f"“other paths”: {(counts < 10).sum()} paths that fewer than 10 people")
    show(
        f"{len(counts)} paths of 3^7 = 2187; the first: {frame['path'][0]} "
        f"{100 * frame['estimate'][0]:.1f} %; {len(kept)} of ten people or more",
        note,
    )


def test_every_path_has_a_row_if_asked_for(panel, named):
    found = paths(panel, "job", min_n=1)
    counts = named.agg(" → ".join, axis=1).value_counts()
    assert dict(zip(found.labels["path"], found.n_cell, strict=True)) == dict(counts)
    np.testing.assert_allclose(found.value.sum(), 1.0)


def test_stable_core_and_number_of_changes(panel, named, show):
    stayed = named.eq(named["2008"], axis=0).all(axis=1)
    core = stable_core(panel, "job")
    by_state = named.loc[stayed, "2008"].value_counts().reindex(STATES, fill_value=0)
    assert core.n_cell.tolist() == [stayed.sum(), *by_state]
    number = sum((named[a] != named[b]).astype(int) for a, b in pairwise(YEARS))
    changes = number_of_changes(panel, "job")
    assert changes.n_cell.tolist() == number.value_counts().reindex(range(7)).tolist()
    mean = number_of_changes(panel, "job", mean=True)
    np.testing.assert_allclose(mean.value[0], number.mean())
    np.testing.assert_allclose(mean.std_error[0], number.std() / np.sqrt(1718))
    moved = op.turnover(panel, "job", base="balanced").select(component="total")
    np.testing.assert_allclose(moved.value.sum(), mean.value[0])
    show(
        f"stable core {100 * core.value[0]:.1f} %, mean changes {mean.value[0]:.3f} "
        f"(SE {mean.std_error[0]:.3f})"
    )


def test_first_changes_and_returns(panel, named):
    moved = named.ne(named["2008"], axis=0)
    when = moved.idxmax(axis=1).where(moved.any(axis=1), "never")
    first = first_change(panel, "job")
    assert dict(zip(first.labels["wave"], first.n_cell, strict=True)) == {
        wave: (when == wave).sum() for wave in [*YEARS[1:], "never"]
    }
    left = moved[YEARS[:-1]].any(axis=1)
    came_back = left & (~moved & (moved.cumsum(axis=1) > 0)).any(axis=1)
    back = returns(panel, "job")
    for row, origin in zip(back.to_frame().to_dict("records"), ["all", *STATES], strict=True):
        here = left & ((named["2008"] == origin) | (origin == "all"))
        assert row["origin"] == origin
        assert (row["n"], row["n_cell"]) == (here.sum(), (came_back & here).sum())


def test_types_and_what_they_answer(panel, named):
    typed = typology(panel, "job")
    number = sum((named[a] != named[b]).astype(int) for a, b in pairwise(YEARS))
    kinds = number.clip(upper=2).map({0: "stable", 1: "switched once", 2: "wavering"})
    shares = op.shares(typed, "job", waves=["2014"], by="typology")
    wanted = pd.crosstab(kinds, named["2014"], normalize="index")
    for kind in ("stable", "switched once", "wavering"):
        np.testing.assert_allclose(
            shares.select(typology=kind).value, wanted.loc[kind, list(STATES)], rtol=1e-12
        )
