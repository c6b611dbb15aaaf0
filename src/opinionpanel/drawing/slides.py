"""A chart as a slide for a presentation: shapes and texts that can be edited there."""

import cmath
import io
import math
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import vl_convert

from opinionpanel.drawing.font_faces import FAMILY
from opinionpanel.drawing.lettering import text_width
from opinionpanel.drawing.svg_marks import Drawing, Mark, Paint, Shape, Stroke, Text, drawing_of
from opinionpanel.drawing.svg_paths import Step, is_line, is_rectangle, places_of
from opinionpanel.errors import SelectionError
from opinionpanel.escaping import html_text, one_line, xml_characters

# In the unit of the format, of which an inch has 914,400: a wide screen, and its margin.
INCH, POINT = 914_400, 12_700
WIDTH, HEIGHT, MARGIN = 12_192_000, 6_858_000, 365_760
PICTURE_DPI = 300
# How high programs for presentations make a line, in shares of the size of any font: what the font
# does not need is above its letters, and below the baseline is the descent of Arial.
LINE = 1.2
ASCENT = LINE - 0.212
# For our own font, as wide as Arial, and for kinds of fonts: what is on machines that show slides.
FONTS = {
    "": "Arial",
    FAMILY: "Arial",
    "sans-serif": "Arial",
    "serif": "Times New Roman",
    "monospace": "Courier New",
}
ALIGNED = {"start": "l", "middle": "ctr", "end": "r"}
CAPS = {"butt": "flat", "round": "rnd", "square": "sq"}
JOINS = {"miter": '<a:miter lim="800000"/>', "round": "<a:round/>", "bevel": "<a:bevel/>"}
STEPS = {"move": "moveTo", "line": "lnTo", "curve": "cubicBezTo", "close": "close"}
SCHEMAS = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
# The same chart is the same file, whenever it is written.
MOMENT = datetime(1980, 1, 1)


def native_slide(svg: str, description: str) -> bytes | None:
    """Write a chart as a presentation of one slide on which each mark is a shape or a text.

    Parameters
    ----------
    svg : str
        The chart as Vega draws it.
    description : str
        What the chart shows, for those who do not see it; its first sentence is the title.

    Returns
    -------
    bytes or None
        A file ending in ``.pptx``; None where a mark has no counterpart there, such as an image.

    Raises
    ------
    SelectionError
        The library that writes slides is missing.
    """
    _check_library()
    drawing = drawing_of(svg)
    if drawing.marks is None:
        return None
    marks, fit = drawing.marks, _fit(drawing)

    def add(slide: Any) -> None:
        from pptx.oxml import parse_xml

        slide.shapes.element.append(parse_xml(_group(marks, fit, description)))

    return _presentation(add, drawing, description)


def picture_slide(svg: str, description: str) -> bytes:
    """Write a chart as a presentation of one slide on which it is a picture of 300 dpi.

    Parameters and errors are those of `native_slide`.
    """
    _check_library()
    drawing = drawing_of(svg)
    fit = _fit(drawing)
    png = vl_convert.svg_to_png(svg, scale=fit.scale / INCH * PICTURE_DPI)

    def add(slide: Any) -> None:
        left, top = fit.place(0)
        width, height = fit.length(drawing.width), fit.length(drawing.height)
        picture = slide.shapes.add_picture(io.BytesIO(png), left, top, width, height)
        about = picture.element.nvPicPr.cNvPr
        about.set("name", "Chart")
        about.set("descr", _plain(description))

    return _presentation(add, drawing, description)


def _check_library() -> None:
    try:
        import pptx  # noqa: F401
    except ImportError as error:
        raise SelectionError(
            'python-pptx is needed to write a .pptx: pip install "opinionpanel[slides]"'
        ) from error


# ---- the file ---------------------------------------------------------------------------------


def _presentation(add: Callable[[Any], None], drawing: Drawing, description: str) -> bytes:
    """Make a file of one blank slide in the colour of the chart, and let `add` draw on it."""
    from pptx import Presentation
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.oxml import parse_xml
    from pptx.util import Emu

    book = Presentation()
    book.slide_width, book.slide_height = Emu(WIDTH), Emu(HEIGHT)
    # The template calls its size by a name, which is that of another one.
    book.element.sldSz.attrib.pop("type")
    # What the library's own template brings: its thumbnail, program, printer and other layouts.
    package = book.part.package
    for part, kind in (
        (package, RELATIONSHIP_TYPE.THUMBNAIL),
        (package, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES),
        (book.part, RELATIONSHIP_TYPE.PRINTER_SETTINGS),
    ):
        part.drop_rel(part.relate_to(part.part_related_by(kind), kind))
    blank = book.slide_layouts.get_by_name("Blank")
    for layout in list(book.slide_layouts):
        if layout is not blank:
            book.slide_layouts.remove(layout)
    slide = book.slides.add_slide(blank)
    if drawing.background:
        slide.shapes.element.addprevious(parse_xml(_background(drawing.background)))
    add(slide)
    about = book.core_properties
    # The format holds no longer ones.
    about.title = re.split(r"(?<=[.!?…])\s", _plain(description))[0][:255]
    about.author = about.last_modified_by = about.comments = ""
    about.created = about.modified = MOMENT
    content = io.BytesIO()
    book.save(content)
    return undated(content.getvalue())


