"""Guesses of gender and the like: a name counts more than a label that mentions it."""

import pytest

from opinionpanel.study.guessed_traits import guess_fixed, guess_groups
from opinionpanel.study.guessing import GuessedColumn

SEX = {1: "Man", 2: "Woman"}
EVEN = {1: 50, 2: 50}


def column(name, wording="", labels=SEX, people=EVEN, wave="w1"):
    return GuessedColumn(wave, name, wording, labels, people)


@pytest.mark.parametrize(
    ("columns", "gender"),
    [
        ([column("q7", "gender of your boss"), column("gender")], "gender"),
        ([column("q7", "gender"), column("gender", "q2")], "gender"),
        ([column("sex_birth"), column("sex")], "sex"),
        ([column("partner_sex"), column("s1", "sex")], "s1"),
        ([column("gender", "gender of your partner"), column("s1", "sex")], "s1"),
        ([column("q7", "gender of teachers"), column("s1", "gender")], "s1"),
        ([column("q7", "gender of teachers")], "q7"),
        ([column("q7", "what do you think about gender equality")], None),
    ],
)
def test_which_column_is_gender(columns, gender):
    expected = {} if gender is None else {"gender": {"w1": gender}}
    assert guess_groups({"w1": columns}) == expected


def test_in_every_wave_the_column_of_that_name_or_with_its_answers():
    first = [column("q7", "gender of teachers"), column("gender")]
    equality = column("q9", "gender equality", {1: "Agree", 2: "Disagree"}, wave="w2")
    labelled = column("s1", "gender", wave="w2")
    assert guess_groups({"w1": first, "w2": [equality]}) == {"gender": {"w1": "gender"}}
    found = guess_groups({"w1": first, "w2": [labelled, equality]})
    assert found == {"gender": {"w1": "gender", "w2": "s1"}}


def test_a_name_that_several_waves_have_comes_first():
    waves = {"w1": [column("sex_b"), column("sex_a")], "w2": [column("sex_a", wave="w2")]}
    assert guess_groups(waves) == {"gender": {"w1": "sex_a", "w2": "sex_a"}}


def test_what_is_fixed_is_named_so_where_some_column_is():
    years = dict.fromkeys(range(1940, 2000), 5)
    here, again = (
        [
            column("q7", "gender of teachers"),
            column("partner_sex"),
            column("gender"),
            column("birth_year", labels={}, people=years),
            column("q8", "age", labels={}, people=years),
        ]
        for _ in range(2)
    )
    assert guess_fixed({"w1": here, "w2": again}, []) == ["gender", "birth_year"]
    assert guess_fixed({"w1": here, "w2": again}, ["gender", "birth_year"]) == ["q7", "q8"]
    # Only what stands in several waves alike can be fixed.
    assert guess_fixed({"w1": here, "w2": again[:1]}, []) == ["q7"]
