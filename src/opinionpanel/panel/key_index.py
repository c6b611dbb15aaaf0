"""Keys of one or two 64-bit words, numbered as they first appear: a hash table of whole arrays."""

import numpy as np
import numpy.typing as npt

from opinionpanel.arrays import Booleans, Places

Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int32]

# Temporary arrays of so many rows stay in the processor's cache.
PIECE = 1 << 16
LEAST_SLOTS = 1 << 10
HALF = np.uint64(32)
# Odd numbers without a pattern in their bits.
MIXES = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC4CEB9FE1A85EC53))


class KeyIndex:
    """Number keys as they first appear; a key is a row of 64-bit words, compared in full.

    The words stand by number, and the slots of the table hold numbers. About half of the slots
    are free, so most keys are found at the first look, and the next slot is looked at otherwise.

    Parameters
    ----------
    words : int
        How many words a key has.
    capacity : int
        How many different keys to expect. More may come.
    """

    def __init__(self, words: int, capacity: int = 0) -> None:
        self._size = 0
        self._keys: Words = np.empty((capacity + PIECE, words), dtype=np.uint64)
        self._slots: Numbers = np.full(LEAST_SLOTS, -1, dtype=np.int32)
        self._make_room(capacity)

    def __len__(self) -> int:
        return self._size

    def keys(self) -> Words:
        """Give the different keys in the order of their numbers, as a copy."""
        # The array itself moves when it grows.
        return self._keys[: self._size].copy()

    def number(self, keys: Words) -> tuple[Numbers, Places]:
        """Give the number of every key, and the rows in which new ones first stand, in order."""
        numbers = np.empty(len(keys), dtype=np.int32)
        firsts = [np.empty(0, dtype=np.intp)]
        for start in range(0, len(keys), PIECE):
            piece = slice(start, start + PIECE)
            firsts.append(start + self._number_piece(keys[piece], numbers[piece]))
        return numbers, np.concatenate(firsts)

    def _number_piece(self, keys: Words, numbers: Numbers) -> Places:
        """Fill in the numbers of some keys; give the rows in which new ones first stand."""
        self._make_room(len(keys))
        known, end = self._size, self._size + len(keys)
        # Until all are found a new key is numbered by its row, to be compared as the others are.
        self._keys[known:end] = keys
        by_row = np.arange(known, end, dtype=np.int32)
        slots = self._first_slots(keys)
        rows, at, left = np.arange(len(keys)), slots, keys
        while len(rows):
            found = self._slots.take(at)
            free = np.flatnonzero(found < 0)[::-1]
            if len(free):
                # Backwards, so that of several rows the first has the slot: the last that writes.
                self._slots[at[free]] = by_row[rows[free]]
                found[free] = self._slots.take(at[free])
            numbers[rows], slots[rows] = found, at
            other = np.flatnonzero(~_same(self._keys.take(found, axis=0), left))
            rows, left = rows[other], left[other]
            at = (at[other] + 1) & (len(self._slots) - 1)
        firsts = np.flatnonzero(numbers == by_row)
        if len(firsts):
            new = by_row[: len(firsts)]
            self._keys[new] = keys[firsts]
            self._slots[slots[firsts]] = new
            self._size += len(firsts)
            final = np.empty_like(by_row)
            final[firsts] = new
            fresh = np.flatnonzero(numbers >= known)
            numbers[fresh] = final[numbers[fresh] - known]
        return firsts

    def _make_room(self, more: int) -> None:
        """Take more memory where some more keys might not find a place."""
        needed = self._size + more
        if needed > len(self._keys):
            self._keys.resize((needed + needed // 8, self._keys.shape[1]), refcheck=False)
        if 2 * needed > len(self._slots):
            # A power of two, as the slot after the last is the first.
            self._slots = np.full(1 << (2 * needed - 1).bit_length(), -1, dtype=np.int32)
            for start in range(0, self._size, PIECE):
                self._fill(np.arange(start, min(start + PIECE, self._size), dtype=np.int32))

    def _fill(self, numbers: Numbers) -> None:
        """Find slots for keys that are known, and differ."""
        at = self._first_slots(self._keys[numbers])
        while len(numbers):
            free = self._slots.take(at) < 0
            self._slots[at[free]] = numbers[free]
            other = np.flatnonzero(self._slots.take(at) != numbers)
            numbers, at = numbers[other], (at[other] + 1) & (len(self._slots) - 1)

    def _first_slots(self, keys: Words) -> Places:
        """Give the slots in which keys are looked for first."""
        # The high bits depend on all others.
        bits = len(self._slots).bit_length() - 1
        return (mixed(keys) >> np.uint64(64 - bits)).view(np.intp)


def mixed(keys: Words) -> Words:
    """Mix the words of each key into one."""
    one = keys[:, 0] * MIXES[0]
    for word in range(1, keys.shape[1]):
        one = (one ^ (one >> HALF) ^ keys[:, word]) * MIXES[1]
    return (one ^ (one >> HALF)) * MIXES[0]


def _same(some: Words, others: Words) -> Booleans:
    """Tell which keys are equal."""
    equal: Booleans = some[:, 0] == others[:, 0]
    for word in range(1, some.shape[1]):
        equal &= some[:, word] == others[:, word]
    return equal
