"""Text ids of one person that are written in two ways, looked for in Arrow's memory."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from opinionpanel.arrays import Booleans, Integers
from opinionpanel.engines import of_kind
from opinionpanel.panel.id_spelling import (
    POINT_ZERO,
    SEPARATORS,
    ZERO_X,
    alike,
    alike_error,
    blank_error,
    by_case,
    ends,
    loose,
)
from opinionpanel.panel.ids_in_arrow import blank_words_of, of_each, pieces
from opinionpanel.panel.key_index import Words
from opinionpanel.panel.text_numbers import hashed

# So many ids are compared as Python's texts at a time.
MANY = 500_000


def check_writing(waves: Sequence[str], columns: str, texts: Any, present: Booleans) -> None:
    """Refuse words for a blank, and ids that differ in zeros, case, a decimal point or a hyphen.

    As `id_spelling.check_writing` does: its rules decide on the few ids that may be alike.

    Parameters
    ----------
    waves : sequence of str
    columns : str
        The names of the id columns, for the message.
    texts : pyarrow.ChunkedArray
        The different ids, trimmed.
    present : numpy.ndarray of bool, shape (waves, ids)
    """
    if blanks := blank_words_of(texts):
        raise blank_error(blanks, columns)
    open_ids: Booleans = np.logical_not(present.all(axis=0))
    if not open_ids.any():
        return
    fold = _folds(texts, present, open_ids)
    bare = _bare(texts, fold=fold)
    may_be = np.flatnonzero(_in_several(bare) & open_ids)
    parts = 1 + len(may_be) // MANY
    number, shown = 0, list[tuple[str, str, int, int]]()
    for part in range(parts):
        # Ids that are alike are in one part.
        some = may_be[bare[may_be] % np.uint64(parts) == part]
        if len(some):
            known = _chosen(texts, some)
            pairs = alike(known, present[:, some], fold=fold)
            number += len(pairs)
            named = [(known[one], known[other], some[one], some[other]) for one, other in pairs]
            shown = sorted([*shown, *named])[:1]
    for first, last, *places in shown:
        raise alike_error(number, columns, ends(waves, (first, last), present[:, places]))


def _folds(texts: Any, present: Booleans, open_ids: Booleans) -> bool:
    """Tell whether letter case may have been lost, as `id_spelling.check_writing` does."""
    import pyarrow.compute as pc

    def differ(change: Callable[[Any], Any], of_one: Callable[[str], str]) -> Booleans:
        return of_each(
            texts,
            bool,
            lambda some: pc.not_equal(change(some), some),
            lambda some: [of_one(text) != text for text in some],
        )

    for other_case in (differ(pc.ascii_lower, str.lower), differ(pc.ascii_upper, str.upper)):
        if not all((other_case & here).any() for here in present):
            return True
    return not any(
        by_case(_may_be_by_case(chunk.filter(open_ids[where]))) for where, chunk in pieces(texts)
    )


def _may_be_by_case(texts: Any) -> list[str]:
    """Give those texts of an array that may have a small letter before a large one."""
    import pyarrow.compute as pc

    rest = pc.replace_substring_regex(texts, "^0x", "")
    cased = pc.match_substring_regex(rest, "(?s)[a-z].*[A-Z]")
    some: list[str] = texts.filter(pc.or_(cased, pc.invert(pc.string_is_ascii(texts)))).to_pylist()
    return some


def _bare(texts: Any, *, fold: bool) -> Words:
    """Give a word for each text that is the same for those that `id_spelling.loose` writes alike.

    It also is for some others, such as 5 and -5.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = f"[{of_kind(str.isspace)}{SEPARATORS}]+"

    def word(some: Any) -> Words:
        # Most parts are hyphens, which are found faster by themselves.
        joint = pc.replace_substring(some, "-", "")
        joint = pc.replace_substring_regex(joint, parts, "")
        return hashed(pc.ascii_ltrim(joint, characters="0"))

    def of_ascii(some: Any) -> Words:
        some = pc.ascii_lower(some) if fold else some
        for step in (ZERO_X, POINT_ZERO):
            some = pc.replace_substring_regex(some, step.pattern, "")
        return word(some)

    def of_others(some: list[str]) -> Words:
        return word(pa.array([loose(text, fold=fold)[0] for text in some], pa.large_string()))

    bare: Words = of_each(texts, np.uint64, of_ascii, of_others)
    return bare


def _in_several(words: Words) -> Booleans:
    """Tell which words stand in several places."""
    ordered = np.sort(words)
    several = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(several):
        return np.zeros(len(words), dtype=bool)
    at = np.minimum(np.searchsorted(several, words), len(several) - 1)
    found: Booleans = several[at] == words
    return found


def _chosen(texts: Any, places: Integers) -> list[str]:
    """Take some texts, whose places are in order."""
    # By a mask, as taking them by place makes one array of all texts first.
    chosen = np.zeros(len(texts), dtype=bool)
    chosen[places] = True
    some: list[str] = [
        text for where, chunk in pieces(texts) for text in chunk.filter(chosen[where]).to_pylist()
    ]
    return some
