"""The people of an item by their ways through the waves."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design import WaveKey
from opinionpanel.disclosure.kinds import Kinds, kinds_of, numbered
from opinionpanel.measures import ADDED, base_of
from opinionpanel.panel import Panel
from opinionpanel.questions import NOT_DUE, NOT_INTERVIEWED
from opinionpanel.weighting import known_at

# The waves whose answers a base needs; or, after `BEGUN`, the wave at which its people began.
Base = tuple[str, ...]
BEGUN = ""


@dataclass(frozen=True, eq=False)
class People:
    """Kinds of people by their ways through the waves.

    Attributes
    ----------
    states : tuple of str
        The states of the item, then where people without an opinion are.
    opinions : int
        How many of the states are opinions.
    waves : tuple of str
    paths : Kinds
        Values by wave are places in `states`. Where weights leave people out of a base that they
        would be in, a value says so.
    """

    states: tuple[str, ...]
    opinions: int
    waves: tuple[str, ...]
    paths: Kinds

    @property
    def counts(self) -> Floats:
        """How many people are of each kind."""
        return self.paths.people

    @property
    def known(self) -> Floats:
        """Sums of kinds that are known whatever is shown: how many answered at which waves."""
        values = self.paths.values
        there = [np.where(values[wave] < self.opinions, 0, values[wave]) for wave in self.waves]
        pattern, found = numbered(there)
        rows = [pattern == number for number in range(found.shape[1])]
        return np.array(rows, dtype=np.float64)

    def at(self, wave: str, state: str) -> Booleans:
        """Mark the paths through a state at a wave."""
        return np.asarray(self.paths.values[wave] == self.states.index(state))

    def base(self, base: Base) -> Booleans:
        """Mark the paths in the base of a wave, a pair, or the way of those who began at one."""
        values = self.paths.values
        if base in values:
            return np.asarray(values[base] == 1)
        return _implied(base, values, self.states, self.opinions)


def people_of(
    panel: Panel, item: str, pairs: Sequence[tuple[str, str]], chain: Sequence[str]
) -> People:
    """Sort the people of a panel into kinds.

    Parameters
    ----------
    panel : Panel
    item : str
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
        here = in_base(panel, item, base)
        implied = _implied(base, status, states, len(names))
        if (here != implied)[panel.domain].any():
            columns[base] = (here.astype(np.int64), 2)
    return People(states, len(names), waves, kinds_of(columns, np.asarray(panel.domain)))


def in_base(panel: Panel, item: str, base: Base) -> Booleans:
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


def anchored(panel: Panel, item: str, key: WaveKey) -> bool:
    """Tell whether a weight is brought to known answers to an item.

    It then tells how many of the people that it was made among gave each of them: the share that
    is known, by the factor of the weight.
    """
    known = {known_at(item, wave) for wave in panel.asked(item)}
    steps = panel.calibrations.get(key, ())
    return any(margin.name in known for step in steps for margin in step.margins)
