"""Which spellings of numbers lose nothing as numbers."""

from collections import Counter

import pytest

from opinionpanel.waves.spelling import BLANK_WORDS, Spelling, form, number_mark, written


def mark_of(values, delimiter=","):
    spelling = Spelling(Counter(values), delimiter)
    return number_mark(spelling, spelling.filled) if spelling.may_be_numbers() else None


@pytest.mark.parametrize(
    ("values", "delimiter", "mark"),
    [
        (["1", "-20"], ",", ""),
        (["1", "2.5", "1e-05"], ",", "."),
        (["2.0", "3.25"], ",", "."),
        (["1.000", "2.500"], ",", "."),
        (["1.50e+00", "2.25e-03"], ",", "."),
        (["1,5", "0,25"], ",", ","),
        (["1,50", "0,25"], ";", ","),
        (["1.1", "1.10"], ",", None),
        (["1,1", "1,10"], ";", None),
        (["1", "1.0"], ",", None),
        (["01", "2"], ",", None),
        (["1.234", "2"], ";", None),
        (["1.234", "2"], ",", "."),
        (["1.234", "0.500"], ";", "."),
        (["1,234"], ",", None),
        (["1,5", "1.5"], ";", None),
        (["1", "\u0662"], ",", None),
    ],
)
def test_marks(values, delimiter, mark):
    assert mark_of(values, delimiter) == mark


@pytest.mark.parametrize(
    ("values", "mark"),
    [(["1.50", "0.9"], "."), (["01,5", "2"], ","), (["1.234"], ""), (["a", "1"], "")],
)
def test_values_of_what_stays_text(values, mark):
    assert written(Spelling(Counter(values), ";")).mark == mark


def test_words_among_numbers_and_among_texts():
    told = written(Spelling(Counter({"NA": 2, ".": 3, "7": 9}), ","))
    assert told.noted
    assert told.sentence == (
        "3 values are '.', 2 values are 'NA', otherwise numbers; if they are blanks: "
        "blanks=['.', 'NA']."
    )
    among = written(Spelling(Counter({"NA": 1, "yes": 3}), ","))
    assert not among.noted
    assert among.words == ("NA",)
    assert written(Spelling(Counter({"yes": 3}), ",")).sentence == ""


def test_words_are_looked_up_in_small_letters():
    assert {word.casefold() for word in BLANK_WORDS} == BLANK_WORDS


def test_shapes_show_no_value():
    assert form("Аb7-12") == "aa9-99"
