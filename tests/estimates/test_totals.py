"""Totals and their covariance against plain sums over people."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.design.sample_design import Design
from opinionpanel.design.sampling import Replication, compile_sampling
from opinionpanel.design.weights import PersonWeight
from opinionpanel.estimates.about import About
from opinionpanel.estimates.labels import label_rows
from opinionpanel.estimates.totals import tally, weighted_cells

LABELS = label_rows({"group": ["g", "g", "h"], "cell": ["a", "b", "a"]})


def example(seed, clustered, people=30):
    """Two cell variables, each with a weight of its own, over three strata."""
    rng = np.random.default_rng(seed)
    stratum = np.arange(people) % 3
    psu = np.arange(people) % 12 if clustered else None
    design = Design(weight="w", stratum="s", psu="p" if clustered else None)
    sampling = compile_sampling(design, np.ones(people, dtype=bool), stratum, psu, None)
    variables = [
        weighted_cells(
            rng.integers(-1, 3, people),
            PersonWeight(rng.choice([0.0, 0.5, 2.0], people), "w"),
            LABELS,
        )
        for _ in range(2)
    ]
    return sampling, variables


def columns(variables):
    """One column of weighted indicators for each cell, people in the rows."""
    return np.hstack(
        [
            (cells.cross.codes()[:, None] == np.arange(3)) * cells.weight.values[:, None]
            for cells in variables
        ]
    )


@pytest.mark.parametrize("clustered", [False, True])
@given(seed=st.integers(0, 2**32 - 1))
def test_totals_and_covariance_by_brute_force(clustered, seed):
    sampling, variables = example(seed, clustered)
    totals, z = tally(sampling, variables), columns(variables)
    np.testing.assert_allclose(totals.value, z.sum(axis=0))
    unit = np.arange(12)[np.arange(30) % 12] if clustered else np.arange(30)
    by_unit = np.zeros((unit.max() + 1, z.shape[1]))
    np.add.at(by_unit, unit, z)
    stratum = np.arange(len(by_unit)) % 3
    expected = sum((stratum == h).sum() * np.cov(by_unit[stratum == h].T, ddof=1) for h in range(3))
    np.testing.assert_allclose(totals.covariance, expected, atol=1e-12)
    np.testing.assert_array_equal(totals.n, (z > 0).sum(axis=0))
    np.testing.assert_allclose(totals.squares, (z**2).sum(axis=0))


@pytest.mark.parametrize("clustered", [False, True])
@given(seed=st.integers(0, 2**32 - 1))
def test_df_counts_units_and_strata_with_members(clustered, seed):
    sampling, variables = example(seed, clustered)
    totals, z = tally(sampling, variables), columns(variables) > 0
    unit = np.arange(30) % 12 if clustered else np.arange(30)
    for domain in ([0], [0, 1], [0, 1, 2], [3, 5]):
        rows = np.isin(np.arange(6), domain)
        member = z[:, domain].any(axis=1)
        expected = len(set(unit[member])) - len(set((np.arange(30) % 3)[member]))
        assert totals.freedom(rows[None, :]).values[0] == expected


def test_shares_within_a_domain_and_kish():
    sampling, _ = example(0, clustered=False)
    codes = np.r_[np.zeros(10), np.ones(10), np.full(10, -1)].astype(np.int64)
    weight = np.r_[np.full(10, 1.0), np.full(10, 3.0), np.full(10, 9.0)]
    totals = tally(sampling, [weighted_cells(codes, PersonWeight(weight, "w"), LABELS)])
    shares = totals.shares(["group"], About(measure="shares", title="t"))
    np.testing.assert_allclose(shares.value, [0.25, 0.75, np.nan])
    np.testing.assert_array_equal(shares.n, [20, 20, 0])
    np.testing.assert_array_equal(shares.n_cell, [10, 10, 0])
    np.testing.assert_allclose(shares.n_effective[0], 40**2 / (10 * 1 + 10 * 9))
    assert np.isnan(shares.covariance[2]).all()
    assert np.isfinite(shares.covariance[:2, :2]).all()


def test_a_stratum_taken_whole_is_known_exactly():
    people = pd.DataFrame(
        {"id": range(12), "x": [0, 1, 1] * 4, "region": ["all"] * 6 + ["some"] * 6}
    )
    people["population"] = [6] * 6 + [60] * 6
    panel = op.Panel.from_wide(
        people,
        person="id",
        items={"x": op.Item({"w": "x"}, {"no": [0], "yes": [1]})},
        groups=["region"],
        design=op.Design(weight=None, stratum="region", fpc="population"),
    )
    frame = op.shares(panel, "x", by="region").to_frame()
    whole = frame["region"] == "all"
    assert (frame.loc[whole, "conf_low"] == frame.loc[whole, "estimate"]).all()
    assert (frame.loc[~whole, "conf_low"] < frame.loc[~whole, "estimate"]).all()
    together = op.shares(panel, "x").to_frame()
    assert (together["conf_low"] < together["estimate"]).all()


def test_without_calibration_only_what_nobody_is_in_is_exact():
    """By replicates as by linearisation: a cell that happens not to vary is not known."""
    sampling, variables = example(3, clustered=True)
    empty = weighted_cells(np.full(30, -1), variables[0].weight, LABELS)
    assert tally(sampling, [variables[0], empty]).exact.tolist() == [False] * 3 + [True] * 3
    constants = Replication("bootstrap", 0.5, np.ones(2), False, None)
    weight = variables[0].weight.values
    weight = PersonWeight(weight, "w", np.stack([weight * 2, weight / 2], axis=1))
    replicated = [
        weighted_cells(codes, weight, LABELS) for codes in (np.arange(30) % 3, np.full(30, -1))
    ]
    totals = tally(constants, replicated)
    assert totals.exact.tolist() == [False] * 3 + [True] * 3
    assert totals.n[3:].tolist() == [0, 0, 0]


def test_cells_put_together_have_the_df_of_all_who_are_in_them():
    """Group g is in the PSUs 0 and 1, h in six others; together they are in eight."""
    psu = np.repeat(np.arange(8), 3)
    design = Design(weight="w", psu="p")
    sampling = compile_sampling(design, np.ones(24, dtype=bool), None, psu, None)
    codes = np.where(psu < 1, 0, np.where(psu < 2, 1, 2))
    totals = tally(sampling, [weighted_cells(codes, PersonWeight(np.ones(24), "w"), LABELS)])
    together = totals.combine(
        np.array([[1, 1, 0], [0, 0, 1], [1, 1, 1]], dtype=bool),
        label_rows({"group": ["g", "h", "all"]}),
    )
    assert together.freedom(np.eye(3, dtype=bool)).values.tolist() == [1, 5, 7]


def test_of_cells_put_together_only_those_all_known_exactly_are_known():
    people = pd.DataFrame({"x": np.arange(12) % 2, "region": ["all"] * 6 + ["some"] * 6})
    population = np.where(people["region"] == "all", 6.0, 60.0)
    sampling = compile_sampling(
        Design(weight=None, stratum="region", fpc="population"),
        np.ones(12, dtype=bool),
        np.arange(12) // 6,
        None,
        population,
    )
    codes = np.where(np.arange(12) < 6, np.arange(12) % 2, 2)
    totals = tally(sampling, [weighted_cells(codes, PersonWeight(np.ones(12), "w"), LABELS)])
    assert totals.exact.tolist() == [True, True, False]
    matrix = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 1]], dtype=bool)
    together = totals.combine(matrix, label_rows({"cell": list("xyz")}))
    assert together.exact.tolist() == [True, True, False]


def test_cells_of_several_variables_are_numbered_through():
    sampling, variables = example(1, clustered=False)
    assert tally(sampling, variables).labels.index.tolist() == list(range(6))
