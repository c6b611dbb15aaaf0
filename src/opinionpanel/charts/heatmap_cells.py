"""The cells of a heatmap and the names around them, as marks."""

from typing import Any

import numpy as np

from opinionpanel.charts.blanks import blank, in_layers
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.heatmap_grid import (
    BESIDE,
    GAP,
    HeatmapGrid,
    cell_texts,
    ends_of,
    has_counts,
    is_crossed,
    wave_names,
)
from opinionpanel.charts.range_bars import range_bar
from opinionpanel.drawing import (
    LINE_HEIGHT,
    Dot,
    Mark,
    Rect,
    Text,
    Words,
    diverging,
    layered,
    moves,
)
from opinionpanel.estimates import PAIR

# Diameter of the dot of a difference that is hardly chance, and its distance from the corner.
DOT, CORNER = 6.0, 8.0
# Pixels below the names of columns.
BELOW = 4.0


def heatmap_marks(grid: HeatmapGrid) -> list[Mark]:
    """Draw all panels."""
    marks, blanks = list[Mark](), list[list[Mark]]()
    for place, (x, y) in enumerate(grid.corners):
        marks += _heads(grid, place, x, y)
        for i, origin in enumerate(grid.origins):
            marks += _row_name(grid, place, origin, x, y + grid.head + i * grid.tall)
        for row in grid.facets[place].rows:
            origin, destination = _names(grid.frame, row).values()
            if origin not in grid.origins or destination not in grid.destinations:
                continue
            left = x + grid.left + grid.destinations.index(destination) * grid.cell
            top = y + grid.head + grid.origins.index(origin) * grid.tall
            if grid.frame.figures.hidden[row]:
                blanks.append(_blank(grid, row, left, top))
            else:
                marks += _cell(grid, row, left, top)
    return [*layered(marks, (Rect, Dot, Text)), *in_layers(blanks)]


def _heads(grid: HeatmapGrid, place: int, x: float, y: float) -> list[Mark]:
    """Name a panel, its waves and the destinations."""
    frame, size = grid.frame, grid.frame.size
    line, small = size.label * LINE_HEIGHT, size.small * LINE_HEIGHT
    marks, left = list[Mark](), x + grid.left
    if lines := grid.title(place):
        height = len(lines) * line
        text = "\n".join(lines)
        marks.append(frame.write(text, x, y + height / 2, kind="panel", bold=True))
    bottom = y + grid.head - BELOW
    names = [grid.column_name(name) for name in grid.destinations]
    below = small if has_counts(frame, "column") else 0.0
    when = bottom - below - max(map(len, names)) * line - small / 2 - 2
    first, last = wave_names(frame, grid.facets[place].rows[0])
    marks.append(frame.remark(first, left - BESIDE, when, kind="wave", align="right"))
    marks.append(frame.remark(last, left, when, kind="wave"))
    for j, lines in enumerate(names):
        middle, high = left + (j + 0.5) * grid.cell, len(lines) * line
        centre = bottom - below - high / 2
        ink = _ink(frame, grid.destinations[j])
        text = "\n".join(lines)
        marks.append(frame.write(text, middle, centre, kind="name", color=ink, align="center"))
        if below and (count := _count(grid, place, 1, grid.destinations[j])):
            marks.append(
                frame.remark(count, middle, bottom - below / 2, kind="count", align="center")
            )
    return marks


def _row_name(grid: HeatmapGrid, place: int, origin: str, x: float, top: float) -> list[Mark]:
    """Name an origin, and how many people it rests on."""
    frame, size = grid.frame, grid.frame.size
    lines, right = grid.row_name(origin), x + grid.left - BESIDE
    count = _count(grid, place, 0, origin) if has_counts(frame, "row") else ""
    name, below = (
        len(lines) * size.label * LINE_HEIGHT,
        size.small * LINE_HEIGHT if count else 0.0,
    )
    y = top + grid.tall / 2 - (name + below) / 2
    marks: list[Mark] = [
        frame.write(
            "\n".join(lines),
            right,
            y + name / 2,
            kind="name",
            color=_ink(frame, origin),
            align="right",
        )
    ]
    if count:
        marks.append(frame.remark(count, right, y + name + below / 2, kind="count", align="right"))
    return marks


def _ink(frame: Frame, state: str) -> str:
    """Give a state's name its colour, except where colours say what is more and what is less."""
    plain = (frame.theme.text, "")
    return plain[0] if frame.estimates.unit == "change" else frame.inks.get(state, plain)[0]


def _count(grid: HeatmapGrid, place: int, end: int, state: str) -> str:
    """Say how many people a row or column rests on; nothing where the panel has none of it."""
    figures = grid.frame.figures.at(grid.facets[place].rows)
    here = (figures.labels[ends_of(grid.frame.estimates)[end]] == state).to_numpy()
    if not here.any():
        return ""
    return grid.frame.count(figures.n[here].max())


