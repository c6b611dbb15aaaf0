"""Published figures of several studies side by side: of the same answers, and the same waves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from opinionpanel.arrays import Integers
from opinionpanel.disclosure import Shown
from opinionpanel.estimates import Withheld, side_by_side

# How the names of answers that were put together are joined.
OR = " or "


def waves_of(shown: Shown) -> list[str]:
    """Name the waves of figures, in their order."""
    return list(dict.fromkeys(shown.estimates.labels["wave"]))


def compared_waves(shown: Mapping[str, Shown]) -> dict[str, Shown]:
    """Keep the waves that the first study has in common with others; without any, each last one.

    A study that has none of the waves that others share is left out.
    """
    (first, own), *others = shown.items()
    common = [wave for wave in waves_of(own) if any(wave in waves_of(one) for _, one in others)]
    if not common:
        return {name: _at(one, waves_of(one)[-1:]) for name, one in shown.items()}
    return {
        name: _at(one, common)
        for name, one in shown.items()
        if name == first or set(common) & set(waves_of(one))
    }


def _at(shown: Shown, waves: Sequence[str]) -> Shown:
    return _rows(shown, np.flatnonzero(shown.estimates.labels["wave"].isin(waves)))


def _rows(shown: Shown, rows: Integers) -> Shown:
    withheld = replace(shown.withheld, rows=shown.hidden[rows])
    return Shown(shown.estimates.at(rows), withheld)


def in_same_states(
    shown: Mapping[str, Shown], declared: Mapping[str, Sequence[str]]
) -> dict[str, Shown]:
    """Put together in all studies what few people answered in one: a sum of what is shown.

    Parameters
    ----------
    shown : dict of str to Shown
        Shares by wave and state.
    declared : dict of str to sequence of str
        The states before any were put together, in the order of each study.
    """
    order = next(iter(declared.values()))
    parts = [{state} for state in order]
    for name, one in shown.items():
        for several in put_together(declared[name], one.estimates.about.states):
            touched = [part for part in parts if part & set(several)]
            parts = [part for part in parts if part not in touched]
            parts.append(set().union(*touched))
    named = {OR.join(state for state in order if state in part): part for part in parts}
    names = sorted(named, key=lambda name: min(map(order.index, named[name])))
    found = {
        name: _summed(one, declared[name], {each: named[each] for each in names})
        for name, one in shown.items()
    }
    if all(len(part) == 1 for part in parts):
        return found
    # Codes are those of the states as they stood, not of what was put together.
    return {name: _uncoded(one) for name, one in found.items()}


def _uncoded(shown: Shown) -> Shown:
    estimates = shown.estimates
    about = replace(estimates.about, coded={})
    return replace(shown, estimates=replace(estimates, about=about))


def put_together(declared: Sequence[str], names: Sequence[str]) -> list[list[str]]:
    """Tell which of the declared states each of fewer states holds: neighbours, in their order.

    Examples
    --------
    >>> put_together(["for", "unsure", "against"], ["for", "unsure or against"])
    [['for'], ['unsure', 'against']]
    """
    found, left = [], list(declared)
    for name in names:
        size = next(k for k in range(1, len(left) + 1) if OR.join(left[:k]) == name)
        found.append(left[:size])
        left = left[size:]
    return found


def _summed(shown: Shown, declared: Sequence[str], parts: Mapping[str, set[str]]) -> Shown:
    """Add up the shares of states that stand together."""
    estimates = shown.estimates
    own = estimates.about.states
    if [*own] == [*parts]:
        return shown
    held = dict(zip(own, put_together(declared, own), strict=True))
    to = {
        state: name
        for state, several in held.items()
        for name in parts
        if several[0] in parts[name]
    }
    labels = estimates.labels.assign(state=estimates.labels["state"].map(to))
    kept = [(wave, name) for wave in waves_of(shown) for name in parts]
    place = {key: row for row, key in enumerate(kept)}
    matrix = np.zeros((len(kept), len(estimates)))
    for column, key in enumerate(zip(labels["wave"], labels["state"], strict=True)):
        matrix[place[key], column] = 1.0
    hidden = (matrix[:, shown.hidden] != 0).any(axis=1)
    about = estimates.about
    found = estimates.contrast(
        matrix, pd.DataFrame(kept, columns=["wave", "state"]), title=about.title, states=(*parts,)
    )
    cells = None if estimates.n_cell is None else matrix @ estimates.n_cell
    found = replace(found, unit="share", n_cell=cells, possible=None)
    return Shown(found, replace(shown.withheld, rows=hidden))


def joined(shown: Mapping[str, Shown]) -> Shown:
    """Put the figures of studies into one table, each withheld as in its own study."""
    parts = list(shown.values())
    estimates = side_by_side({name: one.estimates for name, one in shown.items()})
    rows = np.concatenate([one.hidden for one in parts])
    first = parts[0].withheld
    return Shown(estimates, Withheld(rows, first.min_n, first.min_cell))
