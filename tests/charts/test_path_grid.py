"""Where rows of paths lie: within the sheet, in panels of their own heights, as many as fit."""

import numpy as np
import pytest
from chart_panels import NAMES, panel_of
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.facets import facets
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.path_grid import BESIDE, NARROWEST, end_of, figure_text, fitting
from opinionpanel.charts.path_rows import PathRow
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Withheld

PATHS = op.paths(panel_of(NAMES[3], 4, groups=5, people=2500), "support", by="region")


def grid(size, most=12, **options):
    frame = Frame(PATHS, Withheld(np.zeros(len(PATHS), bool)), Options(size=size, **options))
    return fitting(frame, facets(frame, ["region"]), "Title", most)


@given(st.floats(330, 1800), st.floats(900, 2500), st.integers(1, 15))
def test_panels_lie_within_the_sheet_or_the_size_is_refused(width, height, most):
    try:
        made = grid((width, height), most)
    except SelectionError:
        return
    assert made.height <= made.sheet.plot_height + 0.6
    assert made.columns * made.width <= made.sheet.width + 0.5
    rows = [row for table in made.tables for row in (*table.rows, *table.last)]
    ends = [made.bars + end_of(row) * made.scale for row in rows if end_of(row) <= made.most]
    assert max(ends) + BESIDE < made.width
    assert made.width - made.bars >= NARROWEST
    corners = [made.corner(place) for place in range(len(made.tables))]
    assert len(set(corners)) == 5
    assert corners == sorted(corners, key=lambda corner: corner[::-1])


def test_a_taller_picture_shows_more_paths_then_taller_rows():
    heights = [900, 1400, 2200, 3000]
    made = [grid((760, height)) for height in heights]
    counts = [sum(len(table.rows) for table in one.tables) for one in made]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] == 60
    assert made[-1].row > made[0].row


def test_a_size_with_a_name_gives_way():
    made = grid("card")
    assert made.height > made.sheet.plot_height
    assert all(len(table.rows) == 3 for table in made.tables)


def test_figures_have_a_digit_more_where_they_are_small():
    frame = grid("page").frame
    assert figure_text(frame, PathRow(("yes",), 0.25, 0.21, 0.29)) == "25% (21–29)"
    assert figure_text(frame, PathRow(("yes",), 0.021, 0.012, 0.036)) == "2.1% (1.2–3.6)"
    assert figure_text(frame, PathRow(("yes",), 0.021)) == "2.1%"
    assert figure_text(frame, PathRow(hidden=True)) == ""


def test_the_sheet_says_what_it_needs():
    with pytest.raises(SelectionError, match="pixels or more"):
        grid((240, 4000))


def test_other_paths_do_not_crowd_out_the_largest():
    estimates = op.paths(panel_of(NAMES[7], 6, people=2000), "support")
    frame = Frame(estimates, Withheld(np.zeros(len(estimates), bool)), Options())
    made = fitting(frame, facets(frame, []), "Title", 12)
    largest, others = made.tables[0].rows[0], made.tables[0].last[0]
    assert others.value > 4 * largest.high
    assert made.most == max(row.high for row in made.tables[0].rows)
