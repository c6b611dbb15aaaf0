"""The heatmap of how answers to several questions changed together."""

import math

import pytest
from made_contents import plain

from opinionpanel.drawing import Rect, Text
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


def test_cells_have_the_room_that_their_texts_need():
    assert drawn("phone").width < drawn().width
    with pytest.raises(SelectionError, match="too many"):
        drawn((250, 181))
