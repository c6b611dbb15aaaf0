"""The states of an item, tallied at each wave or over each pair of waves, by group."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from opinionpanel.about import About
from opinionpanel.bases import (
    Base,
    By,
    about_of,
    base_of,
    by_text,
    cells_of,
    group_names,
    state_codes,
    wave_names,
)
from opinionpanel.errors import SelectionError
from opinionpanel.panel import Panel
from opinionpanel.tally import Cells, Totals, tally, weighted_cells
from opinionpanel.weights import PersonWeight

__all__ = ["Paths", "observed_paths", "pair_totals", "wave_totals"]

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Paths:
    """The ways of people through the states of several waves.

    Attributes
    ----------
    steps : numpy.ndarray of int, shape (paths, waves)
        The state at every wave, for each path that somebody took; in the order of the states.
    codes : numpy.ndarray of int, shape (people,)
        The path of each person; -1 outside the base.
    states : tuple of str
    weight : PersonWeight
    about : About
    """

    steps: Integers
    codes: Integers
    states: tuple[str, ...]
    weight: PersonWeight
    about: About


def wave_totals(
    panel: Panel, item: str, waves: Sequence[str] | None, by: By, base: Base
) -> tuple[Totals, About, list[str]]:
    """Tally the states at each wave, by group."""
    groups, names = group_names(by), wave_names(panel, item, waves, at_least=1)
    states, codes = state_codes(panel, item, names, base)
    variables: list[Cells] = []
    weights: dict[tuple[str, ...], str] = {}
    for wave in names:
        inside, weight = base_of(panel, item, names, (wave,), base)
        weights[(wave,)] = weight.text
        labels, code = cells_of(panel, groups, wave, [("state", states)], [codes[wave]], inside)
        labels.insert(0, "wave", wave)
        variables.append(weighted_cells(code, weight, labels))
    about = about_of(
        panel, item, names, groups, base, states, weights, pairs=False, measure="shares"
    )
    title = f"Shares of {item} by wave" + by_text(panel, groups, pairs=False)
    return tally(panel.sampling, variables), replace(about, title=title), groups


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
    for first, second in pairwise(names):
        inside, weight = base_of(panel, item, names, (first, second), base)
        weights[first, second] = weight.text
        keys = [("origin", states), ("destination", states)]
        labels, code = cells_of(panel, groups, first, keys, [codes[first], codes[second]], inside)
        labels.insert(0, "from_wave", first)
        labels.insert(1, "to_wave", second)
        variables.append(weighted_cells(code, weight, labels))
    about = about_of(panel, item, names, groups, base, states, weights, pairs=True, measure=measure)
    about = replace(about, title=title + by_text(panel, groups, pairs=True))
    return tally(panel.sampling, variables), about, groups


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
    """Find the path of every person, and the paths that somebody with a weight took.

    Parameters
    ----------
    panel, item, waves, by
        As in `flows`; `by` is only named in the caption.
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
    names, groups = wave_names(panel, item, waves, at_least=at_least), group_names(by)
    states, codes = state_codes(panel, item, names, base)
    inside, weight = base_of(panel, item, names, (names[0], names[-1]), base)
    inside = inside & (weight.values > 0)
    key = np.zeros(len(inside), dtype=np.int64)
    for name in names:
        # Renumbered at every wave: the key stays small however many waves there are.
        here = np.where(inside, codes[name], 0)
        _, key = np.unique(key * len(states) + here, return_inverse=True)
    paths = np.full(len(inside), -1, dtype=np.int64)
    _, first, paths[inside] = np.unique(key[inside], return_index=True, return_inverse=True)
    where = np.flatnonzero(inside)[first]
    weights: dict[tuple[str, ...], str] = {(names[0], names[-1]): weight.text}
    about = about_of(
        panel, item, names, groups, base, states, weights, pairs=False, measure=measure
    )
    return Paths(
        steps=np.stack([codes[name][where] for name in names], axis=1),
        codes=paths,
        states=states,
        weight=weight,
        about=about,
    )
