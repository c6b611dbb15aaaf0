"""Read the marks of a chart from the SVG that Vega writes: shapes and texts in absolute pixels."""

import cmath
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from opinionpanel.drawing.svg_paths import (
    Placing,
    Step,
    UnknownMarkError,
    is_rectangle,
    places_of,
    steps_of,
)
from opinionpanel.escaping import one_line

NAMESPACE = "{http://www.w3.org/2000/svg}"
# What marks may say of themselves. Whatever else they say, such as a way to blend, changes how they
# look, so that shapes would not show it.
UNSEEN = {"class", "role", "pointer-events", "aria-hidden", "aria-label", "aria-roledescription"}
GROUP = UNSEEN | {"transform", "clip-path", "fill", "stroke-miterlimit"}
FILLED = UNSEEN | {"transform", "opacity", "fill", "fill-opacity"}
TEXT = FILLED | {"text-anchor", "font-family", "font-size", "font-weight", "font-style"}
STROKE = {
    *("stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-dashoffset"),
    *("stroke-linecap", "stroke-linejoin", "stroke-miterlimit"),
}
SHAPE = FILLED | STROKE | {"d", "x2", "y2", "width", "height"}
CHANNELS = re.compile(r"rgba?\(([\d.]+), *([\d.]+), *([\d.]+)(?:, *([\d.]+))?\)")


@dataclass(frozen=True)
class Paint:
    """A colour as six hexadecimal digits, and how far it covers what is below: up to 1."""

    color: str
    alpha: float


@dataclass(frozen=True)
class Stroke:
    """How an outline is drawn: widths and dashes in pixels, cap and join by their names in SVG."""

    paint: Paint
    width: float
    dashes: tuple[float, ...]
    cap: str
    join: str


@dataclass(frozen=True)
class Shape:
    """A shape: its outline, and what it is for those who do not see it (may be empty)."""

    label: str
    steps: tuple[Step, ...]
    fill: Paint | None
    stroke: Stroke | None


@dataclass(frozen=True)
class Text:
    """Lines of text.

    `place` is on the baseline of the first line, at its start, middle or end as `anchor` says;
    lines are `pitch` pixels apart and turned by `angle` degrees, clockwise.
    """

    label: str
    lines: tuple[str, ...]
    place: complex
    angle: float
    anchor: str
    pitch: float
    font: str
    size: float
    bold: bool
    italic: bool
    paint: Paint


Mark = Shape | Text
Clips = Mapping[str, ElementTree.Element]


@dataclass(frozen=True)
class Drawing:
    """A chart in pixels, from its lowest mark to its topmost; None if shapes cannot show some."""

    width: float
    height: float
    background: Paint | None
    marks: tuple[Mark, ...] | None


def drawing_of(svg: str) -> Drawing:
    """Read a picture that Vega wrote.

    The parser loads nothing; and texts of a study can declare no entities, being escaped in it.
    """
    root = ElementTree.fromstring(svg)
    clips = {clip.get("id", ""): clip[0] for clip in root.iter(f"{NAMESPACE}clipPath")}
    paper = root.find(f"{NAMESPACE}rect")
    background, marks = None, None
    try:
        background = None if paper is None else _paint(paper, "fill")
        marks = tuple(
            mark
            for element in root
            if element is not paper
            for mark in _marks(element, Placing(), clips)
        )
    except UnknownMarkError:
        pass
    return Drawing(float(root.get("width", 0)), float(root.get("height", 0)), background, marks)


def _marks(element: ElementTree.Element, around: Placing, clips: Clips) -> Iterator[Mark]:
    tag = element.tag.removeprefix(NAMESPACE)
    # Clips and gradients are read where they are used; the rest of these draws nothing.
    if tag == "defs" or element.get("display") == "none":
        return
    placing = around.within(element.get("transform", ""))
    if tag == "g":
        _check(element, GROUP)
        marks = [mark for part in element for mark in _marks(part, placing, clips)]
        if clip := element.get("clip-path"):
            _check_clip(marks, clips[clip.removeprefix("url(#").removesuffix(")")], placing)
        yield from marks
    elif tag == "text":
        _check(element, TEXT)
        yield from _text(element, placing)
    elif tag in ("path", "line", "rect"):
        _check(element, SHAPE)
        yield from _shape(element, placing)
    else:
        raise UnknownMarkError(tag)


def _check(element: ElementTree.Element, known: set[str]) -> None:
    if other := set(element.keys()) - known:
        raise UnknownMarkError(f"{element.tag} with {other}")


