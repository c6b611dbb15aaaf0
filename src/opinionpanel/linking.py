"""Person ids of several waves to one list of people, or a refusal that says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.errors import LinkError, listing, unknown
from opinionpanel.items import code_text
from opinionpanel.waves import Wave

__all__ = ["Duplicates", "Linked", "Person", "filled", "id_columns", "link", "link_waves"]

Integers = npt.NDArray[np.int64]
Duplicates = Literal["error", "drop_all"]
Person = str | Mapping[str, str | Sequence[str]]


def id_columns(person: Person, wave: str) -> list[str]:
    """Name the id columns of a wave: the first, and those that fill its gaps."""
    if isinstance(person, str):
        return [person]
    if wave not in person:
        raise unknown("wave: person= names no id column for", wave, person)
    columns = person[wave]
    return [columns] if isinstance(columns, str) else list(columns)


@dataclass(frozen=True)
class Linked:
    """The same people found across waves.

    Attributes
    ----------
    waves : dict of str to Wave
        The waves, without the rows that were dropped.
    people : int
        How many different people there are.
    rows : dict of str to numpy.ndarray of int
        For each wave, the person (0 … people - 1) of every row.
    notes : tuple of str
        What a reader of the panel's summary should know.
    """

    waves: dict[str, Wave]
    people: int
    rows: dict[str, Integers]
    notes: tuple[str, ...] = ()


def link_waves(
    waves: Mapping[str, Wave], person: Person, *, duplicates: Duplicates = "error"
) -> Linked:
    """Read the id columns and find the same people."""
    if not waves:
        raise LinkError("A panel needs at least one wave.")
    ids = {}
    for name, wave in waves.items():
        first, *others = id_columns(person, name)
        ids[name] = wave.column(first, name, purpose="person id")
        for other in others:
            ids[name] = filled(ids[name], wave.column(other, name, purpose="person id"))
    people, rows = link(ids, {name: wave.where for name, wave in waves.items()})
    return Linked(dict(waves), people, dict(zip(waves, rows, strict=True)))


def link(ids: Mapping[str, pd.Series], sources: Mapping[str, str]) -> tuple[int, list[Integers]]:
    """Find the same people across waves.

    Parameters
    ----------
    ids : dict of str to pandas.Series
        The id column of each wave.
    sources : dict of str to str
        Where each wave came from, for messages.

    Returns
    -------
    people : int
        How many different people there are.
    rows : list of numpy.ndarray of int
        For each wave, the person (0 … people - 1) of every row.

    Raises
    ------
    LinkError
        Missing or duplicate ids within a wave, or no person in common between two waves.
    """
    keys = {wave: _exact(series, wave, sources[wave]) for wave, series in ids.items()}
    if len({key.dtype.kind for key in keys.values()}) > 1:
        keys = {wave: _as_text(key, wave, sources[wave], ids[wave]) for wave, key in keys.items()}
    codes, people = pd.factorize(np.concatenate(list(keys.values())))
    ends = np.cumsum([len(key) for key in keys.values()])[:-1]
    rows = [np.asarray(part, dtype=np.int64) for part in np.split(codes, ends)]
    for wave, part in zip(keys, rows, strict=True):
        _check_duplicates(part, wave, sources[wave], str(ids[wave].name))
    _check_overlap(list(keys), rows, len(people), ids)
    return len(people), rows


def filled(first: pd.Series, second: pd.Series) -> pd.Series:
    """Take the second id where the first is blank; a text column holds "" for a blank."""
    gaps = _blank(first)
    if gaps.any() and pd.api.types.is_numeric_dtype(first.dtype) != pd.api.types.is_numeric_dtype(
        second.dtype
    ):
        first, second = _texts(first), _texts(second)
    return first.mask(gaps, second)


def _blank(series: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(series.dtype):
        return series.isna()
    return series.isna() | (series.astype(str).str.strip() == "")


def _texts(series: pd.Series) -> pd.Series:
    """Ids as text, whole numbers without ".0"; blanks stay missing."""
    if pd.api.types.is_float_dtype(series.dtype):
        series = series.astype("Float64").astype("Int64")
    return series.astype(object).map(
        lambda value: value if isinstance(value, str) else code_text(value), na_action="ignore"
    )


def _exact(series: pd.Series, wave: str, source: str) -> npt.NDArray[np.generic]:
    """Bring ids to whole numbers, or else to trimmed text, without losing anything."""
    text = not pd.api.types.is_numeric_dtype(series.dtype)
    blank = _blank(series)
    if blank.any():
        raise LinkError(
            f"Wave {wave!r} ({source}), column {series.name!r}: {int(blank.sum())} row(s) have no "
            "person id. If they are new in this wave, name a second column that identifies them, "
            "person={'w2': ['old_id', 'new_id']}; otherwise remove these rows."
        )
    if text:
        return _texts(series).str.strip().to_numpy(dtype=object)
    values = series.to_numpy()
    if values.dtype.kind in "iu":
        return values.astype(np.int64)
    floats = series.to_numpy(dtype=np.float64)
    if (floats != np.floor(floats)).any() or np.abs(floats).max(initial=0) > 2**53:
        raise LinkError(
            f"Wave {wave!r} ({source}), column {series.name!r}: some ids are not whole numbers "
            "that a file can hold exactly, so people cannot be told apart. Store the id as text."
        )
    return floats.astype(np.int64)


def _as_text(
    key: npt.NDArray[np.generic], wave: str, source: str, series: pd.Series
) -> npt.NDArray[np.generic]:
    """Write numbers as text; refuse text that another wave's numbers cannot have kept."""
    if key.dtype.kind == "i":
        return key.astype(str).astype(object)
    padded = int(pd.Series(key).astype(str).str.fullmatch(r"0+\d+|\d+\.0+").sum())
    if padded:
        raise LinkError(
            f"Wave {wave!r} ({source}), column {series.name!r}: {padded} id(s) are written with "
            "leading zeros or decimals, and another wave stores its ids as numbers, which lose "
            "them. Store the ids in the same form in every wave, best as text."
        )
    return key


