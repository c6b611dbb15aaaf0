"""Fieldwork dates in words: when a wave began, and whether that fits the order of the waves."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise, takewhile

from opinionpanel.errors import LinkError

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ISO = re.compile(r"\s*(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?!\d)")
DOTTED = re.compile(r"\s*(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
NAMED = re.compile(
    r"\b(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"\b\d{4}\b")


def check_dates(waves: Sequence[str], dates: Mapping[str, str]) -> None:
    """Refuse dates by which a wave began before the one that stands ahead of it.

    Dates that cannot be ordered, such as "summer", are left alone.
    """
    begun = {wave: beginning(dates[wave]) for wave in waves if wave in dates}
    known = [wave for wave in begun if begun[wave]]
    for first, second in pairwise(known):
        both = list(zip(begun[first], begun[second], strict=False))
        if [one for one, _ in both] > [other for _, other in both]:
            raise LinkError(
                f"Wave {first!r} stands before wave {second!r}, but its fieldwork, "
                f"{dates[first]!r}, began after {dates[second]!r}. Give the waves in the order of "
                "fieldwork, or mend the dates."
            )


def beginning(text: str) -> tuple[int, ...]:
    """Read when fieldwork began: year, month and day, as far as they are told; () for neither.

    Examples
    --------
    >>> beginning("18–25 July 2024"), beginning("2024-07"), beginning("May 2021, by telephone")
    ((2024, 7, 18), (2024, 7), (2021, 5))
    >>> beginning("summer"), beginning("1-8 July")
    ((), ())
    """
    if found := ISO.match(text):
        return _real(*(int(part) for part in found.groups() if part))
    if found := DOTTED.match(text):
        return _real(*(int(part) for part in reversed(found.groups())))
    months, year = list(NAMED.finditer(text)), YEAR.search(text)
    if not months or not year:
        return ()
    numbers = [MONTHS.index(found[0].lower()[:3]) + 1 for found in months]
    if numbers[0] > numbers[-1] and len(YEAR.findall(text)) == 1:
        # From December to January: the year may be that of either.
        return ()
    month = months[0]
    day = re.match(r"\D*?(\d{1,2})(?!\d)", text[: month.start()]) or re.match(
        r"\W*(\d{1,2})(?!\d)", text[month.end() :]
    )
    return _real(int(year[0]), numbers[0], *([int(day[1])] if day else []))


def _real(*parts: int) -> tuple[int, ...]:
    """Give the parts of a date up to the first that cannot be."""
    most = (9999, 12, 31)
    kept = takewhile(lambda pair: 1 <= pair[0] <= pair[1], zip(parts, most, strict=False))
    return tuple(part for part, _ in kept)
