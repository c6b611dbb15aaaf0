"""How wide a text is in the font of charts, and where its lines break."""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path

from opinionpanel.drawing.font_faces import FAMILY
from opinionpanel.escaping import xml_characters

# The first that a reader has is taken; the second travels with the chart.
FONT = f"Arial, {FAMILY}, Liberation Sans, Helvetica, sans-serif"
# Made by data/make_chart_font.py: characters by their widths, in both faces of the font.
WIDTHS = Path(__file__).parent / "chart_font" / "widths.json"
# White space, but for spaces at which no line breaks, as within "1 084" and "± 3".
BREAKS = re.compile("[^\\S\u00a0\u2007\u202f]+")

# In lines: the longest word that is not cut where a longer one would leave the chart.
WHOLE = 1.0
# What another font may need for a character that ours lacks, in shares of the size.
LETTER, IDEOGRAPH, SYMBOL = 0.8, 1.0, 1.3
UNSEEN = {"Mn", "Me", "Cf"}
# What rounding leaves of widths that were added up, in pixels.
ROUNDING = 1e-6


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Measure a text on one line, as charts draw it.

    Parameters
    ----------
    text : str
    size : float
        Of the font, in pixels.
    bold : bool
        Whether it is drawn in the bold face.

    Returns
    -------
    float
        In pixels. Pairs such as AV are drawn closer than their letters are wide, which is not
        counted. Characters that the font lacks, drawn by another, get a guess that is rather too
        wide; accents, marks of direction and soft hyphens have no width.

    Examples
    --------
    >>> text_width("unsure", 10)
    30.57...
    >>> text_width("unsure", 10, bold=True)
    33.33...
    """
    return sum(map(_widths(bold).__getitem__, text)) * size


def wrap(
    text: str, width: float, size: float, *, bold: bool = False, most: float = 2.0
) -> list[str]:
    """Break a text into lines that fit a width, between words.

    Parameters
    ----------
    text : str
    width : float
        That no line exceeds, in pixels, unless by a word that is not cut.
    size : float
        Of the font, in pixels.
    bold : bool
        Whether it is drawn in the bold face.
    most : float
        Longer words are cut, in widths of a line.

    Returns
    -------
    list of str
        The lines; none for a text without words.

    Examples
    --------
    >>> wrap("rather support than oppose", 100, 13)
    ['rather support', 'than oppose']
    """
    lines: list[str] = []
    # The width of the last line is kept: to measure it anew for each word takes long for many.
    space, used = text_width(" ", size, bold=bold), 0.0
    for word in BREAKS.split(xml_characters(text).strip()):
        for part in _parts(word, width, size, bold, most):
            wide = text_width(part, size, bold=bold)
            if lines and used + space + wide <= width + ROUNDING:
                lines[-1] += f" {part}"
                used += space + wide
            else:
                lines.append(part)
                used = wide
    return lines


def _parts(word: str, width: float, size: float, bold: bool, most: float) -> list[str]:
    """Cut a word that no line holds, such as an address, before signs that stand by themselves."""
    if text_width(word, size, bold=bold) <= most * width:
        return [word] if word else []
    parts = [""]
    for sign in word:
        alone = not unicodedata.category(sign).startswith("M")
        if alone and parts[-1] and text_width(parts[-1] + sign, size, bold=bold) > width:
            parts.append("")
        parts[-1] += sign
    return parts


class _Widths(dict[str, float]):
    """Widths of characters, in shares of the size; what the font lacks is guessed once."""

    def __missing__(self, sign: str) -> float:
        self[sign] = _guess(sign)
        return self[sign]


@cache
def _widths(bold: bool) -> _Widths:
    table = json.loads(WIDTHS.read_text(encoding="ascii"))
    by_width = table["bold" if bold else "normal"].items()
    return _Widths({sign: int(wide) / table["units"] for wide, signs in by_width for sign in signs})


def _guess(sign: str) -> float:
    kind = unicodedata.category(sign)
    if kind in UNSEEN:
        return 0
    if kind == "So":
        return SYMBOL
    return IDEOGRAPH if unicodedata.east_asian_width(sign) in "WF" else LETTER
