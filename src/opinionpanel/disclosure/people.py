"""The people of an item by all that is published of it: where they were, and their groups."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.disclosure.kinds import Kinds, kinds_of, numbered
from opinionpanel.measures import ADDED, base_of
from opinionpanel.panel import Panel
from opinionpanel.questions import NOT_DUE, NOT_INTERVIEWED, Group

# The waves whose answers a base needs; or, after `BEGUN`, the wave at which its people began.
Base = tuple[str, ...]
BEGUN = ""
# The column of kinds that says which groups people are in.
GROUPS = "groups"
# Marks a group as it was before its small categories were put together.
BEFORE = "before"


@dataclass(frozen=True, eq=False)
class People:
    """Kinds of people in two blocks: by their ways through the waves, and by their groups.

    The blocks have the last wave in common. Tables by group are about that wave alone: nothing
    else is published of the ways of a group.

    Attributes
    ----------
    states : tuple of str
        The states of the item, then where people without an opinion are.
    opinions : int
        How many of the states are opinions.
    waves : tuple of str
    paths, members : Kinds
        Values by wave are places in `states`. Where weights leave people out of a base that they
        would be in, a value says so.
    categories : dict to numpy.ndarray of int
        By group, the category of each kind of members, -1 for none; by (`BEFORE`, group), that
        before small ones were put together.
    """

    states: tuple[str, ...]
    opinions: int
    waves: tuple[str, ...]
    paths: Kinds
    members: Kinds
    categories: Mapping[Hashable, Integers]

    @property
    def counts(self) -> Floats:
        """How many people are of each kind of both blocks."""
        return np.concatenate([self.paths.people, self.members.people])

    @property
    def known(self) -> Floats:
        """Sums of kinds that are known whatever is shown.

        These are how many people answered at which waves, and how many of each category did at the
        last, for the summary of a panel counts them; and the differences between the blocks, of
        people alike at the last wave, which are zero.
        """
        paths, members = self.paths.values, self.members.values
        there = [np.where(paths[wave] < self.opinions, 0, paths[wave]) for wave in self.waves]
        pattern, found = numbered(there)
        rows = [self.ways(pattern == number) for number in range(found.shape[1])]
        last = members[self.waves[-1]]
        here = np.where(last < self.opinions, 0, last)
        for codes in self.categories.values():
            number, kinds = numbered([codes + 1, here])
            rows += [self.grouped(number == kind) for kind in range(kinds.shape[1])]
        shared = [name for name in members if name != GROUPS]
        blocks = [np.array([values[name] for name in shared]) for values in (paths, members)]
        for values in np.unique(np.hstack(blocks), axis=1).T:
            a, b = ((block == values[:, None]).all(axis=0) for block in blocks)
            rows.append(np.concatenate([a, -1.0 * b]))
        return np.array(rows, dtype=np.float64)

    def at(self, wave: str, state: str) -> Booleans:
        """Mark the paths through a state at a wave."""
        return np.asarray(self.paths.values[wave] == self.states.index(state))

    def base(self, base: Base, kinds: Kinds) -> Booleans:
        """Mark the kinds in the base of a wave, a pair, or the way of those who began at one."""
        if base in kinds.values:
            return np.asarray(kinds.values[base] == 1)
        return _implied(base, kinds.values, self.states, self.opinions)

    def ways(self, mask: Booleans) -> Booleans:
        """Extend a mask of the paths to both blocks."""
        return np.append(mask, np.zeros(len(self.members.people), dtype=bool))

    def grouped(self, mask: Booleans) -> Booleans:
        """Extend a mask of the members to both blocks."""
        return np.append(np.zeros(len(self.paths.people), dtype=bool), mask)


def people_of(
    panel: Panel,
    item: str,
    groups: Mapping[Hashable, Group],
    pairs: Sequence[tuple[str, str]],
    chain: Sequence[str],
) -> People:
    """Sort the people of a panel into kinds.

    Parameters
    ----------
    panel : Panel
    item : str
    groups : dict to Group
        Those with a table at the last wave that asked the item, now and, as (`BEFORE`, group),
        before small categories were put together.
    pairs : sequence of (str, str)
        Those with a table of flows.
    chain : sequence of str
        The waves of the way of those interviewed first; empty without one.
    """
    waves, codes = panel.asked(item), panel.answers[item]
    names = panel.item(item).state_names
    answers = {wave: codes[panel.position(wave)].astype(np.int64) for wave in waves}
    silent = [code for code in ADDED if any((part == code).any() for part in answers.values())]
    states = (*names, *(ADDED[code] for code in silent))
    places = {code: len(names) + place for place, code in enumerate(silent)}
    columns: dict[Hashable, tuple[Integers, int]] = {}
    for wave, part in answers.items():
        for code, place in places.items():
            part = np.where(part == code, place, part)
        columns[wave] = (part, len(states))
    status = {wave: part for wave, (part, _) in columns.items()}
    bases: list[Base] = [*((wave,) for wave in waves), *pairs]
    if chain:
        bases += [(BEGUN, chain[0]), tuple(chain)]
    for base in bases:
        here = _in_base(panel, item, base)
        implied = _implied(base, status, states, len(names))
        if (here != implied)[panel.domain].any():
            columns[base] = (here.astype(np.int64), 2)
    paths = kinds_of(columns, np.asarray(panel.domain))
    members, categories = _members(panel, groups, waves[-1], columns)
    return People(states, len(names), waves, paths, members, categories)


def _members(
    panel: Panel,
    groups: Mapping[Hashable, Group],
    wave: str,
    columns: Mapping[Hashable, tuple[Integers, int]],
) -> tuple[Kinds, dict[Hashable, Integers]]:
    """Sort people by their groups, and by where they were at the last wave."""
    everyone = np.zeros(len(panel.domain), dtype=np.int64)
    at_wave = [group.at(panel.position(wave)) for group in groups.values()]
    codes = [everyone, *(part.astype(np.int64) + 1 for part in at_wave)]
    # Which categories go together is known to whoever knows what they mean.
    member, found = numbered([part[panel.domain] for part in codes])
    column = everyone.copy()
    column[panel.domain] = member
    every: dict[Hashable, tuple[Integers, int]] = {GROUPS: (column, found.shape[1])}
    for name in (wave, (wave,)):
        if name in columns:
            every[name] = columns[name]
    kinds = kinds_of(every, np.asarray(panel.domain))
    of_kinds = (values[kinds.values[GROUPS]] - 1 for values in found[1:])
    return kinds, dict(zip(groups, of_kinds, strict=True))


def _in_base(panel: Panel, item: str, base: Base) -> Booleans:
    """Mark the people in a base, with a weight there."""
    begun = base[0] == BEGUN
    waves = list(base[begun:])
    inside, weight = base_of(panel, item, waves, tuple(waves), "panel" if begun else "answered")
    return np.asarray(inside & (weight.values > 0))


def _implied(
    base: Base, status: Mapping[Hashable, Integers], states: Sequence[str], opinions: int
) -> Booleans:
    """Mark those who belong to a base by where they were."""
    if base[0] == BEGUN:
        absent = (ADDED[NOT_INTERVIEWED], ADDED[NOT_DUE])
        away = [states.index(name) for name in absent if name in states]
        return ~np.isin(status[base[1]], away)
    return np.asarray(np.logical_and.reduce([status[wave] < opinions for wave in base]))
