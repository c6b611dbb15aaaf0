r"""Kinds of characters of all scripts, as every engine's regular expressions understand them.

What an engine takes for a letter, a digit or a space by itself (``\w``, ``\d``, ``\s``) is often of
ASCII only. These classes list the characters that Python takes for them.
"""

import sys
import unicodedata
from collections.abc import Callable
from functools import cache

CharacterKind = Callable[[str], bool]


def is_letter(character: str) -> bool:
    r"""Tell letters, and numerals that are no decimal digits; Python's ``[^\W\d_]``."""
    return character.isalnum() and not character.isdecimal()


def is_format(character: str) -> bool:
    """Tell characters that show nothing, such as a soft hyphen or a mark of direction."""
    return unicodedata.category(character) == "Cf"


@cache
def digits() -> dict[str, str]:
    """List the decimal digits of all scripts, by the ASCII digit of the same value."""
    found: dict[str, list[str]] = {}
    for character in map(chr, range(sys.maxunicode + 1)):
        if character.isdecimal():
            found.setdefault(str(int(character)), []).append(character)
    return {digit: "".join(characters) for digit, characters in found.items()}


@cache
def of_kind(kind: CharacterKind) -> str:
    """List the characters of a kind as ranges, to stand in the brackets of an expression."""
    parts, start = [], -1
    for code in range(sys.maxunicode + 2):
        # Surrogates are no characters.
        inside = code <= sys.maxunicode and not 0xD800 <= code <= 0xDFFF and kind(chr(code))
        if inside and start < 0:
            start = code
        elif not inside and start >= 0:
            parts.append(chr(start) if start == code - 1 else f"{chr(start)}-{chr(code - 1)}")
            start = -1
    return "".join(parts)
