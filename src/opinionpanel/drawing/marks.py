"""What charts are made of: rectangles, ribbons, lines, dots and texts, placed in pixels.

Every kind of chart places its marks itself, from the upper left corner downwards, and gives each
its colours. So charts need no scales, which would clash where charts are put beside each other, and
how texts and marks lie can be told without drawing them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

# Of a text's size: the height of a line.
LINE_HEIGHT = 1.3


@dataclass(frozen=True)
class Words:
    """What a mark says to those who point at it, hear it, or read the table of a saved page.

    Attributes
    ----------
    heads : tuple of str
        What the cells are, as in the head of a table: State, Wave, Share ...
    cells : tuple of str
        First what the mark is about, then its figures.
    figures : int
        How many of the cells are figures.
    """

    heads: tuple[str, ...]
    cells: tuple[str, ...]
    figures: int = 1


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What all marks may have.

    Attributes
    ----------
    kind : str
        What it stands for in a chart, to be found by in the chart's data.
    words : Words, optional
        A mark without them is decoration, or repeats what others say.
    key : str
        What is lit while a pointer is over this mark; empty where nothing is.
    keys : tuple of str
        The keys that light this mark, while others fade; empty where it never fades.
    data : dict
        Figures and names to be kept in the chart's data.
    """

    layout: ClassVar[tuple[str, ...]] = ()
    style: ClassVar[tuple[str, ...]] = ()

    kind: str = ""
    words: Words | None = None
    key: str = ""
    keys: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Rect(Mark):
    """A rectangle: its upper left corner, and its size."""

    layout = ("x", "y", "width", "height")
    style = ("fill", "stroke", "stroke_width", "dash", "opacity")

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    stroke: str | None = None
    stroke_width: float = 1.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Ribbon(Mark):
    """A smooth ribbon from (x, y) to (x2, y2), its upper edge, as thick all the way.

    Its core lies in its middle: the part of it that is certain.
    """

    layout = ("x", "y", "x2", "y2", "thick", "core")
    style = ("fill", "core_fill", "outline")

    x: float
    y: float
    x2: float
    y2: float
    thick: float
    core: float
    fill: str
    core_fill: str
    outline: str


@dataclass(frozen=True, kw_only=True)
class Band(Mark):
    """A band between two lines, straight from point to point."""

    layout = ("xs", "tops", "bottoms")
    style = ("fill", "opacity")

    xs: tuple[float, ...]
    tops: tuple[float, ...]
    bottoms: tuple[float, ...]
    fill: str
    opacity: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Rule(Mark):
    """A straight line."""

    layout = ("x", "y", "x2", "y2")
    style = ("color", "width", "dash")

    x: float
    y: float
    x2: float
    y2: float
    color: str
    width: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Dot(Mark):
    """A round dot, by its middle and its diameter."""

    layout = ("x", "y")
    style = ("size", "fill", "stroke", "stroke_width")

    x: float
    y: float
    size: float
    fill: str
    stroke: str
    stroke_width: float = 1.5


@dataclass(frozen=True, kw_only=True)
class Outline(Mark):
    """Lines of an SVG path, in pixels from (x, y): what hatches a rectangle."""

    layout = ("x", "y", "path")
    style = ("color", "width")

    x: float
    y: float
    path: str
    color: str
    width: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Text(Mark):
    """Lines of text, the middle of all of them at y; x is their left or right end, or middle.

    A text may stand on a patch of a colour.
    """

    layout = ("x", "y", "text")
    style = ("size", "color", "bold", "align", "patch")

    x: float
    y: float
    text: str
    size: float
    color: str
    bold: bool = False
    align: str = "left"
    patch: str | None = None

    @property
    def lines(self) -> list[str]:
        """Its lines."""
        return self.text.split("\n")

    @property
    def height(self) -> float:
        """Height of all lines together, in pixels."""
        return len(self.lines) * self.size * LINE_HEIGHT


def layered(marks: Iterable[Mark], order: Sequence[type[Mark] | str]) -> list[Mark]:
    """Put marks of one type in a row, which is drawn as one layer.

    `order` names the types from the undermost, and kinds of marks that lie elsewhere than others of
    their type.
    """

    def place(mark: Mark) -> int:
        return order.index(mark.kind if mark.kind in order else type(mark))

    return sorted(marks, key=place)
