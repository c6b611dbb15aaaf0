"""Columns of people that stay on their engine, to be used like arrays of one value per person."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.arrays import Array, Floats, Integers
from opinionpanel.engines.expressions import (
    BITWISE,
    BOOLEAN,
    COMPARISONS,
    FLOAT,
    INTEGER,
    LOGICAL,
    OPERATIONS,
    collected,
    column_type,
    columns,
    is_one_of,
    kind_of,
    without_code,
)
from opinionpanel.engines.narwhals_later import nw
from opinionpanel.errors import EngineError

Name = TypeVar("Name", bound=Hashable)

# For the names of computed columns.
NUMBERS = count()


@dataclass(eq=False)
class People:
    """One row per person, on the engine that holds them; `named` gives them further columns.

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

    def named(self, column: EngineColumn) -> EngineColumn:
        """Give values a column of their own, so that formulas made of them stay short.

        The people stay the same people: what was made of them before can still be added up.
        """
        name = f"computed_{next(NUMBERS)}"
        self.frame = self.frame.with_columns(column.raw.alias(name))
        return EngineColumn(
            self,
            nw.col(name),
            column.dtype,
            values=column.values,
            table=column.table,
            outside=column.outside,
        )

    def totals(self, expressions: Sequence[nw.Expr]) -> list[float]:
        """Add up expressions over everyone; 0 where there is nobody."""
        named = {f"v{place}": expression for place, expression in enumerate(expressions)}
        rows = self.collect(columns(self.frame, named).select(*(nw.col(n).sum() for n in named)))
        return [float(value) for value in rows.fillna(0).iloc[0]]

    def distinct(self, key: EngineColumn) -> Integers:
        """List the keys that occur, whole numbers from 0 on, in order."""
        frame = columns(self.frame, {"k": key.expression()}).filter(nw.col("k") >= 0)
        rows = self.collect(frame.group_by("k").agg(nw.len().alias("n")))
        return np.sort(rows["k"].to_numpy(dtype=np.int64))

    def tables(
        self,
        keys: Sequence[EngineColumn],
        sizes: Sequence[int],
        inside: EngineColumn | None,
        values: Sequence[EngineColumn],
    ) -> list[Floats]:
        """Sum values by combinations of codes, in one aggregation.

        Parameters
        ----------
        keys : sequence of EngineColumn
            Codes; people with a negative one in any count nowhere.
        sizes : sequence of int
        inside : EngineColumn or None
            Who counts; None for everyone.
        values : sequence of EngineColumn

        Returns
        -------
        list of numpy.ndarray, each of shape `sizes`
        """
        by = {f"k{place}": key for place, key in enumerate(keys)}
        added = {f"v{place}": value.astype(FLOAT) for place, value in enumerate(values)}
        named = {name: key.raw for name, key in by.items()}
        named |= {name: value.expression() for name, value in added.items()}
        frame = columns(self.frame, named if inside is None else named | {"i": inside.expression()})
        frame = frame if inside is None else frame.filter(nw.col("i"))
        for name, key in by.items():
            if key.values is None:
                frame = frame.filter(nw.col(name) >= 0)
        sums = [nw.col(name).sum() for name in added]
        rows = self.collect(frame.group_by(*by).agg(*sums) if by else frame.select(*sums))
        if not by:
            return [np.asarray(float(value)) for value in rows.fillna(0).iloc[0]]
        codes = [key.codes_of(rows[name]) for name, key in by.items()]
        known = np.logical_and.reduce([code >= 0 for code in codes])
        found = []
        for name in added:
            table = np.zeros(tuple(sizes))
            summed = rows[name].to_numpy(dtype=np.float64, na_value=0.0)
            np.add.at(table, tuple(code[known] for code in codes), summed[known])
            found.append(table)
        return found


