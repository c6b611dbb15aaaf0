"""The marks of one panel of a Sankey: ribbons, nodes, and stubs of what is drawn together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from opinionpanel.arrays import Floats
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.sankey_grid import Grid
from opinionpanel.charts.sankey_highlights import Lit
from opinionpanel.charts.sankey_layout import Layout, place
from opinionpanel.charts.sankey_tables import NOTHING, FlowTable
from opinionpanel.drawing import (
    Mark,
    Palette,
    Rect,
    Ribbon,
    Words,
    hatched,
)

# How far flows that are not drawn one by one stand out of a node: in pixels, and of the spacing.
STUB, STUB_SHARE = 22.0, 0.2
# Pixels: thinner ribbons have no room for a core.
THIN = 4.0


@dataclass(frozen=True)
class Colours:
    """The colours of states, and of all that is not lit."""

    palette: Palette
    grey: Palette
    lit: Lit
    by_destination: bool

    def of_flow(self, origin: int, destination: int) -> tuple[Palette, int]:
        """Give the palette of a flow, and its place there."""
        if not self.lit.flows[origin, destination]:
            return self.grey, 0
        return self.palette, destination if self.by_destination else origin

    def of_node(self, state: int) -> tuple[Palette, int]:
        """Give the palette of a node, and its place there."""
        return (self.palette, state) if self.lit.states[state] else (self.grey, 0)


@dataclass(frozen=True)
class Panel:
    """A table and where it is drawn.

    Attributes
    ----------
    frame : Frame
    groups : sequence of str
        The label columns of groups that make panels.
    grid : Grid
    table : FlowTable
    number : int
        Among all panels.
    x, y : float
        The upper left corner of its first row of waves, in pixels.
    colours : Colours
    """

    frame: Frame
    groups: Sequence[str]
    grid: Grid
    table: FlowTable
    number: int
    x: float
    y: float
    colours: Colours

    @property
    def states(self) -> Sequence[str]:
        """The states, in display order."""
        return self.frame.estimates.about.states

    @cached_property
    def places(self) -> Layout:
        """Where nodes and ribbons lie, in shares."""
        return place(self.table.share, self.table.nodes, self.grid.gap / self.grid.scale)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The first and the last wave of every row."""
        return self.grid.spans(len(self.table.waves))

    def top(self, row: int) -> float:
        """Give the upper edge of the nodes in a row."""
        return self.y + row * self.grid.row + self.grid.head

    def across(self, row: int, wave: int) -> float:
        """Give the left edge of the nodes of a wave in a row."""
        return self.x + self.grid.x(wave - self.spans[row][0])

    def columns(self) -> Iterator[tuple[int, int]]:
        """Give every row with each of its waves."""
        for row, (first, last) in enumerate(self.spans):
            for wave in range(first, last + 1):
                yield row, wave

    def present(self, wave: int) -> list[int]:
        """Give the places of the states that somebody is in at a wave."""
        there: list[int] = np.flatnonzero(self.places.columns[wave].height > NOTHING).tolist()
        return there

    def key(self, wave: int, state: int) -> str:
        """Name a node, so that what touches it can be lit."""
        waves, states = self.table.nodes.shape
        return f"{(self.number * waves + wave) * states + state:x}"

    def node_figures(self, wave: int, state: int) -> tuple[float, float, float]:
        """Give the share of a state at a wave, and its limits."""
        table = self.table
        parts = (table.nodes, table.nodes_low, table.nodes_high)
        value, low, high = (float(part[wave, state]) for part in parts)
        return value, low, high

    def words(self, what: Sequence[tuple[str, str]], figures: int) -> Words:
        """Say what a mark is, after the groups that it belongs to."""
        told = [*self._about, *what]
        return Words(tuple(head for head, _ in told), tuple(cell for _, cell in told), figures)

    @cached_property
    def _about(self) -> list[tuple[str, str]]:
        heads, cells = map(self.frame.column, self.groups), map(self.frame.name, self.table.groups)
        return list(zip(heads, cells, strict=True))


def ribbons(panel: Panel) -> list[Mark]:
    """Draw flows: the smaller ones, of those who moved, over the others, and what is lit last."""
    table, grid, lit = panel.table, panel.grid, panel.colours.lit.flows
    found: list[tuple[tuple[float, ...], Ribbon]] = []
    for row, (first, last) in enumerate(panel.spans):
        top = panel.top(row)
        for step in range(first, last):
            x = panel.across(row, step) + grid.node
            for i, j in np.argwhere(table.share[step] > 0).tolist():
                starts, ends = panel.places.starts[step], panel.places.ends[step]
                y, y2 = (top + grid.scale * at[i, j] for at in (starts, ends))
                order = (lit[i, j], i != j, -table.share[step, i, j])
                found.append((order, _ribbon(panel, step, i, j, x, y, y2)))
    return [ribbon for _, ribbon in sorted(found, key=lambda one: one[0])]


