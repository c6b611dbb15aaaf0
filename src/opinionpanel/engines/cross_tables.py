"""Sums and counts over people by keys: the only module that knows where the data live.

People are arrays in memory, or `EngineColumn` on an engine that adds up by itself.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from opinionpanel.arrays import Array, Floats, Integers
from opinionpanel.engines.aggregations import lazy_tables
from opinionpanel.engines.engine_column import EngineColumn, is_lazy, literal
from opinionpanel.engines.expressions import without_code
from opinionpanel.engines.joint_tables import Key, Table, joint_tables
from opinionpanel.engines.person_column import PersonColumn
from opinionpanel.errors import EngineError

# Joint keys of lazy combinations are 64-bit whole numbers.
MOST_COMBINATIONS = 2**62


@dataclass(frozen=True, eq=False)
class Cross:
    """A cell for every combination of codes, in the order of the codes.

    Attributes
    ----------
    keys : tuple of Key
    inside : PersonColumn of bool, or None
        Who is in any cell; None for all who have every code.
    """

    keys: tuple[Key, ...]
    inside: PersonColumn | None = None

    @property
    def size(self) -> int:
        """The number of cells."""
        return math.prod(key.size for key in self.keys)

    def codes(self) -> Integers:
        """Find the cell of each person; -1 outside."""
        like = self.keys[0].codes if self.keys else self.inside
        assert like is not None
        combined = np.zeros_like(like, dtype=np.int64)
        known = everyone(like) if self.inside is None else self.inside
        for key in self.keys:
            combined = combined * key.size + key.codes
            known = known & (key.codes >= 0)
        return np.where(known, combined, -1)

    def table(self, *value: PersonColumn, by: Key | None = None) -> Table:
        """Ask for sums by these cells, within the codes of `by` if given."""
        return Table((by, *self.keys) if by else self.keys, value, self.inside)


def tables(wanted: Sequence[Table]) -> list[Floats]:
    """Add up tables over people; those that share keys or values may share a pass.

    Parameters
    ----------
    wanted : sequence of Table

    Returns
    -------
    list of numpy.ndarray
        Each of the shape of its keys.
    """
    if any(is_lazy(column) for table in wanted for column in table.columns):
        return lazy_tables(wanted)
    return joint_tables(wanted)


def sums(keys: Sequence[PersonColumn], sizes: Sequence[int], values: PersonColumn) -> Floats:
    """Sum `values` by the combination of integer keys.

    Parameters
    ----------
    keys : sequence of numpy.ndarray of int, shape (people,)
        Codes 0 … size - 1; people with a negative code in any key count nowhere.
    sizes : sequence of int
        The number of codes of each key.
    values : numpy.ndarray, shape (people,)

    Returns
    -------
    numpy.ndarray of float, shape `sizes`
    """
    return tables([Table(_keys(keys, sizes), (values,))])[0]


def counts(
    keys: Sequence[PersonColumn], sizes: Sequence[int], where: PersonColumn | None = None
) -> Integers:
    """Count the people for whom a condition holds, by the combination of integer keys."""
    found = tables([Table(_keys(keys, sizes), () if where is None else (where,))])[0]
    return found.astype(np.int64)


def _keys(keys: Sequence[PersonColumn], sizes: Sequence[int]) -> list[Key]:
    return [Key(codes, size) for codes, size in zip(keys, sizes, strict=True)]


def column_sums(
    key: PersonColumn, size: int, columns: Any, amount: PersonColumn | None = None
) -> Floats:
    """Sum each of many columns by one integer key.

    Parameters
    ----------
    key : numpy.ndarray of int, shape (people,)
        Codes 0 … size - 1; people with a negative code count nowhere.
    size : int
    columns : numpy.ndarray, shape (people, R), or ReplicateWeights
    amount : numpy.ndarray, shape (people,), optional
        What everyone's numbers are multiplied by.

    Returns
    -------
    numpy.ndarray of float, shape (R, size)
    """
    if not isinstance(columns, np.ndarray):
        multiplied = columns if amount is None else columns.multiplied(amount)
        found: Floats = multiplied.sums(key, size)
        return found
    from scipy import sparse

    inside = key >= 0
    # By column, one per person: nothing has to be sorted, and people are read in their order.
    starts = np.concatenate([[0], np.cumsum(inside)])
    codes = key[inside]
    each = np.ones(len(codes)) if amount is None else amount[inside]
    indicator = sparse.csc_array((each, codes, starts), shape=(size, len(key)))
    return np.asarray((indicator @ columns).T)


def take(table: Array, codes: PersonColumn) -> PersonColumn:
    """Look everyone's code up in a table, `table[codes]`.

    People without a code, whom any negative one may stand for, get -1 from a table of whole
    numbers, 0 or False from any other.
    """
    if isinstance(codes, EngineColumn):
        return codes.take_from(table)
    # The code -1 picks what is put at the end.
    ended = np.append(table, np.array([without_code(table.dtype)], dtype=table.dtype))
    found: PersonColumn = ended[np.maximum(codes, -1)]
    return found


def named(values: Any) -> Any:
    """Keep what was computed for everyone, and will be used more than once, on its engine."""
    return values.people.named(values) if is_lazy(values) else values


def ratio(numbers: PersonColumn, by: PersonColumn) -> PersonColumn:
    """Divide person by person; 0 where the divisor is."""
    if is_lazy(by):
        return np.where(by != 0, numbers / np.where(by != 0, by, 1.0), 0.0)
    return np.divide(numbers, by, out=np.zeros(len(by)), where=by != 0)


def everyone(like: PersonColumn) -> PersonColumn:
    """Say of all people of a column that they count."""
    return np.ones_like(like, dtype=bool)


def combinations(
    codes: Sequence[PersonColumn], sizes: Sequence[int], inside: PersonColumn
) -> tuple[Integers, PersonColumn]:
    """Find the combinations of codes that occur.

    Parameters
    ----------
    codes : sequence of numpy.ndarray of int, shape (people,)
        Codes 0 … size - 1 of everyone inside.
    sizes : sequence of int
    inside : numpy.ndarray of bool, shape (people,)

    Returns
    -------
    levels : numpy.ndarray of int, shape (combinations, len(codes))
        In the order of the codes.
    which : numpy.ndarray of int, shape (people,)
        The combination of each person; -1 outside.
    """
    if is_lazy(inside) or any(is_lazy(part) for part in codes):
        return _lazy_combinations(codes, sizes, inside)
    key = np.zeros(int(np.count_nonzero(inside)), dtype=np.int64)
    number = min(len(key), 1)
    levels: list[Integers] = []
    for part, size in zip(codes, sizes, strict=True):
        # Renumbered at every step: the key stays small however many there are.
        found, key = _occurring(key * size + part[inside], number * size)
        levels = [*(level[found // size] for level in levels), found % size]
        number = len(found)
    which = np.full(len(inside), -1, dtype=np.int64)
    which[inside] = key
    return np.stack(levels, axis=1) if levels else np.zeros((number, 0), np.int64), which


def _occurring(key: Integers, size: int) -> tuple[Integers, Integers]:
    """List the keys that occur, of 0 … size - 1, and the place of each person's among them."""
    if size > len(key):
        return np.unique(key, return_inverse=True)
    # Nothing has to be sorted.
    occurs = np.zeros(size, dtype=bool)
    occurs[key] = True
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[key]


def _lazy_combinations(
    codes: Sequence[Any], sizes: Sequence[int], inside: Any
) -> tuple[Integers, PersonColumn]:
    people = next(part.people for part in [inside, *codes] if is_lazy(part))
    if float(np.prod([float(size) for size in sizes])) > MOST_COMBINATIONS:
        raise EngineError(
            f"{len(codes)} columns with {', '.join(map(str, sizes))} values have too many "
            "combinations for one key. Name fewer waves or groups."
        )
    key: Any = literal(people, 0)
    for part, size in zip(codes, sizes, strict=True):
        key = key * size + part
    key = np.where(inside, key, -1)
    found = people.distinct(key)
    which: Any = EngineColumn(
        people, key.raw, np.int64, values=found, table=np.arange(len(found)), outside=-1
    )
    levels = np.unravel_index(found, tuple(sizes)) if codes else []
    stacked = np.stack(levels, axis=1) if codes else np.zeros((len(found), 0), np.int64)
    return stacked.astype(np.int64), which
