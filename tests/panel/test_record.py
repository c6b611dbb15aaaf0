"""What a panel holds, found by name."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.panel.record import PanelRecord


@pytest.mark.parametrize(
    ("call", "near"),
    [
        (lambda panel: panel.where(gendr="woman"), "gender"),
        (lambda panel: panel.where(gender="men"), "man"),
        (lambda panel: panel.group("gander"), "gender"),
        (lambda panel: panel.item("suport"), "support"),
        (lambda panel: panel.position("Nvo"), "Nov"),
    ],
)
def test_unknown_names(build, call, near):
    with pytest.raises(SelectionError, match=f"Did you mean '{near}'"):
        call(build())


def test_a_category_of_few_people_is_not_named(build):
    with pytest.raises(SelectionError) as refused:
        build().where(gender="women")
    assert str(refused.value) == (
        "Unknown gender 'women'. Known: 'man'. So is 1 of few people, which is not named."
    )


NAMES = ("May", "June", "July")


def record(*, pairs=()):
    """Keep weights by wave, and those of pairs."""
    weights = {key: np.full(3, float(place)) for place, key in enumerate((*NAMES, *pairs))}
    names = {key: f"w{place}" for place, key in enumerate(weights)}
    item = op.Item({"May": "q", "July": "q"}, {"yes": [1]})
    return PanelRecord(
        waves=NAMES, items={"vote": item}, answers={}, unread={}, present=np.ones((3, 3), bool),
        weights=weights, without_weight={}, replicates={}, groups={}, fixed={},
        design=op.Design(weight=names), sampling=None, domain=np.ones(3, bool),
    )  # fmt: skip


@given(
    pairs=st.sets(st.sampled_from(list(combinations(NAMES, 2)))),
    asked=st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)),
)
def test_a_pair_has_its_weight_or_that_of_the_later_wave(pairs, asked):
    known = record(pairs=sorted(pairs))
    first, last = sorted(asked, key=NAMES.index)
    key = (first, last) if (first, last) in pairs else last
    found = known.weight(*asked)
    assert found.values is known.weights[key]
    # The order of the waves is that of fieldwork, whatever is asked.
    assert found.text == known.weight(*reversed(asked)).text
    assert ("longitudinal" in found.text) == isinstance(key, tuple)
    assert known.weight(last).values is known.weights[last]


def test_waves_that_asked():
    assert record().asked("vote") == ("May", "July")
    with pytest.raises(SelectionError, match="Did you mean 'vote'"):
        record().asked("vot")


def test_a_group_that_was_not_named_says_how_to_name_it():
    with pytest.raises(SelectionError, match=r"groups=\[…, 'region'\]"):
        record().group("region")


def test_nothing_is_written_to_people(build):
    panel = build()
    for values in (panel.present, *panel.answers.values(), *panel.weights.values(), panel.domain):
        with pytest.raises(ValueError, match="read-only"):
            values[...] = 0
