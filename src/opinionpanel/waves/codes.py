"""The codes of a column: which ones it holds, and which one each person gave."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Array, Booleans, SignedIntegers, WholeNumbers

# Whole numbers within such a span are looked up in a table; others are hashed.
MOST_SPAN = 200_000


@dataclass(frozen=True)
class Codes:
    """The answers of a column as places in a list of codes.

    Attributes
    ----------
    places : numpy.ndarray of int, one per person
        0 for a blank, else one more than the position in `keys`.
    keys : sequence
        Codes in their canonical form; several may be equal, and some may occur nowhere.
    times : numpy.ndarray of int, or None
        How many people each of the places stands for; None for one.
    """

    places: WholeNumbers
    keys: Sequence[object]
    times: WholeNumbers | None = None

    @cached_property
    def people(self) -> dict[object, int]:
        """The codes that occur, with the number of people; None for blanks."""
        people: dict[object, int] = {}
        counts = np.bincount(self.places, self.times, minlength=1)
        for place in np.flatnonzero(counts).tolist():
            key = self.keys[place - 1] if place else None
            people[key] = people.get(key, 0) + int(counts[place])
        return people

    def look_up(
        self,
        meanings: Mapping[object, int],
        *,
        other: int,
        size: type[np.signedinteger[Any]] = np.int8,
    ) -> SignedIntegers:
        """Replace each person's code by its meaning; `other` for codes that have none."""
        table = np.full(len(self.keys) + 1, other, dtype=size)
        table[0] = meanings.get(None, other)
        if isinstance(self.keys, range):
            for code, meaning in meanings.items():
                if isinstance(code, int) and code in self.keys:
                    table[1 + self.keys.index(code)] = meaning
        else:
            table[1:] = [meanings.get(key, other) for key in self.keys]
        return from_table(table, self.places)

    def among(self, chosen: Booleans) -> "Codes":
        """Keep some of the people."""
        times = None if self.times is None else self.times[chosen]
        return Codes(self.places[chosen], self.keys, times)


def read_codes(answers: pd.Series) -> Codes:
    """Find the codes of a column of any type.

    Examples
    --------
    >>> read_codes(pd.Series([1.0, 98.0, 1.0, None])).people
    {None: 1, 1: 2, 98: 1}
    >>> read_codes(pd.Series(["yes", " yes", ""])).people
    {'yes': 2, None: 1}
    """
    # Of pandas' nullable columns with blanks a hash makes less work than filling the blanks.
    masked = not isinstance(answers.dtype, (np.dtype, pd.ArrowDtype))
    numeric = pd.api.types.is_numeric_dtype(answers.dtype)
    if len(answers) and numeric and not (masked and answers.hasnans):
        direct = _whole_numbers(answers)
        if direct is not None:
            return direct
    if isinstance(answers.dtype, pd.CategoricalDtype):
        found, seen = answers.cat.codes.to_numpy(), answers.cat.categories
    else:
        found, seen = pd.factorize(answers.array, use_na_sentinel=True)
    return _codes(found, -1, [canonical(value) for value in seen])


def _whole_numbers(answers: pd.Series) -> Codes | None:
    """Read small whole numbers without hashing; None where the column holds others."""
    values, given = _numbers(answers)
    if values.dtype.kind not in "iuf":
        return None
    # fmin and fmax pass over NaN; a column of nothing else fails the comparison.
    low, high = np.fmin.reduce(values), np.fmax.reduce(values)
    if not (low > -MOST_SPAN and high < MOST_SPAN):
        return None
    if values.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            whole = values.astype(np.int32)
        given = whole == values
        blanks = len(values) - np.count_nonzero(given)
        if blanks and np.count_nonzero(np.isnan(values)) < blanks:
            return None
        values = whole
    keys = range(int(low), int(high) + 1)
    return _codes(values, int(low) - 1, keys, given)


def _numbers(answers: pd.Series) -> tuple[Array, Booleans | None]:
    """Return a numeric column as an array, and, unless NaN says so, where it is not blank."""
    if isinstance(answers.dtype, np.dtype):
        values = answers.to_numpy()
        return values.view(np.uint8) if values.dtype.kind == "b" else values, None
    if pd.api.types.is_signed_integer_dtype(answers.dtype):
        return answers.to_numpy(dtype=np.int64, na_value=0), answers.notna().to_numpy()
    return answers.to_numpy(dtype=np.float64, na_value=np.nan), None


