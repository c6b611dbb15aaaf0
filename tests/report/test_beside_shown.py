"""Published figures of several studies side by side: the same answers, the same waves."""

import numpy as np
import pandas as pd
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.disclosure import Shown
from opinionpanel.estimates import withheld_of
from opinionpanel.report.beside_shown import (
    OR,
    compared_waves,
    in_same_states,
    joined,
    put_together,
    waves_of,
)

STATES = ("a", "b", "c", "d")


def shares(answers, states, seed=0):
    """Shares of a study of 80 people whose states may stand together."""
    rng = np.random.default_rng(seed)
    names = np.array(STATES)
    item = op.Item(
        {wave: wave for wave in answers},
        {OR.join(several): several for several in states},
    )
    frame = {wave: names[rng.integers(0, 4, 80)] for wave in answers}
    panel = op.Panel.from_wide(pd.DataFrame(frame), items={"q": item})
    found = op.shares(panel, "q")
    return Shown(found, withheld_of(found, 10))


def cuts(places):
    """The states in runs that end at some places."""
    ends = sorted({*places, 4})
    return [list(STATES[a:b]) for a, b in zip([0, *ends], ends, strict=False)]


@given(places=st.lists(st.integers(1, 3), max_size=3))
def test_what_stands_together_is_known_by_its_name(places):
    runs = cuts(places)
    assert put_together(STATES, [OR.join(run) for run in runs]) == runs


@given(one=st.lists(st.integers(1, 3), max_size=3), two=st.lists(st.integers(1, 3), max_size=3))
def test_studies_get_the_finest_answers_that_both_have(one, two):
    figures = {
        "N": shares(["w1", "w2"], cuts(one), 1),
        "S": shares(["w1", "w2"], cuts(two), 2),
    }
    same = in_same_states(figures, {"N": STATES, "S": STATES})
    both = [OR.join(run) for run in cuts({*one} & {*two})]
    for name, shown in same.items():
        assert list(dict.fromkeys(shown.estimates.labels["state"])) == both
        # They are sums of what was shown, so that they add up as it did.
        for wave in ("w1", "w2"):
            kept = shown.estimates.select(wave=wave)
            assert np.isclose(kept.value.sum(), 1)
            own = figures[name].estimates.select(wave=wave)
            assert set(kept.n) == set(own.n)
        assert shown.estimates.unit == "share"


def test_what_is_withheld_of_a_study_is_withheld_of_its_sums_and_differences():
    one, two = shares(["w1"], cuts([1, 2, 3]), 1), shares(["w1"], cuts([2]), 2)
    rows = np.array([False, True, False, False])
    one = Shown(one.estimates, op.estimates.Withheld(rows, 10, 5))
    same = in_same_states({"N": one, "S": two}, {"N": STATES, "S": STATES})
    assert same["N"].hidden.tolist() == [True, False]
    assert joined(same).hidden.tolist() == [True, False, False, False]


def test_waves_of_the_same_name_are_compared_or_else_the_last_ones():
    one, two = shares(["w1", "w2", "w3"], cuts([2]), 1), shares(["w2", "w3"], cuts([2]), 2)
    other = shares(["x1", "x2"], cuts([2]), 3)
    kept = compared_waves({"N": one, "S": two, "O": other})
    assert {name: waves_of(shown) for name, shown in kept.items()} == {
        "N": ["w2", "w3"],
        "S": ["w2", "w3"],
    }
    last = compared_waves({"N": one, "O": other})
    assert {name: waves_of(shown) for name, shown in last.items()} == {"N": ["w3"], "O": ["x2"]}
    assert waves_of(joined(last)) == ["w3 (N), x2 (O)"]


def test_other_codes_are_noted_whatever_the_order_of_the_states():
    frame = pd.DataFrame({"w1": ["a", "b"] * 40})
    ways = {
        "N": {"a": ["a"], "b": ["b"]},
        "same": {"b": ["b"], "a": ["a"]},
        "S": {"b": ["a"], "a": ["b"]},
    }
    figures = {}
    for name, states in ways.items():
        panel = op.Panel.from_wide(frame, items={"q": op.Item({"w1": "w1"}, states)})
        found = op.shares(panel, "q")
        figures[name] = Shown(found, withheld_of(found, 10))
    for name, noted in (("same", False), ("S", True)):
        two = {"N": figures["N"], name: figures[name]}
        same = in_same_states(two, {one: (*ways[one],) for one in two})
        text = " ".join(str(joined(same).estimates).split())
        assert ("Other codes count as the same answer: N: a = 'a'" in text) is noted
