"""The numbers in the columns of a score: which codes are numbers, and which are no answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from opinionpanel.arrays import Floats, Integers
from opinionpanel.errors import ItemError, count_people, placed
from opinionpanel.questions.bands import as_number
from opinionpanel.questions.item_columns import BLANK, ItemColumn
from opinionpanel.questions.question import NO_ANSWER, NOT_ASKED
from opinionpanel.questions.refusals import says_refusal
from opinionpanel.questions.score import LARGEST, Score
from opinionpanel.questions.score_checks import (
    ReadNumbers,
    check_named,
    check_numbers,
    doubtful_notes,
)
from opinionpanel.waves import (
    Wave,
    Written,
    canonical,
    code_text,
    declared_missing,
    read_codes,
)


def read_score_columns(
    score: Score, name: str, waves: Mapping[str, Wave], times: Mapping[str, Integers] | None
) -> tuple[dict[str, list[ItemColumn]], Floats, list[str]]:
    """Read the columns of a score at every wave.

    Returns
    -------
    tuple
        The columns by wave, whose states are places among the numbers; the numbers that occur, in
        ascending order; and what to note.

    Raises
    ------
    ItemError
        Values that are no number of the scale and stand nowhere as no answer.
    """
    found = [
        _column(score, name, wave, column, waves[wave], None if times is None else times[wave])
        for wave in waves
        for column in score.columns_at(wave)
    ]
    check_named(score, found)
    silent = [code for column in found for code in column.missing]
    numbers: list[dict[object, float]] = []
    notes: list[str] = []
    for column in found:
        read = _numbers(score, column, silent)
        check_numbers(score, column, read)
        numbers.append(read.numbers)
        notes += _declared_elsewhere(column, silent) + doubtful_notes(score, column, read.numbers)
    if found and not any(numbers):
        notes.append("nobody has a number: check the columns")
    values = np.unique(np.array([x for one in numbers for x in one.values()], dtype=np.float64))
    by_wave: dict[str, list[ItemColumn]] = {}
    for column, one in zip(found, numbers, strict=True):
        by_wave.setdefault(column.wave, []).append(_placed(score, column, one, values))
    return by_wave, values, notes


def _column(
    score: Score, name: str, wave: str, column: str, record: Wave, times: Integers | None
) -> ItemColumn:
    """Read the codes of a column; what they mean is not known yet."""
    answers = record.column(column, wave, purpose=f"score {name!r}")
    labels = {
        canonical(code): text
        for code, text in record.labels.get(column, {}).items()
        if canonical(text) is not None
    }
    try:
        codes = read_codes(answers)
    except ItemError as error:
        place = f"Wave {wave!r} ({record.where}), column {column!r}"
        raise ItemError(*placed(place, error)) from None
    return ItemColumn(
        wave,
        column,
        record.where,
        codes if times is None else replace(codes, times=times),
        labels,
        record.missing.get(column, ()),
        {},
        np.zeros(0, dtype=np.int8),
        record.written.get(column, Written()),
    )


def _numbers(score: Score, column: ItemColumn, silent: Sequence[Any]) -> ReadNumbers:
    """Find the number of each code that has one, and the codes that are neither that nor silent."""
    left_out = {*_codes(score.missing, column), *_codes(score.not_asked, column)}
    read = ReadNumbers()
    for code, people in column.codes.people.items():
        if code is None or code in left_out or declared_missing(code, silent):
            continue
        number = as_number(code, column.written.mark)
        if number is None:
            read.texts[code] = people
        elif not score.low <= number <= score.high:
            read.outside[code] = people
        elif abs(number) > LARGEST:
            read.large[code] = people
        elif says_refusal(str(column.labels.get(code, ""))):
            read.refused[code] = people
        else:
            read.numbers[code] = number
    return read


def _codes(named: Iterable[object], column: ItemColumn) -> set[object]:
    """Find the codes that are named by themselves or by their labels."""
    keys = {canonical(code) for code in named}
    tags = {key[1:] for key in keys if isinstance(key, str) and key[:1] == "." and len(key) == 2}
    tags |= {tag.swapcase() for tag in tags}
    labelled = {code for code, text in column.labels.items() if canonical(text) in keys}
    # Of a column that stayed text, the numbers are read as numbers, and so are these.
    written = {
        code
        for code in column.codes.people
        if isinstance(code, str)
        and (number := as_number(code, column.written.mark)) is not None
        and canonical(number) in keys
    }
    return keys | labelled | tags | written


def _declared_elsewhere(column: ItemColumn, silent: Sequence[Any]) -> list[str]:
    """Note what is read as no answer because another file declares it missing."""
    return [
        f"{code_text(code)} ({column.wave}: {count_people(people)}) is declared missing in another "
        "column, and is read as no answer here as well"
        for code, people in column.codes.people.items()
        if declared_missing(code, silent) and not declared_missing(code, column.missing)
    ]


def _placed(
    score: Score, column: ItemColumn, read: Mapping[object, float], values: Floats
) -> ItemColumn:
    """Give every code the place of its number."""
    places = np.searchsorted(values, np.array(list(read.values()), dtype=np.float64)).tolist()
    meanings: dict[object, int] = dict(zip(read, places, strict=True))
    meanings |= dict.fromkeys(_codes(score.not_asked, column), NOT_ASKED)
    states = column.codes.look_up({None: BLANK, **meanings}, other=NO_ANSWER, size=np.int32)
    return replace(column, meanings=meanings, states=states)


def read_codes_of_score(
    score: Score, wave: str, column: str, record: Wave
) -> tuple[dict[object, int], dict[object, str]]:
    """Say of the codes of a column what each is, without refusing any, for a look at a study.

    Returns
    -------
    tuple
        The codes that are numbers of the scale and have no label, with their people; and what
        others are read as, as far as it is known.
    """
    read = _column(score, column, wave, column, record, None)
    found = _numbers(score, read, read.missing)
    not_asked = _codes(score.not_asked, read)
    meant = dict.fromkeys(_codes(score.missing, read), "no answer")
    meant |= dict.fromkeys(not_asked, "not asked")
    meant |= dict.fromkeys(found.numbers, "number")
    people = read.codes.people
    meant |= {
        code: "no answer"
        for code in people
        if code is not None and code not in meant and declared_missing(code, read.missing)
    }
    meant = {code: what for code, what in meant.items() if code in people or code in read.labels}
    plain = {code: people[code] for code in found.numbers if code not in read.labels}
    return plain, {code: what for code, what in meant.items() if code not in plain}
