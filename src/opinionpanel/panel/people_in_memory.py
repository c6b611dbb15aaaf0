"""Linked people whose waves are frames in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.design import Design, Sampling, read_sampling
from opinionpanel.engines import LEAST, NONE, PersonColumn
from opinionpanel.errors import ReadError
from opinionpanel.panel.declared import Declared
from opinionpanel.panel.linking import Linked, link_waves
from opinionpanel.questions import (
    Answers,
    Group,
    Grouping,
    Item,
    code_values,
    read_answers,
)
from opinionpanel.waves import Rows, Wave, WaveLike, Written, as_wave


@dataclass(frozen=True, eq=False)
class PeopleInMemory:
    """People of waves in memory; see `opinionpanel.panel.assembly.LinkedPeople`.

    Attributes
    ----------
    headers : dict of str to Wave
    rows : dict of str to numpy.ndarray of int, or slice
        Wave to the person of each of its rows.
    present : numpy.ndarray of bool, shape (waves, people)
    numbered, notes
        As in `Linked`.
    """

    headers: Mapping[str, Wave]
    rows: Rows
    present: Booleans
    numbered: Sequence[str] = ()
    notes: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """How many people there are."""
        return int(self.present.shape[1])

    @property
    def everyone(self) -> Booleans:
        """Say of everyone that they count."""
        return np.ones(self.number, dtype=bool)

    def answers(self, name: str, item: Item) -> Answers:
        """Read the states of an item."""
        return read_answers(item, name, self.headers, self.rows, self.present)

    def group(self, name: str, grouping: Grouping, purpose: str) -> tuple[Group, PersonColumn]:
        """Read a group; also tell whose valid values differ between waves."""
        coded = code_values(self.headers, name, purpose=purpose, labelled=True, grouping=grouping)
        by_wave = coded.spread(self.rows, self.number)
        chosen = coded.chosen(by_wave)
        return coded.group(by_wave, chosen), coded.changed(by_wave, chosen)

    def numbers(self, wave: str, column: str, purpose: str) -> Floats:
        """Read a column of numbers, `NONE` for who has none."""
        record = self.headers[wave]
        found = record.valid(column, wave, purpose=purpose)
        where = f"Wave {wave!r} ({record.where}), weight column {column!r}"
        if found.dtype == np.float64:
            numbers = found.to_numpy()
        else:
            numbers = _as_floats(found, where, record.written.get(column))
        # The least of all finds blanks in one pass.
        if not numbers.min(initial=np.inf) >= LEAST:
            numbers = np.where(np.isnan(numbers), NONE, np.maximum(numbers, LEAST))
        rows = self.rows[wave]
        if isinstance(rows, slice):
            return numbers
        by_person = np.full(self.number, NONE)
        by_person[rows] = numbers
        return by_person

    def sampling(self, design: Design, in_design: PersonColumn) -> tuple[Sampling, tuple[str, ...]]:
        """Read strata, PSUs and populations; also what to note."""
        return read_sampling(design, self.headers, self.rows, in_design)


def link_in_memory(waves: Mapping[str, WaveLike], declared: Declared) -> PeopleInMemory:
    """Take frames in memory, and find the same people in them."""
    records = {name: as_wave(name, wave) for name, wave in waves.items()}
    linked = link_waves(records, declared.person, duplicates=declared.duplicates)
    return PeopleInMemory(
        linked.waves, _in_order(linked), linked.present, linked.numbered, linked.notes
    )


def _in_order(linked: Linked) -> Rows:
    """Take rows that are the people in order as a slice, which is copied many times faster."""
    everyone = np.arange(linked.people)
    # Waves in the same order share one array.
    ordered = {
        id(row): np.array_equal(row, everyone)
        for row in {id(row): row for row in linked.rows.values()}.values()
    }
    return {name: slice(None) if ordered[id(row)] else row for name, row in linked.rows.items()}


# What pandas would take for numbers all the same.
_NO_NUMBERS = (bytes, pd.Period, timedelta, np.timedelta64)


def _as_floats(column: pd.Series, where: str, written: Written | None = None) -> Floats:
    """Read numbers; those of a text file, where they stayed text, with their decimal mark."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        raise ReadError(f"{where}: the values are dates. Name a numeric column.")
    if isinstance(column.dtype, pd.PeriodDtype) or column.dtype.kind == "m":
        raise ReadError(f"{where}: the values are times. Name a numeric column.")
    if column.dtype == object and column.map(lambda value: isinstance(value, _NO_NUMBERS)).any():
        raise ReadError(f"{where}: some values are bytes or times. Name a numeric column.")
    if not pd.api.types.is_numeric_dtype(column.dtype):
        # A blank text is a blank.
        column = column.mask(column.astype(str).str.strip() == "")
    if written is not None and not written.mark and written.why:
        raise ReadError(f"{where}: the values are no numbers. {written.sentence}")
    if written is not None and written.mark == ",":
        column = column.map(lambda one: one.replace(",", ".") if isinstance(one, str) else one)
    weight = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    texts = int((np.isnan(weight) & column.notna().to_numpy()).sum())
    if texts:
        raise ReadError(f"{where}: {texts} value(s) are not numbers. Name a numeric column.")
    return weight
