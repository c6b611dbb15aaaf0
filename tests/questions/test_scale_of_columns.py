"""Scales as they are declared: what is taken, printed, and refused."""

import pytest

import opinionpanel as op
from opinionpanel.errors import ItemError, SelectionError
from opinionpanel.questions.scale_of_columns import Scale, scale

ENDS = {"low": 1, "high": 5}


def test_parts_are_scores_in_the_same_order_at_every_wave():
    made = scale({"May": ["q1", "q2"], "June": ["k1", "k2"]}, **ENDS, reverse=["q2", "k2"])
    assert isinstance(made, op.Score)
    assert made.at_least == made.size == 2
    one, two = made.parts("trust").values()
    assert (one.columns_at("May"), two.columns_at("June")) == (("q1",), ("k2",))
    assert made.columns_at("June") == ("k1", "k2")
    assert made.columns_at("July") == ()
    assert made.turned("May") == [False, True]
    narrowed = made.within({"June"})
    assert isinstance(narrowed, Scale)
    assert narrowed.columns_at("May") == ()


def test_it_tells_what_is_declared():
    text = str(scale(["q1", "q2", "q3"], **ENDS, reverse="q3", at_least=2, label="Trust"))
    assert text.splitlines() == [
        "Scale: q1, q2, q3 (every wave)",
        "  from      1 to 5",
        "  columns   q1, q2, q3 (every wave)",
        "  label     Trust",
        "  reversed  q3",
        "  needed    2 of 3 columns answered",
    ]


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        (["q1"], {}, "at least two different columns"),
        (["q1", "q1"], {}, "at least two different columns"),
        ("q1", {}, "takes a list of columns"),
        (["q1", 2], {}, "takes column names"),
        ({"May": ["a", "b"], "June": ["a", "b", "c"]}, {}, "2 at 'May'; 3 at 'June'"),
        ({}, {}, "same questions at every wave"),
        (["q1", "q2"], {"reverse": 2.5}, "names columns to turn"),
        (["q1", "q2"], {"at_least": 3}, "from 1 to 2"),
        (["q1", "q2"], {"at_least": True}, "from 1 to 2"),
        (["q1", "q2"], {"high": float("inf"), "reverse": ["q1"]}, "needs both ends"),
        (["q1", "q2"], {"low": 6}, "low must be less than high"),
    ],
)
def test_what_is_refused(columns, options, message):
    with pytest.raises(ItemError, match=message):
        scale(columns, **ENDS | options)


def test_a_turned_column_that_is_none():
    with pytest.raises(SelectionError, match="column in reverse"):
        scale(["q1", "q2"], **ENDS, reverse=["q3"])
