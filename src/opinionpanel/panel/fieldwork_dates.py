"""Fieldwork dates in words: when a wave began, and whether that fits the order of the waves."""

import re
from collections.abc import Mapping, Sequence
from itertools import combinations, takewhile

from opinionpanel.errors import LinkError

# A month by the letters that its names begin with, English and Russian.
MONTHS = {
    start: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "янв фев мар апр май июн июл авг сен окт ноя дек",
        "янв фев мар апр мая июн июл авг сен окт ноя дек",
    )
    for number, start in enumerate(names.split(), start=1)
}
NAMED = re.compile(
    r"\b(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)[ья]|марта?|ма[йя]|августа?)\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
YEAR_FIRST = re.compile(r"\s*((?:19|20)\d{2})(?:([-./]?)(\d{2})\2(\d{2})|-(\d{2}))(?!\d)")
DOTTED = re.compile(r"\s*(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
# Day or month first.
SLASHED = re.compile(r"\s*(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?!\d)")
MONTH_FIRST = re.compile(r"\s*(\d{1,2})[-./](\d{4})(?!\d)")
# It may begin in the year before.
WINTER = re.compile(r"\b(?:winter|зим)", re.IGNORECASE)
Begun = tuple[int, ...]


def check_dates(waves: Sequence[str], dates: Mapping[str, str]) -> None:
    """Refuse dates by which a wave began before one that stands ahead of it.

    Read are dates in numbers, names of months in English and Russian (nominative and genitive),
    and years. Dates of which no year can be told, such as "summer", are left alone, and so are
    those such as "1/11/2024" that contradict the order only with the day, or the month, first.
    """
    begun = {wave: readings(dates[wave]) for wave in waves if wave in dates}
    for first, second in combinations(begun, 2):
        both = zip(begun[first], begun[second], strict=True)
        if all(_after(one, other) for one, other in both):
            raise LinkError(
                f"Wave {first!r} stands before wave {second!r}, but its fieldwork, "
                f"{dates[first]!r}, began after {dates[second]!r}. Give the waves in the order of "
                "fieldwork, or mend the dates."
            )


def readings(text: str) -> tuple[Begun, Begun]:
    """Read a date with the day first, and with the month first."""
    return beginning(text), beginning(text, day_first=False)


def _after(one: Begun, other: Begun) -> bool:
    """Whether a date is later than another, as far as both are told."""
    told = min(len(one), len(other))
    return one[:told] > other[:told]


def beginning(text: str, *, day_first: bool = True) -> Begun:
    """Read when fieldwork began: year, month and day, as far as they are told; () for neither.

    Parameters
    ----------
    text : str
    day_first : bool
        Whether "1/11/2024" is the first of November; what makes no date so is read the other way.

    Examples
    --------
    >>> beginning("18–25 July 2024"), beginning("2024-07"), beginning("май 2021, по телефону")
    ((2024, 7, 18), (2024, 7), (2021, 5))
    >>> beginning("1/11/2024"), beginning("1/11/2024", day_first=False)
    ((2024, 11, 1), (2024, 1, 11))
    >>> beginning("summer"), beginning("1-8 July"), beginning("summer of 2024")
    ((), (), (2024,))
    """
    if found := YEAR_FIRST.match(text):
        year, _, month, day, alone = found.groups()
        return _real(int(year), int(month or alone), *([int(day)] if day else []))
    if found := DOTTED.match(text):
        return _real(*(int(part) for part in reversed(found.groups())))
    if found := SLASHED.match(text):
        day, month = int(found[1]), int(found[3])
        if month > 12 or (not day_first and day <= 12):
            day, month = month, day
        return _real(int(found[4]), month, day)
    if found := MONTH_FIRST.match(text):
        return _real(int(found[2]), int(found[1]))
    return _named(text) if NAMED.search(text) else _year(text)


def _named(text: str) -> Begun:
    """Read a date with the name of a month."""
    months = list(NAMED.finditer(text))
    month = months[0]
    before, after = text[: month.start()], text[month.end() :]
    years = YEAR.findall(after) or YEAR.findall(before)
    numbers = [MONTHS[found[0].lower()[:3]] for found in months]
    if not years or (numbers[0] > numbers[-1] and len(years) == 1):
        # From December to January: the year may be that of either.
        return ()
    day = re.match(r"\D*?(\d{1,2})(?!\d)", before) or re.match(r"\W*(\d{1,2})(?!\d)", after)
    return _real(int(years[0]), numbers[0], *([int(day[1])] if day else []))


def _year(text: str) -> Begun:
    """Read the only year in a text, or the one that it starts with."""
    years = YEAR.findall(text)
    if not years or WINTER.search(text):
        return ()
    alone = len(set(years)) == 1 or text.lstrip().startswith(years[0])
    return (int(years[0]),) if alone else ()


def _real(*parts: int) -> Begun:
    """Give the parts of a date up to the first that cannot be."""
    most = (9999, 12, 31)
    kept = takewhile(lambda pair: 1 <= pair[0] <= pair[1], zip(parts, most, strict=False))
    return tuple(part for part, _ in kept)
