"""Many tables over people in memory, read off a few joint tables."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain, groupby
from typing import Any

import numpy as np

from opinionpanel.arrays import Array, Floats, WholeNumbers
from opinionpanel.engines.person_column import PersonColumn

# Axes of a joint table, by number; columns whose product is added up, by identity.
Block = tuple[int, ...]
Value = tuple[int, ...]

# People added up at a time: few enough that what is made of them stays in the processor's cache,
# and where tables are large, enough that it pays to clear one for them.
CHUNK, CHUNK_OF_LARGE = 2**16, 2**18
# Cells of a large table.
LARGE = 2**12
# Cells of a joint table: few enough that it stays there as well.
MOST_CELLS = 2**18
# Fewer people than that per cell, and clearing the table takes longer than another pass.
PEOPLE_PER_CELL = 2
# Fewer than that, and a code of their own for some values is quicker than the code of others.
PEOPLE_PER_SHARED_CELL = 16
# Places that one byte holds, and two.
BYTE = 2**8
SHORT = 2**16


@dataclass(frozen=True, eq=False)
class Key:
    """Codes to add up by.

    Attributes
    ----------
    codes : PersonColumn of int
        0 … size - 1; people with a negative code count nowhere.
    size : int
    """

    codes: PersonColumn
    size: int


@dataclass(frozen=True, eq=False)
class Table:
    """A table to add up: Σ of a product of columns, by combinations of codes.

    Attributes
    ----------
    keys : sequence of Key
    value : sequence of PersonColumn
        Numbers, or conditions; nothing counts people.
    inside : PersonColumn of bool, or None
        Who counts; None for everyone.
    """

    keys: Sequence[Key]
    value: Sequence[PersonColumn] = ()
    inside: PersonColumn | None = None

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
    least : int
        The smallest code.
    """

    codes: WholeNumbers
    size: int
    least: int

    @property
    def spare(self) -> int:
        """The places before that of the first code."""
        return int(self.least < 0)

    def at(self, part: slice) -> WholeNumbers:
        """Give the places of some people, in single bytes where they fit."""
        codes = self.codes[part]
        if self.least < -1:
            codes = np.maximum(codes, -1)
        if self.size > BYTE and codes.dtype.itemsize < 4:
            # One more than the largest code may be beyond its type.
            codes = codes.astype(np.int32)
        if self.spare:
            codes = codes + 1
        if self.size > BYTE:
            return codes
        # One more than 127 is 128 again where the sign is dropped.
        return codes.view(np.uint8) if codes.dtype == np.int8 else codes.astype(np.uint8)


