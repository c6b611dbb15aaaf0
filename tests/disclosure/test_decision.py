"""Tables that tell of few people together do not leave together."""

import numpy as np
import pytest
from made import drawn, panel_of

from opinionpanel.disclosure import decision
from opinionpanel.disclosure.decision import few_apart
from opinionpanel.disclosure.people import people_of
from opinionpanel.disclosure.published_tables import (
    known_table,
    latent_table,
    pair_table,
    shares_table,
    trend_table,
)

PAIRS = [("w1", "w2"), ("w2", "w3")]


def tables_of(answers, min_n=10, min_cell=5):
    people = people_of(panel_of(answers), "x", PAIRS[: answers.shape[1] - 1], ())
    tables = [pair_table(people, *pair, min_n, min_cell) for pair in PAIRS[: answers.shape[1] - 1]]
    return people, [*tables, *(shares_table(people, wave) for wave in people.waves)]


def decided(people, tables, min_n, min_cell):
    known = known_table(people.known)
    hidden = decision.decided(people.counts, [known], tables, min_n, min_cell).hidden
    return {key: part for key, part in hidden.items() if key != known.key}


@pytest.mark.parametrize(("gone", "apart"), [(0, False), (1, True), (9, True), (10, False)])
def test_populations_that_differ_by_few(gone, apart):
    answers = drawn(6, waves=2, lost=0.0, silent=0.0)
    answers[:gone, 1] = -1
    people, (pair, first, second) = tables_of(answers)
    assert few_apart(people.counts, pair, first, 10, 5) == apart
    # At the second wave the same people answered as at both.
    assert not few_apart(people.counts, pair, second, 10, 5)
    kept = decided(people, [pair, first, second], 10, 5)
    assert (first.key in kept) != apart
    assert second.key in kept


@pytest.mark.parametrize(("only", "apart"), [(3, True), (4, True), (5, False)])
def test_populations_that_are_nearly_within_each_other_tell_of_the_others(only, apart):
    """Fewer than five people do not hide the opinions of the few that the other table adds."""
    answers = drawn(7, waves=3, lost=0.0, silent=0.0)
    answers[:8, 2] = -1
    answers[8 : 8 + only, 0] = -1
    people, tables = tables_of(answers)
    first, second = tables[:2]
    assert few_apart(people.counts, first, second, 10, 5) == apart


def test_without_small_flows_all_is_shown():
    people, tables = tables_of(drawn(8, people=900, waves=2, lost=0.3))
    hidden = decided(people, tables, 10, 5)
    assert set(hidden) == {table.key for table in tables}
    assert not any(part.any() for part in hidden.values())


def test_a_small_flow_is_withheld_with_others_and_the_margins_stay():
    answers = np.array([[1, 1]] * 60 + [[2, 2]] * 50 + [[3, 3]] * 40 + [[1, 2]] * 12)
    answers = np.vstack([answers, [[2, 1]] * 11, [[2, 3]] * 13, [[3, 2]] * 9, [[1, 3]] * 2])
    answers = np.vstack([answers, [[3, 1]] * 8])
    people, tables = tables_of(answers)
    hidden = decided(people, tables, 10, 5)
    pair = tables[0]
    gone = [name for name, row in pair.figures.items() if hidden[pair.key][row]]
    assert ("no", "yes") in gone
    assert 4 <= len(gone) <= 7
    assert not hidden[pair.key][len(pair.figures) :].any()


def test_tables_of_few_people_are_left_out():
    people, tables = tables_of(drawn(8, people=9, waves=2, lost=0.0, silent=0.0))
    assert decided(people, tables, 10, 5) == {}
    assert len(decided(people, tables, 9, 1)) == 3


def test_a_table_goes_with_the_one_that_it_needs():
    """Turnover beside a model is that of pairs of waves, and tells of their flows."""
    answers = drawn(7, waves=3, lost=0.0, silent=0.0)
    answers[:8, 2] = -1
    answers[8:11, 0] = -1
    chain = ("w1", "w2", "w3")
    people = people_of(panel_of(answers), "x", PAIRS, chain)
    tables = [pair_table(people, *pair, 10, 5) for pair in PAIRS]
    beside = latent_table(people, chain)
    assert set(decided(people, [*tables, beside], 10, 5)) == {PAIRS[0]}


def test_for_tables_that_come_later_nothing_more_is_withheld():
    answers = np.array([[1, 1]] * 60 + [[2, 2]] * 60 + [[1, 2]] * 3 + [[2, 1]] * 30 + [[3, 3]] * 40)
    people, (pair, *shares) = tables_of(answers)
    known = known_table(people.known)
    found = decision.decided(people.counts, [known], [pair, *shares], 10, 5)
    trends = [trend_table(people, state, "w1", "w2") for state in people.states[:3]]
    more = decision.with_more(found.standing, people.counts, trends, 10, 5)
    kept = more.hidden
    assert {key: kept[key].tolist() for key in found.hidden} == {
        key: part.tolist() for key, part in found.hidden.items()
    }
    # Who stayed would tell who went; of the third state everyone stayed, and that is shown.
    assert ("trend", "yes") in kept
    assert ("trend", "no") not in kept
