"""Kinds of members of groups add up to what the measures count."""

import numpy as np
import pytest
from made import drawn, panel_of

import opinionpanel as op
from opinionpanel.disclosure.members import members_of
from opinionpanel.disclosure.people import people_of

PAIR = ("w2", "w3")


def members(panel, groups, changes=()):
    people = people_of(panel, "x", [("w1", "w2"), PAIR], ())
    return people, members_of(panel, "x", people, PAIR, panel, groups, list(changes))


@pytest.mark.parametrize("weighted", [False, True])
def test_bases_are_those_of_the_measures(weighted):
    """Also where a weight of zero takes people out of one base and not of another."""
    answers = drawn(3)
    columns = {"g": np.arange(len(answers)) % 3}
    weights = np.random.default_rng(2).integers(0, 3, len(answers)).astype(float)
    more = {"design": op.Design(weight="w")} if weighted else {}
    panel = panel_of(answers, {**columns, "w": weights}, **more)
    _, found = members(panel, ["g"])
    block = found.block("g")
    flows = op.flows(panel, "x", waves=PAIR, by="g")
    rows = zip(flows.labels["g"], flows.labels["origin"], flows.labels["destination"], strict=True)
    names, states = list(panel.groups["g"].categories), list(panel.item("x").state_names)
    for (category, a, b), people in zip(rows, flows.n_cell, strict=True):
        here = found.inside(block, PAIR) & (block.categories["g"] == names.index(category))
        here = here & (found.at(block, "w2") == states.index(a))
        here = here & (found.at(block, "w3") == states.index(b))
        assert block.kinds.people[here].sum() == people
    for wave in PAIR:
        shares = op.shares(panel, "x", by="g", waves=[wave])
        here = found.inside(block, (wave,))
        assert block.kinds.people[here].sum() == shares.n_cell.sum()


def test_every_block_has_as_many_people_at_each_place_as_all_ways():
    panel = panel_of(drawn(4), {"g": np.arange(200) % 4, "h": np.arange(200) // 100})
    people, found = members(panel, ["g", "h"])
    assert [list(block.categories) for block in found.blocks] == [["g"], ["h"]]
    places = [
        np.bincount(block.kinds.values["place"], block.kinds.people) for block in found.blocks
    ]
    assert places[0].tolist() == places[1].tolist()
    both = people.base(PAIR)
    assert places[0][found.bases[PAIR]].sum() == people.counts[both].sum()
    assert [len(part.blocks) for part in found.apart()] == [1, 1]


def test_groups_within_others_share_a_block():
    region = np.arange(200) % 2
    district = region + 2 * (np.arange(200) % 3 == 0)
    panel = panel_of(drawn(4), {"r": region, "s": np.arange(200) // 100, "d": district})
    _, found = members(panel, ["r", "s", "d"])
    assert sorted(map(sorted, (block.categories for block in found.blocks))) == [["d", "r"], ["s"]]


def test_what_other_ways_of_people_would_change_is_counted_by_place():
    panel = panel_of(drawn(4), {"g": np.arange(200) % 4})
    people, _ = members(panel, ["g"])
    values = people.paths.values
    states = [values[wave] for wave in people.waves]
    change = np.zeros(len(people.counts))
    # Two people swap their answers at the last wave.
    for way, more in (((0, 0, 1), 1), ((0, 1, 0), 1), ((0, 0, 0), -1), ((0, 1, 1), -1)):
        change[np.logical_and.reduce([at == one for at, one in zip(states, way, strict=True)])] = (
            more
        )
    _, found = members(panel, ["g"], [change])
    assert sorted(found.moved[0][found.moved[0] != 0]) == [-1, -1, 1, 1]
    assert not found.moved.sum()
    assert found.apart() == [found]
    known = found.known({}).parts
    ways = np.array(found.ways_changed())
    assert known.shape[1] == ways.shape[1] == len(found.counts)
    # A change of the ways alone would leave the groups with other people than there are.
    assert (known @ ways.T).any()


def test_what_is_known_is_how_many_people_of_each_category_answered_when():
    panel = panel_of(drawn(4), {"g": np.arange(200) % 4})
    _, found = members(panel, ["g"])
    known = found.known({PAIR: PAIR})
    people = known.parts @ found.counts
    inside = sum(found.inside(found.blocks[0], base) for base in found.bases) > 0
    there = found.blocks[0].kinds.people[inside].sum()
    assert people.sum() == 2 * there
    assert [wave for wave, _ in known.populations] == list(PAIR)
