"""Columns of numbers, such as weights: the numbers of every row, in memory or on an engine."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.engines import LEAST, NONE, nw
from opinionpanel.errors import ReadError
from opinionpanel.panel.rows_on_engine import EngineRows
from opinionpanel.waves import Wave, Written

# What pandas would take for numbers all the same.
_NO_NUMBERS = (bytes, pd.Period, timedelta, np.timedelta64)


def numbers_in_memory(record: Wave, wave: str, column: str, purpose: str) -> Floats:
    """Read the number of each row; `NONE` for blanks and for what a file declares missing."""
    found = record.valid(column, wave, purpose=purpose)
    where = weight_place(record, wave, column)
    if found.dtype == np.float64:
        numbers = found.to_numpy()
    else:
        numbers = _as_floats(found, where, record.written.get(column, Written()))
    # The least of all finds blanks in one pass.
    if not numbers.min(initial=np.inf) >= LEAST:
        numbers = np.where(np.isnan(numbers), NONE, np.maximum(numbers, LEAST))
    return numbers


def weight_place(record: Wave, wave: str, column: str) -> str:
    """Name wave, file and column, for messages."""
    return f"Wave {wave!r} ({record.where}), weight column {column!r}"


def _as_floats(column: pd.Series, where: str, written: Written) -> Floats:
    numbers, none = read_numbers(column, where, written)
    if none.any():
        raise texts_error(where, int(none.sum()))
    return numbers


def texts_error(where: str, values: int) -> ReadError:
    """Refuse a column of weights that holds other values than numbers."""
    return ReadError(f"{where}: {values} value(s) are not numbers. Name a numeric column.")


def read_numbers(column: pd.Series, where: str, written: Written) -> tuple[Floats, Booleans]:
    """Read numbers; those of a text file, where they stayed text, with their decimal mark.

    Also tells which values are none.
    """
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        raise ReadError(f"{where}: the values are dates. Name a numeric column.")
    if isinstance(column.dtype, pd.PeriodDtype) or column.dtype.kind == "m":
        raise ReadError(f"{where}: the values are times. Name a numeric column.")
    if column.dtype == object and column.map(lambda value: isinstance(value, _NO_NUMBERS)).any():
        raise ReadError(f"{where}: some values are bytes or times. Name a numeric column.")
    if not pd.api.types.is_numeric_dtype(column.dtype):
        # A blank text is a blank.
        column = column.mask(column.astype(str).str.strip() == "")
    if not written.mark and written.why:
        raise ReadError(f"{where}: the values are no numbers. {written.sentence}")
    if written.mark == ",":
        column = column.map(lambda one: one.replace(",", ".") if isinstance(one, str) else one)
    weight = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return weight, np.isnan(weight) & column.notna().to_numpy()


def numbers_on_engine(source: EngineRows, wave: str, name: str) -> nw.Expr:
    """Read a column of numbers; `NONE` for blanks and for what a file declares missing."""
    record = source.waves[wave]
    written = source.headers[wave].written.get(name, Written())
    values = source.valid(name, wave)
    if written.mark:
        # The spelling of ids and codes is kept; a weight is its value.
        values = values.str.replace_all(",", ".", literal=True)
    elif record.kind(name, wave) == "text":
        where = f"{record.where(wave)}, weight column {name!r}"
        if written.why:
            raise ReadError(f"{where}: the values are no numbers. {written.sentence}")
        raise ReadError(
            f"{where}: the values are text on {source.engine}. Name a numeric column, or cast "
            "this one."
        )
    values = values.cast(nw.Float64())
    return nw.when(values < LEAST).then(nw.lit(LEAST)).otherwise(values).fill_null(NONE)
