"""Charts of a report."""

from dataclasses import replace

import numpy as np
from made_contents import bundled, every, plain

from opinionpanel.disclosure import Shown
from opinionpanel.report import pictures
from opinionpanel.report.blocks import Picture, Text
from opinionpanel.report.change_parts import trend
from opinionpanel.report.pictures import COLUMN, picture


def flows():
    item = plain().items["opinion"]
    return item.published.flows(*item.main_pair), item.told


def test_a_chart_has_the_title_that_the_report_gives():
    shown, told = flows()
    (drawn,) = picture("sankey", shown, "name", "Who moved", told, [], size=COLUMN)
    assert isinstance(drawn, Picture)
    assert drawn.size == COLUMN
    assert list(drawn.draw("page").title.text) == ["Who moved"]
    assert drawn.draw("phone") is drawn.drawing("phone")


def test_a_chart_of_what_is_withheld_is_none():
    shown, told = flows()
    hidden = replace(shown.withheld, rows=np.ones(len(shown.estimates), dtype=bool))
    text, *_ = picture("sankey", Shown(shown.estimates, hidden), "name", "t", told, [])
    assert isinstance(text, Text)
    assert "withheld" in text.text


def test_a_chart_in_a_column_grows_before_it_takes_the_page(monkeypatch):
    low = (COLUMN[0], 181)
    monkeypatch.setattr(pictures, "COLUMN", low)
    shown, told = flows()
    (drawn,) = picture("sankey", shown, "name", "Who moved", told, [], size=low)
    assert drawn.size[0] == COLUMN[0]
    assert drawn.size[1] > low[1]


def test_what_the_page_says_once_stands_only_in_the_file_of_a_chart_in_a_column():
    contents = bundled()
    (drawn,) = every(trend(contents.items["support"]), Picture)
    question = contents.study.panel.item("support").question
    told = {size: repr(drawn.draw(size)) for size in (COLUMN, "page")}
    assert [text in told["page"] for text in (question, "Source:")] == [True, True]
    assert [text in told[COLUMN] for text in (question, "Source:")] == [False, False]


def test_a_size_without_room_falls_back_to_the_page():
    shown, told = flows()
    (drawn,) = picture("sankey", shown, "name", "Who moved", told, [], size=(60, 60))
    assert drawn.size == "page"
