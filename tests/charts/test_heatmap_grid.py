"""Grids of heatmaps: cells do not overlap, names have room, groups begin rows."""

import numpy as np
import pytest
from chart_panels import LONG, NAMES, cases, panel_of
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.facets import facets
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.heatmap_grid import cell_texts, heatmap_grid, share_of
from opinionpanel.drawing.lettering import text_width
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Withheld

PANELS = {name: panel for name, panel in cases().items() if name in ("7 states", "5 groups")}
FOUND = {
    name: op.transitions(panel, "support", by=next(iter(panel.groups), None))
    for name, panel in PANELS.items()
}


def grid_of(estimates, by=(), **options):
    frame = Frame(estimates, Withheld(np.zeros(len(estimates), bool)), Options(**options))
    parts = facets(frame, [*by, "from_wave", "to_wave"])
    return heatmap_grid(frame, parts, frame.sheet(title="Title"))


@given(st.sampled_from(list(FOUND)), st.floats(340, 1800), st.none() | st.floats(600, 3000))
def test_panels_fill_their_sheet_or_the_size_is_refused(name, width, height):
    size = "page" if height is None else (width, height)
    try:
        grid = grid_of(FOUND[name], ["region"] if name == "5 groups" else [], size=size)
    except SelectionError:
        return
    rights = [x + grid.width for x, _ in grid.corners]
    assert max(rights) <= grid.frame.size.width
    assert len(set(grid.corners)) == len(grid.facets)
    bottom = max(y for _, y in grid.corners) + grid.head + len(grid.origins) * grid.tall
    assert grid.height == pytest.approx(bottom)
    assert grid.left + len(grid.destinations) * grid.cell == pytest.approx(grid.width)
    widest = max(text_width(cell_texts(grid, row)[0], grid.share, bold=True) for row in range(9))
    assert widest < grid.cell


def test_the_panels_of_a_group_begin_a_row():
    grid = grid_of(FOUND["5 groups"], ["region"])
    assert (grid.block, grid.columns) == (3, 3)
    assert [x for x, _ in grid.corners][::3] == [0] * 5
    narrow = grid_of(FOUND["5 groups"], ["region"], size=(600, 4000))
    assert narrow.columns == 2
    assert [x for x, _ in narrow.corners][::3] == [0] * 5


def test_columns_have_names_numbers_or_no_intervals():
    page = grid_of(FOUND["7 states"], size="page")
    assert (page.numbered, page.limits) == (False, True)
    lost = op.transitions(panel_of(NAMES[7], 2, lost=0.3), "support", base="panel")
    phone = grid_of(lost, size="phone")
    assert (phone.numbered, phone.limits) == (True, False)
    grid = grid_of(op.transitions(panel_of(LONG, 2), "support"), size="phone")
    assert (grid.numbered, grid.limits) == (True, True)
    assert grid.column_name(LONG[1]) == ["2"]
    assert grid.row_name(LONG[1])[0].startswith("2 ")


def test_numbers_of_columns_that_no_row_has_are_told():
    estimates = op.transitions(panel_of(NAMES[7], 2, lost=0.3), "support", base="panel")
    grid = grid_of(estimates, size="phone")
    assert grid.strange == ["8 not interviewed"]
    assert "not interviewed" not in grid.origins


def test_what_shares_are_of():
    panel = panel_of(NAMES[3], 2)
    of = [
        share_of(Frame(measure(panel, "support"), Withheld(np.zeros(9, bool)), Options()))
        for measure in (op.transitions, op.flows, op.inflows)
    ]
    assert of == ["row", "joint", "column"]


def test_a_page_is_as_tall_as_it_needs_and_a_slide_is_filled():
    estimates = op.transitions(panel_of(NAMES[3], 2), "support")
    page, slide = grid_of(estimates), grid_of(estimates, size="slide")
    assert page.height < 400
    assert slide.height > 400
    assert slide.width > 1000
