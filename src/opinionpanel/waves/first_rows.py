"""Rows of a file that are no people: titles above the names of the columns, and more names below.

What is noticed is refused, with the way out: only who knows the file can say what its rows are.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import zip_longest

from opinionpanel.waves.spelling import BLANK_WORDS, LOOKS_NUMERIC, form

# Rows that are looked at.
SAMPLE = 60
# How many rows below the names of the columns may go on naming them.
MOST_BELOW = 2
# How many people tell that a blank in place of a number is no missing number.
LEAST_BELOW = 5

# Digits of an id, and of a number that is no name of a column either where others show the same.
LONG_NUMBER, SHORT_NUMBER = 4, 3
YEAR = re.compile(r"(?:19|20)\d\d")

Row = Sequence[str]


def rows_above(rows: Sequence[Row]) -> int:
    """Count the rows above the names of the columns; 0 where the first row seems to name them."""
    if not rows:
        return 0
    first = rows[0]
    widths = Counter(len(row) for row in rows if any(map(str.strip, row)))
    width = widths.most_common(1)[0][0] if widths else 0
    for place, row in enumerate(rows[1:], start=1):
        if len(row) == width > 1 and _names(row):
            told = _filled(first)
            title = first[:1] and first[0].strip() and 2 * told <= _filled(row)
            return place if not told or title or len(first) < width else 0
    return 0


def rows_below(rows: Sequence[Row], blanks: Collection[str], names: Row = ()) -> tuple[int, int]:
    """Count the rows, of those below the first one that names them, that are names as well.

    Also tells the place of a column that shows it: one of numbers, but for text in these rows.
    """
    for number in range(MOST_BELOW, 0, -1):
        head, people = rows[:number], rows[number:]
        if len(head) < number or any(map(_says_no_name, head)):
            continue
        columns = list(zip_longest(*head, fillvalue=""))
        later = list(zip_longest(*people, fillvalue=""))
        shown = [
            _shows(told, later[place] if place < len(later) else (), blanks)
            for place, told in enumerate(columns)
        ]
        if True in shown and False not in shown:
            return number, shown.index(True)
        if _goes_on(columns, later, names, blanks):
            return number, 0
    return 0, 0


def is_a_person(rows: Sequence[Row]) -> bool:
    """Tell whether the first row, which should name the columns, holds answers as the others do.

    That is an id or another long number that is written as all those below it; or a shorter one
    beside an answer that others gave as well. Years may be names, and so may numbers in a row with
    a text above numbers, such as id, 101 and 102.
    """
    numbers, answers, named = 0, 0, False
    for name, *below in zip_longest(*rows, fillvalue=""):
        text, later = name.strip(), _said(below, ())
        if not text or len(later) < LEAST_BELOW:
            continue
        digits = 0 if YEAR.fullmatch(text) else sum(map(str.isdecimal, text))
        if digits >= LONG_NUMBER and all(form(one) == form(text) for one in later):
            return True
        number = digits >= SHORT_NUMBER and all(_shape(one) == _shape(text) for one in later)
        numbers += number
        answers += not number and text in later
        named = named or _is_above_numbers(text, later)
    return numbers > 0 and numbers + answers > 1 and not named


def _is_above_numbers(text: str, later: Row) -> bool:
    """Tell whether a text that is no number, and no word for a blank, stands above numbers only."""
    if LOOKS_NUMERIC.fullmatch(text) or is_blank_word(text, ()):
        return False
    return all(map(LOOKS_NUMERIC.fullmatch, later))


def _shape(text: str) -> str:
    """Describe a text without showing it, whatever the number of digits."""
    return re.sub("9+", "9", form(text))


def _goes_on(
    columns: Sequence[Row], later: Sequence[Row], names: Row, blanks: Collection[str]
) -> bool:
    """Tell whether rows name answers and leave the number of the respondent blank.

    Of a question with several options the first alone has a name, and its answers are as the
    options are called.
    """
    if not later or _said(columns[0], ()) or len(later[0]) < LEAST_BELOW:
        return False
    if not all(LOOKS_NUMERIC.fullmatch(field.strip()) for field in later[0]):
        return False
    once = False
    for place, (told, rest) in enumerate(zip(columns, later, strict=False)):
        texts = set(_said(told, blanks))
        again = bool(texts & {field.strip() for field in rest})
        if again and all(name.strip() for name in names[place : place + 2]):
            return False
        once = once or (bool(texts) and not again)
    return once


def _filled(row: Row) -> int:
    return sum(bool(field.strip()) for field in row)


def _names(row: Row) -> bool:
    """Tell whether a row looks like names of columns: different texts in most fields."""
    texts = [field.strip() for field in row if field.strip()]
    different = len(set(texts)) == len(texts) > len(row) / 2
    return len(texts) > 1 and different and not any(map(LOOKS_NUMERIC.fullmatch, texts))


def _says_no_name(row: Row) -> bool:
    """Tell whether a row holds a number, as people do, or nothing at all."""
    return not _filled(row) or any(LOOKS_NUMERIC.fullmatch(field.strip()) for field in row)


def _shows(told: Row, later: Row, blanks: Collection[str]) -> bool | None:
    """Tell whether a column shows that its first fields are names, or that they are answers."""
    texts, rest = _said(told, blanks), _said(later, blanks)
    if not texts or len(rest) < 2:
        return None
    if all(map(LOOKS_NUMERIC.fullmatch, rest)):
        return True
    shapes = set(map(form, rest))
    return False if any(form(text) in shapes for text in texts) else None


def _said(fields: Row, blanks: Collection[str]) -> list[str]:
    texts = [field.strip() for field in fields]
    return [text for text in texts if text and not is_blank_word(text, blanks)]


def is_blank_word(text: str, blanks: Collection[str]) -> bool:
    """Tell whether a text is said, or usual, to stand for a blank."""
    return text in blanks or text.casefold() in BLANK_WORDS
