"""Columns of people that stay on their engine, to be used like arrays of one value per person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.errors import EngineError

__all__ = ["Column", "People", "is_lazy", "literal"]

BOOLEAN, INTEGER, FLOAT = np.dtype(bool), np.dtype(np.int64), np.dtype(np.float64)
TYPES = {BOOLEAN: nw.Boolean, INTEGER: nw.Int64, FLOAT: nw.Float64}


@dataclass(frozen=True, eq=False)
class People:
    """One row per person, on the engine that holds them.

    Attributes
    ----------
    frame : narwhals.LazyFrame
    number : int
        How many people there are.
    engine : str
        The engine's name, for messages.
    """

    frame: nw.LazyFrame[Any]
    number: int
    engine: str

    def collect(self, frame: nw.LazyFrame[Any]) -> pd.DataFrame:
        """Run what was asked of the engine; the result must be small and without people."""
        return collected(frame)

    def totals(self, expressions: Sequence[nw.Expr]) -> list[float]:
        """Add up expressions over everyone; 0 where there is nobody."""
        named = [expression.alias(f"v{place}") for place, expression in enumerate(expressions)]
        # Some engines sum no expressions, but columns.
        rows = self.collect(
            self.frame.select(*named).select(
                nw.col(f"v{place}").sum() for place in range(len(named))
            )
        )
        return [0.0 if pd.isna(value) else float(value) for value in rows.iloc[0]]

    def distinct(self, key: "Column") -> npt.NDArray[np.int64]:
        """List the keys that occur, whole numbers from 0 on, in order."""
        frame = self.frame.select(key.expression().alias("k")).filter(nw.col("k") >= 0)
        rows = self.collect(frame.group_by("k").agg(nw.len().alias("n")))
        return np.sort(rows["k"].to_numpy(dtype=np.int64))

    def tables(
        self,
        keys: Sequence["Column"],
        sizes: Sequence[int],
        inside: "Column | None",
        values: Sequence["Column"],
    ) -> list[npt.NDArray[np.float64]]:
        """Sum values by combinations of codes, in one aggregation.

        Parameters
        ----------
        keys : sequence of Column
            Codes; people with a negative one in any count nowhere.
        sizes : sequence of int
        inside : Column or None
            Who counts; None for everyone.
        values : sequence of Column

        Returns
        -------
        list of numpy.ndarray, each of shape `sizes`
        """
        names = [f"k{place}" for place in range(len(keys))]
        sums = [f"v{place}" for place in range(len(values))]
        frame = self.frame
        if inside is not None:
            frame = frame.filter(inside.expression())
        frame = frame.select(
            *(key.raw.alias(name) for key, name in zip(keys, names, strict=True)),
            *(
                value.astype(FLOAT).expression().alias(name)
                for value, name in zip(values, sums, strict=True)
            ),
        )
        if names:
            for key, name in zip(keys, names, strict=True):
                if key.values is None:
                    frame = frame.filter(nw.col(name) >= 0)
            frame = frame.group_by(*names).agg(*(nw.col(name).sum() for name in sums))
        else:
            frame = frame.select(*(nw.col(name).sum() for name in sums))
        rows = self.collect(frame)
        codes = [key.codes_of(rows[name]) for key, name in zip(keys, names, strict=True)]
        known = np.logical_and.reduce([np.ones(len(rows), dtype=bool), *(c >= 0 for c in codes)])
        found = []
        for name in sums:
            table = np.zeros(tuple(sizes))
            summed = rows[name].to_numpy(dtype=np.float64, na_value=0.0)
            np.add.at(table, tuple(code[known] for code in codes), summed[known])
            found.append(table)
        return found


class Column(np.lib.mixins.NDArrayOperatorsMixin):
    """One value per person, computed by the engine when it is added up.

    Operators, comparisons and `numpy.where` give another column; `sum`, `any` and the like ask the
    engine. A column never holds a null.

    Parameters
    ----------
    people : People
    raw : narwhals.Expr
        The values, or keys to look them up by.
    dtype : numpy.dtype
        Boolean, int64 or float64.
    values : numpy.ndarray, optional
        The keys that occur, each once.
    table : numpy.ndarray, optional
        The value for each key. The engine groups by keys; they are looked up in what comes back.
    outside : bool, int or float
        The value for any other key, nulls included.
    """

    def __init__(
        self,
        people: People,
        raw: nw.Expr,
        dtype: npt.DTypeLike,
        *,
        values: npt.NDArray[Any] | None = None,
        table: npt.NDArray[Any] | None = None,
        outside: Any = -1,
    ) -> None:
        self.people, self.raw, self.dtype = people, raw, np.dtype(dtype)
        self.values, self.table, self.outside = values, table, outside

    ndim = 1

    @property
    def shape(self) -> tuple[int]:
        """The number of people."""
        return (self.people.number,)

    def __len__(self) -> int:
        return self.people.number

    def __repr__(self) -> str:
        return f"<{self.dtype} of {len(self):,} people on {self.people.engine}>"

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise EngineError(
            f"This needs people one by one, and {self.people.engine} only gives sums over them. "
            "Take a panel in memory, of fewer people or columns."
        )

    def __getitem__(self, key: object) -> Any:
        return self.__array__()

    def expression(self) -> nw.Expr:
        """Return the values as an expression."""
        if self.values is None or self.table is None:
            return self.raw
        if self.dtype == BOOLEAN:
            inside = self.raw.is_in(self.values[self.table].tolist()).fill_null(False)
            if not self.outside:
                return inside
            return ~self.raw.is_in(self.values[~self.table].tolist()).fill_null(False)
        found = nw.lit(self.outside, TYPES[self.dtype])
        if len(self.values):
            found = self.raw.replace_strict(
                self.values.tolist(),
                self.table.tolist(),
                default=self.outside,
                return_dtype=TYPES[self.dtype],
            ).fill_null(self.outside)
        return found

    def codes_of(self, keys: pd.Series) -> npt.NDArray[np.int64]:
        """Look up the keys that came back from the engine."""
        if self.values is None or self.table is None:
            return keys.to_numpy(dtype=np.int64, na_value=-1)
        places = pd.Index(self.values).get_indexer(pd.Index(keys.to_numpy(dtype=object)))
        table = np.append(self.table, self.outside)
        return np.asarray(table[places], dtype=np.int64)

    def take_from(self, table: npt.NDArray[Any]) -> "Column":
        """Look up codes in a table: the array expression `table[codes]`."""
        outside = np.zeros(1, dtype=table.dtype)[0].item() if table.dtype != INTEGER else -1
        if self.values is None or self.table is None:
            return Column(
                self.people,
                self.raw,
                table.dtype,
                values=np.arange(len(table)),
                table=table,
                outside=outside,
            )
        inside = self.table >= 0
        return Column(
            self.people,
            self.raw,
            table.dtype,
            values=self.values[inside],
            table=table[self.table[inside]],
            outside=outside,
        )

    def astype(self, dtype: npt.DTypeLike, *, copy: bool = True) -> "Column":
        """Bring the values to another type; whole numbers of any size are int64."""
        kind = _kind(np.dtype(dtype))
        if kind == self.dtype:
            return self
        if self.table is not None:
            return self._looked_up(lambda values: values.astype(kind), kind)
        if self.dtype == BOOLEAN:
            # A boolean is no number everywhere.
            chosen = nw.when(self.raw).then(nw.lit(1)).otherwise(nw.lit(0))
            return Column(self.people, chosen.cast(TYPES[kind]()), kind)
        return Column(self.people, self.raw.cast(TYPES[kind]()), kind)

    def copy(self) -> "Column":
        """Return the column, which never changes."""
        return self

    def sum(self) -> Any:
        """Add up everyone's value."""
        total = self.people.totals([self.astype(FLOAT).expression()])[0]
        return total if self.dtype == FLOAT else int(total)

    def any(self) -> bool:
        """Tell whether anyone's value is true."""
        return bool(self.astype(bool).sum() > 0)

    def all(self) -> bool:
        """Tell whether everyone's value is true."""
        return not (~self).any()

    def mean(self) -> float:
        """Take the mean over everyone."""
        return float(self.sum()) / len(self)

    def _extreme(self, largest: bool, initial: float | None) -> Any:
        frame = self.people.frame.select(self.expression().alias("v"))
        found = nw.col("v").max() if largest else nw.col("v").min()
        value = self.people.collect(frame.select(found)).iloc[0, 0]
        values = [number for number in (value, initial) if number is not None and pd.notna(number)]
        value = (max if largest else min)(values)
        return float(value) if self.dtype == FLOAT else int(value)

    def max(self, initial: float | None = None) -> Any:
        """Find the largest value."""
        return self._extreme(True, initial)

    def min(self, initial: float | None = None) -> Any:
        """Find the smallest value."""
        return self._extreme(False, initial)

    def _looked_up(
        self, function: Callable[[npt.NDArray[Any]], npt.NDArray[Any]], dtype: np.dtype[Any]
    ) -> "Column":
        """Change the values in the table that keys are looked up in."""
        assert self.table is not None
        return Column(
            self.people,
            self.raw,
            dtype,
            values=self.values,
            table=function(self.table),
            outside=function(np.array([self.outside]))[0].item(),
        )

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        # An assignment such as `a &= b` asks for its own array as `out`, and takes what it gets.
        kwargs.pop("out", None)
        if method == "reduce" and ufunc in REDUCED and not kwargs.get("axis"):
            return reduce(REDUCED[ufunc], inputs[0])
        if method != "__call__" or ufunc not in OPERATIONS or kwargs:
            return self.__array__()
        if any(isinstance(part, np.ndarray) and part.ndim for part in inputs):
            return self.__array__()
        columns = [part for part in inputs if isinstance(part, Column)]
        kind = _result(ufunc, inputs)
        if len(columns) == 1 and self.table is not None:
            return self._looked_up(
                lambda values: ufunc(*(values if part is self else part for part in inputs)), kind
            )
        numeric = kind != BOOLEAN or ufunc in COMPARISONS
        parts = [_operand(part, numeric=numeric) for part in inputs]
        return Column(self.people, OPERATIONS[ufunc](*parts), kind)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func not in FUNCTIONS or any(kwargs.get(name) for name in ("axis", "where")):
            return self.__array__()
        kwargs = {name: value for name, value in kwargs.items() if value is not None}
        return FUNCTIONS[func](*args, **kwargs)


