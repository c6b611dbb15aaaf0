"""Bars: they tile their row, hold their numbers, and are as long as their shares."""

from itertools import pairwise

import pytest
from chart_panels import NAMES, panel_of
from hypothesis import given, strategies as st
from laid_out import frame_of

import opinionpanel as op
from opinionpanel.charts.stacked_bars import PLATE, Bars, bars, filled
from opinionpanel.charts.stacked_rows import sections_of
from opinionpanel.charts.stacked_sides import sides_of
from opinionpanel.drawing.boxes import overlapping, text_box
from opinionpanel.drawing.colours import contrast
from opinionpanel.drawing.marks import Outline, Rect, Text

SHARES = op.shares(panel_of(NAMES[7], 2, people=1500), "support")


def plot_of(width, theme="light", *, ordered=True, min_n=10):
    frame = frame_of(SHARES, theme=theme, min_n=min_n)
    sides = sides_of(NAMES[7], neutral="neither", ordered=ordered)
    (section,) = sections_of(frame, [], sides, None)
    plot = Bars(
        frame,
        sides,
        frame.palette(NAMES[7]),
        left=0.0,
        right=1.6 * width,
        line=0.8 * width,
        apart=1.5 * width,
        scale=width,
    )
    return plot, section.rows[0]


@given(st.floats(90, 900), st.sampled_from(["light", "dark", "print"]), st.booleans())
def test_bars_are_as_long_as_their_shares_and_lie_end_to_end(width, theme, ordered):
    plot, row = plot_of(width, theme, ordered=ordered)
    found = {mark.key: mark for mark in bars(plot, row, 0, 30) if mark.kind == "bar"}
    for state, bar in found.items():
        assert bar.width == pytest.approx(plot.frame.figures.value[row.states[state]] * width)
    for side in ((*plot.sides.left, *plot.sides.right), plot.sides.apart):
        for state, after in pairwise(side):
            assert found[state].x + found[state].width == pytest.approx(found[after].x)
    if ordered:
        inner = found[plot.sides.left[-1]]
        assert inner.x + inner.width == pytest.approx(plot.line)
        assert found[plot.sides.apart[0]].x == plot.apart
    assert found[plot.sides.right[0]].x == pytest.approx(plot.line)


@given(st.floats(90, 900), st.sampled_from(["light", "dark", "print"]))
def test_numbers_fit_read_and_do_not_meet(width, theme):
    plot, row = plot_of(width, theme)
    marks = bars(plot, row, 0, 30)
    texts = [mark for mark in marks if isinstance(mark, Text)]
    found = {mark.key: mark for mark in marks if mark.kind == "bar"}
    assert overlapping(texts) == []
    for text in texts:
        box = text_box(text)
        inside = [
            bar for bar in found.values() if bar.x <= box.left and box.right <= bar.x + bar.width
        ]
        paper = inside[0].fill if inside else plot.frame.theme.paper
        assert contrast(text.color, paper) >= 4.5
        assert text.size >= 9
    # Where there is room every share has its number.
    if width > 500:
        shares = [plot.frame.figures.value[at] for at in row.states.values()]
        assert len(texts) == sum(share >= 0.05 for share in shares) or len(texts) == len(shares)


def test_print_has_patterns_and_plates_under_numbers():
    plot, row = plot_of(600, "print")
    marks = bars(plot, row, 0, 30)
    assert any(isinstance(mark, Outline) for mark in marks)
    plates = [mark for mark in marks if mark.kind == PLATE]
    hatched = [state for state, hatch in zip(NAMES[7], plot.colours.hatch, strict=True) if hatch]
    assert {mark.keys[0] for mark in plates} <= set(hatched)
    assert plates


def test_a_row_that_is_withheld_is_blank():
    plot, row = plot_of(600, min_n=5000)
    marks = bars(plot, row, 0, 30)
    assert [mark.text for mark in marks if isinstance(mark, Text)] == ["n < 5,000"]
    assert not [mark for mark in marks if mark.kind == "bar" or mark.data]


def test_a_bar_of_no_width_has_no_line_around_it():
    plot, _ = plot_of(600)
    (mark,) = filled(plot.frame, plot.colours, 0, Rect(x=0, y=0, width=0.0, height=30))
    assert mark.stroke is None
