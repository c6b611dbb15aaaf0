"""Phrases: texts that remember how they were made, so that another language can say them again."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any, Self

from opinionpanel.escaping import closed

__all__ = [
    "Phrase",
    "all_of",
    "any_of",
    "days_from_to",
    "figure",
    "in_a_row",
    "one_after_another",
    "per_cent",
]

# Numbers are written by rules of their own in each language.
PERCENT, DECIMAL = "{number}%", "{whole}.{decimals}"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Phrase(str):
    """An English text made of a template and its values; to all who read text, that text.

    Parameters
    ----------
    template : str
        English, with named places, such as ``"everyone interviewed at {wave}"``. Never a text of a
        study: that is a value.
    **values
        What stands in the places: text of the study, whose directions end with it, whole numbers,
        or phrases in turn.

    Examples
    --------
    >>> who = Phrase("{n} people at {wave}", n=1234, wave="Jul 2024")
    >>> who == "1,234 people at Jul 2024", who.template
    (True, '{n} people at {wave}')
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, **values: str | int) -> Self:
        """Fill the places of the template."""
        shown = {
            name: closed(value) if isinstance(value, str) else f"{value:,}"
            for name, value in values.items()
        }
        made = super().__new__(cls, template.format(**shown))
        made.template, made.values = template, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Give what makes this phrase again, in another process or from a file."""
        return (self.template,), dict(self.values)


def figure(text: str) -> str:
    """Take a number as it is written in English, such as "2.5"."""
    whole, point, decimals = text.partition(".")
    return Phrase(DECIMAL, whole=whole, decimals=decimals) if point else whole


def per_cent(share: float, *, digits: int = 0) -> Phrase:
    """Write a share in per cent."""
    return Phrase(PERCENT, number=figure(f"{100 * share:.{digits}f}"))


def days_from_to(first: date, last: date, *, months: Sequence[str] = MONTHS) -> Phrase:
    """Write the days from a first to a last; `months` are their names in dates.

    Examples
    --------
    >>> days_from_to(date(2024, 7, 8), date(2024, 7, 17))
    '8–17 July 2024'
    >>> days_from_to(date(2023, 12, 20), date(2024, 1, 10))
    '20 December 2023 – 10 January 2024'
    """
    month, last_month = (months[day.month - 1] for day in (first, last))
    if first == last:
        return Phrase("{day} {month} {year}", day=f"{first.day}", month=month, year=f"{first.year}")
    if first.year != last.year:
        one, other = (days_from_to(day, day, months=months) for day in (first, last))
        return Phrase("{first} – {last}", first=one, last=other)
    ends = {"first": f"{first.day}", "last": f"{last.day}", "year": f"{last.year}"}
    if first.month == last.month:
        return Phrase("{first}–{last} {month} {year}", **ends, month=month)
    return Phrase(
        "{first} {first_month} – {last} {last_month} {year}",
        **ends,
        first_month=month,
        last_month=last_month,
    )


def all_of(names: Sequence[str]) -> str:
    """Name several things: "a and b and c"."""
    return _joined("{one} and {other}", names)


def any_of(names: Sequence[str]) -> str:
    """Name several things of which one is meant: "a or b or c"."""
    return _joined("{one} or {other}", names)


def one_after_another(parts: Sequence[str]) -> str:
    """List parts that may hold commas: "a; b; c"."""
    return _joined("{one}; {other}", parts)


def in_a_row(names: Sequence[str]) -> str:
    """List names: "a, b, c"."""
    return _joined("{one}, {other}", names)


def _joined(template: str, parts: Sequence[str]) -> str:
    return reduce(lambda one, other: Phrase(template, one=one, other=other), parts) if parts else ""
