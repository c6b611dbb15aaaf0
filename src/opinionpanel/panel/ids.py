"""Person ids in one exact form, and what may be said of them without showing one."""

import math
import re
from collections.abc import Hashable, Sequence, Set
from decimal import Decimal
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.arrays import Array, Booleans, Integers, Objects
from opinionpanel.errors import LinkError
from opinionpanel.waves import BLANK_WORDS, form as form

Keys = Integers | Objects
# Ids, known to be text.
Texts = Sequence[str] | Array

# What programs write for a blank; marks alone are no id, whichever they are.
NO_ID = frozenset(word for word in BLANK_WORDS if any(map(str.isalnum, word)))
LONGEST_WORD = max(map(len, NO_ID))
# Numbers that stand for nobody, where they are in so many rows: in two rows only, an id such as 99
# may be somebody's. Hardly anybody is numbered below 0.
CODES_FOR_NOBODY, PLACEHOLDER_ROWS = r"-[0-9]|-?99+", 3
BELOW_ZERO = "-[0-9]"
# Texts that no number keeps as they are written.
LOST_BY_NUMBERS = r"0+[0-9]+|[0-9]+\.0+"


def exact_ids(series: pd.Series, where: str) -> tuple[Keys, Booleans]:
    """Bring ids to whole numbers, or else to trimmed text, without losing anything.

    Parameters
    ----------
    series : pandas.Series
        An id column of any type.
    where : str
        Wave, file and column, for messages.

    Returns
    -------
    keys : numpy.ndarray of int64 or of str
        0 or "" for a blank.
    blank : numpy.ndarray of bool
        Rows without an id.

    Raises
    ------
    LinkError
        Numbers that are not whole, or too large for a float to hold exactly.
    """
    blank = series.isna().to_numpy(dtype=bool)
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.cat.remove_unused_categories()
        levels, empty = exact_ids(pd.Series(series.cat.categories), where)
        # The code -1 of a blank takes the extra level at the end.
        rest: list[object] = [0 if levels.dtype.kind == "i" else ""]
        levels = np.concatenate([levels, np.array(rest, dtype=levels.dtype)])
        codes = series.cat.codes.to_numpy()
        return levels[codes], np.concatenate([empty, [True]])[codes]
    if not pd.api.types.is_numeric_dtype(series.dtype):
        values = series.to_numpy(dtype=object)
        if isinstance(series.dtype, pd.StringDtype) and not blank.any():
            keys = np.empty(len(values), dtype=object)
            keys[:] = list(map(str.strip, values))
            return keys, keys == ""
        return _texts(values, blank, where)
    values = (series.fillna(0) if blank.any() else series).to_numpy()
    if values.dtype.kind in "bi" or (
        values.dtype.kind == "u" and values.max(initial=0) <= np.iinfo(np.int64).max
    ):
        return values.astype(np.int64, copy=False), blank
    if values.dtype.kind == "f":
        if (values != np.floor(values)).any() or np.abs(values).max(initial=0) > most_exact(values):
            raise not_whole(where)
        return values.astype(np.int64), blank
    return _texts(values.astype(object), blank, where)


def _texts(values: Objects, blank: Booleans, where: str) -> tuple[Keys, Booleans]:
    keys = np.empty(len(values), dtype=object)
    keys[:] = [
        "" if gap else value.strip() if isinstance(value, str) else _text(value, where)
        for value, gap in zip(values, blank.tolist(), strict=True)
    ]
    return keys, keys == ""


def _text(value: object, where: str) -> str:
    """Write one id that is not text as text; whole numbers without ".0"."""
    if isinstance(value, bytes):
        try:
            return value.decode().strip()
        except UnicodeDecodeError:
            raise LinkError(
                f"{where}: some ids are bytes that are no UTF-8 text. Decode the column, or store "
                "the id as text."
            ) from None
    if isinstance(value, (Integral, np.bool_)):
        return str(int(value))
    if isinstance(value, (float, np.floating, Decimal)):
        exact = isinstance(value, Decimal) or abs(float(value)) <= most_exact(np.asarray(value))
        if not (exact and math.isfinite(value) and value == math.floor(value)):
            raise not_whole(where)
        return str(int(value))
    return str(value).strip()


