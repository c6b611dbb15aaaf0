"""A chart on a slide: what people open in their talks is the chart, and can be edited."""

import io
import shutil
import subprocess
import sys
import zipfile

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert
from chart_panels import NAMES, panel_of
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.drawing.saving import VEGA_LITE
from opinionpanel.drawing.slides import HEIGHT, MARGIN, WIDTH, native_slide, picture_slide
from opinionpanel.drawing.svg_marks import Text, drawing_of
from opinionpanel.errors import SelectionError
from opinionpanel.escaping import html_text, one_line, xml_characters

pptx = pytest.importorskip("pptx")
OFFICE = shutil.which("soffice")
FRAME = pd.DataFrame({"party": ["<a> & b", "b", "c"], "share": [10, 40, 25]})
BARS = alt.Chart(FRAME).mark_bar().encode(x="party", y="share", color="party")
DARK = (
    BARS.configure(background="#1b1f24")
    .configure_axis(labelColor="white", titleColor="white")
    .configure_legend(labelColor="white", titleColor="white")
)


def opened(content):
    (slide,) = pptx.Presentation(io.BytesIO(content)).slides
    return slide


def group_of(content):
    (group,) = opened(content).shapes
    return group


def descriptions(shapes):
    return [shape.element.xpath(".//p:cNvPr")[0].get("descr") for shape in shapes]


def svg_of(chart):
    return vl_convert.vegalite_to_svg(chart.to_dict(), vl_version=VEGA_LITE)


# Of the slide's units, in a chart of 200 to 100 pixels, which is as wide as the margins allow.
PIXEL = (WIDTH - 2 * MARGIN) / 200


def svg(inside, width=200, height=100):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{inside}</svg>'
    )


@pytest.fixture(scope="module")
def sankey():
    return charts.sankey(op.flows(panel_of(NAMES[3], 2), "support"))


def test_every_mark_is_a_shape_and_every_text_can_be_edited(sankey):
    drawn = svg_of(sankey)
    marks = drawing_of(drawn).marks
    group = group_of(native_slide(drawn, "About it."))
    assert descriptions([group]) == ["About it."]
    assert descriptions(group.shapes) == [one_line(mark.label) for mark in marks]
    assert len({shape.shape_id for shape in group.shapes}) == len(marks)
    texts = [shape.text_frame.text for shape in group.shapes if shape.name.startswith("Text")]
    assert texts == ["\n".join(mark.lines) for mark in marks if isinstance(mark, Text)]
    kinds = {shape.name.split()[0] for shape in group.shapes}
    assert kinds == {"Rectangle", "Shape", "Text"}


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_a_chart_of_any_size_fills_the_slide_and_keeps_its_form(width, height):
    whole = f'<g><path d="M0,0h{width}v{height}h-{width}Z" stroke="red"/></g>'
    (shape,) = group_of(native_slide(svg(whole, width, height), "")).shapes
    assert abs(WIDTH - shape.width - 2 * shape.left) <= 2
    assert abs(HEIGHT - shape.height - 2 * shape.top) <= 2
    assert min(shape.left, shape.top) == MARGIN
    assert shape.width * height == pytest.approx(shape.height * width, abs=max(width, height))


@given(st.text(), st.text())
def test_what_a_study_says_is_text(text, about):
    shown = one_line(xml_characters(text))
    written = svg(f'<text font-size="9px" fill="red">{html_text(shown)}x</text>')
    group = group_of(native_slide(written, about))
    assert [shape.text_frame.text for shape in group.shapes] == [f"{shown}x"]
    assert descriptions([group]) == [one_line(xml_characters(about)).replace("\ud800", "\ufffd")]


def test_a_text_is_as_large_and_stands_where_it_does_in_the_chart():
    text = '<text font-size="10px" font-weight="bold" text-anchor="{}" fill="#12f">word</text>'
    anchored = [
        f'<g transform="translate(100,50)">{text.format(a)}</g>' for a in ("start", "middle", "end")
    ]
    start, middle, end = group_of(native_slide(svg("".join(anchored)), "")).shapes
    assert start.left == middle.left + middle.width // 2 == end.left + end.width == WIDTH // 2
    for shape in (start, middle, end):
        assert shape.top == pytest.approx(HEIGHT / 2 - (1.2 - 0.212) * 10 * PIXEL, abs=2)
        (run,) = shape.text_frame.paragraphs[0].runs
        assert run.font.size.pt == pytest.approx(10 * PIXEL / 12_700, abs=0.01)
        assert (run.font.bold, str(run.font.color.rgb)) == (True, "1122FF")


def test_a_turned_text_is_turned_about_its_anchor():
    turned = (
        '<text transform="translate(100,50) rotate(270)" font-size="10px" fill="red">word</text>'
    )
    (shape,) = group_of(native_slide(svg(turned), "")).shapes
    assert shape.rotation == 270
    # Turned, it begins below and leads upwards: half its width above the anchor is its middle.
    assert shape.top + shape.height / 2 == pytest.approx(HEIGHT / 2 - shape.width / 2, abs=2)


