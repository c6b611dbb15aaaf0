"""From estimates to functions of them: derivatives and the covariance they carry over."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from opinionpanel.errors import SelectionError

__all__ = ["combined", "jacobian", "least", "sandwich"]

Floats = npt.NDArray[np.float64]


def combined(values: Floats, matrix: Floats) -> Floats:
    """Combine each row of values linearly; what rests on an undefined value is undefined."""
    known = np.isfinite(values)
    combined = np.where(known, values, 0.0) @ matrix.T
    # Times zero an undefined value is still undefined: leave those not touched out.
    touched = (~known).astype(np.float64) @ (matrix != 0).T.astype(np.float64) > 0
    return np.where(touched, np.nan, combined)


def sandwich(jacobian: Floats, covariance: Floats, defined: npt.NDArray[np.bool_]) -> Floats:
    """J V Jᵀ, with NaN for undefined results and without the undefined inputs nobody uses."""
    used = (jacobian[defined] != 0).any(axis=0)
    inner = jacobian[np.ix_(defined, used)]
    result = np.full((len(jacobian), len(jacobian)), np.nan)
    product = inner @ covariance[np.ix_(used, used)] @ inner.T
    result[np.ix_(defined, defined)] = (product + product.T) / 2
    return result


def least(depends: npt.NDArray[np.bool_], values: Floats) -> Floats:
    """Take, for each row, the least of the values that it depends on."""
    smallest = np.where(depends, values, np.inf).min(axis=1, initial=np.inf)
    # What depends on nothing (a difference of an estimate with itself) keeps the least of all.
    return np.asarray(np.where(np.isfinite(smallest), smallest, values.min(initial=np.inf)))


def jacobian(
    function: Callable[[npt.NDArray[Any]], npt.ArrayLike], value: Floats, size: int
) -> Floats:
    """Derivatives by a complex step, exact to rounding and checked by central differences."""
    exact = np.zeros((size, len(value)))
    numeric = np.zeros((size, len(value)))
    for column in np.flatnonzero(np.isfinite(value)):
        step = np.zeros(len(value))
        step[column] = max(abs(value[column]), 1e-2) * 1e-5
        high = np.asarray(function(value + step), dtype=np.float64)
        low = np.asarray(function(value - step), dtype=np.float64)
        numeric[:, column] = (high - low) / (2 * step[column])
        exact[:, column] = np.imag(np.asarray(function(value + 1e-30j * (step != 0)))) / 1e-30
    scale = np.nanmax(np.abs(numeric), initial=1e-300)
    if not np.nanmax(np.abs(exact - numeric), initial=0.0) <= 1e-5 * scale:
        raise SelectionError(
            "The function is not smooth at the estimate, or does not take complex numbers: its "
            "two derivatives disagree. Avoid abs, min, max and rounding; for those, hold the "
            "signs at the estimate and use .contrast(matrix, labels)."
        )
    return exact
