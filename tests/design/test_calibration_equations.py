"""Calibration equations: targets met, bounds kept, and what cannot be met."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from opinionpanel.design.calibration_equations import (
    TOLERANCE,
    nearest_bounds,
    nearest_factors,
    solve_factors,
    solve_singular,
)

METHODS = [("linear", None), ("raking", None), ("logit", (0.5, 2.0))]


def two_margins(rows, columns):
    """Combinations of two margins: one row each, the categories of both in the columns."""
    first, second = np.divmod(np.arange(rows * columns), columns)
    return (
        np.hstack([first[:, None] == np.arange(rows), second[:, None] == np.arange(columns)]) * 1.0
    )


@pytest.mark.parametrize(("method", "bounds"), METHODS)
@given(seed=st.integers(0, 2**32 - 1))
def test_targets_are_met_and_bounds_kept(method, bounds, seed):
    rng = np.random.default_rng(seed)
    design = two_margins(3, 4)
    weights = rng.lognormal(size=12)
    # Totals that factors within the bounds do reach.
    targets = (weights * rng.uniform(0.7, 1.5, 12)) @ design
    solution = solve_factors(weights, design, targets, method, bounds)
    assert solution.converged
    np.testing.assert_allclose((weights * solution.factors) @ design, targets, rtol=TOLERANCE)
    if bounds:
        assert (solution.factors > bounds[0]).all()
        assert (solution.factors < bounds[1]).all()


@given(seed=st.integers(0, 2**32 - 1))
def test_raking_ends_where_iterative_proportional_fitting_does(seed):
    rng = np.random.default_rng(seed)
    table = rng.uniform(0.5, 2, (3, 4))
    rows, columns = rng.dirichlet([5] * 3), rng.dirichlet([5] * 4)
    targets = np.r_[rows, columns]
    solution = solve_factors(table.ravel(), two_margins(3, 4), targets, "raking")
    fitted = table.copy()
    for _ in range(500):
        fitted *= (rows / fitted.sum(axis=1))[:, None]
        fitted *= columns / fitted.sum(axis=0)
    np.testing.assert_allclose(table * solution.factors.reshape(3, 4), fitted, rtol=1e-8)


def test_linear_is_the_regression_estimator():
    weights, design = np.array([1.0, 2.0, 3.0, 4.0]), two_margins(2, 2)
    targets = np.array([4.0, 6.0, 4.5, 5.5])
    slopes = np.linalg.lstsq(design.T @ (weights[:, None] * design), targets - weights @ design)[0]
    solution = solve_factors(weights, design, targets, "linear")
    np.testing.assert_allclose(solution.factors, 1 + design @ slopes)


def test_far_targets_converge_by_step_halving():
    weights, design = np.array([1e6, 1.0, 1.0, 1e-3]), two_margins(2, 2)
    targets = np.array([1.0, 1e5, 10.0, 1e5 - 9.0])
    solution = solve_factors(weights, design, targets, "raking")
    assert solution.converged
    np.testing.assert_allclose((weights * solution.factors) @ design, targets, rtol=1e-10)


def test_what_cannot_be_met_does_not_converge_and_says_how_near_it_comes():
    # Nobody is in the first row and the second column: the first row is within the first column.
    weights, design = np.ones(3), two_margins(2, 2)[[0, 2, 3]]
    targets = np.array([2.0, 1.0, 1.5, 1.5])
    assert not solve_factors(weights, design, targets, "raking").converged
    reached = nearest_factors(weights, design, targets, (0.0, np.inf)) * weights @ design
    np.testing.assert_allclose(reached[[0, 2]], 1.5)
    assert nearest_bounds(weights, design, targets, (0.5, 2.0)) is None


def test_nearest_bounds_are_just_wide_enough():
    weights, design = np.ones(2), np.eye(2)
    targets = np.array([0.4, 1.6])
    assert not solve_factors(weights, design, targets, "logit", (0.8, 1.3)).converged
    # From 0.8 to 0.4 is three times the way from 1; from 1.3 to 1.6 only twice.
    low, high = nearest_bounds(weights, design, targets, (0.8, 1.3))
    np.testing.assert_allclose([low, high], [0.4, 1.9])
    assert solve_factors(weights, design, targets, "logit", (low - 0.01, high + 0.01)).converged


def test_a_singular_system_is_solved_whatever_its_scale():
    design = two_margins(3, 3)
    scale = np.array([1e-8, 1, 1, 1e8, 1, 1, 1e4, 1, 1])
    matrix = design.T @ (scale[:, None] * design)
    right = matrix @ np.arange(6.0)
    np.testing.assert_allclose(matrix @ solve_singular(matrix, right), right, rtol=1e-9)
    np.testing.assert_array_equal(solve_singular(np.zeros((2, 2)), np.zeros(2)), 0.0)


def test_linear_factors_are_one_for_those_in_no_category():
    """Two of three have the one category: its total of 3 is half as much again for each."""
    solution = solve_factors(np.ones(3), np.array([[1.0], [1.0], [0.0]]), np.array([3.0]), "linear")
    np.testing.assert_allclose(solution.factors, [1.5, 1.5, 1.0])
