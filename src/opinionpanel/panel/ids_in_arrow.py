"""What is said of text ids, for millions of them that stand in Arrow's memory."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from opinionpanel.arrays import Array, Booleans, Integers, Places, SmallIntegers
from opinionpanel.engines import nw
from opinionpanel.panel.id_kinds import KINDS, MIXED, OTHER, kind
from opinionpanel.panel.ids import NO_ID, blank_words
from opinionpanel.panel.ids_on_engine import LOST, shape_of
from opinionpanel.panel.linking import complete_numbers
from opinionpanel.panel.text_numbers import TextNumbers

# By wave which ids stand there: a mask, or the number of each row's id.
Here = Mapping[str, Booleans | Places]
KIND_NAMES = (*KINDS, OTHER)
# Whole numbers of so many digits fit into 64 bits.
MOST_DIGITS = 18


def of_each(
    texts: Any, dtype: Any, of_ascii: Callable[[Any], Any], of_others: Callable[[list[str]], Any]
) -> Array:
    """Work out something of each text of a chunked array.

    Parameters
    ----------
    texts : pyarrow.ChunkedArray
    dtype : data type
        Of what is worked out.
    of_ascii : callable
        Works it out for an Arrow array of texts of ASCII, as most ids are.
    of_others : callable
        Works it out for a list of other texts, by the rule itself.
    """
    import pyarrow.compute as pc

    found = np.empty(len(texts), dtype=dtype)
    for where, chunk in pieces(texts):
        here = found[where]
        plain = np.asarray(pc.string_is_ascii(chunk))
        if plain.all():
            here[:] = of_ascii(chunk)
        else:
            here[plain] = of_ascii(chunk.filter(plain))
            here[~plain] = of_others(chunk.filter(~plain).to_pylist())
    return found


def pieces(texts: Any) -> Iterator[tuple[slice, Any]]:
    """Give the arrays of a chunked array, each with its place."""
    start = 0
    for chunk in texts.chunks:
        yield slice(start, start + len(chunk)), chunk
        start += len(chunk)


def kinds_of(texts: Any) -> SmallIntegers:
    """Tell of what each id is written: the place of `id_kinds.kind` in KIND_NAMES."""
    import pyarrow.compute as pc

    digits, letters, mixed, other = map(KIND_NAMES.index, ("digits", "letters", MIXED, OTHER))

    def of_ascii(some: Any) -> Any:
        rest = pc.if_else(pc.ascii_is_alnum(some), mixed, other)
        rest = pc.if_else(pc.ascii_is_alpha(some), letters, rest)
        return pc.if_else(pc.ascii_is_decimal(some), digits, rest)

    return of_each(
        texts, np.int8, of_ascii, lambda some: [KIND_NAMES.index(kind(text)) for text in some]
    )


def count_kinds(texts: Any, here: Here) -> dict[str, Counter[str]]:
    """Count the ids of each kind by wave, as `id_kinds.count_kinds` does."""
    kinds = kinds_of(texts)
    counts = {
        wave: np.bincount(kinds[ids], minlength=len(KIND_NAMES)) for wave, ids in here.items()
    }
    return {
        wave: Counter(dict(zip(KIND_NAMES, found.tolist(), strict=True)))
        for wave, found in counts.items()
    }


def blank_words_of(texts: Any) -> int:
    """Count ids that are a program's word for a blank, as `ids.blank_words` does."""
    import pyarrow as pa
    import pyarrow.compute as pc

    words = pa.array(sorted(NO_ID), pa.large_string())
    found = of_each(
        texts,
        bool,
        lambda some: pc.is_in(pc.ascii_lower(some), words),
        lambda some: [text.casefold() in NO_ID for text in some],
    )
    if not found.any():
        return 0
    # Only ids as long as the words are of the form of one.
    lengths = _lengths(texts)
    alike = np.isin(lengths, np.unique(lengths[found]))
    return blank_words(texts.filter(pa.array(alike)).to_pylist())


def lost_by_numbers(texts: Any) -> Booleans:
    """Tell which ids no number keeps as they are written."""
    import pyarrow.compute as pc

    lost: Booleans = np.asarray(pc.match_substring_regex(texts, LOST))
    return lost


def complete_waves(texts: Any, here: Here) -> dict[str, int]:
    """Give the size of waves whose ids are complete numbers, as `linking` finds them."""
    lengths, numbers, found = _lengths(texts), None, {}
    for wave, ids in here.items():
        longest = lengths[ids]
        # Most ids are longer than the number of people: then nothing need be read as a number.
        if len(longest) and longest.max() <= len(str(len(longest))):
            numbers = _whole_numbers(texts) if numbers is None else numbers
            values = numbers[ids]
            if complete_numbers(len(values), int(values.min()), int(values.max())):
                found[wave] = len(values)
    return found


def usual_forms(texts: Any, here: Here) -> dict[str, str]:
    """Give the most frequent shape of the ids of each wave, without showing one."""
    numbers = TextNumbers()
    codes = [numbers.number(_shapes(chunk)) for chunk in texts.chunks]
    of_ids, shapes = np.concatenate(codes), np.array(numbers.texts.to_pylist(), dtype=object)
    found = {}
    for wave, ids in here.items():
        times = np.bincount(of_ids[ids], minlength=len(shapes))
        found[wave] = min(shapes[times == times.max()])
    return found


def _shapes(texts: Any) -> Any:
    """Describe the shape of each text, as `ids.form` does."""
    import pyarrow as pa

    frame = nw.from_native(pa.table({"id": texts}))
    return frame.select(shape_of(nw.col("id")))["id"].to_arrow()


def _lengths(texts: Any) -> Array:
    """Count the letters of each text."""
    import pyarrow.compute as pc

    lengths: Array = pc.utf8_length(texts).to_numpy()
    return lengths


def _whole_numbers(texts: Any) -> Integers:
    """Read ids of digits as numbers; -1 for others, which is no number of a complete wave."""
    import pyarrow.compute as pc

    def of_ascii(some: Any) -> Any:
        short = pc.less_equal(pc.utf8_length(some), MOST_DIGITS)
        known = pc.and_(pc.ascii_is_decimal(some), short)
        return pc.if_else(known, some, "-1").cast("int64")

    return of_each(
        texts,
        np.int64,
        of_ascii,
        lambda some: [int(text) if text.isdecimal() else -1 for text in some],
    )
