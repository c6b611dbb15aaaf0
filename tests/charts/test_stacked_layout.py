"""The layout of stacked bars: columns side by side, rows as high as their texts need."""

import pytest
from chart_panels import NAMES, panel_of
from laid_out import frame_of

import opinionpanel as op
from opinionpanel.charts.stacked_layout import draw, plan_of
from opinionpanel.charts.stacked_rows import sections_of
from opinionpanel.charts.stacked_sides import sides_of
from opinionpanel.errors import SelectionError

PANEL = panel_of(NAMES[3], 4, people=3000, groups=5)
ONE, ALL = op.shares(PANEL, "support"), op.shares(PANEL, "support", by="region")


def plan(estimates, *, compact=False, ordered=True, **options):
    frame = frame_of(estimates, **options)
    sides = sides_of(NAMES[3], neutral="unsure", ordered=ordered)
    groups = estimates.about.columns(estimates.labels, "group")
    sections = sections_of(frame, groups, sides, None)
    return plan_of(frame, sections, sides, frame.palette(NAMES[3]), compact=compact)


def test_columns_stand_side_by_side():
    for size in ("page", "slide", "card", "phone"):
        found = plan(ONE, size=size)
        plot = found.plot
        assert 0 < found.names < plot.left < plot.line < plot.apart < plot.right
        value = found.frame.figures.value
        for row in found.rows:
            assert plot.line - value[row.states["approve"]] * plot.scale >= plot.left - 1e-6
            assert plot.line + value[row.states["oppose"]] * plot.scale < plot.apart
            assert plot.apart + value[row.states["unsure"]] * plot.scale <= plot.right + 1e-6


def test_heads_name_the_sides_where_each_is_one_state():
    texts = [" ".join(head.lines) for head in plan(ONE).heads]
    assert texts == ["← approve", "oppose →", "unsure"]
    assert plan(ONE, ordered=False).heads == []
    long = {"oppose": "Совершенно-не-поддерживаю-происходящее"}
    narrow = plan(ONE, labels=long | {"approve": "скорее поддерживаю, чем нет"}, size="phone")
    assert narrow.heads == []
    assert narrow.beside == ["left minus right"]


def test_many_rows_have_n_beside_their_names():
    assert plan(ONE).fits(None)
    assert not plan(ALL).fits(None)
    low, high = plan(ALL, compact=True), plan(ALL)
    assert low.least < high.least
    assert low.names > high.names


def test_rows_take_the_height_that_they_are_given():
    found = plan(ALL, compact=True, size=(760, 900))
    sheet = found.frame.sheet(title="Support")
    marks, height = draw(found, sheet)
    assert height <= sheet.plot_height + 1e-6
    names = [mark.y for mark in marks if mark.kind == "name"]
    assert len(names) == 20
    assert names == sorted(names)


def test_a_size_without_room_is_refused_with_the_size_that_has():
    found = plan(ALL, compact=True, size=(400, 240))
    with pytest.raises(SelectionError, match=r"Draw it in \d+ × \d+ pixels or more"):
        draw(found, found.frame.sheet(title="Support"))


def test_every_row_has_its_difference_in_words():
    found = plan(ONE)
    marks, _ = draw(found, found.frame.sheet(title="Support"))
    words = [mark.words for mark in marks if mark.kind == "difference"]
    assert [word.heads for word in words] == [("Wave", "approve minus oppose")] * 4
    assert [word.cells[0] for word in words] == [f"wave {k}" for k in (1, 2, 3, 4)]
