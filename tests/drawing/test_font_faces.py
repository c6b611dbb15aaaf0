"""What a file brings of its font is what its texts need, and a browser draws with it."""

import json
import os
import re
import subprocess
from base64 import b64decode
from html import unescape
from io import BytesIO
from pathlib import Path

import altair as alt
import pytest
import vl_convert
from chromium import CHROMIUM
from fontTools.ttLib import TTFont
from lettered import TEXTS

from opinionpanel import charts
from opinionpanel.drawing.font_faces import (
    FAMILY,
    FOLDER,
    WEIGHTS,
    font_faces,
    register_font,
    with_fonts,
)
from opinionpanel.drawing.lettering import text_width
from opinionpanel.escaping import html_text

STACK = f"Arial, {FAMILY}, sans-serif"
FACE = re.compile(
    r'@font-face{font-family:"(.+?)";font-weight:(\w+);src:url\(data:font/woff;base64,(.+?)\)}'
)


def characters(css):
    """What each face of a style sheet can draw."""
    fonts = {weight: TTFont(BytesIO(b64decode(data))) for _, weight, data in FACE.findall(css)}
    return {weight: "".join(map(chr, font.getBestCmap())) for weight, font in fonts.items()}


def picture(*texts):
    lines = "".join(
        f'<text font-family="{font}" font-size="16px" font-weight="{weight}">{text}</text>'
        for text, weight, font in texts
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" aria-label="a > b" width="9">{lines}</svg>'


def test_faces_hold_what_their_texts_need():
    css = font_faces({"bold": "Щука 5%", "normal": "abba → 世論"})
    assert characters(css) == {"normal": " ab→", "bold": " %5Щаку"}
    assert font_faces({"normal": "世論", "bold": ""}) == font_faces({}) == ""


def test_the_same_texts_in_another_order_give_the_same_bytes():
    assert font_faces({"normal": "unsure"}) == font_faces({"normal": "erusnuuuu"})
    assert len(font_faces({"normal": "unsure"})) < 3000


def test_letters_are_shaped_and_spaced_as_in_the_whole_font():
    (_, _, data), *_ = FACE.findall(font_faces({"normal": "AVа\u0301"}))
    part, whole = TTFont(BytesIO(b64decode(data))), TTFont(FOLDER / "opinionpanel-sans-normal.ttf")
    for code, glyph in part.getBestCmap().items():
        other = whole.getBestCmap()[code]
        assert part["hmtx"][glyph] == whole["hmtx"][other]
        assert (
            part["glyf"][glyph].getCoordinates(part["glyf"])[0]
            == (whole["glyf"][other].getCoordinates(whole["glyf"])[0])
        )
    features = {record.FeatureTag for record in part["GPOS"].table.FeatureList.FeatureRecord}
    assert features >= {"kern", "mark"}


def test_a_picture_brings_the_faces_of_its_texts():
    svg = picture(
        ("Tom &amp; <tspan dy='3'>Ann</tspan>", "normal", STACK),
        ("45%", "bold", STACK),
        ("±3", "700", STACK),
        ("other", "normal", "Courier"),
    )
    shown = with_fonts(svg)
    assert characters(shown) == {"normal": " &ATmno", "bold": "%345±"}
    start, style, rest = re.fullmatch(
        '(<svg .*?9">)(<style>.*</style>)(.*)', shown, re.DOTALL
    ).groups()
    assert start + rest == svg
    assert style.count("@font-face") == 2


def test_a_picture_that_needs_no_font_stays_as_it_is():
    for svg in (picture(), picture(("a", "normal", "Arial")), picture(("世", "bold", STACK))):
        assert with_fonts(svg) == svg


def test_a_saved_picture_has_its_font(tmp_path):
    texts = alt.Data(values=[{"text": "Щи & <b>"}])
    chart = alt.Chart(texts).mark_text(font=STACK, fontWeight="bold").encode(text="text:N")
    one, other = (charts.save(chart, tmp_path / f"{name}.svg").read_text() for name in "ab")
    assert one == other
    assert characters(one) == {"bold": " &<>bЩи"}


def test_a_sign_that_other_fonts_lack_is_drawn_with_its_text():
    """A text with a sign that its font lacks would be drawn in another font as a whole."""

    def drawn(text):
        line = f'<text y="20" font-family="{FAMILY}, Liberation Sans" font-size="20">{text}</text>'
        size = 'width="99" height="30"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{line}<rect x="40" {size}/></svg>'

    register_font()
    assert vl_convert.svg_to_png(drawn("nnnn")) == vl_convert.svg_to_png(drawn("nnnn₽"))


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_font_bears_a_name_of_its_own_and_keeps_its_copyright(weight):
    path = FOLDER / f"opinionpanel-sans-{weight}.ttf"
    names = TTFont(path)["name"].names
    for record in names:
        reserved = re.search("liberation|arimo|tinos|cousine", record.toUnicode().lower())
        assert not reserved
    said = {record.nameID: record.toUnicode() for record in names}
    assert said[1] == FAMILY
    assert "Red Hat" in said[0]
    assert "Google" in said[0]
    assert "SIL Open Font License" in said[13]
    assert (FOLDER / "OFL.txt").read_text(encoding="utf-8").count("Reserved Font") > 2
    assert path.stat().st_size < 75_000


ANOTHER_FONT = Path("/usr/share/fonts/truetype/dejavu")
MEASURE = """<script>
onload = () => document.fonts.ready.then(function () {
  const widths = Array.from(document.querySelectorAll("text"), (t) => t.getComputedTextLength());
  document.body.dataset.widths = JSON.stringify(widths);
});
</script>"""


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium: whether it takes the font is not seen")
@pytest.mark.skipif(not ANOTHER_FONT.is_dir(), reason="no DejaVu, which would be drawn instead")
def test_without_arial_texts_are_as_wide_as_they_were_measured(tmp_path):
    # Each text in a picture of its own: the parts of the font on one page add up.
    texts = [(text, weight) for weight in WEIGHTS for text in TEXTS]
    ours = [picture((html_text(text), weight, STACK)) for text, weight in texts]
    others = [picture((html_text(text), weight, "Arial, sans-serif")) for text, weight in texts]
    page = tmp_path / "page.html"
    pictures = "".join(map(with_fonts, ours + others))
    page.write_text(f'<!DOCTYPE html><meta charset="utf-8">{pictures}{MEASURE}', encoding="utf-8")
    drawn = widths_in_browser(page, tmp_path)
    measured = [text_width(text, 16, bold=weight == "bold") for text, weight in texts]
    assert drawn[: len(texts)] == pytest.approx(measured, rel=0.02)
    # Here is no Arial: whatever else stands in for it is wider by a tenth.
    assert sum(drawn[len(texts) :]) > 1.1 * sum(measured)


def widths_in_browser(page, folder):
    """The widths that a page has written down, where the only font is another one."""
    fonts = folder / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><dir>{ANOTHER_FONT}</dir><cachedir>{folder / 'cache'}</cachedir></fontconfig>"
    )
    shown = subprocess.run(
        [
            CHROMIUM,
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
            f"--user-data-dir={folder / 'profile'}",
            *("--virtual-time-budget=20000", "--dump-dom"),
            page.as_uri(),
        ],
        env=os.environ | {"FONTCONFIG_FILE": str(fonts)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    found = re.search('data-widths="(.*?)"', shown.stdout)
    assert found, f"Chromium showed nothing: {shown.stderr[-2000:]}"
    return json.loads(unescape(found[1]))
