"""Draws of missing answers: they follow what else is known, and other members of a unit."""

import numpy as np
import pytest

from opinionpanel.models.chained_answers import Known, QuestionModel, draw
from opinionpanel.questions import NOT_ASKED

NUMBER = 4_000


def known_of(**changes):
    """A state at two waves, the second the first in most cases; a fifth of it is missing."""
    rng = np.random.default_rng(1)
    first = rng.integers(0, 3, NUMBER)
    second = np.where(rng.random(NUMBER) < 0.8, first, rng.integers(0, 3, NUMBER))
    gaps = rng.random(NUMBER) < 0.2
    codes = {("x", 0): first, ("x", 1): np.where(gaps, -1, second)}
    given = {
        "codes": codes,
        "numbers": {},
        "gaps": {("x", 1): gaps},
        "weights": dict.fromkeys(codes, np.ones(NUMBER)),
        "traits": {("x", 1): []},
        "units": None,
    }
    return Known(**given | changes), first, second, gaps


def drawn(known):
    nothing = dict.fromkeys(known.gaps, np.zeros(NUMBER))
    return draw(known, nothing, np.random.default_rng(3))


def test_missing_answers_go_with_the_others_as_those_given_do():
    known, first, second, gaps = known_of()
    found = drawn(known)["x", 1]
    np.testing.assert_array_equal(found[~gaps], second[~gaps])
    stayed = (found == first)[gaps].mean()
    assert stayed == pytest.approx((second == first)[~gaps].mean(), abs=0.03)


def test_members_of_a_unit_answer_alike():
    units = np.arange(NUMBER) // 20
    rng = np.random.default_rng(1)
    pull = rng.normal(0, 1.5, NUMBER // 20)[units]
    answer = (rng.random(NUMBER) < 1 / (1 + np.exp(-pull))).astype(np.int64)
    gaps = rng.random(NUMBER) < 0.3
    codes = {("x", 0): np.where(gaps, -1, answer)}
    more = {"codes": codes, "gaps": {("x", 0): gaps}, "weights": {("x", 0): np.ones(NUMBER)}}
    for told, least, most in (({"units": units}, 0.5, 0.9), ({"units": None}, -0.1, 0.1)):
        known, *_ = known_of(**more, traits={("x", 0): []}, **told)
        found = drawn(known)["x", 0]
        mean = np.bincount(units, found * gaps) / np.bincount(units, gaps)
        truth = np.bincount(units, answer * ~gaps) / np.bincount(units, ~gaps)
        assert least < np.corrcoef(mean, truth)[0, 1] < most
    # A group with as many categories does the same.
    known, *_ = known_of(**more, traits={("x", 0): [units]})
    assert known.models["x", 0].has_units


def test_a_state_that_nobody_gave_is_never_drawn():
    known, first, _, gaps = known_of()
    codes = {("x", 0): first, ("x", 1): np.where(gaps, -1, 2)}
    known, *_ = known_of(codes=codes)
    assert set(drawn(known)["x", 1]) == {2}


def test_numbers_are_those_of_people_with_nearly_the_same_expectation():
    known, first, _, gaps = known_of()
    numbers = np.arange(30.0)
    score = 10 * first + np.random.default_rng(2).integers(0, 10, NUMBER)
    codes = {("x", 0): first, ("y", 1): np.where(gaps, -1, score)}
    known, *_ = known_of(
        codes=codes,
        numbers={"y": numbers},
        gaps={("y", 1): gaps},
        weights=dict.fromkeys(codes, np.ones(NUMBER)),
        traits={("y", 1): []},
    )
    found = drawn(known)["y", 1]
    np.testing.assert_array_equal(found[gaps] // 10, first[gaps])
    assert isinstance(known.models["y", 1], QuestionModel)


@pytest.mark.parametrize("seen", [0, 3])
def test_a_value_that_hardly_anyone_with_an_answer_has_tells_nothing(seen):
    rng = np.random.default_rng(1)
    group = rng.choice(3, NUMBER, p=[0.5, 0.3, 0.2])
    answer = (rng.random(NUMBER) < np.array([0.9, 0.3, 0.1])[group]).astype(np.int64)
    gaps = rng.random(NUMBER) < 0.3
    told = np.where(gaps, -1, group)
    # The few whose group is unknown all gave the same answer, as that of the largest group.
    told[np.flatnonzero(~gaps & (answer == 1))[:seen]] = -1
    codes = {("x", 0): np.where(gaps, -1, answer)}
    more = {"codes": codes, "gaps": {("x", 0): gaps}, "weights": {("x", 0): np.ones(NUMBER)}}
    as_group, *_ = known_of(**more, traits={("x", 0): [told]})
    codes = codes | {("y", 0): told}
    as_answer, *_ = known_of(**more | {"codes": codes}, traits={("x", 0): []})
    for known in (as_group, as_answer):
        found = drawn(known)["x", 0]
        assert found[gaps].mean() == pytest.approx(answer[~gaps].mean(), abs=0.04)


@pytest.mark.parametrize("score", [False, True])
def test_whether_a_question_was_asked_does_not_tell_what_it_follows_from(score):
    rng = np.random.default_rng(1)
    passed = rng.integers(0, 2, NUMBER)
    gaps = rng.random(NUMBER) < 0.2
    asked = (passed == 1) & ~gaps
    codes = {
        ("a", 0): np.where(gaps, -1, passed),
        ("b", 0): np.where(asked, rng.integers(0, 2, NUMBER), NOT_ASKED),
    }
    known, *_ = known_of(
        codes=codes,
        numbers={"b": np.array([0.0, 10.0])} if score else {},
        gaps={("a", 0): gaps},
        weights=dict.fromkeys(codes, np.ones(NUMBER)),
        traits={("a", 0): []},
    )
    found = drawn(known)["a", 0]
    assert found[gaps].mean() == pytest.approx(0.5, abs=0.05)
