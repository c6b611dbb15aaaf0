"""Rows that are no people."""

import pytest

from opinionpanel.waves.first_rows import is_a_person, is_blank_word, rows_above, rows_below

PEOPLE = [["1", "2"], ["2", "3"], ["3", "2"]]


@pytest.mark.parametrize(
    ("rows", "above"),
    [
        ([["id", "q"], *PEOPLE], 0),
        ([["Title"], ["id", "q"], *PEOPLE], 1),
        ([["Title", ""], ["", ""], ["id", "q"], *PEOPLE], 2),
        ([["", "id", "q"], ["a", "b", "c"], ["1", "2", "3"]], 0),
        ([["id", "q"], ["a", "yes"], ["b", "no"]], 0),
        ([["id", "2024"], *PEOPLE], 0),
        ([], 0),
    ],
)
def test_above(rows, above):
    assert rows_above(rows) == above


@pytest.mark.parametrize(
    ("first", "below"),
    [
        ([["Number", "Question"]], 1),
        ([["Number", "Question"], ["{id}", "{q}"]], 2),
        ([["Number", ""]], 1),
        ([["NA", "NA"]], 0),
        ([["7", "refused"]], 0),
        ([["", ""]], 0),
    ],
)
def test_below(first, below):
    assert rows_below([*first, *PEOPLE], ())[0] == below


def test_texts_of_the_form_of_later_ones_are_answers():
    people = [["p1", "refused"], ["p2", "3"], ["p3", "2"]]
    assert rows_below(people, ()) == (0, 0)


def test_blank_words():
    assert is_blank_word("n/A", ())
    assert is_blank_word("kein", ["kein"])
    assert not is_blank_word("kein", ())


def test_options_below_a_question():
    names = ["Respondent", "Support?", "Which?", "", ""]
    told = ["", "Response", "A", "B", "Other (please specify)"]
    people = [[str(100 + k), ["Yes", "No"][k % 2], "A", "B" * (k % 2), ""] for k in range(6)]
    assert rows_below([told, *people], (), names) == (1, 0)
    # Whose number is missing answers as others do.
    assert rows_below([["", "Yes", "A", "", ""], *people], (), names) == (0, 0)
    assert rows_below([["", "Maybe", "A", "", ""], *people[:3]], (), names) == (0, 0)


def rows_like(*columns):
    return [list(map(str, row)) for row in zip(*columns, strict=True)]


IDS = range(7001, 7011)
YESNO = ["yes", "no"] * 5


@pytest.mark.parametrize(
    ("columns", "person"),
    [
        # An id, or shorter numbers beside an answer that others gave.
        ([[f"ID{one}" for one in IDS], [f"Ann {one} Zyx" for one in range(10)]], True),
        ([IDS, YESNO], True),
        ([range(101, 111), YESNO], True),
        ([[f"0.{one}" for one in range(812, 822)], YESNO], True),
        # Names of columns: numbers, years, answers that are called as their options.
        ([["id", *IDS], ["q", *YESNO]], False),
        ([["id", *IDS], ["101", *range(200, 210)]], False),
        ([["id", *IDS], ["101", *range(1, 11)], ["102", *range(1, 11)]], False),
        ([["NA", *IDS], ["101", *range(1, 11)], ["102", *range(1, 11)]], True),
        ([["2016", *range(1950, 1960)], ["2020", *range(1950, 1960)]], False),
        ([["id", *IDS], ["TV", *["TV"] * 10], ["Radio", *["Radio", ""] * 5]], False),
        ([["1", *YESNO], ["2", *YESNO]], False),
        # Too few people to tell.
        ([IDS[:5], YESNO[:5]], False),
        ([[], []], False),
    ],
)
def test_a_person_in_place_of_names(columns, person):
    assert is_a_person(rows_like(*columns)) == person
