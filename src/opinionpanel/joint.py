"""Many tables over people in memory, read off a few joint tables."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Key", "Table", "joint_tables"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer[Any]]
Booleans = npt.NDArray[np.bool_]
# Axes of a joint table, by number; columns whose product is added up, by identity.
Block = tuple[int, ...]
Value = tuple[int, ...]

# People added up at a time: few enough that their combined codes stay in the processor's cache.
CHUNK = 2**16
# Cells of a joint table: few enough that it stays there as well.
MOST_CELLS = 2**18
# Fewer people than that per cell, and clearing the table takes longer than another pass.
PEOPLE_PER_CELL = 2


@dataclass(frozen=True, eq=False)
class Key:
    """Codes to add up by.

    Attributes
    ----------
    codes : numpy.ndarray of int or Column, shape (people,)
        0 … size - 1; people with a negative code count nowhere.
    size : int
    """

    codes: Integers
    size: int


@dataclass(frozen=True, eq=False)
class Table:
    """A table to add up: Σ of a product of columns, by combinations of codes.

    Attributes
    ----------
    keys : sequence of Key
    value : sequence of numpy.ndarray or Column, shape (people,)
        Numbers, or conditions; nothing counts people.
    inside : numpy.ndarray of bool or Column, or None
        Who counts; None for everyone.
    """

    keys: Sequence[Key]
    value: Sequence[npt.NDArray[Any]] = ()
    inside: Booleans | None = None

    @property
    def sizes(self) -> tuple[int, ...]:
        """The shape of the table."""
        return tuple(key.size for key in self.keys)

    @property
    def columns(self) -> list[Any]:
        """All columns of people."""
        inside = [] if self.inside is None else [self.inside]
        return [*(key.codes for key in self.keys), *self.value, *inside]


@dataclass(frozen=True, eq=False)
class _Axis:
    """An axis of joint tables.

    Attributes
    ----------
    codes : numpy.ndarray of int, shape (people,)
    size : int
        With a first place for people without a code, if there are any.
    spare : int
        1 with that place, otherwise 0.
    """

    codes: Integers
    size: int
    spare: int

    def at(self, part: slice) -> Integers:
        """Give the places of some people."""
        codes = self.codes[part]
        if self.spare:
            codes = np.maximum(codes, -1) + 1
        # One more than 127 is 128 again where the sign is dropped.
        return codes.astype(_small(self.size), copy=False)


class _Axes:
    """The axes of joint tables, numbered as they come; the same array is the same axis."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[int, int], int] = {}
        self.known: list[_Axis] = []

    def of_key(self, key: Key) -> int:
        """Find the number of the axis of a key."""
        name = id(key.codes), key.size
        if name not in self.numbers:
            spare = int(key.codes.min(initial=0) < 0)
            self._add(name, _Axis(key.codes, key.size + spare, spare))
        return self.numbers[name]

    def of_condition(self, condition: Booleans) -> int:
        """Find the number of the axis of a condition, which has one code."""
        name = id(condition), 0
        if name not in self.numbers:
            if condition.all():
                self._add(name, _Axis(condition.view(np.int8), 1, 0))
            else:
                self._add(name, _Axis(condition.view(np.int8) - 1, 2, 1))
        return self.numbers[name]

    def _add(self, name: tuple[int, int], axis: _Axis) -> None:
        self.numbers[name] = len(self.known)
        self.known.append(axis)

    def needed(self, numbers: Iterable[int]) -> frozenset[int]:
        """Leave out axes with a single place: everyone is there."""
        return frozenset(number for number in numbers if self.known[number].size > 1)

    def cells(self, numbers: Iterable[int]) -> int:
        """Count the cells of a joint table."""
        return math.prod(self.known[number].size for number in numbers)

    def ordered(self, numbers: Iterable[int]) -> Block:
        """Put the longest axis last: sums over the others then run along it."""
        return tuple(sorted(numbers, key=lambda number: (self.known[number].size, number)))


@dataclass(frozen=True, eq=False)
class _Wish:
    """A table in terms of the axes that it is read off.

    Attributes
    ----------
    keys : tuple of int
        The axes of its keys, in order; a key may stand there twice.
    needed : frozenset of int
        All axes with several places, conditions included.
    columns : tuple of numpy.ndarray
        The numbers to multiply.
    sizes : tuple of int
        The shape that is wanted.
    """

    keys: tuple[int, ...]
    needed: frozenset[int]
    columns: tuple[npt.NDArray[Any], ...]
    sizes: tuple[int, ...]

    @property
    def value(self) -> tuple[int, ...]:
        """What is added up."""
        return tuple(id(column) for column in self.columns)


