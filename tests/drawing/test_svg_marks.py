"""What Vega draws is read as what it is: a bar as a rectangle, a label as its text."""

import altair as alt
import pandas as pd
import pytest
import vl_convert
from hypothesis import given, strategies as st

from opinionpanel.drawing.saving import VEGA_LITE
from opinionpanel.drawing.svg_marks import Paint, Shape, Text, drawing_of
from opinionpanel.drawing.svg_paths import is_line, is_rectangle, places_of
from opinionpanel.escaping import html_text, one_line, xml_characters

pytest.importorskip("PIL")
FRAME = pd.DataFrame({"party": ["a", "b", "c"], "share": [10, 40, 25]})
PLAIN = alt.Chart(FRAME).encode(x="party", y="share")
FONT = 'font-family="Arial" font-size="10px"'


def svg(inside, **attributes):
    size = {"width": 200, "height": 100} | attributes
    written = " ".join(f'{name}="{value}"' for name, value in size.items())
    return f'<svg xmlns="http://www.w3.org/2000/svg" {written}>{inside}</svg>'


def only(inside):
    (mark,) = drawing_of(svg(inside)).marks
    return mark


def drawn(chart):
    return drawing_of(vl_convert.vegalite_to_svg(chart.to_dict(), vl_version=VEGA_LITE))


def extent(shape):
    places = places_of(shape.steps)
    across, down = [place.real for place in places], [place.imag for place in places]
    return max(across) - min(across), max(down) - min(down)


def test_bars_are_rectangles_as_high_as_their_values():
    drawing = drawn(PLAIN.mark_bar(color="#123456"))
    bars = [mark for mark in drawing.marks if isinstance(mark, Shape) and mark.fill]
    assert [bar.label for bar in bars] == [
        f"party: {party}; share: {share}" for party, share in FRAME.itertuples(index=False)
    ]
    assert all(is_rectangle(bar.steps) and bar.fill == Paint("123456", 1) for bar in bars)
    heights = [extent(bar)[1] / share for bar, share in zip(bars, FRAME["share"], strict=True)]
    assert heights == pytest.approx([300 / 40] * 3)
    texts = [mark.lines for mark in drawing.marks if isinstance(mark, Text)]
    assert {("a",), ("b",), ("c",), ("party",), ("share",), ("40",)} <= set(texts)
    ticks = [mark for mark in drawing.marks if isinstance(mark, Shape) and is_line(mark.steps)]
    assert len(ticks) > 10
    assert drawing.background == Paint("ffffff", 1)


@pytest.mark.parametrize(
    "chart",
    [
        PLAIN.mark_line(),
        PLAIN.mark_line().interactive(),  # has a clip that cuts nothing off
        PLAIN.mark_point(shape="diamond"),
        PLAIN.mark_area(interpolate="basis"),
        PLAIN.mark_rule(strokeDash=[2, 1]),
        alt.Chart(FRAME).mark_arc().encode(theta="share", color="party"),
        PLAIN.mark_bar() | PLAIN.mark_tick(),
    ],
)
def test_ordinary_charts_are_drawn(chart):
    assert len(drawn(chart).marks) > 5


@pytest.mark.parametrize(
    "chart",
    [
        PLAIN.mark_image(url="data:image/png;base64,", width=5, height=5),
        PLAIN.mark_bar(blend="multiply"),
        PLAIN.mark_text(text="x", stroke="white"),
        alt.Chart(FRAME).mark_rect().encode(x="party", color="share"),  # a key with a gradient
        PLAIN.mark_line(clip=True).encode(y=alt.Y("share", scale=alt.Scale(domain=[0, 30]))),
    ],
)
def test_what_no_shape_shows_is_told(chart):
    assert drawn(chart.properties(background="#102030")).marks is None
    assert drawn(chart.properties(background="#102030")).background == Paint("102030", 1)


@pytest.mark.parametrize(
    ("name", "paint"),
    [
        ("#a1b2c3", Paint("a1b2c3", 0.5)),
        ("#fff", Paint("ffffff", 0.5)),
        ("steelblue", Paint("4682b4", 0.5)),
        ("rgb(1, 20, 255)", Paint("0114ff", 0.5)),
        ("rgba(1,20,255,0.5)", Paint("0114ff", 0.25)),
        ("hsl(120,100%,50%)", Paint("00ff00", 0.5)),
    ],
)
def test_colours_by_their_names(name, paint):
    assert only(f'<path d="M0,0h1v1" fill="{name}" fill-opacity="0.5"/>').fill == paint
    assert only(f'<path d="M0,0h1v1" stroke="{name}" opacity="0.5"/>').stroke.paint == paint


def test_what_is_not_seen_is_no_mark():
    unseen = (
        '<path d="M0,0h1v1"/><path d="M0,0h1" stroke="red" stroke-width="0"/>'
        '<path d="M0,0h1" stroke="red" opacity="0"/><path d="" fill="red"/>'
        f'<path d="M0,0h1" fill="red" display="none"/><text {FONT} fill="red"> </text>'
        '<path d="M0,0h1v1" fill="transparent"/><defs><gradient/></defs>'
    )
    drawing = drawing_of(svg(unseen))
    assert (drawing.marks, drawing.background) == ((), None)
    assert (drawing.width, drawing.height) == (200, 100)


def test_dashes_come_in_pairs():
    line = '<line x2="9" stroke="red" stroke-dasharray="{}"/>'
    assert only(line.format("3,2")).stroke.dashes == (3, 2)
    assert only(line.format("3")).stroke.dashes == (3, 3)
    assert only(line.format("1,0")).stroke.dashes == ()
    assert only(line.format("4,1,2")).stroke.dashes == (4, 1, 2, 4, 1, 2)


def test_lines_of_a_text_are_one_text():
    text = only(
        f'<g transform="translate(10,20)"><text {FONT} font-weight="600" font-style="italic"'
        ' transform="translate(5,5) rotate(270) translate(0,3)" text-anchor="end" fill="#123"'
        '><tspan>one</tspan><tspan x="0" dy="12.5">two</tspan><tspan x="0" dy="12.5"></tspan>'
        "</text></g>"
    )
    assert text.lines == ("one", "two", "")
    assert (text.anchor, text.pitch, text.size, text.font) == ("end", 12.5, 10, "Arial")
    assert text.bold
    assert text.italic
    assert text.place == pytest.approx(18 + 25j)
    assert text.angle == pytest.approx(-90)


@given(st.text(), st.text())
def test_texts_stay_as_they_are(text, label):
    text, label = one_line(xml_characters(text)), one_line(xml_characters(label))
    written = f'<text {FONT} fill="red" aria-label="{html_text(label)}">{html_text(text)}</text>'
    marks = drawing_of(svg(written)).marks
    assert [(mark.lines, mark.label) for mark in marks] == ([((text,), label)] if text else [])
