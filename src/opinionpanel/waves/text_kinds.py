"""Columns of a text file that is read in batches: answers and the like, ids, and weights.

Each is what the same column would be in a file that is read at once. Where that cannot be told
by a look at each batch alone, the file is read at once.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from opinionpanel.engines import SPACE
from opinionpanel.waves.spelling import BLANK_WORDS, LOOKS_NUMERIC, SHORTENED, Written
from opinionpanel.waves.text_columns import numbers_for, shortened, without_blanks

# The whole numbers that stay numbers have at most so many digits; see `spelling`.
MOST_DIGITS = 15
# Numbers from here on may be some that a spreadsheet program has shortened.
MAY_BE_SHORTENED = 1e11
# More different values are none of answers, groups or PSUs.
MOST_VALUES = 1 << 20
# So many values are few beside the rows of a batch.
FEW = 1 << 12
LONGEST_WORD = max(map(len, BLANK_WORDS))


class NotInBatchesError(Exception):
    """A file is to be read at once, which also says what is wrong with it."""


class TextAfterAllError(Exception):
    """Ids that were taken for whole numbers are text."""


class Kind(Protocol):
    """How a column is read.

    Attributes
    ----------
    read_as : pyarrow.DataType
        What it is read as.
    type : pyarrow.DataType
        What it is in the end.
    """

    read_as: Any
    type: Any

    def look(self, column: Any) -> Any:
        """Look at a batch, in any thread and order."""

    def keep(self, column: Any, looked: Any) -> Any:
        """Give what to keep of a batch, in their order."""

    def end(self) -> Written | None:
        """Say, after all batches, why a column stays text; None where it does not."""

    def give(self, kept: Any) -> Any:
        """Make of what was kept what the column is in the end."""


class ValueTexts:
    """A column of few different values, which are looked at once in the end."""

    def __init__(
        self, blanks: Sequence[str], delimiter: str, *, text: bool, coded: bool = False
    ) -> None:
        import pyarrow as pa

        self.read_as: Any = pa.string()
        self.type: Any = pa.string()
        self._blanks, self._delimiter, self._text = blanks, delimiter, text
        self._seen = pa.array([], pa.string())
        self._values: Any = None
        self._coded = coded

    def look(self, column: Any) -> Any:
        """Find the places of values among those that are known."""
        import pyarrow.compute as pc

        return pc.index_in(column, value_set=self._seen)

    def keep(self, column: Any, looked: Any) -> Any:
        """Keep the places of values, in as few bytes as hold them."""
        import pyarrow as pa

        places = self.look(column) if looked.null_count else looked
        if places.null_count:
            new = column.filter(places.is_null()).unique()
            self._seen = pa.concat_arrays([self._seen, new])
            places = self.look(column)
        if len(self._seen) > MOST_VALUES:
            raise NotInBatchesError
        return pa.array(places.to_numpy().astype(np.min_scalar_type(len(self._seen))))

    def end(self) -> Written | None:
        """Make numbers of the values by the rule for columns in memory."""
        return self.typed([1] * len(self._seen))

    def typed(self, times: Sequence[int]) -> Written | None:
        """Make numbers of the values; `times` count their rows, for messages."""
        import pyarrow as pa

        seen = self._seen.to_pylist()
        if shortened(np.arange(len(seen)), seen):
            raise NotInBatchesError
        values = without_blanks(seen, self._blanks)
        numbers, why = None, None
        if not self._text:
            numbers, why = numbers_for(values, times, self._delimiter)
        if numbers is None:
            texts = zip(seen, values, strict=True)
            self._values = pa.array([text if one else None for text, one in texts], pa.string())
        else:
            self._values = pa.array(numbers, from_pandas=True)
        self.type = self._values.type
        return why

    def give(self, kept: Any) -> Any:
        """Look the values up; few of them are given once, with their places."""
        import pyarrow as pa

        if self._coded and len(self._values) <= FEW:
            return pa.DictionaryArray.from_arrays(kept, self._values)
        return self._values.take(kept)


class WholeIds:
    """Ids that are whole numbers, written as programs write them."""

    def __init__(self, blanks: Sequence[str]) -> None:
        import pyarrow as pa

        self.read_as, self.type = pa.string(), pa.int64()
        self._blanks = pa.array(["", *blanks])
        # Whether a number may stand for a blank.
        self._numeric = any(map(LOOKS_NUMERIC.fullmatch, blanks))
        self.range: tuple[int, int] | None = None

    def look(self, column: Any) -> Any:
        """Make numbers of the texts, if none loses how it is written."""
        import pyarrow as pa
        import pyarrow.compute as pc

        try:
            numbers = self._between_blanks(column) if self._numeric else column.cast(pa.int64())
        except pa.ArrowInvalid:
            numbers = self._between_blanks(column)
        low, high = _range(numbers)
        if low is None:
            return numbers
        # "007" is not 7, nor is "0x7"; a lone zero is one.
        zeros = column.filter(pc.starts_with(column, "0"))
        lost = pc.any(pc.not_equal(zeros, "0")).as_py()
        if lost or max(high, -low) >= 10**MOST_DIGITS or (low <= 0 and _signed_zeros(column)):
            raise TextAfterAllError
        return numbers

    def keep(self, column: Any, looked: Any) -> Any:
        """Keep the numbers, in four bytes where they fit."""
        import pyarrow as pa

        low, high = _range(looked)
        if low is None:
            return looked
        known = self.range or (low, high)
        self.range = min(low, known[0]), max(high, known[1])
        return looked.cast(pa.int32()) if max(high, -low) < 1 << 31 else looked

    def _between_blanks(self, column: Any) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        trimmed = pc.utf8_trim(column, SPACE)
        blank = pc.is_in(trimmed, self._blanks)
        try:
            return pc.if_else(blank, None, column).cast(pa.int64())
        except pa.ArrowInvalid:
            raise TextAfterAllError from None

    def end(self) -> None:
        """Say that it is none of text."""

    def give(self, kept: Any) -> Any:
        """Give the numbers."""
        return kept


class TextIds:
    """Ids that are text, or numbers that lose how they are written."""

    def __init__(self, blanks: Sequence[str], *, text: bool) -> None:
        import pyarrow as pa

        self.read_as, self.type = pa.string(), pa.string()
        self._blanks = pa.array(["", *blanks])
        self._text = text
        # Whether some are no numbers, in whatever way these are written; are digits that a number
        # does not keep; or are numbers that it may keep, such as "7.0".
        self._words = self._digits = self._others = False

    def look(self, column: Any) -> Any:
        """Leave that to when their turn comes: what they are is known bit by bit."""

    def keep(self, column: Any, looked: Any) -> Any:
        """Keep the texts, and nothing for a blank."""
        import pyarrow.compute as pc

        trimmed = pc.utf8_trim(column, SPACE)
        self._refuse_shortened(trimmed)
        blank = pc.is_in(trimmed, self._blanks)
        if pc.any(blank).as_py():
            column = pc.if_else(blank, None, column)
            trimmed = trimmed.filter(pc.invert(blank))
        if not self._text:
            self._look_at(trimmed)
        return column

    def _refuse_shortened(self, trimmed: Any) -> None:
        import pyarrow.compute as pc

        signed = trimmed.filter(pc.match_substring(trimmed, "+"))
        if pc.any(pc.match_substring_regex(signed, f"^(?:{SHORTENED.pattern})$")).as_py():
            raise NotInBatchesError

    def _look_at(self, texts: Any) -> None:
        """See whether ids that are not blank are numbers."""
        import pyarrow as pa
        import pyarrow.compute as pc

        digits = pc.ascii_is_decimal(texts)
        if not self._digits:
            lost = pc.and_(digits, pc.greater(pc.binary_length(texts), MOST_DIGITS))
            zeros = pc.and_(pc.starts_with(texts, "0"), pc.not_equal(texts, "0"))
            self._digits = pc.any(pc.or_(lost, pc.and_(digits, zeros))).as_py() or False
        others = texts.filter(pc.invert(digits))
        short = others.filter(pc.less_equal(pc.binary_length(others), LONGEST_WORD))
        if pc.any(pc.is_in(pc.utf8_lower(short), pa.array(sorted(BLANK_WORDS)))).as_py():
            raise NotInBatchesError
        if len(others) and not self._words:
            numeric = pc.match_substring_regex(others, f"^(?:{LOOKS_NUMERIC.pattern})$")
            self._others |= pc.any(numeric).as_py()
            self._words = not pc.all(numeric).as_py()

    def end(self) -> Written | None:
        """Say that they are text, if that is certain."""
        if self._text:
            return None
        if self._words:
            return Written()
        if self._others or not self._digits:
            raise NotInBatchesError
        return Written(mark=".")

    def give(self, kept: Any) -> Any:
        """Give the texts."""
        return kept


class Weights:
    """Numbers, most of which stand in few rows; which decimal mark they have must be certain."""

    def __init__(self, blanks: Sequence[str], mark: str, delimiter: str) -> None:
        import pyarrow as pa

        if any(map(LOOKS_NUMERIC.fullmatch, blanks)):
            raise NotInBatchesError
        self.read_as = self.type = pa.float64()
        # In a file parted by commas a point parts no thousands.
        self._certain = mark == "." and delimiter == ","

    def look(self, column: Any) -> Any:
        """Leave that to when their turn comes: mostly there is nothing to look for."""

    def keep(self, column: Any, looked: Any) -> Any:
        """Keep the numbers."""
        numbers = column.drop_null().to_numpy()
        size = np.abs(numbers)
        if not size.max(initial=0) < MAY_BE_SHORTENED:
            raise NotInBatchesError
        if not self._certain:
            # What has three decimals below 1,000 may have thousands.
            decimals = numbers != np.rint(numbers)
            more = np.abs(numbers * 1000 - np.rint(numbers * 1000)) > 1e-6
            self._certain = bool((decimals & (more | (size < 1) | (size >= 1000))).any())
        return column

    def end(self) -> None:
        """Refuse to guess what the mark is."""
        if not self._certain:
            raise NotInBatchesError

    def give(self, kept: Any) -> Any:
        """Give the numbers."""
        return kept


def _range(numbers: Any) -> tuple[Any, Any]:
    import pyarrow.compute as pc

    found = pc.min_max(numbers)
    return found["min"].as_py(), found["max"].as_py()


def _signed_zeros(column: Any) -> bool:
    import pyarrow.compute as pc

    found: bool = pc.any(pc.starts_with(column, "-0")).as_py()
    return found
