"""Person ids of several waves to one list of people, or a refusal that says why."""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence, Sized
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, get_args

import numpy as np
import pandas as pd

from opinionpanel.arrays import Array, Booleans, Integers
from opinionpanel.errors import LinkError, count_people, listing, shown, unknown
from opinionpanel.panel.id_errors import (
    Doubled,
    apart_error,
    doubled_error,
    dropped_note,
    lost_error,
    missing_error,
)
from opinionpanel.panel.id_kinds import kinds_in_memory
from opinionpanel.panel.id_spelling import check_writing
from opinionpanel.panel.ids import (
    LOST_BY_NUMBERS,
    Keys,
    as_text,
    exact_ids,
    exact_texts,
    form,
    forms,
    is_placeholder,
    of_nobody,
    placeholders,
)
from opinionpanel.panel.numbering import number_people
from opinionpanel.waves import Wave, Written

Duplicates = Literal["error", "drop_all"]
Person = str | Sequence[str] | Mapping[str, str | Sequence[str]]

# Complete numberings of fewer people than this happen by chance in small studies.
MANY_ROWS = 50


def id_columns(person: Person, wave: str) -> list[str]:
    """Name the id columns of a wave."""
    columns: object = person
    if isinstance(person, Mapping):
        if wave not in person:
            raise unknown("wave: person= names no id column for", wave, person)
        columns = person[wave]
    if isinstance(columns, Sequence) and not isinstance(columns, str):
        names = list(columns)
        if names and all(isinstance(name, str) for name in names):
            return names
    if isinstance(columns, str):
        return [columns]
    raise LinkError(
        f"person= names the id column, or the columns by wave, not {shown(columns)}. Write "
        "person='id', "
        f"or person={{{wave!r}: 'id', …}}; a list of names for a wave says that the next one fills "
        "the gaps of the one before."
    )


def all_id_columns(person: Person) -> list[str]:
    """Name the id columns of all waves, each once."""
    by_wave = person.values() if isinstance(person, Mapping) else [person]
    lists = [[columns] if isinstance(columns, str) else columns for columns in by_wave]
    return list(dict.fromkeys(column for columns in lists for column in columns))


@dataclass(frozen=True)
class Linked:
    """The same people found across waves.

    Attributes
    ----------
    waves : dict of str to Wave
        The waves, without the rows of ids that stand in several.
    people : int
        How many different people there are.
    rows : dict of str to numpy.ndarray of int
        For each wave, the person (0 … people - 1) of every row. People are numbered as they
        first appear, so the rows of the first wave are in order.
    present : numpy.ndarray of bool, shape (waves, people)
        Who was interviewed; also those whose rows were dropped.
    numbered : tuple of str
        Waves of different sizes whose ids are exactly the whole numbers from 0 or 1 on, as row
        numbers are.
    notes : tuple of str
        What a reader of the panel's summary should know.
    """

    waves: dict[str, Wave]
    people: int
    rows: dict[str, Integers]
    present: Booleans
    numbered: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Ids:
    """The ids of one wave.

    Attributes
    ----------
    keys : numpy.ndarray
        The id of each row: that of the first column that has one.
    further : sequence of (numpy.ndarray of bool, numpy.ndarray)
        Further ids of the same rows: which rows, and their ids, for each later column.
    found : sequence of numpy.ndarray
        The ids in each column.
    notes : tuple of str
        What stood in place of ids.
    """

    wave: str
    where: str
    columns: tuple[str, ...]
    keys: Keys
    further: tuple[tuple[Booleans, Keys], ...]
    found: tuple[Keys, ...]
    notes: tuple[str, ...] = ()


