"""Where the rows of a chart of dots lie, beside or below their names, and the columns beside them.

Wide charts have names to the left and columns of figures to the right of the dots. Where that
leaves too little for the dots, names and columns stand above them, each row on two lines; and where
these do not fit beside each other, on three.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from opinionpanel.charts.dot_rows import Row
from opinionpanel.charts.share_axis import Axis, axis_of
from opinionpanel.drawing import LINE_HEIGHT, Sheet, Size, text_width, wrap

Way = Literal["beside", "above", "folded"]
WAYS: tuple[Way, ...] = ("beside", "above", "folded")
# In sizes of the letters of names: the narrowest plot; the widest names beside it; the least room
# for names before columns; between columns; from the last tick to the heads of columns.
NARROWEST, NAMES, LEAST_NAMES, BETWEEN, APART = 14.0, 15.0, 7.0, 1.1, 2.4
# Likewise, downwards: the lowest row on one line, and of a chart that is as high as it needs; the
# track of dots below a name; the space above the head of a section, and below a row of several
# lines.
LOWEST, USUAL, TRACK, ABOVE_HEAD, BELOW_ROW = 1.45, 2.0, 1.5, 0.5, 0.5
# In sizes of its letters: the least width of the head of a column, before it is wrapped.
LEAST_HEAD = 7.5
# What a head takes of the space that is left over, where a row takes 1.
HEAD_SHARE = 0.4
# Pixels: from names to dots, from the axis to the first row, and around the label of a tick.
BESIDE, BELOW_AXIS, AROUND = 12.0, 8.0, 16.0


@dataclass(frozen=True)
class Column:
    """A column of figures.

    Attributes
    ----------
    head : str
    texts : sequence of str
        One for each row.
    right : bool
        Whether they are aligned at their right end, as counts are.
    """

    head: str
    texts: Sequence[str]
    right: bool = False


@dataclass(frozen=True)
class PlacedColumn:
    """A column with its place: its left end, or its right end where it is aligned there."""

    column: Column
    head: list[str]
    x: float


@dataclass(frozen=True)
class Slot:
    """The place of a row or of the head of a section.

    Attributes
    ----------
    name : list of str
        The lines of its name.
    row : int or None
        The number of the row; None for the head of a section.
    top, height : float
        In pixels.
    name_y, track_y, figures_y : float
        The middle of its name, of its dots and of the figures in columns.
    """

    name: list[str]
    row: int | None
    top: float
    height: float
    name_y: float
    track_y: float
    figures_y: float


@dataclass(frozen=True)
class Places:
    """All places of a chart, in pixels.

    Attributes
    ----------
    way : {"beside", "above", "folded"}
        How names, dots and columns stand.
    axis : Axis
    left, right : float
        Where its ends lie.
    columns : list of PlacedColumn
    slots : list of Slot
    names : float
        The end of names that stand beside the dots.
    heads_y, labels_y : float
        The end of the heads of columns, and the middle of the labels of the axis.
    top, height : float
        Of the first row, and of all.
    """

    way: Way
    axis: Axis
    left: float
    right: float
    columns: list[PlacedColumn]
    slots: list[Slot]
    names: float
    heads_y: float
    labels_y: float
    top: float
    height: float

    def x(self, value: float) -> float:
        """Place a value."""
        return self.left + self.axis.along(value) * (self.right - self.left)


def place(
    sheet: Sheet,
    rows: Sequence[Row],
    columns: Sequence[Column],
    values: Iterable[float],
    possible: tuple[float, float],
    label: float,
    choose: Callable[[Iterable[float], tuple[float, float], int], Axis] = axis_of,
) -> Places:
    """Place rows, axis and columns.

    Parameters
    ----------
    sheet : Sheet
    rows : sequence of Row
    columns : sequence of Column
    values : iterable of float
        What the axis holds, between the ends of what is `possible`.
    possible : tuple of float
    label : float
        Width of the widest label of a tick, in pixels.
    choose : callable
        Chooses the axis, as `axis_of` does.

    Raises
    ------
    SelectionError
        The sheet has no room.
    """
    size = sheet.size
    placed, start = _columns(sheet, columns)
    way, names = _way(sheet, rows, start)
    lines = _lines(rows, names, size)
    across = max(
        text_width(line, size.label, bold=_bold(rows, row)) for row, name in lines for line in name
    )
    if way == "beside":
        left, right = across + BESIDE, start - APART * size.label
        heads = max((len(column.head) for column in placed), default=1)
    else:
        left, right = label / 2, sheet.width - label / 2
        heads = 1 + max((len(column.head) for column in placed), default=0)
    sheet.needs(across if way == "folded" else 0.0)
    line = size.small * LINE_HEIGHT
    top = heads * line + BELOW_AXIS
    slots = _slots(sheet, lines, way, top)
    return Places(
        way,
        choose(values, possible, int((right - left) / (label + AROUND))),
        left,
        right,
        placed,
        slots,
        names=across,
        heads_y=heads * line if way == "beside" else (heads - 1) * line,
        labels_y=(heads - 0.5) * line,
        top=top,
        height=slots[-1].top + slots[-1].height,
    )


def _columns(sheet: Sheet, columns: Sequence[Column]) -> tuple[list[PlacedColumn], float]:
    """Place columns from the right end of the sheet; give the left end of the first."""
    size, x, placed = sheet.size, sheet.width, list[PlacedColumn]()
    for column in reversed(columns):
        widest = max(text_width(text, size.number) for text in column.texts)
        head = wrap(column.head, max(widest, LEAST_HEAD * size.small), size.small)
        width = max(widest, *(text_width(line, size.small) for line in head))
        placed.insert(0, PlacedColumn(column, head, x if column.right else x - width))
        x -= width + BETWEEN * size.label
    start = x + BETWEEN * size.label if columns else x
    sheet.needs(sheet.width - start)
    return placed, start


def _way(sheet: Sheet, rows: Sequence[Row], start: float) -> tuple[Way, float]:
    """Choose how names, dots and columns stand, and how wide names may be."""
    size = sheet.size
    rooms = {
        "beside": min(NAMES * size.label, 0.4 * sheet.width),
        "above": start - BETWEEN * size.label,
        "folded": sheet.width,
    }
    for way in WAYS[:-1]:
        lines = _lines(rows, rooms[way], size)
        names = max(
            text_width(line, size.label, bold=_bold(rows, row))
            for row, name in lines
            for line in name
        )
        plot = start - APART * size.label - names - BESIDE if way == "beside" else sheet.width
        enough = rooms[way] >= LEAST_NAMES * size.label and names <= rooms[way]
        if plot >= NARROWEST * size.label and enough:
            return way, rooms[way]
    return "folded", rooms["folded"]


def _bold(rows: Sequence[Row], row: int | None) -> bool:
    return row is None or rows[row].everybody


def _lines(rows: Sequence[Row], width: float, size: Size) -> list[tuple[int | None, list[str]]]:
    """List the heads of sections and the rows in them, with the lines of their names."""
    found: list[tuple[int | None, list[str]]] = []
    section = ""
    for number, row in enumerate(rows):
        if row.section != section and row.section:
            found.append((None, wrap(row.section, width, size.label, bold=True)))
        section = row.section
        found.append((number, wrap(row.name, width, size.label, bold=row.everybody)))
    return found


def _slots(
    sheet: Sheet, lines: Sequence[tuple[int | None, list[str]]], way: Way, top: float
) -> list[Slot]:
    """Place heads and rows below each other; on a sheet of a given height they share it."""
    size, tight = sheet.size, sheet.plot_height is not None
    heights = [_height(row, len(name), way, size, tight) for row, name in lines]
    least = top + sum(heights)
    shares = [HEAD_SHARE if row is None else 1.0 for row, _ in lines]
    more = ((sheet.room(least) or least) - least) / sum(shares)
    slots, y = [], top
    for (row, name), height, share in zip(lines, heights, shares, strict=True):
        slots.append(_slot(row, name, way, size, y, height + share * more))
        y = slots[-1].top + slots[-1].height
    return slots


def _height(row: int | None, lines: int, way: Way, size: Size, tight: bool) -> float:
    """Say how many pixels a row or a head needs."""
    name = lines * LINE_HEIGHT * size.label
    if row is None:
        return name + ABOVE_HEAD * size.label
    if way == "beside":
        return max((LOWEST if tight else USUAL) * size.label, name + 0.15 * size.label)
    figures = size.number * LINE_HEIGHT if way == "folded" else 0.0
    return name + figures + (TRACK + BELOW_ROW) * size.label


def _slot(
    row: int | None, name: list[str], way: Way, size: Size, top: float, height: float
) -> Slot:
    letters = len(name) * LINE_HEIGHT * size.label
    middle = top + height / 2
    if row is None:
        # A head stands close to what it is the head of.
        middle = top + height - letters / 2
        return Slot(name, row, top, height, middle, middle, middle)
    if way == "beside":
        return Slot(name, row, top, height, middle, middle, middle)
    used = _height(row, len(name), way, size, tight=True)
    start = top + (height - used) / 2
    first = start + LINE_HEIGHT * size.label / 2
    line = size.number * LINE_HEIGHT if way == "folded" else 0.0
    figures = start + letters + line / 2 if line else first
    track = start + letters + line + TRACK * size.label / 2
    return Slot(name, row, top, height, start + letters / 2, track, figures)