def _check_duplicates(rows: Integers, wave: str, source: str, column: str) -> None:
    times = np.bincount(rows)
    repeated = int((times > 1).sum())
    if repeated:
        raise LinkError(
            f"Wave {wave!r} ({source}), column {column!r}: {repeated} id(s) stand in more than one "
            f"row ({int(times[times > 1].sum())} rows). A person has one row per wave: remove the "
            "repeated interviews, or name the right id column in person=."
        )


def _check_overlap(
    waves: list[str], rows: list[Integers], people: int, ids: Mapping[str, pd.Series]
) -> None:
    present = np.zeros((len(waves), people), dtype=bool)
    for position, part in enumerate(rows):
        present[position, part] = True
    for position, wave in enumerate(waves):
        if len(waves) > 1 and not (present[position] & np.delete(present, position, 0)).any():
            forms = listing(f"{name}: {_form(ids[name])}" for name in waves)
            raise LinkError(
                f"Wave {wave!r} has no person in common with any other wave. A panel needs the "
                f"same ids in every wave; the forms of the ids are {forms}. Name the right id "
                "columns, by wave if they differ: person={'w1': 'id', 'w2': 'id_w1'}."
            )


def _form(series: pd.Series) -> str:
    """Describe the shape of ids without showing one: digits as 9, letters as a."""
    if pd.api.types.is_numeric_dtype(series.dtype):
        return f"numbers in column {series.name!r}"
    if not len(series):
        return f"no rows in column {series.name!r}"
    shape = series.astype(str).str.replace(r"\d", "9", regex=True)
    shape = shape.str.replace(r"[^\W\d_]", "a", regex=True)
    return f"text like {shape.mode().iloc[0]!r} in column {series.name!r}"
