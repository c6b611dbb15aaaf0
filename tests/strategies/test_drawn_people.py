"""People, answers and weights are drawn as they are declared."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from opinionpanel.strategies.drawn_people import (
    NOT_ASKED,
    declared_weight,
    draw_answers,
    draw_numbers,
    draw_people,
    draw_weights,
    rotated,
    with_replicates,
)

generators = st.integers(0, 2**32 - 1).map(np.random.default_rng)
UNIT = np.arange(12) % 4


@given(generators)
def test_people_have_what_the_design_needs_and_each_category_someone(rng):
    groups = {"region": ("north", "south", "west")}
    people = draw_people(rng, "clustered", UNIT, 2, groups, gathered=True)
    assert set(people) == {"person", "stratum", "psu", "region"}
    assert set(people["region"]) == set(groups["region"])
    assert people.groupby("psu")["stratum"].nunique().eq(1).all()


@given(generators, st.integers(1, 4))
def test_nobody_moves_without_change(rng, states):
    answers = draw_answers(rng, (3, 20), states, 0.0)
    assert (answers == answers[0]).all()
    assert set(answers[0]) <= set(range(1, states + 1))


@given(generators)
def test_numbers_stand_where_answers_stand(rng):
    answers = draw_answers(rng, (2, 20), 3, 0.5)
    answers[0, :3], answers[1, 4] = NOT_ASKED, np.nan
    numbers = draw_numbers(rng, answers, (-1.0, 1.0), 0.5)
    assert (numbers[0, :3] == 2).all()
    assert np.isnan(numbers[1, 4])
    assert (np.abs(numbers[1, :4]) <= 1).all()


@given(generators)
def test_who_does_not_rotate_is_always_there(rng):
    assert rotated(rng, (3, 10), rotating=False).all()
    assert rotated(rng, (3, 10), rotating=True).any(axis=0).all()


@pytest.mark.parametrize("kind", ["none", "constant", "varying", "longitudinal"])
@given(generators)
def test_weights_are_in_the_columns_declared(kind, rng):
    names, anchor = ["w1", "w2", "w3"], np.arange(12) < 4
    columns = draw_weights(rng, kind, names, anchor, 0.5, 10.0)
    declared = declared_weight(kind, names)
    wanted = set(declared.values()) if isinstance(declared, dict) else {declared} - {None}
    assert {column for given in columns.values() for column in given} == wanted
    assert all(
        (weight[anchor] > 0).all() for given in columns.values() for weight in given.values()
    )
    replicated = with_replicates(rng, columns, UNIT)
    assert all(len(given) == 9 * max(len(columns[name]), 1) for name, given in replicated.items())