def link_waves(
    waves: Mapping[str, Wave],
    person: Person,
    *,
    duplicates: Duplicates = "error",
    no_id: Sequence[Hashable] = (),
) -> Linked:
    """Read the id columns and find the same people.

    Parameters
    ----------
    waves : dict of str to Wave
    person : str, list of str, or dict of str to either
        The id column, or its name by wave, or a list of names: ids of several waves that a row is
        known by. Rows that share any id are the same person.
    duplicates : {"error", "drop_all"}
        What to do with ids that stand in several rows of a wave: refuse, or drop all these rows,
        as nobody can tell which is right; these people were interviewed, without an answer.
    no_id : sequence
        Values that stand for no id, as blanks do. In several columns those are blanks as well that
        stand in several rows and look like it.

    Returns
    -------
    Linked

    Raises
    ------
    LinkError
        Missing or duplicate ids within a wave, ids that would link if they were written alike,
        or a wave that has no person in common with any other.
    """
    check_waves(waves, duplicates)
    none = exact_texts(no_id)
    ids = [_read_ids(wave, name, id_columns(person, name), none) for name, wave in waves.items()]
    for part in ids:
        if not len(part.keys):
            raise LinkError(f"{part.where}: the wave has no rows. Leave it out of the panel.")
    ids = _alike(ids)
    people, rows = number_people(
        [part.keys for part in ids],
        [(place, *further) for place, part in enumerate(ids) for further in part.further],
    )
    present, repeated = _presence(rows, people)
    if duplicates == "error":
        for part, row, twice in zip(ids, rows, repeated, strict=True):
            if twice:
                raise _duplicates_error(part, row, np.bincount(row)[row], waves[part.wave])
    if any(repeated):
        # Duplicates leave numbers that nobody has.
        rows, present = _renumbered(rows, present)
    if ids[0].keys.dtype.kind == "O":
        columns = listing(dict.fromkeys(part.columns[0] for part in ids))
        check_writing(list(waves), columns, [part.keys for part in ids], rows, present)
    notes = [*(note for part in ids for note in part.notes), *_column_notes(ids)]
    if ids[0].keys.dtype.kind == "O":
        notes += kinds_in_memory({part.wave: part.keys for part in ids})
    kept = dict(waves)
    for position, part in enumerate(ids):
        if repeated[position]:
            once, note = _only_once(part, rows[position], present[position])
            rows[position] = rows[position][once]
            kept[part.wave] = replace(kept[part.wave], frame=kept[part.wave].frame[once])
            notes.append(note)
    if any(repeated):
        # Placeholders were nobody.
        rows, present = _renumbered(rows, present)
    refuse_apart(list(waves), present, partial(_shapes, ids))
    return Linked(
        waves=kept,
        people=present.shape[1],
        rows=dict(zip(waves, rows, strict=True)),
        present=present,
        numbered=_numbered(ids),
        notes=tuple(notes),
    )


def check_waves(waves: Sized, duplicates: str) -> None:
    """Refuse a panel without waves, or a word that says nothing about duplicates."""
    if not waves:
        raise LinkError("A panel needs at least one wave.")
    if duplicates not in get_args(Duplicates):
        raise unknown("value of duplicates=", duplicates, get_args(Duplicates))


def _renumbered(rows: Sequence[Integers], present: Booleans) -> tuple[list[Integers], Booleans]:
    """Leave out numbers of people who are present nowhere."""
    used = present.any(axis=0)
    return [(np.cumsum(used) - 1)[row] for row in rows], present[:, used]


def _only_once(ids: _Ids, rows: Integers, present: Booleans) -> tuple[Booleans, str]:
    """Tell which rows to keep of a wave with duplicates; who has several was still interviewed.

    A placeholder such as 0 is nobody: whoever it stands for was not found at this wave.
    """
    times = np.bincount(rows)[rows]
    affected, doubled = _repeats(rows, times)
    several = np.flatnonzero(times > 1)
    nobody = [row for row in several if is_placeholder(str(ids.keys[row]), int(times[row]))]
    present[rows[nobody]] = False
    return times == 1, dropped_note(ids.wave, affected, doubled, len(nobody))


