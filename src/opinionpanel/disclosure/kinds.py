"""Kinds of people, and how many there are of each."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats, Integers

# Of kinds that linear programs can weigh against each other in a moment.
MOST_KINDS = 1_000


@dataclass(frozen=True, eq=False)
class Kinds:
    """Kinds of people: the values that people of a kind have, and how many they are.

    Attributes
    ----------
    values : dict to numpy.ndarray of int, shape (kinds,)
    people : numpy.ndarray, shape (kinds,)
        Also 0: that nobody took a path is not known to readers.
    """

    values: Mapping[Hashable, Integers]
    people: Floats


def kinds_of(columns: Mapping[Hashable, tuple[Integers, int]], inside: Booleans) -> Kinds:
    """Count the people inside by kind.

    Parameters
    ----------
    columns : dict to (numpy.ndarray of int, int)
        The value of every person, and how many values there are.
    inside : numpy.ndarray of bool, shape (people,)

    Notes
    -----
    All combinations of values are kinds, as readers cannot know which of them nobody has. Where
    these are too many, only those that people have and some of their neighbours are: a reader who
    knows that no other kinds exist knows more, so that what is withheld from such a reader is safe.
    """
    sizes = [size for _, size in columns.values()]
    number, found = numbered([codes[inside] for codes, _ in columns.values()])
    if prod(sizes) <= MOST_KINDS:
        every = np.indices(sizes).reshape(len(sizes), -1)
    else:
        every = np.unique(np.hstack([found, _neighbours(found, sizes)]), axis=1)
    places = {tuple(kind): place for place, kind in enumerate(every.T.tolist())}
    people = np.zeros(every.shape[1])
    people[[places[tuple(kind)] for kind in found.T.tolist()]] = np.bincount(number)
    return Kinds(dict(zip(columns, every, strict=True)), people)


def numbered(rows: Sequence[Integers]) -> tuple[Integers, Integers]:
    """Give people with the same values in all rows the same number; and those values.

    Returns
    -------
    number : numpy.ndarray of int, shape (people,)
    found : numpy.ndarray of int, shape (rows, numbers)
    """
    number = np.zeros(len(rows[0]), dtype=np.int64)
    for row in rows:
        number, _ = pd.factorize(number * (row.max(initial=0) + 1) + row)
    first = np.zeros(number.max(initial=-1) + 1, dtype=np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]
    return number, np.array([row[first] for row in rows], dtype=np.int64)


def _neighbours(found: Integers, sizes: list[int]) -> Integers:
    """Change one value of each kind; of what that gives, keep as many as are not too many.

    Where only few of them could be kept, none are: they would take more time than they help.
    """
    others = [found[:, :0]]
    if found.shape[1] * sum(sizes) > 8 * MOST_KINDS:
        return others[0]
    for row, size in enumerate(sizes):
        for value in range(size):
            other = found.copy()
            other[row] = value
            others.append(other)
    every = np.unique(np.hstack(others), axis=1)
    # Evenly among all of them, so that each wave has some.
    return every[:, :: 1 + every.shape[1] // MOST_KINDS]
