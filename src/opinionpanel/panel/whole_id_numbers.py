"""Whole numbers that are ids, numbered as they first appear."""

import numpy as np

from opinionpanel.arrays import Integers, WholeNumbers
from opinionpanel.errors import LinkError
from opinionpanel.panel.key_index import KeyIndex, Numbers, Words

# A table by id has at most so many places for each person, and no more than this in all: a GiB.
PLACES, MOST_PLACES = 8, 1 << 28
LEAST_PEOPLE = 1 << 16
SMALLEST, LARGEST = np.iinfo(np.int64).min, np.iinfo(np.int64).max


class WholeIdNumbers:
    """Number whole numbers as they first appear.

    A table by id holds the numbers while the ids lie close together; others are looked up.

    Parameters
    ----------
    capacity : int
        How many different ids to expect. More may come.
    between : (int, int), optional
        The lowest and the highest, if known. Others may come.

    Examples
    --------
    >>> import numpy as np
    >>> numbers = WholeIdNumbers()
    >>> numbers.number(np.array([30, 7, 30])).tolist()
    [0, 1, 0]
    >>> numbers.number(np.array([-2, 7])).tolist()
    [2, 1]
    >>> numbers.ids().tolist()
    [30, 7, -2]
    """

    def __init__(self, capacity: int = 0, between: tuple[int, int] | None = None) -> None:
        self._size, self._low = 0, 0
        self._capacity = capacity
        self._table: Numbers = np.empty(0, dtype=np.int32)
        self._index: KeyIndex | None = None
        if between:
            self._reach(*between)

    def __len__(self) -> int:
        return self._size if self._index is None else len(self._index)

    def ids(self) -> Integers:
        """Give the different ids in the order of their numbers."""
        if self._index is not None:
            return self._index.keys()[:, 0].view(np.int64)
        places = np.flatnonzero(self._table >= 0)
        ids = np.empty(self._size, dtype=np.int64)
        ids[self._table[places]] = places + self._low
        return ids

    def holds(self, low: int, high: int) -> bool:
        """Tell whether any id lies between two numbers."""
        if self._index is not None:
            ids = self.ids()
            return bool(((ids >= low) & (ids <= high)).any())
        places = slice(max(low - self._low, 0), max(high + 1 - self._low, 0))
        return bool((self._table[places] >= 0).any())

    def number(self, ids: WholeNumbers) -> Numbers:
        """Return the number of every id, of any type of whole numbers.

        Raises
        ------
        LinkError
            An id beyond 64 bits with a sign.
        """
        if not len(ids):
            return np.empty(0, dtype=np.int32)
        low, high = int(ids.min()), int(ids.max())
        if high > LARGEST:
            raise LinkError("Some ids are beyond the whole numbers of 64 bits. Store them as text.")
        whole = ids.astype(np.int64, copy=False)
        if self._index is None:
            self._reach(low, high)
        if self._index is not None:
            return self._index.number(_words(whole))[0]
        places = whole - self._low
        numbers = self._table.take(places)
        unknown = np.flatnonzero(numbers < 0)
        if len(unknown):
            numbers[unknown] = self._number_new(places[unknown])
        return numbers

    def _number_new(self, places: Integers) -> Numbers:
        """Give ids that are not in the table their numbers; some may stand in several rows."""
        by_row = np.arange(len(places), dtype=np.int32)
        # Backwards, so that of several rows the first stays: the last that writes.
        self._table[places[::-1]] = by_row[::-1]
        firsts = places[self._table.take(places) == by_row]
        self._table[firsts] = by_row[: len(firsts)] + np.int32(self._size)
        self._size += len(firsts)
        return self._table.take(places)

    def _reach(self, low: int, high: int) -> None:
        """Let the table have a place for these ids, or look ids up where it would be too large."""
        size, most = len(self._table), max(self._capacity, self._size, LEAST_PEOPLE)
        least, end = (self._low, self._low + size) if size else (low, high + 1)
        if size and least <= low and high < end:
            return
        span = max(high + 1, end) - min(low, least)
        if span > min(PLACES * most, MOST_PLACES):
            self._look_up()
            return
        # Ids often rise, or fall, from row to row: the table then grows by leaps.
        leap = span // 4 if size else 0
        low = max(low - leap, SMALLEST) if low < least else least
        table = np.full(max(high + 1 + leap, end) - low, -1, dtype=np.int32)
        table[least - low :][:size] = self._table
        self._low, self._table = low, table

    def _look_up(self) -> None:
        index = KeyIndex(1, self._capacity)
        index.number(_words(self.ids()))
        self._index, self._table = index, np.empty(0, dtype=np.int32)


def _words(ids: Integers) -> Words:
    return ids.view(np.uint64)[:, None]