def is_lazy(values: object) -> bool:
    """Tell whether values of people stay on their engine."""
    return isinstance(values, Column)


def literal(people: People, value: bool | float) -> Column:
    """Make a column of one value for everyone."""
    kind = _kind(np.asarray(value).dtype)
    return Column(people, nw.lit(value, TYPES[kind]()), kind)


def collected(frame: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Bring a small result to the client, as pandas."""
    return frame.collect(backend="pandas").to_native()


def _operand(part: Any, *, numeric: bool) -> Any:
    if not isinstance(part, Column):
        return part.item() if isinstance(part, np.generic | np.ndarray) else part
    if numeric and part.dtype == BOOLEAN:
        part = part.astype(INTEGER)
    return part.expression()


def _result(ufunc: np.ufunc, inputs: Sequence[Any]) -> np.dtype[Any]:
    """Find the type of a result, by one value of each input."""
    ones = [np.ones((), part.dtype) if isinstance(part, Column) else part for part in inputs]
    return _kind(np.asarray(ufunc(*ones)).dtype)


def _same(column: Column, value: int, dtype: npt.DTypeLike) -> Column:
    return literal(column.people, np.dtype(dtype or column.dtype).type(value).item())


def _where(condition: Column, yes: Any, no: Any) -> Column:
    kind = _kind(np.result_type(*(_dtype(part) for part in (yes, no))))
    if isinstance(yes, Column) and yes.table is not None and _is(no, yes.outside):
        # Keys stay keys: no key is -1 or null, so that is looked up as outside.
        kept = nw.when(condition.expression()).then(yes.raw)
        numbers = yes.values is not None and yes.values.dtype.kind == "i"
        if numbers and yes.values.min(initial=0) >= 0:
            kept = kept.otherwise(nw.lit(-1, nw.Int64()))
        return Column(
            yes.people, kept, kind, values=yes.values, table=yes.table, outside=yes.outside
        )
    parts = [
        part.astype(kind).expression()
        if isinstance(part, Column)
        else nw.lit(np.asarray(part).astype(kind).item(), TYPES[kind]())
        for part in (yes, no)
    ]
    chosen = nw.when(condition.expression()).then(parts[0]).otherwise(parts[1])
    return Column(condition.people, chosen, kind)


def _is(part: Any, value: Any) -> bool:
    return not isinstance(part, Column) and bool(part == value)


def _dtype(part: Any) -> np.dtype[Any]:
    return part.dtype if isinstance(part, Column) else np.asarray(part).dtype


def _kind(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return BOOLEAN if dtype == BOOLEAN else FLOAT if dtype.kind == "f" else INTEGER


def _isin(column: Column, wanted: Any) -> Column:
    if column.table is not None:
        return column._looked_up(lambda values: np.isin(values, wanted), BOOLEAN)
    return Column(column.people, column.raw.is_in(list(np.asarray(wanted).tolist())), BOOLEAN)


COMPARISONS: dict[np.ufunc, Callable[..., nw.Expr]] = {
    np.greater: lambda a, b: a > b,
    np.greater_equal: lambda a, b: a >= b,
    np.less: lambda a, b: a < b,
    np.less_equal: lambda a, b: a <= b,
    np.equal: lambda a, b: a == b,
    np.not_equal: lambda a, b: a != b,
}
BOTH: dict[np.ufunc, Callable[..., Any]] = {
    np.bitwise_and: lambda a, b: a & b,
    np.logical_and: lambda a, b: a & b,
    np.bitwise_or: lambda a, b: a | b,
    np.logical_or: lambda a, b: a | b,
}
OPERATIONS: dict[np.ufunc, Callable[..., nw.Expr]] = {
    **COMPARISONS,
    **BOTH,
    np.add: lambda a, b: a + b,
    np.subtract: lambda a, b: a - b,
    np.multiply: lambda a, b: a * b,
    np.true_divide: lambda a, b: a / b,
    np.negative: lambda a: -a,
    np.invert: lambda a: ~a,
    np.logical_not: lambda a: ~a,
    np.square: lambda a: a * a,
    np.maximum: lambda a, b: nw.max_horizontal(*(_as_expression(part) for part in (a, b))),
    np.minimum: lambda a, b: nw.min_horizontal(*(_as_expression(part) for part in (a, b))),
}
REDUCED = BOTH
FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.where: _where,
    np.isin: _isin,
    np.any: lambda column: column.any(),
    np.all: lambda column: column.all(),
    np.sum: lambda column: column.sum(),
    np.count_nonzero: lambda column: column.astype(bool).sum(),
    np.ones_like: lambda column, dtype=None: _same(column, 1, dtype),
    np.zeros_like: lambda column, dtype=None: _same(column, 0, dtype),
}


def _as_expression(part: Any) -> nw.Expr:
    return part if isinstance(part, nw.Expr) else nw.lit(part)
