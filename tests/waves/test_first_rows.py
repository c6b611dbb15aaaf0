"""Rows that are no people."""

import pytest

from opinionpanel.waves.first_rows import is_blank_word, rows_above, rows_below

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
