"""Figures of tables by group are the sums over kinds of people that the measures count."""

import numpy as np
import pytest
from made import drawn, panel_of

import opinionpanel as op
from opinionpanel.disclosure.group_tables import change_table, wave_table
from opinionpanel.disclosure.members import members_of
from opinionpanel.disclosure.people import people_of
from opinionpanel.disclosure.published_tables import MOVED, crossing

PAIR = ("w2", "w3")
STATES = ("no", "unsure", "yes")


@pytest.fixture(scope="module")
def panel():
    return panel_of(drawn(4), {"g": np.arange(200) % 4})


@pytest.fixture(scope="module")
def members(panel):
    people = people_of(panel, "x", [PAIR], ())
    return members_of(panel, "x", people, PAIR, panel, ["g"], [])


def test_turnover_and_who_came_or_left(panel, members):
    categories = panel.groups["g"].categories
    table = change_table(members, "g", categories, STATES, 10, 5)
    people = table.parts @ members.counts
    total = op.turnover(panel, "x", waves=PAIR, by="g").select(component="total")
    moved = [people[table.figures[MOVED, name]] for name in categories]
    np.testing.assert_allclose(moved, total.value * total.n)
    flows = op.flows(panel, "x", waves=PAIR, by="g")
    labels = flows.labels
    for name in categories:
        for state in STATES:
            crossed = (labels["origin"] == state) != (labels["destination"] == state)
            counted = flows.n_cell[crossed & (labels["g"] == name)].sum()
            assert people[table.figures[crossing(state, name)]] == counted
    small = flows.n_cell[(flows.n_cell > 0) & (flows.n_cell < 5)]
    assert sorted(people[table.few]) == sorted(small)


def test_shares_at_both_waves_always_stand(panel, members):
    table = change_table(members, "g", panel.groups["g"].categories, STATES, 10, 5)
    shares = op.shares(panel, "x", by="g", waves=list(PAIR), base="balanced")
    always = np.isinf(table.price)
    assert sorted((table.parts @ members.counts)[always]) == sorted(shares.n_cell)


def test_shares_at_one_wave(panel, members):
    table = wave_table(members, "g", 4, "w3", 10, 5)
    shares = op.shares(panel, "x", by="g", waves=["w3"])
    always = np.isinf(table.price)
    assert (table.parts @ members.counts)[always].tolist() == shares.n_cell.tolist()
    assert {wave for wave, _ in table.populations} == {"w3"}


def test_answers_of_small_categories_are_never_shown():
    before = panel_of(drawn(4), {"g": np.repeat(list("abcd"), [100, 85, 8, 7])})
    merged = before.groups["g"].merged(np.array([0, 1]), "others")
    panel = before.__class__(**{**vars(before), "groups": {"g": merged}})
    people = people_of(panel, "x", [PAIR], ())
    members = members_of(panel, "x", people, PAIR, before, ["g"], [])
    table = wave_table(members, "g", 3, "w3", 10, 0)
    few = (table.parts @ members.counts)[table.few]
    counted = op.shares(before, "x", by="g", waves=["w3"]).n_cell.reshape(4, -1)[2:]
    assert few.tolist() == counted.ravel().tolist()
    assert (table.room[table.few] <= counted.sum(axis=1).repeat(3)).all()
