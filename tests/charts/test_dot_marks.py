"""The marks of a chart of dots: every row is pointed at, read and lit as a whole."""

from itertools import pairwise

import numpy as np
import pytest
from chart_panels import NAMES, panel_of

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.dot_chart import lay_out_dots
from opinionpanel.drawing.marks import Dot, Rect, Rule
from opinionpanel.estimates import Withheld, withheld_of


@pytest.fixture(scope="module")
def panel():
    return panel_of(NAMES[3], 3, people=600, groups=4)


def drawn(*estimates, withheld=None, **options):
    withheld = withheld or [withheld_of(one, 10) for one in estimates]
    return lay_out_dots(estimates, withheld, Options(**options)).marks


def of(marks, kind):
    return [mark for mark in marks if mark.kind == kind]


@pytest.mark.parametrize("size", ["page", "phone"])
def test_dots_lie_on_their_intervals_and_beside_their_names(panel, size):
    marks = drawn(op.shares(panel, "support", by="region"), size=size)
    rows, last, first, intervals = (
        of(marks, kind) for kind in ("row", "last", "first", "interval")
    )
    assert len(rows) == len(last) == len(first) == len(intervals) == 4
    for row, dot, band in zip(rows, last, intervals, strict=True):
        assert band.x <= dot.x <= band.x + band.width
        assert dot.y == pytest.approx(band.y + band.height / 2)
        assert row.y < band.y < band.y + band.height < row.y + row.height


def test_a_row_has_words_once_and_lights_all_that_belongs_to_it(panel):
    marks = drawn(op.shares(panel, "support"), op.shares(panel, "support", by="region"))
    rows = of(marks, "row")
    assert [row.key for row in rows] == [str(k) for k in range(5)]
    assert all(row.words and row.opacity == 0 for row in rows)
    said = [mark for mark in marks if mark.words]
    assert {mark.kind for mark in said} == {"row", "note"}
    for row in rows:
        lit = {mark.kind for mark in marks if row.key in mark.keys}
        assert lit >= {"name", "figure", "count", "last", "first", "interval"}
    # Above all else, where the pointer finds them.
    below = max(place for place, mark in enumerate(marks) if isinstance(mark, Dot) and mark.keys)
    assert marks.index(rows[0]) > below


def test_a_dashed_line_stands_where_all_people_are(panel):
    everybody, groups = op.shares(panel, "support"), op.shares(panel, "support", by="region")
    marks = drawn(everybody, groups)
    (line, _) = of(marks, "all")
    assert line.x == of(marks, "last")[0].x
    assert not of(drawn(groups), "all")


def test_differences_stand_beside_a_line_at_zero(panel):
    change = op.shares(panel, "support", by="region").difference("wave", "wave 3", minus="wave 1")
    marks = drawn(change)
    assert not of(marks, "all")
    ticks = {mark.text: mark.x for mark in of(marks, "tick")}
    rules = [mark for mark in marks if isinstance(mark, Rule) and mark.x == mark.x2]
    (zero,) = [rule for rule in rules if rule.x == ticks["0"]]
    assert len({rule.color for rule in rules}) == 2
    assert sum(rule.color == zero.color for rule in rules) == 1
    assert not of(marks, "first")


def test_what_is_withheld_is_one_hatched_bar_across_the_plot(panel):
    shares = op.shares(panel, "support", by="region")
    hidden = (shares.labels["region"] == "region 2").to_numpy()
    marks = drawn(shares, withheld=[Withheld(hidden, min_n=10)])
    (bar,) = of(marks, "withheld")
    ticks = [mark.x for mark in of(marks, "tick")]
    assert (bar.x, bar.x + bar.width) == pytest.approx((ticks[0], ticks[-1]))
    assert len(of(marks, "last")) == len(of(marks, "first")) == 3


def test_a_wave_that_is_withheld_leaves_the_other_dot(panel):
    shares = op.shares(panel, "support", by="region")
    labels = shares.labels
    hidden = ((labels["region"] == "region 2") & (labels["wave"] == "wave 1")).to_numpy()
    marks = drawn(shares, withheld=[Withheld(hidden, min_n=10)])
    assert (len(of(marks, "last")), len(of(marks, "first"))) == (4, 3)
    assert [mark.text for mark in of(marks, "figure")][1] == "withheld"


def test_marks_come_in_few_runs(panel):
    shares = op.shares(panel, "support", by="region")
    hidden = shares.labels["region"].isin(["region 2", "region 3"]).to_numpy()
    marks = drawn(shares, withheld=[Withheld(hidden, min_n=10)])
    plot = marks[: max(np.flatnonzero([mark.kind == "row" for mark in marks])) + 1]
    runs = 1 + sum(type(one) is not type(other) for one, other in pairwise(plot))
    assert runs <= 12
    assert isinstance(plot[-1], Rect)
