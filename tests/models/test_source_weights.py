"""Least squares: what weights must do, and what they refuse."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from opinionpanel.errors import DesignError
from opinionpanel.models.source_weights import (
    alike,
    by_state,
    fitted,
    refuse_certain,
    singular,
    undetermined,
)

DESIGN = np.array([[1, 0, 0], [1, 0, 1], [0, 1, 0], [0, 1, 1], [0, 1, 0]], dtype=float)


def shares_covariance(seed, cells=5, states=3):
    """A covariance of shares that add up to 1 in each cell."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(40, cells, states))
    root -= root.mean(axis=2, keepdims=True)
    flat = root.reshape(40, -1)
    return flat.T @ flat / 40


@given(st.integers(0, 1000))
def test_no_other_unbiased_weights_have_less_variance(seed):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(5, 12))
    covariance = root @ root.T
    weights = fitted(DESIGN, covariance)
    np.testing.assert_allclose(weights @ DESIGN, np.eye(3), atol=1e-9)
    inverse = np.linalg.inv(covariance)
    by_hand = np.linalg.solve(DESIGN.T @ inverse @ DESIGN, DESIGN.T @ inverse)
    np.testing.assert_allclose(weights, by_hand, rtol=1e-6, atol=1e-8)


def test_as_many_parameters_as_figures_need_no_covariance():
    np.testing.assert_array_equal(fitted(np.eye(3), np.full((3, 3), np.nan)), np.eye(3))


@given(st.integers(0, 1000), st.permutations([0, 1, 2]))
def test_weights_of_states_keep_sums_and_do_not_know_their_order(seed, order):
    covariance = shares_covariance(seed)
    weights = by_state(DESIGN, covariance, 3).reshape(3, 3, 5, 3)
    # Of shares that add up to 1 levels do so too, and effects add up to 0.
    whole = weights.sum(axis=1).mean(axis=2)
    np.testing.assert_allclose(whole.sum(axis=1), [1, 1, 0], atol=1e-9)
    turned = covariance.reshape(5, 3, 5, 3)[:, order][:, :, :, order].reshape(15, 15)
    others = by_state(DESIGN, turned, 3).reshape(3, 3, 5, 3)
    np.testing.assert_allclose(weights[:, order][:, :, :, order], others, atol=1e-8)


@given(st.integers(0, 1000))
def test_the_same_weights_have_the_least_sum_of_variances(seed):
    covariance = shares_covariance(seed)
    same = alike(DESIGN, covariance, 3)
    own = by_state(DESIGN, covariance, 3)
    # Any other weights that are the same for all states.
    other = np.kron(np.linalg.pinv(DESIGN), np.eye(3))

    def total(weights):
        return (weights @ covariance @ weights.T).diagonal().reshape(3, 3).sum(axis=1)

    assert (total(same) <= total(other) + 1e-9).all()
    assert (total(own) <= total(same) + 1e-9).all()


def test_what_figures_do_not_tell_apart_is_listed():
    assert undetermined(DESIGN).tolist() == []
    confounded = np.column_stack([DESIGN[:, :2], DESIGN[:, 0]])
    assert undetermined(confounded).tolist() == [0, 2]
    assert undetermined(np.zeros((0, 2))).tolist() == [0, 1]


def test_a_sum_that_does_not_vary():
    covariance = shares_covariance(1)
    assert not singular(covariance, 3)
    fixed = covariance.copy()
    fixed[0] = fixed[:, 0] = 0.0
    assert singular(fixed, 3)
    refuse_certain(np.eye(2), ["a", "b"])
    with pytest.raises(DesignError, match="The shares of b do not vary"):
        refuse_certain(np.diag([1.0, 0.0]), ["a", "b"])
