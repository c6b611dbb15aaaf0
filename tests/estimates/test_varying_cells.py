"""Blocks of a covariance, whichever are asked for and however they are made, are those of all."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
from engine_frames import on_engine
from hypothesis import given, settings, strategies as st

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import covariances, totals, varying_cells

few = settings(max_examples=4)
PEOPLE = 90
DESIGNS = {
    "psu": {"psu": "p"},
    "people": {},
    "one stratum": {"stratum": None},
    "finite, psu": {"psu": "p", "fpc": "N"},
    "finite, people": {"fpc": "N"},
}


def drawn(seed, design, *, weight_per_wave, raked=False):
    """A panel of three waves, at each of which some are missing."""
    rng = np.random.default_rng(seed)
    weight, waves = rng.lognormal(size=PEOPLE), {}
    for wave in ("t1", "t2", "t3"):
        if weight_per_wave:
            weight = rng.lognormal(size=PEOPLE)
        people = pd.DataFrame(
            {
                "person": np.arange(PEOPLE),
                "answer": rng.integers(1, 4, PEOPLE),
                "w": weight,
                "s": np.arange(PEOPLE) % 3,
                "p": np.arange(PEOPLE) % 18,
                "N": 60.0,
                "sex": np.where(np.arange(PEOPLE) % 2, "m", "f"),
            }
        )
        waves[wave] = people[rng.random(PEOPLE) < 0.85]
    panel = op.Panel.from_waves(
        waves,
        person="person",
        items={"answer": op.Item("answer", {"a": [1], "b": [2], "c": [3]})},
        groups=["sex"],
        design=op.Design(**{"weight": "w", "stratum": "s", **DESIGNS[design]}),
    )
    return op.rake(panel, {"sex": {"m": 0.6, "f": 0.4}}) if raked else panel


@contextmanager
def in_small_pieces() -> Iterator[None]:
    """Take every panel for one with a great many cells."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(covariances, "CHUNK", 4)
        patch.setattr(varying_cells, "CHUNK", 4)
        patch.setattr(varying_cells, "FEW", 0)
        patch.setattr(varying_cells, "MANY", 0)
        patch.setattr(totals, "MOST_BY_UNIT", 0)
        patch.setattr(totals, "FEW", 0)
        yield


def assert_near(found, expected, size):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12 * size)


@pytest.mark.parametrize("raked", [False, True])
@pytest.mark.parametrize("weight_per_wave", [False, True])
@pytest.mark.parametrize("design", DESIGNS)
@few
@given(seed=st.integers(0, 2**32 - 1), chosen=st.sets(st.integers(0, 17), min_size=2))
def test_a_block_is_that_of_the_whole(design, weight_per_wave, raked, seed, chosen):
    panel = drawn(seed, design, weight_per_wave=weight_per_wave, raked=raked)
    rows = np.array(sorted(chosen))
    whole = op.shares(panel, "answer", by="sex").covariance
    size = whole.diagonal().max()
    made = op.shares(panel, "answer", by="sex")
    # Errors, and then some of them: neither leaves anything out for the other.
    assert_near(made.spread.variances, whole.diagonal(), size)
    assert_near(made.spread.block(rows), whole[np.ix_(rows, rows)], size)
    assert_near(made.at(rows).covariance, whole[np.ix_(rows, rows)], size)
    assert_near(made.at(rows).spread.variances, whole.diagonal()[rows], size)


@pytest.mark.parametrize("raked", [False, True])
@pytest.mark.parametrize("weight_per_wave", [False, True])
@pytest.mark.parametrize("design", DESIGNS)
@few
@given(seed=st.integers(0, 2**32 - 1))
def test_many_cells_vary_as_few_do(design, weight_per_wave, raked, seed):
    panel = drawn(seed, design, weight_per_wave=weight_per_wave, raked=raked)

    def figures():
        found = op.transitions(panel, "answer", by="sex")
        change = op.shares(panel, "answer", by="sex").difference("wave", "t3", minus="t1")
        return found, change, op.net_change(panel, "answer")

    expected = figures()
    with in_small_pieces():
        for one, other in zip(figures(), expected, strict=True):
            size = np.nanmax(other.covariance.diagonal())
            np.testing.assert_allclose(one.value, other.value, rtol=1e-12, atol=1e-12)
            assert_near(one.spread.variances, other.covariance.diagonal(), size)
            assert_near(one.covariance, other.covariance, size)
            np.testing.assert_array_equal(one.df, other.df)
            np.testing.assert_array_equal(one.n, other.n)
            np.testing.assert_array_equal(one.exact, other.exact)


def test_errors_of_a_weight_per_wave_ask_for_no_table_of_two_waves(monkeypatch):
    panel = drawn(1, "people", weight_per_wave=True)
    asked = []
    made = varying_cells.shared_cells
    monkeypatch.setattr(
        varying_cells,
        "shared_cells",
        lambda plan, pairs, sums: asked.extend(pairs) or made(plan, pairs, sums),
    )
    shares = op.shares(panel, "answer")
    assert np.isfinite(shares.std_error).all()
    assert not asked
    # A difference asks for the two that it compares, and nothing asks twice.
    shares.difference("wave", "t3", minus="t1").to_frame()
    assert asked == [(0, 2)]
    _ = shares.covariance
    assert sorted(asked) == [(0, 1), (0, 2), (1, 2)]


def test_too_many_cells_to_compare_samples_of_a_finite_population_are_refused(monkeypatch):
    shares = op.shares(drawn(1, "finite, people", weight_per_wave=True), "answer")
    monkeypatch.setattr(varying_cells, "MOST", 8)
    assert np.isfinite(shares.std_error).all()
    with pytest.raises(SelectionError, match=r"all cells tallied with them, here 9.*where"):
        _ = shares.difference("wave", "t3", minus="t1").std_error


@pytest.mark.parametrize("design", ["people", "finite, people"])
def test_an_engine_is_asked_for_nothing_later(monkeypatch, design):
    panel = drawn(1, design, weight_per_wave=True)
    shares = op.shares(on_engine(panel, "polars"), "answer")
    with monkeypatch.context() as patch:
        patch.setattr(varying_cells, "shared_cells", None)
        found = shares.difference("wave", "t3", minus="t1").std_error, shares.covariance
    expected = op.shares(panel, "answer")
    assert_near(found[0], expected.difference("wave", "t3", minus="t1").std_error, 1)
    assert_near(found[1], expected.covariance, expected.covariance.max())
