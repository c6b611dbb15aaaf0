import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pytest
from engine_frames import FRAMES, STAND_INS
from hypothesis import given, strategies as st

from opinionpanel.engines.cross_tables import Key
from opinionpanel.engines.engine_column import EngineColumn, People
from opinionpanel.engines.sparse_sums import incidence


def drawn(seed, number=80):
    """Codes with some outside, a weight and a condition."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(-1, 5, number), rng.integers(-1, 30, number)
    return rows, columns, rng.lognormal(size=number), rng.random(number) < 0.5


def added(rows, columns, value):
    """The same sums, one person after the other."""
    table = np.zeros((5, 30))
    for row, column, number in zip(rows, columns, value, strict=True):
        if row >= 0 and column >= 0:
            table[row, column] += number
    return table


@given(st.integers(0, 2**32 - 1))
def test_sums_are_those_of_people_one_by_one(seed):
    rows, columns, weight, condition = drawn(seed)
    found = incidence(Key(rows, 5), Key(columns, 30), [weight, condition])
    for table, value in zip(found, (weight, condition), strict=True):
        np.testing.assert_allclose(table.toarray(), added(rows, columns, value), rtol=1e-12)


@pytest.mark.parametrize("size", [3, 1000])
def test_whether_most_combinations_occur_or_not(size):
    rows, columns, weight, _ = drawn(2)
    (found,) = incidence(Key(rows, 5), Key(np.minimum(columns, size - 1), size), [weight])
    assert found.shape == (5, size)
    expected = added(rows, np.minimum(columns, size - 1), weight)
    np.testing.assert_allclose(found.toarray()[:, :30], expected[:, :size], rtol=1e-12)


def test_nobody():
    nobody = np.zeros(0, dtype=np.int64)
    (found,) = incidence(Key(nobody, 2), Key(nobody, 3), [np.zeros(0)])
    assert found.toarray().tolist() == [[0.0, 0.0, 0.0]] * 2


@pytest.mark.parametrize("engine", STAND_INS)
def test_on_engines_also_by_keys_that_are_looked_up(engine):
    rows, columns, weight, condition = drawn(1)
    frame = pd.DataFrame({"row": rows, "column": columns, "w": weight, "c": condition})
    people = People(nw.from_native(FRAMES[engine](frame)).lazy(), len(frame), engine)
    row = EngineColumn(people, nw.col("row").cast(nw.Int64()), np.int64)
    column = EngineColumn(people, nw.col("column").cast(nw.Int64()), np.int64)
    values = [
        EngineColumn(people, nw.col("w"), np.float64),
        EngineColumn(people, nw.col("c"), bool),
    ]
    # Several keys share a value, and some have none.
    halves = np.where(np.arange(30) < 26, np.arange(30) // 2, -1)
    for codes, size, by_hand in (
        (column, 30, columns),
        (column.take_from(halves), 30, np.where(columns >= 0, halves[columns], -1)),
    ):
        found = incidence(Key(row, 5), Key(codes, size), values)
        for table, value in zip(found, (weight, condition), strict=True):
            np.testing.assert_allclose(table.toarray(), added(rows, by_hand, value), rtol=1e-12)
