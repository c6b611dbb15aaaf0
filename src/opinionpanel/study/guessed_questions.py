"""Guesses which columns of several waves are one question."""

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from opinionpanel.study.guessed_weights import WEIGHT_NAME
from opinionpanel.study.guessing import GuessedColumn

# Questions of more answers are named, not drafted.
MOST_ANSWERS = 30
# How alike wordings must be, for columns of one name and of different names.
ALIKE, REWORDED = 0.6, 0.8
# Wave to the column that holds the question there.
Question = Mapping[str, GuessedColumn]
# From how many columns q4_1, q4_2, … are a battery, listed after single questions.
BATTERY = 4


def guess_questions(
    columns: Mapping[str, Sequence[GuessedColumn]], skip: Iterable[str]
) -> list[dict[str, GuessedColumn]]:
    """Find questions that several waves ask: by name, or by wording and labels.

    Returns
    -------
    list of dict
        Wave to column; questions of most waves first, options of multiple choices last.
    """
    batteries = Counter(_stem(column) for here in columns.values() for column in here)
    every = paired_questions(columns, skip)
    shared = [question for question in every if len(question) > 1 or len(columns) == 1]
    return sorted(
        shared,
        key=lambda question: (
            -len(question),
            _last(question).is_option,
            batteries[_stem(_last(question))] >= BATTERY * len(columns),
        ),
    )


def paired_questions(
    columns: Mapping[str, Sequence[GuessedColumn]], skip: Iterable[str]
) -> list[dict[str, GuessedColumn]]:
    """Put the columns of all waves together that are one question; one wave's own stay alone."""
    left_out = set(skip)
    questions: list[dict[str, GuessedColumn]] = []
    for wave, here in columns.items():
        rest = [
            column
            for column in here
            if column.name not in left_out
            and column.is_question(MOST_ANSWERS)
            and not WEIGHT_NAME.search(column.words[0])
        ]
        for same in (_same_name, _same_text, _much_alike):
            known = [question for question in questions if wave not in question]
            for question, column in _pairs(known, rest, same):
                question[wave] = column
                rest.remove(column)
        questions += [{wave: column} for column in rest]
    return questions


def guess_long(columns: Mapping[str, Sequence[GuessedColumn]], skip: Iterable[str]) -> list[str]:
    """Name the columns of several waves that look like questions of too many answers to draft."""
    left_out = set(skip)
    waves_of = Counter(column.name for here in columns.values() for column in here)
    least = min(2, len(columns))
    long = [
        column.name
        for here in columns.values()
        for column in here
        if waves_of[column.name] >= least
        and column.name not in left_out
        and len(column.people) > MOST_ANSWERS
        and column.is_question(len(column.people))
        and not WEIGHT_NAME.search(column.words[0])
    ]
    return list(dict.fromkeys(long))


def _pairs(
    questions: Sequence[dict[str, GuessedColumn]],
    columns: Sequence[GuessedColumn],
    same: Callable[[GuessedColumn, GuessedColumn], bool],
) -> list[tuple[dict[str, GuessedColumn], GuessedColumn]]:
    """Pair questions with columns where each is the only one that fits the other."""
    fits = [
        (place, spot)
        for place, question in enumerate(questions)
        for spot, column in enumerate(columns)
        if same(_last(question), column)
    ]
    rows, spots = Counter(place for place, _ in fits), Counter(spot for _, spot in fits)
    return [
        (questions[place], columns[spot])
        for place, spot in fits
        if rows[place] == 1 and spots[spot] == 1
    ]


def _stem(column: GuessedColumn) -> str:
    """Name the battery of a column: q4 for q4_1, q4_2, …."""
    return re.sub(r"_\d+$", "", column.name)


def _last(question: Question) -> GuessedColumn:
    return list(question.values())[-1]


def _same_name(one: GuessedColumn, other: GuessedColumn) -> bool:
    """Tell whether two columns have one name and hold one question."""
    if one.name != other.name:
        return False
    if one.wording and other.wording:
        alike = difflib.SequenceMatcher(None, one.wording, other.wording).ratio()
        return alike >= ALIKE or (one.label_set == other.label_set and len(one.label_set) > 3)
    if one.labels and other.labels:
        return _shared_labels(one, other) >= 0.5
    return len(one.people.keys() & other.people.keys()) >= 2


def _same_text(one: GuessedColumn, other: GuessedColumn) -> bool:
    """Tell whether two columns have the same wording, long enough to mean something."""
    return (
        len(one.wording) >= 10
        and one.wording == other.wording
        and not one.is_option
        and _shared_labels(one, other) >= 0.5
    )


def _much_alike(one: GuessedColumn, other: GuessedColumn) -> bool:
    """Tell whether wordings and labels are so alike that a question may have been reworded."""
    if len(one.wording) < 30 or one.is_option or _shared_labels(one, other) < 0.4:
        return False
    matcher = difflib.SequenceMatcher(None, one.wording, other.wording)
    # The exact ratio is slow; these two are never below it.
    return (
        matcher.real_quick_ratio() >= REWORDED
        and matcher.quick_ratio() >= REWORDED
        and matcher.ratio() >= REWORDED
    )


def _shared_labels(one: GuessedColumn, other: GuessedColumn) -> float:
    every = one.label_set | other.label_set
    return len(one.label_set & other.label_set) / len(every) if every else 0.0
