"""Columns of text: which of them are numbers, and which values stand for a blank."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats, Integers
from opinionpanel.waves.spelling import (
    SHORTENED,
    Spelling,
    Written,
    number_mark,
    written,
)


def numbers_of(
    texts: pd.Series, places: Integers, values: list[str], delimiter: str
) -> tuple[pd.Series, Written | None]:
    """Make a column numeric if no value then loses its written form; blanks become NaN.

    The values are trimmed, and "" for blanks; places tell which of them each row has. Of a column
    that stays text also tells why.
    """
    numbers, why = numbers_for(values, np.bincount(places).tolist(), delimiter)
    if numbers is None:
        return as_text(texts, places, values), why
    return pd.Series(numbers[places], index=texts.index, name=texts.name), None


def numbers_for(
    values: Sequence[str], times: Sequence[int], delimiter: str
) -> tuple[Floats | Integers | None, Written | None]:
    """Give the number of each value of a column; None, and why, where they stay text.

    The values are trimmed, and "" for blanks, which become NaN; `times` count their rows.
    """
    if not any(values):
        return np.full(len(values), np.nan), None
    counts = _counted(values, times)
    gaps = counts.pop("", 0) > 0
    spelling = Spelling(counts, delimiter)
    mark = number_mark(spelling, spelling.filled) if spelling.may_be_numbers() else None
    if mark is None:
        return None, written(spelling)
    if mark == "" and not gaps:
        return np.array(list(map(int, values)), dtype=np.int64), None
    plain = [value.replace(",", ".") for value in values] if mark == "," else values
    if gaps:
        plain = [value or "nan" for value in plain]
    return np.array(list(map(float, plain))), None


def _counted(values: Sequence[str], times: Sequence[int]) -> dict[str, int]:
    """Count the rows of each value; some may be equal."""
    counts = dict(zip(values, times, strict=True))
    if len(counts) < len(values):
        counts = dict.fromkeys(values, 0)
        for value, rows in zip(values, times, strict=True):
            counts[value] += rows
    return counts


def shortened(places: Integers, seen: Sequence[str]) -> int:
    """Count numbers that a spreadsheet program has shortened."""
    if "+" not in "".join(seen):
        return 0
    found = [bool("+" in text and SHORTENED.fullmatch(text.strip())) for text in seen]
    return int(np.count_nonzero(np.array(found)[places]))


def without_blanks(seen: Iterable[str], blanks: Sequence[str]) -> list[str]:
    """Trim texts, and empty those that stand for a blank."""
    trimmed = list(map(str.strip, seen))
    return ["" if value in blanks else value for value in trimmed] if blanks else trimmed


def as_text(texts: pd.Series, places: Integers, values: Sequence[str]) -> pd.Series:
    """Keep a column as text; blanks become missing."""
    if "" not in values:
        return texts
    return texts.mask(np.array([value == "" for value in values])[places])
