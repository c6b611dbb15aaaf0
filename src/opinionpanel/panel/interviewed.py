"""Who was interviewed, of those who have a row at a wave: what else stands there is left out.

The rule is decided on the values that occur, which are read here; rows are then kept by their
values, in memory or on an engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_, or_
from typing import Any, Protocol, Self, TypeVar

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans
from opinionpanel.design import AnyDesign
from opinionpanel.engines import NONE, LazyTable, nw
from opinionpanel.errors import DesignError, LinkError, ReadError, SelectionError, listing, unknown
from opinionpanel.panel.codes_on_engine import small_wave
from opinionpanel.panel.declared import Interviewed
from opinionpanel.panel.gathered_rows import by_wave, mapped
from opinionpanel.panel.numeric_columns import numbers_in_memory, numbers_on_engine
from opinionpanel.panel.rows_on_engine import TIMES, EngineRows
from opinionpanel.questions import (
    BLANK,
    NOT_INTERVIEWED,
    STATUS,
    Item,
    ItemColumn,
    Questions,
    Status,
    Values,
    check_silence,
    read_silence,
    read_status,
)
from opinionpanel.waves import Wave

# Which rows of a wave: an array of True and False, or an expression of the engine.
Marks = Any
Held = TypeVar("Held", bound="Rows")


class Rows(Protocol):
    """The rows of waves, wherever they are."""

    @property
    def headers(self) -> Mapping[str, Wave]:
        """What is said of the columns of every wave."""

    def values(self, columns: Sequence[tuple[str, str]], purpose: str) -> Values:
        """Read columns, each with its wave."""

    def marked(self, record: Wave, column: ItemColumn, chosen: Booleans) -> Marks:
        """Mark the rows with values of a column, chosen among those that were read."""

    def weighted(self, wave: str, column: str) -> Marks:
        """Mark the rows with a weight; a negative one is refused later."""

    def only(self, marks: Mapping[str, Marks]) -> Self:
        """Keep the rows that are marked; waves without marks keep all."""

    def counts(self) -> Mapping[str, int]:
        """Count the rows of every wave."""


@dataclass(frozen=True, eq=False)
class RowsInMemory:
    """Rows of frames; see `Rows`."""

    headers: Mapping[str, Wave]

    def values(self, columns: Sequence[tuple[str, str]], purpose: str) -> Values:
        """Read columns, each with its wave."""
        return {(wave, column): (self.headers[wave], None) for wave, column in columns}

    def marked(self, record: Wave, column: ItemColumn, chosen: Booleans) -> Booleans:
        """Mark the rows with values of a column."""
        return chosen

    def weighted(self, wave: str, column: str) -> Booleans:
        """Mark the rows with a weight."""
        numbers = numbers_in_memory(self.headers[wave], wave, column, "weight")
        weighted: Booleans = (numbers != 0) & (numbers != NONE)
        return weighted

    def only(self, marks: Mapping[str, Booleans]) -> Self:
        """Keep the rows that are marked."""
        kept = {
            wave: replace(self.headers[wave], frame=self.headers[wave].frame[here])
            for wave, here in marks.items()
        }
        return replace(self, headers={**self.headers, **kept})

    def counts(self) -> dict[str, int]:
        """Count the rows of every wave."""
        return {wave: len(record.frame) for wave, record in self.headers.items()}


@dataclass(frozen=True, eq=False)
class RowsOnEngine:
    """Rows of lazy frames; see `Rows`."""

    source: EngineRows

    @property
    def headers(self) -> Mapping[str, Wave]:
        """What is said of the columns of every wave."""
        return self.source.headers

    def values(self, columns: Sequence[tuple[str, str]], purpose: str) -> Values:
        """Read the values that occur in columns, each with its wave."""
        asked: dict[str, list[tuple[str, ...]]] = {wave: [] for wave in self.headers}
        for wave, column in columns:
            self.headers[wave].column(column, wave, purpose=purpose)
            asked[wave].append((column,))
        occurring = self.source.occurring(asked)
        found = {(wave, column): occurring[(column,)][wave] for wave, column in columns}
        return {
            (wave, column): (
                small_wave(self.headers[wave], rows.drop(columns=TIMES)),
                rows[TIMES].to_numpy(dtype=np.int64),
            )
            for (wave, column), rows in found.items()
        }

    def marked(self, record: Wave, column: ItemColumn, chosen: Booleans) -> nw.Expr:
        """Mark the rows with values of a column."""
        table, name, wave = self.source.waves[column.wave], column.name, column.wave
        pairs = list(zip(record.frame[name].tolist(), chosen.tolist(), strict=True))
        places = {value: int(here) for value, here in pairs if not pd.isna(value)}
        blank = int(any(here for value, here in pairs if pd.isna(value)))
        kind, size = table.kind(name, wave), nw.Int8()
        values = table.values(name, wave)
        return mapped(values, kind, places, blank=blank, other=0, size=size) == 1

    def weighted(self, wave: str, column: str) -> nw.Expr:
        """Mark the rows with a weight."""
        self.headers[wave].column(column, wave, purpose="weight")
        numbers = numbers_on_engine(self.source, wave, column)
        return (numbers != 0) & (numbers != NONE)

    def only(self, marks: Mapping[str, nw.Expr]) -> Self:
        """Keep the rows that are marked."""
        tables = {
            wave: replace(
                table, frame=table.frame.filter(marks[wave]) if wave in marks else table.frame
            )
            for wave, table in self.source.waves.items()
        }
        if marks and self.source.position is not None:
            tables = dict.fromkeys(tables, self._of_long(marks))
        return replace(self, source=replace(self.source, waves=tables))

    def _of_long(self, marks: Mapping[str, nw.Expr]) -> LazyTable:
        """Keep rows of one long frame, each by the marks of its wave."""
        assert self.source.position is not None
        here = nw.lit(True, nw.Boolean())
        for place, wave in enumerate(self.source.waves):
            if wave in marks:
                here = nw.when(self.source.position == place).then(marks[wave]).otherwise(here)
        table = next(iter(self.source.waves.values()))
        return replace(table, frame=table.frame.filter(here))

    def counts(self) -> dict[str, int]:
        """Count the rows of every wave."""
        found = by_wave(self.source, sums={}, lows={}, highs={})
        return {wave: int(numbers["rows"]) for wave, numbers in found.items()}


@dataclass(frozen=True, eq=False)
class _Marked:
    """Rows that something says a thing about.

    Attributes
    ----------
    marks : dict of str to Marks
        By wave.
    why : dict of str to list of str
        Wave to what says so there.
    """

    marks: dict[str, Marks] = field(default_factory=dict)
    why: dict[str, list[str]] = field(default_factory=dict)

    def add(self, wave: str, marks: Marks, why: str) -> None:
        """Mark further rows of a wave."""
        self.marks[wave] = self.marks[wave] | marks if wave in self.marks else marks
        self.why.setdefault(wave, []).append(why)


def interviews(
    rows: Held, interviewed: Interviewed, items: Questions, design: AnyDesign
) -> tuple[Held, tuple[str, ...]]:
    """Keep the rows that are interviews, and say of every wave how many are not, and why.

    Raises
    ------
    OpinionPanelError
        Nobody was interviewed at a wave, an answer stands in a row that is no interview, or what
        is declared names codes, columns or waves that are not there.
    """
    asked = {name: item for name, item in items.items() if isinstance(item, Item)}
    if interviewed is None and not any(item.no_interview for item in asked.values()):
        return rows, ()
    before = rows.counts()
    told = _told(rows, interviewed, design)
    kept = rows.only(told.marks)
    silent = _silent(kept, asked)
    if silent.marks:
        _check_silent(kept.only(silent.marks), asked, silent.why)
        kept = kept.only({wave: ~marks for wave, marks in silent.marks.items()})
    after = kept.counts()
    notes = []
    for wave, number in before.items():
        why = listing_of([*told.why.get(wave, ()), *silent.why.get(wave, ())])
        if number and not after[wave]:
            raise LinkError(
                f"Wave {wave!r} ({rows.headers[wave].where}): none of its {number:,} rows is an "
                f"interview by {why}. Name the codes of those who were interviewed, or leave the "
                "wave out of the panel."
            )
        if left := number - after[wave]:
            notes.append(
                f"wave {wave!r}: {left:,} of {number:,} rows are no interviews by {why}, and were "
                "left out"
            )
    return kept, tuple(notes)


def listing_of(reasons: Sequence[str]) -> str:
    """Name what says that rows are no interviews."""
    return " and ".join(dict.fromkeys(reasons))


def _told(rows: Rows, interviewed: Interviewed, design: AnyDesign) -> _Marked:
    """Mark the rows that are interviews by a status or a weight."""
    found = _Marked()
    if isinstance(interviewed, Status):
        columns = _status_columns(interviewed, rows.headers)
        values = rows.values(columns, STATUS)
        for column in read_status(interviewed, values):
            record, blank = values[column.wave, column.name][0], column.meanings.get(None, -1)
            chosen = (column.states >= 0) | ((column.states == BLANK) & (blank >= 0))
            found.add(column.wave, rows.marked(record, column, chosen), f"column {column.name!r}")
    elif interviewed == "weight":
        for wave, name in _weights(design, list(rows.headers)).items():
            found.add(wave, rows.weighted(wave, name), f"the weight {name!r}")
    elif interviewed is not None:
        raise SelectionError(
            f"{unknown('value of interviewed=', interviewed, ['weight'])} Or name the "
            "column that says so, with the codes of those interviewed: op.Status('status', [1])."
        )
    return found


def _status_columns(status: Status, headers: Mapping[str, Wave]) -> list[tuple[str, str]]:
    """Name the column of every wave that has one."""
    column, waves = status.column, list(headers)
    for wave in column if isinstance(column, Mapping) else ():
        if wave not in waves:
            raise unknown("wave in the columns of interviewed=", wave, waves)
    there = [wave for wave in waves if str(column) in headers[wave].frame.columns]
    if isinstance(column, str) and 0 < len(there) < len(waves):
        lacking = next(wave for wave in waves if wave not in there)
        raise ReadError(
            f"Wave {lacking!r} ({headers[lacking].where}), interviewed: there is no column "
            f"{column!r}, which stands at {listing(there)}. Name it by wave, "
            f"op.Status({{{there[0]!r}: {column!r}, …}}, […]): at a wave that is left out everyone "
            "who has a row was interviewed."
        )
    named = [(wave, status.column_at(wave)) for wave in waves]
    return [(wave, name) for wave, name in named if name is not None]


def _weights(design: AnyDesign, waves: Sequence[str]) -> dict[str, str]:
    """Name the weight of every wave."""
    weight = design.weight
    named = {wave: weight.get(wave) if isinstance(weight, Mapping) else weight for wave in waves}
    if absent := [wave for wave, column in named.items() if column is None]:
        raise DesignError(
            "interviewed='weight' takes those with a positive weight at a wave for interviewed, "
            f"and no weight is declared for {listing(absent)}. Name it in design=, or name the "
            "column that says who was interviewed: op.Status('status', [1])."
        )
    return {wave: column for wave, column in named.items() if column is not None}


def _silent(rows: Rows, items: Mapping[str, Item]) -> _Marked:
    """Mark the rows that are no interviews by an item."""
    found = _Marked()
    for name, item in items.items():
        if not item.no_interview:
            continue
        values = rows.values(list(_columns_of(item, rows.headers)), f"item {name!r}")
        by_wave: dict[str, list[ItemColumn]] = {}
        for column in read_silence(item, name, values):
            by_wave.setdefault(column.wave, []).append(column)
        for wave, columns in by_wave.items():
            blank = columns[0].meanings.get(None) == NOT_INTERVIEWED
            said = [(column, column.states == NOT_INTERVIEWED) for column in columns]
            empty = [(column, column.states == BLANK) for column in columns] if blank else []
            if any(chosen.any() for _, chosen in (*said, *empty)):
                marks = [
                    [rows.marked(values[wave, one.name][0], one, chosen) for one, chosen in part]
                    for part in (said, empty)
                ]
                # Blanks mean it where no column has anything.
                every = [reduce(and_, marks[1])] if blank else []
                found.add(wave, reduce(or_, [*marks[0], *every]), f"item {name!r}")
    return found


def _check_silent(rows: Rows, items: Mapping[str, Item], why: Mapping[str, Sequence[str]]) -> None:
    """Refuse answers in rows that are no interviews by an item."""
    for name, item in items.items():
        columns = list(_columns_of(item, why))
        values = rows.values(columns, f"item {name!r}")
        check_silence(item, name, values, {wave: listing_of(why[wave]) for wave in why})


def _columns_of(item: Item, waves: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """List the columns of an item, each with its wave."""
    for wave in waves:
        for column in item.columns_at(wave):
            yield wave, column
