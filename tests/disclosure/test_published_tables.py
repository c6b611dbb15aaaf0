"""Figures of a report are the sums over kinds of people that the measures count."""

import numpy as np
import pytest
from made import drawn, panel_of

import opinionpanel as op
from opinionpanel.disclosure.people import people_of
from opinionpanel.disclosure.published_tables import (
    MOVED,
    WITHOUT_ANSWER,
    chain_states,
    chain_table,
    latent_table,
    pair_table,
    shares_table,
    trend_table,
)

CHAIN = ("w1", "w2", "w3")


@pytest.fixture
def panel():
    return panel_of(drawn(4))


@pytest.fixture
def people(panel):
    return people_of(panel, "x", [("w1", "w2")], CHAIN)


def counted(table, people):
    return {name: (table.parts @ people.counts)[row] for name, row in table.figures.items()}


def test_flows_and_who_moved(panel, people):
    table = pair_table(people, "w1", "w2", 10, 5)
    flows = op.flows(panel, "x", waves=["w1", "w2"])
    found = counted(table, people)
    ways = list(zip(flows.labels["origin"], flows.labels["destination"], strict=True))
    assert [found[way] for way in ways] == flows.n_cell.tolist()
    total = op.turnover(panel, "x", waves=["w1", "w2"]).value[0]
    assert found[MOVED] == pytest.approx(total * flows.n[0])
    small = [table.few[table.figures[way]] for way in ways]
    assert small == [0 < n < 5 for n in flows.n_cell]


def test_a_row_with_few_people_is_withheld_as_a_whole():
    answers = np.array([[1, 1]] * 50 + [[3, 3]] * 40 + [[2, 2]] * 8 + [[1, 3], [3, 1]] * 10)
    people = people_of(panel_of(answers), "x", [("w1", "w2")], ())
    table = pair_table(people, "w1", "w2", 10, 5)
    few = {name for name, row in table.figures.items() if table.few[row]}
    assert few == {("unsure", "no"), ("unsure", "unsure"), ("unsure", "yes")}


def test_shares(panel, people):
    for wave in CHAIN:
        table = shares_table(people, wave)
        shares = op.shares(panel, "x", waves=[wave])
        assert list(counted(table, people).values()) == shares.n_cell.tolist()
        assert not table.few.any()


def test_the_way_of_those_who_answered_first(people):
    states = chain_states(people, CHAIN, 5)
    assert list(states) == ["no", "unsure", "yes", WITHOUT_ANSWER]
    table = chain_table(people, CHAIN, states, 5)
    answers = drawn(4)
    answers = answers[answers[:, 0] > 0]
    names = {1: "no", 2: "unsure", 3: "yes", 0: WITHOUT_ANSWER, -1: WITHOUT_ANSWER}
    for way, n in counted(table, people).items():
        a, b = int(way[0][1]) - 1, int(way[1][1]) - 1
        there = [(names[row[a]], names[row[b]]) == way[2:] for row in answers.tolist()]
        assert sum(there) == n
    none = people_of(panel_of(drawn(5, silent=0.0)), "x", [], CHAIN)
    assert WITHOUT_ANSWER not in chain_states(none, CHAIN, 5)


def test_observed_turnover_beside_the_model(panel, people):
    found = counted(latent_table(people, CHAIN), people)
    answers = drawn(4)
    answers = answers[(answers > 0).all(axis=1)]
    assert list(found.values()) == [
        (answers[:, 0] != answers[:, 1]).sum(),
        (answers[:, 1] != answers[:, 2]).sum(),
    ]


def test_the_interval_of_a_trend_tells_how_far_shares_go_together(panel, people):
    """The library's covariance of both shares, which stands in no table, is this sum."""
    shares = op.shares(panel, "x", waves=["w1", "w3"])
    number, everyone = len(shares) // 2, int(panel.domain.sum())
    for row, state in enumerate(panel.item("x").state_names):
        table = trend_table(people, state, "w1", "w3")
        covariance = shares.covariance[row, number + row]
        scale = everyone / (everyone - 1) / (shares.n[row] * shares.n[number + row])
        assert counted(table, people)[state] * scale == pytest.approx(covariance)
