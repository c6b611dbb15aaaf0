"""One option of a question that takes several answers: who selected it, read from all columns."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from opinionpanel.phrases import Phrase
from opinionpanel.questions.coalesced import Coalesce
from opinionpanel.questions.item import Item
from opinionpanel.questions.question import NO_ANSWER

SELECTED, NOT_SELECTED = "selected", "not selected"
Codes = tuple[Hashable, ...]
# Who has answered: with an answer of none or without, and whether to select nothing is an answer.
ANSWERED = {
    (False, False): Phrase("who selected an option"),
    (True, False): Phrase("who selected an option, or that of none"),
    (False, True): Phrase("who selected an option, or nothing"),
    (True, True): Phrase("who selected an option, that of none, or nothing"),
}


@dataclass(frozen=True)
class Marks(Coalesce):
    """The columns of a question that takes several answers, and what marks one of its options.

    Attributes
    ----------
    own, other : tuple of tuple
        By column, the codes that say that the option was selected, and those that say so of
        another one or of none.
    alike : tuple of tuple of str
        The columns whose codes are checked with this option, by those of which a code must mean the
        same in all.
    none : bool
        Whether an answer of none of the options was offered.
    """

    own: tuple[Codes, ...]
    other: tuple[Codes, ...]
    alike: tuple[tuple[str, ...], ...]
    none: bool = False

    def __str__(self) -> str:
        telling = (name for name, own in zip(self.columns, self.own, strict=True) if own)
        return " or ".join(telling)


@dataclass(frozen=True, eq=False)
class Option(Item):
    """One option of a question that takes several answers, as an item; made by a `Multiple`.

    Attributes
    ----------
    multiple, option : str
        The question's name in the panel, and what the option is called there.
    title : str
        What titles of charts call the question.
    none_counts : bool
        Whether to select nothing at all is an answer.
    """

    multiple: str = field(default="", kw_only=True)
    option: str = field(default="", kw_only=True)
    title: str = field(default="", kw_only=True)
    none_counts: bool = field(default=False, kw_only=True)

    takes_several: ClassVar[bool] = True

    def marks_at(self, wave: str) -> Marks:
        """Return the columns of a wave that asked, and what marks the option there."""
        marks = self.column[wave] if isinstance(self.column, dict) else self.column
        assert isinstance(marks, Marks)
        return marks

    def answered_at(self, wave: str) -> str:
        """Say who has answered at a wave that asked: who is in the base of all options."""
        return ANSWERED[self.marks_at(wave).none, self.none_counts]

    def _told_by(self, wave: str, column: str) -> Iterator[tuple[int, Sequence[Hashable]]]:
        marks = self.marks_at(wave)
        place = marks.columns.index(column)
        yield 0, marks.own[place]
        yield 1, marks.other[place]
        # What is not marked here may be so in another column; and if in none, is it an answer?
        left = self.codes_at(wave)[NOT_SELECTED]
        if self.none_counts:
            yield 1, left
        else:
            yield NO_ANSWER, [code for code in left if code is not None]
