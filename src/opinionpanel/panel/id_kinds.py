"""Ids of digits, of letters, or of both: which kind one wave alone has."""

import re
from collections import Counter
from collections.abc import Mapping

from opinionpanel.panel.ids import Texts, form

# By the form of an id, in which 9 is any digit and "a" any letter; the first that fits.
MIXED = "letters and digits"
KINDS = {"digits": "9+", "letters": "a+", MIXED: "[9a]+"}
OTHER = "other marks among them"

# A wave has a kind of ids if these are not just a few odd ones; few ids show nothing.
LEAST_IDS, LEAST_SHARE = 20, 0.05


def kind(text: str) -> str:
    """Tell of what an id is written."""
    if text.isascii() and text.isalnum():
        # There may be millions of ids, and most are of this sort.
        return "digits" if text.isdecimal() else "letters" if text.isalpha() else MIXED
    shape = form(text)
    return next((name for name, pattern in KINDS.items() if re.fullmatch(pattern, shape)), OTHER)


def count_kinds(keys: Texts) -> Counter[str]:
    """Count the ids of each kind."""
    return Counter(map(kind, keys))


def kind_notes(kinds: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Name the kinds of ids that one wave alone has; `kinds` counts by wave those of each kind."""
    ids = {wave: sum(counts.values()) for wave, counts in kinds.items()}
    compared = [wave for wave in kinds if ids[wave] >= LEAST_IDS]
    waves_of: dict[str, list[str]] = {}
    for wave in compared:
        for name, number in kinds[wave].items():
            if number >= max(LEAST_IDS, LEAST_SHARE * ids[wave]):
                waves_of.setdefault(name, []).append(wave)
    alone = {name: waves[0] for name, waves in waves_of.items() if len(waves) == 1}
    if len(compared) < 2 or not alone:
        return []
    found = [
        f"{kinds[wave][name]:,} of {ids[wave]:,} at {wave!r} ({name})"
        for name, wave in alone.items()
    ]
    return [
        f"ids are written as at no other wave: {', '.join(found)}; check that they are the ids "
        "that the other waves have"
    ]
