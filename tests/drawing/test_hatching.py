"""Hatching: paths of short lines within their rectangle."""

import re
from itertools import pairwise

import pytest
from eyes import HEX
from hypothesis import given, strategies as st

from opinionpanel.drawing.colours import contrast, ink
from opinionpanel.drawing.hatching import hatch_color, hatch_path, hatched
from opinionpanel.drawing.marks import Rect
from opinionpanel.drawing.themes import THEMES, theme_of

SIDES = st.floats(0.5, 120)


def segments(path):
    """Ends of the segments of a path: x0, y0, x1, y1."""
    parts = [part.split() for part in path.split("M")[1:]]
    assert all(re.fullmatch(r"\d+(\.\d)?", number) for part in parts for number in part)
    return [tuple(map(float, part)) for part in parts]


@given(width=SIDES, height=SIDES, pattern=st.integers(1, 6), spacing=st.floats(2, 12))
def test_lines_stay_within_the_rectangle(width, height, pattern, spacing):
    lines = segments(hatch_path(width, height, pattern, spacing=spacing))
    assert lines
    for x0, y0, x1, y1 in lines:
        assert min(x0, y0, x1, y1) >= 0
        assert max(x0, x1) <= width + 0.05
        assert max(y0, y1) <= height + 0.05


@given(width=SIDES, height=SIDES, pattern=st.integers(1, 5), spacing=st.floats(2, 12))
def test_every_line_goes_from_edge_to_edge_at_its_angle(width, height, pattern, spacing):
    # Down and along, by pattern; "x" has both slants.
    for x0, y0, x1, y1 in segments(hatch_path(width, height, pattern, spacing=spacing)):
        along, down = x1 - x0, y1 - y0
        ends = [(x0, y0), (x1, y1)]
        if pattern <= 3:
            assert abs(along - abs(down)) < 0.21
            assert pattern == 3 or (down <= 0.05) == (pattern == 1) or abs(down) < 0.21
        else:
            assert (down, along)[pattern - 4] == 0
        for x, y in ends:
            assert min(x, y, abs(width - x), abs(height - y)) < 0.11


def test_lines_are_as_far_apart_as_asked():
    assert segments(hatch_path(20, 9, 5, spacing=8)) == [(4, 0, 4, 9), (12, 0, 12, 9)]
    rising = segments(hatch_path(100, 100, 1, spacing=7))
    sums = [x0 + y0 for x0, y0, _, _ in rising]
    gaps = [(after - before) / 2**0.5 for before, after in pairwise(sums)]
    assert gaps == pytest.approx([7] * len(gaps), abs=0.15)


def test_patterns_differ_and_are_made_again_as_they_were():
    paths = [hatch_path(40, 30, pattern) for pattern in range(7)]
    assert paths == [hatch_path(40, 30, pattern) for pattern in range(7)]
    assert len(set(paths)) == 7
    assert paths[0] == ""
    assert hatch_path(0, 30, 1) == hatch_path(40, 0, 6) == ""
    # A node of a page, the patterns of many lines included.
    assert max(len(hatch_path(44, 300, pattern)) for pattern in range(7)) < 6_000


@given(fill=HEX, theme=st.sampled_from(list(THEMES.values())))
def test_text_reads_over_the_lines_as_over_the_fill(fill, theme):
    line = hatch_color(fill, theme)
    assert contrast(line, ink(fill, theme)) >= 4.5
    assert contrast(line, fill) >= 1.65


def test_a_rectangle_is_hatched_over_its_fill_and_fades_with_it():
    box = Rect(x=3, y=4, width=10, height=10, fill="#cccccc", keys=("a",))
    (lines,) = hatched(box, 4, theme_of("print"))
    assert (lines.x, lines.y, lines.path) == (3, 4, hatch_path(10, 10, 4))
    assert (lines.color, lines.keys) == (hatch_color("#cccccc", theme_of("print")), ("a",))
    assert hatched(box, 0, theme_of("print")) == []
