"""How words, numbers and dates of a chart are written, in English and in other languages."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import index
from string import Formatter

from opinionpanel.arguments import checked
from opinionpanel.drawing.russian import (
    RUSSIAN_MONTHS,
    RUSSIAN_WORDS,
    russian_plural,
)
from opinionpanel.errors import SelectionError, listing, unknown
from opinionpanel.escaping import in_order
from opinionpanel.phrases import DECIMAL, MONTHS, PERCENT, Phrase, days_from_to

MINUS, NO_BREAK = "\u2212", "\u00a0"
# In place of a number that there is none of.
NONE = "–"
# An interval is lopsided where half of it is more of the share, or of the rest, than this, or where
# one of its arms is that many times the other: ± would then promise people where none can be.
WIDE, UNEVEN = 0.75, 1.5
# Less than this is what rounding leaves of an interval without width.
NO_WIDTH = 1e-9
# Below half of a per cent to either side whole numbers hide the interval.
NARROW = 0.005
# Among these every form of a noun occurs.
NUMBERS = range(200)
# What English itself has several forms of.
ENGLISH_WORDS = {
    "{n} people": ("{n} person", "{n} people"),
    "{n} changes": ("{n} change", "{n} changes"),
    "“{state}” rose by {n} points between {first} and {last}": (
        "“{state}” rose by {n} point between {first} and {last}",
        "“{state}” rose by {n} points between {first} and {last}",
    ),
    "“{state}” fell by {n} points between {first} and {last}": (
        "“{state}” fell by {n} point between {first} and {last}",
        "“{state}” fell by {n} points between {first} and {last}",
    ),
    "{n} of {total} differences are detectable": (
        "{n} of {total} differences is detectable",
        "{n} of {total} differences are detectable",
    ),
}


def is_narrow(low: float, high: float) -> bool:
    """Tell whether whole per cents would hide an interval."""
    return (high - low) / 2 < NARROW


def one_or_more(number: int) -> int:
    """Choose the form of a noun in languages with a singular and a plural, as English."""
    return 0 if number == 1 else 1


@checked
@dataclass(frozen=True, kw_only=True)
class Language:
    """How the words, numbers and dates of a chart are written.

    What is left out is as in English.

    Parameters
    ----------
    code : str
        The language by its code, such as ``"de"``.
    decimal, thousands : str
        The signs in ``0.5`` and ``1,000``.
    percent : str
        What follows the number in ``38%``, with a no-break space where one stands before it.
    words : dict of str to str or tuple of str
        A text for each English phrase, with the places of the phrase in braces; a phrase that is
        not there stays English. ``opinionpanel.drawing.russian.RUSSIAN_WORDS`` has all of them.
        Several texts are the forms that ``plural`` chooses from, by the value of ``{n}``.
    plural : callable
        From a whole number to the place of its form among several.
    months : tuple of str
        Names of the twelve months after a day, as in "8 July 2024".

    Raises
    ------
    SelectionError
        A text with places that its phrase does not have, forms without a number or not as many as
        ``plural`` tells apart, a ``plural`` that gives no places, or other than twelve months.

    Examples
    --------
    >>> german = Language(
    ...     code="de", decimal=",", thousands=".", percent=" %", words={"weight": "Gewicht"}
    ... )
    >>> german.share(0.384, digits=1), german.say("weight"), german.say("base")
    ('38,4 %', 'Gewicht', 'base')
    """

    code: str
    decimal: str = "."
    thousands: str = ","
    percent: str = "%"
    words: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict, hash=False)
    plural: Callable[[int], int] = one_or_more
    months: tuple[str, ...] = MONTHS

    def __post_init__(self) -> None:
        if len(self.months) != 12:
            raise SelectionError(f"A year has 12 months, and {len(self.months)} names are given.")
        forms = 1 + max(_form(self.plural, number) for number in NUMBERS)
        for phrase, said in self.words.items():
            _check(phrase, said, forms)

    def say(self, phrase: str, **values: str | int) -> str:
        """Say an English phrase with its places filled.

        Whole numbers are written as counts; the directions that a text of a study opens end with
        it.

        Parameters
        ----------
        phrase : str
            English, with its places in braces, such as ``"{n} people"``.
        **values : str or int
            What fills the places, by their names.

        Returns
        -------
        str
            The phrase in the language; in English where the language does not have it.

        Examples
        --------
        >>> Language(code="de", words={"weight": "Gewicht"}).say("weight")
        'Gewicht'
        """
        text = self.words.get(phrase, phrase)
        if not isinstance(text, str):
            text = text[self.plural(int(values["n"]))] if values else phrase
        if not values:
            return text
        return text.format(
            **{
                name: in_order(value) if isinstance(value, str) else self.count(value)
                for name, value in values.items()
            }
        )

    def tell(self, text: str) -> str:
        """Say a phrase again that was made elsewhere; text of a study stays as it is.

        Parameters
        ----------
        text : str
            A text of the library, such as a note of `Estimates`, or any other.

        Returns
        -------
        str
            The text in the language, as far as the library made it.

        Examples
        --------
        >>> Language(code="de").tell("Do you support the operation?")
        'Do you support the operation?'
        """
        if not isinstance(text, Phrase):
            return text
        values = {
            name: self.tell(value) if isinstance(value, str) else value
            for name, value in text.values.items()
        }
        if text.template == DECIMAL:
            return self.decimal.join(values.values())
        if text.template == PERCENT:
            return f"{values['number']}{self.percent}"
        return self.say(text.template, **values)

    def count(self, number: int) -> str:
        """Write a whole number: "1,234".

        Parameters
        ----------
        number : int
            A whole number, of people for example.

        Returns
        -------
        str
            The number with the sign for thousands.

        Examples
        --------
        >>> Language(code="de", thousands=".").count(1234)
        '1.234'
        """
        return f"{number:,}".replace(",", self.thousands).replace("-", MINUS)

    def number(self, value: float, *, digits: int = 2, signed: bool = False) -> str:
        """Write a number that is neither a count nor a share: "1.25", or with its sign "+1.25".

        Parameters
        ----------
        value : float
            Any number.
        digits : int
            Decimals.
        signed : bool
            Whether to write a sign above 0 as well; a 0 has none.

        Returns
        -------
        str
            The number with its decimals; NaN is a dash.

        Examples
        --------
        >>> Language(code="de", decimal=",").number(1.25)
        '1,25'
        """
        if not math.isfinite(value):
            return NONE
        text = f"{value:{'+' if signed else ''}z.{digits}f}"
        return self._written(text.lstrip("+") if not text.strip("+0.") else text)

    def share(self, value: float, *, digits: int = 0) -> str:
        """Write a share between 0 and 1 in per cent: "38%".

        Parameters
        ----------
        value : float
            A share between 0 and 1; NaN is a dash.
        digits : int
            Decimals of the per cent.

        Returns
        -------
        str
            The share in per cent.

        Examples
        --------
        >>> Language(code="de", decimal=",").share(0.384, digits=1)
        '38,4%'
        """
        return f"{self._number(value, digits)}{self.percent}" if math.isfinite(value) else NONE

    def level(self, level: float) -> str:
        """Write a confidence level: "95%".

        Parameters
        ----------
        level : float
            A confidence level between 0 and 1.

        Returns
        -------
        str
            The level in per cent.

        Examples
        --------
        >>> Language(code="de", decimal=",").level(0.995)
        '99,5%'
        """
        return f"{100 * level:.4g}".replace(".", self.decimal) + self.percent

    def points(self, value: float, *, digits: int = 0) -> str:
        """Write a difference of shares in percentage points, with its sign: "+4", "−4", "0".

        Parameters
        ----------
        value : float
            A difference of shares, between −1 and 1; NaN is a dash.
        digits : int
            Decimals.

        Returns
        -------
        str
            Percentage points with their sign.

        Examples
        --------
        >>> Language(code="de", decimal=",").points(0.042, digits=1)
        '+4,2'
        """
        return self._number(value, digits, sign="+") if math.isfinite(value) else NONE

    def limits(self, low: float, high: float, digits: int, *, signed: bool = False) -> str:
        """Write limits in running text: "36 to 41", or with signs "−2 to +10".

        Parameters
        ----------
        low, high : float
            Limits of a share or a difference, as shares.
        digits : int
            Decimals.
        signed : bool
            Whether to write signs also where both are above 0.

        Returns
        -------
        str
            Both limits in per cent or points, without the unit.

        Examples
        --------
        >>> Language(code="de").limits(0.36, 0.41, 0)
        '36 to 41'
        """
        sign = "+" if signed or low < 0 else ""
        return self.say(
            "{low} to {high}",
            low=self._number(low, digits, sign=sign),
            high=self._number(high, digits, sign=sign),
        )

    def compact_limits(self, low: float, high: float, digits: int, *, signed: bool = False) -> str:
        """Write limits where there is little room: "36–41", but "−2 to +10".

        Parameters
        ----------
        low, high : float
            Limits of a share or a difference, as shares.
        digits : int
            Decimals.
        signed : bool
            Whether to write signs also where both are above 0.

        Returns
        -------
        str
            Both limits in per cent or points, without the unit.

        Examples
        --------
        >>> Language(code="de").compact_limits(0.36, 0.41, 0)
        '36–41'
        """
        if signed or low < 0:
            return self.limits(low, high, digits, signed=True)
        return f"{self._number(low, digits)}–{self._number(high, digits)}"

    def estimate(
        self, value: float, low: float, high: float, *, digits: int = 1, compact: bool = False
    ) -> str:
        """Write a share and its limits: "3.8% (2.6 to 5.6)", or compact "3.8% (2.6–5.6)".

        Parameters
        ----------
        value, low, high : float
            A share and its limits, between 0 and 1; without limits (NaN) the share stands alone.
        digits : int
            Decimals of the per cent.
        compact : bool
            Whether to write limits where there is little room.

        Returns
        -------
        str
            The share in per cent, its limits in brackets.

        Examples
        --------
        >>> Language(code="de", decimal=",").estimate(0.038, 0.026, 0.056, compact=True)
        '3,8% (2,6–5,6)'
        """
        share = self.share(value, digits=digits)
        if not math.isfinite(high - low):
            return share
        limits = (self.compact_limits if compact else self.limits)(low, high, digits)
        return f"{share} ({limits})"

    def difference(self, value: float, low: float, high: float, *, digits: int = 0) -> str:
        """Write a difference of shares and its limits: "+4 (−2 to +10)".

        Parameters
        ----------
        value, low, high : float
            A difference of shares and its limits, as shares; without limits (NaN) the difference
            stands alone.
        digits : int
            Decimals.

        Returns
        -------
        str
            Percentage points with their sign, limits in brackets.

        Examples
        --------
        >>> Language(code="de").difference(0.04, -0.02, 0.1)
        '+4 (−2 to +10)'
        """
        points = self.points(value, digits=digits)
        if not math.isfinite(high - low):
            return points
        return f"{points} ({self.limits(low, high, digits, signed=True)})"

    def margin(self, value: float, low: float, high: float) -> str:
        """Write a share as a label: "41% ±5", or "0.8% (0.3–2.1)" where ± would mislead.

        With a digit after the point where whole per cents would hide the interval, or say that
        nobody or everybody may be meant.

        Parameters
        ----------
        value, low, high : float
            A share and its limits, between 0 and 1.

        Returns
        -------
        str
            The share in per cent with its margin, or with its limits.

        Examples
        --------
        >>> Language(code="de").margin(0.41, 0.36, 0.46)
        '41% ±5'
        """
        half = (high - low) / 2
        if not math.isfinite(half):
            return self.share(value, digits=1 if value < 0.01 else 0)
        if half < NO_WIDTH:
            # A share that is known has no margin.
            return self.share(value, digits=1)
        arms = sorted((value - low, high - value))
        narrow = is_narrow(low, high)
        if half > WIDE * min(value, 1 - value) or arms[1] > UNEVEN * arms[0] + 1e-9:
            digits = 1 if narrow or low < 0.01 or high > 0.99 else 0
            return self.estimate(value, low, high, digits=digits, compact=True)
        digits = 1 if narrow else 0
        return f"{self.share(value, digits=digits)} ±{self._number(half, digits)}"

    def days(self, first: date, last: date) -> str:
        """Write the days from a first to a last: "8–17 July 2024".

        Parameters
        ----------
        first, last : datetime.date
            The first and the last day.

        Returns
        -------
        str
            The days, month and year once where they are the same.

        Examples
        --------
        >>> from datetime import date
        >>> Language(code="en").days(date(2024, 7, 8), date(2024, 7, 17))
        '8–17 July 2024'
        """
        return self.tell(days_from_to(first, last, months=self.months))

    def _number(self, share: float, digits: int, *, sign: str = "") -> str:
        """Write a share in hundredths; never "−0", and no sign before a 0."""
        # `z` takes the sign of a number that is rounded to 0.
        text = f"{100 * share:{sign}z.{digits}f}"
        if sign and not text.strip("+0."):
            text = text[1:]
        return self._written(text)

    def _written(self, number: str) -> str:
        return number.replace(".", self.decimal).replace("-", MINUS)


def _form(plural: Callable[[int], int], number: int) -> int:
    """Find the place of a number's form; refuse what is no place."""
    try:
        place = index(plural(number))
    except Exception as error:  # whatever a function of somebody else's does
        raise SelectionError(
            f"plural= must give the place of the form for any whole number, and fails at {number}: "
            f"{error}"
        ) from None
    if place < 0:
        raise SelectionError(
            f"plural= must give the place of a form, counted from 0, and gives {place} for "
            f"{number}."
        )
    return place


