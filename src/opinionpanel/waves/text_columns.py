"""Columns of text: which of them are numbers, and which values stand for a blank."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import compress, filterfalse

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats, Integers
from opinionpanel.waves.spelling import (
    BLANK_WORDS,
    LOOKS_NUMERIC,
    SHORTENED,
    WHOLE,
    Spelling,
    Written,
    number_mark,
    written,
)


class _InMemory(Spelling):
    """The values of a column in memory; each stands once, with the number of rows."""

    def __init__(self, values: Mapping[str, int], delimiter: str) -> None:
        self._values = values
        self._found: dict[re.Pattern[str], int] = {}
        self._whole: dict[re.Pattern[str], bool] = {}
        self.filled = sum(values.values())
        self.delimiter = delimiter

    def count(self, form: re.Pattern[str]) -> int:
        if form not in self._found:
            # A column of ids has millions: a loop within Python's own code is much faster.
            fit = map(form.fullmatch, self._values)
            self._found[form] = sum(compress(self._values.values(), fit))
        return self._found[form]

    def fit(self, form: re.Pattern[str], number: int) -> bool:
        return self._all_have(form) if number == self.filled else super().fit(form, number)

    def _all_have(self, form: re.Pattern[str]) -> bool:
        """Look at all values as one text, in a part of the time; no form has several lines."""
        if form not in self._whole:
            lines = re.compile(f"(?:(?:{form.pattern})\n)*+")
            self._whole[form] = self._one_a_line and lines.fullmatch(self._lines) is not None
        return self._whole[form]

    @cached_property
    def _lines(self) -> str:
        return "\n".join([*self._values, ""])

    @cached_property
    def _one_a_line(self) -> bool:
        return self._lines.count("\n") == len(self._values)

    def decimals(self, form: re.Pattern[str]) -> tuple[int, int]:
        found = [len(match[1]) for value in self._values if (match := form.fullmatch(value))]
        return min(found), max(found)

    def words(self) -> Mapping[str, int]:
        found = [one for one in self._values.items() if one[0].casefold() in BLANK_WORDS]
        return dict(sorted(found, key=lambda one: (-one[1], one[0])))

    def may_be_numbers(self) -> bool:
        if self._all_have(WHOLE) or self._all_have(LOOKS_NUMERIC):
            return True
        others = filterfalse(LOOKS_NUMERIC.fullmatch, self._values)
        return all(value.casefold() in BLANK_WORDS for value in others)


def spelling_of(values: Mapping[str, int], delimiter: str) -> Spelling:
    """Look at the values of a column in memory, each with the number of its rows."""
    return _InMemory(values, delimiter)


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
    spelling = spelling_of(counts, delimiter)
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
