"""Notes on a study, folded: one line for each kind, however many items or waves it is about."""

import re
from collections.abc import Iterable, Sequence

from opinionpanel.errors import listing
from opinionpanel.escaping import literal_pattern

# A quotation as Python writes it; the apostrophe in "nobody's" opens none.
_QUOTED = re.compile(r"""(?<!\w)(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")(?!\w)""")
_WORD = re.compile(r"[^\W\d_]+")
# How many of those that are alike are named.
MOST_NAMED = 4


def folded_notes(notes: Sequence[str], names: Iterable[str]) -> list[str]:
    """Write notes of a kind in one line: the first as it is, and what else it holds for.

    Parameters
    ----------
    notes : sequence of str
    names : iterable of str
        Items, groups and waves, by which notes of a kind differ.

    Examples
    --------
    >>> notes = [f"item {name!r}: nobody's answer is 'no': check the codes" for name in "abc"]
    >>> folded_notes(notes, "abc")
    ["item 'a': nobody's answer is 'no': check the codes. Likewise 'b', 'c'"]
    """
    known = _names_pattern(names)
    kinds: dict[tuple[str, ...], list[str]] = {}
    for note in notes:
        kinds.setdefault(_kind(note, known), []).append(note)
    return [_one_line(alike, known) for alike in kinds.values()]


def _names_pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Look for names, and for pairs of waves; of two names in one place for the longer one."""
    texts = map(literal_pattern, sorted(names, key=len, reverse=True))
    one = f"(?:{'|'.join(texts) or '(?!)'})"
    return re.compile(rf"(?<!\w){one}(?: → {one})?(?!\w)")


def _kind(note: str, known: re.Pattern[str]) -> tuple[str, ...]:
    """Tell kinds of notes apart: by their words, without names, quotations and numbers.

    A word that comes again, as where a note lists several columns, counts once.
    """
    bare = _QUOTED.sub(" ", known.sub(" ", note))
    return tuple(dict.fromkeys(_WORD.findall(bare)))


def _one_line(notes: Sequence[str], known: re.Pattern[str]) -> str:
    first, *more = notes
    if not more:
        return first
    said = set(known.findall(first))
    # What another note is about is the first name in it that the shown one lacks.
    new = (next((name for name in known.findall(note) if name not in said), "") for note in more)
    others = [name for name in dict.fromkeys(new) if name]
    likewise = listing(others, most=MOST_NAMED) if others else f"{len(more)} more of the kind"
    return f"{first.rstrip('.')}. Likewise {likewise}"
