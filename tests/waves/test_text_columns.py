"""Of every column each value is looked at once; what is said of rows counts all of them."""

import numpy as np
import pandas as pd
import pytest

from opinionpanel.waves.text_columns import as_text, numbers_of, shortened, without_blanks


def look(texts, blanks=()):
    column = pd.Series(texts, dtype="str")
    places, seen = pd.factorize(column.array)
    return column, places, without_blanks(seen, blanks)


def test_values_that_are_equal_once_trimmed_count_together():
    column, places, values = look(["NA", " NA", "NA ", "7", "8", "9"])
    found, written = numbers_of(column, places, values, ",")
    assert found.tolist() == column.tolist()
    assert "3 values are 'NA'" in written.why


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["3", " 3", "12"], [3, 3, 12]),
        (["3", "", "12"], [3.0, np.nan, 12.0]),
        (["0.5", "x", "2"], [0.5, np.nan, 2.0]),
        (["x", "", " "], [np.nan] * 3),
    ],
)
def test_numbers_and_blanks(texts, numbers):
    column, places, values = look(texts, ["x"])
    found, written = numbers_of(column, places, values, ",")
    np.testing.assert_array_equal(found, numbers)
    assert written is None


def test_columns_of_text_lose_their_blanks_only():
    column, places, values = look(["007", "x", " ", "007"], ["x"])
    assert as_text(column, places, values).isna().tolist() == [False, True, True, False]
    column, places, values = look(["007", "a "])
    assert as_text(column, places, values).tolist() == ["007", "a "]


def test_shortened_numbers_are_counted_by_row():
    places, seen = pd.factorize(pd.Series(["7E+11", "1", "7E+11", "a+b"], dtype="str").array)
    assert shortened(places, list(seen)) == 2
    assert shortened(places[1:2], ["1"] * 2) == 0