def undated(archive: bytes) -> bytes:
    """Write the entries of a zip file again, without the time at which they were written."""
    with zipfile.ZipFile(io.BytesIO(archive)) as dated:
        return zipped({name: dated.read(name) for name in dated.namelist()})


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Put files into one, in their order, without the time at which that happened."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, MOMENT.timetuple()[:6])
            # Some are packed already.
            packed = name.endswith((".png", ".xlsx", ".pptx"))
            kind = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, kind)
    return written.getvalue()


# ---- places -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fit:
    """From pixels of the chart to units of the slide: so many for a pixel, from this corner."""

    scale: float
    corner: complex

    def length(self, pixels: float) -> int:
        return round(self.scale * pixels)

    def place(self, place: complex) -> tuple[int, int]:
        fitted = self.corner + self.scale * place
        return round(fitted.real), round(fitted.imag)


@dataclass(frozen=True)
class _Box:
    """The box around a shape, in units of the slide."""

    left: int
    top: int
    width: int
    height: int

    def written(self, turned: str = "") -> str:
        """Write the box, with an attribute that turns it."""
        return (
            f'<a:xfrm{turned}><a:off x="{self.left}" y="{self.top}"/>'
            f'<a:ext cx="{self.width}" cy="{self.height}"/></a:xfrm>'
        )


def _fit(drawing: Drawing) -> _Fit:
    """Make a chart as large as the margins allow, in the middle of the slide."""
    scale = min((WIDTH - 2 * MARGIN) / drawing.width, (HEIGHT - 2 * MARGIN) / drawing.height)
    middle = complex(WIDTH, HEIGHT) / 2
    return _Fit(scale, middle - scale * complex(drawing.width, drawing.height) / 2)


# ---- shapes -----------------------------------------------------------------------------------


def _group(marks: tuple[Mark, ...], fit: _Fit, description: str) -> str:
    """Write all marks as one group, which has the chart's description."""
    left, top = fit.place(0)
    width, height = WIDTH - 2 * left, HEIGHT - 2 * top
    # The slide's own tree of shapes has the number 1.
    shapes = "".join(_mark(mark, number, fit) for number, mark in enumerate(marks, start=3))
    return (
        f"<p:grpSp {SCHEMAS}>"
        f"<p:nvGrpSpPr>{_name(2, 'Chart', description)}<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>"
        f'<p:grpSpPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/>'
        f'<a:chOff x="{left}" y="{top}"/><a:chExt cx="{width}" cy="{height}"/></a:xfrm></p:grpSpPr>'
        f"{shapes}</p:grpSp>"
    )


def _mark(mark: Mark, number: int, fit: _Fit) -> str:
    return _text(mark, number, fit) if isinstance(mark, Text) else _shape(mark, number, fit)


def _name(number: int, kind: str, label: str) -> str:
    name = kind if kind == "Chart" else f"{kind} {number}"
    return f'<p:cNvPr id="{number}" name="{name}" descr="{html_text(_plain(label))}"/>'


def _plain(text: str) -> str:
    return one_line(xml_characters(text))


def _shape(shape: Shape, number: int, fit: _Fit) -> str:
    places = [fit.place(place) for place in places_of(shape.steps)]
    across, down = zip(*places, strict=True)
    box = _Box(min(across), min(down), max(across) - min(across), max(down) - min(down))
    if is_line(shape.steps) and shape.stroke:
        (x1, y1), (x2, y2) = places
        flip = ' flipV="1"' if (x2 - x1) * (y2 - y1) < 0 else ""
        return (
            f"<p:cxnSp><p:nvCxnSpPr>{_name(number, 'Line', shape.label)}<p:cNvCxnSpPr/><p:nvPr/>"
            f"</p:nvCxnSpPr><p:spPr>{box.written(flip)}{_preset('line')}{_line(shape.stroke, fit)}"
            "</p:spPr></p:cxnSp>"
        )
    kind = "Rectangle" if is_rectangle(shape.steps) else "Shape"
    form = _preset("rect") if kind == "Rectangle" else _outline(shape.steps, fit, box)
    return (
        f"<p:sp><p:nvSpPr>{_name(number, kind, shape.label)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr>"
        f"<p:spPr>{box.written()}{form}{_fill(shape.fill)}{_line(shape.stroke, fit)}</p:spPr>"
        "</p:sp>"
    )