def _check(phrase: str, said: str | tuple[str, ...], forms: int) -> None:
    """Refuse words that have no value for one of their places, or not one for each number."""
    places = _places(phrase)
    texts = (said,) if isinstance(said, str) else said
    for text in texts:
        if not _places(text) <= places:
            raise SelectionError(
                f"{text!r} says {phrase!r} with places that the phrase does not have; it has "
                f"{listing(sorted(places))}."
            )
    if texts is said and ("n" not in places or len(texts) != forms):
        raise SelectionError(
            f"{phrase!r} is said in {len(texts)} forms. Forms are for phrases with {{n}}, and "
            f"plural= of this language tells {forms} apart."
        )


def _places(text: str) -> set[str]:
    """Name the places in a phrase."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as wrong:
        raise SelectionError(f"The braces of {text!r} do not name places: {wrong}.") from None


ENGLISH = Language(code="en", words=ENGLISH_WORDS)
RUSSIAN = Language(
    code="ru",
    decimal=",",
    thousands=NO_BREAK,
    percent=f"{NO_BREAK}%",
    words=RUSSIAN_WORDS,
    plural=russian_plural,
    months=RUSSIAN_MONTHS,
)
LANGUAGES = {language.code: language for language in (ENGLISH, RUSSIAN)}


def language_of(language: str | Language) -> Language:
    """Find the language that is meant.

    Raises
    ------
    SelectionError
        A name that is not known.
    """
    if isinstance(language, Language):
        return language
    if language not in LANGUAGES:
        raise unknown("language", language, LANGUAGES)
    return LANGUAGES[language]
