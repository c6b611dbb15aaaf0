"""The Sankey of a panel: who moved from where to where, with the uncertainty drawn in."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from opinionpanel.arguments import checked
from opinionpanel.charts import ribbons, theme
from opinionpanel.charts.flow_tables import LEVEL, FlowTable, chains_and_group, chart_tables
from opinionpanel.charts.layout import Layout, place, spread
from opinionpanel.charts.sizes import FLOW_LABEL, GAP, NODE_LABEL, Sizes, line_height, measure
from opinionpanel.errors import SelectionError
from opinionpanel.escaping import closed
from opinionpanel.estimates import Estimates, Withheld, caption, withheld_of

ColorBy = Literal["origin", "destination"]
# What rounding leaves of no flow.
NOTHING = 1e-9
# A row of the chart's data.
Row = dict[str, Any]

KEY = (
    "Ribbon: the estimate; its dark core: the lower 95% bound, so that weak flows thin to a "
    "thread. ±: half the width of the 95% interval."
)


@checked
def sankey(
    flows: Estimates,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    color_by: ColorBy = "origin",
    colors: theme.Colors = "ordered",
    min_n: int = 10,
    min_cell: int | None = None,
) -> alt.LayerChart:
    """Draw flows between states as a Sankey, with the uncertainty of every flow.

    Parameters
    ----------
    flows : Estimates
        From `flows`, with at most one group column, which becomes small multiples. Over three
        waves and more it needs ``base="balanced"`` or ``base="panel"``. Pairs of waves that do not
        follow each other, as in a rotating panel, each get a panel of the chart.
    title : str, optional
        By default the share that gave another answer, for two waves, or else the item and waves.
    subtitle : str, optional
        By default the question.
    color_by : {"origin", "destination"}
        Which end of a flow gives its colour.
    colors : {"ordered", "unordered"} or dict of str to str
        A ramp for ordered states, a set for others such as parties, or a colour by state.
    min_n : int
        Refuse to draw a table whose unweighted base is smaller.
    min_cell : int, optional
        By default 5, or 0 with ``min_n=0``. Flows of fewer unweighted people, and those from which
        these could be computed with the shares of the states, are drawn together: as a stub at the
        end of their nodes.

    Returns
    -------
    altair.LayerChart
        A plain Altair chart of aggregates, one row of data for each flow, node and label.

    Raises
    ------
    SelectionError
        The estimates are not flows, not whole tables, do not chain from wave to wave, or rest on
        fewer than `min_n` people.

    Notes
    -----
    A full ribbon is the estimate; its dark core is the lower 95% bound. Zero flows are not drawn.

    Examples
    --------
    >>> import opinionpanel as op
    >>> chart = op.charts.sankey(op.flows(op.datasets.load("thomas_1991_3"), "opinion"))
    >>> chart.title.text
    ['opinion: 45% gave another answer, wave 1 → wave 2 (95% interval 42 to 48)']
    """
    withheld = withheld_of(flows, min_n, min_cell)
    return draw_sankey(
        flows, withheld, title=title, subtitle=subtitle, color_by=color_by, colors=colors
    )


def draw_sankey(
    flows: Estimates,
    withheld: Withheld,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    color_by: ColorBy = "origin",
    colors: theme.Colors = "ordered",
) -> alt.LayerChart:
    """Draw flows of which it is decided what may be shown, as `sankey` describes."""
    if color_by not in ("origin", "destination"):
        raise SelectionError(f"color_by must be 'origin' or 'destination', not {color_by!r}.")
    chains, group = chains_and_group(flows)
    states = flows.about.states
    tables = chart_tables(flows, chains, group, withheld)
    palette = theme.palette(states, colors)
    sizes = measure(
        chains=chains,
        ends=(_present(tables, states, 0), _present(tables, states, -1)),
        labels=[
            _node_text(*values)
            for table in tables
            for values in zip(
                table.nodes.flat, table.nodes_low.flat, table.nodes_high.flat, strict=True
            )
        ],
        crowd=max(int((table.nodes > 0).sum(axis=1).max()) for table in tables),
        panels=len(tables),
    )
    rows = [
        row | {"panel": place, "group": table.group}
        for place, table in enumerate(tables)
        for row in _rows(table, states, palette, sizes)
    ]
    heading = theme.title(
        title or _title(flows, chains, group, withheld),
        flows.about.question if subtitle is None else subtitle,
        sizes.figure,
    )
    if len(chains) == 1:
        flows = replace(flows, about=replace(flows.about, waves=chains[0]))
    notes = [KEY, *_withheld_note(tables, withheld), " ".join(caption(flows, level=LEVEL))]
    lines = [line for note in notes for line in theme.wrap(note, sizes.figure, theme.SMALL_SIZE)]
    return ribbons.draw(rows, tables, palette, sizes, heading, lines, group, color_by)


def _title(
    flows: Estimates, chains: list[tuple[str, ...]], group: str | None, withheld: Withheld
) -> str:
    """State the turnover where one number says it, and name the item otherwise."""
    about = flows.about
    item, when = closed(about.item), ", ".join(closed(f"{one[0]} → {one[-1]}") for one in chains)
    one_number = len(chains) == 1 and len(chains[0]) == 2 and group is None
    if not one_number or withheld.moved or set(about.states) & set(theme.SILENT):
        by = "" if group is None else f" by {closed(group.replace('_', ' '))}"
        return f"{item}{by}: who moved, {when}"
    moved = (flows.labels["origin"] != flows.labels["destination"]).to_numpy(dtype=np.float64)
    total = flows.contrast(moved[None, :], pd.DataFrame({"component": ["total"]}))
    row = replace(total, unit="share").to_frame(level=LEVEL).iloc[0]
    interval = f"{100 * row['conf_low']:.0f} to {100 * row['conf_high']:.0f}"
    return f"{item}: {row['estimate']:.0%} gave another answer, {when} (95% interval {interval})"


def _withheld_note(tables: list[FlowTable], withheld: Withheld) -> list[str]:
    """Say that flows are drawn together, and how much of the base they are."""
    if not any(table.withheld.any() for table in tables):
        return []
    text = (
        f"Stubs: other flows together, of fewer than {withheld.min_cell} people each, or from "
        "which these could be computed"
    )
    if len(tables) == 1 and len(tables[0].withheld) == 1:
        text += f"; in all {tables[0].withheld[0]:.1%} of the base"
    return [f"{text}."]


def _node_text(share: float, low: float, high: float) -> str:
    """Show a share and its margin with the digits that the margin deserves."""
    half = (high - low) / 2
    # Close to 0 the interval is lopsided, and ± would say that nobody is within it.
    if not np.isfinite(half) or half > 0.75 * share:
        return f"{share:.1%}" if share < 0.01 else f"{share:.0%}"
    digits = 0 if half >= 0.005 else 1
    return f"{share:.{digits}%} ±{100 * half:.{digits}f}"


def _rows(
    table: FlowTable,
    states: tuple[str, ...],
    palette: theme.Palette,
    sizes: Sizes,
) -> list[Row]:
    """Give every flow, node and name of one panel its row; positions are in shares."""
    places = place(table.share, table.nodes, sizes.gap)
    rows = [
        *_flow_rows(table, places, states, sizes),
        *_other_rows(table, places, states),
        *_node_rows(table, places, states, palette, sizes),
        *_name_rows(places, states, sizes, last=len(table.waves) - 1),
    ]
    for step, wave in enumerate(table.waves):
        text = "\n".join(sizes.headers[wave])
        rows.append({"kind": "wave", "wave": step, "text": text, "text_y": 0})
    return rows


def _flow_rows(
    table: FlowTable, places: Layout, states: tuple[str, ...], sizes: Sizes
) -> Iterator[Row]:
    # Those who stayed first: the narrower ribbons of those who moved are drawn over them.
    cells = sorted(np.argwhere(table.share > 0).tolist(), key=lambda cell: cell[1] != cell[2])
    for step, i, j in cells:
        share = table.share[step, i, j]
        row: Row = {
            "kind": "flow",
            "step": step,
            "when": " → ".join(table.waves[step : step + 2]),
            "from": i,
            "to": j,
            "origin": states[i],
            "destination": states[j],
            "share": _round(share),
            **_interval(table.low[step, i, j], table.high[step, i, j]),
            "people": int(table.people[step, i, j]),
            "y0": _round(places.starts[step, i, j]),
            "y1": _round(places.ends[step, i, j]),
        }
        if share >= sizes.share_of(FLOW_LABEL):
            row["text"] = f"{share:.0%}"
            row["text_y"] = _round(places.starts[step, i, j] + share / 2)
        yield row


def _other_rows(table: FlowTable, places: Layout, states: tuple[str, ...]) -> Iterator[Row]:
    """Give the flows that are withheld one by one their room at the end of both their nodes."""
    last = len(table.waves) - 1
    for wave, column in enumerate(places.columns):
        sides = [("out", "other flows from", table.share[wave].sum(axis=1))] if wave < last else []
        sides += [("in", "other flows to", table.share[wave - 1].sum(axis=0))] if wave else []
        for side, words, drawn in sides:
            others = column.height - drawn
            for k in np.flatnonzero(others > NOTHING):
                yield {
                    "kind": "others",
                    "side": side,
                    "wave": wave,
                    "when": table.waves[wave],
                    "at": int(k),
                    "state": f"{words} {states[k]}",
                    "share": _round(others[k]),
                    "y": _round(column.top[k] + drawn[k]),
                }


def _node_rows(
    table: FlowTable,
    places: Layout,
    states: tuple[str, ...],
    palette: theme.Palette,
    sizes: Sizes,
) -> Iterator[Row]:
    for wave, column in enumerate(places.columns):
        for k in np.flatnonzero(column.height > 0):
            share = column.height[k]
            low, high = table.nodes_low[wave, k], table.nodes_high[wave, k]
            tall = share >= sizes.share_of(NODE_LABEL)
            middle = column.top[k] + share / 2
            # A short node is labelled in the white space below it.
            below = column.top[k] + share + sizes.share_of(GAP / 2)
            yield {
                "kind": "node",
                "wave": wave,
                "when": table.waves[wave],
                "at": int(k),
                "state": states[k],
                "y": _round(column.top[k]),
                "share": _round(share),
                **_interval(low, high),
                "text": _node_text(share, low, high),
                "text_y": _round(middle if tall else below),
                "ink": theme.ink(palette.node[k]) if tall else theme.TEXT,
            }


def _name_rows(
    places: Layout, states: tuple[str, ...], sizes: Sizes, *, last: int
) -> Iterator[Row]:
    """Name the states beside the nodes of the first wave and of the last."""
    for kind, wave in (("left", 0), ("right", last)):
        column = places.columns[wave]
        shown = np.flatnonzero(column.height > 0)
        texts = ["\n".join(sizes.names[states[k]]) for k in shown]
        heights = [sizes.share_of(line_height(text)) for text in texts]
        middles = [float(column.top[k] + column.height[k] / 2) for k in shown]
        for text, y in zip(texts, spread(middles, heights), strict=True):
            yield {"kind": kind, "wave": wave, "text": text, "text_y": _round(y)}


def _present(tables: list[FlowTable], states: tuple[str, ...], wave: int) -> list[str]:
    """Name the states that somebody is in at a wave, in any group."""
    return [
        state for k, state in enumerate(states) if any(table.nodes[wave, k] > 0 for table in tables)
    ]


def _interval(low: float, high: float) -> dict[str, float]:
    """Leave an interval out that the design cannot give."""
    return {"low": _round(low), "high": _round(high)} if np.isfinite(high - low) else {}


def _round(value: float) -> float:
    """Keep a hundredth of a pixel; more digits only make the file longer."""
    return round(float(value), 5)
