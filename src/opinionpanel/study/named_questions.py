"""The questions that an analyst names for a draft, by their columns."""

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from opinionpanel.errors import OpinionPanelError, SelectionError, unknown
from opinionpanel.study.drafted_places import decide
from opinionpanel.study.guessed_file import OneFile
from opinionpanel.study.guessed_questions import MOST_ANSWERS, Question, paired_questions
from opinionpanel.study.guessing import GuessedColumn
from opinionpanel.study.toml_text import toml_value

SEARCH = "`opinionpanel columns FILE --search WORD` finds columns by their wording and labels."


class NamedQuestion(NamedTuple):
    """A question to be drafted, and lines on what is doubtful about which one it is."""

    question: Question
    doubts: Sequence[str] = ()


def named_questions(
    names: Sequence[str], columns: Mapping[str, Sequence[GuessedColumn]], wide: OneFile | None
) -> list[NamedQuestion]:
    """Find the questions that have columns of some names, in the order of the names.

    Raises
    ------
    SelectionError
        There is no such column, or it holds no answers to choose among.
    """
    every: Sequence[Question] = paired_questions(columns, ()) if wide is None else wide.questions
    called = {} if wide is None else wide.names
    found: list[Question] = []
    errors: list[str] = []
    for name in dict.fromkeys(names):
        try:
            here = [question for question in every if name in _names(question, called)]
            found += [one for one in here or [_by_itself(name, columns)] if one not in found]
        except OpinionPanelError as error:
            errors += error.args
    if errors:
        raise SelectionError(*errors, SEARCH)
    return [NamedQuestion(question, _doubts(question, found)) for question in found]


def _names(question: Question, called: Mapping[str, str]) -> set[str]:
    names = {column.name for column in question.values()}
    return names | {called[name] for name in names if name in called}


def _by_itself(name: str, columns: Mapping[str, Sequence[GuessedColumn]]) -> Question:
    """Take the columns of a name for a question, if people chose among answers."""
    question = {
        wave: column for wave, here in columns.items() for column in here if column.name == name
    }
    if not question:
        known = dict.fromkeys(column.name for here in columns.values() for column in here)
        raise unknown("column", name, known)
    most = max(len(column.people) for column in question.values())
    if not all(column.labels or column.is_question(MOST_ANSWERS) for column in question.values()):
        raise SelectionError(
            f"Column {name!r} holds {most:,} different values, and an item needs a few answers. "
            "Numbers become a group by bands = […], under [groups]."
        )
    return question


def _doubts(question: Question, found: Sequence[Question]) -> list[str]:
    """Say where another question that was named may be the same one."""
    names = {column.name for column in question.values()}
    others = [other for other in found if other is not question]
    waves = [wave for other in others for wave in other if other[wave].name in names]
    lines = []
    if waves:
        where = ", ".join(waves)
        lines.append(decide(f"the column has other words or codes at {where}; one item or two?"))
    before = found[: found.index(question)]
    same = (one for one in before if not question.keys() & one.keys() and _alike(question, one))
    if first := next(same, None):
        name = next(iter(first.values())).name
        both = {wave: column.name for wave, column in {**first, **question}.items()}
        lines.append(
            decide(f"is this item {name} by another name? Then give that the column below")
        )
        lines.append(f"# column = {toml_value(both)}")
    return lines


def _alike(one: Question, other: Question) -> bool:
    """Tell whether two questions have most answers in common: their labels, or else their codes."""
    answers = [set().union(*map(_answers, question.values())) for question in (one, other)]
    return 2 * len(answers[0] & answers[1]) >= len(answers[0] | answers[1])


def _answers(column: GuessedColumn) -> Set[object]:
    return column.label_set or column.people.keys()
