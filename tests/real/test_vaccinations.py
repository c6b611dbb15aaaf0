"""Three waves in long form with frequencies, drop-out among them: paths, changes, pairs."""

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from by_pandas import DATA, needs_data
from places import PUBLISHED_FIGURES

import opinionpanel as op
from opinionpanel.measures.change_counts import number_of_changes, typology
from opinionpanel.measures.trajectories import paths, returns, stable_core

pytestmark = needs_data

PUBLISHED = PUBLISHED_FIGURES
STATES = {"never": ["Never"], "sometimes": ["Sometimes"], "always": ["Always"]}
SURVEYS = ["ms153_NSA", "ms432_NSA", "ms460_NSA"]


@pytest.fixture(scope="module")
def long():
    return pd.read_csv(DATA / "small/vaccinations.csv")


@pytest.fixture(scope="module")
def panel(long):
    """People by frequency; "Missing" is drop-out: these people have no interview, so no row."""
    return op.Panel.from_long(
        long[long["response"] != "Missing"],
        person="subject",
        wave="survey",
        waves=SURVEYS,
        count="freq",
        items={"vaccinated": op.Item("response", STATES)},
    )


@pytest.fixture(scope="module")
def patterns(long):
    """Each pattern of answers with its frequency, by pandas alone."""
    wide = long.pivot(index="subject", columns="survey", values="response")[SURVEYS]
    wide = wide.replace("Missing", "not interviewed").apply(lambda column: column.str.lower())
    return wide.assign(freq=long.groupby("subject")["freq"].first())


def test_published_people(panel, long):
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))["transitions"]["vaccinations"]
    everyone = long.groupby("subject")["freq"].first().sum()
    assert f"N={everyone};" in published["title"]
    # One of them is missing at all three surveys.
    never = long.groupby("subject")["response"].agg(lambda answers: (answers == "Missing").all())
    assert panel.present.shape[1] == everyone - never.sum() == 952


def test_published_pairs(panel):
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))["transitions"]["vaccinations"]
    for first, second in pairwise(SURVEYS):
        pair = f"{first.removesuffix('_NSA')}-{second.removesuffix('_NSA')}"
        counts = np.array(published["pairs"][pair])
        moves = op.transitions(panel, "vaccinated", waves=[first, second])
        np.testing.assert_array_equal(moves.n_cell, counts.ravel())
        rows = counts / counts.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(moves.value, rows.ravel(), rtol=1e-12)


@pytest.mark.parametrize("number", [0, 1])
def test_published_marginal_homogeneity(panel, number):
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))["transitions"]["vaccinations"]
    test = op.marginal_homogeneity(panel, "vaccinated", waves=SURVEYS[number : number + 2])
    np.testing.assert_allclose(test.textbook, published["stuart_maxwell"][number], atol=5e-5)


def test_paths_with_drop_out_as_a_state(panel, patterns, show):
    found = paths(panel, "vaccinated", base="panel", min_n=1)
    started = patterns[patterns[SURVEYS[0]] != "not interviewed"]
    counts = started.set_index(started[SURVEYS].agg(" → ".join, axis=1))["freq"]
    assert dict(zip(found.labels["path"], found.n_cell, strict=True)) == dict(counts)
    assert counts.sum() == 861
    np.testing.assert_allclose(found.value, found.n_cell / 861, rtol=1e-12)
    merged = paths(panel, "vaccinated", base="panel")
    small = counts[counts < 10]
    assert merged.n_cell[-1] == small.sum()
    assert f"{len(small)} paths that fewer than 10 people took, {small.sum()}" in " ".join(
        str(merged).split()
    )
    show(
        f"{len(counts)} paths of 861 people interviewed at the first survey, "
        f"{len(small)} of fewer than ten; most frequent: {merged.labels['path'][0]} "
        f"{100 * merged.value[0]:.1f} %"
    )


def test_changes_among_those_who_answered_three_times(panel, patterns, show):
    complete = patterns[(patterns[SURVEYS] != "not interviewed").all(axis=1)]
    first, second, third = (complete[survey] for survey in SURVEYS)
    number = (first != second).astype(int) + (second != third).astype(int)
    changes = number_of_changes(panel, "vaccinated")
    assert changes.n_cell.tolist() == complete.groupby(number)["freq"].sum().tolist()
    core = stable_core(panel, "vaccinated")
    stayed = complete[number == 0].groupby(SURVEYS[0])["freq"].sum()
    assert core.n_cell.tolist() == [stayed.sum(), *(stayed[state] for state in STATES)]
    back = returns(panel, "vaccinated")
    for row, origin in zip(back.to_frame().to_dict("records"), ["all", *STATES], strict=True):
        here = (first != second) & ((first == origin) | (origin == "all"))
        assert row["n"] == complete.loc[here, "freq"].sum()
        assert row["n_cell"] == complete.loc[here & (third == first), "freq"].sum()
    typed = typology(panel, "vaccinated").groups["typology"]
    assert (typed.codes >= 0).sum() == complete["freq"].sum()
    show(
        f"{complete['freq'].sum()} people answered three times, "
        f"{100 * core.value[0]:.1f} % the same each time"
    )
