"""The columns that hold an item's answers, and how messages speak of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from opinionpanel.arrays import SignedIntegers
from opinionpanel.errors import count_people
from opinionpanel.questions.item import Item
from opinionpanel.questions.naming import TAG, labels_shown, nameable, others_text
from opinionpanel.questions.question import NO_ANSWER, NOT_ASKED, NOT_DUE, NOT_INTERVIEWED
from opinionpanel.waves import (
    Codes,
    Written,
    canonical,
    code_order,
    code_text,
    declared_missing,
)

# A blank gives way to whatever else coalesced columns say: below the other codes.
BLANK = min(NO_ANSWER, NOT_ASKED, NOT_INTERVIEWED, NOT_DUE) - 1


@dataclass(frozen=True)
class ItemColumn:
    """A column that holds an item's answers at a wave, and what its codes mean.

    Attributes
    ----------
    wave, name, where : str
        The wave, the column and the file.
    codes : Codes
    labels : dict
        Canonical code to text.
    missing : sequence
        The codes and ranges that the file declares missing.
    meanings : dict
        Canonical code to the position of a state, or to ``NOT_ASKED``.
    states : numpy.ndarray of int8, for scores of int32
        Each person's state; ``NOT_ASKED``, `BLANK`, or ``NO_ANSWER`` for codes without meaning.
    written : Written
        Why a text or Excel file's column is text.
    """

    wave: str
    name: str
    where: str
    codes: Codes
    labels: Mapping[object, str]
    missing: Sequence[Any]
    meanings: Mapping[object, int]
    states: SignedIntegers
    written: Written = field(default_factory=Written)

    @cached_property
    def unmapped(self) -> dict[object, int]:
        """The codes that mean nothing here, with the number of people, in order."""
        # Counting takes longer than looking up, and most columns have no such code.
        if not (self.states == NO_ANSWER).any():
            return {}
        people = self.codes.people
        left = [code for code in people if code is not None and code not in self.meanings]
        return {code: people[code] for code in sorted(left, key=code_order)}

    @property
    def of_texts(self) -> bool:
        """Whether the answers are texts, which say what they mean."""
        keys = self.codes.keys
        # Blank text is a blank.
        return not isinstance(keys, range) and all(
            isinstance(key, str) for key in keys if key is not None
        )

    @property
    def all_texts(self) -> Iterator[str]:
        """The labels, and the texts that are answers or could be, as a category nobody chose."""
        yield from map(str, self.labels.values())
        if not isinstance(self.codes.keys, range):
            yield from (key for key in self.codes.keys if isinstance(key, str))

    def text(self, code: object) -> str:
        """Return what a code says: its label, or itself if it is a text; "" for nothing."""
        if code in self.labels:
            return str(self.labels[code])
        return str(code) if says_itself(code) else ""

    def code_text(self, code: object) -> str:
        """Show a code with its label; it must be one of `nameable`."""
        label = self.shown_labels.get(code)
        return code_text(code) if label is None else f"{code_text(code)} {label!r}"

    def label_text(self, code: object) -> str:
        """Show the label of a code that has one."""
        label = self.shown_labels.get(code)
        return "a label of few people" if label is None else repr(label)

    @cached_property
    def shown_labels(self) -> Mapping[object, str]:
        """The labels that a text may show."""
        return labels_shown(self.codes.people, self.labels) if self.labels else {}

    @cached_property
    def nameable(self) -> Set[object]:
        """The codes that a text may name, however few people have them."""
        return nameable(self.codes.people, self.labels, self.meanings)

    def counted(self, codes: Mapping[object, int]) -> list[str]:
        """Show codes with the number of people; those that no text may name are put together."""
        named = [code for code in codes if code in self.nameable]
        others = others_text(people for code, people in codes.items() if code not in self.nameable)
        texts = [f"{self.code_text(code)} ({count_people(codes[code])})" for code in named]
        return [*texts, others] if others else texts


def codes_of(item: Item, wave: str) -> list[object]:
    """Return the codes that an item names at a wave, without blanks."""
    named = [code for codes in item.codes_at(wave).values() for code in codes]
    keys = dict.fromkeys(canonical(code) for code in (*named, *item.not_asked, *item.no_interview))
    return [key for key in keys if key is not None]


def says_itself(code: object) -> bool:
    """Tell whether a code is a text, and not a tag of Stata or SAS."""
    return isinstance(code, str) and not TAG.fullmatch(code)


def says_nothing(code: object, column: ItemColumn) -> bool:
    """Tell whether a code is negative or declared missing, as refusals are."""
    negative = isinstance(code, (int, float)) and code < 0
    return negative or declared_missing(code, column.missing)


def other_type(column: ItemColumn, unmapped: Iterable[object]) -> str:
    """Say that answers and codes are the same but for being numbers and text."""
    for code in unmapped:
        other = as_number(code) if isinstance(code, str) else str(code)
        # A label such as "10" is no number.
        if other is not None and other in column.meanings and other not in column.labels.values():
            kind = "text" if isinstance(code, str) else "numbers"
            return (
                f"The answers are stored as {kind}: write {code_text(code)} in the states where "
                f"they have {code_text(other)}, or convert the column."
            )
    return ""


def as_number(text: str) -> object:
    """Read a text as the code it would be as a number; None if it is none."""
    try:
        return canonical(float(text))
    except ValueError:
        return None


def own_mapping(item: Item, columns: Sequence[ItemColumn]) -> str:
    """Say the way out where codes mean different things in different columns."""
    if item.by_wave:
        return "Recode one of the columns"
    waves = list(dict.fromkeys(column.wave for column in columns))
    if len(waves) == 1:
        return "Recode one of the columns"
    shown = ", ".join(f"{wave!r}: {{…}}" for wave in waves[:3]) + (", …" if waves[3:] else "")
    return f"Map each wave for itself, states={{{shown}}}"


def place_of(column: ItemColumn) -> str:
    """Name wave, file and column."""
    return f"Wave {column.wave!r} ({column.where}), column {column.name!r}"
