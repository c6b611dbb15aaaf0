"""Sizes by name or in pixels, and letters that are read."""

import pytest
from hypothesis import given, strategies as st

from opinionpanel.drawing.sizes import LEAST_SIZE, LEAST_TYPE, SIZES, size_of
from opinionpanel.errors import SelectionError

LETTERS = ("title", "subtitle", "label", "number", "small")


@given(st.floats(*(LEAST_SIZE[0], 9999)), st.floats(*(LEAST_SIZE[1], 9999)))
def test_letters_of_a_size_in_pixels_grow_with_it_and_are_never_too_small(width, height):
    size, wider = size_of((width, height)), size_of((min(2 * width, 9999), height))
    assert (size.width, size.height, size.exact) == (width, height, True)
    for name in LETTERS:
        assert LEAST_TYPE <= getattr(size, name) <= getattr(wider, name)
    assert size.title > size.label >= size.number >= size.small


@pytest.mark.parametrize("name", SIZES)
def test_named_sizes_give_way(name):
    size = size_of(name)
    assert not size.exact
    assert min(getattr(size, letters) for letters in LETTERS) >= LEAST_TYPE


@pytest.mark.parametrize(
    ("size", "match"),
    [
        ("poster", r"one of 'page', 'slide', 'card', 'phone' or \(width, height\)"),
        ((0, 100), r"\(width, height\) in pixels, not \(0, 100\)"),
        ((100, 20_000), "in pixels"),
        ((200, 300), r"200 × 300 pixels would have no room .* at least 240 × 180"),
        ((300, 300, 300), "in pixels"),
    ],
)
def test_other_sizes_are_refused(size, match):
    with pytest.raises(SelectionError, match=match):
        size_of(size)