def most_exact(values: npt.NDArray[np.floating[Any]]) -> int:
    """Return the number up to which floats of this size hold every whole number but the last.

    At the number itself the next one may have been rounded to it.
    """
    return int(2 ** (np.finfo(values.dtype).nmant + 1) - 1)


def not_whole(where: str) -> LinkError:
    """Refuse ids that are no whole numbers, or none that a float holds."""
    return LinkError(
        f"{where}: some ids are not whole numbers that a file can hold exactly, so people cannot "
        "be told apart. Store the id as text."
    )


def as_text(keys: Keys) -> Objects:
    """Write ids that are whole numbers as text."""
    return keys.astype(str).astype(object) if keys.dtype.kind == "i" else keys.astype(object)


def forms(keys: Keys, column: str) -> str:
    """Describe the most frequent shape of the ids of a wave."""
    if not len(keys):
        return f"no rows in column {column!r}"
    if keys.dtype.kind == "i":
        return f"numbers in column {column!r}"
    shapes = pd.Series([form(text) for text in keys])
    return text_form(shapes.mode().iloc[0], column)


def text_form(shape: str, column: str) -> str:
    """Describe ids that are text by their most frequent shape."""
    return f"text of the form {shape!r} in column {column!r}"


def is_placeholder(text: str, rows: int) -> bool:
    """Tell whether an id that stands in several rows of a wave is one that stands for nobody."""
    return (
        text.casefold() in NO_ID
        or not any(character.isalnum() for character in text)
        or not text.strip("0")
        or (rows >= PLACEHOLDER_ROWS and bool(re.fullmatch(CODES_FOR_NOBODY, text)))
        or (rows > 1 and bool(re.fullmatch(BELOW_ZERO, text)))
    )


def blank_words(texts: Texts) -> int:
    """Count ids that are a program's word for a blank, unless the other ids are words as well."""
    # There may be millions of ids: a loop within Python's own code is several times faster.
    if all(map(str.isdecimal, texts)):
        return 0
    words = [text for text in texts if len(text) <= LONGEST_WORD and text.casefold() in NO_ID]
    shapes = {form(text) for text in words}
    if words and any(form(text) in shapes for text in texts if text.casefold() not in NO_ID):
        return 0
    return len(words)


def exact_texts(values: Sequence[Hashable]) -> frozenset[str]:
    """Write values that stand for no id as ids are, as text; blanks go without saying."""
    keys, blank = exact_ids(pd.Series(list(values), dtype=object), "no_id=")
    return frozenset(as_text(keys[~blank]))


def whole_numbers(texts: Set[str]) -> list[int]:
    """Return those texts that whole numbers are written as, as numbers."""
    return sorted(int(text) for text in texts if re.fullmatch("0|-?[1-9][0-9]{0,17}", text))


def of_nobody(keys: Keys, texts: Set[str]) -> Booleans:
    """Tell which ids are among texts that stand for no id."""
    if not texts:
        return np.zeros(len(keys), dtype=bool)
    if keys.dtype.kind == "i":
        return np.isin(keys, whole_numbers(texts))
    return np.fromiter((key in texts for key in keys), dtype=bool, count=len(keys))


def placeholders(keys: Keys, blank: Booleans) -> dict[str, int]:
    """Find ids of a wave that stand for nobody, with the number of rows: several, but for words.

    In one of several id columns a code needs not so many rows: whoever has it has another id. A
    number below 0 needs one, as it would join a stranger of another wave, unless all are numbered
    so.
    """
    times = pd.Series(keys[~blank]).value_counts()
    # Most ids are somebody's, and in one row.
    looked_at = times[times > 1]
    words: Set[str] = frozenset()
    if keys.dtype.kind == "O" and blank_words(list(times.index)):
        words = NO_ID
        looked_at = times[(times > 1) | times.index.str.casefold().isin(words)]
    found = {str(key): int(rows) for key, rows in looked_at.items()}
    signed = times.index < 0 if keys.dtype.kind == "i" else times.index.str.startswith("-")
    below = {str(key): int(rows) for key, rows in times[signed].items()}
    if all(re.fullmatch(CODES_FOR_NOBODY, text) for text in below):
        found |= below
    return {
        text: found[text]
        for text in sorted(found)
        if text.casefold() in words
        or is_placeholder(text, found[text])
        or re.fullmatch(CODES_FOR_NOBODY, text)
    }
