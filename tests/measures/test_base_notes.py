"""Who of those interviewed is not in a base: counted by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from engine_frames import ON_STAND_INS, on_engine

import opinionpanel as op
from opinionpanel.measures.base_notes import Account, loss_words, notes_on, percent
from opinionpanel.measures.bases import accounts_of

# Answers at t1 and t2 and the weights there; 9 was not asked, None not interviewed.
PEOPLE = [
    (1, 1, 1.0, 2.0),
    (1, 2, 1.0, 0.0),
    (2, 9, 2.0, 1.0),
    (2, 9, 2.0, 0.0),
    (1, None, 3.0, 0.0),
    (2, 2, 0.0, 1.0),
    (None, 1, 0.0, 1.0),
]


@pytest.fixture
def panel():
    waves = {}
    for place in (0, 1):
        rows = [(i, p[place], p[place + 2]) for i, p in enumerate(PEOPLE) if p[place]]
        waves[f"t{place + 1}"] = pd.DataFrame(rows, columns=["id", "q", "w"])
        waves[f"t{place + 1}"]["sex"] = np.where(waves[f"t{place + 1}"]["id"] < 3, "f", "m")
    item = op.Item("q", {"yes": [1], "no": [2]}, not_asked=[9])
    design = op.Design(weight="w")
    return op.Panel.from_waves(waves, person="id", items={"x": item}, groups=["sex"], design=design)


def test_counts_by_hand(panel):
    names, pair = ["t1", "t2"], ("t1", "t2")
    accounts = accounts_of(panel, names, [pair], "answered")
    asked, weightless, lost = notes_on(panel, ["x"], names, accounts)
    # With a weight at t2: the first, the third, the sixth and the seventh.
    assert asked == {"t1": (5, 0), "t2": (4, 1)}
    # The second answered both and has no weight at t2.
    assert weightless[pair].startswith("t1 → t2: 1 person with an answer at both waves has")
    # Five of six have a weight at t1; two of them answered twice: too few for a per cent.
    assert lost[pair] == (
        "Of 5 people interviewed at t1 with a positive weight there, 2 answered both then and at "
        "t2."
    )


def test_counts_are_of_the_domain(panel):
    names, pair = ["t1", "t2"], ("t1", "t2")
    women = panel.where(sex="f")
    asked, _, lost = notes_on(women, "x", names, accounts_of(women, names, [pair], "answered"))
    assert asked == {"t1": (3, 0), "t2": (2, 1)}
    assert lost[pair].startswith("Of 3 people interviewed at t1, 2 answered both")


def test_accounts_follow_the_base(panel):
    names, key = ["t1", "t2"], ("t1", "t2")
    assert accounts_of(panel, names, [key], "panel")[key].needed == ()
    assert accounts_of(panel, names, [("t2",)], "balanced")[("t2",)].needed == ("t1", "t2")
    answered = accounts_of(panel, names, [("t2",)], "answered")[("t2",)]
    assert (answered.start, answered.needed) == ("t2", ("t2",))


def test_words_of_a_loss(panel):
    weight = panel.weight("t1")
    pair = Account("t1", ("t1", "t2"), weight)
    assert loss_words(("t1", "t2"), pair, 30, 9, 0.3) == (
        "Of 30 people interviewed at t1, 9 answered both then and at t2"
    )
    assert loss_words(("t1", "t2"), pair, 1, 0, 0.0, weightless=True) == (
        "Of 1 person interviewed at t1 with a positive weight there, 0 answered both then and at t2"
    )
    assert loss_words(("t2", "t3"), pair, 30, 10, 0.2) == (
        "Of 30 people interviewed at t1, 10 (20%, weighted) answered both at t2 and at t3"
    )
    for wave, other in (("t1", "t2"), ("t2", "t1")):
        words = loss_words((wave,), pair._replace(start=wave), 30, 9, 0.3)
        assert words.endswith(f"at {wave}, 9 answered both then and at {other}")
    three = Account("t1", ("t1", "t2", "t3"), replace(weight, text="none (unweighted)"))
    assert loss_words(("t1", "t3"), three, 30, 10, 0.2).endswith(
        "10 (20%) answered at all of t1, t2, t3"
    )


@pytest.mark.parametrize(
    ("share", "text"), [(0.001, "under 1%"), (0.999, "over 99%"), (0.5, "50%"), (0.01, "1%")]
)
def test_no_share_rounds_to_all_or_nobody(share, text):
    assert percent(share) == text


@ON_STAND_INS
@pytest.mark.parametrize("measure", [op.shares, op.flows, op.turnover, op.paths, op.attrition])
def test_notes_are_the_same_on_an_engine(panel, measure, engine):
    here, there = (measure(one, "x").about for one in (panel, on_engine(panel, engine)))
    assert here.asked["t2"] == (4, 1)
    assert (there.asked, there.weightless, there.lost) == (here.asked, here.weightless, here.lost)


@pytest.mark.parametrize("base", ["answered", "balanced", "panel"])
@pytest.mark.parametrize("by", [None, "sex"])
def test_people_are_in_the_base_or_accounted_for(panel, base, by):
    """What turnover's base holds is what the notes leave of those who answered."""
    flows = op.flows(panel, "x", base=base, by=by)
    counted_in = flows.n_cell.sum()
    without = sum("1 person" in text for text in flows.about.weightless.values())
    both = sum(p[0] in (1, 2) and p[1] in (1, 2) for p in PEOPLE)
    there = sum(p[0] is not None for p in PEOPLE)
    assert counted_in + without == (there if base == "panel" else both)