def test_lines_have_their_widths_and_dashes_and_paints_their_alpha():
    line = (
        '<line transform="translate(0,9)" x2="5" y2="-4" stroke="#123456" stroke-width="2"'
        ' stroke-opacity="0.25" stroke-dasharray="3,1"/>'
    )
    (shape,) = group_of(native_slide(svg(line), "")).shapes
    written = shape.element.xpath("./p:spPr")[0]
    assert written.xpath("./a:xfrm/@flipV") == ["1"]
    assert written.xpath("./a:ln/@w") == [str(round(2 * PIXEL))]
    assert written.xpath(".//a:ds/@d") + written.xpath(".//a:ds/@sp") == ["150000", "50000"]
    assert written.xpath(".//a:alpha/@val") == ["25000"]


def test_the_file_names_nobody_and_is_the_same_whenever_it_is_written(tmp_path):
    content = charts.save(BARS, tmp_path / "a.pptx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as entries:
        assert {entry.date_time for entry in entries.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = entries.namelist()
    assert not [name for name in names if "thumbnail" in name or "printer" in name]
    assert sum(name.startswith("ppt/slideLayouts/s") for name in names) == 1
    about = pptx.Presentation(io.BytesIO(content)).core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert about.created == about.modified
    assert content == charts.save(BARS, tmp_path / "b.pptx").read_bytes()


def test_the_title_is_the_first_sentence(tmp_path):
    about = "At 4.5% it moved. The rest \x07 stayed."
    path = charts.save(BARS.properties(description=about), tmp_path / "a.pptx")
    book = pptx.Presentation(path)
    assert book.core_properties.title == "At 4.5% it moved."
    assert descriptions(book.slides[0].shapes) == [r"At 4.5% it moved. The rest \x07 stayed."]
    long = pptx.Presentation(io.BytesIO(native_slide(svg(""), "a" * 300)))
    assert long.core_properties.title == "a" * 255


def test_the_slide_has_the_colour_of_the_chart():
    background = opened(native_slide(svg_of(DARK), "")).background.fill
    assert str(background.fore_color.rgb) == "1B1F24"


def test_what_no_shape_shows_is_a_sharp_picture(tmp_path):
    chart = alt.Chart(FRAME, description="A heatmap.").mark_rect().encode(x="party", color="share")
    dark = chart.configure(background="#102030")
    slide = opened(charts.save(dark, tmp_path / "a.pptx").read_bytes())
    (picture,) = slide.shapes
    assert descriptions([picture]) == ["A heatmap."]
    across, down = picture.image.size
    assert across / picture.width.inches == pytest.approx(300, rel=0.01)
    assert down / picture.height.inches == pytest.approx(300, rel=0.01)
    assert str(slide.background.fill.fore_color.rgb) == "102030"


def test_without_the_library_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(SelectionError, match=r"python-pptx is needed.*opinionpanel\[slides\]"):
        charts.save(BARS, tmp_path / "a.pptx")
    assert not list(tmp_path.iterdir())


# ---- in a program for presentations -----------------------------------------------------------


def shown(folder, content):
    """The slide as LibreOffice shows it."""
    image = pytest.importorskip("PIL.Image")
    path = folder / "chart.pptx"
    path.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", "png", "--outdir", folder, path]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return image.open(folder / "chart.png").convert("RGB")


def blurred(picture):
    """What is seen from a distance, where letters may be a little lighter or less wide."""
    from PIL import ImageFilter

    return np.asarray(picture.filter(ImageFilter.GaussianBlur(2)), dtype=float)


def as_wide_as_arial():
    """Tell whether text will be as wide as charts take it to be; only Linux may lack the font."""
    if not (match := shutil.which("fc-match")):
        return True
    found = subprocess.run([match, "Arial"], capture_output=True, text=True, check=True).stdout
    return "Arial" in found or "Liberation" in found


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.skipif(not as_wide_as_arial(), reason="neither Arial nor Liberation Sans is installed")
def test_libreoffice_shows_the_picture_of_the_chart(sankey, tmp_path):
    beside = alt.hconcat(sankey, BARS.properties(height=300)).configure(background="#f4efe6")
    drawn = svg_of(beside)
    image = shown(tmp_path, native_slide(drawn, "A chart."))
    picture = shown(tmp_path, picture_slide(drawn, "A chart."))
    assert image.size == picture.size
    difference = np.abs(blurred(image) - blurred(picture)).max(axis=2)
    # Labels aligned otherwise, or a tenth of their size higher, give more than the second.
    assert difference.mean() < 2.5
    assert (difference > 40).mean() < 0.002
