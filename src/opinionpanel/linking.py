"""Person ids of several waves to one list of people, or a refusal that says why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.errors import LinkError, listing, unknown
from opinionpanel.ids import (
    Keys,
    as_text,
    blank_words,
    by_case,
    difference,
    exact_ids,
    form,
    forms,
    in_one_case,
    is_placeholder,
    loose,
)
from opinionpanel.waves import Wave

__all__ = ["Duplicates", "Linked", "Person", "id_columns", "link_waves"]

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
Duplicates = Literal["error", "drop_all"]
Person = str | Mapping[str, str | Sequence[str]]

# Complete numberings of fewer people than this happen by chance in small studies.
MANY_ROWS = 50


def id_columns(person: Person, wave: str) -> list[str]:
    """Name the id columns of a wave: the first, and those that fill its gaps."""
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
    """The ids of one wave: exact keys, and for each row which of the id columns it came from.

    `unused` holds, by later id column, the ids of rows that an earlier column identifies.
    """

    wave: str
    where: str
    columns: tuple[str, ...]
    keys: Keys
    origin: npt.NDArray[np.int8]
    unused: Mapping[str, frozenset[str]]


def link_waves(
    waves: Mapping[str, Wave], person: Person, *, duplicates: Duplicates = "error"
) -> Linked:
    """Read the id columns and find the same people.

    Parameters
    ----------
    waves : dict of str to Wave
    person : str or dict of str to str
        The id column, or its name by wave, or a list of names where the next fills the gaps of
        the one before.
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
    if not waves:
        raise LinkError("A panel needs at least one wave.")
    if duplicates not in get_args(Duplicates):
        raise unknown("value of duplicates=", duplicates, get_args(Duplicates))
    ids = [_read_ids(wave, name, id_columns(person, name)) for name, wave in waves.items()]
    for part in ids:
        if not len(part.keys):
            raise LinkError(f"{part.where}: the wave has no rows. Leave it out of the panel.")
    if len({part.keys.dtype.kind for part in ids}) > 1:
        ids = [_among_numbers(part) for part in ids]
    people, rows = _number([part.keys for part in ids])
    present, repeated = _presence(rows, people)
    if duplicates == "error":
        for part, row, twice in zip(ids, rows, repeated, strict=True):
            if twice:
                raise _duplicates_error(part, row, np.bincount(row)[row])
    if any(repeated):
        # Duplicates leave numbers that nobody has.
        rows, present = _renumbered(rows, present)
    if ids[0].keys.dtype.kind == "O":
        _check_writing(ids, rows, present)
    notes = _fallback_notes(ids, rows, present.shape[1])
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
    people = "who has such an id counts as interviewed, without an answer"
    if nobody:
        people += f"; {len(nobody)} of the rows have a placeholder, which is nobody's"
    note = (
        f"wave {ids.wave!r}: {affected} rows of {doubled} ids that stand in more than one row were "
        f"dropped; {people}"
    )
    return times == 1, note


def _read_ids(wave: Wave, name: str, columns: list[str]) -> _Ids:
    where = f"Wave {name!r} ({wave.where}), column {columns[0]!r}"
    keys, blank = exact_ids(wave.column(columns[0], name, purpose="person id"), where)
    origin = np.zeros(len(keys), dtype=np.int8)
    unused = {}
    for place, column in enumerate(columns[1:], start=1):
        other, empty = exact_ids(
            wave.column(column, name, purpose="person id"),
            f"Wave {name!r} ({wave.where}), column {column!r}",
        )
        fill = blank & ~empty
        unused[column] = frozenset(as_text(other[~blank & ~empty]))
        if keys.dtype.kind != other.dtype.kind:
            keys, other = as_text(keys), as_text(other)
        keys = np.where(fill, other, keys)
        origin[fill] = place
        blank = blank & empty
    if blank.any():
        raise LinkError(
            f"{where}: {int(blank.sum())} row(s) have no person id. If they are new in this wave, "
            "name a second column that identifies them, person={'w2': ['old_id', 'new_id']}; "
            "otherwise remove these rows."
        )
    return _Ids(name, where, tuple(columns), keys, origin, unused)


def _among_numbers(ids: _Ids) -> _Ids:
    """Write numbers as text; refuse text that another wave's numbers cannot have kept."""
    if ids.keys.dtype.kind == "i":
        return replace(ids, keys=as_text(ids.keys))
    lost = [text for text in ids.keys if re.fullmatch(r"0+\d+|\d+\.0+", text)]
    if lost:
        raise LinkError(
            f"{ids.where}: {len(lost)} id(s) like {form(lost[0])!r} are written with leading zeros "
            "or decimals, and another wave stores its ids as numbers, which lose them. Store the "
            "ids in the same form in every wave, best as text."
        )
    return ids


def _number(keys: Sequence[Keys]) -> tuple[int, list[Integers]]:
    """Give every person a number, in order of appearance; with duplicates some stay unused."""
    # Waves are often delivered in the same order: then there is nothing to search.
    same = [np.array_equal(key, keys[0]) for key in keys]
    others = [keys[0], *(key for key, equal in zip(keys, same, strict=True) if not equal)]
    if len(others) == 1 and keys[0].dtype.kind == "i" and (keys[0][1:] > keys[0][:-1]).all():
        return len(keys[0]), [np.arange(len(keys[0]))] * len(keys)
    filled = [key for key in others if len(key)]
    span = 0
    if filled and keys[0].dtype.kind == "i":
        low = min(int(key.min()) for key in filled)
        span = 1 + max(int(key.max()) for key in filled) - low
    # A table by id beats hashing as long as it is not much larger than the data.
    if 0 < span <= 8 * sum(len(key) for key in filled) + 1000:
        people, numbered = _by_table(others, low, span)
    else:
        codes, found = pd.factorize(np.concatenate(others))
        ends = np.cumsum([len(key) for key in others])[:-1]
        people = len(found)
        numbered = [part.astype(np.int64, copy=False) for part in np.split(codes, ends)]
    rest = iter(numbered[1:])
    return people, [numbered[0] if equal else next(rest) for equal in same]


