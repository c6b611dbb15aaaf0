"""Who is still to change, interval by interval: against each person's answers in turn."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures.until_change import CutOff, intervals_until_change, refuse_nobody

WAVES = ["w1", "w2", "w3", "w4"]
ANSWERS = st.lists(st.lists(st.sampled_from("ab-"), min_size=4, max_size=4), min_size=2, max_size=9)


def panel_of(rows):
    frame = pd.DataFrame(rows, columns=WAVES).replace("-", None)
    item = op.Item({wave: wave for wave in WAVES}, {"a": ["a"], "b": ["b"]})
    return op.Panel.from_wide(frame, items={"x": item})


def one_by_one(said, *, from_first_wave):
    """The intervals of a person and whether each brought a change; and how it ended."""
    known = [place for place, answer in enumerate(said) if answer != "-"]
    if not known or (from_first_wave and known[0] > 0):
        return {}, ""
    found = {}
    for place in range(known[0], 3):
        if said[place + 1] == "-":
            return found, "gap" if known[-1] > place else "gone"
        found[place] = said[place] != said[place + 1]
        if found[place]:
            break
    return found, ""


@given(ANSWERS, st.booleans())
def test_everybody_is_followed_until_something_is_missing(rows, from_first_wave):
    # Some answer to each question must be there.
    rows = [*rows, list("abab"), list("aaaa")]
    panel = panel_of(rows)
    states, intervals, cut_off = intervals_until_change(
        panel, "x", WAVES, from_first_wave=from_first_wave
    )
    known = [one_by_one(said, from_first_wave=from_first_wave) for said in rows]
    assert states == ("a", "b")
    for place, each in enumerate(intervals):
        assert each.waves == (WAVES[place], WAVES[place + 1])
        here = [found[place] for found, _ in known if place in found]
        # The panel has an order of its own.
        at_risk, changed = np.asarray(each.at_risk), np.asarray(each.changed)
        assert sorted(changed[at_risk].tolist()) == sorted(here)
    assert cut_off.gaps == sum(end == "gap" for _, end in known)
    assert cut_off.gone == sum(end == "gone" for _, end in known)
    # Who joins at the last wave is in no interval.
    late = sum(said[0] == "-" and set(said[1:3]) != {"-"} for said in rows)
    assert cut_off.later == (0 if from_first_wave else late)


def test_the_words():
    assert CutOff(0, 0, 3).words() == ""
    assert "1 person who dropped out." in CutOff(1, 0, 0).words()
    assert "2 people who missed a wave" in CutOff(0, 2, 0).words()
    refuse_nobody("x", WAVES, 1)
    with pytest.raises(SelectionError, match="Nobody with a positive weight answered 'x' at two"):
        refuse_nobody("x", WAVES, 0)
