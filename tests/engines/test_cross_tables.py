import numpy as np
from engine_frames import held_on
from hypothesis import given, strategies as st

from opinionpanel import engines

FIRST, SECOND = np.array([0, 1, 1, -1, 0]), np.array([0, 2, 2, 1, -1])


def test_sums_by_two_keys_leave_negative_codes_out():
    values = np.array([1.0, 2.0, 3.0, 100.0, 100.0])
    expected = [[1.0, 0.0, 0.0], [0.0, 0.0, 5.0]]
    assert engines.sums([FIRST, SECOND], [2, 3], values).tolist() == expected


def test_counts_where_a_condition_holds():
    where = np.array([True, True, False, True, True])
    assert engines.counts([FIRST, SECOND], [2, 3], where).tolist() == [[1, 0, 0], [0, 0, 1]]
    assert engines.counts([FIRST], [2], where).tolist() == [2, 1]


def test_no_rows():
    nobody = np.empty(0, dtype=np.int64)
    assert engines.sums([nobody], [3], np.empty(0)).tolist() == [0.0, 0.0, 0.0]


def test_column_sums_leave_negative_codes_out():
    columns = np.arange(10.0).reshape(5, 2)
    assert engines.column_sums(FIRST, 3, columns).tolist() == [[8.0, 6.0, 0.0], [10.0, 8.0, 0.0]]
    nobody = np.full(5, -1)
    assert engines.column_sums(nobody, 2, columns).tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_of_two_columns_the_ratio_is_nought_where_nothing_is_divided_by():
    numbers, by = np.array([3.0, 1.0, 2.0, 5.0]), np.array([2.0, 0.0, 8.0, -5.0])
    # Replicate weights may be negative.
    assert engines.ratio(numbers, by).tolist() == [1.5, 0.0, 0.25, -1.0]
    for name in ("polars", "duckdb"):
        held = held_on(name, {"numbers": numbers, "by": by, "codes": np.array([0, 1, 2, 2])})
        on_engine = engines.ratio(held["numbers"], held["by"])
        assert engines.sums([held["codes"]], [3], on_engine).tolist() == [1.5, 0.0, -0.75]


def test_people_without_a_code_get_what_means_nothing():
    """Whatever the negative code, and however short the table."""
    codes = np.array([1, -1, 0, -3, -4], dtype=np.int8)
    whole = engines.take(np.array([7, 9], dtype=np.int8), codes)
    assert (whole.dtype, whole.tolist()) == (np.int8, [9, -1, 7, -1, -1])
    assert engines.take(np.array([0.5, 0.25]), codes).tolist() == [0.25, 0, 0.5, 0, 0]
    assert engines.take(np.array([True, True]), codes).tolist() == [True, False, True, False, False]
    assert engines.take(np.zeros(0), codes[3:]).tolist() == [0, 0]


def test_combinations_stand_in_the_order_of_their_codes():
    inside = np.array([True, True, True, False, True])
    first, second = np.array([1, 0, 1, 1, 1]), np.array([2, 1, 0, 1, 2])
    levels, which = engines.combinations([first, second], [2, 3], inside)
    assert levels.tolist() == [[0, 1], [1, 0], [1, 2]]
    assert which.tolist() == [2, 0, 1, -1, 2]
    for name in ("polars", "duckdb"):
        held = held_on(name, {"first": first, "second": second, "inside": inside})
        levels, which = engines.combinations(
            [held["first"], held["second"]], [2, 3], held["inside"]
        )
        assert levels.tolist() == [[0, 1], [1, 0], [1, 2]]
        assert engines.counts([which], [3]).tolist() == [1, 1, 2]
        nothing, everyone = engines.combinations([], [], held["inside"])
        assert nothing.shape == (1, 0)
        assert engines.counts([everyone], [1]).tolist() == [4]


@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.booleans()), max_size=12),
    st.integers(1, 3),
)
def test_many_or_few_people_have_the_same_combinations(people, times):
    """They are found by sorting where people are fewer than the cells, or else by looking."""
    first, second, inside = np.array(people * times, dtype=np.int64).reshape(-1, 3).T
    levels, which = engines.combinations([first, second], [2, 3], inside > 0)
    expected = sorted({(a, b) for a, b, there in people if there})
    assert levels.tolist() == [list(pair) for pair in expected]
    places = {pair: place for place, pair in enumerate(expected)}
    assert which.tolist() == [places[a, b] if there else -1 for a, b, there in people * times]
