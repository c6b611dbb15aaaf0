"""Paths are those that people took, with the weight and the words of their waves."""

import numpy as np
import pytest
from hypothesis import given, settings

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures.paths_taken import observed_paths
from opinionpanel.strategies import panels

few = settings(max_examples=12)


@few
@given(panels(waves=(2, 3)))
def test_paths_end_where_people_are(panel):
    found = observed_paths(panel, "opinion", None, "balanced", "paths", at_least=2, by="gender")
    known = found.codes >= 0
    for place, name in enumerate(found.about.waves):
        states = found.people(found.steps[:, place])
        answers = panel.answers["opinion"][panel.position(name)]
        np.testing.assert_array_equal(states[known], answers[known])
        assert (states[~known] == -1).all()
    with pytest.raises(SelectionError, match="one base for all"):
        observed_paths(panel, "opinion", None, "answered", "paths", at_least=2)


@few
@given(panels(waves=(3, 4)))
def test_paths_have_the_weight_of_the_first_and_the_last_wave(panel):
    found = op.number_of_changes(panel, "opinion")
    asked = panel.asked("opinion")
    ends = (asked[0], asked[-1])
    assert found.about.weights == {ends: panel.weight(*ends).text}


def test_a_path_of_two_waves_says_how_many_were_lost_by_the_second(build):
    found = op.paths(build(), "support")
    assert list(found.about.lost.values()) == [
        "Of 8 people interviewed at Jul, 6 answered both then and at Nov."
    ]
