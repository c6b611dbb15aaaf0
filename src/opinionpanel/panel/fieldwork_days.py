"""First and last days of fieldwork: as declared, as words tell them, and in words."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from opinionpanel.errors import LinkError, placed, shown
from opinionpanel.panel.fieldwork_dates import MONTHS, NAMED
from opinionpanel.phrases import days_from_to

# What may be declared of a wave: words, one day, or the first day and the last.
Fieldwork = str | date | Sequence[str | date]
# The first day and the last.
Days = tuple[date, date]

_ISO = "([0-9]{4}-[0-9]{2}-[0-9]{2})"
IN_NUMBERS = re.compile(rf"{_ISO}(?:\s*[/–—]\s*{_ISO})?")
_DAY, _MONTH, _YEAR = r"([0-9]{1,2})", NAMED.pattern, r"((?:19|20)[0-9]{2})"
IN_WORDS = re.compile(
    rf"(?:{_DAY}(?:\s+{_MONTH}(?:\s+{_YEAR})?)?\s*[-–—]\s*)?{_DAY}\s+{_MONTH}\s+{_YEAR}(?:\s+г\.?)?",
    re.IGNORECASE,
)


def read_fieldwork(
    dates: Mapping[str, Fieldwork], waves: Sequence[str]
) -> tuple[dict[str, str], dict[str, Days]]:
    """Read the fieldwork of waves: in words, and its first and last day where these are told.

    Raises
    ------
    LinkError
        As in `words_and_days`.
    """
    words, days = {}, {}
    for wave, declared in dates.items():
        try:
            words[wave], told = words_and_days(declared)
        except LinkError as error:
            raise LinkError(*placed(f"Fieldwork of wave {wave!r}", error)) from None
        if told is not None:
            days[wave] = told
    return words, {wave: days[wave] for wave in waves if wave in days}


def words_and_days(fieldwork: Fieldwork) -> tuple[str, Days | None]:
    """Give fieldwork in words, and its first and last day; None where words do not tell both.

    Raises
    ------
    LinkError
        Text in the place of a day is none, there are more than two days, or the last is before the
        first.

    Examples
    --------
    >>> words_and_days(["2024-07-08", "2024-07-17"])
    ('8–17 July 2024', (datetime.date(2024, 7, 8), datetime.date(2024, 7, 17)))
    >>> words_and_days("summer of 2024")
    ('summer of 2024', None)
    """
    if isinstance(fieldwork, str):
        return fieldwork, days_in(fieldwork)
    days = [fieldwork] if isinstance(fieldwork, date) else list(fieldwork)
    if len(days) not in (1, 2):
        raise LinkError(f"{len(days)} days. Give the first and the last, one day, or words.")
    first, last = _day(days[0]), _day(days[-1])
    if last < first:
        raise LinkError(f"the last day, {last}, is before the first, {first}. Mend one of them.")
    return str(days_from_to(first, last)), (first, last)


def _day(day: str | date) -> date:
    try:
        if isinstance(day, str):
            return date.fromisoformat(day)
        # A time of the day, which some dates have, does not count.
        return date(day.year, day.month, day.day)
    except (TypeError, ValueError):
        raise LinkError(
            f"{shown(day)} is no day. Write days as 2024-07-08, or all of fieldwork in words."
        ) from None


def days_in(words: str) -> Days | None:
    """Read the first and the last day from words that are nothing but these; else None.

    Examples
    --------
    >>> days_in("18–25 июля 2024 г.")
    (datetime.date(2024, 7, 18), datetime.date(2024, 7, 25))
    >>> days_in("July 2024")
    """
    text = words.strip()
    try:
        if found := IN_NUMBERS.fullmatch(text):
            last = date.fromisoformat(found[2] or found[1])
            first = date.fromisoformat(found[1])
        elif found := IN_WORDS.fullmatch(text):
            begun, ended = found.groups()[:3], found.groups()[3:]
            last = _named_day(*ended)
            first = _named_day(*(one or other for one, other in zip(begun, ended, strict=True)))
        else:
            return None
    except ValueError:
        # The 31st of June.
        return None
    return (first, last) if first <= last else None


def _named_day(day: str, month: str, year: str) -> date:
    return date(int(year), MONTHS[month[:3].lower()], int(day))