def _codes(
    values: WholeNumbers,
    before: int,
    keys: Sequence[object],
    given: Booleans | None = None,
) -> Codes:
    """Make places of values: their distance from `before`, 0 where no answer is `given`."""
    # All columns of an item are held at once: as small as they can be. Unsigned integers wrap
    # around, so a difference that fits is right whatever was cut off before.
    size = np.min_scalar_type(len(keys))
    places = values.astype(size)
    places -= np.array(before).astype(size)
    if given is not None:
        places *= given
    return Codes(places, keys)


def from_table(table: SignedIntegers, places: WholeNumbers) -> SignedIntegers:
    """Take the value at every place; all places are within the table."""
    if table.dtype.itemsize == places.dtype.itemsize == 1:
        # Translating bytes takes a third of the time of looking values up.
        whole = np.zeros(256, dtype=table.dtype)
        whole[: len(table)] = table
        return np.frombuffer(bytearray(places).translate(whole.tobytes()), dtype=table.dtype)
    # Clipping spares NumPy the check.
    return table.take(places, mode="clip")


def canonical(value: Any) -> object:
    """Bring a code or label to one form.

    1, 1.0 and True are equal, text is trimmed and in Unicode's NFC, and whatever means a blank
    (None, NaN, empty text) is None.
    """
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip() or None
    if isinstance(value, (float, np.floating)):
        if np.isnan(value):
            return None
        return int(value) if float(value).is_integer() else float(value)
    if isinstance(value, (np.integer, np.bool_)):
        return int(value)
    return None if value is pd.NA or value is pd.NaT else value


def code_text(code: object) -> str:
    """Show a code in a message or a summary: 98 rather than 98.0, text in quotes."""
    key = canonical(code)
    if key is None:
        return "blank"
    return repr(key) if isinstance(key, str) else str(key)


def missing_ranges(missing: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Write codes and ranges that a file declares user-missing as lowest and highest values."""
    pairs = (entry if isinstance(entry, tuple) else (entry, entry) for entry in missing)
    return [(canonical(low), canonical(high)) for low, high in pairs]


def code_order(code: object) -> tuple[bool, float, str]:
    """Sort codes: numbers by value, then text."""
    number = isinstance(code, (int, float))
    return not number, float(code) if number else 0.0, str(code)  # type: ignore[arg-type]


# Dashes and quotation marks that word processors put in the place of plain ones.
PLAIN_MARKS = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("‘’‛´`", "'"))

AMPERSANDS = re.compile("&(?:(?:amp|AMP);?|#0*38;|#[xX]0*26;)+")


def folded(text: object) -> str:
    """Bring texts that say the same to one form.

    Letter case, spaces, end marks, the form of letters (NFKC), of dashes and of apostrophes, marks
    without width and the entities of HTML do not count.

    Examples
    --------
    >>> folded(" North\N{NO-BREAK SPACE}West.") == folded("NORTH&nbsp;west")
    True
    """
    value = canonical(text)
    plain = "" if value is None else str(value)
    # Entities may be written as such again and again: those of the mark itself go at once.
    plain = AMPERSANDS.sub("&", plain)
    while "&" in plain and (read := unescape(plain)) != plain:
        plain = read
    # An acute accent in place of an apostrophe is a space and an accent by NFKC.
    plain = plain.translate(PLAIN_MARKS)
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", plain).translate(PLAIN_MARKS)
        plain = "".join(mark for mark in plain if unicodedata.category(mark) != "Cf")
        plain = unicodedata.normalize("NFKC", plain.casefold())
    return " ".join(plain.casefold().split()).rstrip(" .,;:!?…")


def declared_missing(code: object, missing: Iterable[Any]) -> bool:
    """Tell whether a file declares a code user-missing: codes, and ranges as pairs."""
    for low, high in missing_ranges(missing):
        # Text and numbers are never compared: a column may hold both.
        for kind in (str, (int, float)):
            if all(isinstance(value, kind) for value in (low, code, high)) and low <= code <= high:
                return True
    return False
