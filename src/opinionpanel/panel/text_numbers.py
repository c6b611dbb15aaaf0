"""Texts of Arrow arrays, numbered as they first appear, without a Python object for any."""

from typing import Any

import numpy as np
import numpy.typing as npt

from opinionpanel.arrays import Integers
from opinionpanel.engines import SPACE
from opinionpanel.panel.key_index import HALF, MIXES, PIECE, KeyIndex, Numbers, Words, mixed

# Bytes of a word, and texts up to which the two words of a key hold all bytes and the length.
WORD, WHOLE = 8, 15
# What leaves so many bytes of a word.
MASKS: Words = np.array([(1 << 8 * left) - 1 for left in range(WORD + 1)], dtype=np.uint64)
BITS_OF_BYTE, LENGTH_AT = np.uint64(8), np.uint64(56)
# The length in the key of a text that is hashed; no shorter one has it.
HASHED = np.uint64(0xFF)
Bytes = npt.NDArray[np.uint8]

# Bytes that a text may begin or end with if a space stands there.
FIRST_OF_SPACE, LAST_OF_SPACE = (np.zeros(256, dtype=bool) for _ in range(2))
FIRST_OF_SPACE[[one.encode()[0] for one in SPACE]] = True
LAST_OF_SPACE[[one.encode()[-1] for one in SPACE]] = True


class TextNumbers:
    """Number texts as they first appear; see `trimmed` for the space around them.

    Texts of up to 15 bytes are compared as they are. Of longer ones 120 bits of two hashes are:
    of a hundred million texts two would be taken for one once in 10**20 files.

    Parameters
    ----------
    capacity : int
        How many different texts to expect. More may come.

    Examples
    --------
    >>> import pyarrow as pa
    >>> numbers = TextNumbers()
    >>> numbers.number(pa.array(["b", "a", "b"])).tolist()
    [0, 1, 0]
    >>> numbers.number(pa.array(["c", "a"])).tolist()
    [2, 1]
    >>> numbers.texts.to_pylist()
    ['b', 'a', 'c']
    """

    def __init__(self, capacity: int = 0) -> None:
        self._index = KeyIndex(2, capacity)
        self._texts: list[Any] = []

    def __len__(self) -> int:
        return len(self._index)

    @property
    def texts(self) -> Any:
        """The different texts in the order of their numbers, as a chunked array of Arrow."""
        import pyarrow as pa

        return pa.chunked_array(self._texts, pa.large_string())

    def number(self, texts: Any) -> Numbers:
        """Return the number of every text of an Arrow array that has no nulls."""
        import pyarrow as pa

        if not pa.types.is_string(texts.type):
            texts = texts.cast(pa.large_string())
        pieces = [self._number_piece(texts[at : at + PIECE]) for at in range(0, len(texts), PIECE)]
        return np.concatenate([np.empty(0, dtype=np.int32), *pieces])

    def _number_piece(self, texts: Any) -> Numbers:
        import pyarrow as pa

        numbers, firsts = self._index.number(_keys(*_bytes(texts)))
        if len(firsts):
            self._texts.append(texts.take(pa.array(firsts)).cast(pa.large_string()))
        return numbers


def trimmed(texts: Any) -> Any:
    """Take space off the ends of the texts of an Arrow array."""
    import pyarrow.compute as pc

    # Hardly a text has any, and taking it off is slow.
    return pc.utf8_trim(texts, characters=SPACE) if _may_have_space(*_bytes(texts)) else texts


def _bytes(texts: Any) -> tuple[Bytes, Integers]:
    """Give the bytes of texts, and where each ends after the 0 of the first's beginning.

    A word more stands behind, so that words may be read at any byte.
    """
    import pyarrow as pa

    _, places, data = texts.buffers()
    size = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    ends = np.frombuffer(places, dtype=size)[texts.offset : texts.offset + len(texts) + 1]
    raw = np.zeros(int(ends[-1] - ends[0]) + WORD, dtype=np.uint8)
    if data is not None:
        raw[:-WORD] = np.frombuffer(data, dtype=np.uint8)[ends[0] : ends[-1]]
    return raw, (ends - ends[0]).astype(np.int64, copy=False)


def _may_have_space(raw: Bytes, ends: Integers) -> bool:
    """Tell whether a text may begin or end with a space."""
    # An empty one shows a byte of another, which does no harm.
    return bool(FIRST_OF_SPACE[raw[ends[:-1]]].any() or LAST_OF_SPACE[raw[ends[1:] - 1]].any())


def hashed(texts: Any) -> Words:
    """Give a word for each text of an Arrow array; different ones hardly ever share one."""
    return mixed(_keys(*_bytes(texts)))


def _keys(raw: Bytes, ends: Integers) -> Words:
    """Give the two words that stand for each text."""
    starts, lengths = ends[:-1], np.diff(ends)
    keys = np.empty((len(starts), 2), dtype=np.uint64)
    keys[:, 0] = _words(raw, starts, lengths)
    short = np.minimum(lengths, WORD)
    keys[:, 1] = _words(raw, starts + short, lengths - short)
    keys[:, 1] |= lengths.view(np.uint64) << LENGTH_AT
    long = np.flatnonzero(lengths > WHOLE)
    if len(long):
        first, second = hashes(raw, starts[long], lengths[long])
        keys[long, 0] = first
        keys[long, 1] = (second >> BITS_OF_BYTE) | (HASHED << LENGTH_AT)
    return keys


def hashes(raw: Bytes, starts: Integers, lengths: Integers) -> tuple[Words, Words]:
    """Mix all bytes of each text in two ways."""
    first = lengths.view(np.uint64) * MIXES[0]
    second = lengths.view(np.uint64) * MIXES[1]
    shortest = lengths.min()
    for at in range(0, int(lengths.max()), WORD):
        rows = slice(None) if at < shortest else np.flatnonzero(lengths > at)
        word = _words(raw, starts[rows] + at, lengths[rows] - at)
        one, other = (first[rows] ^ word) * MIXES[0], (second[rows] + word) * MIXES[1]
        first[rows] = one ^ (one >> HALF)
        second[rows] = other ^ (other >> np.uint64(29))
    return first, second


def _words(raw: Bytes, starts: Integers, lengths: Integers) -> Words:
    """Give the next eight bytes of texts as numbers, zeros after the end."""
    at_any_byte: Words = np.ndarray(len(raw) - WORD + 1, np.uint64, raw, strides=(1,))
    return at_any_byte[starts] & MASKS[np.minimum(lengths, WORD)]
