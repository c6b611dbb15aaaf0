"""Errors of the library: what is wrong, where, how many, and what to do about it."""

import difflib
from collections.abc import Iterable

from opinionpanel.escaping import terminal_text
from opinionpanel.phrases import Phrase

__all__ = [
    "ArgumentError",
    "CallError",
    "DesignError",
    "EngineError",
    "ItemError",
    "LinkError",
    "NoSuchNameError",
    "OpinionPanelError",
    "ReadError",
    "SelectionError",
    "StudyError",
    "WriteError",
]


# Of a text that was given, what a message shows.
LONGEST = 60


class OpinionPanelError(ValueError):
    """Any refusal of the library. A ``ValueError``, so that one ``except`` catches them all.

    Its arguments are the lines of its message; what it shows of a study or a file stays within its
    line.
    """

    def __str__(self) -> str:
        return terminal_text(self.args)


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


class ArgumentError(SelectionError):
    """An argument of another kind than the function takes, such as a number in place of text."""


class CallError(ArgumentError, TypeError):
    """Too many arguments, too few, or one of a name that there is not: to Python a TypeError."""


class NoSuchNameError(AttributeError, SelectionError):
    """A name that the package does not have: to Python an AttributeError."""


class StudyError(OpinionPanelError):
    """A study file that declares something wrongly."""


class WriteError(OpinionPanelError):
    """A file or a report that cannot be written: the disk is full, or the folder closed."""


def placed(place: str, error: OpinionPanelError) -> tuple[str, ...]:
    """Say where something is wrong, before the lines that say what.

    Examples
    --------
    >>> print(ItemError(*placed("Item 'q'", ItemError("One.", "Two."))))
    Item 'q': One.
    Two.
    """
    first, *more = error.args
    return (f"{place}: {first}", *more)


def listing(values: Iterable[object], *, most: int = 12) -> str:
    """Name values in a message: the first few, and how many more there are; or "none"."""
    texts = [shown(value, whole=True) for value in values]
    first = ", ".join(texts[:most])
    if not texts:
        return "none"
    return first if len(texts) <= most else f"{first} and {len(texts) - most} more"


def shown(value: object, *, whole: bool = False) -> str:
    """Show a value that was given; of what may hold people, such as a frame, only its type."""
    if isinstance(value, (tuple, list)) and len(value) < 4:
        inside = ", ".join(shown(part, whole=whole) for part in value)
        return f"({inside})" if isinstance(value, tuple) else f"[{inside}]"
    if isinstance(value, int) and value.bit_length() > 1024:
        return f"a whole number {'below -' if value < 0 else 'above '}10^308"
    several = hasattr(value, "__iter__") and not isinstance(value, (str, bytes))
    if several or callable(value) or type(value).__module__.startswith(__package__):
        return with_article(type(value).__name__)
    text = repr(str(value)) if isinstance(value, str) else str(value)
    return text if whole or len(text) <= LONGEST else f"{text[:LONGEST]}…"


def with_article(name: str) -> str:
    """Put an article before a name."""
    return f"{'an' if name[:1] in set('AEIOUaeiou') else 'a'} {name}"


def near(given: object, known: Iterable[object]) -> str:
    """Say which names there are, the nearest first."""
    options = list(known)
    found = nearest(given, options)
    hint = f" Did you mean {found!r}?" if found else ""
    return f"{hint} Known: {listing(options)}."


def nearest(given: object, known: Iterable[object]) -> str:
    """Find the name that is likely meant; "" where none is near."""
    name = given if isinstance(given, str) else shown(given)
    # Spaces around a name are not seen, and the shortest names differ by them most.
    folded = {str(option).strip().casefold(): str(option) for option in known}
    found = difflib.get_close_matches(name.strip().casefold(), folded, n=1)
    return folded[found[0]] if found else ""


def unknown(kind: str, given: object, known: Iterable[object]) -> SelectionError:
    """Build the error for a name that is not there, with the nearest one that is."""
    return SelectionError(f"Unknown {kind} {shown(given)}.{near(given, known)}")


def no_such_name(package: str, given: str, known: Iterable[str]) -> NoSuchNameError:
    """Build the error for a name that a package does not have, with the nearest that it has.

    Names within a module are known with it, ``charts.sankey``, and asked for without it.
    """
    # Of two alike, that of the package itself comes first and counts.
    places = {name.rpartition(".")[2]: name for name in reversed(list(known))}
    found = nearest(given, places)
    listed = f"dir({package}) lists the names there are."
    hint = f"Did you mean {package}.{places[found]}?" if found else listed
    return NoSuchNameError(f"module {package!r} has no attribute {given!r}. {hint}")


def count_people(count: int) -> str:
    """Count people in words."""
    return Phrase("{n} person", n=count) if count == 1 else Phrase("{n} people", n=count)
