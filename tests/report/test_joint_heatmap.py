"""The heatmap of how answers to several questions changed together."""

import math

import pytest
from made_contents import plain

from opinionpanel.drawing import Rect, Text, diverging
from opinionpanel.errors import SelectionError
from opinionpanel.report.blocks import Grid
from opinionpanel.report.joint_heatmap import joint_heatmap

GRID = Grid(
    name="together.phi",
    title="Correlation of change",
    header=["", "1. One", "2. Two"],
    rows=[["2. Two", "0.31 (0.22 to 0.40)", ""], ["3. Three", "withheld", "−0.02 (−0.1 to 0.1)"]],
    labels=1,
    note="Base: people.",
    strengths=[[0.31, math.nan], [math.nan, -0.02]],
)


def drawn(size="page"):
    return joint_heatmap(GRID, plain().told, size)


def test_each_cell_has_its_figure_and_its_interval():
    texts = {mark.text for mark in drawn().marks if isinstance(mark, Text)}
    assert {"0.31", "0.22 to 0.40", "−0.02", "−0.1 to 0.1", "withheld"} <= texts
    assert "2. Two and 1. One: 0.31 (0.22 to 0.40)." in drawn().description
    assert "3. Three and 1. One: withheld." in drawn().description


def test_only_what_is_strong_has_a_colour():
    paper = drawn().theme.paper
    cells = [mark for mark in drawn().marks if isinstance(mark, Rect)]
    coloured = {mark.words.cells[2].partition(" ")[0]: mark.fill != paper for mark in cells}
    assert coloured == {"0.31": True, "withheld": False, "−0.02": False}


def cells(*strengths):
    """The cells of a table with such strengths, by their rows and columns."""
    texts = [["withheld" if math.isnan(one) else str(one) for one in row] for row in strengths]
    rows = [[f"Row {number}", *row] for number, row in enumerate(texts)]
    header = ["", *(f"Column {number}" for number in range(len(texts[0])))]
    grid = Grid("n", "Title", header, rows, 1, strengths=[list(row) for row in strengths])
    drawing = joint_heatmap(grid, plain().told, "page")
    rects = [mark for mark in drawing.marks if isinstance(mark, Rect)]
    return {mark.words.cells[:2]: mark for mark in rects}, drawing


def test_each_cell_lies_below_the_name_of_its_column_and_beside_that_of_its_row():
    found, drawing = cells((0.5, 0.4, 0.3), (0.2, 0.1, 0.0))
    texts = [mark for mark in drawing.marks if isinstance(mark, Text)]
    names = {mark.text: mark for mark in texts if mark.kind == "name"}
    figures = {mark.text: mark for mark in texts if mark.kind != "name"}
    assert len(found) == 6
    for (row, column), cell in found.items():
        middle = (cell.x + cell.width / 2, cell.y + cell.height / 2)
        figure = figures[cell.words.cells[2]]
        assert middle == pytest.approx((names[column].x, names[row].y))
        assert middle == pytest.approx((figure.x, figure.y))
        assert names[row].x < cell.x
        assert names[column].y < cell.y


def test_colours_part_what_is_above_0_from_what_is_below_and_the_strongest_is_the_darkest():
    found, drawing = cells((0.8, 0.4, -0.4, -0.8))
    shade = diverging(drawing.theme)
    assert [cell.fill for cell in found.values()] == [shade(one)[0] for one in (1, 0.5, -0.5, -1)]


def test_withheld_cells_are_dashed_and_no_others():
    found, _ = cells((0.8, math.nan, 0.0))
    assert [cell.kind for cell in found.values()] == ["cell", "withheld", "cell"]
    assert [bool(cell.dash) for cell in found.values()] == [False, True, False]


def test_cells_have_the_room_that_their_texts_need():
    assert drawn("phone").width < drawn().width
    with pytest.raises(SelectionError, match="too many"):
        drawn((250, 181))
