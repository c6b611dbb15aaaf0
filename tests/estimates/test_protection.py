"""What is withheld beside small counts leaves them uncertain, whatever else is known."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.optimize import linprog

from opinionpanel.estimates.protection import Figures, Protection


def square(counts):
    """The cells of a square table, and its margins, which are always shown."""
    counts = np.asarray(counts, dtype=float)
    size = len(counts)
    cells = np.eye(size * size)
    margins = [cells.reshape(size, size, -1).sum(axis=axis) for axis in (0, 1)]
    price = np.concatenate([1 + counts.ravel(), np.full(2 * size, np.inf)])
    return Figures(np.vstack([cells, *margins]), counts.ravel(), price)


def bounds(figures, hidden, target):
    """The least and the most that a reader who knows all that is shown can tell: another program.

    Nothing but equations on the counts themselves.
    """
    shown = figures.parts[~hidden]
    ends = []
    for sign in (1, -1):
        solved = linprog(sign * target, A_eq=shown, b_eq=shown @ figures.counts, method="highs")
        ends.append(sign * solved.fun)
    return ends


@pytest.mark.parametrize("few", [1, 2, 4])
def test_a_small_cell_takes_the_corners_of_a_rectangle_along(few):
    figures = square([[40, few, 20], [12, 50, 30], [9, 10, 60]])
    hidden = np.zeros(15, dtype=bool)
    hidden[1] = True
    protection = Protection(figures, hidden)
    assert protection.protect(figures.parts[1], 5)
    rows = protection.hidden[:9].reshape(3, 3)
    assert not protection.hidden[9:].any()
    # Each line that has a withheld cell has two.
    assert set(rows.sum(axis=0)) | set(rows.sum(axis=1)) <= {0, 2, 3}
    low, high = bounds(figures, protection.hidden, figures.parts[1])
    assert high - low >= 5 - 1e-6


def test_what_is_always_shown_cannot_be_made_uncertain():
    figures = square([[7, 0], [0, 8]])
    protection = Protection(figures, np.zeros(8, dtype=bool))
    assert not protection.protect(figures.parts[4:].sum(axis=0), 1)
    assert not protection.hidden.any()


@given(
    st.integers(2, 4).flatmap(
        lambda size: st.lists(
            st.lists(st.integers(0, 40), min_size=size, max_size=size),
            min_size=size,
            max_size=size,
        )
    )
)
def test_no_small_cell_can_be_told_from_what_is_shown(counts):
    figures = square(counts)
    cells = figures.counts
    few = (cells > 0) & (cells < 5)
    protection = Protection(figures, np.append(few, np.zeros(2 * len(counts), dtype=bool)))
    told = [row for row in np.flatnonzero(few) if not protection.protect(figures.parts[row], 5)]
    for row in np.flatnonzero(few):
        low, high = bounds(figures, protection.hidden, figures.parts[row])
        assert row in told or high - low >= 5 - 1e-6


def test_many_sums_are_moved_by_few_programs(monkeypatch):
    figures = square([[40, 1, 20, 9], [12, 50, 3, 11], [2, 10, 60, 14], [9, 13, 4, 30]])
    hidden = np.append(np.ones(16, dtype=bool), np.zeros(8, dtype=bool))
    protection = Protection(figures, hidden.copy())
    protection.move_together(figures.parts[:16], np.full(16, 5.0))
    assert len(protection.changes) <= 8
    monkeypatch.setattr(Protection, "_solved", None)
    assert all(protection.protect(target, 5) for target in figures.parts[:16])
    assert (protection.hidden == hidden).all()
    for change in protection.changes:
        assert np.abs(figures.parts[~hidden] @ change).max() < 1e-6
        assert (figures.counts + change).min() > -1e-6


def test_changes_that_a_new_table_shows_to_be_wrong_are_forgotten():
    figures = square([[40, 1], [12, 50]])
    hidden = np.append(np.ones(4, dtype=bool), np.zeros(4, dtype=bool))
    protection = Protection(figures, hidden)
    assert protection.protect(figures.parts[0], 5)
    diagonal = figures.parts[:1] + figures.parts[3:4]
    for unseen in (True, False):
        more = protection.joined(diagonal, np.array([np.inf]), np.array([unseen]))
        assert bool(more.changes) == unseen
        assert more.protect(figures.parts[0], 5) == unseen
    assert len(protection.figures.parts) == 8
