"""What of a Sankey is highlighted."""

import numpy as np
import pytest

from opinionpanel.charts.sankey_highlights import lit
from opinionpanel.errors import SelectionError

STATES = ["approve", "unsure", "oppose"]


def test_nothing_asked_for_lights_everything():
    everything = lit(None, STATES)
    assert everything.states.all()
    assert everything.flows.all()


def test_a_state_lights_what_leaves_and_what_enters_it():
    one = lit("unsure", STATES)
    assert one.states.tolist() == [False, True, False]
    assert np.argwhere(~one.flows).tolist() == [[0, 0], [0, 2], [2, 0], [2, 2]]


def test_a_flow_lights_its_ends():
    one = lit(("approve", "oppose"), STATES)
    assert one.states.tolist() == [True, False, True]
    assert np.argwhere(one.flows).tolist() == [[0, 2]]


def test_a_list_lights_all_that_each_of_it_does():
    parts = ["oppose", ("approve", "unsure")]
    several = lit(parts, STATES)
    apart = [lit(part, STATES) for part in parts]
    assert (several.flows == (apart[0].flows | apart[1].flows)).all()
    assert (several.states == (apart[0].states | apart[1].states)).all()


@pytest.mark.parametrize("wrong", ["aprove", ("approve", "aprove"), ["aprove"]])
def test_a_state_that_is_not_there_is_refused(wrong):
    with pytest.raises(SelectionError, match=r"state in highlight: 'aprove'.*'approve'"):
        lit(wrong, STATES)


@pytest.mark.parametrize("wrong", [("approve",), ("approve", "unsure", "oppose"), [["oppose"]]])
def test_a_flow_has_two_ends(wrong):
    with pytest.raises(SelectionError, match="by its origin and its destination"):
        lit(wrong, STATES)
