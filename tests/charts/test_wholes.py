"""Shares of moves and numbers of changes are drawn as the states of an item are."""

import pytest
from chart_panels import NAMES, panel_of

import opinionpanel as op
from opinionpanel.charts.wholes import (
    answers_column,
    answers_of,
    is_whole,
    neutral_of,
    sides_in,
    time_columns,
)

PANEL = panel_of(NAMES[3], 3, people=300, groups=2)
PAIR = ["from_wave", "to_wave"]


@pytest.mark.parametrize(
    ("found", "column", "times"),
    [
        (op.direction(PANEL, "support", by="region"), "move", PAIR),
        (op.number_of_changes(PANEL, "support"), "changes", []),
    ],
    ids=["direction", "number of changes"],
)
def test_shares_that_add_up_are_bars(found, column, times):
    assert is_whole(found)
    assert (answers_column(found), time_columns(found)) == (column, times)
    assert neutral_of(found) in answers_of(found)
    assert found.plot(title="A").to_dict() == op.charts.stacked(found, title="A").to_dict()


@pytest.mark.parametrize(
    "found",
    [
        op.shares(PANEL, "support"),
        op.direction(PANEL, "support", by="region", reference="rest"),
        op.number_of_changes(PANEL, "support", mean=True),
        op.direction(PANEL, "support").select(move="upward"),
    ],
    ids=["shares", "differences", "means", "a single one"],
)
def test_others_are_not(found):
    assert not is_whole(found)
    assert answers_column(found) == "state"


def test_moves_towards_the_first_state_are_to_the_left_as_it_is():
    sides = sides_in(op.direction(PANEL, "support"), ordered=True)
    assert (sides.left, sides.right, sides.apart) == (("downward",), ("upward",), ("same",))
    assert not sides_in(op.number_of_changes(PANEL, "support"), ordered=True).two
