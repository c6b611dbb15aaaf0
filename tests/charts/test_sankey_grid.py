"""How a Sankey uses its room."""

from itertools import pairwise

import pytest
from chart_panels import LONG, NAMES, panel_of
from flows_drawn import framed
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.charts.facets import BETWEEN
from opinionpanel.charts.sankey_grid import STEEP, sankey_grid
from opinionpanel.charts.sankey_tables import chains_of, flow_tables
from opinionpanel.drawing.lettering import text_width
from opinionpanel.errors import SelectionError

PANELS = {
    (states, waves): panel_of(NAMES[states], waves, people=400)
    for states in (2, 7)
    for waves in (2, 3, 8)
}


def grid_of(panel, *, by=None, entrants=False, **options):
    flows = op.flows(panel, "support", base="balanced", by=by)
    frame = framed(flows, min_n=0, **options)
    groups = [by] if by else []
    tables = flow_tables(frame, groups, chains_of(flows), threshold=0, by_origin=False)
    sheet = frame.sheet(title="A title")
    return *sankey_grid(frame, sheet, tables, entrants=entrants), sheet


@given(
    st.sampled_from(list(PANELS)),
    st.one_of(
        st.sampled_from(["page", "slide", "card", "phone"]),
        st.tuples(st.integers(500, 1500), st.integers(600, 1200)),
    ),
    st.booleans(),
)
def test_all_waves_are_drawn_within_the_size(which, size, entrants):
    grid, height, sheet = grid_of(PANELS[which], size=size, entrants=entrants)
    spans = grid.spans(which[1])
    assert spans[0][0] == 0
    assert spans[-1][1] == which[1] - 1
    # The last wave of a row begins the next.
    assert all(above[1] == below[0] for above, below in pairwise(spans))
    assert len(spans) == grid.rows
    lengths = [last - first for first, last in spans]
    assert grid.per_row - 1 == max(lengths) <= min(lengths) + 1
    widest = max(
        text_width(line, grid.letters.label) for name in grid.names.values() for line in name
    )
    assert grid.x(grid.per_row - 1) + grid.node + 8 <= sheet.width
    assert grid.left <= widest + 9
    assert grid.spacing >= 2 * grid.letters.number
    assert min(grid.letters.label, grid.letters.number, grid.letters.small) >= 9
    assert height == pytest.approx(grid.tall)
    if sheet.plot_height is not None:
        assert height <= sheet.plot_height + 0.5


def test_a_long_chain_is_folded_where_it_would_get_too_steep():
    assert grid_of(PANELS[2, 8])[0].rows == 2
    assert grid_of(PANELS[2, 3])[0].rows == 1
    assert grid_of(PANELS[2, 8], size="phone")[0].rows == 4
    for which in ((2, 2), (2, 3), (2, 8)):
        grid = grid_of(PANELS[which])[0]
        assert grid.height <= max(STEEP * grid.spacing, 150)


def test_panels_stand_beside_each_other_where_there_is_room():
    panel = panel_of(NAMES[3], 2, people=900, groups=5)
    grid, height, sheet = grid_of(panel, by="region")
    assert grid.columns == 2
    assert 2 * grid.width + BETWEEN == pytest.approx(sheet.width)
    assert height == pytest.approx(3 * grid.tall + 2 * grid.below)
    assert grid_of(panel, by="region", size="phone")[0].columns == 1


def test_long_names_are_wrapped_and_leave_room_for_flows():
    grid, _, sheet = grid_of(panel_of(LONG, 2))
    assert all(len(name) > 1 for name in grid.names.values())
    assert grid.left < 0.25 * sheet.width


def test_letters_get_smaller_only_where_there_is_no_room():
    assert grid_of(PANELS[2, 2], size="card")[0].letters.label == 12
    assert grid_of(PANELS[7, 8], size="card")[0].letters.label == 9


def test_a_size_without_room_for_the_names_is_refused():
    with pytest.raises(SelectionError, match=r"Draw it in \d+ × \d+ pixels or more"):
        grid_of(PANELS[7, 8], size=(300, 240))
