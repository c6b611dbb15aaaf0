"""What is put together before anything is withheld."""

import numpy as np
import pytest
from made import drawn, panel_of

import opinionpanel as op
from opinionpanel.disclosure.merging import (
    answering_first,
    joined_text,
    with_joined_states,
    with_large_categories,
    with_large_states,
    with_one_base,
)


def test_a_state_of_few_people_joins_its_smaller_neighbour():
    answers = drawn(9, waves=2, lost=0.0, silent=0.0)
    answers[answers == 2] = 3
    answers[:4, 0] = 2
    panel, states = with_large_states(panel_of(answers), "x", 10)
    names = panel.item("x").state_names
    sizes = {code: (answers == code).sum(axis=0).max() for code in (1, 3)}
    joined = "no or unsure" if sizes[1] < sizes[3] else "unsure or yes"
    assert joined in names
    assert len(names) == 2
    assert "“unsure”" in joined_text(states, 10)
    again = with_joined_states(panel_of(answers), "x", states)
    np.testing.assert_array_equal(again.answers["x"], panel.answers["x"])
    assert again.item("x").state_names == names
    shares = op.shares(panel, "x").to_frame()
    both = shares[shares["state"] == joined]["n_cell"].tolist()
    member = [1, 2] if joined.startswith("no") else [2, 3]
    assert both == np.isin(answers, member).sum(axis=0).tolist()
    assert str(panel.item("x")).count(joined) == 1


def test_states_are_joined_wherever_they_stand():
    panel = panel_of(drawn(9))
    found = with_joined_states(panel, "x", [("yes", "no")])
    assert found.item("x").state_names == ("unsure", "yes or no")
    one, two = (op.shares(each, "x").select(state="unsure").value for each in (found, panel))
    np.testing.assert_array_equal(one, two)


def test_people_without_a_weight_make_no_state_large():
    answers = np.array([[1, 1]] * 50 + [[2, 2]] * 20 + [[3, 3]] * 50)
    weight = np.ones(len(answers))
    weight[50:63] = 0.0
    panel = panel_of(answers, {"w": weight}, design=op.Design(weight="w"))
    assert with_large_states(panel, "x", 7)[1] == []
    assert "unsure" in with_large_states(panel, "x", 8)[1][0]


def test_large_states_stay_and_two_are_never_one():
    panel = panel_of(drawn(10))
    assert with_large_states(panel, "x", 10) == (panel, [])
    few = panel_of(drawn(10, people=12, waves=2))
    merged, _ = with_large_states(few, "x", 100)
    assert len(merged.item("x").state_names) == 2


@pytest.mark.parametrize(("gone", "narrowed"), [(0, False), (4, True), (30, False)])
def test_bases_that_differ_by_few_become_one(gone, narrowed):
    answers = drawn(11, waves=2, lost=0.0, silent=0.0)
    answers[:gone, 1] = -1
    panel, note = with_one_base(panel_of(answers), "x", [("w1", "w2")], 10, 5)
    assert bool(note) == narrowed
    n = set(op.shares(panel, "x").n.astype(int))
    assert n == ({196} if narrowed else {200, 200 - gone})


def test_one_base_does_not_lose_many():
    answers = drawn(12, waves=3, lost=0.0, silent=0.0)
    answers[:4, 1] = -1
    answers[100:, 2] = -1
    panel = panel_of(answers)
    assert with_one_base(panel, "x", panel.pairs("x"), 10, 5) == (panel, "")


def test_small_categories_are_one():
    sizes = [100, 60, 33, 4, 3]
    group = np.repeat(list("abcde"), sizes)
    panel = panel_of(drawn(13, lost=0.0, silent=0.0), {"g": group})
    found, names = with_large_categories(panel, "x", ["g"], ("w3",), 10, 5)
    # Seven people are few, too: the next smallest category joins them.
    assert found.groups["g"].categories == ("a", "b", "3 categories together")
    assert names == ["g"]
    shares = op.shares(found, "x", by="g", waves=["w3"]).to_frame()
    assert shares.groupby("g", sort=False)["n"].first().tolist() == [100, 60, 40]
    lone = panel_of(drawn(13, lost=0.0, silent=0.0), {"g": np.repeat(["a", "b"], [195, 5])})
    assert with_large_categories(lone, "x", ["g"], ("w3",), 10, 5)[1] == []


def test_those_who_answered_first():
    panel = answering_first(panel_of(drawn(14)), "x")
    assert panel.domain.sum() == (drawn(14)[:, 0] > 0).sum()
    assert "who gave an answer at w1" in op.flows(panel, "x", base="panel").about.base


def test_a_small_category_does_not_stand_nearly_alone():
    """Of eight people and three, the three tell nearly what the eight gave."""
    panel = panel_of(
        drawn(13, lost=0.0, silent=0.0), {"g": np.repeat(list("abcd"), [100, 89, 8, 3])}
    )
    found, _ = with_large_categories(panel, "x", ["g"], ("w3",), 10, 5)
    assert found.groups["g"].categories == ("a", "3 categories together")
