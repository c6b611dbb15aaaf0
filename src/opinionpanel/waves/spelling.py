"""How the values of a column are written: whether numbers would lose something of it.

The rule stands here once, for text files read at once or in batches and for Excel files.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, filterfalse

from opinionpanel.escaping import literal_pattern
from opinionpanel.waves.options import blanks_text

# Words that programs write for a blank, or for what could not be computed.
BLANK_WORDS = frozenset(
    [
        *("na", "n/a", "#n/a", "<na>", "nan", "#nan", "nat", "null", "#null!", "(null)"),
        *("none", "nil", ".", "..", "-", "--", "–", "—", "?"),
        *("#value!", "#ref!", "#div/0!", "#name?", "#num!"),
    ]
)

# Of larger whole numbers a float holds not each one.
_WHOLE = r"(?:0|[1-9][0-9]{0,14})"
_EXPONENT = r"(?:[eE][+-][0-9]{1,3})"
WHOLE = re.compile(f"-?{_WHOLE}")
# Whatever may be meant as a number, in one of the ways in which people write them.
LOOKS_NUMERIC = re.compile(r"[+-]?[.,]?[0-9](?:[0-9.,]*[0-9])?[.,]?(?:[eE][+-]?[0-9]{1,3})?")
# How spreadsheet programs shorten numbers of more than 11 digits when they save them as text.
SHORTENED = re.compile(r"-?[1-9](?:[.,][0-9]+)?[eE]\+(?:1[1-9]|[2-9][0-9])")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:(?:\.[0-9]{3})+,[0-9]+|(?:,[0-9]{3})+\.[0-9]+)")


@dataclass(frozen=True)
class Forms:
    """The forms of numbers with one decimal mark.

    Attributes
    ----------
    mark : str
    shortest : re.Pattern
        Decimals without a zero at the end; exponents with a sign, as programs write them.
    zero : re.Pattern
        Whole numbers as programs write them among decimals: 2.0.
    fixed : re.Pattern
        Any decimals; the group holds them.
    thousands : re.Pattern
        Where the mark may as well part the thousands.
    grouped : re.Pattern
        Where it does, because it is there twice.
    number : re.Pattern
        Whatever has a value, with zeros before and after it.
    """

    mark: str
    shortest: re.Pattern[str]
    zero: re.Pattern[str]
    fixed: re.Pattern[str]
    thousands: re.Pattern[str]
    grouped: re.Pattern[str]
    number: re.Pattern[str]


def _forms(mark: str) -> Forms:
    m = literal_pattern(mark)
    return Forms(
        mark,
        re.compile(f"-?(?:{_WHOLE}?{m}[0-9]*[1-9]{_EXPONENT}?|{_WHOLE}{_EXPONENT})"),
        re.compile(f"-?{_WHOLE}{m}0?"),
        re.compile(f"-?{_WHOLE}?{m}([0-9]+){_EXPONENT}?"),
        re.compile(f"[+-]?[1-9][0-9]{{0,2}}{m}[0-9]{{3}}"),
        re.compile(f"[+-]?[1-9][0-9]{{0,2}}(?:{m}[0-9]{{3}}){{2,}}"),
        re.compile(f"[+-]?(?:[0-9]+(?:{m}[0-9]*)?|{m}[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?"),
    )


POINT, COMMA = _forms("."), _forms(",")


@dataclass(frozen=True)
class Written:
    """Why a column stays text.

    Attributes
    ----------
    why : str
        What may be amiss, and the way out; "" where it is just text.
    mark : str
        The decimal mark with which all values are numbers, although these would lose how they are
        written; "" where they are none.
    words : sequence of str
        Those among the values that usually stand for a blank.
    noted : bool
        Whether a reader of the panel's summary should know.
    """

    why: str = ""
    mark: str = ""
    words: Sequence[str] = ()
    noted: bool = False

    @property
    def sentence(self) -> str:
        """Why, as a sentence of a message; "" where nothing is amiss."""
        return f"{self.why[:1].upper()}{self.why[1:]}." if self.why else ""


class Spelling:
    """The values of a column, blanks left out; each stands once, with the number of its rows.

    Attributes
    ----------
    filled : int
        How many rows have one.
    delimiter : str
        What parts the fields of the file: one of commas says that no comma is a decimal mark
        outside quotes, and that a point is one.
    """

    def __init__(self, values: Mapping[str, int], delimiter: str) -> None:
        self._values = values
        self._found: dict[re.Pattern[str], int] = {}
        self._whole: dict[re.Pattern[str], bool] = {}
        self.filled = sum(values.values())
        self.delimiter = delimiter

    def count(self, form: re.Pattern[str]) -> int:
        """Count the values that have a form."""
        if form not in self._found:
            # A column of ids has millions: a loop within Python's own code is much faster.
            fit = map(form.fullmatch, self._values)
            self._found[form] = sum(compress(self._values.values(), fit))
        return self._found[form]

    def fit(self, form: re.Pattern[str], number: int) -> bool:
        """Tell whether as many values have a form, which may be quicker than to count them."""
        return self._all_have(form) if number == self.filled else self.count(form) == number

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
        """Find how many decimals, the group of a form, they have at least and at most."""
        found = [len(match[1]) for value in self._values if (match := form.fullmatch(value))]
        return min(found), max(found)

    def words(self) -> Mapping[str, int]:
        """Count the values that usually stand for a blank."""
        found = [one for one in self._values.items() if one[0].casefold() in BLANK_WORDS]
        return dict(sorted(found, key=lambda one: (-one[1], one[0])))

    def may_be_numbers(self) -> bool:
        """Tell whether all others look like numbers."""
        if self._all_have(WHOLE) or self._all_have(LOOKS_NUMERIC):
            return True
        others = filterfalse(LOOKS_NUMERIC.fullmatch, self._values)
        return all(value.casefold() in BLANK_WORDS for value in others)


def number_mark(spelling: Spelling, filled: int) -> str | None:
    """Choose the decimal mark of a column that is numeric: "" for whole numbers, None for text.

    No value may lose its written form. Numbers are written in the shortest form, in which whole
    ones may all end in ".0", or with equally many decimals.
    """
    if spelling.fit(WHOLE, filled):
        return ""
    for forms in (POINT, COMMA):
        if _is_exact(spelling, forms, filled) and not _is_ambiguous(spelling, forms, filled):
            return forms.mark
    return None


def _is_exact(spelling: Spelling, forms: Forms, filled: int) -> bool:
    if spelling.fit(forms.shortest, filled):
        return True
    shortest = spelling.count(forms.shortest)
    if shortest + spelling.count(WHOLE) == filled:
        return True
    if shortest + spelling.count(forms.zero) == filled:
        return True
    if spelling.count(forms.fixed) < filled:
        return False
    least, most = spelling.decimals(forms.fixed)
    return least == most


def _is_ambiguous(spelling: Spelling, forms: Forms, filled: int) -> bool:
    """Tell whether every mark could part thousands as well."""
    if forms is POINT and spelling.delimiter == ",":
        return False
    thousands = spelling.count(forms.thousands)
    return thousands > 0 and thousands + spelling.count(WHOLE) == filled


def written(spelling: Spelling) -> Written:
    """Say why a column that is not numeric is none, and what to do if it should be."""
    words = spelling.words()
    numbers = spelling.filled - sum(words.values())
    if not spelling.may_be_numbers():
        return Written(_words_text(words, ""), words=tuple(words))
    if not numbers:
        return Written(_words_text(words, ""), words=tuple(words), noted=True)
    if words and number_mark(spelling, numbers) is not None:
        return Written(_words_text(words, ", otherwise numbers"), words=tuple(words), noted=True)
    for forms in (POINT, COMMA):
        if spelling.count(forms.number) == numbers and not words:
            if _is_ambiguous(spelling, forms, numbers):
                return Written(_ambiguous_text(spelling.count(forms.thousands), forms.mark))
            return Written(mark=forms.mark)
    return Written(_marks_text(spelling) or _words_text(words, ""), words=tuple(words))


def _words_text(words: Mapping[str, int], rest: str) -> str:
    if not words:
        return ""
    counts = ", ".join(
        f"{count:,} {'value is' if count == 1 else 'values are'} {word!r}"
        for word, count in words.items()
    )
    return f"{counts}{rest}; if they are blanks: {blanks_text(words)}"


def _ambiguous_text(count: int, mark: str) -> str:
    return (
        f"{count:,} value(s) of the form '9{mark}999' (9: any digit) may be thousands or have "
        "decimals: write them without marks of thousands, or with a decimal point in a file parted "
        "by commas"
    )


def _marks_text(spelling: Spelling) -> str:
    """Say that thousands are parted, or that the decimal mark is not always the same."""
    for form, example in ((POINT.grouped, "9.999.999"), (COMMA.grouped, "9,999,999")):
        if count := spelling.count(form):
            return _thousands_text(count, example)
    if count := spelling.count(GROUPED):
        return _thousands_text(count, "9.999,9 or 9,999.9")
    point, comma = (spelling.count(forms.fixed) for forms in (POINT, COMMA))
    if point and comma:
        return (
            f"{point:,} value(s) have a decimal point and {comma:,} a decimal comma: write all "
            "with the same mark"
        )
    return ""


def _thousands_text(count: int, example: str) -> str:
    return (
        f"{count:,} value(s) have marks of thousands, as in {example} (9: any digit): write them "
        "without"
    )


def form(text: str) -> str:
    """Describe the shape of a text without showing it: digits as 9, letters as a."""
    return text.translate(SHAPES)


class ByCharacter(dict[int, str]):
    """What becomes of each character of a text, for `str.translate`; filled as they are met.

    With millions of texts this is faster by far than regular expressions are.
    """

    def __init__(self, change: Callable[[str], str]) -> None:
        self.change = change

    def __missing__(self, code: int) -> str:
        found = self[code] = self.change(chr(code))
        return found


SHAPES = ByCharacter(lambda one: "9" if one.isdecimal() else "a" if one.isalnum() else one)
