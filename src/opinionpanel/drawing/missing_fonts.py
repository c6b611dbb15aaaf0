"""Whether the fonts of a picture are on this machine: without one its texts would be left out."""

import re
from functools import cache
from html import unescape

import vl_convert

from opinionpanel.escaping import html_text

PAGE = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{}</svg>'


def missing_fonts(svg: str) -> list[str]:
    """Name the fonts of an SVG picture with which not even a plain letter is drawn here."""
    fonts = sorted({unescape(font) for font in re.findall(r'\bfont-family="([^"]*)"', svg)})
    return [font for font in fonts if not _draws(font)]


@cache
def _draws(font: str) -> bool:
    letter = f'<text x="2" y="15" font-family="{html_text(font)}">H</text>'
    return vl_convert.svg_to_png(PAGE.format(letter)) != vl_convert.svg_to_png(PAGE.format(""))
