"""Textbook statistics of change: against each other and against counts that settle them."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from opinionpanel.hypotheses.textbook import bowker, quasi_symmetric_fit, stuart_maxwell

two = st.lists(st.integers(1, 60), min_size=4, max_size=4)
three = st.lists(st.integers(1, 60), min_size=9, max_size=9)


@given(two)
def test_with_two_states_both_are_mcnemar(counts):
    table = np.array(counts, dtype=float).reshape(2, 2)
    there, back = table[0, 1], table[1, 0]
    mcnemar = (there - back) ** 2 / (there + back)
    assert stuart_maxwell(table) == (pytest.approx(mcnemar, abs=1e-9), 1)
    assert bowker(table) == (pytest.approx(mcnemar, abs=1e-9), 1)


@given(three)
def test_a_symmetric_table_gives_zero(counts):
    table = np.array(counts, dtype=float).reshape(3, 3)
    both = table + table.T
    assert bowker(both) == (0, 3)
    assert stuart_maxwell(both) == (pytest.approx(0, abs=1e-9), 2)
    pearson, deviance, df = quasi_symmetric_fit(both)
    assert (pearson, deviance) == (pytest.approx(0, abs=1e-6), pytest.approx(0, abs=1e-6))
    assert df == 1


@given(three, st.permutations(range(3)))
def test_the_order_of_states_does_not_matter(counts, order):
    table = np.array(counts, dtype=float).reshape(3, 3)
    turned = table[np.ix_(order, order)]
    assert stuart_maxwell(turned)[0] == pytest.approx(stuart_maxwell(table)[0])
    assert bowker(turned)[0] == pytest.approx(bowker(table)[0])


def test_pairs_that_nobody_moved_between_are_no_degree_of_freedom():
    table = np.array([[9.0, 4, 0], [2, 9, 0], [0, 0, 9]])
    assert bowker(table) == (pytest.approx(4 / 6), 1)
    assert stuart_maxwell(table)[1] == 1
