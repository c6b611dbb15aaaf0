"""The states of an item, tallied at each wave or over each pair of waves, by group."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise

import numpy as np
import pandas as pd

from opinionpanel.arrays import Array, Booleans, Integers
from opinionpanel.design import PersonWeight
from opinionpanel.engines import Key, combinations, take
from opinionpanel.errors import SelectionError, listing, unknown
from opinionpanel.estimates import PAIR, About, Cells, Totals, tally, weighted_cells
from opinionpanel.measures.bases import (
    Base,
    By,
    about_of,
    base_of,
    bases_of,
    by_text,
    cells_of,
    cross_of,
    group_names,
    labels_of,
    state_codes,
    states_looking_back,
    wave_names,
)
from opinionpanel.panel import Panel

__all__ = [
    "Paths",
    "inflow_totals",
    "observed_paths",
    "pair_totals",
    "scale_totals",
    "wave_totals",
]


@dataclass(frozen=True, eq=False, kw_only=True)
class Paths:
    """The ways of people through the states of several waves, by group.

    Attributes
    ----------
    steps : numpy.ndarray of int, shape (kinds, waves)
        The state at every wave, for each path that somebody of a group took; in the order of the
        groups, and then of the states.
    group : numpy.ndarray of int, shape (kinds,)
        The group, as a row of `groups`.
    groups : pandas.DataFrame
        The labels of the groups; one row without columns where there are none.
    codes : numpy.ndarray of int, shape (people,)
        The group and path of each person; -1 outside the base, and without a group.
    states : tuple of str
    weight : PersonWeight
    about : About
    """

    steps: Integers
    group: Integers
    groups: pd.DataFrame
    codes: Integers
    states: tuple[str, ...]
    weight: PersonWeight
    about: About

    def people(self, by_kind: Array) -> Array:
        """Look up what is known by group and path; -1 for people outside the base."""
        # The code -1, of people without a path, picks the -1 at the end.
        return take(np.append(by_kind, -1), self.codes)


def wave_totals(
    panel: Panel, item: str, waves: Sequence[str] | None, by: By, base: Base
) -> tuple[Totals, About, list[str]]:
    """Tally the states at each wave, by group."""
    groups, names = group_names(by), wave_names(panel, item, waves, at_least=1)
    states, codes = state_codes(panel, item, names, base)
    variables: list[Cells] = []
    weights: dict[tuple[str, ...], str] = {}
    bases = bases_of(panel, item, names, [(wave,) for wave in names], base)
    cells = labels_of(panel, groups, [("state", states)])
    for wave in names:
        inside, weight = bases[(wave,)]
        weights[(wave,)] = weight.text
        cross = cross_of(panel, groups, wave, [codes[wave]], [len(states)], inside)
        variables.append(weighted_cells(cross, weight, cells))
    about = about_of(
        panel, item, names, groups, base, states, weights, pairs=False, measure="shares"
    )
    title = f"Shares of {item} by wave" + by_text(panel, groups, pairs=False)
    labels = _labelled(cells, ("wave",), list(weights))
    return tally(panel.sampling, variables, labels), replace(about, title=title), groups


def pair_totals(
    panel: Panel,
    item: str,
    waves: Sequence[str] | None,
    by: By,
    base: Base,
    measure: str,
    title: str,
) -> tuple[Totals, About, list[str]]:
    """Tally the moves between each pair of waves, by group."""
    groups, names = group_names(by), wave_names(panel, item, waves, at_least=2)
    states, codes = state_codes(panel, item, names, base)
    variables: list[Cells] = []
    weights: dict[tuple[str, ...], str] = {}
    bases = bases_of(panel, item, names, list(pairwise(names)), base)
    cells = labels_of(panel, groups, [("origin", states), ("destination", states)])
    for first, second in pairwise(names):
        inside, weight = bases[first, second]
        weights[first, second] = weight.text
        moved = [codes[first], codes[second]]
        cross = cross_of(panel, groups, first, moved, [len(states)] * 2, inside)
        variables.append(weighted_cells(cross, weight, cells))
    about = about_of(panel, item, names, groups, base, states, weights, pairs=True, measure=measure)
    about = replace(about, title=title + by_text(panel, groups, pairs=True))
    labels = _labelled(cells, PAIR, list(weights))
    return tally(panel.sampling, variables, labels), about, groups


def scale_totals(
    panel: Panel,
    item: str,
    waves: Sequence[str] | None,
    by: By,
    base: Base,
    without: Sequence[str],
    measure: str,
    title: str,
    *,
    ordered: bool = True,
) -> tuple[Totals, About, list[str], list[str]]:
    """Tally the moves between the states that are on the scale, which comes last.

    With `ordered` the title says which way is up.
    """
    if base == "panel":
        raise SelectionError(
            f"{measure} compares the answers of two waves, and who was not interviewed has none. "
            "Choose base='answered' or 'balanced'; flows(..., base='panel') shows who is missing."
        )
    states = panel.item(item).state_names
    left = [without] if isinstance(without, str) else list(without)
    for state in left:
        if state not in states:
            raise unknown(f"state of item {item!r}", state, states)
    scale = [state for state in states if state not in left]
    if len(scale) < 2:
        raise SelectionError(
            f"{measure} needs two states or more; item {item!r} has {listing(scale)}"
            + (f" without {listing(left)}." if left else ".")
        )
    if ordered:
        title += f", upward from {scale[0]} to {scale[-1]}"
    totals, about, groups = pair_totals(panel, item, waves, by, base, measure, title)
    if not left:
        return totals, about, groups, scale
    kept = totals.labels[["origin", "destination"]].isin(scale).all(axis=1).to_numpy()
    about = replace(
        about,
        states=tuple(scale),
        base=f"{about.base}, at neither wave of the pair {' or '.join(left)}",
        notes={**about.notes, **_left_out(totals, kept, left)},
    )
    rows = np.eye(len(kept), dtype=bool)[kept]
    labels = totals.labels[kept].reset_index(drop=True)
    return totals.combine(rows, labels), about, groups, scale


def _left_out(totals: Totals, kept: Booleans, left: list[str]) -> dict[tuple[str, ...], str]:
    """Say for each pair of waves how many have no place on the scale."""
    notes: dict[tuple[str, ...], str] = {}
    for key, part in totals.labels.groupby(list(PAIR), sort=False):
        pair = (str(key[0]), str(key[1]))
        rows = part.index.to_numpy()
        value, off = totals.value[rows], ~kept[rows]
        if value[off].sum() > 0:
            share = value[off].sum() / value.sum()
            notes[pair] = (
                f"{pair[0]} → {pair[1]}: {100 * share:.1f}% of the base "
                f"are left out, {' or '.join(left)} at one of them."
            )
    return notes


def inflow_totals(
    panel: Panel, item: str, waves: Sequence[str] | None, by: By, base: Base, title: str
) -> tuple[Totals, About, list[str]]:
    """Tally where people came from, by destination, origin and group.

    With base="panel" each pair has the people interviewed at its later wave, with the weight and
    the groups of that wave; otherwise the base is that of `pair_totals`.
    """
    back = base == "panel"
    groups, names = group_names(by), wave_names(panel, item, waves, at_least=2, in_order=back)
    if back:
        origins, destinations, codes = states_looking_back(panel, item, names)
    else:
        origins, at = state_codes(panel, item, names, base)
        destinations = origins
        codes = {(first, second): (at[first], at[second]) for first, second in pairwise(names)}
    variables: list[Cells] = []
    weights: dict[tuple[str, ...], str] = {}
    cells = labels_of(panel, groups, [("destination", destinations), ("origin", origins)])
    for (first, second), (origin, destination) in codes.items():
        if back:
            inside = panel.domain & panel.present[panel.position(second)]
            weight = panel.weight(second)
        else:
            inside, weight = base_of(panel, item, names, (first, second), base)
        weights[first, second] = weight.text
        at_wave = second if back else first
        sizes = [len(destinations), len(origins)]
        cross = cross_of(panel, groups, at_wave, [destination, origin], sizes, inside)
        variables.append(weighted_cells(cross, weight, cells))
    about = about_of(
        panel,
        item,
        names,
        groups,
        base,
        origins,
        weights,
        pairs=True,
        measure="inflows",
        who="everyone interviewed at the later wave" if back else None,
    )
    text = by_text(panel, groups, pairs=True, side="later" if back else "earlier")
    labels = _labelled(cells, PAIR, list(weights))
    return tally(panel.sampling, variables, labels), replace(about, title=title + text), groups


def _labelled(
    cells: pd.DataFrame, columns: Sequence[str], keys: Sequence[tuple[str, ...]]
) -> pd.DataFrame:
    """Label the same cells at each wave or pair, all at once: small frames take their time."""
    labels = {}
    for place, column in enumerate(columns):
        names = pd.Series([key[place] for key in keys]).array
        labels[column] = names.take(np.repeat(np.arange(len(keys)), len(cells)))
    repeated = np.tile(np.arange(len(cells)), len(keys))
    labels |= {name: cells[name].array.take(repeated) for name in cells.columns}
    return pd.DataFrame(labels)


def observed_paths(
    panel: Panel,
    item: str,
    waves: Sequence[str] | None,
    base: Base,
    measure: str,
    *,
    at_least: int,
    by: By = None,
) -> Paths:
    """Find the path and the group of every person with a weight.

    Parameters
    ----------
    panel, item, waves, by
        As in `flows`. A group by wave counts with its value at the first wave.
    base : {"balanced", "panel"}
    measure : str
        For the caption.
    at_least : int
        The fewest waves that make sense.
    """
    if base == "answered":
        raise SelectionError(
            "A path needs one base for all its waves: choose base='balanced' or 'panel'."
        )
    names = wave_names(panel, item, waves, at_least=at_least, in_order=True)
    groups = group_names(by)
    states, codes = state_codes(panel, item, names, base)
    inside, weight = base_of(panel, item, names, (names[0], names[-1]), base)
    inside = inside & (weight.values > 0)
    labels, cross = cells_of(panel, groups, names[0], [], [], inside)
    inside = reduce(np.logical_and, (key.codes >= 0 for key in cross.keys), inside)
    keys = [*cross.keys, *(Key(codes[name], len(states)) for name in names)]
    kinds, people = combinations([key.codes for key in keys], [key.size for key in keys], inside)
    group = np.zeros(len(kinds), dtype=np.int64)
    for key, column in zip(cross.keys, kinds.T, strict=False):
        group = group * key.size + column
    weights: dict[tuple[str, ...], str] = {(names[0], names[-1]): weight.text}
    about = about_of(
        panel, item, names, groups, base, states, weights, pairs=False, measure=measure
    )
    return Paths(
        steps=kinds[:, len(groups) :],
        group=group,
        groups=labels,
        codes=people,
        states=states,
        weight=weight,
        about=about,
    )