def _read_ids(wave: Wave, name: str, columns: list[str], no_id: frozenset[str]) -> _Ids:
    where = f"Wave {name!r} ({wave.where}), column "
    read, notes = [], []
    for column in columns:
        keys, blank = _exact(wave, name, column, f"{where}{column!r}")
        declared = of_nobody(keys, no_id) & ~blank
        noticed = placeholders(keys, blank | declared) if len(columns) > 1 else {}
        nobody = blank | declared | of_nobody(keys, frozenset(noticed))
        read.append((keys, nobody))
        notes += _blank_notes(f"wave {name!r}, column {column!r}", int(declared.sum()), noticed)
    kinds = {keys.dtype.kind for keys, _ in read}
    texts = [(keys if len(kinds) == 1 else as_text(keys), blank) for keys, blank in read]
    keys, blank = texts[0]
    further = []
    for other, empty in texts[1:]:
        also = ~blank & ~empty
        further.append((also, other[also]))
        keys, blank = np.where(blank, other, keys), blank & empty
    if blank.any():
        raise missing_error(f"{where}{columns[0]!r}", int(blank.sum()), name, columns[0])
    # Without a second column there are no blanks left.
    found = (keys,) if len(columns) == 1 else tuple(other[~empty] for other, empty in texts)
    place = f"{where}{columns[0]!r}"
    return _Ids(name, place, tuple(columns), keys, tuple(further), found, tuple(notes))


def _exact(wave: Wave, name: str, column: str, where: str) -> tuple[Keys, Booleans]:
    try:
        return exact_ids(wave.column(column, name, purpose="person id"), where)
    except LinkError as error:
        raise LinkError(f"{error}{wave.as_text(column)}") from None


def _blank_notes(place: str, declared: int, noticed: Mapping[str, int]) -> list[str]:
    """Say what was read as a blank among the ids of several columns."""
    notes = [f"{place}: {declared:,} rows have no id there by no_id="] if declared else []
    for value, rows in noticed.items():
        notes.append(
            f"{place}: {value!r} stands in {rows:,} rows and looks like a placeholder for people "
            "without an id: it was read as a blank, as no_id= would declare it"
        )
    return notes


def _alike(ids: Sequence[_Ids]) -> list[_Ids]:
    """Write all ids as text where some are; refuse text that numbers cannot have kept."""
    if len({part.keys.dtype.kind for part in ids}) == 1:
        return list(ids)
    for part in ids:
        lost = [
            text
            for keys in part.found
            if keys.dtype.kind == "O"
            for text in keys
            if re.fullmatch(LOST_BY_NUMBERS, text)
        ]
        if lost:
            raise lost_error(part.where, len(lost), form(lost[0]))
    return [
        replace(
            part,
            keys=as_text(part.keys),
            further=tuple((rows, as_text(keys)) for rows, keys in part.further),
            found=tuple(as_text(keys) for keys in part.found),
        )
        for part in ids
    ]


def _presence(rows: Sequence[Integers], people: int) -> tuple[Booleans, list[bool]]:
    """Tell who was interviewed at each wave, and which waves have someone in several rows."""
    present = np.zeros((len(rows), people), dtype=bool)
    for position, row in enumerate(rows):
        if position and row is rows[0]:
            present[position] = present[0]
        else:
            present[position, row] = True
    repeated = [
        bool(np.count_nonzero(here) < len(row)) for here, row in zip(present, rows, strict=True)
    ]
    return present, repeated


def _repeats(rows: Integers, times: Integers) -> tuple[int, int]:
    """Count the rows, and the ids, of people who stand in several rows."""
    several = times > 1
    return int(several.sum()), len(np.unique(rows[several]))