def _ribbon(panel: Panel, step: int, i: int, j: int, x: float, y: float, y2: float) -> Ribbon:
    table = panel.table
    share, low = table.share[step, i, j], table.low[step, i, j]
    colours, at = panel.colours.of_flow(i, j)
    thick, core = panel.grid.scale * share, panel.grid.scale * np.nan_to_num(low)
    fill = colours.ribbon[at]
    if thick < THIN:
        # Two stripes would not be told apart: the tone says whether most of the flow is certain.
        fill, core = colours.core[at] if core > thick / 2 else fill, 0.0
    key = f"{panel.key(step, i)}.{j}"
    return Ribbon(
        kind="flow",
        x=x,
        y=y,
        x2=x + panel.grid.spacing,
        y2=y2,
        thick=thick,
        core=core,
        fill=fill,
        core_fill=colours.core[at],
        outline=colours.outline[at] if panel.colours.lit.flows[i, j] else colours.core[at],
        words=_flow_words(panel, step, i, j),
        key=key,
        keys=(key, panel.key(step, i), panel.key(step + 1, j)),
        data={"share": share},
    )


def _flow_words(panel: Panel, step: int, i: int, j: int) -> Words:
    frame, table = panel.frame, panel.table
    told = (part[step, i, j] for part in (table.told, table.told_low, table.told_high))
    return panel.words(
        [
            (frame.say("Waves"), " → ".join(map(frame.name, table.waves[step : step + 2]))),
            (frame.say("From"), frame.name(panel.states[i])),
            (frame.say("To"), frame.name(panel.states[j])),
            (frame.say("Share"), frame.language.estimate(*told)),
            (frame.say("People, unweighted"), frame.language.count(int(table.people[step, i, j]))),
        ],
        figures=2,
    )


def stubs(panel: Panel) -> list[Mark]:
    """Give flows that are not drawn one by one their room at the end of both their nodes."""
    grid, share = panel.grid, panel.table.share
    reach, marks = min(STUB, STUB_SHARE * grid.spacing), list[Mark]()
    for row, wave in panel.columns():
        first, last = panel.spans[row]
        x = panel.across(row, wave)
        # Side by side: where a stub begins, what leaves or enters there, what of it is drawn.
        sides = []
        if wave < last:
            drawn = share[wave].sum(axis=1)
            sides.append((x + grid.node, "other flows from {state}", drawn))
        if wave > first:
            drawn = share[wave - 1].sum(axis=0)
            sides.append((x - reach, "other flows to {state}", drawn))
        for left, phrase, drawn in sides:
            marks += _stubs(panel, row, wave, left, reach, phrase, drawn)
    return marks


def _stubs(
    panel: Panel,
    row: int,
    wave: int,
    left: float,
    reach: float,
    phrase: str,
    drawn: Floats,
) -> Iterator[Mark]:
    frame, grid, column = panel.frame, panel.grid, panel.places.columns[wave]
    # What rounding leaves depends on what is withheld, and would turn 3.75% to 3.7% or 3.8%.
    others = (column.height - drawn).round(9)
    for k in np.flatnonzero(others > NOTHING).tolist():
        colours, at = panel.colours.of_node(k)
        state = frame.name(panel.states[k])
        yield stub(
            left,
            panel.top(row) + grid.scale * (column.top[k] + drawn[k]),
            reach,
            grid.scale * others[k],
            colours,
            at,
            panel.words(
                [
                    (frame.say("Wave"), frame.name(panel.table.waves[wave])),
                    (frame.say("Flows"), frame.say(phrase, state=state)),
                    (frame.say("Share"), frame.language.share(others[k], digits=1)),
                ],
                figures=1,
            ),
            panel.key(wave, k),
        )


def stub(
    x: float,
    y: float,
    width: float,
    height: float,
    colours: Palette,
    at: int,
    words: Words | None = None,
    key: str = "",
) -> Rect:
    """Draw flows together."""
    return Rect(
        kind="others",
        x=x,
        y=y,
        width=width,
        height=height,
        fill=colours.ribbon[at],
        # A line around a thin stub would make it look thicker than it is.
        stroke=colours.outline[at] if height > THIN else None,
        stroke_width=0.8,
        dash=(2, 2),
        words=words,
        keys=(key,) if key else (),
    )


def nodes(panel: Panel) -> list[Mark]:
    """Draw the states at every wave."""
    grid, frame, marks = panel.grid, panel.frame, list[Mark]()
    for row, wave in panel.columns():
        column = panel.places.columns[wave]
        for k in panel.present(wave):
            colours, at = panel.colours.of_node(k)
            x, y = panel.across(row, wave), panel.top(row) + grid.scale * column.top[k]
            height = grid.scale * column.height[k]
            figures = panel.node_figures(wave, k)
            marks += block(
                frame,
                (x, y, grid.node, height),
                colours,
                at,
                kind="node",
                words=panel.words(
                    [
                        (frame.say("Wave"), frame.name(panel.table.waves[wave])),
                        (frame.say("State"), frame.name(panel.states[k])),
                        (frame.say("Share"), frame.language.estimate(*figures)),
                    ],
                    figures=1,
                ),
                key=panel.key(wave, k),
                data={"share": figures[0]},
            )
    return marks


def block(
    frame: Frame,
    box: tuple[float, float, float, float],
    colours: Palette,
    at: int,
    *,
    kind: str,
    words: Words,
    key: str = "",
    data: Mapping[str, Any],
) -> list[Mark]:
    """Draw a box in the colour of a state, hatched in print."""
    x, y, width, height = box
    node = Rect(
        kind=kind,
        x=x,
        y=y,
        width=width,
        height=height,
        fill=colours.node[at],
        stroke=colours.outline[at],
        words=words,
        key=key,
        data=data,
    )
    return [node, *hatched(node, colours.hatch[at], frame.theme)]
