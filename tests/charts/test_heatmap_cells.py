"""Cells of heatmaps: colour for moves only, texts that read, words for every cell."""

import numpy as np
import pytest
from chart_panels import NAMES, panel_of

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.facets import facets
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.heatmap_cells import heatmap_marks
from opinionpanel.charts.heatmap_grid import heatmap_grid
from opinionpanel.drawing.colours import contrast
from opinionpanel.drawing.marks import Text
from opinionpanel.drawing.themes import theme_of
from opinionpanel.estimates import Withheld

FOUND = op.transitions(panel_of(NAMES[3], 2, groups=2), "support", by="region")


def marks_of(estimates, hidden=(), **options):
    rows = np.isin(np.arange(len(estimates)), hidden)
    frame = Frame(estimates, Withheld(rows, min_n=10), Options(**options))
    parts = facets(frame, ["region", "from_wave", "to_wave"])
    return heatmap_marks(heatmap_grid(frame, parts, frame.sheet(title="Title")))


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("kind", ["shares", "differences"])
def test_texts_read_on_their_cells(kind, theme):
    estimates = FOUND
    if kind == "differences":
        estimates = FOUND.difference("region", "region 2", minus="region 1")
    marks = marks_of(estimates, theme=theme)
    cells = [mark for mark in marks if mark.kind == "cell"]
    texts = [mark for mark in marks if mark.kind in ("share", "limits")]
    assert len(texts) == 2 * len(cells)
    for text in texts:
        (under,) = (
            cell
            for cell in cells
            if cell.x < text.x < cell.x + cell.width and cell.y < text.y < cell.y + cell.height
        )
        assert contrast(text.color, under.fill) >= 4.5


def test_those_who_stayed_are_neutral_and_more_is_stronger():
    cells = [mark for mark in marks_of(FOUND) if mark.kind == "cell"]
    stayed = [cell for cell in cells if cell.data["origin"] == cell.data["destination"]]
    moved = sorted(
        (cell for cell in cells if cell not in stayed), key=lambda cell: cell.data["share"]
    )
    assert {cell.fill for cell in stayed} == {theme_of("light").stay}
    strengths = [contrast(cell.fill, "#ffffff") for cell in moved]
    assert strengths == sorted(strengths)


def test_print_outlines_those_who_stayed():
    cells = [mark for mark in marks_of(FOUND, theme="print") if mark.kind == "cell"]
    for cell in cells:
        stayed = cell.data["origin"] == cell.data["destination"]
        assert (cell.stroke == "#000000") == stayed


def test_every_cell_says_what_it_is():
    words = [mark.words for mark in marks_of(FOUND, labels={"approve": "for"}) if mark.words]
    assert len(words) == len(FOUND)
    assert words[0].heads == ("region", "Waves", "From", "To", "Share", "Base")
    assert words[0].cells[:4] == ("region 1", "wave 1 → wave 2", "for", "for")
    value, n = FOUND.value[0], FOUND.n[0]
    assert words[0].cells[4].startswith(f"{100 * value:.1f}% (")
    assert words[0].cells[5] == f"n = {n:.0f}"


def test_a_withheld_cell_has_neither_figure_nor_text_of_one():
    every, some = marks_of(FOUND), marks_of(FOUND, hidden=[1, 4])
    assert sum(mark.kind == "withheld" for mark in some) == 2
    assert sum(mark.kind == "cell" for mark in some) == len(FOUND) - 2
    blanks = [mark.words for mark in some if mark.kind == "withheld"]
    assert all(words.cells[-1] == "withheld" for words in blanks)
    # The other cells are as if it were not there, but for the strength of their colours.
    kept = {mark.text for mark in some if isinstance(mark, Text)}
    assert kept <= {mark.text for mark in every if isinstance(mark, Text)} | {"withheld"}
