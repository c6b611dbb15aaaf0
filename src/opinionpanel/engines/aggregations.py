"""Which tables to ask an engine for in one aggregation, and how to read them off it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from opinionpanel.arrays import Floats
from opinionpanel.engines.engine_column import is_lazy, literal
from opinionpanel.engines.joint_tables import Key, Table

# One aggregation has at most four state variables beside the PSU, and as many cells as a client
# takes without noticing.
MOST_KEYS, MOST_CELLS = 5, 2**18


@dataclass(eq=False)
class _Block:
    """Tables that are read off one aggregation.

    Attributes
    ----------
    inside : EngineColumn or None
        Who counts in all of them.
    keys : dict
        The codes' identity to the key.
    places : list of int
        Which of the tables asked for.
    alike : bool
        Whether all have the same keys: then people without one of them count in none.
    """

    inside: Any
    keys: dict[int, Key] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)
    alike: bool = True

    def joined(self, table: Table) -> dict[int, Key] | None:
        """Return the keys with those of another table; None if these are too many."""
        own = _distinct(table)
        keys = {**self.keys, **own}
        if table.inside is not self.inside:
            return None
        if len(keys) == len(self.keys):
            return keys
        cells = math.prod(key.size + 1 for key in keys.values())
        return keys if len(keys) <= MOST_KEYS and cells <= MOST_CELLS else None


def lazy_tables(wanted: Sequence[Table]) -> list[Floats]:
    """Add up tables of columns that stay on their engine, with as few aggregations as can be."""
    blocks: list[_Block] = []
    # Large tables first, so that small ones are read off them.
    order = sorted(range(len(wanted)), key=lambda place: -len(_distinct(wanted[place])))
    for place in order:
        table = wanted[place]
        for block in blocks:
            keys = block.joined(table)
            if keys is not None:
                block.alike &= len(keys) == len(block.keys) == len(_distinct(table))
                break
        else:
            block, keys = _Block(table.inside), _distinct(table)
            blocks.append(block)
        block.keys = keys
        block.places.append(place)
    found: dict[int, Floats] = {}
    for block in blocks:
        found |= _asked(block, wanted)
    return [found[place] for place in range(len(wanted))]


def _distinct(table: Table) -> dict[int, Key]:
    return {id(key.codes): key for key in table.keys}


def _asked(block: _Block, wanted: Sequence[Table]) -> dict[int, Floats]:
    """Ask for the sums of a block, and read its tables off them."""
    columns = [column for place in block.places for column in wanted[place].columns]
    people: Any = next(column.people for column in columns if is_lazy(column))
    values: dict[tuple[int, ...], Any] = {}
    for place in block.places:
        product: Any = literal(people, 1.0)
        for column in wanted[place].value:
            product = product * column
        values.setdefault(_identity(wanted[place]), product)
    more = 0 if block.alike else 1
    codes: list[Any] = [key.codes for key in block.keys.values()]
    if more:
        # People without one key may count in tables of the others: a place of their own, the first.
        codes = [np.maximum(code, -1) + 1 for code in codes]
    sizes = [key.size + more for key in block.keys.values()]
    summed = people.tables(codes, sizes, block.inside, list(values.values()))
    by_value = dict(zip(values, summed, strict=True))
    axes = list(block.keys)
    return {
        place: _read(by_value[_identity(wanted[place])], axes, wanted[place], more)
        for place in block.places
    }


def _identity(table: Table) -> tuple[int, ...]:
    """Tell products of the same columns."""
    return tuple(sorted(id(column) for column in table.value))


def _read(joint: Floats, axes: Sequence[int], table: Table, more: int) -> Floats:
    """Read a table off the sums by all keys of its block.

    Parameters
    ----------
    joint : numpy.ndarray
    axes : sequence of int
        The key along each axis.
    table : Table
        It may have a key twice.
    more : int
        Whether each axis begins with those who have no code.
    """
    own = list(_distinct(table))
    others = tuple(place for place, axis in enumerate(axes) if axis not in own)
    kept = [axis for axis in axes if axis in own]
    read = joint.sum(axis=others)[(slice(more, None),) * len(kept)]
    if [id(key.codes) for key in table.keys] == kept:
        return np.asarray(read)
    cell = np.indices(read.shape)
    found = np.zeros(table.sizes)
    found[tuple(cell[kept.index(id(key.codes))] for key in table.keys)] = read
    return found
