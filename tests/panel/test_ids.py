"""Person ids in one exact form, and what is said of them without showing one."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from id_waves import FORMS, linked, pairs

from opinionpanel.errors import LinkError
from opinionpanel.panel.ids import as_text, exact_ids, form, is_placeholder


@pytest.mark.parametrize("first", FORMS)
@pytest.mark.parametrize("second", FORMS)
def test_ids_of_another_type_link(first, second):
    found = linked(w1=FORMS[first]([7, 8, 30_000]), w2=FORMS[second]([30_000, 7, 9]))
    assert pairs(found) == [1, -1, 0]


def test_unsigned_numbers_beyond_the_signed_range_do_not_wrap():
    large = np.array([2**64 - 1, 5], dtype=np.uint64)
    assert pairs(linked(w1=large, w2=[-1, 5])) == [-1, 1]
    assert pairs(linked(w1=large, w2=[str(2**64 - 1), "5"])) == [0, 1]


def test_floats_of_half_the_size_hold_fewer_whole_numbers():
    with pytest.raises(LinkError, match="not whole numbers that a file can hold exactly"):
        linked(w1=np.array([16_777_216, 5], dtype=np.float32), w2=[16_777_217, 5])
    assert linked(w1=np.array([16_777_215, 5], dtype=np.float32), w2=[16_777_215, 5]).people == 2


@pytest.mark.parametrize(
    "ids",
    [
        [70001.5, 70002.0],
        [2.0**60, 2.0**60 + 512],
        [np.inf, 70002.0],
        pd.Series([70001.5, "x"], dtype=object),
        pd.Series([float("inf"), "x"], dtype=object),
        pd.Series([Decimal("70001.5"), "x"], dtype=object),
    ],
)
def test_numbers_that_are_no_exact_ids(ids):
    with pytest.raises(LinkError, match=r"'w1'.*'resp_id'.*not whole numbers.*as text") as error:
        linked(w1=ids, w2=[1, 2])
    assert "70001" not in str(error.value)


def test_bytes_that_are_no_text():
    with pytest.raises(LinkError, match=r"'w1'.*'resp_id'.*bytes that are no UTF-8"):
        linked(w1=pd.Series([b"\xff\xfe", b"x"]), w2=["x", "y"])


@pytest.mark.parametrize(
    "ids",
    [
        ["x1", None],
        ["x1", "  "],
        [1.0, np.nan],
        ["x1", ""],
        pd.array([1, None], dtype="Int64"),
        pd.array([1, None], dtype="int64[pyarrow]"),
        pd.array([1.0, None], dtype="double[pyarrow]"),
        pd.array(["x1", None], dtype="string[pyarrow]"),
        pd.Categorical(["x1", None]),
        pd.Categorical([1, None]),
        pd.Categorical(["x1", " "]),
        pd.Series([b"x1", b" "], dtype=object),
    ],
)
def test_a_row_without_id(ids):
    with pytest.raises(LinkError, match=r"'w2' .*'resp_id': 1 row\(s\) have no person id.*person="):
        linked(w1=ids[:1], w2=ids)


@pytest.mark.parametrize("one", [-48213, 99])
def test_an_id_that_stands_twice_is_no_placeholder(one):
    with pytest.raises(LinkError) as error:
        linked(w1=[one, one, 7], w2=[7, 8])
    assert str(one) not in str(error.value)
    assert linked(w1=[one, one, 7], w2=[7, 8], duplicates="drop_all").people == 3


@pytest.mark.parametrize("value", [0, -1, 99999, ".", "NA", "0000", "n/a", "#NULL!", "(null)"])
def test_a_value_that_stands_for_no_id(value):
    ids = [value] * 3 + ["x1", "x2"] if isinstance(value, str) else [value] * 3 + [70001, 70002]
    with pytest.raises(
        LinkError, match=r"3 row\(s\) have no person id: the value '.*' stands .* a placeholder"
    ) as error:
        linked(w1=ids, w2=ids[3:])
    assert f"the value '{value}' stands" in str(error.value)
    assert "drop_all" not in str(error.value)


def test_words_for_a_blank_among_ids_that_are_words():
    assert linked(w1=["DE", "US", "NA"], w2=["US", "NA", "FR"]).people == 4  # countries


def test_no_overlap_shows_forms_and_no_id():
    with pytest.raises(LinkError, match="'w1' has no person in common") as error:
        linked(w1=["ab-123", "cd-456"], w2=[70001, 70002])
    message = str(error.value)
    assert "aa-999" in message
    assert "99999" in message
    assert not any(secret in message for secret in ("ab-123", "cd-456", "70001", "70002"))


@given(text=st.text())
def test_a_form_shows_no_letter_and_no_digit(text):
    found = form(text)
    assert len(found) == len(text)
    assert form(found) == found
    for before, after in zip(text, found, strict=True):
        assert after == ("9" if before.isdecimal() else "a" if before.isalnum() else before)


@given(numbers=st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_whole_numbers_and_their_texts_are_the_same_ids(numbers):
    keys, blank = exact_ids(pd.Series(numbers, dtype="int64"), "here")
    texts, _ = exact_ids(pd.Series(list(map(str, numbers)), dtype="str"), "here")
    assert as_text(keys).tolist() == texts.tolist()
    assert not blank.any()


@given(text=st.text(), rows=st.integers(2, 9))
def test_who_is_nobody_in_some_rows_is_nobody_in_more(text, rows):
    assert is_placeholder(text, rows) <= is_placeholder(text, rows + 1)
