"""The people of an item by their groups, and by where they were at the waves of tables by group."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.disclosure.kinds import Kinds, kinds_of, numbered
from opinionpanel.disclosure.people import Base, People, in_base
from opinionpanel.disclosure.published_tables import Table, known_table
from opinionpanel.estimates import NO_CHANGE
from opinionpanel.panel import Panel

# The columns of kinds that say which categories people are in, and where they were.
CATEGORIES, PLACE = "categories", "place"
# So many people are not by chance in categories in which nobody of another one is.
NOT_BY_CHANCE = 5.0


@dataclass(frozen=True, eq=False)
class Block:
    """Kinds of people by groups of which a reader may know which categories go together.

    Attributes
    ----------
    kinds : Kinds
    categories, before : dict to numpy.ndarray of int
        By group, the category of each kind, -1 for none; now, and before small ones were put
        together.
    start : int
        Where the kinds of the block begin among all kinds.
    """

    kinds: Kinds
    categories: Mapping[str, Integers]
    before: Mapping[str, Integers]
    start: int


@dataclass(frozen=True, eq=False)
class Members:
    """Kinds of people in blocks of groups, each of which holds all people.

    Groups whose categories cross freely have blocks of their own: numbers of people that fit the
    tables of each fit those of all, as long as they agree on where how many people were.

    Attributes
    ----------
    waves : tuple of str
        The main pair; or the last wave alone.
    opinions : int
    bases : dict of tuple of str to numpy.ndarray of bool, shape (places,)
        Which places belong to the base of a wave, or of the pair.
    status : dict of str to numpy.ndarray of int, shape (places,)
        The state of each place at each wave, -1 where no base tells it.
    blocks : list of Block
    moved : numpy.ndarray, shape (changes, places)
        How many people more would be at each place if the tables of all people were of other ways
        of people, which fit them as well.
    """

    waves: tuple[str, ...]
    opinions: int
    bases: Mapping[Base, Booleans]
    status: Mapping[str, Integers]
    blocks: Sequence[Block]
    moved: Floats

    def apart(self) -> list["Members"]:
        """Give each block alone, where what the ways of people leave open is nothing of theirs.

        Tables of one then tell nothing of those of another.
        """
        if self.moved.any():
            return [self]
        fixed = np.zeros((0, self.moved.shape[1]))
        return [
            replace(self, blocks=[replace(block, start=0)], moved=fixed) for block in self.blocks
        ]

    @property
    def counts(self) -> Floats:
        """How many people are of each kind of all blocks; then none, for each change of the ways.

        Of changes all together are made once at most.
        """
        people = [block.kinds.people for block in self.blocks]
        once = [1.0] if len(self.moved) else []
        return np.concatenate([*people, np.zeros(len(self.moved)), once])

    @property
    def groups(self) -> list[str]:
        """Name the groups of all blocks."""
        return [name for block in self.blocks for name in block.categories]

    def block(self, group: str) -> Block:
        """Find the block of a group."""
        return next(block for block in self.blocks if group in block.categories)

    def inside(self, block: Block, base: Base) -> Booleans:
        """Mark the kinds of a block in a base."""
        return np.asarray(self.bases[base][block.kinds.values[PLACE]])

    def at(self, block: Block, wave: str) -> Integers:
        """Give the state of each kind of a block at a wave."""
        return np.asarray(self.status[wave][block.kinds.values[PLACE]])

    def among_all(self, block: Block, mask: Booleans) -> Booleans:
        """Extend a mask of a block to all kinds, and to the changes of the ways."""
        found = np.zeros(len(self.counts), dtype=bool)
        found[block.start : block.start + len(mask)] = mask
        return found

    def known(self, kept: Mapping[Base, Sequence[str]]) -> Table:
        """Say what readers know whatever is shown by group.

        Parameters
        ----------
        kept : dict of tuple of str to sequence of str
            The bases that have a table of all people, and the waves whose answers it shows.
        """
        rows = [row for block in self.blocks for row in (*self._sizes(block), *self._ways(block))]
        if changes := len(self.moved):
            rows.append(np.repeat([0.0, 1.0], [len(self.counts) - changes - 1, changes + 1]))
        populations = [
            (wave, self.among_all(block, self.inside(block, base)))
            for block in self.blocks
            for base, waves in kept.items()
            for wave in waves
        ]
        return known_table(np.array(rows), populations)

    def through_ways(self, sums: Floats) -> Floats:
        """Extend sums of changes of the ways, shape (sums, changes), to all kinds."""
        kinds = len(self.counts) - len(self.moved) - 1
        return np.pad(sums, ((0, 0), (kinds, 1)))

    def ways_changed(self) -> list[Floats]:
        """Give each change of the ways alone, as a change of everything."""
        alone = self.through_ways(np.eye(len(self.moved)))
        alone[:, -1:] = -1.0
        return list(alone)

    def _sizes(self, block: Block) -> list[Floats]:
        """Say of each category how many people are in which bases: the summary tells it."""
        there, _ = numbered([base.astype(np.int64) for base in self.bases.values()])
        here = there[block.kinds.values[PLACE]]
        rows = []
        for codes in block.before.values():
            number, found = numbered([codes + 1, here])
            rows += [self.among_all(block, number == one) for one in range(found.shape[1])]
        return [row.astype(np.float64) for row in rows]

    def _ways(self, block: Block) -> list[Floats]:
        """Say that a block has as many people at each place as there are on all ways."""
        rows = []
        for place in range(self.moved.shape[1]):
            row = self.among_all(block, block.kinds.values[PLACE] == place).astype(np.float64)
            if len(self.moved):
                row[-1 - len(self.moved) : -1] = -self.moved[:, place]
            rows.append(row)
        return rows


def members_of(
    panel: Panel,
    item: str,
    people: People,
    waves: Sequence[str],
    before: Panel,
    groups: Sequence[str],
    changes: Sequence[Floats],
) -> Members:
    """Sort people by their groups, and by where they were at the waves of tables by group.

    Parameters
    ----------
    panel : Panel
    item : str
    people : People
        By their ways through all waves.
    waves : sequence of str
        The main pair; or the last wave alone.
    before : Panel
        With the groups before small categories were put together.
    groups : sequence of str
        Those that are to have tables.
    changes : sequence of numpy.ndarray, shape (ways,)
        By how much the people on each way may differ from the true ones.
    """
    asked: list[Base] = list(dict.fromkeys([tuple(waves), *((wave,) for wave in waves)]))
    answers = {wave: panel.answers[item][panel.position(wave)].astype(np.int64) for wave in waves}
    domain = np.asarray(panel.domain)
    of_people = _places({base: in_base(panel, item, base) & domain for base in asked}, answers)
    of_ways = _places({base: people.base(base) for base in asked}, people.paths.values)
    inside = np.logical_or.reduce(of_people[: len(asked)] == 1)
    every = _every_place(of_people[:, inside], len(asked), people.opinions)
    number = {place: row for row, place in enumerate(map(tuple, every.T.tolist()))}
    place = np.array([number.get(tuple(one), 0) for one in of_people.T.tolist()], dtype=np.int64)
    moved = np.zeros((len(changes), every.shape[1]))
    for way, one in enumerate(map(tuple, of_ways.T.tolist())):
        if one in number:
            moved[:, number[one]] += [change[way] for change in changes]
    moved[np.abs(moved) < NO_CHANGE] = 0.0
    position = panel.position(waves[-1])
    blocks: list[Block] = []
    codes = {name: before.groups[name].at(position).astype(np.int64) for name in groups}
    for names in _related({name: part[inside] for name, part in codes.items()}):
        rows = [panel.groups[name].at(position).astype(np.int64) for name in names]
        rows += [codes[name] for name in names]
        start = blocks[-1].start + len(blocks[-1].kinds.people) if blocks else 0
        blocks.append(_block(names, rows, (place, every.shape[1]), inside, start))
    bases = dict(zip(asked, every == 1, strict=False))
    status = dict(zip(waves, every[len(asked) :], strict=True))
    return Members(tuple(waves), people.opinions, bases, status, blocks, moved)


def _block(
    names: Sequence[str],
    rows: Sequence[Integers],
    place: tuple[Integers, int],
    inside: Booleans,
    start: int,
) -> Block:
    """Sort people by some groups, whose categories now and before are rows, and by place."""
    # Which categories go together is known to whoever knows what they mean.
    member, found = numbered([row[inside] + 1 for row in rows])
    column = np.zeros(len(inside), dtype=np.int64)
    column[inside] = member
    columns: dict[Hashable, tuple[Integers, int]] = {
        CATEGORIES: (column, found.shape[1]),
        PLACE: place,
    }
    kinds = kinds_of(columns, inside)
    of_kinds = [values[kinds.values[CATEGORIES]] - 1 for values in found]
    now, then = of_kinds[: len(names)], of_kinds[len(names) :]
    return Block(
        kinds, dict(zip(names, now, strict=True)), dict(zip(names, then, strict=True)), start
    )


def _places(bases: Mapping[Base, Booleans], status: Mapping[Any, Integers]) -> Integers:
    """Say who is in which base, and in which state at each wave that one of these tells."""
    waves = list(dict.fromkeys(wave for base in bases for wave in base))
    rows = [inside.astype(np.int64) for inside in bases.values()]
    for wave in waves:
        told = np.logical_or.reduce([inside for base, inside in bases.items() if wave in base])
        rows.append(np.where(told, status[wave], -1))
    return np.array(rows)


def _every_place(found: Integers, bases: int, opinions: int) -> Integers:
    """List all places at which people could be: readers do not know where nobody is."""
    patterns = {
        (*one[:bases], *(min(state, 0) for state in one[bases:])) for one in found.T.tolist()
    }
    every: set[tuple[int, ...]] = set()
    for pattern in patterns:
        states = ([-1] if state < 0 else range(opinions) for state in pattern[bases:])
        every.update((*pattern[:bases], *each) for each in product(*states))
    return np.array(sorted(every), dtype=np.int64).reshape(len(every), -1).T


def _related(codes: Mapping[str, Integers]) -> list[list[str]]:
    """Sort groups into those that are related, directly or through others."""
    found: list[list[str]] = []
    for name, part in codes.items():
        near = [names for names in found if any(_nested(part, codes[other]) for other in names)]
        found = [names for names in found if names not in near]
        found.append([*(other for names in near for other in names), name])
    return found


def _nested(one: Integers, other: Integers) -> bool:
    """Tell whether the categories of two groups do not cross freely.

    Where some categories of one hold nobody of a category of the other, though by chance some
    would be there, readers may know that nobody can be.
    """
    both = (one >= 0) & (other >= 0)
    if not both.any():
        return False
    table = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(table, (one[both], other[both]), 1.0)
    for part in (table, table.T):
        expected = part.sum(axis=1) * ((part == 0) @ part.sum(axis=0)) / part.sum()
        if (expected >= NOT_BY_CHANCE).any():
            return True
    return False
