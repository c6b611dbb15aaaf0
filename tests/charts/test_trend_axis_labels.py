"""What stands along an axis of time: names of waves and changes never meet, and stay inside."""

from dataclasses import replace

import pytest
from chart_panels import NAMES, panel_of
from hypothesis import given, strategies as st
from laid_out import frame_of

import opinionpanel as op
from opinionpanel.charts.share_axis import Axis
from opinionpanel.charts.trend_axis import time_axis
from opinionpanel.charts.trend_axis_labels import (
    change_labels,
    change_rules,
    days_of_fieldwork,
    wave_labels,
)
from opinionpanel.charts.trend_lines import Plot
from opinionpanel.drawing.boxes import overlapping, text_box

WAVES = [f"wave {place + 1}" for place in range(8)]
CHANGES = {wave: f"question reworded for the {wave} of fieldwork" for wave in WAVES}
SHARES = op.shares(panel_of(NAMES[3], 8, people=300, changes=CHANGES), "support")
COUNTS = dict.fromkeys(WAVES, "n = 1,234")


def plot_of(width, estimates=SHARES):
    axis = time_axis(WAVES, estimates.about)
    return Plot(frame_of(estimates), axis, 50.0, 100.0, width, 200.0, Axis(0.0, 0.5, 0.1))


@given(st.floats(90, 900), st.sampled_from([9.0, 11.0, 13.0, 19.0]))
def test_waves_are_named_below_the_axis_and_never_meet(width, letters):
    plot = plot_of(width)
    marks, height = wave_labels(plot, COUNTS, 0, width + 100, letters)
    assert overlapping(marks) == []
    assert [mark.text for mark in marks if mark.kind == "wave"] == WAVES
    for mark in marks:
        box = text_box(mark)
        assert plot.bottom < box.top
        assert box.bottom <= plot.bottom + height + 1
        assert -1e-6 <= box.left <= box.right <= width + 100 + 1e-6


@given(st.floats(120, 900))
def test_changes_are_said_above_the_plot(width):
    plot = plot_of(width)
    marks, height = change_labels(plot, 0, width + 100)
    assert overlapping(marks) == []
    assert [mark.text.replace("\n", " ") for mark in marks] == list(CHANGES.values())[1:]
    assert all(plot.top - height - 1 <= text_box(mark).top for mark in marks)
    assert all(text_box(mark).bottom <= plot.top for mark in marks)


def test_a_line_stands_where_the_question_changed():
    plot = plot_of(700)
    middles = [plot.x(float(time)) for time in plot.axis.middle]
    assert [rule.x for rule in change_rules(plot)] == pytest.approx(middles[1:])


def test_without_changes_nothing_is_said():
    plain = replace(SHARES, about=replace(SHARES.about, changes={}))
    assert change_labels(plot_of(700, plain), 0, 800) == ([], 0.0)
    assert change_rules(plot_of(700, plain)) == []


def test_fieldwork_is_as_long_as_it_took():
    plot = plot_of(700)
    lengths = [rule.x2 - rule.x + rule.width for rule in days_of_fieldwork(plot)]
    # Ten days of 7 × 80 + 10.
    assert lengths == pytest.approx([700 * 10 / 570] * 8)


def test_without_days_each_wave_has_a_tick():
    plain = replace(SHARES, about=replace(SHARES.about, days={}))
    ticks = days_of_fieldwork(plot_of(700, plain))
    assert [(rule.x, rule.y2 - rule.y) for rule in ticks] == [
        (pytest.approx(50 + 100 * place), 5) for place in range(8)
    ]
