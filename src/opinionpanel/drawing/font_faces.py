"""The font of charts within their files: only what their texts need of it."""

import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import vl_convert

Weight = Literal["normal", "bold"]

# The name under which a stack of fonts finds it, and the parts of it that are there.
FAMILY = "Opinionpanel Sans"
WEIGHTS: tuple[Weight, ...] = ("normal", "bold")
# Made by data/make_chart_font.py.
FOLDER = Path(__file__).parent / "chart_font"

# By itself a browser may make every letter a whole number of pixels wide.
EXACT = "text{text-rendering:geometricPrecision}"

# An element with its attributes, whose values may hold the sign that ends it.
ATTRIBUTES = r"""((?:[^>"']|"[^"]*"|'[^']*')*)"""
TEXT = re.compile(rf"<text\b{ATTRIBUTES}>(.*?)</text>", re.DOTALL)
TAG = re.compile("<[^>]*>")
START = re.compile(rf"<svg\b{ATTRIBUTES}>")
BOLD = re.compile(r'\bfont-weight="(bold|bolder|[6-9]00)"')


def font_faces(texts: Mapping[Weight, str]) -> str:
    """Write the rules by which a page or a picture brings the font of its texts along.

    Parameters
    ----------
    texts : dict of {"normal", "bold"} to str
        What is drawn in either face, in any order.

    Returns
    -------
    str
        ``@font-face`` rules of CSS for the family `FAMILY`, each with the letters of its texts as
        a ``data:`` address; none for a face of which the texts need nothing. The same texts give
        the same rules.

    Examples
    --------
    >>> font_faces({"bold": "45%"})
    '@font-face{font-family:"Opinionpanel Sans";font-weight:bold;src:url(data:font/woff;base64,...'
    >>> font_faces({"normal": "世論"})
    ''
    """
    rules = []
    for weight in WEIGHTS:
        needed = _characters(weight) & set(map(ord, texts.get(weight, "")))
        if needed:
            address = f"data:font/woff;base64,{b64encode(_part(weight, needed)).decode()}"
            face = f'font-family:"{FAMILY}";font-weight:{weight};src:url({address})'
            rules.append(f"@font-face{{{face}}}")
    return "\n".join(rules)


def whole_font() -> str:
    """Write the rules by which a page brings the font along for charts of any texts."""
    return f"{EXACT}\n" + font_faces(
        {weight: "".join(map(chr, sorted(_characters(weight)))) for weight in WEIGHTS}
    )


def with_fonts(svg: str) -> str:
    """Bring the font of its texts along within a picture.

    Parameters
    ----------
    svg : str
        As Vega draws it. Texts whose stack of fonts does not name `FAMILY` need none.

    Returns
    -------
    str
        The picture with a ``<style>`` at its start, if its texts need one.
    """
    texts: dict[Weight, str] = defaultdict(str)
    for attributes, text in TEXT.findall(svg):
        if FAMILY in unescape(attributes):
            texts["bold" if BOLD.search(attributes) else "normal"] += unescape(TAG.sub("", text))
    faces = font_faces(texts)
    return START.sub(rf"\g<0><style>{EXACT}\n{faces}</style>", svg, count=1) if faces else svg


@cache
def register_font() -> None:
    """Let the program that draws pictures know the font, whatever this machine has.

    A text with one sign that its font lacks is drawn in another font as a whole, and fonts that are
    installed under the names of its own may lack more.
    """
    vl_convert.register_font_directory(str(FOLDER))


@cache
def _characters(weight: Weight) -> frozenset[int]:
    return frozenset(_font(weight).getBestCmap())


def _part(weight: Weight, characters: frozenset[int]) -> bytes:
    # Loaded where a file is written, as most charts are only looked at.
    from fontTools.subset import Options, Subsetter

    options = Options()
    options.layout_features = ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    font = _font(weight)
    subsetter.subset(font)
    font.flavor = "woff"
    written = BytesIO()
    font.save(written)
    return written.getvalue()


def _font(weight: Weight) -> Any:
    from fontTools.ttLib import TTFont

    return TTFont(FOLDER / f"opinionpanel-sans-{weight}.ttf", recalcTimestamp=False)