def _cell(grid: HeatmapGrid, row: int, left: float, top: float) -> list[Mark]:
    """Draw a cell: its share or difference, and below it the interval."""
    frame, size, figures = grid.frame, grid.frame.size, grid.frame.figures
    fill, ink, line = _colours(grid, row)
    marks: list[Mark] = [
        Rect(
            kind="cell",
            x=left + GAP / 2,
            y=top + GAP / 2,
            width=grid.cell - GAP,
            height=grid.tall - GAP,
            fill=fill,
            stroke=line,
            words=_words(grid, row),
            data=_data(frame, row),
        )
    ]
    shown, limits = cell_texts(grid, row)
    limits = limits if grid.limits else ""
    large, small = grid.share * LINE_HEIGHT, size.small * LINE_HEIGHT if limits else 0.0
    middle = left + grid.cell / 2
    y = top + (grid.tall - grid.bar) / 2 - (large + small) / 2
    marks.append(
        frame.write(
            shown,
            middle,
            y + large / 2,
            kind="share",
            size=grid.share,
            color=ink,
            bold=True,
            align="center",
        )
    )
    if limits:
        y += large + small / 2
        marks.append(
            frame.write(
                limits, middle, y, kind="limits", size=size.small, color=ink, align="center"
            )
        )
    marks += range_bar(grid, row, left, top)
    if frame.estimates.unit == "change" and (figures.low[row] > 0 or figures.high[row] < 0):
        x, y = left + grid.cell - CORNER - GAP / 2, top + CORNER + GAP / 2
        marks.append(Dot(x=x, y=y, size=DOT, fill=ink, stroke=ink, stroke_width=0.5))
    return marks


def _blank(grid: HeatmapGrid, row: int, left: float, top: float) -> list[Mark]:
    """Draw a cell whose figure is withheld, a little smaller, so that outlines do not meet."""
    frame = grid.frame
    few, words = frame.few(frame.figures.n[row]), _words(grid, row)
    x, y, width, height = left + GAP, top + GAP, grid.cell - 2 * GAP, grid.tall - 2 * GAP
    return blank(frame, x, y, width, height, few, words=words)


def _colours(grid: HeatmapGrid, row: int) -> tuple[str, str, str | None]:
    """Choose fill, ink and outline: neutral for those who stayed."""
    frame, theme = grid.frame, grid.frame.theme
    value, (start, end) = frame.figures.value[row], _names(frame, row).values()
    if grid.upper is not None:
        return theme.paper, theme.text, theme.faint
    if not np.isfinite(value):
        return theme.paper, theme.muted, theme.faint
    changed = frame.estimates.unit == "change"
    if not changed and start == end and not is_crossed(frame.estimates):
        # In print all is grey, so that colour cannot tell those who moved.
        printed = theme.name == "print"
        return (theme.paper if printed else theme.stay), theme.text, theme.text if printed else None
    share = float(value / grid.strongest) if grid.strongest else 0.0
    fill, ink = (diverging if changed else moves)(theme)(share)
    return fill, ink, theme.faint if fill == theme.paper else None


def _words(grid: HeatmapGrid, row: int) -> Words:
    """Say a cell in words: who, when, from where to where, how many."""
    frame = grid.frame
    figures, language = frame.figures, frame.language
    labels = figures.labels.iloc[row]
    groups = [name for name in labels.index if frame.estimates.about.role(name) == "group"]
    waves = [name for name in (*PAIR, "wave") if frame.estimates.about.role(name) == "time"]
    waves = [name for name in waves if name in labels.index]
    changed = frame.estimates.unit == "change"
    figure = frame.say("Difference") if changed else frame.say("Share")
    if grid.upper is not None:
        figure = frame.say("Possible")
    heads = [*map(frame.column, groups), *([frame.say("Waves")] if waves else [])]
    heads += [*_ends_called(frame), figure]
    cells = [frame.name(labels[name]) for name in groups]
    cells += [" → ".join(frame.name(labels[name]) for name in waves)] if waves else []
    cells += map(frame.name, _names(frame, row).values())
    if figures.hidden[row]:
        return Words((*heads,), (*cells, frame.few(figures.n[row])))
    limits = figures.value[row], figures.low[row], figures.high[row]
    shown = language.difference(*limits, digits=1) if changed else language.estimate(*limits)
    if grid.upper is not None:
        shown, within = cell_texts(grid, row)
        shown = f"{shown} ({within})" if within else shown
    n = frame.say("n = {n}", n=int(figures.n[row]))
    return Words((*heads, frame.say("Base")), (*cells, shown, n), figures=2)


def _ends_called(frame: Frame) -> list[str]:
    """Call what rows and columns stand for."""
    if is_crossed(frame.estimates):
        return [frame.column(name) for name in ends_of(frame.estimates)]
    return [frame.say("From"), frame.say("To")]


def _data(frame: Frame, row: int) -> dict[str, Any]:
    """Keep names and figures in the chart's data."""
    share = frame.figures.value[row]
    return _names(frame, row) | ({"share": share} if np.isfinite(share) else {})


def _names(frame: Frame, row: int) -> dict[str, Any]:
    """Give the row and the column of a cell."""
    return {end: frame.figures.labels[end].iloc[row] for end in ends_of(frame.estimates)}
