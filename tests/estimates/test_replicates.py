"""The spread of replicates: what counts, what is undefined, and the published constants at work."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.errors import DesignError
from opinionpanel.estimates.replicates import Replicates, refuse_negative


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_covariance_is_the_weighted_spread(seed, mse):
    rng = np.random.default_rng(seed)
    values, rscales, value = rng.normal(size=(9, 3)), rng.random(9) + 0.1, rng.normal(size=3)
    centre = value if mse else values.mean(axis=0)
    expected = sum(
        0.4 * r * np.outer(row - centre, row - centre)
        for r, row in zip(rscales, values, strict=True)
    )
    covariance = Replicates(values, 0.4, rscales, mse).covariance(value).full
    np.testing.assert_allclose(covariance, expected)
    assert np.linalg.eigvalsh(covariance).min() >= -1e-8 * covariance.max()


def test_a_replicate_without_a_share_of_the_spread_counts_nowhere():
    values = np.array([[1.0, 2.0], [3.0, 2.0], [np.nan, 100.0]])
    some = Replicates(values, 0.5, np.array([1.0, 1.0, 0.0]), mse=False)
    without = Replicates(values[:2], 0.5, np.ones(2), mse=False)
    value = np.array([2.0, 2.0])
    np.testing.assert_array_equal(some.covariance(value).full, without.covariance(value).full)


@pytest.mark.parametrize("undefined", [np.nan, np.inf])
def test_undefined_under_a_replicate_has_no_error_and_leaves_the_rest(undefined):
    values = np.array([[1.0, 2.0, 5.0], [3.0, undefined, 4.0]])
    covariance = Replicates(values, 0.5, np.ones(2), mse=False).covariance(np.ones(3)).full
    assert np.isnan(covariance[1]).all()
    assert np.isnan(covariance[:, 1]).all()
    assert np.isfinite(covariance[np.ix_([0, 2], [0, 2])]).all()


def test_an_origin_that_a_replicate_empties_keeps_its_value():
    frame = pd.DataFrame(
        {
            "psu": np.repeat([1, 2, 3, 4], 5),
            "a": [0] * 15 + [1, 1, 1, 0, 0],  # nobody starts from "no" outside PSU 4
            "b": [0, 0, 1, 0, 1] * 4,
        }
    )
    item = op.Item({"a": "a", "b": "b"}, {"yes": [0], "no": [1]})
    design = op.Design(weight=None, psu="psu").as_replicates("jk1")
    moves = op.transitions(op.Panel.from_wide(frame, items={"x": item}, design=design), "x")
    no = moves.select(origin="no")
    np.testing.assert_allclose(no.value, [2 / 3, 1 / 3])
    assert no.n.tolist() == [3, 3]
    assert np.isnan(no.std_error).all()
    assert (no.df == 0).all()
    assert (moves.select(origin="yes").std_error > 0).all()


HALVES = 2 * np.array(
    [[1, 0, 1, 0, 1, 0], [0, 1, 1, 0, 0, 1], [1, 0, 0, 1, 0, 1], [0, 1, 0, 1, 1, 0]]
)


def scd(design=None, rho=None):
    """Cardiac arrests by ambulance station (Lumley 2010; R's survey, data scd), a row for each."""
    stations = pd.DataFrame(
        {
            "stratum": [1, 1, 2, 2, 3, 3],
            "station": [1, 2, 3, 4, 5, 6],
            "arrests": [120, 78, 185, 228, 670, 530],
            "alive": [25, 24, 30, 49, 80, 70],
            "w": 1.0,
        }
    )
    for number, factors in enumerate(HALVES, start=1):
        stations[f"rep_{number}"] = factors if rho is None else rho + (1 - rho) * factors
    parts = [
        stations.assign(a=code, count=count)
        for code, count in ((1, stations["alive"]), (0, stations["arrests"] - stations["alive"]))
    ]
    frame = pd.concat(parts, ignore_index=True)
    item = op.Item({"a": "a", "b": "b"}, {"died": [0], "alive": [1]})
    panel = op.Panel.from_wide(
        frame.assign(b=frame["a"]), items={"x": item}, design=design, count="count"
    )
    return op.shares(panel, "x", waves=["a"]).select(state="alive")


CLUSTERS = op.Design(weight="w", stratum="stratum", psu="station")
COLUMNS = {"weight": "w", "replicates": "rep_*"}


@pytest.mark.parametrize(
    ("design", "rho", "published"),
    [
        (CLUSTERS, None, 0.0098073),
        (CLUSTERS.as_replicates("jkn"), None, 0.0098465),
        (op.ReplicateDesign.brr(**COLUMNS), None, 0.0094184),
        (op.ReplicateDesign.fay(rho=0.3, **COLUMNS), 0.3, 0.0095252),
    ],
)
def test_published_standard_errors_of_the_ambulance_data(design, rho, published):
    alive = scd(design, rho)
    assert alive.value[0] == pytest.approx(0.1535064, abs=5e-8)
    assert alive.std_error[0] == pytest.approx(published, abs=5e-8)
    assert alive.df[0] == 3


def test_nothing_is_fitted_to_replicates_in_which_alike_people_weigh_less_than_nothing():
    """In two of three replicates; that nobody is left of a kind is no obstacle."""
    refuse_negative(np.array([[1.0, 0.0], [2.0, 3.0]]), "a model", "answers")
    message = r"\(a model\): in 2 of 3 replicates the weights of people with the same answers add"
    with pytest.raises(DesignError, match=message):
        refuse_negative(np.array([[1.0, -0.1], [2.0, 3.0], [-1.0, -1.0]]), "a model", "answers")
