"""Columns of odd types as ids, answers, weights and groups: read right, or refused in words."""

from datetime import timedelta
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import polars
import pyarrow as pa
import pytest

import opinionpanel as op

PEOPLE = 12
FRAME = pd.DataFrame(
    {
        "id": np.arange(100, 100 + PEOPLE),
        "q": [1, 2, 3] * 4,
        "w": [1.0, 3.0, 1.0, 2.0] * 3,
        "sex": ["m", "f"] * 6,
    }
)
ITEM = op.Item("q", {"a": [1], "b": [2], "c": [3]})
ROLES = ("id", "q", "w")


def in_polars(kind):
    def make(column):
        whole = polars.from_pandas(FRAME).with_columns(polars.col(column).cast(polars.Int64))
        return whole.with_columns(polars.col(column).cast(kind))

    return make


def in_arrow(kind):
    def make(column):
        values = pa.array([Decimal(str(x)) for x in FRAME[column]]).cast(kind)
        return pa.Table.from_pandas(FRAME).set_column(list(FRAME).index(column), column, values)

    return make


def in_pandas(kind):
    return lambda column: FRAME.assign(**{column: FRAME[column].astype(kind)})


def held(make):
    """A column of whatever Python makes of the number of the row."""

    def frame(column):
        values = pd.Series([None] * PEOPLE, dtype=object)
        for place in range(PEOPLE):
            values[place] = make(place)
        return FRAME.assign(**{column: values})

    return frame


def shares(frame):
    panel = op.Panel.from_waves(
        {"May": frame, "June": frame},
        person="id",
        items={"x": ITEM},
        groups=["sex"],
        design=op.Design(weight="w"),
    )
    assert str(panel)
    return op.flows(panel, "x", by="sex").value


READ = {
    "128-bit whole numbers": in_polars(polars.Int128),
    "64-bit unsigned": in_polars(polars.UInt64),
    "decimals of polars": in_polars(polars.Decimal(20, 2)),
    "decimals of Arrow": in_arrow(pa.decimal128(20, 2)),
    "32-bit floats of polars": in_polars(polars.Float32),
    "16-bit floats": in_pandas(np.float16),
    "Float32": in_pandas("Float32"),
    "long floats": in_pandas(np.longdouble),
    "decimals of Python": lambda column: FRAME.assign(
        **{column: [Decimal(str(x)) for x in FRAME[column]]}
    ),
}
LAZY = {
    "memory": lambda frame: frame,
    "polars": lambda frame: frame.lazy(),
    "duckdb": lambda frame: duckdb.connect().from_arrow(frame.to_arrow()),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", READ)
def test_read_right(kind, role):
    np.testing.assert_allclose(shares(READ[kind](role)), shares(FRAME))


@pytest.mark.parametrize("engine", ["memory", "polars", "duckdb"])
@pytest.mark.parametrize(("kind", "more"), [(polars.UInt64, 2**63), (polars.Int128, 2**64)])
def test_ids_beyond_64_bits(engine, kind, more):
    if engine == "duckdb" and kind == polars.Int128:
        pytest.skip("Arrow, the way to DuckDB, has no whole numbers of 128 bits")
    ids = polars.Series("id", [more + number for number in FRAME["id"]], dtype=kind)
    frame = polars.from_pandas(FRAME).with_columns(ids)
    np.testing.assert_allclose(shares(LAZY[engine](frame)), shares(FRAME))


def test_ids_beyond_64_bits_are_apart():
    """Floats would make one person of these two."""
    ids = polars.Series("id", [2**100, 2**100 + 1] * 6, dtype=polars.Int128)
    frame = polars.from_pandas(FRAME).with_columns(ids)
    with pytest.raises(op.OpinionPanelError, match=r"2 id\(s\) stand in more than one row"):
        shares(frame)
    assert shares(frame.head(2)).size == shares(FRAME).size


def test_objects_in_polars_are_what_they_are():
    numbers = polars.Series("q", [Decimal(x) for x in FRAME["q"].tolist()], dtype=polars.Object)
    frame = polars.from_pandas(FRAME).with_columns(numbers)
    np.testing.assert_allclose(shares(frame), shares(FRAME))


STRUCTURES = {
    "lists": lambda place: [place],
    "dicts": lambda place: {"a": place},
    "sets": lambda place: {place},
    "tuples": lambda place: (place,),
    "arrays": lambda place: np.arange(place),
}


@pytest.mark.parametrize("role", [*ROLES, "sex"])
@pytest.mark.parametrize("kind", STRUCTURES)
def test_structures_are_refused(kind, role):
    with pytest.raises(op.OpinionPanelError, match=f"column '{role}' holds lists or other struct"):
        shares(held(STRUCTURES[kind])(role))


@pytest.mark.parametrize("role", ROLES)
def test_complex_numbers_are_refused(role):
    with pytest.raises(op.OpinionPanelError, match=f"column '{role}' holds complex numbers"):
        shares(in_pandas(complex)(role))


NO_WEIGHTS = {
    "bytes": held(lambda place: b"%d" % place),
    "days of Python": held(timedelta),
    "months": lambda column: FRAME.assign(
        **{column: pd.period_range("2024-01", periods=PEOPLE, freq="M")}
    ),
    "days": lambda column: FRAME.assign(**{column: pd.to_timedelta(np.arange(PEOPLE), "D")}),
    "dates": lambda column: FRAME.assign(**{column: pd.date_range("2024-01-01", periods=PEOPLE)}),
    "intervals": lambda column: FRAME.assign(**{column: pd.interval_range(0, PEOPLE)}),
    "objects": held(lambda place: object()),
}


@pytest.mark.parametrize("kind", NO_WEIGHTS)
def test_no_weights(kind):
    with pytest.raises(op.OpinionPanelError, match=r"weight column 'w'.*Name a numeric column"):
        shares(NO_WEIGHTS[kind]("w"))


@pytest.mark.parametrize("kind", NO_WEIGHTS)
def test_no_answers(kind):
    with pytest.raises(op.OpinionPanelError, match="answer codes are mapped to no state"):
        shares(NO_WEIGHTS[kind]("q"))


def test_a_group_of_nobody():
    with pytest.raises(op.OpinionPanelError, match="Group 'sex': nobody has a value"):
        shares(FRAME.assign(sex=None))
