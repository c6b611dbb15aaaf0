"""What people answer, given what they think: probabilities and rates that users assume."""

from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.arguments import as_numbers
from opinionpanel.arrays import Floats
from opinionpanel.errors import SelectionError, listing, shown

Response = float | npt.ArrayLike | pd.DataFrame | Mapping[str, Mapping[str, float]]


def correction(response: Response, states: tuple[str, ...]) -> tuple[Floats, str]:
    """From observed to true flows, (k², k²), and the assumption in words."""
    matrix = response_matrix(response, states)
    if np.linalg.cond(matrix) > 1e6:
        raise SelectionError(
            "With this response two true states, or mixtures of them, are answered alike: answers "
            "tell nothing of them, and nothing can be corrected."
        )
    even = isinstance(response, Real)
    text = f"of {100 * float(matrix[0, 1:].sum()):g}%" if even else "as given"
    back = np.linalg.inv(matrix).T
    return np.kron(back, back), text


def response_matrix(response: Response, states: tuple[str, ...]) -> Floats:
    """Response probabilities, true states in the rows, in the order of the states."""
    k = len(states)
    if isinstance(response, Real):
        # Before it is made a float, which not every whole number can be.
        _check_rate(response, states)
        rate = float(response)
        return np.asarray(np.where(np.eye(k) > 0, 1 - rate, rate / (k - 1)))
    if isinstance(response, Mapping):
        rows = response.values()
        if not all(isinstance(row, (Mapping, pd.Series)) for row in rows):
            raise SelectionError("response as a dict has a dict of answers for each true state.")
        response = pd.DataFrame(response).T
    if isinstance(response, pd.DataFrame):
        if set(response.index) != set(states) or set(response.columns) != set(states):
            raise SelectionError(
                f"response needs the states {listing(states)} as true states and as answers; got "
                f"{listing(response.index)} and {listing(response.columns)}."
            )
        response = response.loc[list(states), list(states)]
    matrix = as_numbers(response)
    if matrix is None:
        raise SelectionError("response must hold numbers, in rows of the same length.")
    if matrix.shape != (k, k):
        raise SelectionError(
            f"response has shape {matrix.shape}; {k} states need ({k}, {k}): a row for each true "
            "state, a column for each answer."
        )
    if not ((matrix >= 0) & (matrix <= 1)).all() or (np.abs(matrix.sum(axis=1) - 1) > 1e-6).any():
        raise SelectionError(
            "response must hold probabilities that add up to 1 in every row (true state)."
        )
    return matrix


def several_rates(response: Response, states: tuple[str, ...]) -> list[float]:
    """List several shares of wrong answers, and refuse what is none; empty for another response."""
    matrix = isinstance(response, (Real, pd.DataFrame, Mapping))
    numbers = None if matrix else as_numbers(response)
    if numbers is None or numbers.ndim != 1:
        return []
    rates: list[float] = numbers.tolist()
    if not rates or len(set(rates)) < len(rates):
        raise SelectionError(
            "response as a list holds shares of wrong answers, one at least and each once, not "
            f"{shown(response)}."
        )
    for rate in rates:
        _check_rate(rate, states)
    return rates


def _check_rate(rate: Any, states: tuple[str, ...]) -> None:
    most = 1 - 1 / len(states)
    if not 0 <= rate < most:
        raise SelectionError(
            f"The share of wrong answers must be at least 0 and below {most:.3g}, that of answers "
            f"at random among {len(states)} states, not {shown(rate)}."
        )
