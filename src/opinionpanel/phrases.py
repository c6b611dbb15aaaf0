"""Phrases: texts that remember how they were made, so that another language can say them again."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

__all__ = ["Phrase", "either", "in_a_row", "together"]


class Phrase(str):
    """An English text made of a template and its values: to all readers of text, that text.

    Parameters
    ----------
    template : str
        English, with named places, such as ``"everyone interviewed at {wave}"``. Never a text of a
        study: that is a value.
    **values
        What stands in the places: text of the study, whole numbers, or phrases in turn.

    Examples
    --------
    >>> who = Phrase("{people} people at {wave}", people=1234, wave="Jul 2024")
    >>> who == "1,234 people at Jul 2024", who.template
    (True, '{people} people at {wave}')
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, **values: str | int) -> Self:
        """Fill the places of the template."""
        shown = {
            name: value if isinstance(value, str) else f"{value:,}"
            for name, value in values.items()
        }
        made = super().__new__(cls, template.format(**shown))
        made.template, made.values = template, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        return (self.template,), dict(self.values)


def together(names: Sequence[str]) -> str:
    """Name all of several things: "a and b and c"."""
    return _joined("{one} and {other}", names)


def either(names: Sequence[str]) -> str:
    """Name one of several things: "a or b or c"."""
    return _joined("{one} or {other}", names)


def in_a_row(parts: Sequence[str]) -> str:
    """Put parts one after the other, with semicolons between them."""
    return _joined("{one}; {other}", parts)


def _joined(template: str, parts: Sequence[str]) -> str:
    joined = "" if not parts else parts[0]
    for part in parts[1:]:
        joined = Phrase(template, one=joined, other=part)
    return joined