def _background(paint: Paint) -> str:
    return f"<p:bg {SCHEMAS}><p:bgPr>{_fill(paint)}<a:effectLst/></p:bgPr></p:bg>"


def _preset(name: str) -> str:
    return f'<a:prstGeom prst="{name}"><a:avLst/></a:prstGeom>'


def _outline(steps: tuple[Step, ...], fit: _Fit, box: _Box) -> str:
    """Write the outline of a shape, from the corner of its box."""

    def point(place: complex) -> str:
        x, y = fit.place(place)
        return f'<a:pt x="{x - box.left}" y="{y - box.top}"/>'

    path = "".join(
        f"<a:{STEPS[step.kind]}>{''.join(map(point, step.places))}</a:{STEPS[step.kind]}>"
        for step in steps
    )
    # What is level or upright would be stretched without end.
    width, height = max(box.width, 1), max(box.height, 1)
    return (
        '<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/>'
        f'<a:pathLst><a:path w="{width}" h="{height}">{path}</a:path></a:pathLst></a:custGeom>'
    )


def _fill(paint: Paint | None) -> str:
    if not paint:
        return "<a:noFill/>"
    return (
        f'<a:solidFill><a:srgbClr val="{paint.color}"><a:alpha val="{_share(paint.alpha)}"/>'
        "</a:srgbClr></a:solidFill>"
    )


def _line(stroke: Stroke | None, fit: _Fit) -> str:
    if not stroke:
        return "<a:ln><a:noFill/></a:ln>"
    # Lengths of dashes are in shares of the line's width.
    dashes = "".join(
        f'<a:ds d="{_share(dash / stroke.width)}" sp="{_share(gap / stroke.width)}"/>'
        for dash, gap in zip(stroke.dashes[::2], stroke.dashes[1::2], strict=True)
    )
    return (
        f'<a:ln w="{fit.length(stroke.width)}" cap="{CAPS[stroke.cap]}">{_fill(stroke.paint)}'
        f"{f'<a:custDash>{dashes}</a:custDash>' if dashes else ''}{JOINS[stroke.join]}</a:ln>"
    )


def _share(part: float) -> int:
    return round(100_000 * part)


# ---- texts ------------------------------------------------------------------------------------


def _text(text: Text, number: int, fit: _Fit) -> str:
    """Write lines as paragraphs of one box, on the baselines that they have in the chart."""
    width = max(text_width(line, text.size, bold=text.bold) for line in text.lines)
    height = LINE * text.size + (len(text.lines) - 1) * text.pitch
    across = {"start": width / 2, "middle": 0, "end": -width / 2}[text.anchor]
    # Boxes are turned about their middle.
    middle = text.place + cmath.rect(1, math.radians(text.angle)) * complex(
        across, height / 2 - ASCENT * text.size
    )
    corner = fit.place(middle - complex(width, height) / 2)
    box = _Box(*corner, fit.length(width), fit.length(height))
    turned = f' rot="{round(60_000 * (text.angle % 360))}"'
    paragraphs = "".join(
        _paragraph(line, text, fit, spacing=text.pitch / (LINE * text.size) if place else 1)
        for place, line in enumerate(text.lines)
    )
    return (
        f"<p:sp><p:nvSpPr>{_name(number, 'Text', text.label)}"
        '<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr>'
        f"<p:spPr>{box.written(turned)}{_preset('rect')}<a:noFill/></p:spPr>"
        '<p:txBody><a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t">'
        f"<a:noAutofit/></a:bodyPr><a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
    )


def _paragraph(line: str, text: Text, fit: _Fit, *, spacing: float) -> str:
    # In hundredths of a point, of which the format holds no smaller ones.
    size = max(100, round(100 * fit.length(text.size) / POINT))
    font = html_text(_font(text.font))
    return (
        f'<a:p><a:pPr algn="{ALIGNED[text.anchor]}">'
        f'<a:lnSpc><a:spcPct val="{_share(spacing)}"/></a:lnSpc></a:pPr>'
        f'<a:r><a:rPr sz="{size}" b="{text.bold:d}" i="{text.italic:d}" noProof="1">'
        f'{_fill(text.paint)}<a:latin typeface="{font}"/><a:cs typeface="{font}"/></a:rPr>'
        f"<a:t>{html_text(line)}</a:t></a:r></a:p>"
    )


def _font(family: str) -> str:
    """Name the first font of a list, as a slide can name one only."""
    first = family.split(",")[0].strip(" \"'")
    return FONTS.get(first, first)
