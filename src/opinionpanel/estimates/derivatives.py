"""From estimates to functions of them: derivatives and the covariance they carry over."""

import warnings
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from opinionpanel.arrays import Array, Booleans, Floats
from opinionpanel.errors import SelectionError

Function = Callable[[Array], npt.ArrayLike]


def combined(values: Floats, matrix: Floats) -> Floats:
    """Combine each row of values linearly; what rests on an undefined value is undefined."""
    known = np.isfinite(values)
    combined = np.where(known, values, 0.0) @ matrix.T
    # Times zero an undefined value is still undefined: leave those not touched out.
    touched = (~known).astype(np.float64) @ (matrix != 0).T.astype(np.float64) > 0
    return np.where(touched, np.nan, combined)


def combined_range(ends: tuple[Floats, Floats], matrix: Floats) -> Floats:
    """Give the least and the greatest value of linear combinations, whatever goes together."""
    plus, minus = np.maximum(matrix, 0.0), np.minimum(matrix, 0.0)

    def added(factors: Floats, end: Floats) -> Floats:
        if np.isfinite(end).all():
            return np.asarray(factors @ end)
        # Zero times infinity is nothing here.
        return np.asarray(np.where(factors != 0, factors * end, 0.0).sum(axis=1))

    with np.errstate(invalid="ignore"):
        low, high = (added(plus, a) + added(minus, b) for a, b in (ends, ends[::-1]))
    return np.stack([low, high], axis=1)


def least(depends: Booleans, values: Floats) -> Floats:
    """Take, for each row, the least of the values that it depends on."""
    smallest = np.where(depends, values, np.inf).min(axis=1, initial=np.inf)
    # What depends on nothing (a difference of an estimate with itself) keeps the least of all.
    return np.asarray(np.where(np.isfinite(smallest), smallest, values.min(initial=np.inf)))


def jacobian(function: Function, value: Floats, size: int) -> Floats:
    """Differentiate by a complex step, exact to rounding, and check it by real steps.

    Parameters
    ----------
    function : callable
        Takes the m values, gives k; smooth, and at home with complex numbers.
    value : numpy.ndarray, shape (m,)
        Where to differentiate. Undefined values (NaN) get slopes of zero.
    size : int
        k, the number of results.

    Returns
    -------
    numpy.ndarray, shape (k, m)

    Raises
    ------
    SelectionError
        A result has a kink, a jump or an edge at the estimate, or loses the imaginary part.

    Notes
    -----
    The complex step (Squire & Trapp 1998) is silently wrong for ``abs``, ``real`` or a cast to
    float, and at a tie for ``min`` and ``max``. Slopes to both sides of the estimate show each of
    these, entry by entry: none hides behind a steeper one. Rounding is flat on both sides, and
    shows in larger steps.
    """
    columns = np.flatnonzero(np.isfinite(value))
    centre = np.asarray(function(value.copy()), dtype=np.float64)
    exact, above, below = (np.zeros((size, len(value))) for _ in range(3))
    # Rounding leaves a tie at 1e-17; a step must reach to both sides of it.
    width = np.maximum(np.abs(value), 1e-4)
    with np.errstate(all="ignore"):
        for column in columns:
            step = np.zeros(len(value))
            step[column] = 1e-7 * width[column]
            high = np.asarray(function(value + step), dtype=np.float64)
            low = np.asarray(function(value - step), dtype=np.float64)
            above[:, column] = (high - centre) / step[column]
            below[:, column] = (centre - low) / step[column]
            exact[:, column] = _complex_step(function, value, column)
    defined = np.isfinite(centre)
    smooth = _agree(exact, above, below, centre, width)[np.ix_(defined, columns)].all()
    flat = defined & ~exact.any(axis=1)
    if not smooth:
        raise _not_smooth()
    if flat.any() and _moves(function, value, centre)[flat].any():
        raise SelectionError(
            "A result is flat at the estimate, yet larger steps move it: rounding, or a least or "
            "greatest value. Linearisation would give it a standard error of 0. Derive it without "
            "rounding, and distances without squares."
        )
    return exact


def _complex_step(function: Function, value: Floats, column: np.intp) -> Floats:
    stepped = value.astype(np.complex128)
    stepped[column] += 1e-30j
    with warnings.catch_warnings():
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        try:
            return np.imag(np.asarray(function(stepped), dtype=np.complex128)) / 1e-30
        except (TypeError, np.exceptions.ComplexWarning) as error:
            raise _not_smooth() from error


def _agree(exact: Floats, above: Floats, below: Floats, centre: Floats, width: Floats) -> Booleans:
    """Compare slopes entry by entry, allowing for rounding and for curvature; NaN disagrees."""
    steepest = np.maximum(np.abs(above), np.abs(below))
    size = np.maximum(np.abs(centre), np.nanmax(steepest * width, axis=1, initial=0.0))
    unit = size[:, None] / width
    middle = (above + below) / 2
    same = np.abs(exact - middle) <= 1e-4 * steepest + 1e-6 * unit
    straight = np.abs(above - below) <= 2e-2 * steepest + 1e-4 * unit
    return np.asarray(same & straight)


def _moves(function: Function, value: Floats, centre: Floats) -> Booleans:
    """Find results that larger steps move, though no small one does."""
    moves = np.zeros(len(centre), dtype=bool)
    for column in np.flatnonzero(np.isfinite(value)):
        for factor in (0.5, 0.95, 1.05, 2.0):
            other = value.copy()
            other[column] *= factor
            with np.errstate(all="ignore"):
                moved = np.abs(np.asarray(function(other), dtype=np.float64) - centre)
            moves |= moved > 1e-9 * np.maximum(np.abs(centre), 1e-3)
    return moves


def _not_smooth() -> SelectionError:
    return SelectionError(
        "The function is not smooth at the estimate, or does not take complex numbers: its "
        "derivatives disagree. Avoid abs, min, max, rounding and float(); use numpy's functions "
        "instead of math's. For abs, min and max hold the signs at the estimate and use "
        ".contrast(matrix, labels)."
    )
