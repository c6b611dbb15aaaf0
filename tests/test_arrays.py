"""The names of array types stand for what they say."""

from typing import get_args

import numpy as np
import pytest

from opinionpanel import arrays


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Booleans", np.bool_),
        ("Floats", np.float64),
        ("Integers", np.int64),
        ("SmallIntegers", np.int8),
        ("Places", np.intp),
        ("Objects", np.object_),
    ],
)
def test_a_name_stands_for_its_dtype(name, kind):
    _, dtype = get_args(getattr(arrays, name))
    assert get_args(dtype) == (kind,)


def test_places_are_what_counting_takes_without_a_copy():
    """`numpy.bincount` refuses or copies whatever cannot be cast to them safely."""
    (dtype,) = get_args(get_args(arrays.Places)[1])
    places = np.array([0, 2, 2], dtype=dtype)
    assert np.can_cast(places.dtype, np.intp, casting="no")
    assert np.bincount(places).tolist() == [1, 0, 2]
