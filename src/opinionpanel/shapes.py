"""Long and wide frames, and tables of frequencies, as one frame per wave."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from opinionpanel.errors import ItemError, LinkError, ReadError, unknown
from opinionpanel.items import Item, code_text
from opinionpanel.waves import Wave

__all__ = ["long_parts", "wide_parts"]

Parts = dict[str, pd.DataFrame]


def _expand(counts: pd.Series, frame: pd.DataFrame) -> pd.DataFrame:
    """Repeat the rows of a frequency table, one for each person they stand for."""
    times = pd.to_numeric(counts, errors="coerce").to_numpy(dtype=np.float64)
    bad = int((~np.isfinite(times) | (times < 0) | (times != np.floor(times))).sum())
    if bad:
        raise ReadError(
            f"Column {counts.name!r}: {bad} count(s) are not whole numbers of people. Weighted "
            "tables do not hold people and cannot become a panel."
        )
    repeated = np.repeat(np.arange(len(frame)), times.astype(np.int64))
    return frame.iloc[repeated].reset_index(drop=True)


def long_parts(
    frame: pd.DataFrame, person: str, wave: str, waves: Sequence[str] | None, count: str | None
) -> Parts:
    """Part a frame with a row per person and wave."""
    whole = Wave(frame)
    for name in (person, wave):
        whole.column(name, "all", purpose="from_long")
    gaps = int(frame[wave].isna().sum())
    if gaps:
        raise LinkError(
            f"Column {wave!r}: {gaps} row(s) do not say which wave they are from. Fill the "
            "column, or remove these rows."
        )
    texts = frame[wave].map(lambda value: value if isinstance(value, str) else code_text(value))
    found = [str(value) for value in texts.unique()]
    names = found if waves is None else [str(value) for value in waves]
    for name in names:
        if name not in found:
            raise unknown("wave", name, found)
    return {name: frame[texts == name].reset_index(drop=True) for name in names}


def wide_parts(
    frame: pd.DataFrame, person: str | None, items: Mapping[str, Item], count: str | None
) -> tuple[Parts, str]:
    """Part a frame with a row per person; also names the id column."""
    whole = Wave(frame)
    waves: list[str] = []
    for name, item in items.items():
        if isinstance(item.column, str):
            raise ItemError(
                f"Item {name!r} names one column, {item.column!r}, for all waves. A wide frame "
                "has one by wave: column={'w1': 'q1_w1', 'w2': 'q1_w2'}."
            )
        waves += [wave for wave in item.column if wave not in waves]
    if count is not None:
        frame = _expand(whole.column(count, "all", purpose="count"), frame)
    if person is None:
        # Any name the frame does not use.
        person = "person" + "_" * (1 + max(len(str(name)) for name in frame.columns))
        frame = frame.assign(**{person: np.arange(len(frame))})
    parts = {}
    for wave in waves:
        columns = [item.column_at(wave) for item in items.values()]
        asked = [column for column in columns if column is not None]
        for column in asked:
            whole.column(column, wave, purpose="item")
        parts[wave] = frame[frame[asked].notna().any(axis=1)]
    return parts, person
