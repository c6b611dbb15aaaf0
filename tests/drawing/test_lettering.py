"""How wide texts are: by arithmetic, by the font itself, and in pictures."""

import json
import zlib
from itertools import pairwise

import numpy as np
import pytest
import vl_convert
from fontTools.ttLib import TTFont
from hypothesis import given, strategies as st
from lettered import TEXTS

from opinionpanel.drawing.lettering import WIDTHS, text_width, wrap
from opinionpanel.escaping import html_text

SIZE = 40
LINE = 5  # pixels that one text is high in the picture, pressed flat


def pixels(png):
    """Whether each pixel of a picture is inked: its PNG taken apart, RGBA of eight bits."""
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    assert png[24:26] == b"\x08\x06"
    packed, at = b"", 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += length + 12
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + 4 * width)
    shown, above = [], [0] * (4 * width + 4)
    for kind, *row in rows.tolist():
        line = [0] * 4
        for place, part in enumerate(row):
            left, over, corner = line[place], above[place + 4], above[place]
            line.append(part + FILTERS[kind](left, over, corner) & 255)
        shown.append(line[7::4])
        above = line
    return np.array(shown) > 0


def nearest(left, over, corner):
    guess = left + over - corner
    return min((left, over, corner), key=lambda near: abs(guess - near))


FILTERS = (
    lambda left, over, corner: 0,
    lambda left, over, corner: left,
    lambda left, over, corner: over,
    lambda left, over, corner: (left + over) // 2,
    nearest,
)


def drawn_widths(texts, weight):
    """What texts take in a picture: the ink of each between two letters, less that of the two."""
    lines = [
        f'<text transform="translate(5,{LINE * (row + 0.75)}) scale(1,{LINE / SIZE})" '
        f'font-family="Liberation Sans" font-size="{SIZE}" font-weight="{weight}" '
        f'xml:space="preserve">H{html_text(text)}H</text>'
        for row, text in enumerate(["", *texts])
    ]
    size = f'width="1300" height="{LINE * len(lines)}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(lines)}</svg>'
    inked = pixels(vl_convert.svg_to_png(svg, scale=1, ppi=72))
    ink = [np.flatnonzero(row.any(axis=0)) for row in np.split(inked, len(lines))]
    assert max(places[-1] for places in ink) < 1295
    widths = [int(places[-1] - places[0]) for places in ink]
    return [width - widths[0] for width in widths[1:]]


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_texts_are_as_wide_as_they_are_drawn(weight):
    found = [text_width(text, SIZE, bold=weight == "bold") for text in TEXTS]
    drawn = drawn_widths(TEXTS, weight)
    assert found == pytest.approx(drawn, rel=0.02)
    # A text that was taken for too narrow would be cut.
    assert all(one > other - 2 for one, other in zip(found, drawn, strict=True))


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_the_table_says_what_the_font_says(weight):
    font = TTFont(WIDTHS.parent / f"opinionpanel-sans-{weight}.ttf")
    characters = font.getBestCmap()
    for code, glyph in characters.items():
        width = font["hmtx"][glyph][0] / font["head"].unitsPerEm
        assert text_width(chr(code), 1, bold=weight == "bold") == width
    signs = "".join(json.loads(WIDTHS.read_text(encoding="ascii"))[weight].values())
    assert sorted(map(ord, signs)) == sorted(characters)
    needed = "Aéßőşņ Ωλ ЖщЁіїҚә 0–9 — … “„«» ·•†‰ →←↑↓ −±×≤≥≠≈ ○● €£¥₴₽№ ½ за́мок"
    assert not [sign for sign in needed if ord(sign) not in characters]


@given(st.text(), st.text(), st.floats(1, 100), st.booleans())
def test_widths_add_up_and_grow_with_the_size(one, other, size, bold):
    parts = text_width(one, size, bold=bold) + text_width(other, size, bold=bold)
    assert text_width(one + other, size, bold=bold) == pytest.approx(parts)
    assert text_width(one, 2 * size, bold=bold) == pytest.approx(
        2 * text_width(one, size, bold=bold)
    )
    assert parts >= 0


def test_what_the_font_lacks_is_guessed():
    assert text_width("世論調査", 10) == 40
    assert text_width("🗳", 10) > 10
    assert text_width("e\u0301", 10) == text_width("é", 10) == text_width("e", 10)
    assert text_width("un\u00adsure\u202e\u2060", 10) == text_width("unsure", 10)
    assert text_width("שלום", 10) == text_width("₸₸₸₸", 10) == pytest.approx(32)


WORDS = st.text("abcÄжш,.-\u0301\u00a0 \n", max_size=80)


@given(WORDS, st.floats(40, 200), st.booleans())
def test_lines_keep_every_word_and_only_short_words_are_too_wide(text, width, bold):
    lines = wrap(text, width, 12, bold=bold)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert line
        fits = text_width(line, 12, bold=bold) <= width
        assert fits or " " not in line
    for line, below in pairwise(lines):
        together = f"{line} {below.split(' ')[0]}"
        assert text_width(together, 12, bold=bold) > width


def test_bold_lines_break_earlier():
    text = "How much do you trust the government of your country to do what is right?"
    plain, bold = wrap(text, 200, 13), wrap(text, 200, 13, bold=True)
    assert " ".join(plain) == " ".join(bold) == text
    assert max(text_width(line, 13, bold=True) for line in bold) <= 200
    assert max(text_width(line, 13, bold=True) for line in plain) > 200


def test_no_line_breaks_within_a_number():
    number = "1\u00a0084\u202f000"
    assert wrap(f"people {number}", 60, 13) == ["people", number]


def test_a_word_that_no_line_holds_is_cut_before_signs_that_stand_by_themselves():
    address, accents = "x" * 300, "e\u0301" * 100
    for word in (address, accents):
        lines = wrap(f"see {word}", 150, 13)
        assert "".join(lines[1:]) == word
        assert len(lines) > 3
        assert not [line for line in lines if line.startswith("\u0301")]
    assert max(text_width(line, 13) for line in wrap(address, 150, 13)) <= 150
    # A word that is only somewhat too long stays whole.
    assert wrap("Donaudampfschifffahrt", 100, 13) == ["Donaudampfschifffahrt"]
    assert wrap(" \u00a0\n", 100, 13) == []
