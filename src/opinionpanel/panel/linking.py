"""Person ids of several waves to one list of people, or a refusal that says why."""

import re
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Integers
from opinionpanel.errors import LinkError, count_people, listing, unknown
from opinionpanel.panel.id_kinds import kinds_in_memory
from opinionpanel.panel.id_spelling import check_writing
from opinionpanel.panel.ids import (
    LOST_BY_NUMBERS,
    Keys,
    as_text,
    exact_ids,
    form,
    forms,
    is_placeholder,
)
from opinionpanel.panel.numbering import number_people
from opinionpanel.waves import Wave, Written

Duplicates = Literal["error", "drop_all"]
Person = str | Mapping[str, str | Sequence[str]]

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
        f"person= names the id column, or the columns by wave, not {columns!r}. Write person='id', "
        f"or person={{{wave!r}: 'id', …}}; a list of names for a wave says that the next one fills "
        "the gaps of the one before."
    )


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
    """

    wave: str
    where: str
    columns: tuple[str, ...]
    keys: Keys
    further: tuple[tuple[Booleans, Keys], ...]
    found: tuple[Keys, ...]


def link_waves(
    waves: Mapping[str, Wave], person: Person, *, duplicates: Duplicates = "error"
) -> Linked:
    """Read the id columns and find the same people.

    Parameters
    ----------
    waves : dict of str to Wave
    person : str or dict of str to str
        The id column, or its name by wave, or a list of names: ids of several waves that a row is
        known by. Rows that share any id are the same person.
    duplicates : {"error", "drop_all"}
        What to do with ids that stand in several rows of a wave: refuse, or drop all these rows,
        as nobody can tell which is right; these people were interviewed, without an answer.

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
    ids = [_read_ids(wave, name, id_columns(person, name)) for name, wave in waves.items()]
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
    notes = _column_notes(ids)
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
    _check_overlap(ids, present)
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


def dropped_note(wave: str, affected: int, doubled: int, nobody: int) -> str:
    """Say how many rows were dropped, `nobody` of them with a placeholder for an id."""
    people = "who has such an id counts as interviewed, without an answer"
    if nobody:
        people += f"; {nobody} of the rows have a placeholder, which is nobody's"
    return (
        f"wave {wave!r}: {affected} rows of {doubled} ids that stand in more than one row were "
        f"dropped; {people}"
    )


def _read_ids(wave: Wave, name: str, columns: list[str]) -> _Ids:
    where = f"Wave {name!r} ({wave.where}), column "
    read = [_exact(wave, name, column, f"{where}{column!r}") for column in columns]
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
    return _Ids(name, f"{where}{columns[0]!r}", tuple(columns), keys, tuple(further), found)


def _exact(wave: Wave, name: str, column: str, where: str) -> tuple[Keys, Booleans]:
    try:
        return exact_ids(wave.column(column, name, purpose="person id"), where)
    except LinkError as error:
        raise LinkError(f"{error}{wave.as_text(column)}") from None


def missing_error(where: str, rows: int, wave: str, column: str) -> LinkError:
    """Refuse rows without an id."""
    return LinkError(
        f"{where}: {rows} row(s) have no person id. If they are new "
        "in this wave, name a second column that identifies them, "
        f"person={{{wave!r}: [{column!r}, 'own_id'], …}}; otherwise remove these rows."
    )


def lost_error(where: str, ids: int, shape: str) -> LinkError:
    """Refuse text ids that another wave cannot have kept as numbers."""
    return LinkError(
        f"{where}: {ids} id(s) of the form {shape!r} (9: any digit) are "
        "written with leading zeros or decimals, and another wave stores its ids as "
        "numbers, which lose them. Store the ids in the same form in every wave, best as "
        "text."
    )


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
    most = int(times.max())
    # Rows have no order on every engine: of several in as many rows, the least is named.
    worst = ids.keys[times == most].min()
    why = wave.written.get(ids.columns[0], Written()).sentence
    return doubled_error(ids.where, affected, doubled, str(worst), most, why)


def doubled_error(
    where: str, affected: int, doubled: int, worst: str, times: int, why: str = ""
) -> LinkError:
    """Refuse ids that stand in several rows; `worst` is the one in most, and in how many.

    `why` says what of a text file may be blanks.
    """
    text = (
        f"{where}: {doubled} id(s) stand in more than one row ({affected} rows, "
        f"{affected - doubled} too many)."
    )
    if is_placeholder(worst, times):
        text += f" One value, {worst!r}, stands in {times} rows and looks like a placeholder"
        text += " for people without an id."
    elif times >= 10:
        text += f" One value stands in {times} rows and looks like a placeholder."
    text += f" {why}" if why else ""
    return LinkError(
        f"{text} A person has one row per wave: remove the repeated interviews, name the right id "
        "column in person=, or leave out all of these rows by duplicates='drop_all'."
    )


def at_several(present: Booleans) -> Booleans:
    """Tell who was interviewed at more than one wave."""
    once = np.zeros(present.shape[1], dtype=bool)
    several = once.copy()
    for here in present:
        several |= once & here
        once |= here
    return several


def _check_overlap(ids: Sequence[_Ids], present: Booleans) -> None:
    shared = at_several(present)
    for part, here in zip(ids, present, strict=True):
        if len(ids) > 1 and not (shared & here).any():
            shapes = "; ".join(f"{one.wave}: {forms(one.keys, one.columns[0])}" for one in ids)
            raise apart_error(part.wave, shapes)


def apart_error(wave: str, shapes: str) -> LinkError:
    """Refuse a wave that nobody of another wave is in."""
    return LinkError(
        f"Wave {wave!r} has no person in common with any other wave. A panel needs "
        f"the same ids in every wave; the forms of the ids are {shapes}. Name the right "
        "id columns, by wave if they differ: person={'w1': 'id', 'w2': 'id_w1'}."
    )


def _numbered(ids: Sequence[_Ids]) -> tuple[str, ...]:
    """Name the waves that look numbered by row: complete from 0 or 1 on, of different sizes."""
    sizes = {part.wave: len(part.keys) for part in ids if _complete(part.keys)}
    return tuple(sizes) if len(set(sizes.values())) > 1 else ()


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
