"""Linked people whose rows came in batches: all that is read of them is held in memory."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import prod
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Array, Booleans, Floats, Integers, SignedIntegers, WholeNumbers
from opinionpanel.design import (
    AnyDesign,
    Design,
    ReplicateDesign,
    Resampling,
    Sampling,
    columns_text,
    moved_note,
    weight_columns,
)
from opinionpanel.engines import PersonColumn, combinations
from opinionpanel.panel.codes_on_engine import asked_columns
from opinionpanel.panel.declared import Declared
from opinionpanel.panel.sampling_on_engine import compile_table
from opinionpanel.panel.streamed_columns import NumberColumn, ValueColumn, counted, small_frame
from opinionpanel.panel.streamed_rows import StreamedRows
from opinionpanel.questions import (
    NO_ANSWER,
    NOT_ASKED,
    NOT_INTERVIEWED,
    Answers,
    AnyQuestion,
    Group,
    Grouping,
    code_answers,
    code_values,
    group_columns,
)
from opinionpanel.waves import Wave, from_table

ROLES = ("stratum", "psu", "fpc")
# Combinations of values up to which all are counted, occurring or not. Those of many columns are
# beyond all whole numbers.
MOST_COMBINATIONS = 1 << 22


@dataclass(frozen=True, eq=False)
class Needed:
    """The columns that are read of every wave.

    Attributes
    ----------
    values, numbers : set of (wave, column)
        Columns of answers, groups, strata and the like; and of weights.
    """

    values: set[tuple[str, str]]
    numbers: set[tuple[str, str]]


def needed_columns(source: StreamedRows, declared: Declared) -> Needed:
    """Find all columns of a panel but the ids; refuse those that are not there."""
    headers, values = source.headers, set[tuple[str, str]]()
    for wave, sets in asked_columns(headers, declared.items).items():
        values.update((wave, column) for columns in sets for column in columns)
    units = unit_columns(declared.design)
    roles = {(role, role): Grouping(named) for role, named in units.items()}
    for (purpose, name), one in {**declared.traits, **roles}.items():
        for wave, column in group_columns(headers, name, purpose, one).items():
            headers[wave].column(column, wave, purpose=purpose)
            values.add((wave, column))
    held = weight_columns(declared.design, headers)
    numbers = {(one.wave, name) for _, one in held for name in one.names}
    return Needed(values, numbers)


def unit_columns(design: AnyDesign) -> dict[str, Any]:
    """Name the columns of stratum, PSU and population, as far as there are."""
    if isinstance(design, ReplicateDesign):
        return {}
    declared = design.design if isinstance(design, Resampling) else design
    named = {role: getattr(declared, role) for role in ROLES}
    return {role: columns for role, columns in named.items() if columns is not None}


@dataclass(frozen=True, eq=False)
class PeopleStreamed:
    """People whose rows came in batches; see `opinionpanel.panel.assembly.LinkedPeople`.

    Attributes
    ----------
    headers : dict of str to Wave
    present : numpy.ndarray of bool, shape (waves, people)
    values, numbers_in : dict of (wave, column) to ValueColumn or NumberColumn
    numbered, notes
        As in `Linked`.
    held : str
        How much memory was taken.
    """

    headers: Mapping[str, Wave]
    present: Booleans
    values: Mapping[tuple[str, str], ValueColumn]
    numbers_in: Mapping[tuple[str, str], NumberColumn]
    numbered: Sequence[str] = ()
    notes: tuple[str, ...] = ()
    held: str = ""

    @property
    def everyone(self) -> Booleans:
        """Say of everyone that they count."""
        return np.ones(self.present.shape[1], dtype=bool)

    def _place(self, wave: str) -> int:
        return list(self.headers).index(wave)

    def occurring(self, wave: str, columns: Sequence[str]) -> "Occurring":
        """Find the values of columns that occur at a wave together, and who has them."""
        held = [self.values[wave, column] for column in columns]
        return occurring(self.headers[wave], columns, held, self._place(wave))

    def answers(self, name: str, item: AnyQuestion) -> Answers:
        """Read the states of an item, or the numbers of a score."""
        asked = {wave: item.columns_at(wave) for wave in self.headers if item.columns_at(wave)}
        found = {wave: self.occurring(wave, columns) for wave, columns in asked.items()}
        waves = {
            wave: found[wave].wave if wave in found else replace(header, frame=pd.DataFrame())
            for wave, header in self.headers.items()
        }
        times = {wave: one.times for wave, one in found.items()}
        coded = code_answers(item, name, waves, times)
        size = coded.size
        codes = np.empty(self.present.shape, dtype=size)
        for place, wave in enumerate(self.headers):
            here, silent = self.present[place], NO_ANSWER if wave in found else NOT_ASKED
            if wave not in found:
                codes[place] = np.where(here, size(NOT_ASKED), size(NOT_INTERVIEWED))
                continue
            codes[place] = found[wave].spread(coded.states[wave], NOT_INTERVIEWED)
            # Of ids in several rows all rows were dropped.
            codes[place][here & (codes[place] == NOT_INTERVIEWED)] = silent
        return Answers(codes, coded.unread, coded.notes, coded.values)

    def group(self, name: str, grouping: Grouping, purpose: str) -> tuple[Group, PersonColumn]:
        """Read a group; also tell whose valid values differ between waves."""
        columns = group_columns(self.headers, name, purpose, grouping)
        found = {wave: self.occurring(wave, [column]) for wave, column in columns.items()}
        waves = {
            wave: found[wave].wave if wave in found else header
            for wave, header in self.headers.items()
        }
        times = {wave: one.times for wave, one in found.items()}
        coded = code_values(
            waves, name, purpose=purpose, labelled=True, grouping=grouping, times=times
        )
        by_wave = np.full(self.present.shape, -1, dtype=coded.size)
        for wave in columns:
            by_wave[self._place(wave)] = found[wave].spread(
                coded.codes[wave].astype(coded.size), -1
            )
        chosen = coded.chosen(by_wave)
        return coded.group(by_wave, chosen), coded.changed(by_wave, chosen)

    def numbers(self, wave: str, column: str, purpose: str) -> Floats:
        """Read a column of numbers, `NONE` for who has none."""
        place = self._place(wave)
        return self.numbers_in[wave, column].numbers(place, self.present[place])

    def sampling(self, design: Design, in_design: PersonColumn) -> tuple[Sampling, tuple[str, ...]]:
        """Read strata, PSUs and populations; also what to note."""
        inside = np.asarray(in_design)
        known, notes = {}, []
        for role, named in unit_columns(design).items():
            known[role], moved = self._first_values(role, named)
            if moved:
                notes.append(moved_note(role, columns_text(named), moved))
        sampling, said = compile_streamed(design, known, inside)
        return sampling, (*notes, *said)

    def _first_values(self, role: str, named: Any) -> tuple["Known", int]:
        """Take the value of the first wave that has one; also count who has several."""
        found = {
            wave: self.values[wave, column]
            for wave, column in group_columns(self.headers, role, role, Grouping(named)).items()
        }
        numbers, texts = self._named(role, Grouping(named), found)
        chosen: Array | None = None
        moved = np.zeros(self.present.shape[1], dtype=bool)
        for wave, held in found.items():
            here = held.at(self._place(wave))
            if not np.array_equal(numbers[wave], np.arange(len(numbers[wave]))):
                here = from_table(numbers[wave], here)
            if chosen is None:
                chosen = here
                continue
            if np.array_equal(here, chosen):
                continue
            if chosen.dtype.itemsize < here.dtype.itemsize:
                chosen = chosen.astype(here.dtype)
            moved |= (here != chosen) & (here != 0) & (chosen != 0)
            chosen = np.where(chosen == 0, here, chosen)
        assert chosen is not None
        return Known(chosen, texts), int(np.count_nonzero(moved))

    def _named(
        self, role: str, grouping: Grouping, found: Mapping[str, ValueColumn]
    ) -> tuple[dict[str, SignedIntegers], list[str]]:
        """Give values of each wave's column the number of their unit, and name the units.

        These are numbered as they first appear: mostly, each then has the number of its value.
        """
        waves = dict(self.headers)
        for wave, held in found.items():
            frame = small_frame({held.name: held.values.array()})
            waves[wave] = replace(waves[wave], frame=frame)
        coded = code_values(waves, role, purpose=role, labelled=False, grouping=grouping)
        places = np.concatenate([coded.codes[wave] for wave in found])
        different, first = np.unique(places[places >= 0], return_index=True)
        order = different[np.argsort(first)]
        # The code -1 of none takes the extra number at the end.
        table = np.zeros(len(coded.categories) + 1, np.min_scalar_type(-max(len(order), 1)))
        table[order] = np.arange(1, len(order) + 1)
        # Who has no row has no unit either.
        numbers = {wave: np.append(table[-1:], table[coded.codes[wave]]) for wave in found}
        return numbers, [coded.categories[place] for place in order]


@dataclass(frozen=True, eq=False)
class Known:
    """One value for each person.

    Attributes
    ----------
    numbers : numpy.ndarray of int
        One more than the place in `values`; 0 for none.
    values : list
    """

    numbers: WholeNumbers
    values: list[str]


@dataclass(frozen=True, eq=False)
class Occurring:
    """The values of columns that occur together at a wave.

    Attributes
    ----------
    wave : Wave
        A row for each, with what the file says about the columns.
    times : numpy.ndarray of int
        How many people each row stands for.
    numbers : numpy.ndarray of int
        The number of each row's values, among `size`.
    people : callable
        Gives the number that everyone has, 0 for who has no row: those of all waves at a time would
        be much to hold.
    """

    wave: Wave
    times: Integers
    numbers: Integers
    size: int
    people: Callable[[], WholeNumbers]

    def spread(self, codes: Array, none: int) -> Array:
        """Give everyone the code of their values."""
        table = np.full(self.size, none, dtype=codes.dtype)
        table[self.numbers] = codes
        return from_table(table, self.people())


def occurring(
    header: Wave, columns: Sequence[str], held: Sequence[ValueColumn], place: int
) -> Occurring:
    """Find the values that occur."""
    if len(held) == 1:
        people = partial(held[0].at, place)
        counts = counted(people(), len(held[0].values))
        places = [np.flatnonzero(counts[1:])]
        numbers, times = places[0] + 1, counts[1:][places[0]]
        size = len(counts)
    else:
        together, numbers, times, places, size = _together(held, place)
        people = partial(np.asarray, together)
    found = {
        column: one.values.array().take(here)
        for column, one, here in zip(columns, held, places, strict=True)
    }
    return Occurring(replace(header, frame=small_frame(found)), times, numbers, size, people)


def _together(
    held: Sequence[ValueColumn], place: int
) -> tuple[WholeNumbers, Integers, Integers, list[Integers], int]:
    """Find the combinations of values of several columns that people have, each by a number."""
    sizes = [len(one.values) + 1 for one in held]
    people, size, values_of = _combined([one.at(place) for one in held], sizes)
    counts = np.bincount(people, minlength=size)
    numbers = np.flatnonzero(counts)
    places = [part - 1 for part in values_of(numbers)]
    # Who has a row has a value in every column, if only a blank.
    kept = places[0] >= 0
    return people, numbers[kept], counts[numbers[kept]], [part[kept] for part in places], size


def compile_streamed(
    design: Design, known: Mapping[str, Known], inside: Booleans
) -> tuple[Sampling, tuple[str, ...]]:
    """Compile strata and PSUs by a table of their combinations."""
    if not known:
        table = pd.DataFrame(index=[0])
        combined, numbers = np.zeros(len(inside), dtype=np.int64), np.zeros(1, dtype=np.int64)
        times = np.array([int(np.count_nonzero(inside))])
        size = 1
    else:
        columns = [one.numbers for one in known.values()]
        sizes = [len(one.values) + 1 for one in known.values()]
        combined, size, values_of = _combined(columns, sizes)
        counts = np.bincount(combined[inside], minlength=size)
        numbers = np.flatnonzero(counts)
        times = counts[numbers]
        table = pd.DataFrame(
            {
                role: pd.Series([None, *one.values], dtype=object).take(here).to_numpy()
                for (role, one), here in zip(known.items(), values_of(numbers), strict=True)
            }
        )
    names = {role: columns_text(columns) for role, columns in unit_columns(design).items()}
    sampling, notes = compile_table(design, names, table.rename(columns=names), times)

    def of_people(codes: Any) -> Any:
        looked_up = np.zeros(size, dtype=np.int32)
        looked_up[numbers] = codes
        return looked_up[combined]

    stratum = of_people(sampling.stratum)
    psu = None if sampling.psu is None else of_people(sampling.psu)
    return replace(sampling, stratum=stratum, psu=psu), notes


def _combined(
    columns: Sequence[WholeNumbers], sizes: Sequence[int]
) -> tuple[Integers, int, Callable[[Integers], Iterable[Integers]]]:
    """Write the values of everyone in several columns as one number.

    Also give how many numbers there are, and what tells the value in each column from numbers.
    """
    size = prod(sizes)
    if size > MOST_COMBINATIONS:
        levels, people = combinations(columns, sizes, np.ones(len(columns[0]), dtype=bool))
        return np.asarray(people), len(levels), lambda numbers: levels[numbers].T
    combined = columns[0].astype(np.int64)
    for column, factor in zip(columns[1:], sizes[1:], strict=True):
        combined *= factor
        combined += column
    return combined, size, lambda numbers: np.unravel_index(numbers, tuple(sizes))
