"""One option of several: what marks it, in which column."""

import pytest

import opinionpanel as op
from opinionpanel.questions.option_marks import NOT_SELECTED, SELECTED, Marks, Option

MARKS = Marks(("q1", "q2"), ((1,), ()), ((), (1,)), (("q1",),))


def test_a_mark_in_another_column_says_that_this_option_was_not_selected():
    item = Option(MARKS, {SELECTED: [1], NOT_SELECTED: [0]}, multiple="m", option="TV")
    assert item.meanings("May", column="q1") == {1: 0, 0: -1}
    assert item.meanings("May", column="q2") == {1: 1, 0: -1}
    counting = Option(MARKS, {SELECTED: [1], NOT_SELECTED: [0, None]}, none_counts=True)
    assert counting.meanings("May", column="q2") == {1: 1, 0: 1, None: 1}
    assert item.columns_at("May") == ("q1", "q2")
    assert str(MARKS) == "q1"


def test_options_are_narrowed_to_waves_as_items_are():
    media = op.multiple({"TV": {"w1": "a", "w2": "b"}}, selected=[1], changes={"w2": "by phone"})
    (item,) = media.items("media").values()
    assert item.within(["w1"]).columns_at("w1") == ("a",)
    assert item.within(["w2"]).changes == {"w2": "by phone"}
    assert item.within(["w3"]) is None


def test_its_states_cannot_be_changed_by_the_caller():
    item = Option(MARKS, {SELECTED: [1], NOT_SELECTED: [0]})
    with pytest.raises(AttributeError):
        item.option = "radio"
