"""The heatmap of how answers to several questions changed together, drawn from its table."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from opinionpanel.drawing import (
    LINE_HEIGHT,
    Drawing,
    Mark,
    Rect,
    Sheet,
    SizeName,
    Text,
    Words,
    diverging,
    layered,
    size_of,
    text_width,
    theme_of,
    wrap,
)
from opinionpanel.escaping import in_order, one_line
from opinionpanel.report.blocks import Grid
from opinionpanel.report.html import STEPS
from opinionpanel.report.told import Told

# Pixels between cells, around their texts, and between names and cells.
GAP, AROUND, BESIDE = 2.0, 8.0, 10.0
# The room for names of rows, as a part of the width; lines of names; and the widest cell in pixels.
NAMES, MOST_LINES, WIDEST = 0.32, 3, 170.0
# A figure so far from 0 has the whole colour where there are none farther.
STRONG = 0.5


def joint_heatmap(grid: Grid, told: Told, size: SizeName) -> Drawing:
    """Lay out the cells of a table of correlations, each with its interval.

    Parameters
    ----------
    grid : Grid
        With a column of labels and a strength for each figure; empty cells are left out, and those
        without a strength are withheld.
    told : Told
    size : "page", "phone", ... or (width, height)

    Raises
    ------
    SelectionError
        The size has no room for the texts of the cells.
    """
    sheet = Sheet(
        size_of(size),
        theme_of("light"),
        told.language,
        title=one_line(grid.title),
        subtitle="",
        notes=[
            told.say(
                "Coloured from {least} on: blue above 0, orange below.",
                least=told.language.number(STEPS[0], digits=1),
            ),
            grid.note,
        ],
    )
    cells = _Cells(grid, told, sheet)
    sheet.needs(cells.left + len(cells.columns) * cells.least, cells.height)
    marks = [*cells.heads(), *cells.cells()]
    return sheet.drawing(layered(marks, (Rect, Text)), cells.height, cells.summary)


@dataclass(frozen=True)
class _Cells:
    """Where cells and names lie, in pixels, and what they say."""

    grid: Grid
    told: Told
    sheet: Sheet

    @property
    def columns(self) -> list[str]:
        return [in_order(one_line(name)) for name in self.grid.header[1:]]

    @property
    def rows(self) -> list[str]:
        return [in_order(one_line(row[0])) for row in self.grid.rows]

    @cached_property
    def left(self) -> float:
        """Width of the names of rows, with the space beside them."""
        size, most = self.sheet.size.label, NAMES * self.sheet.width
        return BESIDE + min(most, max(text_width(name, size) for name in self.rows))

    @cached_property
    def least(self) -> float:
        """Width that the widest text of a cell needs."""
        size = self.sheet.size
        texts = [_parted(text) for row in self.grid.rows for text in row[1:]]
        widths = [text_width(figure, size.number, bold=True) for figure, _ in texts]
        return AROUND + max(*widths, *(text_width(limits, size.small) for _, limits in texts))

    @property
    def wide(self) -> float:
        return min(WIDEST, (self.sheet.width - self.left) / len(self.columns))

    @property
    def tall(self) -> float:
        size = self.sheet.size
        names = max(len(self._lines(name, self.left - BESIDE)) for name in self.rows)
        texts = LINE_HEIGHT * (size.number + size.small)
        return max(LINE_HEIGHT * names * size.label, 1.5 * texts) + 2 * GAP

    @property
    def head(self) -> float:
        """Height of the names of columns."""
        names = max(len(self._lines(name, self.wide - AROUND)) for name in self.columns)
        return LINE_HEIGHT * names * self.sheet.size.label + AROUND

    @property
    def height(self) -> float:
        """Height of names and cells."""
        return self.head + len(self.rows) * self.tall

    @property
    def summary(self) -> str:
        """Say all figures to those who do not see the chart."""
        return " ".join(
            self.told.say("{one} and {other}: {figure}.", one=row, other=column, figure=text)
            for row, column, text, _ in self._figures()
        )

    def _lines(self, name: str, room: float) -> list[str]:
        return wrap(name, room, self.sheet.size.label, most=MOST_LINES)

    def _figures(self) -> Iterator[tuple[str, str, str, float]]:
        """Give the names, the text and the strength of each cell that is not empty."""
        for name, row, strengths in zip(
            self.rows, self.grid.rows, self.grid.strengths, strict=True
        ):
            for column, text, strength in zip(self.columns, row[1:], strengths, strict=True):
                if text:
                    yield name, column, text, strength

    def heads(self) -> Iterator[Mark]:
        """Name columns above the cells and rows beside them."""
        size, ink = self.sheet.size.label, self.sheet.theme.text
        for place, name in enumerate(self.columns):
            lines = self._lines(name, self.wide - AROUND)
            yield Text(
                kind="name",
                x=self.left + (place + 0.5) * self.wide,
                y=self.head - AROUND / 2 - LINE_HEIGHT * len(lines) * size / 2,
                text="\n".join(lines),
                size=size,
                color=ink,
                align="center",
            )
        for place, name in enumerate(self.rows):
            yield Text(
                kind="name",
                x=self.left - BESIDE,
                y=self.head + (place + 0.5) * self.tall,
                text="\n".join(self._lines(name, self.left - BESIDE)),
                size=size,
                color=ink,
                align="right",
            )

    def cells(self) -> Iterator[Mark]:
        """Draw the cells: each figure on its colour, and its interval below it."""
        size, theme = self.sheet.size, self.sheet.theme
        known = [abs(one[3]) for one in self._figures() if math.isfinite(one[3])]
        strongest, shade = max(STRONG, *known, 0.0), diverging(theme)
        heads = (self.told.say("Question"), self.told.say("Other question"), "φ")
        for row, column, text, strength in self._figures():
            x = self.left + self.columns.index(column) * self.wide
            y = self.head + self.rows.index(row) * self.tall
            hidden = not math.isfinite(strength)
            fill, ink = theme.paper, theme.muted if hidden else theme.text
            # What hardly differs from 0 is not to look like something.
            if abs(strength) >= STEPS[0]:
                fill, ink = shade(strength / strongest)
            yield Rect(
                kind="withheld" if hidden else "cell",
                x=x + GAP / 2,
                y=y + GAP / 2,
                width=self.wide - GAP,
                height=self.tall - GAP,
                fill=fill,
                stroke=theme.outline if hidden else theme.faint,
                dash=(3, 2) if hidden else (),
                words=Words(heads, (row, column, text)),
            )
            figure, limits = _parted(text)
            middle, centre = x + self.wide / 2, y + self.tall / 2
            up = LINE_HEIGHT * size.small / 2 if limits else 0.0
            yield Text(
                x=middle,
                y=centre - up,
                text=figure,
                size=size.small if hidden else size.number,
                color=ink,
                bold=not hidden,
                align="center",
            )
            if limits:
                down = LINE_HEIGHT * size.number / 2
                yield Text(
                    x=middle,
                    y=centre + down,
                    text=limits,
                    size=size.small,
                    color=ink,
                    align="center",
                )


def _parted(text: str) -> tuple[str, str]:
    """Part a figure from its interval, which stands in brackets behind it."""
    figure, _, limits = text.partition(" (")
    return figure, limits.removesuffix(")")
