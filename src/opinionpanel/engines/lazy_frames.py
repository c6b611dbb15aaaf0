"""Lazy frames of engines: one form for the values of a column, and keeping one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4
from weakref import finalize

from opinionpanel.engines.narwhals_later import nw
from opinionpanel.errors import EngineError

Kind = Literal["text", "whole", "float"]

# What Python takes for space; engines take fewer characters for it unless told.
SPACE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
# Names of engines as their users write them.
ENGINES = {"duckdb": "DuckDB", "polars": "polars", "dask": "Dask", "pyspark": "Spark"}

# Temporary tables of DuckDB, each with a relation of its connection, that no panel needs.
UNUSED: list[tuple[Any, str]] = []


@dataclass(frozen=True, eq=False)
class LazyTable:
    """A lazy frame.

    Attributes
    ----------
    frame : narwhals.LazyFrame
    schema : dict of str to narwhals.dtypes.DType
    source : str
        Where it comes from, for messages.
    """

    frame: nw.LazyFrame[Any]
    schema: Mapping[str, Any]
    source: str

    @property
    def engine(self) -> str:
        """The engine's name."""
        name = str(self.frame.implementation)
        return ENGINES.get(name, name)

    def where(self, part: str) -> str:
        """Name the wave and its file, for messages; only the file, if all waves stand in it."""
        return f"Wave {part!r} ({self.source})" if part else self.source

    def kind(self, column: str, part: str) -> Kind:
        """Tell what values of a column are compared as."""
        dtype = self.schema[column]
        if dtype.is_integer() or dtype == nw.Boolean:
            return "whole"
        if dtype.is_numeric():
            return "float"
        if dtype in (nw.String, nw.Categorical, nw.Enum):
            return "text"
        raise EngineError(
            f"{self.where(part)}, column {column!r} holds {dtype}, and {self.engine} compares "
            "numbers and text here. Store it as text."
        )

    def values(self, column: str, part: str) -> nw.Expr:
        """Return a column as Int64, Float64 or trimmed text; null for a blank."""
        kind, raw = self.kind(column, part), nw.col(column)
        if kind == "text":
            text = raw.cast(nw.String()).str.strip_chars(SPACE)
            return nw.when(text != "").then(text)
        if kind == "float":
            number = raw.cast(nw.Float64())
            return nw.when(~number.is_nan()).then(number)
        if self.schema[column] == nw.Boolean:
            # A boolean is no number everywhere.
            one = nw.when(raw).then(nw.lit(1, nw.Int64()))
            return nw.when(~raw).then(nw.lit(0, nw.Int64())).otherwise(one)
        return raw if self.schema[column] == nw.Int64 else raw.cast(nw.Int64())


def value_type(kind: Kind) -> Any:
    """Name the type of values by what they are compared as."""
    return {"whole": nw.Int64, "float": nw.Float64, "text": nw.String}[kind]()


def lazy_table(frame: Any, source: str) -> LazyTable:
    """Take a lazy frame; `source` names where it comes from."""
    lazy: nw.LazyFrame[Any] = nw.from_native(frame)
    return LazyTable(lazy, dict(lazy.collect_schema()), source)


def is_lazy_frame(frame: object) -> bool:
    """Tell whether a frame is a lazy one."""
    try:
        return isinstance(nw.from_native(frame, pass_through=True), nw.LazyFrame)
    except nw.exceptions.DuplicateError:
        # A frame in memory with several columns of one name is refused where it is read.
        return False


def kept(frame: nw.LazyFrame[Any], beside: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Let the engine work a frame out once and keep it, in its own way.

    `beside` is any frame of the same connection; the simpler, the better.
    """
    native: Any = frame.to_native()
    held: nw.LazyFrame[Any]
    implementation = frame.implementation
    if implementation.is_polars():
        held = nw.from_native(native.collect().lazy())
    elif implementation.is_duckdb():
        held = nw.from_native(_temporary_table(native, beside.to_native()))
    else:
        # Dask and Spark keep it on their workers, and forget it when nobody refers to it. Dask
        # takes minutes to fuse so many steps, and gains nothing.
        options = {"fuse": False} if implementation.is_dask() else {}
        held = nw.from_native(native.persist(**options))
    return held


def _temporary_table(relation: Any, beside: Any) -> Any:
    """Keep a relation as a temporary table of its connection.

    Tables of panels that nobody refers to any more are dropped when the next is made: at any other
    moment their connection may be at work.
    """
    import duckdb

    while UNUSED:
        connected, name = UNUSED.pop()
        # A connection that was closed took its tables with it.
        with suppress(duckdb.Error):
            connected.query("people", f"drop table if exists {name}")
    name = f"opinionpanel_{uuid4().hex}"
    relation.query("people", f"create temporary table {name} as select * from people")
    # Not a query over the relation itself, whose whole text every further query would carry.
    table = beside.query("people", f"select * from {name}")
    finalize(table, UNUSED.append, (beside, name)).atexit = False
    return table
