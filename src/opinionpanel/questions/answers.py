"""The answers to an item: states by wave and person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers, SignedIntegers
from opinionpanel.engines import PersonRows
from opinionpanel.errors import ItemError, count_people, listing, placed, unknown
from opinionpanel.questions.code_checks import check_coding
from opinionpanel.questions.item import Item
from opinionpanel.questions.item_columns import BLANK, ItemColumn
from opinionpanel.questions.naming import OtherAnswers, looks_open
from opinionpanel.questions.option_marks import Option
from opinionpanel.questions.question import NO_ANSWER, NOT_ASKED, NOT_INTERVIEWED
from opinionpanel.questions.score import Score
from opinionpanel.questions.score_answers import read_score_columns
from opinionpanel.questions.silent_labels import label_notes
from opinionpanel.waves import Rows, Wave, Written, canonical, declared_missing, read_codes

Waves = Mapping[str, Wave]
AnyQuestion = Item | Score
Questions = Mapping[str, AnyQuestion]
Unread = Mapping[str | OtherAnswers, int]


@dataclass(frozen=True)
class Answers:
    """The answers to an item.

    Attributes
    ----------
    codes : PersonRows of int
        Position of the state, or of the number of a score; -1 for no answer, -2 for not asked, -3
        for not interviewed.
    unread : dict
        Wave to the codes, with their labels, that were read as no answer, and how many people
        gave each; those that no text may name are put together.
    notes : tuple of str
        What a reader of the panel's summary should know.
    values : numpy.ndarray, shape (k,), or None
        The numbers of a score, in ascending order; None for an item.
    """

    codes: PersonRows
    unread: Mapping[str, Unread]
    notes: tuple[str, ...] = ()
    values: Floats | None = None


@dataclass(frozen=True)
class Coded:
    """The states that the rows of waves give.

    Attributes
    ----------
    columns : dict of str to list of ItemColumn
        The columns of every wave that asked.
    states : dict of str to numpy.ndarray of int8, for scores of int32
        Of the same waves, the state of each row; -1 for no answer, -2 for not asked.
    unread, notes, values
        As in `Answers`.
    """

    columns: Mapping[str, Sequence[ItemColumn]]
    states: Mapping[str, SignedIntegers]
    unread: Mapping[str, Unread]
    notes: tuple[str, ...]
    values: Floats | None = None

    @property
    def size(self) -> type[np.int8] | type[np.int32]:
        """The type that holds the codes of people."""
        return np.int8 if self.values is None else np.int32


def read_answers(
    item: AnyQuestion, name: str, waves: Waves, rows: Rows, present: Booleans
) -> Answers:
    """Read the states of an item, or the numbers of a score, at every wave.

    Parameters
    ----------
    item : Item or Score
    name : str
        What the panel calls it.
    waves : dict of str to Wave
    rows : dict of str to numpy.ndarray of int
        Wave to the person of each row of its frame.
    present : numpy.ndarray of bool, shape (waves, people)
        Who was interviewed; with duplicate ids also people without a row.

    Returns
    -------
    Answers

    Raises
    ------
    ReadError
        A column does not exist.
    ItemError
        Codes that are mapped to no state, or that mean different things in different columns.

    Examples
    --------
    >>> import pandas as pd
    >>> vote = Item({"May": "q1"}, {"yes": [1], "no": [2]}, rest="missing")
    >>> waves = {"May": Wave(pd.DataFrame({"q1": [1, 2, 98]})), "June": Wave(pd.DataFrame())}
    >>> rows = {"May": np.array([0, 1, 2]), "June": np.array([0, 1])}
    >>> present = np.array([[True, True, True, False], [True, True, False, False]])
    >>> answers = read_answers(vote, "vote", waves, rows, present)
    >>> answers.codes.tolist()
    [[0, 1, -1, -3], [-2, -2, -3, -3]]
    >>> answers.unread
    {'May': {'98': 1}}
    """
    coded = code_answers(item, name, waves)
    codes = present * coded.size(NO_ANSWER - NOT_INTERVIEWED) + coded.size(NOT_INTERVIEWED)
    for position, wave in enumerate(waves):
        if wave in coded.states:
            codes[position, rows[wave]] = coded.states[wave]
        else:
            codes[position, present[position]] = NOT_ASKED
    return Answers(codes, coded.unread, coded.notes, coded.values)


def code_answers(
    item: AnyQuestion, name: str, waves: Waves, times: Mapping[str, Integers] | None = None
) -> Coded:
    """Find the states of an item in the rows of every wave, and check its codes.

    Parameters
    ----------
    item, name, waves
        As in `read_answers`.
    times : dict of str to numpy.ndarray of int, optional
        Wave to the number of people that each row stands for; by default one.

    Returns
    -------
    Coded

    Raises
    ------
    ReadError, ItemError
        As in `read_answers`.
    """
    if isinstance(item.column, Mapping):
        for wave in item.column:
            if wave not in waves:
                raise unknown(f"wave in the columns of {item.kind} {name!r}:", wave, waves)
    values = None
    try:
        if isinstance(item, Score):
            by_wave, values, notes = read_score_columns(item, name, waves, times)
        else:
            by_wave, notes = _read_columns(item, name, waves, times)
        differ = "mean different states" if values is None else "are different numbers"
        states, unread = {}, {}
        for wave, here in by_wave.items():
            states[wave] = _states(here, differ, several=item.takes_several)
            own = [column for alike in _alike(item, here) for column in alike]
            if left := _unread(own, states[wave], alone=len(here) == 1):
                unread[wave] = left
    except ItemError as error:
        raise ItemError(*placed(f"{item.kind.capitalize()} {name!r}", error)) from None
    if isinstance(item, Item):
        notes += _empty_notes(item, states)
    said = tuple(f"{item.kind} {name!r}: {note}" for note in notes)
    return Coded(by_wave, states, unread, said, values)


def _read_columns(
    item: Item, name: str, waves: Waves, times: Mapping[str, Integers] | None
) -> tuple[dict[str, list[ItemColumn]], list[str]]:
    """Read the columns of an item at every wave, and check its codes; also give what to note."""
    by_wave: dict[str, list[ItemColumn]] = {}
    for wave in waves:
        for column in item.columns_at(wave):
            people = None if times is None else times[wave]
            read = read_column(item, f"{item.kind} {name!r}", wave, column, waves[wave], people)
            by_wave.setdefault(wave, []).append(read)
    columns = [column for here in by_wave.values() for column in here]
    notes: list[str] = []
    for alike in _alike(item, columns):
        notes += check_coding(item, alike)
        if item.has_not_asked:
            notes += label_notes(item, alike)
    return by_wave, notes


def _empty_notes(item: Item, states: Mapping[str, SignedIntegers]) -> list[str]:
    """Note states that nobody has."""
    empty = [
        state
        for position, state in enumerate(item.state_names)
        if states and not any((row == position).any() for row in states.values())
    ]
    return [f"nobody's answer is {listing(empty)}: check the codes"] if empty else []


def read_column(
    item: Item,
    purpose: str,
    wave: str,
    column: str,
    record: Wave,
    times: Integers | None,
) -> ItemColumn:
    """Read what the codes of a column mean, before they are checked.

    `times` are how many people each row stands for; None for one.
    """
    answers = record.column(column, wave, purpose=purpose)
    labels = {
        canonical(code): text
        for code, text in record.labels.get(column, {}).items()
        if canonical(text) is not None
    }
    missing = record.missing.get(column, ())
    try:
        codes = read_codes(answers)
        codes = codes if times is None else replace(codes, times=times)
        meanings = item.meanings(wave, labels=labels, missing=missing, column=column)
        if missing and not item.needs_missing:
            silent = (code for code in codes.people if declared_missing(code, missing))
            meanings = {**dict.fromkeys(silent, NO_ANSWER), **meanings}
    except ItemError as error:
        place = f"Wave {wave!r} ({record.where}), column {column!r}"
        raise ItemError(*placed(place, error)) from None
    states = codes.look_up({**meanings, None: BLANK}, other=NO_ANSWER)
    written = record.written.get(column, Written())
    return ItemColumn(wave, column, record.where, codes, labels, missing, meanings, states, written)


def _alike(item: AnyQuestion, columns: Sequence[ItemColumn]) -> list[list[ItemColumn]]:
    """Part columns by whether a code means the same in them; leave out those of other options."""
    if not isinstance(item, Option):
        return [list(columns)]
    parts: dict[int, list[ItemColumn]] = {}
    for column in columns:
        for place, names in enumerate(item.marks_at(column.wave).alike):
            if column.name in names:
                parts.setdefault(place, []).append(column)
    return list(parts.values())


def _states(columns: Sequence[ItemColumn], differ: str, *, several: bool) -> SignedIntegers:
    """Take each person's state; of several columns the first that gives one.

    `differ` says what answers are that must not stand beside each other. Where people take several
    answers, each column says something: the first state wins.
    """
    for one, two in () if several else combinations(columns, 2):
        both = (one.states >= 0) & (two.states >= 0)
        clashing = both & (one.states != two.states)
        clash = sum(one.codes.among(clashing).people.values()) if clashing.any() else 0
        if clash:
            raise ItemError(
                f"Wave {one.wave!r} ({one.where}), columns {one.name!r} and {two.name!r}: "
                f"{count_people(clash)} gave answers that {differ}. Columns that "
                "are combined must hold one question each person answers once: mend the data, "
                "or name one column."
            )
    # Where states agree, the greatest is the first: a state, else no answer, else not asked.
    first_of = first_state if several else np.maximum
    states = reduce(first_of, [column.states for column in columns[1:]], columns[0].states.copy())
    # Adding to all is faster than picking the blanks out.
    blank = columns[0].meanings.get(None, NO_ANSWER)
    states += (states == BLANK) * np.int8(blank - BLANK)
    return states


def first_state(one: SignedIntegers, two: SignedIntegers) -> SignedIntegers:
    """Take the first of two states, and the only one; else no answer, else not asked."""
    both = (one >= 0) & (two >= 0)
    return np.where(both, np.minimum(one, two), np.maximum(one, two))


def _unread(columns: Sequence[ItemColumn], states: SignedIntegers, *, alone: bool) -> Unread:
    """Count the people by the codes that were read as no answer."""
    unread: dict[str | OtherAnswers, int] = {}
    others: list[int] = []
    for column in columns:
        left = column.unmapped
        if left and not alone:
            # Another column may have given these people a state.
            kept = column.codes.among(states == NO_ANSWER).people
            left = {code: kept[code] for code in left if code in kept}
        # Most likely open answers, which no summary may show.
        named = set() if looks_open(left) else column.nameable
        others += [count for code, count in left.items() if code not in named]
        for code, count in left.items():
            if code in named:
                text = column.code_text(code)
                unread[text] = unread.get(text, 0) + count
    if others:
        unread[OtherAnswers(len(others))] = sum(others)
    return unread
