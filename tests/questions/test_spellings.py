"""One name in several spellings: which stands for all, and when codes stay apart."""

import pytest

from opinionpanel.questions.spellings import Named, spelling_key, spellings, spelt_apart


def named(*values):
    return [Named(*value) for value in values]


@pytest.mark.parametrize(
    ("values", "chosen"),
    [
        # The first wave's.
        ([("w1", "North", False, 1), ("w2", "north", False, 9)], {"north": "North"}),
        # A label before a text.
        ([("w1", "NORTH", False, 9), ("w2", "North", True, 1)], {"NORTH": "North"}),
        # Within a wave, that of most people.
        ([("w1", "north", False, 1), ("w1", "North", False, 2)], {"north": "North"}),
        # Of as many, that of most people in all waves.
        ([("w1", "B", False, 1), ("w1", "b", False, 1), ("w2", "b", False, 1)], {"B": "b"}),
        # What is easier to read.
        ([("w1", "A &amp; B", False, 9), ("w2", "A & B", False, 1)], {"A &amp; B": "A & B"}),
        # Two codes of one wave are two, so that nobody knows which the other is.
        ([("w1", "North", True, 1), ("w1", "north", True, 1), ("w2", "NORTH", True, 1)], {}),
        ([("w1", "?", False, 1), ("w1", "!", False, 1)], {}),
        ([("w1", "North", False, 1), ("w2", "South", False, 1)], {}),
    ],
)
def test_one_spelling_stands_for_all(values, chosen):
    for order in (values, values[::-1] if values[0][0] == values[-1][0] else values):
        assert spellings(named(*order), shown=True).chosen == chosen


def test_notes_count_people_by_wave():
    values = named(("w1", "North", False, 5), ("w2", "north.", False, 1), ("w2", "North", False, 2))
    assert spellings(values, shown=True).notes == (
        "'North' (w1: 5 people, w2: 2 people) and 'north.' (w2: 1 person) are one: 'North'",
    )
    assert spellings(values, shown=False).notes == (
        "1 name stands in several spellings, taken as one",
    )


def test_many_names_are_counted():
    values = named(
        *(
            (wave, f"{case} {k}", False, 5)
            for k in range(7)
            for wave, case in (("w1", "town"), ("w2", "Town"))
        )
    )
    notes = spellings(values, shown=True).notes
    assert len(notes) == 6
    assert notes[-1] == "2 more names stand in several spellings, taken as one"


def test_strata_of_several_spellings_are_said_and_stay():
    assert spelt_apart({"North": 5, "South": 5}) == ""
    assert spelt_apart({"North": 5, "north ": 5}).startswith(
        "1 name stands in several spellings, which count as different ones, such as 'North' "
        "(5 people) and 'north ' (5 people)."
    )
    # PSUs of one person are people.
    assert "a1" not in spelt_apart({"a1": 1, "A1": 1})


def test_marks_alone_say_something():
    assert spelling_key("?") != spelling_key("!")
    assert spelling_key("Yes!") == spelling_key("yes")
