"""What a report holds, computed once."""

from dataclasses import replace

import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import StudyError
from opinionpanel.report.contents import TAKEN, Contents
from opinionpanel.study import Study


def study(panel):
    return Study(title="A study", source="", panel=panel)


def test_items_that_can_change_have_pages_and_others_are_named(from_table):
    panel = from_table(["yes", "no"], [[20, 15], [12, 30]])
    contents = Contents(study(panel))
    (item,) = contents.items.values()
    assert contents.left_out == []
    assert item.published is item.published
    assert list(item.pairs.values()) == [item.main_pair]


def test_a_study_without_change_to_report_is_refused():
    frame = pd.DataFrame({"person": range(40), "wave": "w1", "q": [1, 2] * 20})
    panel = op.Panel.from_long(
        frame, person="person", wave="wave", items={"q": op.Item("q", {"a": [1], "b": [2]})}
    )
    with pytest.raises(StudyError, match="no change to report"):
        Contents(study(panel))


@pytest.mark.parametrize("name", [*TAKEN, "Index", "../x", "a.1-2"])
def test_no_page_takes_the_place_of_another(name):
    panel = op.datasets.load("thomas_1991_3")
    (old,) = panel.items
    renamed = replace(panel, items={name: panel.items[old]}, answers={name: panel.answers[old]})
    (page,) = Contents(study(renamed)).items
    assert page not in TAKEN
    assert "." not in page
    assert "/" not in page