class EngineColumn(np.lib.mixins.NDArrayOperatorsMixin):
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
        values: Array | None = None,
        table: Array | None = None,
        outside: Any = -1,
    ) -> None:
        self.people, self.raw, self.dtype = people, raw, kind_of(np.dtype(dtype))
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
            if self.outside:
                return ~is_one_of(self.raw, self.values[~self.table])
            return is_one_of(self.raw, self.values[self.table])
        if not len(self.values):
            return nw.lit(self.outside, column_type(self.dtype))
        return self.raw.replace_strict(
            self.values.tolist(),
            self.table.tolist(),
            default=self.outside,
            return_dtype=column_type(self.dtype),
        ).fill_null(self.outside)

    def codes_of(self, keys: pd.Series) -> Integers:
        """Look up the keys that came back from the engine."""
        if self.values is None or self.table is None:
            return keys.to_numpy(dtype=np.int64, na_value=-1)
        places = pd.Index(self.values).get_indexer(pd.Index(keys.to_numpy(dtype=object)))
        table = np.append(self.table, self.outside)
        return np.asarray(table[places], dtype=np.int64)

    def take_from(self, table: Array) -> EngineColumn:
        """Look up codes in a table: the array expression `table[codes]`."""
        kind = kind_of(table.dtype)
        values, codes = self.values, self.table
        if values is None or codes is None:
            values = codes = np.arange(len(table))
        return EngineColumn(
            self.people,
            self.raw,
            kind,
            values=values[codes >= 0],
            table=table[codes[codes >= 0]].astype(kind),
            outside=without_code(kind),
        )

    def astype(self, dtype: npt.DTypeLike, *, copy: bool = True) -> EngineColumn:
        """Bring the values to another type; whole numbers of any size are int64."""
        kind = kind_of(np.dtype(dtype))
        if kind == self.dtype:
            return self
        if self.table is not None:
            return self._looked_up(lambda values: values.astype(kind), kind)
        if self.dtype == BOOLEAN:
            # A boolean is no number everywhere.
            chosen = nw.when(self.raw).then(nw.lit(1)).otherwise(nw.lit(0))
            return EngineColumn(self.people, chosen.cast(column_type(kind)), kind)
        if kind == BOOLEAN:
            return EngineColumn(self.people, self.raw != 0, kind)
        return EngineColumn(self.people, self.raw.cast(column_type(kind)), kind)

    def copy(self) -> EngineColumn:
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
        return not (~self.astype(bool)).any()

    def mean(self) -> float:
        """Take the mean over everyone."""
        return float(self.sum()) / len(self)

    def _extreme(self, largest: bool, initial: float | None) -> Any:
        frame = columns(self.people.frame, {"v": self.astype(FLOAT).expression()})
        found = nw.col("v").max() if largest else nw.col("v").min()
        values = self.people.collect(frame.select(found))["v"].dropna().tolist()
        values += [] if initial is None else [initial]
        value = max(values) if largest else min(values)
        return float(value) if self.dtype == FLOAT else int(value)

    def max(self, initial: float | None = None) -> Any:
        """Find the largest value."""
        return self._extreme(True, initial)

    def min(self, initial: float | None = None) -> Any:
        """Find the smallest value."""
        return self._extreme(False, initial)

    def _looked_up(self, function: Callable[[Array], Array], dtype: np.dtype[Any]) -> EngineColumn:
        """Change the values in the table that keys are looked up in."""
        assert self.table is not None
        return EngineColumn(
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
        if method != "__call__" or ufunc not in OPERATIONS or kwargs:
            return self.__array__()
        if any(isinstance(part, np.ndarray) and part.ndim for part in inputs):
            return self.__array__()
        if ufunc in LOGICAL:
            inputs = tuple(_condition(part) for part in inputs)
        kind = _result(ufunc, inputs)
        given = [part for part in inputs if isinstance(part, EngineColumn)]
        if len(given) == 1 and given[0].table is not None:
            return given[0]._looked_up(
                lambda values: ufunc(*(values if part is given[0] else part for part in inputs)),
                kind,
            )
        if ufunc in BITWISE and kind != BOOLEAN:
            # Of whole numbers these would be sums of bits, which not every engine has.
            return self.__array__()
        numeric = kind != BOOLEAN or ufunc in COMPARISONS
        parts = [_operand(part, numeric=numeric) for part in inputs]
        return EngineColumn(self.people, OPERATIONS[ufunc](*parts), kind)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func not in FUNCTIONS or not kwargs.keys() <= {"dtype"}:
            return self.__array__()
        return FUNCTIONS[func](*args, **kwargs)


def is_lazy(values: object) -> bool:
    """Tell whether values of people stay on their engine."""
    return isinstance(values, EngineColumn)


def count_on_engine(conditions: Mapping[Name, EngineColumn]) -> dict[Name, int]:
    """Count the people for whom each of some named conditions holds, in one pass."""
    people = next(iter(conditions.values())).people
    sums = people.totals([column.astype(FLOAT).expression() for column in conditions.values()])
    return dict(zip(conditions, map(int, sums), strict=True))


def literal(people: People, value: bool | float) -> EngineColumn:
    """Make a column of one value for everyone."""
    kind = kind_of(np.asarray(value).dtype)
    return EngineColumn(people, nw.lit(value, column_type(kind)), kind)


def _condition(part: Any) -> Any:
    return part.astype(bool) if isinstance(part, EngineColumn) else bool(part)


def _operand(part: Any, *, numeric: bool) -> Any:
    if not isinstance(part, EngineColumn):
        return part.item() if isinstance(part, np.generic | np.ndarray) else part
    if numeric and part.dtype == BOOLEAN:
        part = part.astype(INTEGER)
    return part.expression()


def _result(ufunc: np.ufunc, inputs: Sequence[Any]) -> np.dtype[Any]:
    """Find the type of a result, by one value of each input."""
    ones = [np.ones((), part.dtype) if isinstance(part, EngineColumn) else part for part in inputs]
    return kind_of(np.asarray(ufunc(*ones)).dtype)


def _same(column: EngineColumn, value: int, dtype: npt.DTypeLike) -> EngineColumn:
    return literal(column.people, kind_of(np.dtype(dtype or column.dtype)).type(value).item())


def _where(condition: EngineColumn, yes: Any, no: Any) -> EngineColumn:
    kind = kind_of(np.result_type(*(_dtype(part) for part in (yes, no))))
    if isinstance(yes, EngineColumn) and yes.table is not None and _is(no, yes.outside):
        # Keys stay keys: no key is -1 or null, so that is looked up as outside.
        yes = yes.astype(kind)
        kept: nw.Expr = nw.when(condition.expression()).then(yes.raw)
        values = yes.values
        if values is not None and values.dtype.kind == "i" and values.min(initial=0) >= 0:
            kept = nw.when(condition.expression()).then(yes.raw).otherwise(nw.lit(-1, nw.Int64()))
        return EngineColumn(
            yes.people, kept, kind, values=values, table=yes.table, outside=yes.outside
        )
    parts = [
        part.astype(kind).expression()
        if isinstance(part, EngineColumn)
        else nw.lit(np.asarray(part).astype(kind).item(), column_type(kind))
        for part in (yes, no)
    ]
    chosen = nw.when(condition.expression()).then(parts[0]).otherwise(parts[1])
    return EngineColumn(condition.people, chosen, kind)


def _is(part: Any, value: Any) -> bool:
    return not isinstance(part, EngineColumn) and bool(part == value)


def _dtype(part: Any) -> np.dtype[Any]:
    return part.dtype if isinstance(part, EngineColumn) else np.asarray(part).dtype


def _isin(column: EngineColumn, wanted: Any) -> EngineColumn:
    if column.table is not None:
        return column._looked_up(lambda values: np.isin(values, wanted), BOOLEAN)
    # Not every engine compares whole numbers with a list of others.
    values = np.asarray(wanted).astype(column.dtype)
    return EngineColumn(column.people, is_one_of(column.raw, values[values == wanted]), BOOLEAN)


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
