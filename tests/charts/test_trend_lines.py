"""Lines of a trend: where points are, what is joined, and how print tells lines apart."""

from dataclasses import replace

import numpy as np
import pytest
from chart_panels import NAMES, panel_of
from laid_out import frame_of

import opinionpanel as op
from opinionpanel.charts.share_axis import Axis
from opinionpanel.charts.trend_axis import time_axis
from opinionpanel.charts.trend_lines import (
    DASHES,
    EDGE,
    MARKERS,
    STROKE,
    Line,
    Plot,
    bands,
    dots,
    markers,
    strokes,
)
from opinionpanel.drawing.marks import Rule

SHARES = op.shares(panel_of(NAMES[3], 4), "support")


def drawn(estimates=SHARES, theme="light", style=0):
    frame = frame_of(estimates, theme=theme)
    rows = {f"wave {place + 1}": 3 * place for place in range(4)}
    axis = time_axis(list(rows), estimates.about)
    line = Line("approve", "approve", rows, "#174a7e", "#174a7e", style)
    return Plot(frame, axis, 0.0, 0.0, 300.0, 200.0, Axis(0.0, 0.5, 0.1)), [line]


def test_points_are_where_their_shares_and_waves_are():
    plot, lines = drawn()
    (run,) = plot.runs(lines[0])
    figures = plot.frame.figures
    assert [point.y for point in run] == pytest.approx(200 - 400 * figures.value[::3])
    assert [point.low for point in run] == pytest.approx(200 - 400 * figures.low[::3])
    assert [point.x for point in run] == pytest.approx(300 * plot.axis.middle)
    (band,) = bands(plot, lines)
    assert band.tops == pytest.approx([point.high for point in run])


def test_lines_and_edges_go_from_wave_to_wave():
    plot, lines = drawn()
    rules = strokes(plot, lines)
    assert len([rule for rule in rules if rule.width == STROKE]) == 3
    assert len([rule for rule in rules if rule.dash == EDGE]) == 6


def test_around_a_missing_figure_there_is_a_gap():
    value = SHARES.value.copy()
    value[3] = np.nan
    plot, lines = drawn(replace(SHARES, value=value))
    assert [[point.wave for point in run] for run in plot.runs(lines[0])] == [
        ["wave 1"],
        ["wave 3", "wave 4"],
    ]
    alone, *others = dots(plot, lines)
    assert (alone.fill, alone.stroke) == ("#ffffff", "#174a7e")
    assert {mark.fill for mark in others} == {"#174a7e"}
    # The figure that stands alone has its interval as a rule.
    upright = [rule for rule in strokes(plot, lines) if rule.x == rule.x2]
    assert len(upright) == 1
    assert isinstance(upright[0], Rule)
    assert [len(band.xs) for band in bands(plot, lines)] == [2]


def test_print_tells_lines_apart_by_dashes_and_markers():
    assert len(set(DASHES)) == len(set(MARKERS)) == 7
    plot, lines = drawn(theme="print", style=2)
    assert {mark.path for mark in markers(plot, lines)} == {MARKERS[2]}
    assert {rule.dash for rule in strokes(plot, lines) if rule.width == STROKE} == {DASHES[2]}
    assert markers(*drawn(theme="light", style=2)) == []


def test_lines_of_no_opinion_are_dotted():
    plot, (line,) = drawn()
    silent = replace(line, name="not interviewed")
    rules = [rule for rule in strokes(plot, [line, silent]) if rule.width == STROKE]
    assert {rule.key: bool(rule.dash) for rule in rules} == {
        "approve": False,
        "not interviewed": True,
    }


def test_every_mark_of_a_line_is_lit_with_it():
    plot, lines = drawn(theme="print", style=1)
    for draw in (bands, strokes, dots, markers):
        assert {mark.keys for mark in draw(plot, lines)} == {("approve",)}
