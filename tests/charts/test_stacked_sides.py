"""The two sides of an item."""

import pytest
from hypothesis import given, strategies as st

from opinionpanel.charts.stacked_sides import Sides, sides_of

NAMES = ["fully agree", "agree", "disagree", "fully disagree"]


@pytest.mark.parametrize(
    ("states", "neutral", "sides"),
    [
        (["yes", "no"], "", (["yes"], ["no"], [])),
        (["yes", "unsure", "no"], "unsure", (["yes"], ["no"], ["unsure"])),
        (["yes", "no", "unsure"], "unsure", (["yes"], ["no"], ["unsure"])),
        (["unsure", "yes", "no"], "unsure", (["yes"], ["no"], ["unsure"])),
        (["more", "same", "less"], "", (["more"], ["less"], ["same"])),
        # The middle of an odd number is on no side, and the undecided are not either.
        (["more", "same", "less", "unsure"], "unsure", (["more"], ["less"], ["same", "unsure"])),
        (
            [*NAMES[:2], "neither", *NAMES[2:], "don't know"],
            "neither",
            (NAMES[:2], NAMES[2:], ["neither", "don't know"]),
        ),
        (["a", "b", "unsure", "c"], "unsure", (["a", "b"], ["c"], ["unsure"])),
        (["yes", "no", "not interviewed"], "", (["yes"], ["no"], ["not interviewed"])),
        # Of a single opinion there is nothing to compare.
        (["yes"], "", ([], ["yes"], [])),
        (["yes", "unsure"], "unsure", ([], ["yes", "unsure"], [])),
        # An item may say that nobody is undecided.
        (["unsure", "sure"], "", (["unsure"], ["sure"], [])),
    ],
)
def test_stacked_sides(states, neutral, sides):
    assert sides_of(states, neutral=neutral, ordered=True) == Sides(*map(tuple, sides))


@given(
    st.lists(st.sampled_from([*NAMES, "unsure", "no answer", "x"]), unique=True, min_size=1),
    st.sampled_from(["", "unsure"]),
    st.booleans(),
)
def test_every_state_is_on_one_side_and_in_its_order(states, neutral, ordered):
    sides = sides_of(states, neutral=neutral, ordered=ordered)
    parts = [sides.left, sides.right, sides.apart]
    assert sorted(state for part in parts for state in part) == sorted(states)
    for part in parts:
        assert list(part) == [state for state in states if state in part]
    assert sides.two == bool(sides.left)
    if not ordered:
        assert sides.right == tuple(states)
