"""Bases of measures: who is in them, with which weight, and how they are said."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.labels import crossed
from opinionpanel.measures.bases import (
    about_of,
    accounts_of,
    base_of,
    base_words,
    bases_of,
    cross_of,
    group_names,
    state_codes,
    states_looking_back,
)

ITEM, PAIR = "support", ("Jul 2024", "Nov 2024")


@pytest.fixture(scope="module")
def panel():
    return op.datasets.load("attitudes_2024").panel


@pytest.mark.parametrize(
    ("by", "names"), [(None, []), ("a", ["a"]), (["a", "b"], ["a", "b"]), (["a", "a"], ["a"])]
)
def test_groups_are_listed_once(by, names):
    assert group_names(by) == names


def three_waves():
    """Each pair of waves has a weight of its own; y was not asked at the second."""
    waves = ("t1", "t2", "t3")
    rows = {"y1": list("ab"), "y3": list("ab"), **{f"x{wave}": list("ab") for wave in waves}}
    weight = dict.fromkeys(waves, "w")
    for first, last in (("t1", "t2"), ("t2", "t3"), ("t1", "t3")):
        rows[f"{first}{last}"] = [1.0, 2.0]
        weight[first, last] = f"{first}{last}"
    states = {"a": ["a"], "b": ["b"]}
    items = {
        "x": op.Item({wave: f"x{wave}" for wave in waves}, states),
        "y": op.Item({"t1": "y1", "t3": "y3"}, states),
    }
    frame = pd.DataFrame(rows).assign(w=1.0)
    return op.Panel.from_wide(frame, items=items, design=op.Design(weight=weight))


def test_who_is_at_all_waves_is_accounted_with_the_weight_of_the_first_and_the_last():
    panel, names = three_waves(), ["t1", "t2", "t3"]
    for keys in ([("t1",)], [("t1", "t2"), ("t2", "t3")], [("t1", "t3")]):
        for account in accounts_of(panel, names, keys, "balanced").values():
            assert account.needed == tuple(names)
            assert account.weight.text == panel.weight("t1", "t3").text


@pytest.mark.parametrize("base", ["answered", "balanced", "panel"])
def test_bases_of_all_pairs_are_those_of_each(panel, base):
    """Those of a pair may be wider where codes are missing: cells say who answered."""
    names = list(panel.waves)
    pairs = list(pairwise(names))
    _, codes = state_codes(panel, ITEM, names, base)
    for pair, (inside, weight) in bases_of(panel, ITEM, names, pairs, base).items():
        one, same = base_of(panel, ITEM, names, pair, base)
        in_cells = (codes[pair[0]] >= 0) & (codes[pair[1]] >= 0)
        np.testing.assert_array_equal(inside & in_cells, one & in_cells)
        assert weight.text == same.text


def test_bases_nest(panel):
    names = list(panel.waves)
    answered, _ = base_of(panel, ITEM, names, PAIR, "answered")
    balanced, _ = base_of(panel, ITEM, names, PAIR, "balanced")
    started, _ = base_of(panel, ITEM, names, PAIR, "panel")
    assert (balanced <= answered).all()
    assert (answered <= started).all()
    with pytest.raises(SelectionError, match="base must be"):
        base_of(panel, ITEM, names, PAIR, "all")


def test_every_state_of_the_whole_panel_has_a_place(panel):
    states, codes = state_codes(panel, ITEM, list(panel.waves), "panel")
    assert states[:3] == panel.item(ITEM).state_names
    inside, _ = base_of(panel, ITEM, list(panel.waves), PAIR, "panel")
    assert all(codes[wave][inside].min() >= 0 for wave in panel.waves)
    assert max(int(code.max()) for code in codes.values()) == len(states) - 1


def test_looking_back_everyone_came_from_somewhere(panel):
    origins, destinations, codes = states_looking_back(panel, ITEM, list(pairwise(panel.waves)))
    assert "new entrant" in origins
    assert "new entrant" not in destinations
    for (_, later), (origin, destination) in codes.items():
        there = panel.present[panel.position(later)] & (panel.weight(later).values > 0)
        assert origin[there].min() >= 0
        assert destination[there].min() >= 0


def test_labels_stand_in_the_order_of_the_cells(panel):
    groups, states = ["gender"], panel.item(ITEM).state_names
    labels = crossed({"gender": panel.group("gender").categories, "state": states})
    codes = panel.answers[ITEM][0].astype(np.int64)
    everyone = np.ones(len(codes), dtype=bool)
    cross = cross_of(panel, groups, PAIR[0], [codes], [len(states)], everyone)
    assert cross.size == len(labels)
    person = int(np.flatnonzero(cross.codes() >= 0)[0])
    row = labels.frame.iloc[cross.codes()[person]]
    assert row["state"] == states[codes[person]]
    gender = panel.group("gender")
    assert row["gender"] == gender.categories[gender.codes[person]]


def test_a_caption_says_whose_group_is_not_known(panel):
    names = list(PAIR)
    who = base_words("balanced", names, pairs=True)
    assert who == "people with an answer at all of Jul 2024, Nov 2024"
    women = panel.where(gender="woman")
    about = about_of(women, ITEM, names, [], who, {})
    assert about.base == f"{who}, {women.domain_text}"
    assert about.states == panel.item(ITEM).state_names
    assert not about.weights
