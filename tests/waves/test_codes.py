"""Codes of a column: one form for what is equal, a place for each person, and looking them up."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from opinionpanel.waves.codes import (
    MOST_SPAN,
    canonical,
    code_text,
    declared_missing,
    folded,
    from_table,
    read_codes,
)


@pytest.mark.parametrize("value", [None, np.nan, float("nan"), pd.NA, pd.NaT, "", "  "])
def test_whatever_means_a_blank_is_none(value):
    assert canonical(value) is None
    assert code_text(value) == "blank"


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (98.0, 98, "98"),
        (np.float32(1.5), 1.5, "1.5"),
        (np.int8(-9), -9, "-9"),
        (np.True_, 1, "1"),
        (" cafe\u0301 ", "caf\u00e9", "'caf\u00e9'"),
        ("1", "1", "'1'"),
    ],
)
def test_codes_have_one_form(value, code, text):
    assert canonical(value) == code
    assert type(canonical(value)) is type(code)
    assert code_text(value) == text


@given(st.lists(st.sampled_from([None, 1, 2, 98, -9, MOST_SPAN + 1, 0.5]), max_size=30))
def test_people_are_counted_and_looked_up_whether_codes_are_a_range_or_not(answers):
    codes = read_codes(pd.Series(answers, dtype="float64"))
    assert codes.people == {answer: answers.count(answer) for answer in set(answers)}
    meanings = {1: 0, 98: 1, None: 2}
    found = codes.look_up(meanings, other=-1)
    assert found.tolist() == [meanings.get(answer, -1) for answer in answers]


def test_some_of_the_people_keep_their_codes():
    chosen = np.array([True, False, True, True])
    assert read_codes(pd.Series(["a", "b", None, "a"])).among(chosen).people == {None: 1, "a": 2}


@pytest.mark.parametrize("size", [3, 300])
def test_bytes_and_wider_places_give_the_same(size):
    table = np.arange(size).astype(np.int8)
    places = np.array([2, 0, 1], dtype=np.min_scalar_type(size))
    assert from_table(table, places).tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("code", "declared"),
    [(98, True), (97, False), (-1, True), ("a", True), ("c", True), ("d", False), (None, False)],
)
def test_codes_and_ranges_that_are_declared_missing(code, declared):
    assert declared_missing(code, [(98, 99), -1.0, "a", ("b", "c")]) is declared


def test_a_label_that_is_the_number_0_is_no_empty_label():
    assert [folded(text) for text in (0, "0", None, "", " . ", "Yes.")] == [
        "0",
        "0",
        "",
        "",
        "",
        "yes",
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "North\N{NO-BREAK SPACE}West",
            "North  West",
            " north west. ",
            "NORTH WEST",
            "North&nbsp;West",
        ),
        *(
            "Ｎｏｒｔｈ Ｗｅｓｔ",
            "North\N{ZERO WIDTH SPACE} West",
            "North&amp;nbsp;West",
            "North West…",
        ),
    ],
)
def test_texts_that_say_the_same_are_folded_alike(text):
    assert folded(text) == "north west"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("18–29", "18-29"),
        ("don’t", "don't"),
        ("don´t", "don`t"),
        ("Straße", "STRASSE"),
        ("A &amp; B", "a & b"),
    ],
)
def test_marks_and_letters_in_other_forms_are_folded_alike(one, other):
    assert folded(one) == folded(other)
    assert folded("don´t") == "don't"
    assert folded("<18") != folded("18+")
