"""What items and scores have in common: columns by wave, wording, and codes of no answer."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Self

from opinionpanel.arguments import checked
from opinionpanel.errors import ItemError, shown, unknown
from opinionpanel.questions.coalesced import Coalesce

# What stands in place of a state in the answers of a panel.
NO_ANSWER, NOT_ASKED, NOT_INTERVIEWED, NOT_DUE = -1, -2, -3, -4


class Question:
    """A question asked at one or more waves; `Item` and `Score` say how its answers are read."""

    column: str | Coalesce | Mapping[str, str | Coalesce]
    question: str
    label: str
    changes: Mapping[str, str]

    # Whether people may give several answers, each in a column of its own.
    takes_several: ClassVar[bool] = False

    def _check_question(self, lists: Sequence[str]) -> None:
        """Check what all questions have, and take copies.

        What the caller does with a dict afterwards must not change a checked question. `lists` are
        the fields that hold codes.
        """
        check_words(self.question, self.label, self.changes, self.kind)
        for name in lists:
            codes = getattr(self, name)
            if isinstance(codes, str) or not isinstance(codes, Sequence):
                raise ItemError(f"{name} must be a list of codes, for example [{codes!r}].")
            if wrong := [code for code in codes if not _is_code(code)]:
                raise ItemError(f"{name}: a code is a number or a text, not {shown(wrong[0])}.")
            object.__setattr__(self, name, tuple(codes))
        if isinstance(self.column, Mapping):
            object.__setattr__(self, "column", dict(self.column))
        for column in self.column.values() if isinstance(self.column, dict) else [self.column]:
            if not isinstance(column, (str, Coalesce)):
                raise ItemError(
                    f"A column is a name, or coalesce('q1_a', 'q1_b') for several, not {column!r}."
                )
        _check_waves(self.changes, self)
        object.__setattr__(self, "changes", dict(self.changes))

    @property
    def kind(self) -> str:
        """What messages call it."""
        return "question"

    @checked
    def columns_at(self, wave: str) -> tuple[str, ...]:
        """Name the columns of this question at a wave; none where it was not asked.

        Parameters
        ----------
        wave : str
            The wave's name.

        Returns
        -------
        tuple of str
            One column as a rule, several where they together hold the question; empty where it was
            not asked.

        Raises
        ------
        ArgumentError
            The wave is no text.

        Examples
        --------
        >>> import opinionpanel as op
        >>> op.Item({"May": "q1"}, {"yes": [1], "no": [2]}).columns_at("June")
        ()
        """
        column = self.column.get(wave) if isinstance(self.column, Mapping) else self.column
        if isinstance(column, Coalesce):
            return column.columns
        return () if column is None else (column,)

    def within(self, waves: Collection[str]) -> Self | None:
        """Narrow to some waves; None where none of them asked the question."""
        made: Any = self
        changes = {wave: text for wave, text in self.changes.items() if wave in waves}
        if not isinstance(self.column, Mapping):
            return replace(made, changes=changes)  # type: ignore[no-any-return]
        columns = {wave: column for wave, column in self.column.items() if wave in waves}
        return replace(made, column=columns, changes=changes) if columns else None

    def _columns_text(self) -> str:
        if not isinstance(self.column, Mapping):
            return f"{self.column} (every wave)"
        return ", ".join(f"{column} ({wave})" for wave, column in self.column.items())


def silent_codes(
    not_asked: Sequence[Hashable], no_interview: Sequence[Hashable]
) -> list[tuple[str, int, Sequence[Hashable]]]:
    """List the codes that are no answers: what they say in words, what stands for it, and they."""
    silent = (
        ("not asked", NOT_ASKED, not_asked),
        ("no interview", NOT_INTERVIEWED, no_interview),
    )
    return [part for part in silent if part[2]]


def _is_code(code: object) -> bool:
    """Tell whether a value can be a code; None is that of blanks."""
    return not isinstance(code, (tuple, frozenset)) and isinstance(code, Hashable)


def check_words(question: object, label: object, changes: object, kind: str = "question") -> None:
    """Refuse a wording, a name for titles or words on what changed that are no text."""
    for name, text, what in (
        ("question", question, "the wording"),
        ("label", label, f"what titles call the {kind}"),
    ):
        if not isinstance(text, str):
            raise ItemError(f"{name} is {what}, as text, not {shown(text)}.")
    if not isinstance(changes, Mapping) or not all(
        isinstance(text, str) for text in (*changes.keys(), *changes.values())
    ):
        raise ItemError("changes says in words what changed at a wave: {'w2': 'asked by phone'}.")


def _check_waves(changes: Mapping[str, str], question: Question) -> None:
    """Refuse words on a wave at which the question was not asked."""
    for wave in changes:
        column = question.column
        if isinstance(column, Mapping) and wave not in column:
            raise unknown(f"wave in the {question.kind}'s changes:", wave, column)
