"""Hatching: patterns as paths of short lines, since Vega fills with plain colours only."""

from math import ceil

from opinionpanel.drawing.colours import READABLE, contrast, ink, mix
from opinionpanel.drawing.marks import Mark, Outline, Rect
from opinionpanel.drawing.themes import Theme

# Lines that cross an edge at 45 degrees meet it this much further apart than they are.
SLANT = 2**0.5
DOT = 2
# Contrast of lines with their fill: seen in print, and no louder than the number over them.
QUIET = 2.2

Segment = tuple[float, float, float, float]


def hatch_path(width: float, height: float, pattern: int, *, spacing: float = 5) -> str:
    r"""Fill a rectangle with a pattern of line segments, which end at its edges.

    Parameters
    ----------
    width, height : float
        Of the rectangle, in pixels; its upper left corner is at 0, 0.
    pattern : int
        1 to 6, for ``/``, ``\``, ``x``, ``-``, ``|`` and dots; 0 is none.
    spacing : float, default 5
        Pixels between lines.

    Returns
    -------
    str
        An SVG path, to be stroked. Empty where there is nothing to fill.

    Examples
    --------
    >>> hatch_path(10, 10, 4)
    'M0 2.5 10 2.5M0 7.5 10 7.5'
    """
    if min(width, height) <= 0:
        return ""
    return "".join(
        f"M{_short(x0)} {_short(y0)} {_short(x1)} {_short(y1)}"
        for x0, y0, x1, y1 in _segments(width, height, pattern, spacing)
    )


def hatch_color(fill: str, theme: Theme) -> str:
    """Choose the colour of lines over a fill: plain to see, and the fill's ink reads on them too.

    Examples
    --------
    >>> from opinionpanel.drawing.themes import theme_of
    >>> hatch_color("#cccccc", theme_of("print"))
    '#868686'
    """
    text = ink(fill, theme)
    tries = (mix(theme.text, strength / 40, theme.paper) for strength in range(41))
    reads = [color for color in tries if contrast(text, color) >= READABLE]
    return min(reads, key=lambda color: abs(contrast(color, fill) - QUIET))


def hatched(box: Rect, pattern: int, theme: Theme) -> list[Mark]:
    """Draw a pattern over a filled rectangle; nothing for the pattern 0."""
    path = hatch_path(box.width, box.height, pattern)
    if not path or box.fill is None:
        return []
    color = hatch_color(box.fill, theme)
    return [Outline(x=box.x, y=box.y, path=path, color=color, keys=box.keys)]


def _segments(width: float, height: float, pattern: int, spacing: float) -> list[Segment]:
    match pattern:
        case 1:
            return _rising(width, height, spacing)
        case 2:
            return _falling(width, height, spacing)
        case 3:
            return _rising(width, height, spacing) + _falling(width, height, spacing)
        case 4:
            return [(0.0, y, width, y) for y in _places(height, spacing)]
        case 5:
            return [(x, 0.0, x, height) for x in _places(width, spacing)]
        case 6:
            return _dots(width, height, spacing)
    return []


def _places(extent: float, spacing: float) -> list[float]:
    """Place lines along an edge, one at least, and none at its end."""
    first = min(spacing, extent) / 2
    return [first + spacing * k for k in range(ceil((extent - first) / spacing))]


def _rising(width: float, height: float, spacing: float) -> list[Segment]:
    """Draw lines on which the way along and the way down have one sum."""
    return [
        (max(both - height, 0.0), min(both, height), min(both, width), max(both - width, 0.0))
        for both in _places(width + height, spacing * SLANT)
    ]


def _falling(width: float, height: float, spacing: float) -> list[Segment]:
    return [
        (x0, height - y0, x1, height - y1) for x0, y0, x1, y1 in _rising(width, height, spacing)
    ]


def _dots(width: float, height: float, spacing: float) -> list[Segment]:
    """Draw tiny strokes, those of every other row between those of the rows beside it."""
    return [
        (x, y, min(x + DOT, width), y)
        for row, y in enumerate(_places(height, spacing))
        for x in _places(width, spacing)[row % 2 :: 2]
    ]


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
