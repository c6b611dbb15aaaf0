"""Columns of batches: numbers for values, and arrays that grow."""

import decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from opinionpanel.engines import LEAST, NONE
from opinionpanel.errors import ReadError
from opinionpanel.panel.streamed_columns import ByPerson, NumberColumn, Sorted, ValueColumn, Values
from opinionpanel.waves import Wave

WHOLE = st.one_of(st.integers(-5, 5), st.integers(-(2**40), 2**40))
KINDS = {
    pa.int64(): WHOLE,
    pa.int8(): st.integers(-128, 127),
    pa.float64(): st.floats(allow_infinity=False),
    pa.string(): st.text(max_size=2),
    pa.bool_(): st.booleans(),
    pa.dictionary(pa.int8(), pa.string()): st.sampled_from(["a", "b", "c"]),
}


@given(st.data())
def test_values_are_numbered_as_they_appear_over_all_batches(data):
    kind = data.draw(st.sampled_from(list(KINDS)))
    one = st.lists(st.one_of(st.none(), KINDS[kind]), max_size=8)
    parts = data.draw(st.lists(one, max_size=4))
    values = Values(kind)
    found = [values.numbers(pa.array(part, kind)).tolist() for part in parts]
    known = values.array().to_pylist()

    def plain(value):
        return None if value is None or value != value else value

    for part, numbers in zip(parts, found, strict=True):
        assert [known[number - 1] for number in numbers] == list(map(plain, part))
    assert len(set(known)) == len(known)


def test_categories_that_occur_nowhere_are_kept():
    kind = pa.dictionary(pa.int8(), pa.string(), ordered=True)
    values = Values(kind)
    places = pa.array([1, 1], pa.int8())
    column = pa.DictionaryArray.from_arrays(places, ["low", "high"], ordered=True)
    assert values.numbers(column).tolist() == [2, 2]
    series = values.array().to_pandas()
    assert (list(series.dtype.categories), series.dtype.ordered) == (["low", "high"], True)


def test_what_is_held_grows_in_room_and_in_size():
    column = ValueColumn(pa.int64(), [0], 200)
    for start in (0, 200):
        rows = np.arange(start, start + 200)
        column.held.make_room(start + 200)
        column.fill(pa.array(rows * 1000), Sorted(slice(None), [(0, slice(None))], rows))
    assert column.held.at(0).dtype == np.uint16
    assert column.counted(0).tolist() == [0, *[1] * 400]
    assert column.values.array().to_pylist() == [1000 * one for one in range(400)]


def test_pages_that_nobody_wrote_to_are_let_go():
    held = ByPerson([0, 1], np.float64, 0, 10)
    held.put(0, np.array([1, 3]), np.array([0.5, 2.0]))
    held.end(4)
    assert held.at(0).tolist() == [0, 0.5, 0, 2.0]
    held.take_out(0, np.array([1]))
    assert np.isnan(held.at(0)[1])
    held.only(np.array([True, True, False, False]))
    assert (len(held.at(0)), held.size) == (2, 16)
    held.forget(1)
    assert list(held.waves) == [0]


def weights(column, **about):
    held = NumberColumn({0: "Wave 'a' (f), weight column 'w'"}, Wave(FRAME, **about), "w", 9)
    rows = np.arange(len(column))
    held.fill(column, Sorted(slice(None), [(0, slice(None))], rows))
    held.held.end(len(column))
    return held.numbers(0, np.ones(len(column), dtype=bool)).tolist()


FRAME = pd.DataFrame()


def test_numbers_are_those_of_memory():
    assert weights(pa.array([1.5, None, float("nan"), -float("inf")])) == [1.5, NONE, NONE, LEAST]
    assert weights(pa.array([decimal.Decimal("1.25"), None])) == [1.25, NONE]
    assert weights(pa.array([1, 2], pa.uint8())) == [1.0, 2.0]
    assert weights(pa.array(["1.5", " ", "2"])) == [1.5, NONE, 2.0]
    assert weights(pa.array([1.0, -9.0]), missing={"w": [-9]}) == [1.0, NONE]
    with pytest.raises(ReadError, match=r"weight column 'w': 2 value\(s\) are not numbers"):
        weights(pa.array(["1.5", "many", "few"]))
