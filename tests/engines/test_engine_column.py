import functools
import operator

import numpy as np
import pytest
from engine_frames import KEYED, N, columns_on
from hypothesis import given, settings, strategies as st

from opinionpanel.engines.cross_tables import Key, Table, combinations, counts, tables, take
from opinionpanel.engines.engine_column import is_lazy
from opinionpanel.errors import EngineError

COLUMNS = {name: columns_on(name) for name in ("polars", "duckdb")}


def fetched(column):
    """Everyone's value, in no particular order."""
    frame = column.people.frame.with_columns(found=column.expression()).select("found")
    return np.sort(frame.collect(backend="pandas").to_native()["found"].to_numpy())


def numbers(depth=2):
    leaves = st.sampled_from(
        [operator.itemgetter(name) for name in ("whole", "real", "codes", "village")]
    )
    if not depth:
        return leaves
    below, conditions_below = numbers(depth - 1), conditions(depth - 1)
    constants = st.sampled_from([-2, 0, 3, 0.5]).map(lambda value: lambda _: value)
    binary = st.sampled_from([np.add, np.subtract, np.multiply, np.maximum, np.minimum])
    looked_up = st.sampled_from(
        [np.array([3, -1, 5]), np.array([0.25, -2.0, 1.5]), np.array([7, 8, 9], dtype=np.int8)]
    )
    known = st.sampled_from(["codes", "village"])
    return st.one_of(
        leaves,
        st.builds(applied, binary, below, st.one_of(below, constants)),
        st.builds(applied, st.just(np.where), conditions_below, below, st.one_of(below, constants)),
        st.builds(applied, st.sampled_from([np.negative, np.square]), below),
        st.builds(applied, st.just(np.true_divide), below, st.just(lambda _: 4)),
        st.builds(taken, looked_up, known),
        st.builds(
            lambda inner, kind: lambda given: inner(given).astype(kind),
            conditions_below,
            st.sampled_from([np.int64, np.float64]),
        ),
    )


def conditions(depth=2):
    leaf = st.just(operator.itemgetter("true"))
    if not depth:
        return leaf
    below, numbers_below = conditions(depth - 1), numbers(depth - 1)
    constants = st.sampled_from([-1, 0, 1, 0.25]).map(lambda value: lambda _: value)
    compare = st.sampled_from(
        [np.greater, np.greater_equal, np.less, np.less_equal, np.equal, np.not_equal]
    )
    both = st.sampled_from(
        [np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.logical_and, np.logical_or]
    )
    wanted = st.lists(st.sampled_from([-1, 0, 1, 2, 0.5]), max_size=3)
    return st.one_of(
        leaf,
        st.builds(applied, compare, numbers_below, st.one_of(numbers_below, constants)),
        st.builds(applied, both, below, below),
        st.builds(applied, st.sampled_from([np.invert, np.logical_not]), below),
        st.builds(applied, st.just(np.logical_and), numbers_below, below),
        st.builds(
            lambda inner, values: lambda given: np.isin(inner(given), values),
            numbers_below,
            wanted,
        ),
        st.builds(lambda inner: lambda given: inner(given).astype(bool), numbers_below),
    )


def applied(function, *parts):
    return lambda given: function(*(part(given) for part in parts))


def taken(table, name):
    return lambda given: take(table, given[name])


@pytest.mark.parametrize("name", COLUMNS)
@given(make=st.one_of(numbers(), conditions()))
def test_every_operator_gives_what_numpy_gives(name, make):
    column, array = make(COLUMNS[name]), make(KEYED)
    assert is_lazy(column)
    assert len(column) == N
    np.testing.assert_allclose(fetched(column), np.sort(array), rtol=1e-14, atol=1e-14)
    # What looks up keys on the client gives the same as what the engine looks up.
    assert column.dtype.kind == array.dtype.kind
    assert column.sum() == pytest.approx(array.sum(), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", COLUMNS)
@settings(max_examples=15)
@given(make=st.one_of(numbers(), conditions()))
def test_sums_and_extremes_over_people(name, make):
    column, array = make(COLUMNS[name]), make(KEYED)
    assert column.any() == array.any()
    assert column.all() == array.all()
    assert np.any(column) == np.any(array)
    assert np.count_nonzero(column) == np.count_nonzero(array)
    assert column.mean() == pytest.approx(array.mean(), rel=1e-12, abs=1e-12)
    if array.dtype != bool:
        assert column.max() == pytest.approx(array.max())
        assert column.min(initial=1000) == pytest.approx(array.min())


@pytest.mark.parametrize("name", COLUMNS)
@settings(max_examples=15)
@given(inside=conditions(), value=numbers(), by=st.permutations(["codes", "village"]))
def test_tables_by_codes(name, inside, value, by):
    found, wanted = (
        tables(
            [
                Table([Key(given[key], 3) for key in by], (value(given),), inside(given)),
                Table([Key(given[key], 3) for key in by], (), inside(given)),
                Table([Key(given[by[0]], 3)], (given["true"],)),
                Table((), (value(given),), inside(given)),
            ]
        )
        for given in (COLUMNS[name], KEYED)
    )
    for one, two in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", COLUMNS)
@settings(max_examples=15)
@given(inside=conditions())
def test_combinations_that_occur(name, inside):
    results = []
    for given_columns in (COLUMNS[name], KEYED):
        known = inside(given_columns) & (given_columns["codes"] >= 0)
        codes = [given_columns["codes"], given_columns["village"]]
        levels, which = combinations(codes, [3, 3], known)
        results.append((levels, counts([which], [len(levels)])))
    np.testing.assert_array_equal(results[0][0], results[1][0])
    np.testing.assert_array_equal(results[0][1], results[1][1])


def test_assignment_gives_a_new_column():
    columns = COLUMNS["polars"]
    domain = before = columns["true"]
    domain &= columns["whole"] > 0
    assert domain.sum() == (KEYED["true"] & (KEYED["whole"] > 0)).sum()
    assert before.sum() == KEYED["true"].sum()
    rows = [columns["true"], columns["whole"] > 0, columns["codes"] >= 0]
    together = functools.reduce(np.logical_and, rows)
    assert together.sum() == (domain & (columns["codes"] >= 0)).sum()


@pytest.mark.parametrize(
    "wrong",
    [
        np.asarray,
        np.sort,
        lambda column: column[0],
        lambda column: column[column > 0],
        lambda column: np.ones(N) + column,
        lambda column: np.add.reduce(column),
        lambda column: column & 1,
        lambda column: np.sqrt(column),
        lambda column: np.any(column, axis=0),
        lambda column: np.cumsum(column),
        list,
    ],
)
def test_nobody_travels_to_the_client(wrong):
    with pytest.raises(EngineError, match="people one by one, and duckdb only gives sums"):
        wrong(COLUMNS["duckdb"]["whole"])
    assert repr(COLUMNS["duckdb"]["whole"]) == "<int64 of 12 people on duckdb>"
