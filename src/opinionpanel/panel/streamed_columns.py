"""Columns of rows that come in batches: kept by wave and person, values as small numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Array, Booleans, Floats, Integers, WholeNumbers
from opinionpanel.engines import LEAST, NONE
from opinionpanel.panel.by_person import ByPerson, Placed
from opinionpanel.panel.numeric_columns import read_numbers, texts_error
from opinionpanel.panel.steady_numbers import SteadyNumbers
from opinionpanel.waves import Wave, Written, arrow_frame, missing_ranges

# Whole numbers within such a span are looked up in a table; others are hashed.
MOST_SPAN = 1 << 16
# Sizes of words in bytes, and how many columns are packed into one: each may need two of them.
WORDS, MOST_PACKED = (1, 2, 4, 8), 4
# So many people at a time are counted: numpy brings them to larger numbers first.
ROOM = 1 << 18
NOTHING = object()


class Values:
    """The values of a column that occur, numbered from 1 on; 0 stands for no row.

    A blank is a value as well.

    Parameters
    ----------
    type : pyarrow.DataType
    """

    def __init__(self, type: Any) -> None:
        import pyarrow as pa

        self.type = type
        self._numbers: dict[object, int] = {}
        self._whole = pa.types.is_integer(type) and not pa.types.is_uint64(type)
        self._low, self._table = 0, np.zeros(0, dtype=np.uint32)

    def __len__(self) -> int:
        return len(self._numbers)

    def array(self) -> Any:
        """Return the values in the order of their numbers, as an Arrow array."""
        import pyarrow as pa

        if not pa.types.is_dictionary(self.type):
            return pa.array([None if key is NOTHING else key for key in self._numbers], self.type)
        # Categories that occur in no row are categories.
        levels = [key for key in self._numbers if key is not NOTHING]
        places = dict(zip(levels, range(len(levels)), strict=True))
        return pa.DictionaryArray.from_arrays(
            pa.array([places.get(key) for key in self._numbers], pa.int32()),
            pa.array(levels, self.type.value_type),
            ordered=self.type.ordered,
        )

    def numbers(self, column: Any) -> WholeNumbers:
        """Give the values of a batch their numbers."""
        import pyarrow as pa

        coded = pa.types.is_dictionary(column.type)
        if self._whole and not coded and not column.null_count:
            places = self._from_table(column.to_numpy())
            if places is not None:
                return places
        if not coded:
            column = column.dictionary_encode("encode")
        known = [self._number(key) for key in column.dictionary.to_pylist()]
        indices = column.indices
        if indices.null_count:
            indices = indices.fill_null(len(known))
            known.append(self._number(None))
        found: WholeNumbers = np.array(known, dtype=np.int64)[indices.to_numpy()]
        return found

    def _number(self, key: object) -> int:
        # NaN is not equal to itself.
        known = NOTHING if key is None or key != key else key
        return self._numbers.setdefault(known, len(self._numbers) + 1)

    def _from_table(self, values: Array) -> WholeNumbers | None:
        """Look whole numbers up in a table; None where they are too far apart."""
        if not len(values):
            return np.zeros(0, dtype=np.int64)
        low, high = int(values.min()), int(values.max())
        if len(self._table):
            low, high = min(low, self._low), max(high, self._low + len(self._table) - 1)
        if high - low >= MOST_SPAN:
            return None
        if (low, high - low + 1) != (self._low, len(self._table)):
            self._low, self._table = low, np.zeros(high - low + 1, dtype=np.uint32)
            for key, number in self._numbers.items():
                if isinstance(key, int) and low <= key <= high:
                    self._table[key - low] = number
        # All places are within the table; clipping spares NumPy the check.
        places = np.subtract(values, self._low, dtype=np.intp)
        found = self._table.take(places, mode="clip")
        if not found.min():
            for place in np.unique(places[found == 0]).tolist():
                self._table[place] = self._number(place + self._low)
            found = self._table.take(places, mode="clip")
        return found


class Words:
    """Columns of answers, groups, strata or PSUs, packed: what is written at once is written fast.

    Everyone has a word at each wave, in which every column has a byte, or two or four where it has
    more values.

    Parameters
    ----------
    types : dict of str to pyarrow.DataType
        At most `MOST_PACKED` columns.
    waves : sequence of int
    room : int
    """

    def __init__(self, types: Mapping[str, Any], waves: Sequence[int], room: int) -> None:
        self.values = {name: Values(type) for name, type in types.items()}
        self._sizes = dict.fromkeys(types, 1)
        self._room = room
        self.held = ByPerson(waves, self._word, room)
        # Columns with so many values that they have words of their own.
        self._apart: dict[str, Words] = {}

    @property
    def _word(self) -> np.dtype[Any]:
        total = sum(self._sizes.values())
        return np.dtype(f"<u{next(size for size in WORDS if size >= total)}")

    def _columns(self, words: Array) -> dict[str, Array]:
        """Show the columns in words; what is written to them is written there."""
        found, start = {}, 0
        # The widest first, so that each stands at a multiple of its size.
        for name, size in sorted(self._sizes.items(), key=lambda one: -one[1]):
            found[name] = words.view(f"<u{size}")[start // size :: words.itemsize // size]
            start += size
        return found

    @property
    def names(self) -> list[str]:
        """The columns."""
        return list(self.values)

    @property
    def all_held(self) -> list[ByPerson]:
        """All that is held."""
        return [self.held, *(held for one in self._apart.values() for held in one.all_held)]

    def fill(self, batch: Any, rows: Placed) -> None:
        """Keep the values of a batch."""
        numbers = {name: one.numbers(batch.column(name)) for name, one in self.values.items()}
        self._widen(rows.number)
        words = np.zeros(len(rows.people), self._word)
        for name, column in self._columns(words).items():
            column[:] = numbers[name]
        self.held.put(rows, words)
        for name, one in self._apart.items():
            one.held.put(rows, numbers[name].astype(one._word))

    def _widen(self, people: int) -> None:
        """Give more bytes to columns that by now have too many values."""
        needed = {name: _bytes(len(self.values[name])) for name in self._sizes}
        needed = {name: max(size, needed[name]) for name, size in self._sizes.items()}
        if needed == self._sizes:
            return
        waves = self.held.waves
        before = {wave: self._columns(self.held.at(wave)) for wave in waves}
        while sum(needed.values()) > WORDS[-1]:
            wide = max(needed, key=needed.__getitem__)
            self._apart[wide] = self._moved(wide, needed.pop(wide), before, people)
        self._sizes = needed
        held = ByPerson(waves, self._word, self.held.room)
        for wave in waves:
            for name, column in self._columns(held.at(wave)).items():
                column[:people] = before[wave][name][:people]
        self.held = held

    def _moved(
        self, name: str, size: int, before: Mapping[int, Mapping[str, Array]], people: int
    ) -> "Words":
        own = Words({name: self.values[name].type}, self.held.waves, self.held.room)
        own.values, own._sizes = {name: self.values[name]}, {name: size}
        own.held = ByPerson(self.held.waves, own._word, self.held.room)
        for wave, columns in before.items():
            own.held.at(wave)[:people] = columns[name][:people]
        return own

    def take_out(self, place: int, people: WholeNumbers) -> None:
        """Forget the values of some people at a wave."""
        for held in self.all_held:
            held.take_out(place, people)

    def at(self, name: str, wave: int) -> WholeNumbers:
        """Return the number of everyone's value in a column at a wave; 0 without a row."""
        if name in self._apart:
            return self._apart[name].at(name, wave)
        return np.ascontiguousarray(self._columns(self.held.at(wave))[name])


