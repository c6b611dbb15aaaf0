"""What items and scores have in common."""

import pytest

import opinionpanel as op
from opinionpanel.errors import ItemError

QUESTIONS = {
    "item": lambda column, **more: op.Item(column, {"yes": [1]}, **more),
    "score": lambda column, **more: op.Score(column, low=0, high=9, **more),
}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_columns_by_wave(kind):
    both = op.coalesce("a", "b")
    question = QUESTIONS[kind]({"May": "q", "June": both}, changes={"June": "by phone"})
    assert question.kind == kind
    assert question.columns_at("May") == ("q",)
    assert question.columns_at("June") == ("a", "b")
    assert question.columns_at("July") == ()
    narrow = question.within(["May"])
    assert narrow.column == {"May": "q"}
    assert narrow.changes == {}
    assert question.within(["July"]) is None
    assert QUESTIONS[kind]("q").within(["July"]).column == "q"


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize("code", [[1], (1, 2), {1: 2}])
def test_a_code_is_one_value(kind, code):
    with pytest.raises(ItemError, match="a code is a number or a text, not"):
        QUESTIONS[kind]("q", not_asked=[code])
