"""Which answers and categories a text may name: those that name nobody."""

import pytest
from hypothesis import given, strategies as st

from opinionpanel.questions.naming import (
    OtherAnswers,
    looks_open,
    nameable,
    nameable_categories,
    others_text,
    small_text,
)
from opinionpanel.waves import LEAST_PEOPLE


@pytest.mark.parametrize(
    ("values", "people", "open_"),
    [
        (12, 1, False),  # few people may give twelve different answers
        (13, 1, True),
        (50, 2, False),  # many give fifty
        (51, 40, True),
        (20, 2, False),  # half as many values as people are just codes
        (21, 1, True),
    ],
)
def test_how_many_values_look_like_ids(values, people, open_):
    assert looks_open(dict.fromkeys(range(values), people)) == open_


@pytest.mark.parametrize(
    "text",
    ["Ann", "p7@x.org", "Kleindorf", "1931-05-09", "9.5.1931", "19310509", "+49 30 1234", "17.5",
     1931, 48250, 17.5, "refused (Ann was there)", "Да, в Клину", "no, says Ann"],
)  # fmt: skip
def test_what_a_single_person_gave_is_not_named(text):
    assert text not in nameable({"yes": 90, text: LEAST_PEOPLE - 1}, {})
    assert text in nameable({"yes": 90, text: LEAST_PEOPLE}, {})
    assert text in nameable({"yes": 90, text: 1}, {}, {text: 0})


@pytest.mark.parametrize(
    "code", [0, 7, -9, 98, 999, 9999, 99998, "7", "98.0", "80+", ".a", "d", "Refused", "n/a", "-"]
)
def test_codes_of_questionnaires_are_named(code):
    assert code in nameable({"yes": 90, code: 1}, {})


def test_many_small_numbers_are_measures():
    ages = dict.fromkeys(range(20, 33), 1)
    assert nameable({**ages, 40: 5}, {}) == {40}
    assert nameable({20: 1, 21: 1, 40: 5}, {}) == {20, 21, 40}


def test_another_spelling_of_what_is_known_is_named():
    assert nameable({"Yes": 90, "yes.": 1, "YES!": 2, "yes, Ann": 1}, {}) == {"Yes", "yes.", "YES!"}
    assert nameable({"No ": 1}, {1: "no"}) == {"No ", 1}


def test_categories_of_few_people_need_a_label():
    people = {"7": 1, "Kleindorf": 2, "north": 9, "refused": 1, "empty": 0}
    assert nameable_categories(people, ["Kleindorf"]) == ["Kleindorf", "north", "refused"]
    # Where no category is small, those of nobody come from the questionnaire.
    assert nameable_categories({"north": 9, "empty": 0}, []) == ["north", "empty"]


texts = st.text(max_size=12) | st.integers(-(10**6), 10**6) | st.floats(allow_nan=False)


@given(st.dictionaries(texts, st.integers(1, 9), max_size=8), st.sets(texts, max_size=3))
def test_all_are_named_or_counted(people, declared):
    named = nameable(people, {}, declared)
    assert {code for code, n in people.items() if n >= LEAST_PEOPLE} | declared <= named
    left = [n for code, n in people.items() if code not in named]
    assert all(n < LEAST_PEOPLE for n in left)
    assert others_text(left).startswith(str(OtherAnswers(len(left)))) == bool(left)
    assert bool(small_text(left)) == bool(left)