def _bytes(values: int) -> int:
    return int(np.min_scalar_type(values).itemsize)


@dataclass(frozen=True, eq=False)
class ValueColumn:
    """A column among packed ones: the number of everyone's value.

    Attributes
    ----------
    words : Words
    name : str
    """

    words: Words
    name: str

    @property
    def values(self) -> Values:
        """The values that occur."""
        return self.words.values[self.name]

    def at(self, wave: int) -> WholeNumbers:
        """Return the number of everyone's value at a wave; 0 without a row."""
        return self.words.at(self.name, wave)


def counted(numbers: WholeNumbers, most: int) -> Integers:
    """Count people by the number of their value; first those without a row."""
    counts = np.zeros(most + 1, dtype=np.int64)
    for start in range(0, len(numbers), ROOM):
        counts += np.bincount(numbers[start : start + ROOM], minlength=len(counts))
    return counts


class NumberColumn:
    """A column of weights: everyone's number.

    Parameters
    ----------
    where : dict of int to str
        For messages, by the place of the wave.
    record : Wave
        What its file says of the column.
    name : str
        The column.
    room : int
    """

    def __init__(self, where: Mapping[int, str], record: Wave, name: str, room: int) -> None:
        # One for all waves, until somebody's number differs.
        self._steady = SteadyNumbers(room) if len(where) > 1 else None
        self._held = ByPerson(list(where), np.float64, 0 if self._steady else room)
        self.names = [name]
        self._where, self._written = where, record.written.get(name, Written())
        self._missing = missing_ranges(record.missing.get(name, ()))
        # By the place of the wave, how many values are no numbers.
        self._texts = dict.fromkeys(where, 0)
        # Where it was written down already who has none.
        self._marked: set[int] = set()

    def fill(self, batch: Any, rows: Placed) -> None:
        """Keep the numbers of a batch."""
        numbers, none = self.read(batch.column(self.names[0]))
        if none is not None:
            for place, texts in enumerate(np.bincount(rows.places[none]).tolist()):
                self._texts[place] = self._texts.get(place, 0) + texts
        if self._steady is not None:
            if self._steady.keep(rows, numbers):
                return
            self._part(rows.number)
        self._held.put(rows, numbers)

    @property
    def all_held(self) -> list[ByPerson]:
        """All that is held."""
        return [self._held if self._steady is None else self._steady.held]

    def _part(self, people: int) -> None:
        """Hold a number for each wave from now on."""
        if self._steady is not None:
            self._held = self._steady.spread(self._held.waves, people)
            self._steady = None

    def take_out(self, place: int, people: WholeNumbers) -> None:
        """Forget the numbers of some people at a wave."""
        self._part(self.all_held[0].room)
        self._held.take_out(place, people)

    def read(self, column: Any) -> tuple[Floats, Booleans | None]:
        """Take the numbers of a batch, NaN for a blank; also tell which values are none."""
        import pyarrow as pa

        if _is_number(column.type):
            found: Floats = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
            for low, high in self._missing:
                if not isinstance(low, str):
                    found = np.where((found >= low) & (found <= high), np.nan, found)
            return found, None
        series = small_frame({"": column})[""]
        return read_numbers(series, next(iter(self._where.values())), self._written)

    def numbers(self, place: int, present: Booleans) -> Floats:
        """Return everyone's number at a wave, `NONE` for who has none."""
        if self._texts[place]:
            raise texts_error(self._where[place], self._texts[place])
        if self._steady is not None:
            steady: Floats = self._steady.held.at(0)
            return steady if present.all() else np.where(present, steady, NONE)
        held: Floats = self._held.at(place)
        if place in self._marked:
            return held
        self._marked.add(place)
        if not held.min(initial=np.inf) >= LEAST:
            np.maximum(held, LEAST, out=held)
            held[np.isnan(held)] = NONE
        if not present.all():
            held[~present] = NONE
        return held


def _is_number(type: Any) -> bool:
    import pyarrow as pa

    tests = (pa.types.is_floating, pa.types.is_integer, pa.types.is_decimal, pa.types.is_boolean)
    return pa.types.is_null(type) or any(is_one(type) for is_one in tests)


def small_frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Make a frame of Arrow arrays, as if they had been read into memory."""
    import pyarrow as pa

    return arrow_frame(pa.table(dict(columns)))
