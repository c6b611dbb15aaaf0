"""The numbers in the columns of a score: which codes are numbers, and which are no answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from opinionpanel.arrays import Floats, Integers
from opinionpanel.errors import ItemError, count_people, placed
from opinionpanel.questions.bands import as_number
from opinionpanel.questions.item_columns import BLANK, ItemColumn, place_of
from opinionpanel.questions.naming import looks_open
from opinionpanel.questions.question import NO_ANSWER, NOT_ASKED
from opinionpanel.questions.refusals import says_refusal
from opinionpanel.questions.score import Score
from opinionpanel.waves import (
    Wave,
    Written,
    canonical,
    code_order,
    code_text,
    declared_missing,
    read_codes,
)

# Of the values that are no numbers of the scale, a message shows so many.
MOST_SHOWN = 12


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
    silent = [code for column in found for code in column.missing]
    numbers: list[dict[object, float]] = []
    notes: list[str] = []
    for column in found:
        read, wrong = _numbers(score, column, silent)
        _check(score, column, wrong, any_number=bool(read))
        numbers.append(read)
        notes += _declared_elsewhere(column, silent)
    values = np.unique(np.array([x for read in numbers for x in read.values()], dtype=np.float64))
    by_wave: dict[str, list[ItemColumn]] = {}
    for column, read in zip(found, numbers, strict=True):
        by_wave.setdefault(column.wave, []).append(_placed(score, column, read, values))
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


def _numbers(
    score: Score, column: ItemColumn, silent: Sequence[Any]
) -> tuple[dict[object, float], dict[object, int]]:
    """Find the number of each code that has one, and the codes that are neither that nor silent."""
    left_out = {*_codes(score.missing, column), *_codes(score.not_asked, column)}
    read: dict[object, float] = {}
    wrong: dict[object, int] = {}
    for code, people in column.codes.people.items():
        if code is None or code in left_out or declared_missing(code, silent):
            continue
        number = as_number(code, column.written.mark)
        refusal = says_refusal(str(column.labels.get(code, "")))
        if number is None or not score.low <= number <= score.high or refusal:
            wrong[code] = people
        else:
            read[code] = number
    return read, wrong


def _codes(named: Iterable[object], column: ItemColumn) -> set[object]:
    """Find the codes that are named by themselves or by their labels."""
    keys = {canonical(code) for code in named}
    tags = {key[1:] for key in keys if isinstance(key, str) and key[:1] == "." and len(key) == 2}
    tags |= {tag.swapcase() for tag in tags}
    labelled = {code for code, text in column.labels.items() if canonical(text) in keys}
    return keys | labelled | tags


def _check(
    score: Score, column: ItemColumn, wrong: Mapping[object, int], *, any_number: bool
) -> None:
    """Refuse values that are no number of the scale."""
    if not wrong:
        return
    ends = f"from {score.low:g} to {score.high:g}"
    values = "1 value is" if len(wrong) == 1 else f"{len(wrong)} values are"
    way_out = "Name a column of numbers."
    if any_number:
        way_out = (
            "Name codes of no answer in missing=[…], or set low and high to what the scale has."
        )
    if looks_open(wrong):
        raise ItemError(f"{place_of(column)}: {values} no number {ends}. {way_out}")
    ordered = {code: wrong[code] for code in sorted(wrong, key=code_order)}
    texts = column.counted(ordered)
    more = f"; and {len(texts) - MOST_SHOWN} more" if len(texts) > MOST_SHOWN else ""
    raise ItemError(
        f"{place_of(column)}: {values} no number {ends}: {'; '.join(texts[:MOST_SHOWN])}{more}. "
        f"{way_out}"
    )


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


def numbers_note(values: Floats) -> list[str]:
    """Note a score that is the same for everyone."""
    return [f"everyone's number is {values[0]:g}: check the column"] if len(values) == 1 else []
