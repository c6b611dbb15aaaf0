"""Flows as whole tables, group by group, and the shares of the states between them."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats, Integers, Places
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import PAIR, Estimates, Withheld

LEVEL = 0.95


@dataclass(frozen=True)
class FlowTable:
    """The flows of one group, checked, and the shares of its states at every wave.

    Attributes
    ----------
    group : str
        What the panel of the chart is about; empty for a chart of one panel.
    waves : tuple of str
    n : int
        Unweighted people in the base.
    share, low, high, people : numpy.ndarray, shape (waves - 1, states, states)
        Flows, their interval, and the unweighted people in each; 0 for what is withheld.
    withheld : numpy.ndarray, shape (waves - 1,)
        The share that withheld flows are together.
    nodes, nodes_low, nodes_high : numpy.ndarray, shape (waves, states)
        Shares of the states, and their intervals.
    """

    group: str
    waves: tuple[str, ...]
    n: int
    share: Floats
    low: Floats
    high: Floats
    people: Floats
    withheld: Floats
    nodes: Floats
    nodes_low: Floats
    nodes_high: Floats


def chains_and_group(flows: Estimates) -> tuple[list[tuple[str, ...]], str | None]:
    """Refuse what cannot be drawn; give the waves in order and the group column.

    Pairs of waves that do not follow each other are chains of their own.
    """
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
    chains = [waves] if list(pairwise(waves)) == pairs else pairs
    return chains, groups[0] if groups else None


def chart_tables(
    flows: Estimates, chains: list[tuple[str, ...]], group: str | None, withheld: Withheld
) -> list[FlowTable]:
    """Take flows apart by chain of waves and group, each a panel of the chart."""
    if len(chains) == 1:
        return group_tables(flows, chains[0], group, withheld)
    tables = []
    for pair in chains:
        rows = np.array([key == pair for key in flows.named.keys(PAIR)])
        part = replace(withheld, rows=withheld.rows[rows])
        tables += [
            replace(table, group=", ".join(filter(None, [" → ".join(pair), table.group])))
            for table in group_tables(flows.at(np.flatnonzero(rows)), pair, group, part)
        ]
    return tables


def group_tables(
    flows: Estimates, waves: tuple[str, ...], group: str | None, withheld: Withheld
) -> list[FlowTable]:
    """Take flows apart by group; refuse tables that are not whole, or have too small a base.

    Groups with nobody in them are left out.
    """
    states = list(flows.about.states)
    frame = flows.to_frame(level=LEVEL)
    columns = {
        name: frame[name].to_numpy(dtype=np.float64)
        for name in ("estimate", "conf_low", "conf_high")
    }
    columns |= {"people": flows.n if flows.n_cell is None else flows.n_cell, "n": flows.n}
    labels = flows.labels
    members, values = (
        (np.zeros(len(labels)), [""]) if group is None else pd.factorize(labels[group])
    )
    to_wave, _ = pd.factorize(labels["to_wave"])
    shape = (len(waves) - 1, len(states), len(states))
    tables, places = [], []
    for member, value in enumerate(values):
        rows = np.flatnonzero(members == member)
        if len(values) > 1 and not columns["n"][rows].any():
            # A category that nobody has: nothing to draw, and nothing to hide.
            continue
        where = "" if group is None else f" of {group} {value!r}"
        least = int(columns["n"][rows].min())
        _check_base(least, withheld.min_n, where, flows)
        _check_whole(columns["estimate"][rows], to_wave[rows], int(np.prod(shape)), where)
        cells = rows.reshape(shape)
        share, low, high, people = (
            columns[name][cells] for name in ("estimate", "conf_low", "conf_high", "people")
        )
        _check_chained(share, where, flows)
        hidden = withheld.rows[cells]
        together = (share * hidden).sum(axis=(1, 2))
        shown = [np.where(hidden, 0.0, part) for part in (share, low, high, people)]
        tables.append((str(value), waves, least, *shown, together))
        places.append(cells)
    if not tables:
        _check_base(0, max(withheld.min_n, 1), f" of every {group}", flows)
    nodes = _nodes(flows, places, waves, states)
    return [FlowTable(*table, *parts) for table, parts in zip(tables, nodes, strict=True)]


def _check_base(least: int, min_n: int, where: str, flows: Estimates) -> None:
    if least < min_n:
        raise SelectionError(
            f"The flows{where} rest on {least} people (base: {flows.about.base}), fewer than "
            f"min_n={min_n}. Merge groups, or lower min_n=. One group left out with "
            ".select(...) could still be computed from a chart of everyone."
        )


def _check_whole(share: Floats, to_wave: Integers, cells: int, where: str) -> None:
    """Refuse a table of which origins or destinations were left out."""
    sums = pd.Series(share).groupby(to_wave, sort=False).sum()
    if len(share) != cells or not np.allclose(sums, 1.0, atol=1e-6):
        raise SelectionError(
            f"The flows{where} are not whole tables: {len(share)} of {cells} cells, "
            f"adding up to {listing(sums.round(3))}. Select waves or groups only, not origins "
            "or destinations."
        )


def _check_chained(share: Floats, where: str, flows: Estimates) -> None:
    """Refuse flows into a wave that are not those out of it."""
    if not np.allclose(share[:-1].sum(axis=1), share[1:].sum(axis=2), atol=1e-6):
        raise SelectionError(
            f"The flows{where} into a wave do not match those out of it: their base "
            f"({flows.about.base}) differs from pair to pair. Use flows(..., "
            'base="balanced") or base="panel", with the waves one by one and not in pairs.'
        )


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
