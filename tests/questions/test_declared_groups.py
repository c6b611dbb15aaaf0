"""Groups as users declare them: what is refused, with the way out."""

import pandas as pd
import pytest

from opinionpanel.errors import ItemError, SelectionError
from opinionpanel.questions.declared_groups import Grouping, group_columns, grouping
from opinionpanel.waves import Wave


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"states": "latest"}, r"use='latest'"),
        ({"states": {}}, "A group needs at least one state"),
        ({"states": []}, "A group needs at least one state"),
        ({"states": {"man": 1}}, "State 'man' needs a non-empty list"),
        ({"states": {"man": [1], "woman": [1]}}, "Code 1 stands in two states"),
        ({"states": {1: [1]}}, "States are named by text, not 1"),
        ({"states": {"man": [1]}, "rest": "drop"}, "rest must be None or 'missing'"),
        ({"bands": [18], "rest": "drop"}, "rest must be None or 'missing'"),
        ({"rest": "missing"}, r"name its states={…} or bands=\[…\]"),
        ({"states": {"man": [1]}, "bands": [18]}, "states or bands, not both"),
        ({"bands": [30, 18]}, "bands must ascend.*30, 18"),
        ({"bands": [18, 18]}, "bands must ascend"),
        ({"bands": 18}, "bands are the numbers"),
        ({"bands": "18"}, "bands are the numbers"),
        ({"bands": ["18", "30"]}, "bands are the numbers"),
        ({"bands": [True, 30]}, "bands are the numbers"),
        ({"bands": [18, float("inf")]}, "bands are the numbers"),
        ({"bands": [18, float("nan")]}, "bands are the numbers"),
        ({"bands": {18, 30}}, "bands are the numbers"),
    ],
)
def test_what_is_refused(declared, words):
    with pytest.raises((SelectionError, ItemError), match=words):
        Grouping("sex", **declared)


def test_use_is_named():
    with pytest.raises(TypeError):
        Grouping("sex", {"man": [1]}, "first")


def test_a_checked_grouping_does_not_change():
    states, bands = {"man": [1]}, [18, 30]
    named, cut = Grouping("sex", states), Grouping("age", bands=bands)
    states["man"].append(2)
    bands.append(45)
    assert named.states == {"man": [1]}
    assert cut.bands == (18, 30)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sex": {"man": [1]}}, r"Grouping\('sex', {…}\)"),
        ({"age": [18, 30]}, r"Grouping\(bands=\[…\]\)"),
        ({"age": "years"}, r"Grouping\('years'\)"),
        ({5: "first"}, "Groups are named by text, not 5"),
    ],
)
def test_the_way_out_is_a_grouping(given, words):
    with pytest.raises(SelectionError, match=words):
        grouping(given)


def test_columns_must_be_there():
    waves = {"w1": Wave(pd.DataFrame({"sex": [1]})), "w2": Wave(pd.DataFrame({"age": [1]}))}
    assert group_columns(waves, "sex", "groups", Grouping()) == {"w1": "sex"}
    with pytest.raises(SelectionError, match="columns of stratum: 'w3'"):
        group_columns(waves, "stratum", "stratum", Grouping({"w3": "sex"}))
