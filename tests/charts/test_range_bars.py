"""Heatmaps of what is possible: the range in words, and a bar from 0 to 100%."""

import numpy as np
import pytest

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.heatmap_chart import lay_out_heatmap
from opinionpanel.drawing import Rect
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import withheld_of


@pytest.fixture(scope="module")
def bounds():
    panel = op.datasets.load("thomas_1991_3")
    return op.transition_bounds(panel, "opinion", assume={"moved": 0.5})


def test_bars_show_what_is_certain_and_what_is_possible(bounds):
    marks = lay_out_heatmap(bounds, withheld_of(bounds, 10), Options()).marks
    bars = [mark for mark in marks if isinstance(mark, Rect) and mark.kind == "range"]
    ends = [(bar.data["from"], bar.data["to"]) for bar in bars]
    lower, upper = (bounds.select(component=end).value for end in ("lower", "upper"))
    for low, high in zip(lower, upper, strict=True):
        assert any(np.allclose(end, (low, high)) for end in ends)
    whole = {
        round(bar.width / (high - low), 6) for bar, (low, high) in zip(bars, ends, strict=True)
    }
    assert len(whole) == 1
    # Those of a cell stand beside each other, from its left to its right.
    assert sum(bar.width for bar in bars) == pytest.approx(len(lower) * whole.pop())
    texts = [mark.text for mark in marks if getattr(mark, "kind", "") == "share"]
    assert "4–57%" in texts


def test_one_of_the_bounds_alone_is_no_range(bounds):
    with pytest.raises(SelectionError, match="draws both bounds of every move"):
        op.charts.heatmap(bounds.select(component="upper"))
