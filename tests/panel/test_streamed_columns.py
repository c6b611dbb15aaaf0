"""Columns of batches: numbers for values, and arrays that grow."""

import decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from opinionpanel.engines import LEAST, NONE
from opinionpanel.errors import ReadError
from opinionpanel.panel.by_person import Placed
from opinionpanel.panel.streamed_columns import NumberColumn, ValueColumn, Values, Words, counted
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


def rows_at(wave, people):
    return Placed(np.full(len(people), wave, dtype=np.int16), np.asarray(people), max(people) + 1)


@given(st.data())
def test_packed_columns_are_the_columns(data):
    """However many values each has by then, in however many batches."""
    spans = data.draw(st.lists(st.sampled_from([1, 3, 300, 70_000]), min_size=1, max_size=4))
    names = [f"c{place}" for place in range(len(spans))]
    words = Words(dict.fromkeys(names, pa.int64()), [0, 2], 4)
    people, expected = 0, {(name, wave): [] for name in names for wave in (0, 2)}
    for _ in range(data.draw(st.integers(1, 3))):
        more = data.draw(st.integers(1, 400))
        who = np.arange(people, people + more)
        people += more
        for held in words.all_held:
            held.make_room(max(people, held.room))
        for wave in (0, 2):
            values = {
                name: (who * 7919 + wave) % span * (200_000 // span)
                for name, span in zip(names, spans, strict=True)
            }
            batch = pa.record_batch({name: pa.array(found) for name, found in values.items()})
            words.fill(batch, rows_at(wave, who))
            for name, found in values.items():
                expected[name, wave] += found.tolist()
    for held in words.all_held:
        held.end(people)
    for (name, wave), found in expected.items():
        column = ValueColumn(words, name)
        known = column.values.array().to_pylist()
        assert [known[number - 1] for number in column.at(wave)] == found
        counts = counted(column.at(wave), len(known))
        assert (counts[0], counts.sum()) == (0, people)


def test_a_column_of_very_many_values_stands_apart():
    words = Words(dict.fromkeys("abcd", pa.int64()), [0], 210_000)
    for start in range(0, 210_000, 70_000):
        who = np.arange(start, start + 70_000)
        columns = {name: pa.array(who * (place + 1)) for place, name in enumerate("abcd")}
        words.fill(pa.record_batch(columns), rows_at(0, who))
    assert len(words.all_held) == 3
    for name in "abcd":
        assert words.at(name, 0).tolist() == list(range(1, 210_001))


def weights(column, **about):
    held = NumberColumn({0: "Wave 'a' (f), weight column 'w'"}, Wave(FRAME, **about), "w", 9)
    held.fill(pa.record_batch({"w": column}), rows_at(0, range(len(column))))
    for one in held.all_held:
        one.end(len(column))
    everyone = np.ones(len(column), dtype=bool)
    # A weight may be asked for twice, of a wave and of a pair.
    held.numbers(0, everyone)
    return held.numbers(0, everyone).tolist()


FRAME = pd.DataFrame()


def test_numbers_are_those_of_memory():
    assert weights(pa.array([1.5, None, float("nan"), -float("inf")])) == [1.5, NONE, NONE, LEAST]
    assert weights(pa.array([decimal.Decimal("1.25"), None])) == [1.25, NONE]
    assert weights(pa.array([1, 2], pa.uint8())) == [1.0, 2.0]
    assert weights(pa.array(["1.5", " ", "2"])) == [1.5, NONE, 2.0]
    assert weights(pa.array([1.0, -9.0]), missing={"w": [-9]}) == [1.0, NONE]
    with pytest.raises(ReadError, match=r"weight column 'w': 2 value\(s\) are not numbers"):
        weights(pa.array(["1.5", "many", "few"]))
