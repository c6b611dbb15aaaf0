"""Answers and groups on an engine: the values that occur are coded here, those of people there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.engines import nw
from opinionpanel.panel.gathered_rows import Variable, mapped, shared
from opinionpanel.panel.rows_on_engine import TIMES, Columns, EngineRows, Values
from opinionpanel.questions import (
    BLANK,
    NO_ANSWER,
    NOT_ASKED,
    NOT_INTERVIEWED,
    AnyQuestion,
    Grouping,
    ItemColumn,
    Questions,
    code_answers,
    code_values,
    group_columns,
)
from opinionpanel.waves import Wave

Occurring = Mapping[Columns, Values]


@dataclass(frozen=True, eq=False)
class Coding:
    """An item or a group whose values are coded.

    Attributes
    ----------
    variable : Variable
        The code of each row.
    coded : Coded or CodedValues
        What was found among the values that occur.
    """

    variable: Variable
    coded: Any


def asked_columns(headers: Mapping[str, Wave], items: Questions) -> dict[str, list[Columns]]:
    """List the columns of items by wave, refusing those that do not exist."""
    asked: dict[str, list[Columns]] = {wave: [] for wave in headers}
    for name, item in items.items():
        for wave, record in headers.items():
            columns = item.columns_at(wave)
            for column in columns:
                record.column(column, wave, purpose=f"{item.kind} {name!r}")
            if columns:
                asked[wave].append(columns)
    return asked


def code_item(
    item: AnyQuestion, name: str, place: int, source: EngineRows, occurring: Occurring
) -> Coding:
    """Check the codes of an item, and say what the engine puts in their place."""
    waves, times = {}, {}
    for wave, header in source.headers.items():
        columns = item.columns_at(wave)
        found = occurring[columns][wave] if columns else pd.DataFrame({TIMES: []})
        waves[wave] = small_wave(header, found.drop(columns=TIMES))
        times[wave] = found[TIMES].to_numpy(dtype=np.int64)
    coded = code_answers(item, name, waves, times)
    places = {}
    for wave, record in source.waves.items():
        here = coded.columns.get(wave, ())
        same = (id(record), item.columns_at(wave), _blank(here))
        places[wave] = same, _states(here, waves[wave])
    known = shared(places)
    size = nw.Int8() if coded.values is None else nw.Int32()
    made: dict[int, nw.Expr] = {}
    for wave in source.waves:
        if id(known[wave]) not in made:
            here = coded.columns.get(wave, ())
            several = item.takes_several
            made[id(known[wave])] = _state(source, wave, here, known[wave], size, several=several)
    values = {wave: made[id(known[wave])] for wave in source.waves}
    dropped = {wave: NO_ANSWER if wave in coded.states else NOT_ASKED for wave in source.waves}
    variable = Variable(f"item{place}", values, size, NOT_INTERVIEWED, dropped)
    return Coding(variable, coded)


def _blank(columns: Sequence[ItemColumn]) -> int:
    """Say what a blank means."""
    return columns[0].meanings.get(None, NO_ANSWER) if columns else NOT_ASKED


def _states(columns: Sequence[ItemColumn], wave: Wave) -> dict[Any, int]:
    """Say which state each value of each column means."""
    return {
        (column.name, value): code
        for column in columns
        for value, code in zip(
            wave.frame[column.name].tolist(), column.states.tolist(), strict=True
        )
        if value is not None
    }


def _state(
    source: EngineRows,
    wave: str,
    columns: Sequence[ItemColumn],
    known: Mapping[Any, int],
    size: Any,
    *,
    several: bool,
) -> nw.Expr:
    """Take the state of each row, as it is done in memory."""
    blank = _blank(columns)
    codes = [
        _mapped(
            source,
            wave,
            column.name,
            known,
            blank=BLANK if columns[1:] else blank,
            other=NO_ANSWER,
            size=size,
        )
        for column in columns
    ]
    if not codes:
        return nw.lit(NOT_ASKED, size)
    state = codes[0]
    for code in codes[1:]:
        greatest = nw.when(state >= code).then(state).otherwise(code)
        if several:
            least = nw.when(state >= code).then(code).otherwise(state)
            both = (state >= 0) & (code >= 0)
            greatest = nw.when(both).then(least).otherwise(greatest)
        state = greatest
    if len(codes) > 1:
        state = nw.when(state == BLANK).then(nw.lit(blank, size)).otherwise(state)
    return state


def _mapped(
    source: EngineRows,
    wave: str,
    column: str,
    known: Mapping[Any, int],
    *,
    blank: int,
    other: int,
    size: Any,
) -> nw.Expr:
    record = source.waves[wave]
    places = {value: place for (name, value), place in known.items() if name == column}
    values, kind = record.values(column, wave), record.kind(column, wave)
    return mapped(values, kind, places, blank=blank, other=other, size=size)


def code_group(
    name: str,
    label: str,
    purpose: str,
    grouping: Grouping,
    source: EngineRows,
    occurring: Occurring,
) -> Coding:
    """Name the categories of a group, and say what the engine puts in the place of values."""
    headers = source.headers
    columns = group_columns(headers, name, purpose, grouping)
    waves, times = {}, {}
    for wave, header in headers.items():
        found = occurring[(columns[wave],)][wave] if wave in columns else pd.DataFrame({TIMES: []})
        waves[wave] = small_wave(header, found.drop(columns=TIMES))
        times[wave] = found[TIMES].to_numpy(dtype=np.int64)
    coded = code_values(waves, name, purpose=purpose, labelled=True, grouping=grouping, times=times)
    places, blanks = {}, {}
    for wave, column in columns.items():
        pairs = list(
            zip(waves[wave].frame[column].tolist(), coded.codes[wave].tolist(), strict=True)
        )
        known = {(column, value): code for value, code in pairs if value is not None}
        # A state may take people who said nothing.
        blanks[wave] = next((code for value, code in pairs if value is None), -1)
        places[wave] = (id(source.waves[wave]), column, blanks[wave]), known
    made: dict[int, nw.Expr] = {}
    by_wave = shared(places)
    for wave, known in by_wave.items():
        if id(known) not in made:
            made[id(known)] = _mapped(
                source, wave, columns[wave], known, blank=blanks[wave], other=-1, size=nw.Int32()
            )
    values = {wave: made[id(known)] for wave, known in by_wave.items()}
    return Coding(Variable(label, values, nw.Int32(), -1, {}), coded)


def small_wave(header: Wave, values: pd.DataFrame) -> Wave:
    """Make a wave of the values that occur, with what its file says about them."""
    frame = values.copy()
    for column in frame:
        known = header.frame[column].dtype
        if isinstance(known, pd.CategoricalDtype):
            # The order of the categories counts.
            frame[column] = frame[column].astype(known)
    return replace(header, frame=frame)
