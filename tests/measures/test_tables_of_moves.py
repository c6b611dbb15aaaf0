"""Linear programmes of possible moves, against closed forms and all corners of the tables."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from opinionpanel.measures.tables_of_moves import Margins, TablesOfMoves

few = settings(max_examples=6)


@st.composite
def shares(draw, size=3):
    """Shares of some states, none of which is tiny."""
    parts = np.array(draw(st.lists(st.integers(1, 20), min_size=size, max_size=size)), dtype=float)
    return parts / parts.sum()


def known(*groups):
    margins = np.array(groups)
    return Margins(margins, margins)


def corners(first, last, steps, most):
    """Every corner of the tables that are possible, by solving for each choice of cells."""
    k = len(first)
    cells = [(i, j) for i in range(k) for j in range(k) if abs(i - j) <= steps]
    rows = [[float(i == at) for i, _ in cells] + [0.0] for at in range(k)]
    rows += [[float(j == at) for _, j in cells] + [0.0] for at in range(k - 1)]
    # What is not moved of what may move is one more unknown.
    rows.append([float(i != j) for i, j in cells] + [1.0])
    left, right = np.array(rows), np.r_[first, last[:-1], most]
    for chosen in combinations(range(left.shape[1]), len(right)):
        square = left[:, chosen]
        if abs(np.linalg.det(square)) < 1e-9:
            continue
        found = np.linalg.solve(square, right)
        if (found > -1e-12).all():
            table = np.zeros((k, k))
            for place, value in zip(chosen, found, strict=True):
                if place < len(cells):
                    table[cells[place]] = value
            yield table


@given(shares(), shares())
def test_without_groups_and_assumptions_bounds_have_a_closed_form(first, last):
    tables = TablesOfMoves(known(first), known(last), np.ones((3, 3), dtype=bool))
    for i, j in ((0, 0), (0, 2), (1, 2)):
        p, q = first[i], last[j]
        expected = np.array([max(0.0, p + q - 1), min(p, q)])
        np.testing.assert_allclose(tables.flow(i, j), expected, atol=1e-10)
        np.testing.assert_allclose(tables.transition(i, j), expected / p, atol=1e-10)
    assert tables.least_moved == pytest.approx(np.abs(first - last).sum() / 2, abs=1e-10)


@few
@given(shares(), shares(), st.sampled_from([1, 2]), st.floats(0.0, 0.3))
def test_with_assumptions_bounds_are_those_of_the_best_corners(first, last, steps, more):
    apart = np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    free = TablesOfMoves(known(first), known(last), apart <= steps)
    if not np.isfinite(least := free.least_moved):
        # With no corner there is no table.
        assert not [*corners(first, last, steps, 1.0)]
        return
    most = min(least + more + 0.01, 1.0)
    tables = TablesOfMoves(known(first), known(last), apart <= steps, most)
    every = np.array([*corners(first, last, steps, most)])
    for i, j in ((0, 0), (0, 1), (1, 2)):
        low, high = every[:, i, j].min(), every[:, i, j].max()
        np.testing.assert_allclose(tables.flow(i, j), (low, high), atol=1e-10)
        np.testing.assert_allclose(
            tables.transition(i, j), (low / first[i], high / first[i]), atol=1e-10
        )


def test_within_limits_of_the_margins_a_ratio_is_bounded_exactly():
    first, last = np.array([[0.3, 0.3, 0.4]]), np.array([[0.25, 0.4, 0.35]])
    off = 0.05
    margins = [Margins(side - off, side + off) for side in (first, last)]
    tables = TablesOfMoves(*margins, np.ones((3, 3), dtype=bool))
    # Those in the origin are as few as can be, those in the destination as many.
    assert tables.transition(0, 0)[1] == pytest.approx(1.0)
    assert tables.transition(2, 0) == pytest.approx((0.0, 0.3 / 0.35))
    apart = TablesOfMoves(*margins, np.eye(3, dtype=bool))
    # Nobody moves: both margins are one, and overlap.
    assert apart.flow(0, 0) == pytest.approx((0.25, 0.3))


@few
@given(shares(), shares(), shares(), shares())
def test_groups_add_up(a, b, c, d):
    tables = TablesOfMoves(known(a / 2, b / 2), known(c / 2, d / 2), np.ones((3, 3), dtype=bool))
    expected = [
        sum(max(0.0, (p[0] + q[1] - 1) / 2) for p, q in ((a, c), (b, d))),
        sum(min(p[0], q[1]) / 2 for p, q in ((a, c), (b, d))),
    ]
    np.testing.assert_allclose(tables.flow(0, 1), expected, atol=1e-10)
