"""Make the font of charts and the table of its widths in ``src/opinionpanel/drawing/chart_font/``.

A part of Liberation Sans, regular and bold, under a name of its own, as its licence asks of what
was changed. Run as ``python data/make_chart_font.py FOLDER`` with the folder of
``LiberationSans-Regular.ttf`` and ``LiberationSans-Bold.ttf``, from the Debian package
``fonts-liberation2`` 2.1.5; needs fontTools. Fonts of version 1 are under another licence.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parents[1] / "src" / "opinionpanel" / "drawing" / "chart_font"
FAMILY = "Opinionpanel Sans"
STYLES = {"normal": "Regular", "bold": "Bold"}
VERSION = "Version 2.1.5"
LICENCE = "Licensed under the SIL Open Font License, Version 1.1"

# First and last characters of what charts are written in.
RANGES = (
    "\u0020\u007e",
    "\u00a0\u00ac",  # Latin-1, but for the soft hyphen, which is not drawn
    "\u00ae\u017f",  # the rest of it, Latin Extended-A
    "\u018f\u018f",  # Azerbaijani
    "\u0218\u021b",  # Romanian
    "\u0259\u0259",
    "\u0300\u0304",  # accents, as on stressed vowels of Russian
    "\u0306\u030c",
    "\u0327\u0328",
    "\u0370\u052f",  # Greek, Cyrillic
    "\u1e9e\u1e9e",
    "\u2000\u209f",  # punctuation, small figures
    "\u20a0\u20bf",  # currencies
    "\u2116\u2122",
    "\u2153\u215e",  # fractions
    "\u2190\u2195",  # arrows
    "\u2212\u2212",
    "\u2248\u2248",
    "\u2260\u2265",
    "\u25a0\u25cf",  # squares, triangles, circles
)
# The sign of the rouble, which the source lacks: bars of P, in the units of the font, as left,
# bottom, right and top. The first meets the lower arch of P and is as thick.
ROUBLE = "\u20bd"
ROUBLE_BARS = {
    "Regular": ((20, 549, 200, 700), (20, 250, 800, 390)),
    "Bold": ((10, 496, 200, 723), (10, 170, 800, 350)),
}
# What the script writes into the font; the copyright stays, Red Hat's trademark does not.
COPYRIGHT, FAMILY_NAME, STYLE, UNIQUE, FULL_NAME, _, POSTSCRIPT = range(7)
LICENCE_NAME, LICENCE_ADDRESS = 13, 14
KEPT_NAMES = [COPYRIGHT, FAMILY_NAME, STYLE, UNIQUE, FULL_NAME, POSTSCRIPT]
KEPT_NAMES += [LICENCE_NAME, LICENCE_ADDRESS]


def read_source(path):
    font = TTFont(path, recalcTimestamp=False)
    found = [font["name"].getDebugName(number) for number in (5, LICENCE_NAME)]
    if found != [VERSION, LICENCE]:
        sys.exit(f"{path} is {found}, not {[VERSION, LICENCE]}.")
    return font


def add_rouble(font, style):
    glyphs = font.getGlyphSet()
    pen = TTGlyphPen(glyphs)
    glyphs["P"].draw(pen)
    for left, bottom, right, top in ROUBLE_BARS[style]:
        pen.moveTo((left, bottom))
        for corner in ((left, top), (right, top), (right, bottom)):
            pen.lineTo(corner)
        pen.closePath()
    font["glyf"]["uni20BD"] = pen.glyph()
    font["hmtx"]["uni20BD"] = (font["hmtx"]["P"][0], ROUBLE_BARS[style][0][0])
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord(ROUBLE)] = "uni20BD"


def reduce(font):
    options = subset.Options()
    options.hinting = False
    # A box shows that a sign is missing.
    options.notdef_outline = True
    # Pairs of letters stand closer, accents stand on their letters.
    options.layout_features = ["kern", "mark", "mkmk", "ccmp"]
    options.name_IDs = KEPT_NAMES
    options.drop_tables += ["FFTM"]
    subsetter = subset.Subsetter(options)
    wanted = [code for first, last in RANGES for code in range(ord(first), ord(last) + 1)]
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)


def rename(font, style):
    full = FAMILY if style == "Regular" else f"{FAMILY} {style}"
    for number, name in (
        (FAMILY_NAME, FAMILY),
        (UNIQUE, full),
        (FULL_NAME, full),
        (POSTSCRIPT, f"{FAMILY}-{style}".replace(" ", "")),
    ):
        for record in font["name"].names:
            if record.nameID == number:
                record.string = name


def widths(font):
    """Characters by the widths that they have, in the units of the font."""
    found = defaultdict(str)
    for code, glyph in sorted(font.getBestCmap().items()):
        found[font["hmtx"][glyph][0]] += chr(code)
    return dict(sorted(found.items()))


def main(source):
    table = {}
    for weight, style in STYLES.items():
        font = read_source(source / f"LiberationSans-{style}.ttf")
        add_rouble(font, style)
        reduce(font)
        rename(font, style)
        table["units"] = font["head"].unitsPerEm
        table[weight] = widths(font)
        font.save(FOLDER / f"opinionpanel-sans-{weight}.ttf")
    text = json.dumps(table, indent=1) + "\n"
    (FOLDER / "widths.json").write_text(text, encoding="ascii", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
