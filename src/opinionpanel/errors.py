"""Errors of the library: what is wrong, where, how many, and what to do about it."""

import difflib
from collections.abc import Iterable

__all__ = [
    "DesignError",
    "EngineError",
    "ItemError",
    "LinkError",
    "OpinionPanelError",
    "ReadError",
    "SelectionError",
    "StudyError",
]


class OpinionPanelError(ValueError):
    """Any refusal of the library. A ``ValueError``, so that one ``except`` catches them all."""


class ReadError(OpinionPanelError):
    """A file cannot be read, or lacks a column that was asked for."""


class ItemError(OpinionPanelError):
    """Answer codes and the states of an item do not fit each other."""


class LinkError(OpinionPanelError):
    """People cannot be linked across waves."""


class DesignError(OpinionPanelError):
    """Weights, strata or PSUs from which no variance can be computed."""


class EngineError(OpinionPanelError):
    """Something that cannot be done where the data are."""


class SelectionError(OpinionPanelError):
    """A wave, state, group, item or column that the panel or the estimates do not have."""


class StudyError(OpinionPanelError):
    """A study file that declares something wrongly."""


def listing(values: Iterable[object], *, most: int = 12) -> str:
    """Name values in a message: the first few, and how many more there are."""
    texts = [repr(value) if isinstance(value, str) else str(value) for value in values]
    shown = ", ".join(texts[:most])
    return shown if len(texts) <= most else f"{shown} and {len(texts) - most} more"


def near(given: object, known: Iterable[object]) -> str:
    """Say which names there are, the nearest first."""
    options = list(known)
    folded = {str(option).casefold(): str(option) for option in options}
    found = difflib.get_close_matches(str(given).casefold(), folded, n=1)
    hint = f" Did you mean {folded[found[0]]!r}?" if found else ""
    return f"{hint} Known: {listing(options) if options else 'none'}."


def unknown(kind: str, given: object, known: Iterable[object]) -> SelectionError:
    """Build the error for a name that is not there, with the nearest one that is."""
    return SelectionError(f"Unknown {kind} {given!r}.{near(given, known)}")


def count_people(count: int) -> str:
    """Count people in words."""
    return f"{count:,} {'person' if count == 1 else 'people'}"
