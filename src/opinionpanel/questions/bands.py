"""Numbers cut into bands, such as years of age."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite
from typing import Any, Literal

from opinionpanel.errors import ItemError, count_people
from opinionpanel.questions.naming import labels_shown, looks_open, nameable, others_text
from opinionpanel.questions.refusals import says_refusal
from opinionpanel.waves import code_order, code_text, declared_missing

# Numbers that often stand for no answer.
CODE = re.compile(r"9+[6-9]|7{2,}|8{2,}")
# Of the values that are no numbers, a message shows so many.
MOST_SHOWN = 12
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


@dataclass(frozen=True)
class Bands:
    """Where numbers are cut; a band begins with its number and ends before the next one.

    Attributes
    ----------
    bounds : tuple of float
        In ascending order.
    rest : "missing" or None
        As in `Grouping`.
    """

    bounds: tuple[float, ...]
    rest: Literal["missing"] | None

    @property
    def names(self) -> tuple[str, ...]:
        """The bands in words, that of lesser numbers first.

        Examples
        --------
        >>> Bands((18, 30, 31, 60), None).names
        ('under 18', '18–29', '30', '31–59', '60+')
        >>> Bands((0, 0.5), None).names
        ('under 0', '0 to under 0.5', '0.5+')
        """
        whole = all(isinstance(bound, int) for bound in self.bounds)
        between = [_between(low, high, whole=whole) for low, high in pairwise(self.bounds)]
        return (f"under {self.bounds[0]}", *between, f"{self.bounds[-1]}+")

    def place(self, number: float) -> int:
        """Find the band of a number."""
        return bisect_right(self.bounds, number)

    def read(
        self, people: Mapping[object, int], labels: Mapping[object, str], missing: Sequence[Any]
    ) -> "Read":
        """Find the bands of the values that occur in a column.

        Parameters
        ----------
        people : dict
            Value to how many people have it.
        labels : dict
            Value to text.
        missing : sequence
            What the file declares missing.
        """
        found = Read()
        for key, count in people.items():
            if key is None or declared_missing(key, missing):
                continue
            text = key if isinstance(key, str) else labels.get(key, "")
            number = _number(key, labels)
            if number is not None and (number >= 0 or self.bounds[0] <= 0):
                found.places[key] = self.place(number)
            elif says_refusal(text):
                found.refused[text] = found.refused.get(text, 0) + count
            else:
                found.wrong[key] = count
        return found

    def check(self, read: "Read", labels: Mapping[object, str], place: str) -> None:
        """Refuse what is no number, unless it is to be left out; and a column without any."""
        if not read.wrong or (self.rest == "missing" and read.places):
            return
        named, said = nameable(read.wrong, labels), labels_shown(read.wrong, labels)
        keys = sorted(read.wrong, key=code_order)
        texts = [
            f"{code_text(key)}{f' {label!r}' if label is not None else ''} "
            f"({count_people(read.wrong[key])})"
            for key in keys
            if key in named
            for label in [said.get(key)]
        ]
        shown = "; ".join(texts[:MOST_SHOWN])
        values = "1 value is" if len(keys) == 1 else f"{len(keys)} values are"
        more = f" and {len(texts) - MOST_SHOWN} more" if len(texts) > MOST_SHOWN else ""
        others = others_text(read.wrong[key] for key in keys if key not in named)
        found = "; ".join(part for part in (f"{shown}{more}", others) if part)
        found = "" if looks_open(read.wrong) else f": {found}"
        way_out = (
            "Recode them, or set rest='missing' to read them as no value."
            if read.places
            else "Cut a column of numbers, or name states={…} in place of bands."
        )
        if any(isinstance(key, (int, float)) and key < 0 for key in read.wrong):
            # Below a positive bound, numbers such as -9 are codes of refusals.
            way_out += " Negative numbers count where the first number of bands is 0 or less."
        raise ItemError(f"{place}: {values} no number to be cut into bands{found}. {way_out}")


def left_numbers(wrong: Mapping[object, int]) -> str:
    """Say which texts with a number in them, such as "80+", ``rest="missing"`` leaves out.

    Examples
    --------
    >>> left_numbers({"80+": 9, "no card": 7, "17,5": 6})
    "'80+' (9 people) and '17,5' (6 people)"
    >>> left_numbers({"80+": 9, "12 May 1931": 1})
    '2 values (10 people)'
    """
    found = {key: n for key, n in wrong.items() if isinstance(key, str) and re.search(r"\d", key)}
    if len(found) > 2 or looks_open(wrong) or not found.keys() <= nameable(found, {}):
        number = "1 value" if len(found) == 1 else f"{len(found)} values"
        return f"{number} ({count_people(sum(found.values()))})" if found else ""
    return " and ".join(f"{key!r} ({count_people(people)})" for key, people in found.items())


def far_codes(people: Mapping[object, int]) -> dict[object, int]:
    """Find numbers such as 999 that are far above all others, and so may be no numbers.

    Examples
    --------
    >>> far_codes({18: 40, 67: 30, 999: 5, "998": 2})
    {999: 5, '998': 2}
    >>> far_codes({18: 40, 87: 30, 99: 1})
    {}
    """
    like = {key: count for key, count in people.items() if CODE.fullmatch(str(key))}
    others = [float(key) for key in people if key not in like]  # type: ignore[arg-type]
    if not others:
        return {}
    return {key: count for key, count in like.items() if float(key) > 2 * max(others)}  # type: ignore[arg-type]


@dataclass
class Read:
    """The values of a column: those in bands, refusals by their text, and what is no number."""

    places: dict[object, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    wrong: dict[object, int] = field(default_factory=dict)


def _between(low: float, high: float, *, whole: bool) -> str:
    if not whole:
        return f"{low} to under {high}"
    return f"{low}" if high - low == 1 else f"{low}–{int(high) - 1}"


def as_number(key: object, mark: str = "") -> float | None:
    """Read a number, also one that stayed text, with its decimal mark; None for none."""
    if isinstance(key, str):
        written = key.replace(",", ".") if mark == "," else key
        number = float(written) if NUMBER.fullmatch(written) else None
    else:
        number = key if isinstance(key, (int, float)) else None
    return number if number is not None and isfinite(number) else None


def _number(key: object, labels: Mapping[object, str]) -> float | None:
    """Read a number; a code whose label says something else, such as 999 "refused", is none."""
    number = as_number(key)
    if number is None or isinstance(key, str):
        return number
    label = labels.get(key)
    numbers = re.findall(r"\d+(?:\.\d+)?", label or "")
    said = label is None or any(float(one) == abs(number) for one in numbers)
    return number if said and not (label and says_refusal(label)) else None
