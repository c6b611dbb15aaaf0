"""How stacked bars are laid out: names at the left, bars, and the difference at the right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from opinionpanel.charts.frame import Frame
from opinionpanel.charts.share_rows import base_words
from opinionpanel.charts.stacked_bars import APART, PLATE, Bars, bars
from opinionpanel.charts.stacked_rows import Difference, Row, Section
from opinionpanel.charts.stacked_sides import Sides
from opinionpanel.drawing import (
    LINE_HEIGHT,
    MARGIN,
    NONE,
    WHOLE,
    Mark,
    Outline,
    Palette,
    Rect,
    Rule,
    Sheet,
    Text,
    is_narrow,
    layered,
    text_width,
    wrap,
)

# Pixels: between columns, between two sections, between a line and the head beside it, between
# bars of two sides and those on neither; the least room for all of them.
COLUMNS, SECTIONS, HEADS, NEITHER, LEAST_BARS = 14.0, 12.0, 6.0, 26.0, 110.0
# Names: their width in sizes of letters, and at most as a share of the chart's.
NAMES, MOST_NAMES = 12.0, 0.28
# Rows in sizes of letters: the usual height, with names and n below each other and beside each
# other, and the most; how many of them stand apart like that.
USUAL, LOW, MOST, MANY = 3.2, 2.0, 7.0, 12
# Of the height of a row.
THICK = 0.74
# What the two sides and those on neither take where no row has a figure.
EMPTY = (0.4, 0.4, 0.2)
# Lines of a head, at most.
MOST_LINES = 3
# What lies over what; numbers have plates over hatching.
ORDER = (Rect, Outline, PLATE, Rule, Text)


@dataclass(frozen=True)
class Head:
    """What stands above bars: its lines, their end, and how they are aligned there."""

    lines: Sequence[str]
    x: float
    align: str
    color: str


@dataclass(frozen=True)
class Plan:
    """Where all columns are, in pixels.

    Attributes
    ----------
    frame : Frame
    sections : sequence of Section
    compact : bool
        Whether n stands beside the name of a row, and not below it.
    names : float
        Right end of names; of what stands beside them, if compact.
    counts : float
        Width of n beside names.
    plot : Bars
    heads : sequence of Head
        None of them where the names of states are in the key.
    beside : sequence of str
        Head of the differences, in lines; none where there are no two sides.
    """

    frame: Frame
    sections: Sequence[Section]
    compact: bool
    names: float
    counts: float
    plot: Bars
    heads: Sequence[Head]
    beside: Sequence[str]

    @property
    def rows(self) -> list[Row]:
        """All rows, section by section."""
        return [row for section in self.sections for row in section.rows]

    @property
    def titles(self) -> float:
        """Height of the heads of sections, and of the room between these."""
        named = sum(bool(section.name) for section in self.sections)
        line = self.frame.size.label * LINE_HEIGHT + 6
        return named * line + (len(self.sections) - 1) * SECTIONS

    @property
    def head(self) -> float:
        """Height of what stands above the first section."""
        size, lines = self.frame.size, [0.0]
        lines += [len(head.lines) * size.label * LINE_HEIGHT for head in self.heads]
        lines.append(len(self.beside) * size.small * LINE_HEIGHT)
        return max(lines) + 8

    @property
    def least(self) -> float:
        """The least height of a row."""
        size = self.frame.size
        lines = max(len(_name(self.frame, row)) for row in self.rows)
        count = 0.0 if self.compact else size.small
        return (lines * size.label + count) * LINE_HEIGHT + 8

    def fits(self, room: float | None) -> bool:
        """Tell whether rows fit a height, or look well where it is free."""
        if room is None:
            return len(self.rows) <= MANY
        return self.head + self.titles + len(self.rows) * self.least <= room


def plan_of(
    frame: Frame, sections: Sequence[Section], sides: Sides, colours: Palette, *, compact: bool
) -> Plan:
    """Place the columns of a chart."""
    size, right = frame.size, frame.size.width - 2 * MARGIN
    rows = [row for section in sections for row in section.rows]
    names = _widest([line for row in rows for line in _name(frame, row)], size.label)
    counts = _widest([frame.count(row.n) for row in rows], size.small)
    names = names + 8 + counts if compact else max(names, counts)
    beside, wide = _beside(frame, rows, sides)
    if sides.two:
        right -= wide + COLUMNS
    plot = _bars(frame, rows, sides, colours, names + COLUMNS, right)
    return Plan(frame, sections, compact, names, counts, plot, _heads(plot), beside)


def _bars(
    frame: Frame, rows: Sequence[Row], sides: Sides, colours: Palette, left: float, right: float
) -> Bars:
    """Give shares the largest scale at which all bars fit, and find the lines that they share."""
    value = frame.figures.value
    columns = (sides.left, sides.right, sides.apart)
    totals = np.array(
        [
            [sum(value[row.states[state]] for state in states) for states in columns]
            for row in rows
            if np.isfinite(value[list(row.states.values())]).all()
        ]
    )
    most = totals.max(axis=0) if len(totals) else np.array(EMPTY) * [bool(c) for c in columns]
    # A side that nobody takes still has a line and a name.
    between = NEITHER if sides.apart else 0.0
    scale = max(right - left - between, 1.0) / (float(most.sum()) or 1.0)
    line = left + float(most[0]) * scale
    apart = line + float(most[1]) * scale + between
    return Bars(frame, sides, colours, left, right, line, apart, scale)


def _heads(plot: Bars) -> list[Head]:
    """Write the names of states above their bars; none where a side has several, or no room."""
    frame, sides, size = plot.frame, plot.sides, plot.frame.size.label
    if not sides.two or len(sides.left) + len(sides.right) > 2 or len(sides.apart) > 1:
        return []
    first, second = sides.left[0], sides.right[0]
    after = plot.apart - APART if sides.apart else plot.right
    # With the room for each. That of the first may be above the names of rows.
    places = [
        (first, f"← {frame.name(first)}", plot.line - HEADS, "right", plot.line - HEADS),
        (second, f"{frame.name(second)} →", plot.line + HEADS, "left", after - plot.line - HEADS),
    ]
    for state in sides.apart:
        places.append((state, frame.name(state), plot.apart, "left", plot.right - plot.apart))
    heads = []
    for state, text, x, align, room in places:
        lines = wrap(text, room, size, bold=True)
        if len(lines) > MOST_LINES or _widest(lines, size, bold=True) > room:
            return []
        color = plot.colours.lettering[plot.colours.states.index(state)]
        heads.append(Head(lines, x, align, color))
    return heads


def _beside(frame: Frame, rows: Sequence[Row], sides: Sides) -> tuple[list[str], float]:
    """Write the head of the differences, and measure their column."""
    if not sides.two:
        return [], 0.0
    size = frame.size
    widths = [_difference_width(frame, row) for row in rows]
    room = max(*widths, 7 * size.small)
    lines = wrap(frame.say("left minus right"), room, size.small)
    if len(sides.left) + len(sides.right) == 2:
        names = {"state": frame.name(sides.left[0]), "other": frame.name(sides.right[0])}
        named = wrap(frame.say("{state} minus {other}", **names), room, size.small)
        lines = named if len(named) <= MOST_LINES else lines
    return lines, max(*widths, _widest(lines, size.small))


def _widest(texts: Sequence[str], size: float, *, bold: bool = False) -> float:
    return max((text_width(text, size, bold=bold) for text in texts), default=0.0)


def _difference_width(frame: Frame, row: Row) -> float:
    points, limits = _points(frame, row.difference)
    size = frame.size
    return text_width(points, size.number, bold=True) + 4 + text_width(limits, size.small)


def _points(frame: Frame, difference: Difference | None) -> tuple[str, str]:
    """Write a difference, and its limits in brackets."""
    if difference is None:
        return NONE, ""
    language, (value, low, high) = frame.language, difference
    digits = 1 if is_narrow(low, high) else 0
    known = np.isfinite(high - low)
    limits = f"({language.limits(low, high, digits, signed=True)})" if known else ""
    return language.points(value, digits=digits), limits


def _name(frame: Frame, row: Row) -> list[str]:
    """Break the name of a row into lines."""
    width = min(NAMES * frame.size.label, MOST_NAMES * frame.size.width)
    return wrap(row.name, width, frame.size.label, most=WHOLE)


def draw(plan: Plan, sheet: Sheet) -> tuple[list[Mark], float]:
    """Draw all rows on a sheet.

    Returns
    -------
    tuple
        The marks, and the height that they take.

    Raises
    ------
    SelectionError
        The sheet has no room for their texts.
    """
    plot, count, label = plan.plot, len(plan.rows), plan.frame.size.label
    short = max(LEAST_BARS - (plot.right - plot.left), 0.0)
    fixed = plan.head + plan.titles
    sheet.needs(sheet.width + short)
    tall = max(plan.least, (LOW if plan.compact else USUAL) * label)
    if (room := sheet.room(fixed + count * plan.least)) is not None:
        tall = min((room - fixed) / count, max(MOST * label, plan.least))
    marks, blanks, y = _head(plan), list[Mark](), plan.head
    for place, section in enumerate(plan.sections):
        y += SECTIONS if place else 0.0
        if section.name:
            line = label * LINE_HEIGHT
            marks.append(plan.frame.write(section.name, 0, y + line / 2, kind="section", bold=True))
            y += line + 6
        marks += _lines(plan, y, len(section.rows) * tall)
        for row in section.rows:
            bar = bars(plot, row, y + (1 - THICK) / 2 * tall, THICK * tall)
            # A blank is drawn as a whole, with paper below its text.
            (blanks if row.withheld else marks).extend(bar)
            marks += _beside_bar(plan, row, y + tall / 2)
            y += tall
    return [*layered(marks, ORDER), *blanks], y


def _head(plan: Plan) -> list[Mark]:
    """Write the heads above bars and differences, all with their last lines at one height."""
    frame, size, bottom = plan.frame, plan.frame.size, plan.head - 8
    marks = list[Mark]()
    for head in plan.heads:
        y = bottom - len(head.lines) * size.label * LINE_HEIGHT / 2
        marks.append(
            frame.write(
                "\n".join(head.lines),
                head.x,
                y,
                kind="head",
                color=head.color,
                bold=True,
                align=head.align,
            )
        )
    if plan.beside:
        y = bottom - len(plan.beside) * size.small * LINE_HEIGHT / 2
        x = plan.plot.right + COLUMNS
        marks.append(frame.remark("\n".join(plan.beside), x, y, kind="head"))
    return marks


def _lines(plan: Plan, top: float, height: float) -> list[Mark]:
    """Draw the lines at which the bars of a section begin."""
    plot, color = plan.plot, plan.frame.theme.text
    places = [plot.line, plot.apart] if plot.sides.apart else [plot.line]
    return [Rule(x=x, y=top, x2=x, y2=top + height, color=color) for x in places]


def _beside_bar(plan: Plan, row: Row, y: float) -> list[Mark]:
    """Write the name of a row and its n, and the difference of its sides."""
    frame, size = plan.frame, plan.frame.size
    lines, count = _name(frame, row), frame.count(row.n)
    name, small = len(lines) * size.label * LINE_HEIGHT, size.small * LINE_HEIGHT
    right, top = plan.names, y if plan.compact else y - small / 2
    marks: list[Mark] = [
        frame.remark(
            count, right, y if plan.compact else y + name / 2, kind="count", align="right"
        ),
        frame.write(
            "\n".join(lines),
            right - plan.counts - 8 if plan.compact else right,
            top,
            kind="name",
            align="right",
        ),
    ]
    if plan.plot.sides.two:
        points, limits = _points(frame, row.difference)
        x, first = plan.plot.right + COLUMNS, next(iter(row.states.values()))
        told = " ".join(filter(None, [points, limits]))
        words = base_words(frame, first, " ".join(plan.beside), told) if row.difference else None
        shown = frame.write(points, x, y, kind="difference", size=size.number, bold=True)
        after = x + text_width(points, size.number, bold=True) + 4
        marks.append(replace(shown, words=words))
        marks += [frame.remark(limits, after, y, kind="limits")] if limits else []
    return marks
