"""Ids of digits, of letters, or of both: which kind one wave alone has."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from opinionpanel.panel.ids import Texts, form

# By the form of an id, in which 9 is any digit and "a" any letter; the first that fits.
MIXED = "letters and digits"
KINDS = {"digits": "9+", "letters": "a+", MIXED: "[9a]+"}
OTHER = "other marks among them"

# A wave has a kind of ids if these are not just a few odd ones; few ids show nothing.
LEAST_IDS, LEAST_SHARE = 20, 0.05
# Of ids that are all of digits but for so many, these are hardly people.
MOST_ODD, MOSTLY = 3, 0.95
# There may be millions of ids: a look at so many of a wave tells whether all must be counted.
SOME = 2_000


def kind(text: str) -> str:
    """Tell of what an id is written."""
    if text.isascii() and text.isalnum():
        # There may be millions of ids, and most are of this sort.
        return "digits" if text.isdecimal() else "letters" if text.isalpha() else MIXED
    return _kind_of_form(form(text))


@lru_cache
def _kind_of_form(shape: str) -> str:
    return next((name for name, pattern in KINDS.items() if re.fullmatch(pattern, shape)), OTHER)


def count_kinds(keys: Texts) -> Counter[str]:
    """Count the ids of each kind."""
    return Counter(map(kind, keys))


def kinds_in_memory(ids: Mapping[str, Texts]) -> list[str]:
    """Give the notes of `kind_notes` on the ids of each wave."""
    some = {wave: count_kinds(keys[:: 1 + len(keys) // SOME]) for wave, keys in ids.items()}
    alone = _alone(some, LEAST_SHARE / 2, 2 * LEAST_SHARE)
    if not alone and not any(map(_mostly_digits, some.values())):
        return []
    return kind_notes({wave: count_kinds(keys) for wave, keys in ids.items()})


def kind_notes(kinds: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Name the kinds of ids that one wave alone has, and waves with a few odd ones.

    `kinds` counts by wave those of each kind.
    """
    return [*_alone_notes(kinds), *_odd_notes(kinds)]


def _mostly_digits(counts: Mapping[str, int]) -> bool:
    return counts.get("digits", 0) >= MOSTLY * sum(counts.values())


def _odd_notes(kinds: Mapping[str, Mapping[str, int]]) -> list[str]:
    notes = []
    for wave, counts in kinds.items():
        ids = sum(counts.values())
        odd = ids - counts.get("digits", 0)
        if ids >= LEAST_IDS and 0 < odd <= MOST_ODD and _mostly_digits(counts):
            notes.append(
                f"wave {wave!r}: {odd:,} of {ids:,} ids are not of digits, as the others are: rows "
                "of sums or of remarks below a table are no people; remove them from the file"
            )
    return notes


def _alone_notes(kinds: Mapping[str, Mapping[str, int]]) -> list[str]:
    ids = {wave: sum(counts.values()) for wave, counts in kinds.items()}
    found = [
        f"{kinds[wave][name]:,} of {ids[wave]:,} at {wave!r} ({name})"
        for wave, name in _alone(kinds, LEAST_SHARE, LEAST_SHARE)
        if kinds[wave][name] >= LEAST_IDS
    ]
    if not found:
        return []
    return [
        f"ids are written as at no other wave: {', '.join(found)}; check that they are the ids "
        "that the other waves have"
    ]


def _alone(
    kinds: Mapping[str, Mapping[str, int]], least: float, below: float
) -> list[tuple[str, str]]:
    """Find waves with a kind of at least some share, of which all others have less than another."""
    ids = {wave: sum(counts.values()) for wave, counts in kinds.items()}
    compared = [wave for wave in kinds if ids[wave] >= LEAST_IDS]
    if len(compared) < 2:
        return []
    return [
        (wave, name)
        for wave in compared
        for name, number in kinds[wave].items()
        if number >= least * ids[wave]
        and all(
            kinds[other].get(name, 0) < below * ids[other] for other in compared if other != wave
        )
    ]
