"""Linked people whose waves are frames in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.design import Design, Sampling, read_sampling
from opinionpanel.engines import NONE, PersonColumn
from opinionpanel.panel.declared import Declared
from opinionpanel.panel.interviewed import RowsInMemory, interviews
from opinionpanel.panel.linking import Linked, link_waves
from opinionpanel.panel.numeric_columns import numbers_in_memory
from opinionpanel.panel.other_people import stacked
from opinionpanel.questions import (
    Answers,
    AnyQuestion,
    Group,
    Grouping,
    code_values,
    read_answers,
)
from opinionpanel.waves import Rows, Wave, WaveLike, as_wave


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
    independent : bool
        Every wave asked other people.
    """

    headers: Mapping[str, Wave]
    rows: Rows
    present: Booleans
    numbered: Sequence[str] = ()
    notes: tuple[str, ...] = ()
    independent: bool = False

    @property
    def held(self) -> str:
        """Say nothing: their frames were in memory."""
        return ""

    @property
    def number(self) -> int:
        """How many people there are."""
        return int(self.present.shape[1])

    @property
    def everyone(self) -> Booleans:
        """Say of everyone that they count."""
        return np.ones(self.number, dtype=bool)

    def answers(self, name: str, item: AnyQuestion) -> Answers:
        """Read the states of an item, or the numbers of a score."""
        return read_answers(item, name, self.headers, self.rows, self.present)

    def group(self, name: str, grouping: Grouping, purpose: str) -> tuple[Group, PersonColumn]:
        """Read a group; also tell whose valid values differ between waves."""
        coded = code_values(self.headers, name, purpose=purpose, labelled=True, grouping=grouping)
        by_wave = coded.spread(self.rows, self.number)
        chosen = coded.chosen(by_wave)
        return coded.group(by_wave, chosen), coded.changed(by_wave, chosen)

    def numbers(self, wave: str, column: str, purpose: str) -> Floats:
        """Read a column of numbers, `NONE` for who has none."""
        numbers = numbers_in_memory(self.headers[wave], wave, column, purpose)
        rows = self.rows[wave]
        if isinstance(rows, slice):
            # They may be those of a frame, which its owner may change.
            return numbers.copy()
        by_person = np.full(self.number, NONE)
        by_person[rows] = numbers
        return by_person

    def sampling(self, design: Design, in_design: PersonColumn) -> tuple[Sampling, tuple[str, ...]]:
        """Read strata, PSUs and populations; also what to note."""
        sample = self.present.argmax(axis=0) if self.independent else None
        return read_sampling(design, self.headers, self.rows, in_design, sample=sample)


def link_in_memory(waves: Mapping[str, WaveLike], declared: Declared) -> PeopleInMemory:
    """Take frames in memory, and find the same people in them."""
    records = {name: as_wave(name, wave) for name, wave in waves.items()}
    rows, notes = interviews(
        RowsInMemory(records), declared.interviewed, declared.items, declared.design
    )
    if declared.person is None:
        apart = stacked(rows.headers)
        return PeopleInMemory(apart.waves, apart.rows, apart.present, notes=notes, independent=True)
    linked = link_waves(
        rows.headers, declared.person, duplicates=declared.duplicates, no_id=declared.no_id
    )
    notes += linked.notes
    return PeopleInMemory(linked.waves, _in_order(linked), linked.present, linked.numbered, notes)


def _in_order(linked: Linked) -> Rows:
    """Take rows that are the people in order as a slice, which is copied many times faster."""
    everyone = np.arange(linked.people)
    # Waves in the same order share one array.
    ordered = {
        id(row): np.array_equal(row, everyone)
        for row in {id(row): row for row in linked.rows.values()}.values()
    }
    return {name: slice(None) if ordered[id(row)] else row for name, row in linked.rows.items()}
