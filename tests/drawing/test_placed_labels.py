"""Labels beside each other: in order, disjoint, and moved no further than it takes."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, strategies as st

from opinionpanel.drawing.placed_labels import apart, staggered

LABELS = st.lists(st.tuples(st.floats(0, 100), st.floats(1, 9)), min_size=1, max_size=9)


def ends(middles, sizes):
    return sorted((m - s / 2, m + s / 2) for m, s in zip(middles, sizes, strict=True))


@given(LABELS)
def test_labels_do_not_touch_and_stay_on_the_line(labels):
    middles, sizes = zip(*labels, strict=True)
    placed = apart(middles, sizes, 0, 100, gap=1)
    found = ends(placed, sizes)
    assert all(b[0] >= a[1] + 1 - 1e-9 for a, b in pairwise(found))
    assert found[0][0] >= -1e-9
    assert found[-1][1] <= 100 + 1e-9


@given(LABELS)
def test_labels_keep_their_order(labels):
    middles, sizes = zip(*labels, strict=True)
    placed = apart(middles, sizes, 0, 100)
    order = sorted(range(len(middles)), key=lambda place: middles[place])
    assert [placed[place] for place in order] == sorted(placed)


@given(LABELS)
def test_labels_with_room_stay_where_they_are(labels):
    middles = [30.0 * place + 15 for place in range(len(labels))]
    sizes = [size for _, size in labels]
    assert apart(middles, sizes, 0, 300) == pytest.approx(middles)


@given(LABELS, st.integers(0, 2**31))
def test_no_other_places_are_nearer(labels, seed):
    middles, sizes = map(np.array, zip(*labels, strict=True))
    placed = np.array(apart(middles, sizes, 0, 100))
    random = np.random.default_rng(seed)
    order = np.argsort(middles, kind="stable")
    for _ in range(20):
        other = placed + random.normal(0, 2, len(placed))
        starts, stops = (other - sizes / 2)[order], (other + sizes / 2)[order]
        if (starts[1:] >= stops[:-1]).all() and starts[0] >= 0 and stops[-1] <= 100:
            assert ((other - middles) ** 2).sum() >= ((placed - middles) ** 2).sum() - 1e-6


def test_without_room_they_go_beyond_the_end():
    assert apart([5, 5], [10, 10], 0, 12) == [5, 15]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8), st.floats(5, 60))
def test_staggered_labels_of_a_row_are_disjoint_and_near(middles, width):
    widths = [width] * len(middles)
    found = staggered(middles, widths, -30, 130, gap=2)
    for row in {row for _, row in found}:
        places = sorted(x for x, own in found if own == row)
        assert all(b - a >= width + 2 - 1e-9 for a, b in pairwise(places))
    if max(row for _, row in found) < len(middles) - 1:
        assert all(
            abs(x - middle) <= width / 2 for (x, _), middle in zip(found, middles, strict=True)
        )
