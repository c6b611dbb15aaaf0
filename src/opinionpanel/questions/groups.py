"""Groups of people, strata and PSUs: one value per person from the columns of several waves."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from opinionpanel.arguments import checked
from opinionpanel.arrays import SignedIntegers
from opinionpanel.engines import PersonColumn, PersonRows
from opinionpanel.errors import ReadError, SelectionError, listing, shown, unknown
from opinionpanel.questions.unused_categories import unused_values
from opinionpanel.waves import (
    Codes,
    Rows,
    Wave,
    canonical,
    code_text,
    declared_missing,
    from_table,
    read_codes,
)

# A group that has more, and nearly one for every person, tells people apart.
FEW_CATEGORIES, NEARLY = 12, 0.8

Use = Literal["first", "latest", "wave"]


@dataclass(frozen=True, kw_only=True)
class Group:
    """A grouping of people.

    Attributes
    ----------
    codes : numpy.ndarray of int, shape (people,)
        Position of each person's category; -1 for none. One value per person: the first or the
        latest, as `use` says.
    categories : tuple of str
        In display order; those of codes that a file declares missing come last.
    by_wave : numpy.ndarray of the smallest int that holds them, shape (waves, people)
        The same at every wave; -1 where the wave does not say.
    missing : tuple of str
        Categories that a file declares missing, such as "refused". They give way to a valid
        value at another wave.
    changed : int
        People whose valid value differs between waves.
    use : {"first", "latest", "wave"}
        Which value counts. With ``"wave"``, that of the wave an estimate is about; for a pair of
        waves, that of the earlier one.
    unused : int
        How many of the categories nobody has at any wave; they are kept as empty rows.
    """

    codes: PersonColumn
    categories: tuple[str, ...]
    by_wave: PersonRows
    missing: tuple[str, ...] = ()
    changed: int = 0
    use: Use = "first"
    unused: int = 0

    def at(self, position: int) -> PersonColumn:
        """Return the codes that count at a wave."""
        if self.use != "wave":
            return self.codes
        codes: PersonColumn = self.by_wave[position].astype(np.int64)
        return codes

    def valid_at(self, position: int) -> PersonColumn:
        """Return the codes that a wave gives, -1 also for what is declared missing."""
        codes: PersonColumn = _valid(self.by_wave[position], self.categories, self.missing)
        return codes


@dataclass(frozen=True)
class Grouping:
    """Where a grouping of people stands, and which of a person's values counts.

    Parameters
    ----------
    column : str or dict of str to str, optional
        The column: one name for all waves, or a name by wave; by default the group's own name.
    use : {"first", "latest", "wave"}
        For people whose value differs between waves: that of the first wave with an answer, of
        the latest, or that of the wave itself (for a pair of waves, the earlier one).

    Raises
    ------
    SelectionError
        A `use` that does not exist, or a column that is no name.

    Examples
    --------
    >>> Grouping({"May": "sex", "June": "gender"}).column_at("June", "gender")
    'gender'
    """

    column: str | Mapping[str, str] | None = None
    use: Use = "first"

    def __post_init__(self) -> None:
        if not isinstance(self.use, str) or self.use not in get_args(Use):
            raise unknown("use of a group:", self.use, get_args(Use))
        columns = list(self.column.values()) if isinstance(self.column, Mapping) else [self.column]
        named = bool(columns) and all(isinstance(column, str) for column in columns)
        if self.column is not None and not named:
            raise SelectionError(
                f"A column of a group is a name, or a dict of names by wave, not "
                f"{shown(self.column)}."
            )
        if isinstance(self.column, Mapping):
            object.__setattr__(self, "column", dict(self.column))

    @checked
    def column_at(self, wave: str, name: str) -> str | None:
        """Name the column of a group at a wave; None where a dict by wave leaves it out."""
        if self.column is None:
            return name
        return self.column if isinstance(self.column, str) else self.column.get(wave)


Groups = str | Sequence[str] | Mapping[str, Use | Grouping]
Waves = Mapping[str, Wave]


def grouping(groups: Groups) -> dict[str, Grouping]:
    """Say for every group where it stands and which value counts.

    Examples
    --------
    >>> grouping({"region": "latest"})
    {'region': Grouping(column=None, use='latest')}
    """
    if isinstance(groups, str):
        return {groups: Grouping()}
    if not isinstance(groups, Iterable):
        raise SelectionError(f"Groups are a list of columns, or a dict, not {groups!r}.")
    if not isinstance(groups, Mapping):
        wrong = [name for name in groups if not isinstance(name, str)]
        if wrong:
            raise SelectionError(f"Groups are named by text, not {listing(wrong)}.")
        return {name: Grouping() for name in groups}
    found = {}
    for name, use in groups.items():
        if not isinstance(use, Grouping) and use not in get_args(Use):
            raise SelectionError(
                f"Group {name!r}: {use!r} is none of {listing(get_args(Use))}. A column of another "
                f"name is written groups={{{name!r}: Grouping({use!r})}}."
            )
        found[name] = use if isinstance(use, Grouping) else Grouping(use=use)
    return found


def read_groups(groups: Groups, waves: Waves, rows: Rows, people: int) -> dict[str, Group]:
    """Group people by columns, named by their labels."""
    wanted = grouping(groups)
    found = {
        name: first_values(waves, rows, people, name, purpose="groups", labelled=True, grouping=one)
        for name, one in wanted.items()
    }
    for name, group in found.items():
        check_categories(name, group, int(np.count_nonzero(group.codes >= 0)))
    return found


def check_categories(name: str, group: Group, known: int) -> None:
    """Refuse a group that tells people apart; `known` people have a value."""
    used = len(group.categories) - group.unused
    if used > max(FEW_CATEGORIES, NEARLY * known):
        # Results and summaries name every category: an id must not become one.
        raise SelectionError(
            f"Group {name!r}: {used} different values for {known:,} people, "
            "as in a column of ids. A group needs several people in each; put values together, "
            f"or, if this is a trait that shows who is who, write fixed=[{name!r}]."
        )


def read_fixed(names: Groups, waves: Waves, rows: Rows, people: int) -> dict[str, Group]:
    """Read traits that do not change, such as gender; they may stand in some waves only."""
    return {
        name: first_values(waves, rows, people, name, purpose="fixed", labelled=True, grouping=one)
        for name, one in grouping(names).items()
    }


def first_values(
    waves: Waves,
    rows: Rows,
    people: int,
    name: str,
    *,
    purpose: str,
    labelled: bool,
    grouping: Grouping = Grouping(),
) -> Group:
    """Take one value for each person of waves in memory, as `code_values` names them."""
    coded = code_values(waves, name, purpose=purpose, labelled=labelled, grouping=grouping)
    by_wave = coded.spread(rows, people)
    chosen = coded.chosen(by_wave)
    changed = int(np.count_nonzero(coded.changed(by_wave, chosen)))
    return replace(coded.group(by_wave, chosen), changed=changed)


@dataclass(frozen=True)
class CodedValues:
    """The values of a group as they stand in the rows of waves.

    Attributes
    ----------
    categories : tuple of str
        Valid ones in order, then those that a file declares missing.
    missing : tuple of str
    codes : dict of str to numpy.ndarray of int
        For the waves that have the group, the position of each row's category; -1 for none.
    grouping : Grouping
    unused : int
        How many of the categories no row has.
    """

    categories: tuple[str, ...]
    missing: tuple[str, ...]
    codes: Mapping[str, SignedIntegers]
    grouping: Grouping
    unused: int = 0

    @property
    def size(self) -> np.dtype[Any]:
        """The smallest type that holds the codes."""
        return np.min_scalar_type(-max(len(self.categories), 1))

    def spread(self, rows: Rows, people: int) -> SignedIntegers:
        """Bring the codes of rows in memory to people, shape (waves, people)."""
        by_wave = np.full((len(rows), people), -1, dtype=self.size)
        for position, wave in enumerate(rows):
            if wave in self.codes:
                by_wave[position, rows[wave]] = self.codes[wave]
        return by_wave

    def chosen(self, by_wave: PersonRows) -> PersonColumn:
        """Take one value for each person: the first or the latest, valid ones before others."""
        codes = list(by_wave)[::-1] if self.grouping.use == "latest" else list(by_wave)
        chosen: Any = np.zeros_like(codes[0]) - 1
        rest = chosen
        for here in codes:
            told = _valid(here, self.categories, self.missing)
            chosen = np.where(chosen < 0, told, chosen)
            if self.missing:
                rest = np.where(rest < 0, here, rest)
        found: PersonColumn = np.where(chosen < 0, rest, chosen) if self.missing else chosen
        return found.astype(np.int64)  # type: ignore[no-any-return]

    def changed(self, by_wave: PersonRows, chosen: PersonColumn) -> PersonColumn:
        """Tell whose valid values differ between waves."""
        codes = (_valid(here, self.categories, self.missing) for here in by_wave)
        found: PersonColumn = reduce(
            np.logical_or, ((here >= 0) & (here != chosen) for here in codes)
        )
        return found

    def group(self, by_wave: PersonRows, chosen: PersonColumn) -> Group:
        """Group people by their values."""
        return Group(
            codes=chosen,
            categories=self.categories,
            by_wave=by_wave,
            missing=self.missing,
            use=self.grouping.use,
            unused=self.unused,
        )


def code_values(
    waves: Waves, name: str, *, purpose: str, labelled: bool, grouping: Grouping = Grouping()
) -> CodedValues:
    """Name the values of a group in the rows of waves.

    With `labelled`, values are named by their labels, and codes that a file declares missing
    are values too, though they give way to any other; categories that no row has are kept, as
    `unused_values` lists them. Otherwise values are named by code, and declared missing ones are
    blank.
    """
    columns = group_columns(waves, name, purpose, grouping)
    codes = {wave: _read(waves[wave], wave, columns[wave], purpose) for wave in columns}
    texts: dict[str, dict[object, str]] = {}
    rank: dict[str, object] = {}
    declared: set[str] = set()
    shared = _shared_labels(waves, columns) if labelled else {}
    ordered = _places(waves[wave].frame[column] for wave, column in columns.items())
    for wave, column in columns.items():
        keys = [key for key in codes[wave].people if key is not None]
        texts[wave] = _texts(waves[wave], wave, column, keys, shared, labelled=labelled)
        missing = waves[wave].missing.get(column, ())
        for key in keys:
            text = texts[wave][key]
            if missing and declared_missing(key, missing):
                declared.add(text)
            if isinstance(rank.setdefault(text, ordered.get(key, key)), str):
                # A file of codes knows the order better than one of label texts.
                rank[text] = ordered.get(key, _number(key))
    seen = len(rank)
    if labelled:
        known = {wave: set(own) for wave, own in texts.items()}
        for code, text in unused_values(waves, columns, known, len(rank) - len(declared)).items():
            rank.setdefault(text, ordered.get(code, code))
    unused = len(rank) - seen
    if not labelled:
        rank = {text: value for text, value in rank.items() if text not in declared}
    valid = _in_order({text: value for text, value in rank.items() if text not in declared})
    refused = _in_order({text: value for text, value in rank.items() if text in declared})
    place = {text: position for position, text in enumerate((*valid, *refused))}
    size = np.min_scalar_type(-max(len(place), 1))
    rows = {
        wave: _look_up(
            codes[wave], {key: place.get(text, -1) for key, text in texts[wave].items()}, size
        )
        for wave in columns
    }
    return CodedValues((*valid, *refused), tuple(refused), rows, grouping, unused)


def group_columns(waves: Waves, name: str, purpose: str, grouping: Grouping) -> dict[str, str]:
    """Name the column by wave, for the waves that have it."""
    by_wave = grouping.column if isinstance(grouping.column, Mapping) else {}
    for wave in by_wave:
        if wave not in waves:
            raise unknown(f"wave in the columns of group {name!r}:", wave, waves)
    columns = {
        wave: column
        for wave in waves
        if (column := grouping.column_at(wave, name)) is not None
        # A column named for this very wave must be there.
        and (wave in by_wave or column in waves[wave].frame.columns)
    }
    if not columns:
        first = next(iter(waves))
        waves[first].column(grouping.column_at(first, name) or name, first, purpose=purpose)
    return columns


def _read(wave: Wave, name: str, column: str, purpose: str) -> Codes:
    return read_codes(wave.column(column, name, purpose=purpose))


def _look_up(codes: Codes, meanings: Mapping[Any, int], size: np.dtype[Any]) -> SignedIntegers:
    """Replace codes by the positions of their categories; -1 for none."""
    table = np.full(len(codes.keys) + 1, -1, dtype=size)
    if isinstance(codes.keys, range):
        for key, position in meanings.items():
            table[1 + codes.keys.index(key)] = position
    else:
        table[1:] = [meanings.get(key, -1) for key in codes.keys]
    return from_table(table, codes.places)


def _places(columns: Iterable[pd.Series]) -> dict[object, int]:
    """Give the order of the values of categorical columns; empty where they are as sorted.

    Categories that only some waves have go where these waves have them.
    """
    merged: list[object] = []
    for column in columns:
        values = [canonical(value) for value in getattr(column.dtype, "categories", ())]
        texts = [value for value in values if isinstance(value, str)]
        numbers = all(isinstance(_number(value), (int, float)) for value in values)
        if numbers or (texts == values and texts == sorted(texts)):
            continue
        place = 0
        for value in values:
            if value in merged:
                place = merged.index(value)
            else:
                merged.insert(place, value)
            place += 1
    return {value: place for place, value in enumerate(merged)}


def _number(key: object) -> object:
    """Read text as the code it shows: files without labels may hold "1" for 1."""
    return int(key) if isinstance(key, str) and re.fullmatch(r"-?\d+", key) else key


def _shared_labels(waves: Waves, columns: Mapping[str, str]) -> dict[object, dict[str, str]]:
    """Collect what each code is called: code to label to a wave that says so."""
    shared: dict[object, dict[str, str]] = {}
    for wave, column in columns.items():
        for code, label in waves[wave].labels.get(column, {}).items():
            text = canonical(label)
            if isinstance(text, str):
                shared.setdefault(canonical(code), {}).setdefault(text, wave)
    return shared


def _texts(
    wave: Wave,
    name: str,
    column: str,
    keys: Iterable[object],
    shared: Mapping[object, Mapping[str, str]],
    *,
    labelled: bool,
) -> dict[object, str]:
    """Name the values of a column: by their labels, or those that other waves give the codes."""
    texts = {}
    own = {canonical(code): canonical(text) for code, text in wave.labels.get(column, {}).items()}
    for key in keys:
        texts[key] = key if isinstance(key, str) else code_text(key)
        if not labelled:
            continue
        others = shared.get(_number(key), {})
        if isinstance(label := own.get(key), str):
            texts[key] = label
        elif len(others) > 1:
            meanings = " and ".join(f"{text!r} in wave {other!r}" for text, other in others.items())
            raise ReadError(
                f"Wave {name!r} ({wave.where}), column {column!r}: code {code_text(key)} has no "
                f"label here and means {meanings}. Label it, or recode the column."
            )
        elif others:
            texts[key] = next(iter(others))
    return texts


def _valid(codes: Any, categories: Sequence[str], missing: Sequence[str]) -> Any:
    """Leave out the categories that are declared missing, which come last."""
    if not missing:
        return codes
    valid = len(categories) - len(missing)
    return np.where(codes < valid, codes, codes.dtype.type(-1))


def _in_order(order: Mapping[str, object]) -> list[str]:
    """Sort by code where codes are numbers, else by text."""
    numbers = all(isinstance(code, (int, float, np.number)) for code in order.values())
    if numbers:
        return sorted(order, key=lambda text: float(order[text]))  # type: ignore[arg-type]
    return sorted(order)
