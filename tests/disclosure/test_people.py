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
    panel = panel_of(answers, {"g": np.arange(len(answers)) % 3})
    if weight:
        frames = {"w": weights, "g": np.arange(len(answers)) % 3}
        panel = panel_of(answers, frames, design=op.Design(weight="w"))
    people = people_of(
        panel,
        "x",
        dict.fromkeys(("g", ("before", "g")), panel.groups["g"]),
        PAIRS,
        ("w1", "w2", "w3"),
    )
    for pair in PAIRS:
        inside = people.base(pair, people.paths)
        assert people.paths.people[inside].sum() == op.flows(panel, "x", waves=pair).n[0]
    shares = op.shares(panel, "x").to_frame().groupby("wave")["n"].first()
    for wave, n in shares.items():
        assert people.paths.people[people.base((wave,), people.paths)].sum() == n
    begun = people.base((BEGUN, "w1"), people.paths)
    assert people.paths.people[begun].sum() == op.flows(panel, "x", base="panel").n[0]
    by = op.shares(panel, "x", by="g", waves=["w3"]).to_frame().groupby("g")["n"].first()
    here = people.base(("w3",), people.members)
    for code, n in enumerate(by):
        assert people.members.people[here & (people.categories["g"] == code)].sum() == n


def test_the_blocks_agree_at_the_last_wave():
    panel = panel_of(drawn(3), {"g": np.arange(200) % 4})
    people = people_of(
        panel, "x", dict.fromkeys(("g", ("before", "g")), panel.groups["g"]), PAIRS, ()
    )
    known = people.known @ people.counts
    assert not known[-len(people.states) :].any()
    # Before these stand those who answered at which waves, and of each category of two groups at
    # the last: everyone once each time.
    assert known[: -len(people.states)].sum() == 3 * 200
    assert people.paths.people.sum() == people.members.people.sum() == 200
