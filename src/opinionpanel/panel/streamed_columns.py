"""Columns of rows that come in batches: kept by wave and person, values as small numbers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Array, Booleans, Floats, Integers, WholeNumbers
from opinionpanel.engines import LEAST, NONE
from opinionpanel.panel.numeric_columns import read_numbers, texts_error
from opinionpanel.waves import Wave, Written, arrow_frame, missing_ranges

# Whole numbers within such a span are looked up in a table; others are hashed.
MOST_SPAN = 1 << 16
# Rooms for people are made by half as many more.
GROWTH = 1.5
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
        self._low, self._table = 0, np.zeros(0, dtype=np.int64)

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
            self._low, self._table = low, np.zeros(high - low + 1, dtype=np.int64)
            for key, number in self._numbers.items():
                if isinstance(key, int) and low <= key <= high:
                    self._table[key - low] = number
        places = np.subtract(values, self._low, dtype=np.int64)
        found = self._table[places]
        if not found.min():
            for place in np.unique(places[found == 0]).tolist():
                self._table[place] = self._number(place + self._low)
            found = self._table[places]
        return found


class ByPerson:
    """Something of everyone at each of some waves, in an array for each wave.

    Parameters
    ----------
    waves : iterable of int
        The places of the waves.
    dtype : numpy.dtype
    none : number
        What stands for those without a row.
    room : int
        For how many people there is room at first.
    """

    def __init__(self, waves: Iterable[int], dtype: Any, none: float, room: int) -> None:
        self._none = none
        self._by_wave = {wave: self._empty(room, np.dtype(dtype)) for wave in waves}

    def _empty(self, room: int, dtype: np.dtype[Any]) -> Array:
        # Pages of zeros take no memory before they are written to.
        return np.full(room, self._none, dtype) if self._none else np.zeros(room, dtype)

    @property
    def size(self) -> int:
        """How many bytes everyone takes."""
        return sum(held.itemsize for held in self._by_wave.values())

    def make_room(self, people: int) -> None:
        """Make room for more people."""
        for wave, held in self._by_wave.items():
            grown = self._empty(people, held.dtype)
            grown[: len(held)] = held
            self._by_wave[wave] = grown

    def widen(self, dtype: np.dtype[Any]) -> None:
        """Hold larger numbers."""
        for wave, held in self._by_wave.items():
            if held.dtype.itemsize < dtype.itemsize:
                self._by_wave[wave] = held.astype(dtype)

    def put(self, wave: int, people: WholeNumbers, values: Array | bool) -> None:
        """Keep the values of some people at a wave."""
        self._by_wave[wave][people] = values

    def end(self, people: int) -> None:
        """Leave out the room that nobody needed."""
        self._by_wave = {wave: held[:people] for wave, held in self._by_wave.items()}

    def take_out(self, wave: int, people: WholeNumbers) -> None:
        """Forget what some people said at a wave."""
        if wave in self._by_wave:
            held = self._by_wave[wave]
            held[people] = np.nan if held.dtype.kind == "f" else self._none

    def only(self, kept: Array) -> None:
        """Keep some of the people."""
        self._by_wave = {wave: held[kept] for wave, held in self._by_wave.items()}

    def at(self, wave: int) -> Array:
        """Return what is held of a wave."""
        return self._by_wave[wave]

    def forget(self, wave: int) -> None:
        """Let go what is held of a wave."""
        self._by_wave.pop(wave, None)

    @property
    def waves(self) -> Mapping[int, Array]:
        """What is held of every wave."""
        return self._by_wave


@dataclass(frozen=True, eq=False)
class Sorted:
    """The rows of a batch, sorted by their waves.

    Attributes
    ----------
    order : numpy.ndarray of int, or slice
    ends : list of (int, slice)
        The place of each wave, and where its rows then stand.
    people : numpy.ndarray of int
        The person of every row of the batch.
    """

    order: Integers | slice
    ends: list[tuple[int, slice]]
    people: WholeNumbers

    def waves(self, held: ByPerson) -> Iterator[tuple[int, WholeNumbers, Any]]:
        """Give the place of each wave that is held, with its people, and which rows they are."""
        for place, at in self.ends:
            if place in held.waves:
                rows = at if isinstance(self.order, slice) else self.order[at]
                yield place, self.people[rows], rows


class ValueColumn:
    """A column of answers, groups, strata or PSUs: the number of everyone's value.

    Attributes
    ----------
    values : Values
    held : ByPerson
    """

    def __init__(self, type: Any, waves: Iterable[int], room: int) -> None:
        self.values = Values(type)
        self.held = ByPerson(waves, np.uint8, 0, room)
        self._most = 255

    def fill(self, column: Any, batch: Sorted) -> None:
        """Keep the values of a batch."""
        found = self.values.numbers(column)
        if len(self.values) > self._most:
            dtype = np.min_scalar_type(len(self.values))
            self._most = int(np.iinfo(dtype).max)
            self.held.widen(dtype)
        for place, people, at in batch.waves(self.held):
            self.held.put(place, people, found[at])

    def counted(self, wave: int) -> Integers:
        """Count the people by the number of their value at a wave; first those without a row."""
        held = self.held.at(wave)
        counts = np.zeros(len(self.values) + 1, dtype=np.int64)
        for start in range(0, len(held), ROOM):
            counts += np.bincount(held[start : start + ROOM], minlength=len(counts))
        return counts


# So many people at a time are counted: numpy brings them to larger numbers first.
ROOM = 1 << 18


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
        self.held = ByPerson(where, np.float64, 0.0, room)
        self._where, self._written = where, record.written.get(name, Written())
        self._missing = missing_ranges(record.missing.get(name, ()))
        # By the place of the wave, how many values are no numbers.
        self._texts = dict.fromkeys(where, 0)

    def fill(self, column: Any, batch: Sorted) -> None:
        """Keep the numbers of a batch."""
        numbers, none = self.read(column)
        for place, people, at in batch.waves(self.held):
            self.held.put(place, people, numbers[at])
            if none is not None:
                self._texts[place] += int(np.count_nonzero(none[at]))

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
        held: Floats = self.held.at(place)
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
