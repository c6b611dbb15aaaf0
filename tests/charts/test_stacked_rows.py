"""Rows of stacked bars: who is in which section, in which order, and the two sides compared."""

from dataclasses import replace

import numpy as np
import pytest
from chart_panels import NAMES, panel_of
from laid_out import frame_of

import opinionpanel as op
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.stacked_rows import sections_of
from opinionpanel.charts.stacked_sides import sides_of
from opinionpanel.errors import SelectionError

PANEL = panel_of(NAMES[3], 3, people=900, groups=3)
GROUPS, WAVES = op.shares(PANEL, "support", by="region"), op.shares(PANEL, "support")
SIDES = sides_of(NAMES[3], neutral="unsure", ordered=True)


def names(sections):
    return {section.name: [row.name for row in section.rows] for section in sections}


def test_rows_are_waves_and_groups_are_sections():
    waves, regions = [f"wave {k}" for k in (1, 2, 3)], [f"region {k}" for k in (1, 2, 3)]
    found = names(sections_of(frame_of(GROUPS), ["region"], SIDES, None))
    assert found == dict.fromkeys(regions, waves)
    assert names(sections_of(frame_of(WAVES), [], SIDES, None)) == {"": waves}
    one = frame_of(GROUPS.select(wave="wave 2"))
    assert names(sections_of(one, ["region"], SIDES, None)) == {"": regions}


def test_differences_are_those_of_the_joint_covariance():
    (section,) = sections_of(frame_of(WAVES, level=0.9), [], SIDES, None)
    for row in section.rows:
        one = WAVES.select(wave=row.name)
        table = one.contrast([[1, 0, -1]], {"what": ["net"]}).to_frame(level=0.9)
        assert row.difference.value == pytest.approx(table["estimate"].item())
        assert row.difference.low == pytest.approx(table["conf_low"].item())
        assert row.difference.high == pytest.approx(table["conf_high"].item())


def test_rows_are_sorted_by_a_share_within_their_section():
    frame = frame_of(GROUPS.select(wave="wave 1"))
    (section,) = sections_of(frame, ["region"], SIDES, "oppose")
    shares = [frame.figures.value[row.states["oppose"]] for row in section.rows]
    assert shares == sorted(shares, reverse=True)


def test_what_is_withheld_comes_last_and_is_not_compared():
    one = GROUPS.select(wave="wave 1")
    frame = frame_of(one)
    hidden = one.labels["region"].eq("region 2").to_numpy() & one.labels["state"].eq("unsure")
    withheld = replace(frame.withheld, rows=hidden.to_numpy())
    (section,) = sections_of(Frame(one, withheld, frame.options), ["region"], SIDES, "approve")
    *others, last = section.rows
    # One state would tell the others together.
    assert (last.name, last.withheld, last.difference) == ("region 2", True, None)
    assert all(row.difference is not None for row in others)


def test_an_empty_base_is_not_compared():
    value = WAVES.value.copy()
    value[:3] = np.nan
    (section,) = sections_of(frame_of(replace(WAVES, value=value)), [], SIDES, None)
    assert [row.difference is None for row in section.rows] == [True, False, False]


def test_sorting_is_refused_where_it_makes_no_sense():
    with pytest.raises(SelectionError, match="rows are waves, which keep their order"):
        sections_of(frame_of(WAVES), [], SIDES, "approve")
    with pytest.raises(SelectionError, match=r"Unknown state in sort= 'aprove'\. Did you mean"):
        sections_of(frame_of(GROUPS), ["region"], SIDES, "aprove")