def _by_table(keys: Sequence[Keys], low: int, span: int) -> tuple[int, list[Integers]]:
    table = np.full(span, -1, dtype=np.int64)
    people, rows = 0, []
    for key in keys:
        place = key - low
        row = table[place]
        new = row < 0
        if new.any():
            fresh = place[new]
            table[fresh] = np.arange(people, people + len(fresh))
            row[new] = table[fresh]
            people += len(fresh)
        rows.append(row)
    return people, rows


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


def _duplicates_error(ids: _Ids, rows: Integers, times: Integers) -> LinkError:
    affected, doubled = _repeats(rows, times)
    text = (
        f"{ids.where}: {doubled} id(s) stand in more than one row ({affected} rows, "
        f"{affected - doubled} too many)."
    )
    worst = int(times.argmax())
    value = str(ids.keys[worst])
    if is_placeholder(value, int(times[worst])):
        text += f" One value, {value!r}, stands in {times[worst]} rows and looks like a placeholder"
        text += " for people without an id."
    elif times[worst] >= 10:
        text += f" One value stands in {times[worst]} rows and looks like a placeholder."
    return LinkError(
        f"{text} A person has one row per wave: remove the repeated interviews, name the right id "
        "column in person=, or leave out all of these rows by duplicates='drop_all'."
    )


def _check_writing(ids: Sequence[_Ids], rows: Sequence[Integers], present: Booleans) -> None:
    """Refuse words for a blank, and ids that differ in zeros, case, a decimal point or a hyphen.

    Two ids count only if no wave has both (then they are two people), and, where they have
    hyphens or spaces, if these stand at the same places: 1-23 and 12-3 are two people.
    """
    columns = listing(dict.fromkeys(part.columns[0] for part in ids))
    texts = np.empty(present.shape[1], dtype=object)
    for part, row in zip(ids, rows, strict=True):
        texts[row] = part.keys
    if blanks := blank_words(texts):
        raise LinkError(
            f"{blanks} id(s) (column {columns}) are 'nan' or another word that programs write for "
            "a blank. Remove these rows, or give these people an id."
        )
    # Whoever is in every wave shares a wave with any other id.
    open_ids = np.flatnonzero(~present.all(axis=0))
    if not len(open_ids):
        return
    # Ids that use letter case lose it in a wave that some program folded.
    fold = not by_case(texts[open_ids]) or any(in_one_case(part.keys) for part in ids)
    undone, parted = zip(*(loose(text, fold=fold) for text in texts[open_ids]), strict=True)
    alike, _ = pd.factorize(np.array(undone, dtype=object))
    several = np.bincount(alike) > 1
    for here in present:
        several &= np.bincount(alike[here[open_ids]], minlength=len(several)) <= 1
    sets: dict[int, list[int]] = {}
    for place in np.flatnonzero(several[alike]):
        sets.setdefault(int(alike[place]), []).append(int(place))
    found = [
        open_ids[places]
        for places in sets.values()
        if len({parted[place] for place in places if parted[place]}) <= 1
    ]
    if not found:
        return
    first, second = found[0][:2]
    ends = [
        f"like {form(texts[one])!r} in wave {ids[int(present[:, one].argmax())].wave!r}"
        for one in (first, second)
    ]
    raise LinkError(
        f"{len(found)} id(s) (column {columns}) would link if they were written alike: "
        f"{ends[0]}, {ends[1]}; they differ by {difference(texts[first], texts[second])}. Write "
        "the ids in the same form in every wave, best as text."
    )


def _check_overlap(ids: Sequence[_Ids], present: Booleans) -> None:
    shared = present.sum(axis=0, dtype=np.int16) > 1
    for part, here in zip(ids, present, strict=True):
        if len(ids) > 1 and not (shared & here).any():
            shapes = "; ".join(f"{one.wave}: {forms(one.keys, one.columns[0])}" for one in ids)
            raise LinkError(
                f"Wave {part.wave!r} has no person in common with any other wave. A panel needs "
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
    low = int(keys.min())
    return low in (0, 1) and int(keys.max()) == low + len(keys) - 1


def _fallback_notes(ids: Sequence[_Ids], rows: Sequence[Integers], people: int) -> list[str]:
    """Say where ids from a later id column link to those of the first one, or should have."""
    notes: list[str] = []
    if all(len(part.columns) == 1 for part in ids):
        return notes
    known = np.zeros(people, dtype=bool)
    for part, row in zip(ids, rows, strict=True):
        for place, column in enumerate(part.columns[1:], start=1):
            met = int(known[row[part.origin == place]].sum())
            if met:
                notes.append(
                    f"wave {part.wave!r}: {met} ids from {column!r} equal ids of an earlier wave "
                    "and link to them"
                )
            used = frozenset(as_text(part.keys[part.origin == place]))
            for other in ids:
                if other is not part and (
                    lost := len(used & other.unused.get(column, frozenset()))
                ):
                    notes.append(
                        f"wave {part.wave!r}: {lost} ids from {column!r} stand in wave "
                        f"{other.wave!r} too, beside an id from another column, and do not link"
                    )
        known[row[part.origin == 0]] = True
    return notes