class _Axes:
    """The axes of joint tables, numbered as they come; the same array is the same axis."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[int, int], int] = {}
        self.known: list[_Axis] = []
        self._cells: dict[Block, int] = {}

    def of_key(self, key: Key) -> int:
        """Find the number of the axis of a key."""
        name = id(key.codes), key.size
        if name not in self.numbers:
            codes = np.asarray(key.codes)
            least = int(codes.min(initial=0))
            self._add(name, _Axis(codes, key.size + (least < 0), least))
        return self.numbers[name]

    def of_condition(self, condition: Array) -> int:
        """Find the number of the axis of a condition, which has one code."""
        name = id(condition), 0
        if name not in self.numbers:
            if condition.all():
                self._add(name, _Axis(condition.view(np.int8), 1, 0))
            else:
                self._add(name, _Axis(condition.view(np.int8) - 1, 2, -1))
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

    def cells_of(self, block: Block) -> int:
        """Count the cells of a joint table that is asked for again and again."""
        if block not in self._cells:
            self._cells[block] = self.cells(block)
        return self._cells[block]

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
    columns: tuple[Array, ...]
    sizes: tuple[int, ...]

    @property
    def value(self) -> tuple[int, ...]:
        """What is added up."""
        return tuple(id(column) for column in self.columns)


def joint_tables(
    wanted: Sequence[Table], *, most_cells: int | None = None, chunk: int = CHUNK_OF_LARGE
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
        The most people that are added up at a time.

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
    few = min(LARGE - 1, people // PEOPLE_PER_SHARED_CELL)
    shared = _blocks(map(frozenset, chain(*blocks.values())), axes, few)
    blocks = {
        value: [next(one for one in shared if set(block) <= set(one)) for block in found]
        for value, found in blocks.items()
    }
    summed: dict[Block, dict[Value, Floats]] = {}
    for value, found in blocks.items():
        for block in found:
            summed.setdefault(block, {})[value] = np.zeros(axes.cells(block))
    small = {block: found for block, found in summed.items() if axes.cells(block) < LARGE}
    large = {block: found for block, found in summed.items() if block not in small}
    _add_up(small, columns, axes, people, min(chunk, CHUNK))
    _add_up(large, columns, axes, people, chunk)
    tables = []
    for wish in wishes:
        if 0 in wish.sizes:
            tables.append(np.zeros(wish.sizes))
            continue
        block = next(block for block in blocks[wish.value] if wish.needed <= set(block))
        tables.append(_read(wish, block, summed[block][wish.value], axes))
    return tables


def _wish(table: Table, axes: _Axes) -> _Wish:
    keys = tuple(axes.of_key(key) for key in table.keys)
    # In memory, columns are arrays.
    columns = [np.asarray(column) for column in table.value]
    conditions = [column for column in columns if column.dtype == bool]
    if table.inside is not None:
        conditions.append(np.asarray(table.inside))
    needed = axes.needed([*keys, *(axes.of_condition(condition) for condition in conditions)])
    numbers = tuple(column for column in columns if column.dtype != bool)
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


def _add_up(
    summed: dict[Block, dict[Value, Floats]],
    columns: dict[Value, tuple[Array, ...]],
    axes: _Axes,
    people: int,
    chunk: int,
) -> None:
    """Add everyone to joint tables, some people at a time."""
    # Written over again and again: to get fresh memory takes longer than to fill it.
    places = np.empty(min(chunk, people), dtype=np.intp)
    product = np.empty(len(places))
    for start in range(0, people, chunk):
        part = slice(start, min(start + chunk, people))
        here = slice(0, part.stop - start)
        codes: dict[Block, WholeNumbers] = {}
        products: dict[Value, Floats] = {}
        for block, by_value in summed.items():
            _combine(block, axes, part, codes, places[here])
            for value, flat in by_value.items():
                weight = _product(columns[value], part, products, product[here])
                counted = np.bincount(places[here], weight, len(flat))
                # Memory that nothing was written to is not there yet.
                if start:
                    flat += counted
                else:
                    by_value[value] = counted.astype(np.float64, copy=False)


def _combine(
    block: Block, axes: _Axes, part: slice, known: dict[Block, WholeNumbers], places: WholeNumbers
) -> None:
    """Combine the places of some people on several axes into one code, as bincount takes it."""
    if not block:
        places.fill(0)
    start = 0
    while start < len(block):
        stop = start + 1
        while stop < len(block) and axes.cells_of(block[start : stop + 1]) <= SHORT:
            stop += 1
        codes = _short(block[start:stop], axes, part, known)
        if start == 0:
            np.copyto(places, codes)
        else:
            places *= axes.cells_of(block[start:stop])
            places += codes
        start = stop


def _short(
    block: Block, axes: _Axes, part: slice, known: dict[Block, WholeNumbers]
) -> WholeNumbers:
    """Combine axes in one or two bytes, where much more is done at a time than in eight.

    `known` has what was combined before of the same people: blocks share their halves.
    """
    if block not in known:
        if len(block) == 1:
            known[block] = axes.known[block[0]].at(part)
        else:
            first, second = block[: len(block) // 2], block[len(block) // 2 :]
            dtype: np.dtype[Any] = np.dtype(np.uint8 if axes.cells_of(block) <= BYTE else np.uint16)
            before: WholeNumbers = _short(first, axes, part, known).astype(dtype, copy=False)
            codes = before * dtype.type(axes.cells_of(second))
            codes += _short(second, axes, part, known).astype(dtype, copy=False)
            known[block] = codes
    return known[block]


def _product(
    columns: Sequence[Array],
    part: slice,
    known: dict[Value, Floats],
    product: Floats,
) -> Array | None:
    """Multiply columns of some people; None where people are counted.

    `known` has products of all columns but the last: others begin alike.
    """
    if len(columns) < 2:
        return columns[0][part] if columns else None
    *first, last = columns
    before = first[0][part]
    if len(first) > 1:
        value = tuple(id(column) for column in first)
        if value not in known:
            known[value] = reduce(np.multiply, [column[part] for column in first])
        before = known[value]
    np.multiply(before, last[part], out=product)
    return product


def _read(wish: _Wish, block: Block, joint: Floats, axes: _Axes) -> Floats:
    """Sum a joint table over the axes that are not wanted, and put the others in order."""
    left: list[int] = []
    after = len(joint)
    for wanted, numbers in groupby(block, wish.needed.__contains__):
        axis = tuple(numbers)
        after //= axes.cells(axis)
        if wanted:
            left.extend(axis)
        else:
            # Axes next to each other are one long one.
            joint = joint.reshape(-1, axes.cells(axis), after).sum(axis=1)
    known = joint.reshape([axes.known[number].size for number in left])
    known = known[tuple(slice(axes.known[number].spare, None) for number in left)]
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
