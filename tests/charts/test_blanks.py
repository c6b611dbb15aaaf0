"""Blanks: what stands in the place of a figure tells nothing of it."""

import numpy as np
import pytest
from chart_panels import NAMES, panel_of

import opinionpanel as op
from opinionpanel.charts.blanks import blank, in_layers
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.frame import Frame
from opinionpanel.drawing.boxes import text_box
from opinionpanel.drawing.colours import contrast
from opinionpanel.drawing.marks import Outline, Rect, Text, Words
from opinionpanel.estimates import Withheld

SHARES = op.shares(panel_of(NAMES[3], 2), "support")


def frame(theme="light"):
    return Frame(SHARES, Withheld(np.zeros(len(SHARES), bool), 10), Options(theme=theme))


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_it_is_outlined_hatched_and_says_why(theme):
    words = Words(("Share",), ("n < 10",))
    box, hatch, plate, text = blank(frame(theme), 10, 20, 100, 40, "n < 10", words=words)
    assert box.words == words
    assert contrast(box.stroke, box.fill) >= 3
    assert isinstance(hatch, Outline)
    assert contrast(text.color, plate.fill) >= 4.5
    inside = text_box(text)
    assert plate.x < inside.left < inside.right < plate.x + plate.width
    assert (text.x, text.y) == (60, 40)


def test_a_text_that_does_not_fit_is_left_out():
    assert not [mark for mark in blank(frame(), 0, 0, 20, 40, "n < 10") if isinstance(mark, Text)]
    assert not [mark for mark in blank(frame(), 0, 0, 99, 8, "n < 10") if isinstance(mark, Text)]


def test_several_make_few_layers():
    boxes = [blank(frame(), 50 * k, 0, 30 + 10 * k, 20, "n < 10") for k in range(4)]
    marks = in_layers(boxes)
    assert sorted(map(repr, marks)) == sorted(repr(mark) for box in boxes for mark in box)
    kinds = [type(mark) for mark in marks]
    assert kinds == sorted(kinds[:8], key=[Rect, Outline].index) + kinds[8:]
    assert kinds[8:] == sorted(kinds[8:], key=[Rect, Text].index)
