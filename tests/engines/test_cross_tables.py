import numpy as np

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
