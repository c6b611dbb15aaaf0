"""Columns that say who was interviewed: their codes and labels are there, and mean one thing."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import ItemError
from opinionpanel.questions.no_interview import check_silence, read_silence, read_status
from opinionpanel.waves import Wave


def values(column, answers, labels=None, times=None):
    record = Wave(pd.DataFrame({column: answers}), labels={column: labels or {}})
    return {("t1", column): (record, times)}


def test_a_status_has_one_state():
    (column,) = read_status(op.Status("s", [1, "part"]), values("s", [1, 2, 3], {2: "part"}))
    assert (column.states >= 0).tolist() == [True, True, False]


def test_values_that_look_like_ids_are_not_shown():
    with pytest.raises(ItemError, match=r"5 occurs at no wave\. Known: none"):
        read_status(op.Status("s", [5]), values("s", np.arange(100, 300)))


def test_a_label_of_no_interview_is_there():
    item = op.Item("q", {"yes": [1]}, no_interview=["gone", 98, ".a"], rest="missing")
    (column,) = read_silence(item, "v", values("q", [1, 9], {9: "gone"}))
    assert column.states.tolist() == [0, -3]
    with pytest.raises(ItemError, match="Item 'v': no_interview: the code or label 'gone' occurs"):
        read_silence(item, "v", values("q", [1, 9], {9: "went"}))


def test_answers_are_counted_by_people():
    item = op.Item("q", {"yes": [1], "no": [2, None]}, rest="missing")
    check_silence(item, "v", values("q", [None, 9]), {"t1": "item 'u'"})
    found = values("q", [1.0, 2.0, 9.0], {1: "Yes"}, times=np.array([5, 1200, 7]))
    with pytest.raises(ItemError) as error:
        check_silence(item, "v", found, {"t1": "item 'u'"})
    assert "1,205 people had no interview by item 'u'" in str(error.value)
    assert "1 'Yes' (5), 2 (1,200)" in str(error.value)
    many = op.Item("q", {"low": list(range(100))})
    with pytest.raises(ItemError, match="an answer here: different answers"):
        check_silence(many, "v", values("q", range(100)), {"t1": "item 'u'"})
