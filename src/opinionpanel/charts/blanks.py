"""What stands in the place of a figure that is withheld: an outline, hatched, and why."""

from collections.abc import Sequence
from itertools import zip_longest

from opinionpanel.charts.frame import Frame
from opinionpanel.drawing import (
    LINE_HEIGHT,
    Mark,
    Outline,
    Rect,
    Text,
    Words,
    hatch_path,
    text_width,
)


def blank(
    frame: Frame,
    x: float,
    y: float,
    width: float,
    height: float,
    text: str,
    *,
    words: Words | None = None,
) -> list[Mark]:
    """Draw an outlined, hatched box that says that there are too few people.

    Parameters
    ----------
    frame : Frame
    x, y, width, height : float
        The box, in pixels.
    text : str
        What is written in it, where there is room: why there is no figure.
    words : Words, optional
        What it says to those who point at it or hear it.
    """
    theme, size = frame.theme, frame.size.small
    marks: list[Mark] = [
        Rect(
            kind="withheld",
            x=x,
            y=y,
            width=width,
            height=height,
            fill=theme.paper,
            stroke=theme.outline,
            dash=(3, 2),
            words=words,
        ),
        Outline(x=x, y=y, path=hatch_path(width, height, 1, spacing=8), color=theme.faint),
    ]
    room = text_width(text, size) + 6
    if text and room <= width and size * LINE_HEIGHT <= height:
        middle, centre = y + height / 2, x + width / 2
        line = size * LINE_HEIGHT
        marks += [
            Rect(
                x=centre - room / 2, y=middle - line / 2, width=room, height=line, fill=theme.paper
            ),
            Text(x=centre, y=middle, text=text, size=size, color=theme.muted, align="center"),
        ]
    return marks


def in_layers(blanks: Sequence[Sequence[Mark]]) -> list[Mark]:
    """Order the marks of several boxes that do not overlap so that they make few layers."""
    return [mark for layer in zip_longest(*blanks) for mark in layer if mark is not None]
