"""The texts of a Sankey that do not stand on ribbons: of waves, states, nodes and panels."""

import re
from collections.abc import Iterator
from dataclasses import replace

from opinionpanel.charts.sankey_grid import (
    BESIDE,
    name_height,
    panel_title,
    title_lines,
    wave_lines,
)
from opinionpanel.charts.sankey_marks import Panel
from opinionpanel.drawing import LINE_HEIGHT, Text, apart, text_width

# Pixels that a share needs beside it within its node.
WITHIN = 6.0
# Of the size of letters: how high figures are.
INK = 0.85
# Between a share and its margin or its limits.
MARGIN = r" (?=[±(])"


def panel_name(panel: Panel) -> list[Text]:
    """Write what a panel is about above it."""
    size, frame, grid = panel.grid.letters.label, panel.frame, panel.grid
    lines = title_lines(panel_title(frame, panel.table), grid.width, grid.letters)
    if not lines:
        return []
    y = panel.y - grid.title + len(lines) * size * LINE_HEIGHT / 2
    return [frame.write("\n".join(lines), panel.x, y, kind="panel", size=size, bold=True)]


def wave_names(panel: Panel) -> Iterator[Text]:
    """Write the names of the waves above their nodes."""
    grid, size = panel.grid, panel.grid.letters.label
    for row, wave in panel.columns():
        name = panel.frame.name(panel.table.waves[wave])
        lines = wave_lines(name, grid.letters, grid.wave_room)
        half = max(text_width(line, size, bold=True) for line in lines) / 2
        # At the ends a long name leaves the middle of its nodes, not the chart.
        middle = panel.across(row, wave) + grid.node / 2
        middle = min(max(middle, panel.x + half), panel.x + grid.width - half)
        y = panel.top(row) - WITHIN - len(lines) * size * LINE_HEIGHT / 2
        yield panel.frame.write(
            "\n".join(lines), middle, y, kind="wave", size=size, bold=True, align="center"
        )


def state_names(panel: Panel) -> Iterator[Text]:
    """Name the states beside the first and the last nodes of every row of waves."""
    grid = panel.grid
    for row, (first, last) in enumerate(panel.spans):
        left, right = panel.across(row, first), panel.across(row, last) + grid.node
        there = panel.present(first)
        yield from _names(panel, row, first, there, left - BESIDE, "right")
        others = panel.present(last)
        if grid.named_once:
            others = [k for k in others if k not in there]
        yield from _names(panel, row, last, others, right + BESIDE, "left")


def _names(
    panel: Panel, row: int, wave: int, shown: list[int], x: float, align: str
) -> Iterator[Text]:
    grid, column, size = panel.grid, panel.places.columns[wave], panel.grid.letters.label
    top = panel.top(row)
    names = [grid.names[panel.states[k]] for k in shown]
    heights = [name_height(lines, grid.letters) for lines in names]
    middles = (top + grid.scale * (column.top + column.height / 2))[shown].tolist()
    # A name may stand a little higher than the first node, as the last may stand lower.
    bottom = top + grid.height + grid.gap
    for lines, y in zip(names, apart(middles, heights, top, bottom), strict=True):
        yield panel.frame.write("\n".join(lines), x, y, kind="name", size=size, align=align)


def node_labels(panel: Panel) -> Iterator[Text]:
    """Write shares in their nodes, or below those that are too low."""
    for row, wave in panel.columns():
        for k in panel.present(wave):
            if label := _node_label(panel, row, wave, k):
                yield label


def _node_label(panel: Panel, row: int, wave: int, k: int) -> Text | None:
    """Write a share with its margin where there is room for it, else the share alone."""
    grid, frame, size = panel.grid, panel.frame, panel.grid.letters.number
    full = frame.language.margin(*panel.node_figures(wave, k))
    column = panel.places.columns[wave]
    height = grid.scale * column.height[k]
    x = panel.across(row, wave) + grid.node / 2
    y = panel.top(row) + grid.scale * (column.top[k] + column.height[k] / 2)
    if inside := fitting(full, grid.node - WITHIN, height, size):
        return node_number(panel, inside, x, y, k)
    if grid.gap < size:
        return None
    text = full if text_width(full, size) <= grid.node + BESIDE else _share(full)
    below = y + height / 2 + grid.gap / 2
    return frame.write(text, x, below, kind="number", size=size, align="center")


def node_number(panel: Panel, text: str, x: float, y: float, state: int) -> Text:
    """Write a number within the node of a state."""
    colours, at = panel.colours.of_node(state)
    size, color = panel.grid.letters.number, colours.ink[at]
    written = panel.frame.write(
        text, x, y, kind="number", size=size, color=color, bold=True, align="center"
    )
    # Lines across figures would make them hard to read.
    return replace(written, patch=colours.node[at]) if colours.hatch[at] else written


def _share(label: str) -> str:
    """Leave the margin of a label out."""
    return re.split(MARGIN, label)[0]


def fitting(label: str, width: float, height: float, size: float) -> str:
    """Write a label as fully as a box has room for it; nothing where it has none."""
    for text in (label, re.sub(MARGIN, "\n", label), _share(label)):
        lines = text.split("\n")
        wide = max(text_width(line, size, bold=True) for line in lines)
        if wide <= width and (len(lines) - 1) * size * LINE_HEIGHT + INK * size <= height:
            return text
    return ""
