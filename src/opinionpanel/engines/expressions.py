"""Expressions that mean the same on every engine as the operators of numpy do on arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Array
from opinionpanel.engines.narwhals_later import nw

BOOLEAN: np.dtype[Any] = np.dtype(bool)
INTEGER: np.dtype[Any] = np.dtype(np.int64)
FLOAT: np.dtype[Any] = np.dtype(np.float64)


def kind_of(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Find the type that a column has for values of a type: one of three."""
    return BOOLEAN if dtype == BOOLEAN else FLOAT if dtype.kind == "f" else INTEGER


def without_code(dtype: np.dtype[Any]) -> Any:
    """Say what a table of a type has for people without a code: -1 as no code, else 0 or False."""
    return -1 if kind_of(dtype) == INTEGER else dtype.type(0).item()


def column_type(dtype: np.dtype[Any]) -> Any:
    """Name one of the three types as engines do."""
    return {BOOLEAN: nw.Boolean, INTEGER: nw.Int64, FLOAT: nw.Float64}[dtype]()


def collected(frame: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Bring a small result to the client, as pandas."""
    return frame.collect().to_pandas()


def columns(frame: nw.LazyFrame[Any], named: dict[str, nw.Expr]) -> nw.LazyFrame[Any]:
    """Make columns, and keep nothing else: some engines add up columns only, no expressions.

    In two steps, as a selection of constants alone is a single row on some engines.
    """
    return frame.with_columns(**named).select(*named)


def is_one_of(raw: nw.Expr, values: Array) -> nw.Expr:
    """Tell who has one of some values; nulls have none."""
    if not len(values):
        return nw.lit(False, nw.Boolean())
    return raw.is_in(values.tolist()).fill_null(False)


def _larger(a: Any, b: Any) -> nw.Expr:
    # The largest of several columns is one that Dask joins with no other.
    one, two = (part if isinstance(part, nw.Expr) else nw.lit(part) for part in (a, b))
    return nw.when(one >= two).then(one).otherwise(two)


COMPARISONS: dict[np.ufunc, Callable[..., nw.Expr]] = {
    np.greater: lambda a, b: a > b,
    np.greater_equal: lambda a, b: a >= b,
    np.less: lambda a, b: a < b,
    np.less_equal: lambda a, b: a <= b,
    np.equal: lambda a, b: a == b,
    np.not_equal: lambda a, b: a != b,
}
BITWISE: dict[np.ufunc, Callable[..., nw.Expr]] = {
    np.bitwise_and: lambda a, b: a & b,
    np.bitwise_or: lambda a, b: a | b,
    np.bitwise_xor: lambda a, b: (a & ~b) | (~a & b),
    np.invert: lambda a: ~a,
}
LOGICAL: dict[np.ufunc, Callable[..., nw.Expr]] = {
    np.logical_and: lambda a, b: a & b,
    np.logical_or: lambda a, b: a | b,
    np.logical_not: lambda a: ~a,
}
OPERATIONS: dict[np.ufunc, Callable[..., nw.Expr]] = {
    **COMPARISONS,
    **BITWISE,
    **LOGICAL,
    np.add: lambda a, b: a + b,
    np.subtract: lambda a, b: a - b,
    np.multiply: lambda a, b: a * b,
    np.true_divide: lambda a, b: a / b,
    np.negative: lambda a: -a,
    np.square: lambda a: a * a,
    np.maximum: _larger,
    np.minimum: lambda a, b: -_larger(-a, -b),
}
