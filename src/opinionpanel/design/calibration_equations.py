"""Solve calibration equations: factors that bring weighted totals to their targets.

Weights are summed by the combinations of margin categories beforehand: people with the same
combination get the same factor.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from opinionpanel.arrays import Floats

CalibrationMethod = Literal["linear", "raking", "logit"]
Bounds = tuple[float, float]

TOLERANCE = 1e-11
ITERATIONS = 100
HALVINGS = 40


@dataclass(frozen=True, eq=False)
class Solution:
    """Where the search for factors ended.

    Attributes
    ----------
    factors : numpy.ndarray, shape (combinations,)
        By how much the weights of each combination are multiplied.
    misfit : numpy.ndarray, shape (columns,)
        Reached totals less their targets, relative to the scale of each.
    converged : bool
        Whether every misfit is within `TOLERANCE`.
    """

    factors: Floats
    misfit: Floats
    converged: bool


def solve_factors(
    weights: Floats,
    columns: Floats,
    targets: Floats,
    method: CalibrationMethod,
    bounds: Bounds | None = None,
    scale: Floats | None = None,
) -> Solution:
    """Find the factors nearest to 1 that bring the totals of the columns to their targets.

    Parameters
    ----------
    weights : numpy.ndarray, shape (combinations,)
        Some of a replicate may be negative, as long as every column adds up to more than 0.
    columns : numpy.ndarray, shape (combinations, columns)
        The categories of all margins, or contrasts of them; they may be redundant.
    targets : numpy.ndarray, shape (columns,)
    method : {"linear", "raking", "logit"}
    bounds : tuple of float, optional
        Least and greatest factor, for "logit"; the one below 1, the other above.
    scale : numpy.ndarray, shape (columns,), optional
        Positive: what misfits are measured by. By default the targets.

    Returns
    -------
    Solution
        At most `ITERATIONS` Newton steps; it may not have converged.

    Notes
    -----
    The factors are F(xᵀλ) with F(u) = 1 + u (linear), exp(u) (raking), or the bounded logit; λ
    solves Σ d F(xᵀλ) x = targets (Deville & Särndal 1992).
    """
    link = _link(method, bounds)
    scale = targets if scale is None else scale
    multipliers = np.zeros(columns.shape[1])
    factors, slopes = link(columns @ multipliers)
    misfit = _misfit(weights * factors, columns, targets, scale)
    for _ in range(ITERATIONS):
        if np.abs(misfit).max() <= TOLERANCE:
            break
        slope = columns.T @ ((weights * slopes)[:, None] * columns)
        step = solve_singular(slope, -misfit * scale)
        # Newton steps can overshoot far from the solution: halve until the misfit shrinks.
        for _ in range(HALVINGS):
            tried, tried_slopes = link(columns @ (multipliers + step))
            reached = _misfit(weights * tried, columns, targets, scale)
            if np.linalg.norm(reached) < np.linalg.norm(misfit):
                break
            step = step / 2
        else:
            break
        multipliers, factors, slopes, misfit = multipliers + step, tried, tried_slopes, reached
    return Solution(factors, misfit, bool(np.abs(misfit).max() <= TOLERANCE))


def _link(
    method: CalibrationMethod, bounds: Bounds | None
) -> Callable[[Floats], tuple[Floats, Floats]]:
    """Give the function from xᵀλ to factors and their derivatives."""
    if method == "linear":
        return lambda u: (1.0 + u, np.ones_like(u))
    if method == "raking":

        def exponential(u: Floats) -> tuple[Floats, Floats]:
            # Beyond this the misfit is huge anyway, and the step is halved.
            factors = np.exp(np.minimum(u, 300.0))
            return factors, factors

        return exponential
    assert bounds is not None
    low, high = bounds
    steepness = (high - low) / ((1 - low) * (high - 1))
    offset = np.log((1 - low) / (high - 1))

    def logit(u: Floats) -> tuple[Floats, Floats]:
        place = 0.5 * (1.0 + np.tanh(0.5 * (steepness * u + offset)))
        return low + (high - low) * place, steepness * (high - low) * place * (1 - place)

    return logit


def _misfit(weights: Floats, columns: Floats, targets: Floats, scale: Floats) -> Floats:
    return np.asarray((weights @ columns) / scale - targets / scale)


def solve_singular(matrix: Floats, right: Floats) -> Floats:
    """Solve a symmetric system that redundant columns make singular.

    Parameters
    ----------
    matrix : numpy.ndarray, shape (k, k)
        Positive semidefinite, or nearly so.
    right : numpy.ndarray, shape (k,) or (k, m)

    Returns
    -------
    numpy.ndarray, shape of `right`
        A least-squares solution.
    """
    # With a diagonal of ones, what is singular shows, however rare a category is.
    diagonal = np.sqrt(np.diag(matrix))
    scale = np.divide(1.0, diagonal, out=np.zeros(len(matrix)), where=diagonal > 0)
    inverse = np.linalg.pinv(matrix * scale[:, None] * scale, rcond=1e-11, hermitian=True)
    return np.asarray((inverse * scale[:, None] * scale) @ right)


def nearest_factors(
    weights: Floats, columns: Floats, targets: Floats, bounds: Bounds, scale: Floats | None = None
) -> Floats:
    """Factors within bounds whose totals come nearest to the targets.

    Parameters
    ----------
    weights, columns, targets, scale
        As in `solve_factors`.
    bounds : tuple of float
        The greatest factor may be infinite.

    Returns
    -------
    numpy.ndarray, shape (combinations,)
        With the least sum of relative misfits; the misfits then stand in few columns.
    """
    from scipy.optimize import linprog

    count = len(targets)
    scale = targets if scale is None else scale
    solution = linprog(
        np.r_[np.zeros(len(weights)), np.ones(2 * count)],
        A_eq=np.hstack([(weights[:, None] * columns / scale).T, np.eye(count), -np.eye(count)]),
        b_eq=targets / scale,
        bounds=[bounds] * len(weights) + [(0.0, np.inf)] * (2 * count),
    )
    assert solution.x is not None, solution.message
    return np.asarray(solution.x[: len(weights)])


def nearest_bounds(
    weights: Floats, columns: Floats, targets: Floats, bounds: Bounds, scale: Floats | None = None
) -> Bounds | None:
    """Widen bounds about 1, both in proportion, as little as the targets allow.

    Parameters
    ----------
    weights, columns, targets, scale
        As in `solve_factors`.
    bounds : tuple of float

    Returns
    -------
    tuple of float, or None
        None where no positive factors meet the targets.
    """
    from scipy import sparse
    from scipy.optimize import linprog

    low, high = bounds
    count = len(weights)
    scale = targets if scale is None else scale
    relative = (weights[:, None] * columns / scale).T
    widening = np.r_[np.zeros(count), 1.0]
    # 1 − s (1 − low) ≤ factor ≤ 1 + s (high − 1), with s the last unknown: two numbers in a row.
    each, last, ones = np.arange(count), np.full(count, count), np.ones(count)
    numbers = np.r_[-ones, ones * (low - 1), ones, ones * (1 - high)]
    rows, places = np.r_[each, each, each + count, each + count], np.r_[each, last, each, last]
    # The type stubs of linprog know no sparse constraints.
    limits: Any = sparse.csr_array((numbers, (rows, places)))
    solution = linprog(
        widening,
        A_ub=limits,
        b_ub=np.r_[-np.ones(count), np.ones(count)],
        A_eq=np.c_[relative, np.zeros(len(targets))],
        b_eq=targets / scale,
        bounds=[(0.0, np.inf)] * (count + 1),
    )
    if solution.x is None:
        return None
    factor = float(solution.x[-1])
    return max(1 - factor * (1 - low), 0.0), 1 + factor * (high - 1)