def _duplicates_error(ids: _Ids, rows: Integers, times: Integers, wave: Wave) -> LinkError:
    affected, doubled = _repeats(rows, times)
    if len(pd.unique(ids.keys)) == len(ids.keys):
        return LinkError(
            f"{ids.where}: {count_people(doubled)} would stand in {affected} rows, although no id "
            "does. Rows that share an id in any of several id columns are one person, and the "
            "columns named in person= join these. A column that numbers people anew in every wave "
            "must be left out of the list, or hold numbers that are no ids of another wave."
        )
    values, known = np.unique(ids.keys[times > 1], return_counts=True)
    why = wave.written.get(ids.columns[0], Written()).sentence
    return doubled_error(ids.where, ids.wave, ids.columns[0], count_doubled(values, known), why)


def count_doubled(ids: Array, times: Integers) -> Doubled:
    """Count ids that stand in several rows, `times`, apart from those that are nobody's."""
    nobody = of_placeholders(ids, times)
    return Doubled(
        rows=int(times[~nobody].sum()),
        ids=int((~nobody).sum()),
        most=int(times[~nobody].max(initial=0)),
        nobody_rows=int(times[nobody].sum()),
        nobody_ids=int(nobody.sum()),
        nobody=str(ids[nobody].min()) if nobody.any() else "",
    )


def of_placeholders(ids: Array, times: Integers) -> Booleans:
    """Tell which ids, each in so many rows, stand for nobody."""
    pairs = zip(ids.tolist(), times.tolist(), strict=True)
    return np.array([is_placeholder(str(one), rows) for one, rows in pairs], dtype=bool)


def at_several(present: Booleans) -> Booleans:
    """Tell who was interviewed at more than one wave."""
    once = np.zeros(present.shape[1], dtype=bool)
    several = once.copy()
    for here in present:
        several |= once & here
        once |= here
    return several


def refuse_apart(waves: Sequence[str], present: Booleans, shapes: Callable[[], str]) -> None:
    """Refuse a wave whose people are in no other; `shapes` describes the ids of every wave."""
    shared = at_several(present)
    for wave, here in zip(waves, present, strict=True):
        if len(waves) > 1 and not (shared & here).any():
            raise apart_error(wave, shapes())


def _shapes(ids: Sequence[_Ids]) -> str:
    return "; ".join(f"{one.wave}: {forms(one.keys, one.columns[0])}" for one in ids)


def _numbered(ids: Sequence[_Ids]) -> tuple[str, ...]:
    """Name the waves that look numbered by row: complete from 0 or 1 on, of different sizes."""
    return numbered({part.wave: len(part.keys) for part in ids if _complete(part.keys)})


def numbered(complete: Mapping[str, int]) -> tuple[str, ...]:
    """Name the waves that look numbered by row, from the sizes of those with complete numbers."""
    return tuple(complete) if len(set(complete.values())) > 1 else ()


def _complete(keys: Keys) -> bool:
    if len(keys) < MANY_ROWS:
        return False
    if keys.dtype.kind != "i":
        digits = len(str(len(keys)))
        if not all(len(text) <= digits and text.isdecimal() for text in keys):
            return False
        keys = keys.astype(np.int64)
    return complete_numbers(len(keys), int(keys.min()), int(keys.max()))


def complete_numbers(rows: int, low: float, high: float) -> bool:
    """Tell whether different whole numbers from `low` to `high` are those of the rows."""
    return rows >= MANY_ROWS and low in (0, 1) and high == low + rows - 1


def _column_notes(ids: Sequence[_Ids]) -> list[str]:
    """Say how many people have an id of an earlier wave in each of several id columns."""
    notes = []
    for position, part in enumerate(ids):
        if position and len(part.columns) > 1:
            earlier = np.concatenate([keys for other in ids[:position] for keys in other.found])
            counts = [
                f"{int(np.isin(keys, earlier).sum()):,} in {column!r}"
                for column, keys in zip(part.columns, part.found, strict=True)
            ]
            notes.append(
                f"wave {part.wave!r}: of {len(part.keys):,} people, so many have an id of an "
                f"earlier wave: {', '.join(counts)}"
            )
    return notes
