"""From ids to people: which rows of which waves are the same person."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Integers
from opinionpanel.panel.ids import Keys

Further = tuple[int, Booleans, Keys]


def number_people(
    keys: Sequence[Keys], further: Sequence[Further] = ()
) -> tuple[int, list[Integers]]:
    """Give every person a number, in order of appearance; with duplicates some stay unused.

    Parameters
    ----------
    keys : sequence of numpy.ndarray
        An id for every row of every wave.
    further : sequence of (int, numpy.ndarray of bool, numpy.ndarray)
        Further ids that rows are known by: the wave's position, which rows, and their ids.

    Returns
    -------
    people : int
    rows : list of numpy.ndarray of int
        For each wave, the person of every row.
    """
    if further:
        return _number_joined(keys, further)
    # Waves are often delivered in the same order: then there is nothing to search.
    same = [np.array_equal(key, keys[0]) for key in keys]
    others = [keys[0], *(key for key, equal in zip(keys, same, strict=True) if not equal)]
    if len(others) == 1 and keys[0].dtype.kind == "i" and (keys[0][1:] > keys[0][:-1]).all():
        return len(keys[0]), [np.arange(len(keys[0]))] * len(keys)
    filled = [key for key in others if len(key)]
    span = 0
    if filled and keys[0].dtype.kind == "i":
        low = min(int(key.min()) for key in filled)
        span = 1 + max(int(key.max()) for key in filled) - low
    # A table by id beats hashing as long as it is not much larger than the data.
    if 0 < span <= 8 * sum(len(key) for key in filled) + 1000:
        people, numbered = _by_table(others, low, span)
    else:
        codes, found = pd.factorize(np.concatenate(others))
        ends = np.cumsum([len(key) for key in others])[:-1]
        people = len(found)
        numbered = [part.astype(np.int64, copy=False) for part in np.split(codes, ends)]
    rest = iter(numbered[1:])
    return people, [numbered[0] if equal else next(rest) for equal in same]


def _by_table(keys: Sequence[Keys], low: int, span: int) -> tuple[int, list[Integers]]:
    table = np.full(span, -1, dtype=np.int64)
    # In the first wave all are new.
    place, people = keys[0] - low, len(keys[0])
    table[place] = np.arange(people)
    rows = [table.take(place)]
    for key in keys[1:]:
        place = key - low
        row = table.take(place)
        new = np.flatnonzero(row < 0)
        fresh = place[new]
        table[fresh] = np.arange(people, people + len(fresh))
        row[new] = table.take(fresh)
        people += len(fresh)
        rows.append(row)
    return people, rows


def _number_joined(keys: Sequence[Keys], further: Sequence[Further]) -> tuple[int, list[Integers]]:
    """Give a number to people whose rows have several ids: whatever shares an id is one."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    every = [*keys, *(ids for _, _, ids in further)]
    codes, found = pd.factorize(np.concatenate(every))
    parts = np.split(codes, np.cumsum([len(part) for part in every])[:-1])
    firsts, others = parts[: len(keys)], np.concatenate(parts[len(keys) :])
    starts = np.concatenate([firsts[position][rows] for position, rows, _ in further])
    graph = coo_array((np.ones(len(starts)), (starts, others)), shape=(len(found), len(found)))
    _, group = connected_components(graph, directed=False)
    numbered, people = pd.factorize(group[np.concatenate(firsts)])
    ends = np.cumsum([len(key) for key in keys])[:-1]
    return len(people), [part.astype(np.int64, copy=False) for part in np.split(numbered, ends)]
