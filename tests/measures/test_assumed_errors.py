"""Response probabilities and rates of wrong answers, as users write them."""

import numpy as np
import pandas as pd
import pytest

from opinionpanel.errors import SelectionError
from opinionpanel.measures.assumed_errors import correction, response_matrix, several_rates

STATES = ("a", "b", "c")


def test_errors_spread_evenly():
    assert response_matrix(0.2, STATES).tolist() == [
        [0.8, 0.1, 0.1],
        [0.1, 0.8, 0.1],
        [0.1, 0.1, 0.8],
    ]


def test_states_are_named_in_any_order():
    even = pd.DataFrame(response_matrix(0.2, STATES), index=STATES, columns=STATES)
    even.loc["a"] = [0.7, 0.2, 0.1]
    turned = even.loc[["c", "a", "b"], ["b", "c", "a"]]
    for response in (even, turned, even.T.to_dict(), even.to_numpy().tolist()):
        np.testing.assert_array_equal(response_matrix(response, STATES), even)


def test_a_correction_undoes_the_errors_of_both_waves():
    response = response_matrix(0.1, STATES)
    true = np.diag([0.5, 0.3, 0.2])
    back, text = correction(0.1, STATES)
    np.testing.assert_allclose(
        back @ (response.T @ true @ response).ravel(), true.ravel(), atol=1e-12
    )
    assert text == "of 10%"


@pytest.mark.parametrize("rates", [[], [0.1, 0.1], [0.1, 0.7], [-0.1]])
def test_rates_that_are_none(rates):
    with pytest.raises(SelectionError, match="wrong answers"):
        several_rates(rates, STATES)


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (-0.1, "share of wrong answers must be at least 0 and below 0.667"),
        (0.7, "below 0.667, that of answers at random among 3 states, not 0.7"),
        (np.eye(2), r"shape \(2, 2\); 3 states need \(3, 3\)"),
        (np.full((3, 3), 1 / 3), "answers tell nothing of them"),
        (np.eye(3) * 0.9, "add up to 1 in every row"),
        (np.eye(3) * 2 - 1 / 3, "add up to 1 in every row"),
        (np.full((3, 3), np.nan), "add up to 1 in every row"),
        ([[1, 0], [0]], "must hold numbers, in rows of the same length"),
        ({"a": {"a": 1.0}}, "needs the states 'a', 'b', 'c'"),
    ],
)
def test_impossible_responses(response, message):
    with pytest.raises(SelectionError, match=message):
        correction(response, STATES)
