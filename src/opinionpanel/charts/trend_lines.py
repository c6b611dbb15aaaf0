"""The lines of a trend: bands of intervals, lines from wave to wave, and a dot at each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np

from opinionpanel.charts.frame import Frame
from opinionpanel.charts.share_axis import Axis
from opinionpanel.charts.share_rows import share_data, share_words
from opinionpanel.charts.trend_axis import TimeAxis
from opinionpanel.drawing import SILENT, Band, Dot, Mark, Outline, Rule

# Of bands, and of their edges.
OPACITY, EDGE = 0.16, (2.0, 3.0)
# Pixels: the width of a line, the diameter of a dot.
STROKE, DOT = 2.4, 8.0
# In print, which has no colours, lines differ by their dashes and by what stands at the waves.
# Round caps lengthen every dash by the width of the line. Beyond these they come again.
DASHES: tuple[tuple[float, ...], ...] = (
    *((), (7.0, 5.0), (0.5, 4.5), (14.0, 5.0)),
    *((10.0, 5.0, 0.5, 5.0), (4.0, 8.0), (16.0, 5.0, 0.5, 5.0)),
)
MARKERS = (
    *("", "M-4-4H4V4H-4Z", "M0-5 5 4H-5Z", "M0-5.5 5.5 0 0 5.5-5.5 0Z"),
    *("M-4-4 4 4M-4 4 4-4", "M0 5-5-4H5Z", "M0-5V5M-5 0H5"),
)


@dataclass(frozen=True)
class Line:
    """What is drawn as one line.

    Attributes
    ----------
    name : str
        Of its state, or of its group; lights it.
    title : str
        What readers see of the name.
    rows : dict of str to int
        The place of its estimate at each wave.
    fill, ink : str
        Colours of its band, and of itself.
    style : int
        Which of the dashes and markers it has in print.
    """

    name: str
    title: str
    rows: Mapping[str, int]
    fill: str
    ink: str
    style: int

    def known(self, frame: Frame, axis: TimeAxis) -> dict[str, int]:
        """Give those waves, in their order, at which there is a figure that may be shown."""
        value = frame.figures.value
        return {
            wave: row
            for wave in axis.waves
            if (row := self.rows.get(wave)) is not None and np.isfinite(value[row])
        }


class Point(NamedTuple):
    """A figure at a wave, in pixels; limits are NaN where there are none."""

    wave: str
    row: int
    x: float
    y: float
    low: float
    high: float

    @property
    def bounded(self) -> bool:
        """Whether it has an interval."""
        return bool(np.isfinite(self.low + self.high))


@dataclass(frozen=True)
class Plot:
    """Where waves and shares are in a panel, in pixels.

    Attributes
    ----------
    frame : Frame
    axis : TimeAxis
    left, top, width, height : float
        Where the waves are, from the first day to the last, and the shares or means.
    scale : Axis
        Which of them lies at the bottom, and which at the top.
    """

    frame: Frame
    axis: TimeAxis
    left: float
    top: float
    width: float
    height: float
    scale: Axis

    @property
    def bottom(self) -> float:
        """Where the axis of figures begins."""
        return self.top + self.height

    def x(self, time: float) -> float:
        """Place a time between 0 and 1."""
        return self.left + time * self.width

    def y(self, value: float) -> float:
        """Place a share or a mean."""
        return self.bottom - self.scale.along(value) * self.height

    def runs(self, line: Line) -> list[list[Point]]:
        """List the points of a line, apart where a wave between them has no figure."""
        figures = self.frame.figures
        points = {}
        for wave, row in line.known(self.frame, self.axis).items():
            x = self.x(float(self.axis.middle[self.axis.waves.index(wave)]))
            heights = (figures.value[row], figures.low[row], figures.high[row])
            points[wave] = Point(wave, row, x, *(self.y(float(share)) for share in heights))
        return [[points[wave] for wave in run] for run in self.axis.runs(list(points))]


def bands(plot: Plot, lines: Sequence[Line]) -> list[Mark]:
    """Fill the intervals between neighbouring waves."""
    return [
        Band(
            kind="band",
            xs=tuple(point.x for point in part),
            tops=tuple(point.high for point in part),
            bottoms=tuple(point.low for point in part),
            fill=line.fill,
            opacity=OPACITY,
            key=line.name,
            keys=(line.name,),
        )
        for line in lines
        for part in _bounded(plot, line)
        if len(part) > 1
    ]


def strokes(plot: Plot, lines: Sequence[Line]) -> list[Mark]:
    """Draw the edges of bands, lines from wave to wave, and intervals that stand alone."""
    marks = list[Mark]()
    for line in lines:
        for part in _bounded(plot, line):
            for a, b in pairwise(part):
                marks += [
                    _rule(line, (a.x, y), (b.x, y2), 0.8, EDGE)
                    for y, y2 in ((a.low, b.low), (a.high, b.high))
                ]
            if len(part) == 1:
                x, _, low, high = part[0][2:]
                marks.append(_rule(line, (x, low), (x, high), 1.4))
    for line in lines:
        dash = _dash(plot.frame, line)
        for run in plot.runs(line):
            marks += [_rule(line, a[2:4], b[2:4], STROKE, dash) for a, b in pairwise(run)]
    return marks


def _dash(frame: Frame, line: Line) -> tuple[float, ...]:
    """Choose how a line is dashed: who has no opinion is as grey as the undecided are."""
    if frame.theme.name == "print":
        return DASHES[line.style % len(DASHES)]
    return DASHES[2] if line.name in SILENT else ()


def dots(plot: Plot, lines: Sequence[Line]) -> list[Mark]:
    """Put a dot at each wave, hollow where no line leads to it; in print, room for a marker."""
    frame, paper = plot.frame, plot.frame.theme.paper
    marks = list[Mark]()
    for line, alone, point in _points(plot, lines):
        marker = _marker(frame, line)
        marks.append(
            Dot(
                kind="share",
                x=point.x,
                y=point.y,
                size=DOT + 4 if marker else DOT,
                fill=paper if alone or marker else line.ink,
                stroke=line.ink if alone and not marker else paper,
                stroke_width=2.0 if alone else 1.5,
                words=share_words(frame, point.row),
                key=line.name,
                keys=(line.name,),
                data=share_data(frame, point.row),
            )
        )
    return marks


def markers(plot: Plot, lines: Sequence[Line]) -> list[Mark]:
    """Draw what tells lines apart in print, at each wave."""
    return [
        Outline(x=point.x, y=point.y, path=marker, color=line.ink, width=1.8, keys=(line.name,))
        for line, _, point in _points(plot, lines)
        if (marker := _marker(plot.frame, line))
    ]


def _marker(frame: Frame, line: Line) -> str:
    return MARKERS[line.style % len(MARKERS)] if frame.theme.name == "print" else ""


def _points(plot: Plot, lines: Sequence[Line]) -> Iterator[tuple[Line, bool, Point]]:
    """Give all points, and whether each stands alone."""
    for line in lines:
        for run in plot.runs(line):
            yield from ((line, len(run) == 1, point) for point in run)


def _bounded(plot: Plot, line: Line) -> Iterator[list[Point]]:
    """Give the points that have intervals, apart where one between them has none."""
    for run in plot.runs(line):
        for bounded, part in groupby(run, key=lambda point: point.bounded):
            if bounded:
                yield list(part)


def _rule(
    line: Line,
    start: tuple[float, ...],
    end: tuple[float, ...],
    width: float,
    dash: tuple[float, ...] = (),
) -> Rule:
    """Draw a straight line of a line's colour."""
    (x, y), (x2, y2) = start, end
    return Rule(
        x=x,
        y=y,
        x2=x2,
        y2=y2,
        color=line.ink,
        width=width,
        dash=dash,
        key=line.name,
        keys=(line.name,),
    )
