"""The Sankey of a panel: who moved from where to where, with the uncertainty drawn in."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import altair as alt
import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats, Places
from opinionpanel.charts import ribbons, theme
from opinionpanel.charts.layout import place, spread
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import PAIR, Estimates, base_range, caption

__all__ = ["sankey"]

ColorBy = Literal["origin", "destination"]

LEVEL = 0.95
KEY = (
    "Ribbon: the estimate; its dark core: the lower 95% bound, so that weak flows thin to a "
    "thread. ±: half the width of the 95% interval."
)


@dataclass(frozen=True)
class Table:
    """The flows of one group, checked, and the shares of its states at every wave.

    Attributes
    ----------
    group : str
        Empty without groups.
    n : int
        Unweighted people in the base.
    share, low, high, people : numpy.ndarray, shape (waves - 1, states, states)
        Flows, their interval, and the unweighted people in each.
    nodes, nodes_low, nodes_high : numpy.ndarray, shape (waves, states)
        Shares of the states, and their intervals.
    """

    group: str
    n: int
    share: Floats
    low: Floats
    high: Floats
    people: Floats
    nodes: Floats
    nodes_low: Floats
    nodes_high: Floats


def sankey(
    flows: Estimates,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    color_by: ColorBy = "origin",
    colors: theme.Colors = "ordered",
    min_n: int = 10,
) -> alt.LayerChart:
    """Draw flows between states as a Sankey, with the uncertainty of every flow.

    Parameters
    ----------
    flows : Estimates
        From `flows`, with at most one group column, which becomes small multiples. Over three
        waves and more it needs ``base="balanced"`` or ``base="panel"``.
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
    if color_by not in ("origin", "destination"):
        raise SelectionError(f"color_by must be 'origin' or 'destination', not {color_by!r}.")
    waves, group = _check(flows)
    states = flows.about.states
    tables = _tables(flows, waves, group, min_n)
    palette = theme.palette(states, colors)
    sizes = ribbons.measure(
        waves=waves,
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
    rows = [row for table in tables for row in _rows(table, waves, states, palette, sizes)]
    heading = theme.title(
        title or _title(flows, waves, group),
        flows.about.question if subtitle is None else subtitle,
        sizes.figure,
    )
    about = replace(flows.about, waves=waves)
    notes = [KEY, " ".join(caption(about, base_range(flows), level=LEVEL))]
    lines = [line for note in notes for line in theme.wrap(note, sizes.figure, theme.SMALL_SIZE)]
    n = {table.group: table.n for table in tables}
    return ribbons.draw(rows, waves, palette, sizes, heading, lines, group, n, color_by)


def _check(flows: Estimates) -> tuple[tuple[str, ...], str | None]:
    """Refuse what cannot be drawn; give the waves in order and the group column."""
    about, labels = flows.about, flows.labels
    if not about.flows or flows.unit != "share":
        what = "a difference of flows" if about.flows else about.measure
        raise SelectionError(
            f"A Sankey draws flows, and these estimates are {what} ({about.title}). Call "
            "opinionpanel.flows(panel, item) and draw its result."
        )
    groups = about.columns(labels, "group")
    if len(groups) > 1:
        raise SelectionError(
            f"A Sankey takes one group column, and these flows have {len(groups)}: "
            f"{listing(groups)}. Use by= with one of them, or .select(...) one value."
        )
    # A group of which one value was selected is still named in the chart.
    pairs = list(labels[list(PAIR)].drop_duplicates().itertuples(index=False, name=None))
    waves = (pairs[0][0], *(later for _, later in pairs))
    if list(pairwise(waves)) != pairs:
        raise SelectionError(
            f"The pairs of waves {listing(pairs)} do not follow each other. Draw consecutive "
            "waves, or name the waves you want in opinionpanel.flows(..., waves=[...])."
        )
    return waves, groups[0] if groups else None


def _tables(flows: Estimates, waves: tuple[str, ...], group: str | None, min_n: int) -> list[Table]:
    states = list(flows.about.states)
    frame = flows.to_frame(level=LEVEL)
    columns = {
        name: frame[name].to_numpy(dtype=np.float64)
        for name in ("estimate", "conf_low", "conf_high")
    }
    columns |= {"people": flows.n if flows.n_cell is None else flows.n_cell, "n": flows.n}
    labels = flows.labels
    members, values = pd.factorize(labels[group]) if group else (np.zeros(len(labels)), [""])
    to_wave, _ = pd.factorize(labels["to_wave"])
    shape = (len(waves) - 1, len(states), len(states))
    tables, places = [], []
    for member, value in enumerate(values):
        rows = np.flatnonzero(members == member)
        where = f" of {group} {value!r}" if group else ""
        least = int(columns["n"][rows].min())
        if least < min_n:
            raise SelectionError(
                f"The flows{where} rest on {least} people (base: {flows.about.base}), fewer than "
                f"min_n={min_n}. Merge groups, or lower min_n=. One group left out with "
                ".select(...) could still be computed from a chart of everyone."
            )
        sums = pd.Series(columns["estimate"][rows]).groupby(to_wave[rows], sort=False).sum()
        if len(rows) != np.prod(shape) or not np.allclose(sums, 1.0, atol=1e-6):
            raise SelectionError(
                f"The flows{where} are not whole tables: {len(rows)} of {np.prod(shape)} cells, "
                f"adding up to {listing(sums.round(3))}. Select waves or groups only, not origins "
                "or destinations."
            )
        cells = rows.reshape(shape)
        share = columns["estimate"][cells]
        if not np.allclose(share[:-1].sum(axis=1), share[1:].sum(axis=2), atol=1e-6):
            raise SelectionError(
                f"The flows{where} into a wave do not match those out of it: their base "
                f"({flows.about.base}) differs from pair to pair. Use flows(..., "
                'base="balanced") or base="panel".'
            )
        low, high, people = (columns[name][cells] for name in ("conf_low", "conf_high", "people"))
        tables.append((str(value), least, share, low, high, people))
        places.append(cells)
    nodes = _nodes(flows, places, waves, states)
    return [Table(*table, *parts) for table, parts in zip(tables, nodes, strict=True)]


def _nodes(
    flows: Estimates, places: list[Places], waves: tuple[str, ...], states: list[str]
) -> list[list[Floats]]:
    """Add flows up to shares of states, with their intervals, for every table.

    `places` are the rows of the flows of each table, shaped as its cells.
    """
    labels = pd.DataFrame(
        [
            (table, wave, state)
            for table in range(len(places))
            for wave in waves
            for state in states
        ],
        columns=["table", "wave", "state"],
    )
    matrix = np.zeros((len(labels), len(flows)))
    # A state's flows out of a wave; the last wave is only ever a destination.
    sums = [part for cells in places for part in (*cells.reshape(-1, len(states)), *cells[-1].T)]
    for row, part in zip(matrix, sums, strict=True):
        row[part] = 1.0
    shares = replace(flows.contrast(matrix, labels), unit="share").to_frame(level=LEVEL)
    shape = (len(places), len(waves), len(states))
    columns = [
        shares[name].to_numpy(dtype=np.float64).reshape(shape)
        for name in ("estimate", "conf_low", "conf_high")
    ]
    return [list(parts) for parts in zip(*columns, strict=True)]


def _title(flows: Estimates, waves: tuple[str, ...], group: str | None) -> str:
    """State the turnover where one number says it, and name the item otherwise."""
    about = flows.about
    when = f"{waves[0]} → {waves[-1]}"
    if len(waves) > 2 or group or set(about.states) & set(theme.SILENT):
        by = f" by {group.replace('_', ' ')}" if group else ""
        return f"{about.item}{by}: who moved, {when}"
    moved = (flows.labels["origin"] != flows.labels["destination"]).to_numpy(dtype=np.float64)
    total = flows.contrast(moved[None, :], pd.DataFrame({"component": ["total"]}))
    row = replace(total, unit="share").to_frame(level=LEVEL).iloc[0]
    interval = f"{100 * row['conf_low']:.0f} to {100 * row['conf_high']:.0f}"
    return (
        f"{about.item}: {row['estimate']:.0%} gave another answer, {when} (95% interval {interval})"
    )


def _node_text(share: float, low: float, high: float) -> str:
    """Show a share and its margin with the digits that the margin deserves."""
    half = (high - low) / 2
    # Close to 0 the interval is lopsided, and ± would say that nobody is within it.
    if not np.isfinite(half) or half > 0.75 * share:
        return f"{share:.1%}" if share < 0.01 else f"{share:.0%}"
    digits = 0 if half >= 0.005 else 1
    return f"{share:.{digits}%} ±{100 * half:.{digits}f}"


def _rows(
    table: Table,
    waves: tuple[str, ...],
    states: tuple[str, ...],
    palette: theme.Palette,
    sizes: ribbons.Sizes,
) -> list[dict[str, object]]:
    """Give every flow, node and name of one group its row; positions are in shares."""
    places = place(table.share, sizes.gap)
    rows: list[dict[str, object]] = []
    # Those who stayed first: the narrower ribbons of those who moved are drawn over them.
    cells = sorted(np.argwhere(table.share > 0).tolist(), key=lambda cell: cell[1] != cell[2])
    for step, i, j in cells:
        share = table.share[step, i, j]
        row: dict[str, object] = {
            "kind": "flow",
            "step": step,
            "origin": states[i],
            "destination": states[j],
            "share": _round(share),
            **_interval(table.low[step, i, j], table.high[step, i, j]),
            "people": int(table.people[step, i, j]),
            "y0": _round(places.starts[step, i, j]),
            "y1": _round(places.ends[step, i, j]),
        }
        if share >= sizes.share_of(ribbons.FLOW_LABEL):
            row["text"] = f"{share:.0%}"
            row["text_y"] = _round(places.starts[step, i, j] + share / 2)
        rows.append(row)
    for wave, column in enumerate(places.columns):
        for k in np.flatnonzero(column.height > 0):
            tall = column.height[k] >= sizes.share_of(ribbons.NODE_LABEL)
            middle = column.top[k] + column.height[k] / 2
            # A short node is labelled in the white space below it.
            below = column.top[k] + column.height[k] + sizes.share_of(ribbons.GAP / 2)
            rows.append(
                {
                    "kind": "node",
                    "wave": wave,
                    "state": states[k],
                    "y": _round(column.top[k]),
                    "share": _round(column.height[k]),
                    **_interval(table.nodes_low[wave, k], table.nodes_high[wave, k]),
                    "text": _node_text(
                        column.height[k], table.nodes_low[wave, k], table.nodes_high[wave, k]
                    ),
                    "text_y": _round(middle if tall else below),
                    "ink": theme.ink(palette.node[k]) if tall else theme.TEXT,
                }
            )
    for kind, wave in (("left", 0), ("right", len(waves) - 1)):
        column = places.columns[wave]
        shown = np.flatnonzero(column.height > 0)
        texts = ["\n".join(sizes.names[states[k]]) for k in shown]
        heights = [sizes.share_of(ribbons.line_height(text)) for text in texts]
        middles = [float(column.top[k] + column.height[k] / 2) for k in shown]
        for text, y in zip(texts, spread(middles, heights), strict=True):
            rows.append({"kind": kind, "wave": wave, "text": text, "text_y": _round(y)})
    for wave, lines in enumerate(sizes.headers):
        rows.append({"kind": "wave", "wave": wave, "text": "\n".join(lines), "text_y": 0})
    for row in rows if table.group else []:
        row["group"] = table.group
    return rows


def _present(tables: list[Table], states: tuple[str, ...], wave: int) -> list[str]:
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
