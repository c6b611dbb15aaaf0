"""The area-level model: R's metafor and sae, and what it must be where variances are extreme."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from places import GOLDEN_FILES

from opinionpanel.models.area_model import (
    fit_areas,
    fit_shares,
    from_logits,
    restricted_likelihood,
)

AREAS = pd.read_csv(GOLDEN_FILES / "smoothing_areas.csv")
FOUND = pd.read_csv(GOLDEN_FILES / "smoothing_golden.csv").set_index(["model", "what"])["value"]


def areas(model):
    """Estimates, sampling errors and covariates of one of the golden models."""
    rows = AREAS[AREAS["model"] == model]
    if model == "two":
        psi = np.array([[rows["psi11"], rows["psi12"]], [rows["psi12"], rows["psi22"]]])
        return rows[["z1", "z2"]].to_numpy(), np.moveaxis(psi, 2, 0), np.ones((len(rows), 1))
    x = rows[["x"]].to_numpy()
    x = x if model == "one" else x == [2, 3, 4]
    sampling = rows["psi11"].to_numpy()[:, None, None]
    return rows[["z1"]].to_numpy(), sampling, np.column_stack([np.ones(len(rows)), x])


def between(model, what="between"):
    entries = FOUND.loc[[(model, what)]].to_numpy()
    return entries[[[0, 1], [1, 2]]] if model == "two" else entries[:, None]


@pytest.mark.parametrize("model", ["one", "two", "milk"])
def test_the_variance_between_areas_is_that_of_metafor(model):
    found = restricted_likelihood(*areas(model))
    np.testing.assert_allclose(found, between(model), atol=1e-5, rtol=0)


@pytest.mark.parametrize("model", ["one", "two"])
def test_areas_are_predicted_as_metafor_does(model):
    z, sampling, covariates = areas(model)
    wanted = FOUND[model, "predicted"].to_numpy().reshape(z.shape)
    known = fit_areas(z, sampling, covariates, between(model))
    np.testing.assert_allclose(known.predicted, wanted, atol=1e-8)
    found = fit_areas(z, sampling, covariates, restricted_likelihood(z, sampling, covariates))
    np.testing.assert_allclose(found.predicted, wanted, atol=1e-5)
    np.testing.assert_allclose(known.smoother @ z.ravel(), known.predicted.ravel(), atol=1e-12)


def test_the_published_case_has_the_predictions_and_errors_of_sae():
    z, sampling, covariates = areas("milk")
    variance = between("milk", "between by sae")
    fit = fit_areas(z, sampling, covariates, variance)
    wanted = FOUND["milk", "predicted by sae"].to_numpy()
    np.testing.assert_allclose(fit.predicted[:, 0], wanted, atol=1e-12)
    off = fit.smoother - np.eye(len(z))
    errors = variance * off @ off.T + fit.smoother * sampling[:, 0, 0] @ fit.smoother.T
    errors = errors.diagonal() + fit.estimated(fit, variance + sampling)[:, 0, 0]
    np.testing.assert_allclose(errors, FOUND["milk", "error by sae"], rtol=1e-12)


@st.composite
def counted(draw, least=1):
    """Shares of three states in some areas, with how many people gave them."""
    number = draw(st.integers(6, 10))
    counts = np.array(
        draw(st.lists(st.tuples(*[st.integers(least, 30)] * 3), min_size=number, max_size=number))
    )
    counts[0] += 1
    people = counts.sum(axis=1).clip(1).astype(float)
    counts[counts.sum(axis=1) == 0, 0] = 1
    return counts / counts.sum(axis=1, keepdims=True), people


few = settings(max_examples=10)


@few
@given(counted(least=0))
def test_without_variance_all_areas_are_the_same_and_with_endless_variance_their_own(drawn):
    shares, people = drawn
    one = np.ones((len(shares), 1))
    same = from_logits(fit_shares(shares, people, one, np.zeros((2, 2))).predicted)
    pooled = people @ shares / people.sum()
    np.testing.assert_allclose(same, np.tile(pooled, (len(shares), 1)), atol=1e-6)
    inside = (shares + 0.01) / 1.03
    own = from_logits(fit_shares(inside, people, one, 1e8 * np.eye(2)).predicted)
    np.testing.assert_allclose(own, inside, atol=1e-5)


@few
@given(counted())
def test_it_does_not_matter_which_state_logits_are_against(drawn):
    shares, people = drawn
    one = np.ones((len(shares), 1))
    first = from_logits(fit_shares(shares, people, one).predicted)
    other = from_logits(fit_shares(shares[:, [2, 0, 1]], people, one).predicted)
    np.testing.assert_allclose(other[:, [1, 2, 0]], first, atol=1e-4)


def test_areas_without_people_are_predicted_with_wider_errors():
    rng = np.random.default_rng(4)
    shares = rng.dirichlet([4, 3, 2], 12)
    shares[5] = np.nan
    fit = fit_shares(shares, np.full(12, 40.0), np.ones((12, 1)))
    assert not fit.seen[5]
    assert not fit.residual[5].any()
    np.testing.assert_allclose(fit.smoother[:, 10:12], 0, atol=1e-12)
    assert np.isfinite(fit.predicted).all()
