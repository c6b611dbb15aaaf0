"""Numbers cut into bands: as pandas cuts them, and never codes of refusals or words."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from opinionpanel.errors import ItemError
from opinionpanel.questions.bands import Bands

AGES = Bands((18, 30, 45, 60), None)


@pytest.mark.parametrize(
    ("bounds", "names"),
    [
        ((18, 30, 45, 60), ("under 18", "18–29", "30–44", "45–59", "60+")),
        ((18,), ("under 18", "18+")),
        ((18, 19, 21), ("under 18", "18", "19–20", "21+")),
        ((-5, 0), ("under -5", "-5–-1", "0+")),
        ((0, 0.5, 2), ("under 0", "0 to under 0.5", "0.5 to under 2", "2+")),
    ],
)
def test_names(bounds, names):
    assert Bands(bounds, None).names == names


@given(
    bounds=st.lists(st.integers(0, 90), min_size=2, max_size=6, unique=True).map(sorted),
    numbers=st.lists(st.floats(0, 120) | st.integers(0, 120), min_size=1),
)
def test_numbers_are_cut_as_pandas_cuts_them(bounds, numbers):
    bands = Bands(tuple(bounds), None)
    edges = [-np.inf, *bounds, np.inf]
    expected = pd.cut(np.array(numbers, dtype=float), edges, right=False, labels=False)
    assert [bands.place(number) for number in numbers] == expected.tolist()


def test_a_band_ends_before_the_next_one_begins():
    assert [AGES.names[AGES.place(age)] for age in (17.9, 18, 29.5, 30, 60)] == [
        "under 18",
        "18–29",
        "18–29",
        "30–44",
        "60+",
    ]


def test_text_of_numbers_is_numbers_and_refusals_are_none():
    read = AGES.read({"34": 3, "29.5": 1, "refused": 2, None: 4, "1_000": 1}, {}, ())
    assert read.places == {"34": 2, "29.5": 1}
    assert read.refused == {"refused": 2}
    assert read.wrong == {"1_000": 1}


def test_a_label_tells_whether_a_code_is_a_number():
    labels = {98: "98 and older", 99: "Refused", 97: "institution", 18: "18 years", -9: "NA"}
    read = AGES.read({98: 1, 99: 2, 97: 3, 18: 4, -9: 5, 40: 6}, labels, [(-9, -9)])
    assert read.places == {98: 4, 18: 1, 40: 2}
    assert read.refused == {"Refused": 2}
    assert read.wrong == {97: 3}


def test_what_is_no_number_is_refused_with_counts():
    read = AGES.read({40: 9, "about 40": 2, -7: 1}, {}, ())
    with pytest.raises(ItemError, match=r"here: 2 values are no number.*-7 \(1 person\).*2 people"):
        AGES.check(read, {}, "here")
    Bands((18, 30), "missing").check(read, {}, "here")
    with pytest.raises(ItemError, match="Negative numbers count where the first number of bands"):
        AGES.check(read, {}, "here")
    assert Bands((0, 30), None).read({-7: 1}, {}, ()).places == {-7: 0}


@pytest.mark.parametrize("rest", [None, "missing"])
def test_a_column_without_numbers_is_refused_whatever_is_left_out(rest):
    bands = Bands((18, 30), rest)
    labels = {1: "18-29", 2: "30+"}
    with pytest.raises(ItemError, match=r"1 '18-29' \(5 people\).*states="):
        bands.check(bands.read({1: 5, 2: 5}, labels, ()), labels, "here")


def test_open_answers_are_not_shown():
    read = AGES.read({f"secret {number}": 1 for number in range(60)} | {40: 1}, {}, ())
    with pytest.raises(ItemError, match="60 values are no number") as error:
        AGES.check(read, {}, "here")
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("number", [float("inf"), "1e999", float("nan")])
def test_what_has_no_end_is_no_number(number):
    assert AGES.read({number: 1}, {}, ()).places == {}
