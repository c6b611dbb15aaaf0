"""Flows as whole tables, group by group, and the shares of the states between them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats, Integers, Places
from opinionpanel.charts.facets import Facet, facets
from opinionpanel.charts.frame import Frame, check_rows
from opinionpanel.charts.score_figures import refuse_score
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import PAIR, Estimates, frame_of

# What rounding leaves of no flow.
NOTHING = 1e-9


@dataclass(frozen=True)
class FlowTable:
    """The flows of one group, checked, and the shares of its states at every wave.

    Attributes
    ----------
    groups : tuple of str
        Its value in each group column.
    name : str
        What the panel of the chart is about; empty for a chart of one panel.
    waves : tuple of str
    n : int
        Unweighted people in the base.
    blank : bool
        Everything is withheld, or nobody is in the base: no other figure is to be used.
    share, low, people : numpy.ndarray, shape (waves - 1, states, states)
        Flows, their lower limit, and the unweighted people in each; 0 for what is not drawn.
    told, told_low, told_high : numpy.ndarray, shape (waves - 1, states, states)
        What is written on flows, and its limits: the flow, or its share of the origin; NaN for
        what is not drawn.
    withheld, merged : numpy.ndarray, shape (waves - 1,)
        The share of the base that withheld flows are together, and that those are which are
        drawn together because they are small.
    nodes, nodes_low, nodes_high : numpy.ndarray, shape (waves, states)
        Shares of the states, and their intervals.
    """

    groups: tuple[str, ...]
    name: str
    waves: tuple[str, ...]
    n: int
    blank: bool
    share: Floats
    low: Floats
    people: Floats
    told: Floats
    told_low: Floats
    told_high: Floats
    withheld: Floats
    merged: Floats
    nodes: Floats
    nodes_low: Floats
    nodes_high: Floats


def chains_of(flows: Estimates) -> list[tuple[str, ...]]:
    """Refuse what cannot be drawn; give the waves in order.

    Pairs of waves that do not follow each other are chains of their own.
    """
    about, labels = flows.about, flows.labels
    refuse_score(flows, "A Sankey draws flows between states")
    if not about.flows or flows.unit != "share":
        what = "a difference of flows" if about.flows else about.measure
        raise SelectionError(
            f"A Sankey draws flows, and these estimates are {what} ({about.title}). Call "
            "opinionpanel.flows(panel, item) and draw its result."
        )
    check_rows(flows)
    pairs = list(labels[list(PAIR)].drop_duplicates().itertuples(index=False, name=None))
    waves = (pairs[0][0], *(later for _, later in pairs))
    return [waves] if list(pairwise(waves)) == pairs else pairs


def flow_tables(
    frame: Frame,
    groups: Sequence[str],
    chains: Sequence[tuple[str, ...]],
    *,
    threshold: float,
    by_origin: bool,
) -> list[FlowTable]:
    """Take flows apart by group and chain of waves, each a panel of the chart.

    Groups with nobody in them are left out; tables that are not whole are refused.

    Parameters
    ----------
    frame : Frame
        Of flows.
    groups : sequence of str
        Label columns of groups.
    chains : sequence of tuple of str
        From `chains_of`.
    threshold : float
        Flows between states that are a smaller share of the base are drawn together.
    by_origin : bool
        Whether shares of the origin are written on flows.
    """
    flows, states = frame.estimates, frame.estimates.about.states
    apart = facets(frame, [*groups, *(PAIR if len(chains) > 1 else ())])
    shown = _Columns(frame, by_origin)
    parts = []
    for facet in apart:
        base = shown.n[facet.rows].min()
        if base == 0 and len(apart) > 1:
            # A category that nobody has: nothing to draw, and nothing to hide.
            continue
        waves = chains[0] if len(chains) == 1 else facet.values[-2:]
        if base > 0:
            _check_whole(flows, facet, (len(waves) - 1, len(states), len(states)))
        parts.append((facet, waves, facet.rows.reshape(len(waves) - 1, len(states), -1)))
    nodes = _nodes(frame, [cells for *_, cells in parts], states)
    return [
        shown.table(frame, *part, len(groups), shares=shares, threshold=threshold)
        for part, shares in zip(parts, nodes, strict=True)
    ]


class _Columns:
    """The figures of flows, and what is written on them."""

    def __init__(self, frame: Frame, by_origin: bool) -> None:
        figures = frame.figures
        self.true = frame.estimates.value
        self.hidden, self.n = figures.hidden, figures.n
        self.low, self.people = figures.low, figures.people
        self.told = [figures.value, figures.low, figures.high]
        if by_origin:
            self.told = _of_origins(frame)

    def table(
        self,
        frame: Frame,
        facet: Facet,
        waves: tuple[str, ...],
        cells: Places,
        groups: int,
        *,
        shares: Sequence[Floats],
        threshold: float,
    ) -> FlowTable:
        """Build the table of some rows."""
        share, hidden, n = self.true[cells], self.hidden[cells], int(self.n[cells].min())
        moved = ~np.eye(share.shape[1], dtype=bool)
        there = ~hidden & (share > NOTHING)
        drawn = there & ~(moved & (share < threshold))
        blank = bool(hidden.all()) or n == 0
        if blank:
            shares = [np.full_like(part, np.nan) for part in shares]
        what, when = map(frame.name, facet.values[:groups]), " → ".join(map(frame.name, waves))
        flows, low, people = (
            np.where(drawn, part[cells], 0.0) for part in (self.true, self.low, self.people)
        )
        told, told_low, told_high = (np.where(drawn, part[cells], np.nan) for part in self.told)
        nodes, nodes_low, nodes_high = shares
        return FlowTable(
            groups=facet.values[:groups],
            name=", ".join([*what, *([when] if len(facet.values) > groups else [])]),
            waves=waves,
            n=n,
            blank=blank,
            share=flows,
            low=low,
            people=people,
            told=told,
            told_low=told_low,
            told_high=told_high,
            withheld=(share * hidden).sum(axis=(1, 2)),
            merged=(share * (there & ~drawn)).sum(axis=(1, 2)),
            nodes=nodes,
            nodes_low=nodes_low,
            nodes_high=nodes_high,
        )


def _of_origins(frame: Frame) -> list[Floats]:
    """Shares of the origin, with their limits; NaN where fewer than `min_n` people answered."""
    flows, named = frame.estimates, frame.estimates.named
    rows = named.numbers([name for name in named if name != "destination"])
    started, answered = (
        np.bincount(rows, n if n_cell is None else n_cell)[rows].astype(np.float64)
        for n, n_cell in ((flows.n, flows.n_cell), flows.answered)
    )

    def of_origin(values: Floats) -> Floats:
        total = np.bincount(rows, values)[rows]
        found: Floats = np.full(len(rows), np.nan)
        return np.divide(values, total, out=found, where=total > 0)

    share, total = of_origin(flows.value), np.bincount(rows, flows.value)[rows]
    slopes = np.eye(len(rows)) - share[:, None] * (rows[:, None] == rows)
    known = np.isfinite(share)
    slopes[known] /= total[known, None]
    slopes[~known] = 0.0
    effective = flows.n_effective * started / np.maximum(flows.n, 1)
    found = flows.with_slopes(of_origin, slopes, named)
    found = replace(found, unit="share", n=started, n_effective=effective)
    options = frame.options
    shares = frame_of(found, level=options.level, interval=options.interval)
    hidden = frame.figures.hidden | (answered < frame.withheld.min_n)
    bare = hidden if frame.withheld.limits is None else hidden | frame.withheld.limits
    columns = (("estimate", hidden), ("conf_low", bare), ("conf_high", bare))
    return [
        np.where(without, np.nan, shares[name].to_numpy(dtype=np.float64))
        for name, without in columns
    ]


def _check_whole(flows: Estimates, facet: Facet, shape: tuple[int, ...]) -> None:
    """Refuse a table of which parts were left out, or whose waves do not match."""
    share = flows.value[facet.rows]
    to_wave, _ = pd.factorize(flows.labels["to_wave"].iloc[facet.rows])
    where = f" of {listing(facet.values)}" if facet.values else ""
    _check_sums(share, to_wave, int(np.prod(shape)), where)
    table = share.reshape(shape)
    if not np.allclose(table[:-1].sum(axis=1), table[1:].sum(axis=2), atol=1e-6):
        raise SelectionError(
            f"The flows{where} into a wave do not match those out of it: their base "
            f"({flows.about.base}) differs from pair to pair. Use flows(..., "
            'base="balanced"), base="panel" or base="last", with the waves one by one and not in '
            "pairs."
        )


def _check_sums(share: Floats, to_wave: Integers, cells: int, where: str) -> None:
    """Refuse a table of which origins or destinations were left out."""
    sums = pd.Series(share).groupby(to_wave, sort=False).sum()
    if len(share) != cells or not np.allclose(sums, 1.0, atol=1e-6):
        raise SelectionError(
            f"The flows{where} are not whole tables: {len(share)} of {cells} cells, "
            f"adding up to {listing(sums.round(3))}. Select waves or groups only, not origins "
            "or destinations."
        )


def _nodes(frame: Frame, places: list[Places], states: Sequence[str]) -> list[list[Floats]]:
    """Add flows up to shares of states, with their intervals, for every table.

    `places` are the rows of the flows of each table, shaped as its cells.
    """
    flows, options = frame.estimates, frame.options
    # A state's flows out of a wave; the last wave is only ever a destination.
    sums = [part for cells in places for part in (*cells.reshape(-1, len(states)), *cells[-1].T)]
    matrix = np.zeros((len(sums), len(flows)))
    for row, part in zip(matrix, sums, strict=True):
        row[part] = 1.0
    shares = replace(flows.contrast(matrix, {"node": range(len(sums))}), unit="share")
    shown = frame_of(shares, level=options.level, interval=options.interval)
    ends = np.cumsum([(len(cells) + 1) * len(states) for cells in places])
    # What rounding leaves of a sum depends on its parts, some of which may be withheld: 42.5% would
    # be written as 42% or 43%.
    columns = [
        np.split(shown[name].to_numpy(dtype=np.float64).round(12), ends[:-1])
        for name in ("estimate", "conf_low", "conf_high")
    ]
    return [
        [part.reshape(-1, len(states)) for part in parts] for parts in zip(*columns, strict=True)
    ]


def any_state(tables: Sequence[FlowTable], states: Sequence[str], waves: Sequence[int]) -> Booleans:
    """Mark the states that somebody is in at any of some waves, in any table that is shown."""
    found = np.zeros(len(states), dtype=bool)
    for table in tables:
        if not table.blank:
            found |= (table.nodes[list(waves)] > NOTHING).any(axis=0)
    return found
