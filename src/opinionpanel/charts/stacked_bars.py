"""Stacked bars: where each state of a row lies, its number in it or beside it, and its pattern."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from opinionpanel.charts.blanks import blank
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.share_rows import share_data, share_words, withheld_words
from opinionpanel.charts.stacked_rows import Row
from opinionpanel.charts.stacked_sides import Sides
from opinionpanel.drawing import (
    LEAST_TYPE,
    LINE_HEIGHT,
    NONE,
    Mark,
    Palette,
    Rect,
    hatched,
    text_width,
)

# Pixels: between a number and the ends of its bar, between a bar and the number beside it, and
# between that and the line where others begin.
INSIDE, BESIDE, APART = 2.0, 4.0, 8.0
# Smaller shares have a number only where it fits into the bar.
LABELLED = 0.05
# What a number over hatching stands on.
PLATE = "plate"


@dataclass(frozen=True)
class Bars:
    """Where bars begin, in pixels.

    Attributes
    ----------
    frame : Frame
    sides : Sides
    colours : Palette
    left, right : float
        The room for all of them.
    line, apart : float
        Where the two sides meet, and where those on neither begin.
    scale : float
        Pixels for a share of 1.
    """

    frame: Frame
    sides: Sides
    colours: Palette
    left: float
    right: float
    line: float
    apart: float
    scale: float

    @property
    def ends(self) -> list[tuple[Sequence[str], float]]:
        """Give the states to the right of a common line, and where the room for them ends."""
        right = self.apart - APART if self.sides.apart else self.right
        return [(self.sides.right, right), (self.sides.apart, self.right)]

    def starts(self, row: Row) -> dict[str, float]:
        """Give the left end of each state's bar."""
        value = self.frame.figures.value
        widths = {state: float(value[at]) * self.scale for state, at in row.states.items()}
        found = {}
        leftmost = self.line - sum(widths.get(state, 0.0) for state in self.sides.left)
        for states, x in (
            ((*self.sides.left, *self.sides.right), leftmost),
            (self.sides.apart, self.apart),
        ):
            for state in states:
                if state in widths:
                    found[state] = x
                    x += widths[state]
        return found


def bars(plot: Bars, row: Row, top: float, height: float) -> list[Mark]:
    """Draw the bars of a row, or why there are none."""
    frame, figures = plot.frame, plot.frame.figures
    middle, first = top + height / 2, next(iter(row.states.values()))
    if row.withheld:
        words, width = withheld_words(frame, first), plot.right - plot.left
        return blank(frame, plot.left, top, width, height, frame.few(row.n), words=words)
    if not np.isfinite(figures.value[list(row.states.values())]).any():
        return [frame.write(NONE, plot.line + BESIDE, middle, kind="none")]
    fills, texts = list[Mark](), list[Mark]()
    for state, x in plot.starts(row).items():
        at, place = row.states[state], plot.colours.states.index(state)
        box = Rect(
            kind="bar",
            x=x,
            y=top,
            width=float(figures.value[at]) * plot.scale,
            height=height,
            words=share_words(frame, at),
            key=state,
            keys=(state,),
            data=share_data(frame, at),
        )
        fills += filled(frame, plot.colours, place, box)
        texts += _number(plot, row, state, x, middle)
    return [*fills, *texts]


def filled(frame: Frame, colours: Palette, place: int, box: Rect) -> list[Mark]:
    """Fill a box with a state's colour, and in print with its pattern."""
    fill, outline = colours.node[place], colours.outline[place]
    edge = frame.theme.paper if outline == fill else outline
    # Of a bar of no width there would be the line around it.
    bar = replace(box, fill=fill, stroke=None if box.width < 1 else edge)
    return [bar, *hatched(bar, colours.hatch[place], frame.theme)]


def _number(plot: Bars, row: Row, state: str, x: float, y: float) -> list[Mark]:
    """Write a share into its bar, as large as it fits, or beside a bar that ends its side."""
    frame, small = plot.frame, plot.frame.size.small
    share = float(frame.figures.value[row.states[state]])
    width, text = share * plot.scale, frame.language.share(share)
    for shown, size in _tries(frame, share):
        if text_width(shown, size, bold=True) + 2 * INSIDE <= width:
            return _inside(plot, state, shown, size, x + width / 2, y)
    if share < LABELLED:
        return []
    room = text_width(text, small) + BESIDE
    if state in plot.sides.left[:1] and x - room >= plot.left:
        return [frame.remark(text, x - BESIDE, y, kind="number", align="right")]
    ends = {states[-1]: end for states, end in plot.ends if states}
    if state in ends and x + width + room <= ends[state]:
        return [frame.remark(text, x + width + BESIDE, y, kind="number")]
    return []


def _inside(plot: Bars, state: str, text: str, size: float, x: float, y: float) -> list[Mark]:
    """Write a number into a bar; over hatching on a plate of the bar's colour."""
    colours, place = plot.colours, plot.colours.states.index(state)
    number = plot.frame.write(
        text,
        x,
        y,
        kind="number",
        size=size,
        color=colours.ink[place],
        bold=True,
        align="center",
    )
    if not colours.hatch[place]:
        return [number]
    width, height = text_width(text, size, bold=True) + 2 * INSIDE, size * LINE_HEIGHT
    plate = Rect(
        kind=PLATE,
        x=x - width / 2,
        y=y - height / 2,
        width=width,
        height=height,
        fill=colours.node[place],
        keys=(state,),
    )
    return [plate, number]


def _tries(frame: Frame, share: float) -> Iterator[tuple[str, float]]:
    """Write a share in ever less room: its sign goes before its letters are smaller."""
    text, most = frame.language.share(share), int(frame.size.number)
    bare = text.removesuffix(frame.language.percent)
    for size in range(most, int(LEAST_TYPE) - 1, -1):
        yield from ((shown, float(size)) for shown in (text, bare))