def joint_tables(
    wanted: Sequence[Table], *, most_cells: int | None = None, chunk: int = CHUNK
) -> list[Floats]:
    """Add up tables over people in memory.

    Parameters
    ----------
    wanted : sequence of Table
        Those of the same value are read off joint tables of their keys. Keys and columns are the
        same where they are the same array.
    most_cells : int, optional
        The most cells of a joint table; a single wanted table may have more.
    chunk : int
        How many people are added up at a time; at least as many as the largest table has cells.

    Returns
    -------
    list of numpy.ndarray of float
        Each of the shape of its keys.
    """
    if not wanted:
        return []
    people = len(wanted[0].columns[0])
    if most_cells is None:
        most_cells = min(MOST_CELLS, people // PEOPLE_PER_CELL)
    axes = _Axes()
    wishes = [_wish(table, axes) for table in wanted]
    columns = {wish.value: wish.columns for wish in wishes}
    asked: dict[Value, list[frozenset[int]]] = {}
    for wish in wishes:
        asked.setdefault(wish.value, []).append(wish.needed)
    blocks = {value: _blocks(needed, axes, most_cells) for value, needed in asked.items()}
    # One combined code serves all values that are added up by it.
    summed: dict[Block, dict[Value, Floats]] = {}
    for value, found in blocks.items():
        for block in found:
            summed.setdefault(block, {})[value] = np.zeros(axes.cells(block))
    # A table is cleared for every chunk: that should take no longer than to fill it.
    chunk = max(chunk, *(axes.cells(block) for block in summed), 1)
    for start in range(0, people, chunk):
        part = slice(start, min(start + chunk, people))
        combined: dict[Block, Integers] = {(): np.zeros(part.stop - part.start, dtype=np.int8)}
        products: dict[Value, npt.NDArray[Any]] = {}
        for block, by_value in summed.items():
            places = _combined(block, axes, part, combined)
            for value, flat in by_value.items():
                weight = _product(value, columns[value], part, products)
                flat += np.bincount(places, weight, len(flat))
    tables = []
    for wish in wishes:
        block = next(block for block in blocks[wish.value] if wish.needed <= set(block))
        joint = summed[block][wish.value].reshape([axes.known[number].size for number in block])
        tables.append(_read(wish, block, joint, axes))
    return tables


def _wish(table: Table, axes: _Axes) -> _Wish:
    keys = tuple(axes.of_key(key) for key in table.keys)
    conditions = [column for column in table.value if column.dtype == bool]
    if table.inside is not None:
        conditions.append(table.inside)
    needed = axes.needed([*keys, *(axes.of_condition(condition) for condition in conditions)])
    numbers = tuple(column for column in table.value if column.dtype != bool)
    return _Wish(keys, needed, numbers, table.sizes)


def _blocks(asked: Iterable[frozenset[int]], axes: _Axes, most_cells: int) -> list[Block]:
    """Put sets of axes together, each whole, where the joint table stays small."""
    blocks: list[frozenset[int]] = []
    for needed in dict.fromkeys(asked):
        together = [(axes.cells(block | needed), place) for place, block in enumerate(blocks)]
        # Where it adds the fewest cells.
        fits = [
            (cells / axes.cells(blocks[place]), place)
            for cells, place in together
            if cells <= max(most_cells, axes.cells(blocks[place]))
        ]
        if fits:
            place = min(fits)[1]
            blocks[place] |= needed
        else:
            blocks.append(needed)
    return [axes.ordered(block) for block in blocks]


def _small(size: int) -> np.dtype[Any]:
    """Choose the smallest integers that hold a size."""
    return np.min_scalar_type(size) if size < 2**32 else np.dtype(np.int64)


def _combined(block: Block, axes: _Axes, part: slice, known: dict[Block, Integers]) -> Integers:
    """Combine the places on several axes into one code, in small integers.

    `known` has what was combined before of the same people: blocks share their halves.
    """
    if block not in known:
        # A long axis comes last, on its own: the others are combined in single bytes before.
        long = len(block) > 1 and axes.known[block[-1]].size > 255
        half = len(block) - 1 if long else len(block) // 2
        if not half:
            known[block] = axes.known[block[0]].at(part)
        else:
            first, second = block[:half], block[half:]
            cells = axes.cells(block)
            dtype = _small(cells)
            combined = _combined(first, axes, part, known).astype(dtype)
            combined *= dtype.type(axes.cells(second))
            combined += _combined(second, axes, part, known).astype(dtype, copy=False)
            known[block] = combined
    return known[block]


def _product(
    value: Value, columns: Sequence[npt.NDArray[Any]], part: slice, known: dict[Value, Any]
) -> npt.NDArray[Any] | None:
    """Multiply columns of some people; None where people are counted."""
    if len(columns) < 2:
        return columns[0][part] if columns else None
    *first, last = columns
    if value[:-1] not in known:
        known[value[:-1]] = _product(value[:-1], first, part, known)
    product: npt.NDArray[Any] = known[value[:-1]] * last[part]
    return product


def _read(wish: _Wish, block: Block, joint: Floats, axes: _Axes) -> Floats:
    """Sum a joint table over the axes that are not wanted, and put the others in order."""
    left: list[int] = []
    for number in block:
        if number in wish.needed:
            left.append(number)
        else:
            joint = joint.sum(axis=len(left))
    known = joint[tuple(slice(axes.known[number].spare, None) for number in left)]
    keys = tuple(dict.fromkeys(wish.keys))
    order = [left.index(number) for number in keys if number in left]
    conditions = [place for place in range(len(left)) if place not in order]
    distinct = dict(zip(wish.keys, wish.sizes, strict=True))
    known = known.transpose(*order, *conditions).reshape(tuple(distinct.values()))
    if len(keys) == len(wish.keys):
        return known
    # Who has a code has it in both places.
    whole = np.zeros(wish.sizes)
    at = np.indices(known.shape, sparse=True)
    whole[tuple(at[keys.index(number)] for number in wish.keys)] = known
    return whole
