"""Panels of a trend: one for each group, all with the same axes."""

import pytest
from chart_panels import NAMES, panel_of
from laid_out import frame_of

import opinionpanel as op
from opinionpanel.charts.trend_axis import time_axis
from opinionpanel.charts.trend_panels import ORDER, panels_of, panels_on
from opinionpanel.drawing.marks import Rule
from opinionpanel.errors import SelectionError

WAVES = ["wave 1", "wave 2", "wave 3"]
SHARES = op.shares(panel_of(NAMES[3], 3, people=900, groups=4), "support", by="region")


def drawn(estimates, **options):
    frame = frame_of(estimates, **options)
    panels = panels_of(frame, ["region"])
    axis = time_axis(WAVES, estimates.about)
    return panels, *panels_on(frame.sheet(title="Trend"), frame, axis, panels)


def test_each_group_has_a_panel_with_a_line_for_each_state():
    panels, _, _ = drawn(SHARES)
    assert [panel.name for panel in panels] == [f"region {place + 1}" for place in range(4)]
    for place, panel in enumerate(panels):
        assert [line.name for line in panel.lines] == NAMES[3]
        for line in panel.lines:
            kept = SHARES.labels.iloc[list(line.rows.values())]
            assert set(kept["region"]) == {f"region {place + 1}"}
            assert set(kept["state"]) == {line.name}
            assert list(kept["wave"]) == list(line.rows) == WAVES


def test_a_single_state_has_a_line_for_each_group():
    panels, _, _ = drawn(SHARES.select(state="approve"), labels={"approve": "In favour"})
    assert [panel.name for panel in panels] == ["In favour"]
    assert [line.title for line in panels[0].lines] == [f"region {k + 1}" for k in range(4)]


def test_all_panels_have_the_same_ticks():
    _, marks, _ = drawn(SHARES)
    ticks = [mark.text for mark in marks if mark.kind == "tick"]
    each = len(ticks) // 4
    assert ticks == ticks[:each] * 4
    assert ticks[0] == "0%"


def test_layers_are_few():
    _, marks, _ = drawn(SHARES)
    kinds = [type(mark) for mark in marks]
    runs = [kind for place, kind in enumerate(kinds) if not place or kinds[place - 1] != kind]
    assert len(runs) <= 6
    assert set(runs) <= set(ORDER)


def test_all_is_within_the_height_that_is_told():
    _, marks, height = drawn(SHARES)
    rules = [mark for mark in marks if isinstance(mark, Rule)]
    assert max(max(rule.y, rule.y2) for rule in rules) <= height
    assert max(mark.y for mark in marks if mark.kind == "count") <= height


def test_a_size_without_room_is_refused_with_the_size_that_has():
    with pytest.raises(SelectionError, match=r"Draw it in \d+ × \d+ pixels or more"):
        drawn(SHARES, size=(300, 200))