def _check_clip(marks: list[Mark], clip: ElementTree.Element, placing: Placing) -> None:
    """Refuse a clip that cuts something off; a chart that can be moved has one that does not."""
    around = _outline(clip, placing)
    if not is_rectangle(around) or not all(isinstance(mark, Shape) for mark in marks):
        raise UnknownMarkError("clip")
    left, right, top, bottom = _limits(places_of(around))
    inside = [place for mark in marks if isinstance(mark, Shape) for place in places_of(mark.steps)]
    if not inside:
        return
    first, last, highest, lowest = _limits(inside)
    if min(first - left, right - last, highest - top, bottom - lowest) < -0.5:
        raise UnknownMarkError("clip")


def _limits(places: list[complex]) -> tuple[float, float, float, float]:
    across, down = [place.real for place in places], [place.imag for place in places]
    return min(across), max(across), min(down), max(down)


def _shape(element: ElementTree.Element, placing: Placing) -> Iterator[Shape]:
    fill, stroke, steps = _paint(element, "fill"), _stroke(element), _outline(element, placing)
    if steps and (fill or stroke):
        yield Shape(element.get("aria-label", ""), steps, fill, stroke)


def _outline(element: ElementTree.Element, placing: Placing) -> tuple[Step, ...]:
    """Write a path, a line or a rectangle as a path."""
    match element.tag.removeprefix(NAMESPACE):
        case "line":
            path = f"M0,0L{element.get('x2', 0)},{element.get('y2', 0)}"
        case "rect":
            width, height = element.get("width", 0), element.get("height", 0)
            path = f"M0,0H{width}V{height}H0Z"
        case _:
            path = element.get("d", "")
    return steps_of(path, placing)


def _text(element: ElementTree.Element, placing: Placing) -> Iterator[Text]:
    parts = list(element)
    lines = [one_line(part.text or "") for part in parts] or [one_line(element.text or "")]
    paint = _paint(element, "fill")
    if paint and any(lines):
        weight = element.get("font-weight", "normal")
        yield Text(
            label=element.get("aria-label", ""),
            lines=tuple(lines),
            place=placing.at(0),
            angle=math.degrees(cmath.phase(placing.turn)),
            anchor=element.get("text-anchor", "start"),
            # The first line has no distance of its own, and all others the same.
            pitch=float(parts[-1].get("dy", 0)) if parts else 0.0,
            font=element.get("font-family", ""),
            size=float(element.get("font-size", "11px").removesuffix("px")),
            bold=weight in ("bold", "bolder") or (weight.isdigit() and int(weight) >= 600),
            italic=element.get("font-style") == "italic",
            paint=paint,
        )


def _stroke(element: ElementTree.Element) -> Stroke | None:
    paint = _paint(element, "stroke")
    width = float(element.get("stroke-width", 1))
    if not paint or not width:
        return None
    dashes = [float(part) for part in re.findall(r"[\d.]+", element.get("stroke-dasharray", ""))]
    # An odd number of lengths is used twice: what was a dash is then a gap.
    dashes *= 1 + len(dashes) % 2
    return Stroke(
        paint=paint,
        width=width,
        dashes=tuple(dashes) if any(dashes[1::2]) else (),
        cap=element.get("stroke-linecap", "butt"),
        join=element.get("stroke-linejoin", "miter"),
    )


def _paint(element: ElementTree.Element, kind: str) -> Paint | None:
    """Give the paint of ``fill`` or ``stroke``; None where nothing would be seen."""
    name = element.get(kind, "none")
    if name in ("none", "transparent"):
        return None
    color, own = _color(name)
    alpha = own * float(element.get("opacity", 1)) * float(element.get(f"{kind}-opacity", 1))
    return Paint(color, alpha) if alpha > 0 else None


def _color(name: str) -> tuple[str, float]:
    """Read a colour; gradients, and what no program would know, are refused."""
    # Comes with the library that writes slides.
    from PIL import ImageColor

    if channels := CHANNELS.fullmatch(name):
        red, green, blue = (round(float(part)) for part in channels.groups()[:3])
        return f"{red:02x}{green:02x}{blue:02x}", float(channels[4] or 1)
    try:
        red, green, blue, *alpha = ImageColor.getrgb(name)
    except ValueError:
        raise UnknownMarkError(name) from None
    return f"{red:02x}{green:02x}{blue:02x}", alpha[0] / 255 if alpha else 1.0
