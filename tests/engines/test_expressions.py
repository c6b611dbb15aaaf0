"""Expressions on an engine: each operator that has one gives what numpy gives."""

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pytest
from engine_frames import ARRAYS, FRAMES, STAND_INS

from opinionpanel.engines.expressions import (
    BITWISE,
    BOOLEAN,
    FLOAT,
    INTEGER,
    LOGICAL,
    OPERATIONS,
    collected,
    columns,
    is_one_of,
    kind_of,
)

ENGINES = pytest.mark.parametrize("engine", STAND_INS)
OF_BOOLEANS = {**BITWISE, **LOGICAL}


def found(engine, expression, frame=None):
    """What an expression gives for each person, in the order of `place`."""
    data = pd.DataFrame(ARRAYS) if frame is None else frame
    lazy = nw.from_native(FRAMES[engine](data.assign(place=range(len(data))))).lazy()
    made = collected(columns(lazy, {"place": nw.col("place"), "found": expression}))
    return made.sort_values("place")["found"].to_numpy()


@ENGINES
@pytest.mark.parametrize("operator", OPERATIONS, ids=lambda operator: operator.__name__)
def test_operators_mean_what_they_mean_to_numpy(engine, operator):
    first, second = ("true", "other") if operator in OF_BOOLEANS else ("whole", "real")
    data = pd.DataFrame(ARRAYS).assign(other=ARRAYS["real"] > 0)
    names = (first, second)[: operator.nin]
    expected = operator(*(data[name].to_numpy() for name in names))
    given = found(engine, OPERATIONS[operator](*map(nw.col, names)), data)
    keep = np.isfinite(expected)
    np.testing.assert_array_equal(given[keep].astype(expected.dtype), expected[keep])


@ENGINES
def test_nulls_have_none_of_the_values(engine):
    frame = pd.DataFrame({"code": pd.Series([1, None, 3], dtype="Int64")})
    assert found(engine, is_one_of(nw.col("code"), np.array([1, 2])), frame).tolist() == [1, 0, 0]
    assert found(engine, is_one_of(nw.col("code"), np.array([])), frame).tolist() == [0, 0, 0]


@ENGINES
def test_a_constant_stands_for_everyone(engine):
    assert found(engine, nw.lit(2.0)).tolist() == [2.0] * len(ARRAYS["whole"])


def test_columns_have_one_of_three_types():
    kinds = {np.int8: INTEGER, np.uint16: INTEGER, np.float32: FLOAT, np.bool_: BOOLEAN}
    assert {given: kind_of(np.dtype(given)) for given in kinds} == kinds
