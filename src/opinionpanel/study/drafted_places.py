"""Places of a draft that nobody has decided yet: each bears a mark, which is then taken away."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from opinionpanel.errors import StudyError, listing
from opinionpanel.escaping import toml_comment

# A comment, so that it survives every editor and reads the same to all that reads TOML.
MARK = "# decide:"
_PLACE = re.compile(r"\s*#\s*decide:\s*(.*)", re.IGNORECASE)
# The head of a table, with the item it belongs to.
_TABLE = re.compile(r'\s*\[+\s*(?:items\.(?:"((?:[^"\\]|\\.)*)"|([\w-]+)))?')
# How many items are named in a line.
MOST_NAMED = 4


class Place(NamedTuple):
    """A place that is to be decided: its line in the file, the item there, and what it asks."""

    line: int
    item: str
    what: str


def decide(what: str) -> str:
    """Mark a place that is to be decided.

    Examples
    --------
    >>> decide("the weight of each wave")
    '# decide: the weight of each wave'
    """
    return f"{MARK} {toml_comment(what)}"


def undecided(text: str) -> list[Place]:
    r"""Find the places of a study file that bear the mark.

    Examples
    --------
    >>> undecided("[items.q1]\n# decide: the states")
    [Place(line=2, item='q1', what='the states')]
    """
    places, item = [], ""
    for number, line in enumerate(text.split("\n"), start=1):
        if found := _PLACE.fullmatch(line):
            places.append(Place(number, item, found[1].strip()))
        elif found := _TABLE.match(line):
            item = found[1] or found[2] or ""
    return places


def undecided_in(path: str | Path) -> list[Place]:
    """Find the marked places of a file; what cannot be read is refused by whoever reads it on."""
    try:
        return undecided(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return []


def number_of_places(places: Sequence[Place]) -> str:
    """Count places in words.

    Examples
    --------
    >>> number_of_places(undecided("# decide: the title"))
    '1 place to decide'
    """
    return f"{len(places):,} place{'' if len(places) == 1 else 's'} to decide"


def place_lines(places: Sequence[Place]) -> list[str]:
    """List places, those that ask the same in one line."""
    kinds: dict[str, list[Place]] = {}
    for place in places:
        kinds.setdefault(place.what, []).append(place)
    return [f"  {_where(alike)}: {what}" for what, alike in kinds.items()]


def _where(places: Sequence[Place]) -> str:
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    items = dict.fromkeys(place.item for place in places if place.item)
    named = f" (item{'' if len(items) == 1 else 's'} {listing(items, most=MOST_NAMED)})"
    return f"line {places[0].line}{more}{named if items else ''}"


def draft_lines(path: str | Path, places: Sequence[Place]) -> list[str]:
    """Say that a study is a draft, and what is to be decided, as the lines of a message."""
    it = "it" if len(places) == 1 else "each"
    return [
        f"{Path(path).name} is a draft: {number_of_places(places)}.",
        *place_lines(places),
        f"Decide {it}, and take away its mark: the comment line that begins with {MARK}",
    ]


def refuse_draft(path: str | Path) -> None:
    """Refuse a study in which something is still to be decided.

    Raises
    ------
    StudyError
        The file is a draft; its places are named.
    """
    if places := undecided_in(path):
        raise StudyError(*draft_lines(path, places))
