"""Replicate weights kept small: columns of people, and factors that go by code.

Replicates that were made multiply the weight of everyone in a PSU by the same number, and
calibrating them multiplies everyone of the same categories by the same: nobody needs R numbers.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from opinionpanel import engines
from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.engines import Cross, EngineColumn, Key, PersonColumn, Table, is_lazy

# Rows of factors that are multiplied out at a time.
BLOCK = 4096
# How often people are put into groups whose replicates are added up, to find the rank; and how
# many numbers come back from an engine at a time.
FOLDS = 3
MOST_NUMBERS = 20_000_000


@dataclass(frozen=True, eq=False)
class ByCode:
    """Factors by which each replicate multiplies the weights of people with a code.

    Attributes
    ----------
    codes : PersonColumn of int
        People with a negative code have the weight 0.
    table : numpy.ndarray, shape (codes, R)
    """

    codes: PersonColumn
    table: Floats

    @property
    def key(self) -> Key:
        """The codes to add up by."""
        return Key(self.codes, len(self.table))

    def at(self, place: int) -> PersonColumn:
        """Find everyone's factor in one replicate."""
        return engines.take(self.table[:, place], self.codes)


@dataclass(frozen=True, eq=False)
class ReplicateWeights:
    """R replicates of a weight.

    Attributes
    ----------
    columns : tuple of PersonColumn
        One for each replicate, as a survey house delivers them; or a single weight that `unit`
        multiplies.
    unit : ByCode or None
        Factors of PSUs.
    pattern : ByCode or None
        Factors of whatever changed the replicates later: combinations of margins, patterns of
        attrition.
    """

    columns: tuple[PersonColumn, ...]
    unit: ByCode | None = None
    pattern: ByCode | None = None

    @property
    def number(self) -> int:
        """How many replicates there are."""
        return len(self.columns) if self.unit is None else self.unit.table.shape[1]

    @property
    def shape(self) -> tuple[int, int]:
        """People and replicates."""
        return len(self.columns[0]), self.number

    def __array__(self, dtype: npt.DTypeLike | None = None, *, copy: bool | None = None) -> Any:
        # On an engine the first column refuses to be an array.
        return np.stack([np.asarray(self.column(r)) for r in range(self.number)], axis=1)

    def __getitem__(self, key: Any) -> Any:
        return np.asarray(self)[key]

    def column(self, place: int) -> PersonColumn:
        """Find everyone's weight in one replicate, shape (people,)."""
        values: PersonColumn = self.columns[place if self.unit is None else 0]
        for part in self._parts:
            values = values * part.at(place)
        return values

    def times(self, codes: PersonColumn, table: Floats) -> "ReplicateWeights":
        """Multiply each replicate by a factor of its own for each code.

        Parameters
        ----------
        codes : PersonColumn of int
        table : numpy.ndarray, shape (codes, R)
        """
        if self.pattern is None:
            return replace(self, pattern=ByCode(codes, table))
        before = self.pattern
        inside = (before.codes >= 0) & (codes >= 0)
        sizes = [len(before.table), len(table)]
        levels, which = engines.combinations([before.codes, codes], sizes, inside)
        both = before.table[levels[:, 0]] * table[levels[:, 1]]
        return replace(self, pattern=ByCode(engines.named(which), both))

    def multiplied(self, amount: PersonColumn) -> "ReplicateWeights":
        """Multiply everyone's weight by an amount of their own, the same in each replicate."""
        return replace(self, columns=tuple(column * amount for column in self.columns))

    def sums(self, codes: PersonColumn, size: int) -> Floats:
        """Add up every replicate by code, shape (R, size): see `engines.column_sums`.

        A weight that PSUs multiply is added up by PSU as well, and only that is multiplied.
        """
        if self.unit is not None:
            return self._contracted(codes, size).T
        keys = [Key(codes, size), *(part.key for part in self._parts)]
        tables = engines.tables([Table(keys, (column,)) for column in self.columns])
        if self.pattern is None:
            return np.stack(tables)
        factors = self.pattern.table.T
        return np.stack([table @ row for table, row in zip(tables, factors, strict=True)])

    def _contracted(self, codes: PersonColumn, size: int) -> Floats:
        """Add up the one weight by code and by what it is multiplied by, and then multiply."""
        table, places = self._by_place(codes, size)
        found = np.zeros((size, self.number))
        for start in range(0, len(places), BLOCK):
            part = slice(start, start + BLOCK)
            found += table[:, part] @ self._factors(places[part])
        return found

    def _by_place(self, codes: PersonColumn, size: int) -> tuple[Any, Integers]:
        """Add up the one weight by code and occupied place among the codes of factors."""
        by = Cross(tuple(part.key for part in self._parts))
        sizes = [key.size for key in by.keys]
        if is_lazy(codes) or size * by.size <= MOST_NUMBERS:
            table = engines.tables([by.table(self.columns[0], by=Key(codes, size))])[0]
            table = table.reshape(size, -1)
            places = np.flatnonzero(table.any(axis=0))
            return table[:, places], np.stack(np.unravel_index(places, sizes), axis=1)
        # Of so many combinations most have nobody. That table would be all zeros.
        from scipy import sparse

        joint = by.codes()
        inside = (codes >= 0) & (joint >= 0)
        places, column = np.unique(joint[inside], return_inverse=True)
        cells = (codes[inside], column)
        summed = sparse.csc_array((self.columns[0][inside], cells), (size, len(places)))
        return summed, np.stack(np.unravel_index(places, sizes), axis=1)

    def rows(self, codes: PersonColumn, size: int) -> Callable[[Booleans], Floats]:
        """Find rows of the same rank as the replicate weights of people with some codes.

        Parameters
        ----------
        codes : PersonColumn of int
        size : int

        Returns
        -------
        callable
            From codes, as an array of `size` conditions, to rows of R numbers; none for nobody.
        """
        if self.unit is None:
            folded = [self._folded(codes, size, fold) for fold in range(FOLDS)]
            by_code = [np.concatenate(rows) for rows in zip(*folded, strict=True)]

            def of_people(wanted: Booleans) -> Floats:
                rows = [by_code[code] for code in np.flatnonzero(wanted)]
                return np.concatenate([np.zeros((0, self.number)), *rows])

            return of_people
        keys = [Key(codes, size), *(part.key for part in self._parts)]
        there = engines.tables([Table(keys)])[0] > 0

        def of_units(wanted: Booleans) -> Floats:
            # Weights are positive, so they do not change the rank.
            return self._factors(np.argwhere(there[wanted].any(axis=0)))

        return of_units

    def _folded(self, codes: PersonColumn, size: int, fold: int) -> list[Floats]:
        """Add up people in somewhat more than R groups, which keep the rank; by code.

        Groups are by chance, but people with the same replicates, up to a factor, are always in
        the same. Two kinds of people that share a group are apart in another fold.
        """
        groups = self.number + self.number // 4 + 64
        keys = [_at_random(self.columns, groups, fold)]
        factors = np.ones((1, self.number))
        if self.pattern is not None:
            keys, factors = [*keys, self.pattern.key], self.pattern.table
        found: list[Floats] = []
        step = max(1, MOST_NUMBERS // (len(factors) * groups * self.number))
        for start in range(0, size, step):
            width = min(step, size - start)
            inside = (codes >= start) & (codes < start + width)
            cells = Key(np.where(inside, codes - start, -1), width)
            tables = engines.tables([Table((cells, *keys), (column,)) for column in self.columns])
            sums = np.stack(tables, axis=-1).reshape(width, groups, len(factors), -1) * factors
            rows = sums.reshape(width, -1, self.number)
            found += [part[part.any(axis=1)] for part in rows]
        return found

    @property
    def _parts(self) -> list[ByCode]:
        return [part for part in (self.unit, self.pattern) if part is not None]

    def _factors(self, places: Integers) -> Floats:
        """Multiply out what codes multiply weights by, shape (places, R)."""
        tables = (part.table[codes] for part, codes in zip(self._parts, places.T, strict=True))
        return reduce(np.multiply, tables)


def multiplied(replicates: Any, codes: PersonColumn, table: Floats) -> Any:
    """Multiply each replicate by a factor of its own for each code; see `ReplicateWeights.times`.

    Parameters
    ----------
    replicates : numpy.ndarray, shape (people, R), or ReplicateWeights
    codes, table
        As in `ReplicateWeights.times`.
    """
    if isinstance(replicates, ReplicateWeights):
        return replicates.times(codes, table)
    found, by_code = np.zeros(replicates.shape), ByCode(codes, table)
    for place in range(found.shape[1]):
        found[:, place] = replicates[:, place] * by_code.at(place)
    return found


def side_by_side(columns: Iterable[PersonColumn], number: int) -> Any:
    """Hold replicates of a weight that come one after the other.

    Returns
    -------
    numpy.ndarray, shape (people, number), or ReplicateWeights on an engine
    """
    given = iter(columns)
    first = next(given)
    if isinstance(first, EngineColumn):
        return ReplicateWeights((first, *given))
    held = np.empty((len(first), number))
    held[:, 0] = first
    for place, column in enumerate(given, start=1):
        held[:, place] = column
    return held


def column_of(replicates: Any, place: int) -> PersonColumn:
    """Take everyone's weight in one replicate, of an array or of `ReplicateWeights`."""
    if isinstance(replicates, ReplicateWeights):
        return replicates.column(place)
    found: Floats = replicates[:, place]
    return found


def mean_of(replicates: Any) -> PersonColumn:
    """Take the mean of everyone's replicates."""
    if not isinstance(replicates, ReplicateWeights):
        return np.asarray(replicates.mean(axis=1))
    number = replicates.number
    total = _added([replicates.column(place) for place in range(number)])
    found: PersonColumn = total / float(number)
    return found


def some_negative(replicates: Any) -> PersonColumn:
    """Tell who has a replicate below 0."""
    if not isinstance(replicates, ReplicateWeights):
        return np.asarray((replicates < 0).any(axis=1))
    below = [replicates.column(place) < 0 for place in range(replicates.number)]
    found: PersonColumn = _paired(np.logical_or, below)
    return found


def _at_random(columns: Sequence[Any], groups: int, seed: int) -> Key:
    """Put people into groups by a number that depends on nothing but their replicates' ratios."""
    numbers = np.random.default_rng(seed).uniform(0, 1e6, len(columns))
    mixed: Any = _added([column * float(x) for column, x in zip(columns, numbers, strict=True)])
    ratio: Any = engines.ratio(mixed, _added(columns))
    number = ratio.expression()
    part = ((number - number.floor()) * groups).floor()
    # A fraction just below 1 may be rounded up.
    last = EngineColumn(columns[0].people, part, np.float64).astype(np.int64)
    return Key(np.minimum(last, groups - 1), groups)


def _added(columns: Sequence[Any]) -> Any:
    return _paired(np.add, columns)


def _paired(combine: Callable[[Any, Any], Any], columns: Sequence[Any]) -> Any:
    """Combine columns in pairs: engines do not like formulas nested hundreds deep."""
    if len(columns) == 1:
        return columns[0]
    half = len(columns) // 2
    return combine(_paired(combine, columns[:half]), _paired(combine, columns[half:]))
