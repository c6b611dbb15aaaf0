"""Shades of a heatmap: numbers read on all of them, and more is stronger."""

import pytest
from eyes import apart, lightness
from hypothesis import given, strategies as st

from opinionpanel.drawing.colours import contrast
from opinionpanel.drawing.shades import diverging, moves
from opinionpanel.drawing.themes import THEMES

THEME = st.sampled_from(list(THEMES.values()))


@given(share=st.floats(0, 1), theme=THEME)
def test_numbers_read_on_every_shade(share, theme):
    for fill, ink in (moves(theme)(share), diverging(theme)(share), diverging(theme)(-share)):
        assert ink == theme.text
        assert contrast(fill, ink) >= 4.5
        assert share < 0.02 or contrast(fill, theme.paper) >= 1.5


@given(shares=st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted), theme=THEME)
def test_more_is_further_from_paper(shares, theme):
    for steps, sign in ((moves(theme), 1), (diverging(theme), 1), (diverging(theme), -1)):
        less, more = (contrast(steps(sign * share)[0], theme.paper) for share in shares)
        assert less <= more + 0.02


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_paper_stands_for_nothing_and_the_largest_are_all_the_same(theme):
    assert moves(theme)(0.0)[0] == diverging(theme)(0.0)[0] == theme.paper
    assert moves(theme)(1.5) == moves(theme)(1.0)
    assert diverging(theme)(-1.5) == diverging(theme)(-1.0)
    # What is often seen side by side, moves of some and of many, differs at a glance.
    assert apart(moves(theme)(0.05)[0], moves(theme)(0.25)[0]) >= 5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 1.0])
def test_the_two_directions_are_told_apart(name, share):
    more, less = (diverging(THEMES[name])(sign * share)[0] for sign in (1, -1))
    assert apart(more, less) >= 18
    assert abs(lightness(more) - lightness(less)) < 2


def test_print_has_greys_only():
    for share in (-1, -0.3, 0.01, 0.3, 1):
        fill, _ = diverging(THEMES["print"])(share)
        assert fill[1:3] == fill[3:5] == fill[5:7]
