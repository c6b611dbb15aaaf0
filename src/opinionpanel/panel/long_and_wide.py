"""Long and wide frames, and tables of frequencies, as one frame per wave."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Integers
from opinionpanel.errors import LinkError, ReadError
from opinionpanel.panel.declared import Interviewed
from opinionpanel.panel.linking import Duplicates, Person, all_id_columns
from opinionpanel.panel.wave_order import check_roles, waves_of
from opinionpanel.panel.wide_rows import (
    check_columns,
    check_ids,
    columns_by_wave,
    items_at,
    refuse_count_of_ids,
    row_ids,
    telling_columns,
)
from opinionpanel.questions import Questions
from opinionpanel.waves import Wave, canonical

Parts = dict[str, Wave]


@dataclass(frozen=True)
class WideParts:
    """A frame with a row per person, parted by wave.

    Attributes
    ----------
    waves : dict of str to Wave
        The people who may have been interviewed at each wave.
    person : str
        The id column.
    items : dict of str to Item
        At these waves.
    """

    waves: Parts
    person: str
    items: Questions


def _copies(whole: Wave, count: str, purpose: str) -> pd.Series:
    """Read how many people each row stands for."""
    column = whole.column(count, "", purpose=purpose)
    times = pd.to_numeric(column, errors="coerce").astype(np.float64)
    bad = int((~np.isfinite(times) | (times < 0) | (times != np.floor(times))).sum())
    if bad:
        raise ReadError(
            f"Column {count!r}: {bad} count(s) are not whole numbers of people. Weighted "
            "tables do not hold people and cannot become a panel."
        )
    return times.astype(np.int64)


def _repeated(frame: pd.DataFrame, times: pd.Series) -> tuple[pd.DataFrame, Integers]:
    """Repeat every row, one for each person; also the number of the copy, 0, 1, …."""
    rows = np.repeat(np.arange(len(frame)), times)
    starts = np.cumsum(times) - times
    copy = np.arange(len(rows)) - np.asarray(starts)[rows]
    return frame.iloc[rows].reset_index(drop=True), copy


def long_parts(
    whole: Wave,
    person: Person | None,
    wave: str,
    waves: Sequence[str] | None = None,
    count: str | None = None,
) -> Parts:
    """Part a frame with a row per person and wave; each part keeps what the file says.

    With `count`, an id names people who all answered alike, and stands for as many at every wave;
    without ids each row does.
    """
    ids = [] if person is None else all_id_columns(person)
    check_roles(ids, wave)
    for column in ids:
        whole.column(column, "", purpose="from_long")
    named = named_waves(whole, wave, waves)
    if count is not None and person is None:
        repeated, _ = _repeated(whole.frame, _copies(whole, count, "from_long"))
        whole = replace(whole, frame=repeated)
    elif count is not None:
        if not isinstance(person, str):
            raise ReadError("count= goes with one id column: person='id'.")
        whole = replace(whole, frame=_people_of(whole, person, wave, count))
    return _parted(whole, wave, named)


def waves_apart(whole: Wave, wave: str, waves: Sequence[str] | None = None) -> Parts:
    """Part a frame by its column of waves, whoever its people are."""
    return _parted(whole, wave, named_waves(whole, wave, waves))


def _parted(whole: Wave, wave: str, named: Mapping[str, Sequence[Hashable]]) -> Parts:
    column = whole.frame[wave]
    return {
        name: replace(whole, frame=whole.frame[column.isin(values)].reset_index(drop=True))
        for name, values in named.items()
    }


def named_waves(
    whole: Wave, wave: str, waves: Sequence[str] | None = None
) -> dict[str, list[Hashable]]:
    """Name the waves that a column of waves holds, with its values, in their order."""
    column = whole.valid(wave, "", purpose="from_long")
    counted = column.value_counts(dropna=False)
    ordered = isinstance(column.dtype, pd.CategoricalDtype) and column.dtype.ordered
    return waves_of(
        {value: int(rows) for value, rows in counted.items() if rows},
        wave,
        levels=list(column.cat.categories) if ordered else None,
        labels=whole.labels.get(wave),
        waves=waves,
    )


def _people_of(whole: Wave, person: str, wave: str, count: str) -> pd.DataFrame:
    frame, times = whole.frame, _copies(whole, count, "from_long")
    if frame[person].isna().any() or frame.duplicated([person, wave]).any():
        raise LinkError(
            f"Column {person!r}: with count={count!r} every id needs one row per wave. "
            f"{int(frame[person].isna().sum())} row(s) have none, and "
            f"{int(frame.duplicated([person, wave]).sum())} repeat an id within a wave."
        )
    by_person = times.groupby(frame[person])
    uneven = int((by_person.transform("min") != by_person.transform("max")).sum())
    if uneven:
        raise ReadError(
            f"Column {count!r}: {uneven} row(s) have another count than the same id at another "
            "wave. The same people stand behind an id at every wave: give one count for all."
        )
    repeated, copy = _repeated(frame, times)
    most = int(times.max()) if len(times) else 1
    return repeated.assign(**{person: pd.factorize(repeated[person])[0] * most + copy})


def wide_parts(
    whole: Wave,
    person: str | None,
    items: Questions,
    *,
    waves: Sequence[str] | None = None,
    count: str | None = None,
    duplicates: Duplicates = "error",
    no_id: Sequence[Hashable] = (),
    interviewed: Interviewed = None,
) -> WideParts:
    """Part a frame with a row per person; each part keeps what the file says."""
    asked = columns_by_wave(items, waves)
    check_columns(whole, asked)
    if count is not None:
        refuse_count_of_ids(count, person)
        repeated, _ = _repeated(whole.frame, _copies(whole, count, "from_wide"))
        whole = replace(whole, frame=repeated)
    doubled = None
    if person is None:
        # Any name the frame does not use.
        names = (len(str(name)) for name in whole.frame.columns)
        person = "person" + "_" * (1 + max(names, default=0))
        whole = replace(whole, frame=whole.frame.assign(**{person: np.arange(len(whole.frame))}))
    else:
        whole, doubled = with_ids(whole, person, duplicates, no_id)
    parts = people_at(whole, telling_columns(asked, interviewed), doubled)
    return WideParts(parts, person, items_at(items, list(asked)))


def people_at(
    whole: Wave, telling: Mapping[str, Sequence[str]], doubled: Integers | None = None
) -> Parts:
    """Take the people with an answer in any of the columns of each wave, everyone where none tells.

    Of those who stand in several rows, all are taken if any is.
    """
    parts = {}
    for wave, columns in telling.items():
        here: Booleans = np.full(len(whole.frame), not columns)
        for column in columns:
            here |= _filled(whole.frame[column])
        if doubled is not None:
            here = _of_all_rows(here, doubled)
        parts[wave] = replace(whole, frame=whole.frame[here])
    return parts


def _filled(column: pd.Series) -> Booleans:
    """Tell where a column holds an answer; a blank text is a blank."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.notna().to_numpy(dtype=bool)
    return column.map(canonical, na_action="ignore").notna().to_numpy(dtype=bool)


def with_ids(
    whole: Wave, person: str, duplicates: Duplicates, no_id: Sequence[Hashable] = ()
) -> tuple[Wave, Integers | None]:
    """Give those without an id one of their own; also number ids that stand in several rows."""
    column = whole.column(person, "", purpose="person id")
    ids, nobody = row_ids(column, f"{whole.where}, column {person!r}", no_id)
    times = np.bincount(ids)[ids]
    several = times > 1
    note = check_ids(
        f"{whole.where}, column {person!r}",
        person,
        duplicates,
        nobody=int(nobody.sum()),
        rows=int(several.sum()),
        ids=len(np.unique(ids[several])),
    )
    if note:
        frame = whole.frame.assign(**{person: ids})
        whole = replace(whole, frame=frame, notes=(*whole.notes, note))
    return whole, ids if several.any() else None


def _of_all_rows(here: Booleans, ids: Integers) -> Booleans:
    """Take all rows of an id of which any is here: nobody can tell which of them is right."""
    return np.bincount(ids, here)[ids] > 0
