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


@few
@given(counted())
def test_areas_without_people_have_larger_errors_than_all_others(drawn):
    shares, people = drawn
    shares[2] = np.nan
    fit = fit_shares(shares, people, np.ones((len(shares), 1)))
    assert not fit.seen[2]
    assert not fit.residual[2].any()
    np.testing.assert_allclose(fit.smoother[:, 4:6], 0, atol=1e-12)
    assert np.isfinite(fit.predicted).all()
    errors = fit.between - fit.between @ fit.weight @ fit.between
    errors = errors + fit.estimated(fit, fit.between + fit.sampling)
    for error in (fit.between, *errors):
        assert np.linalg.eigvalsh(errors[2] - error).min() > -1e-9


def test_what_areas_without_people_differ_by_is_never_nothing():
    # Areas that are alike: the likelihood is highest at 0, and the adjusted one is not.
    people = np.array([12.0, 25, 40, 18, 30, 22, 15, 35, 28])
    shares = np.column_stack([np.full(9, 0.4), np.full(9, 0.6)])
    shares[4] = np.nan
    fit = fit_shares(shares, people, np.ones((9, 1)))
    np.testing.assert_allclose(fit.between, 0, atol=1e-6)
    sampling = fit.sampling[fit.seen, 0, 0]
    grid = np.linspace(1e-4, 0.4, 40_000)
    weight = 1 / (grid[:, None] + sampling)
    likely = np.log(grid) + (np.log(weight).sum(axis=1) - np.log(weight.sum(axis=1))) / 2
    # What the variance of Σ adds to the errors of the others, below what smoothing gains.
    third = np.minimum(4 / (sampling * (1 / sampling**2).sum()), sampling)
    assert third.max() > grid[likely.argmax()] > third.min()
    assert fit.beyond[0, 0] == pytest.approx(third.max(), rel=1e-3)
    shares[:, 0] += np.array([0.12, -0.1, 0.04, 0, 0, 0.05, -0.2, 0.1, -0.06])
    shares[:, 1] = 1 - shares[:, 0]
    fit = fit_shares(shares, people, np.ones((9, 1)))
    seen = fit.seen
    weight = 1 / (grid[:, None] + fit.sampling[seen, 0, 0])
    z = fit.residual[seen, 0]
    mean = (weight * z).sum(axis=1) / weight.sum(axis=1)
    likely = np.log(grid) + (np.log(weight).sum(axis=1) - np.log(weight.sum(axis=1))) / 2
    likely -= (weight * (z - mean[:, None]) ** 2).sum(axis=1) / 2
    found = fit.between[0, 0] + fit.beyond[0, 0]
    assert found == pytest.approx(grid[likely.argmax()], rel=1e-3)
