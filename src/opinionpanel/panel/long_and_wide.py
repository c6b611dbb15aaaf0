"""Long and wide frames, and tables of frequencies, as one frame per wave."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from opinionpanel.arrays import Integers
from opinionpanel.errors import ItemError, LinkError, ReadError, unknown
from opinionpanel.questions import Item
from opinionpanel.waves import Wave, code_text

Parts = dict[str, pd.DataFrame]


def _copies(frame: pd.DataFrame, count: str, purpose: str) -> pd.Series:
    """Read how many people each row stands for."""
    column = Wave(frame).column(count, "all", purpose=purpose)
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
    frame: pd.DataFrame, person: str, wave: str, waves: Sequence[str] | None, count: str | None
) -> Parts:
    """Part a frame with a row per person and wave.

    With `count`, an id names people who all answered alike, and stands for as many at every wave.
    """
    whole = Wave(frame)
    for name in (person, wave):
        whole.column(name, "all", purpose="from_long")
    gaps = int(frame[wave].isna().sum())
    if gaps:
        raise LinkError(
            f"Column {wave!r}: {gaps} row(s) do not say which wave they are from. Fill the "
            "column, or remove these rows."
        )
    if count is not None:
        frame = _people_of(frame, person, wave, count)
    texts = frame[wave].map(
        lambda value: value.strip() if isinstance(value, str) else code_text(value)
    )
    found = [str(value) for value in texts.unique()]
    names = found if waves is None else [str(value) for value in waves]
    for name in names:
        if name not in found:
            raise unknown("wave", name, found)
    return {name: frame[texts == name].reset_index(drop=True) for name in names}


def _people_of(frame: pd.DataFrame, person: str, wave: str, count: str) -> pd.DataFrame:
    times = _copies(frame, count, "from_long")
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
    frame: pd.DataFrame, person: str | None, items: Mapping[str, Item], count: str | None
) -> tuple[Parts, str]:
    """Part a frame with a row per person; also names the id column."""
    whole = Wave(frame)
    waves: list[str] = []
    for name, item in items.items():
        if not isinstance(item.column, Mapping):
            raise ItemError(
                f"Item {name!r} names one column, {item.column}, for all waves. A wide frame "
                "has one by wave: column={'w1': 'q1_w1', 'w2': 'q1_w2'}."
            )
        waves += [wave for wave in item.column if wave not in waves]
    if count is not None:
        if person is not None:
            raise LinkError(
                f"With count={count!r} a row stands for several people, so it cannot have an id "
                f"of one person. Leave person={person!r} out."
            )
        frame, _ = _repeated(frame, _copies(frame, count, "from_wide"))
    if person is None:
        # Any name the frame does not use.
        person = "person" + "_" * (1 + max((len(str(name)) for name in frame.columns), default=0))
        frame = frame.assign(**{person: np.arange(len(frame))})
    parts = {}
    for wave in waves:
        asked = [column for item in items.values() for column in item.columns_at(wave)]
        for column in asked:
            whole.column(column, wave, purpose="item")
        # A blank text is a blank.
        blank = frame[asked].astype(str).apply(lambda column: column.str.strip() == "")
        parts[wave] = frame[(frame[asked].notna() & ~blank).any(axis=1)]
    return parts, person
