"""Kinds of people add up to what the measures count."""

import numpy as np
import pytest
from made import drawn, panel_of

import opinionpanel as op
from opinionpanel.disclosure.people import BEGUN, people_of

PAIRS = [("w1", "w2"), ("w2", "w3")]


@pytest.mark.parametrize("weight", [None, "w"])
def test_bases_are_those_of_the_measures(weight):
    """Also where a weight of zero takes people out of one base and not of another."""
    answers = drawn(1)
    weights = np.random.default_rng(2).integers(0, 3, len(answers)).astype(float)
    panel = panel_of(answers)
    if weight:
        panel = panel_of(answers, {"w": weights}, design=op.Design(weight="w"))
    people = people_of(panel, "x", PAIRS, ("w1", "w2", "w3"))
    for pair in PAIRS:
        assert people.counts[people.base(pair)].sum() == op.flows(panel, "x", waves=pair).n[0]
    shares = op.shares(panel, "x").to_frame().groupby("wave")["n"].first()
    for wave, n in shares.items():
        assert people.counts[people.base((wave,))].sum() == n
    begun = people.base((BEGUN, "w1"))
    assert people.counts[begun].sum() == op.flows(panel, "x", base="panel").n[0]


def test_how_many_answered_at_which_waves_is_known():
    people = people_of(panel_of(drawn(3)), "x", PAIRS, ())
    assert (people.known @ people.counts).sum() == people.counts.sum() == 200
