"""Unknown numbers of people, and linear statements about them.

Everyone has, at every wave, a state, no answer or no interview. The unknowns are the numbers of
people by the first wave and two waves in a row (with three waves that is the whole path), and by
groups and the last two waves, each by whether they answered always; tables that share waves agree
on them. Any numbers that do are possible: such a chain of tables can always be put together to
whole paths.
"""

from dataclasses import dataclass, field
from itertools import pairwise, product

import numpy as np

NO_ANSWER, NOT_INTERVIEWED = "no answer", "not interviewed"
UNKNOWN = "unknown"
# Whether somebody answered at every wave, which a base may ask for.
ALWAYS = "answered at every wave"


@dataclass(frozen=True)
class Outline:
    """The names of things, which every report tells, and what groups mean.

    Attributes
    ----------
    waves, states : tuple of str
    groups : dict
        Group to its categories.
    nested : dict
        (finer group, category) to (coarser group, category), where everyone in the one is in the
        other: "under 20" is within "under 30".
    """

    waves: tuple
    states: tuple
    groups: dict = field(default_factory=dict)
    nested: dict = field(default_factory=dict)

    def values(self, name):
        """Name the values of a wave, given by its position, or of a group."""
        if isinstance(name, int):
            return (*self.states, NO_ANSWER, NOT_INTERVIEWED)
        return ("yes", "no") if name == ALWAYS else (*self.groups[name], UNKNOWN)

    @property
    def answered(self):
        """The values of a wave that are states."""
        return frozenset(self.states)

    @property
    def interviewed(self):
        """The values of a wave of everyone who was interviewed."""
        return frozenset((*self.states, NO_ANSWER))


class NotToldApartError(LookupError):
    """A number of people that the unknowns do not tell apart."""


class Unknowns:
    """The unknown numbers as one long row; a count of people is a sum of some of them."""

    def __init__(self, outline):
        self.outline = outline
        last = len(outline.waves) - 1
        waves = [(0, 1)] if last == 1 else [(0, t, t + 1) for t in range(1, last)]
        self.blocks = [(ALWAYS, *block) for block in waves]
        if outline.groups:
            self.blocks.append((ALWAYS, *outline.groups, last - 1, last))
        shapes = [[len(outline.values(name)) for name in block] for block in self.blocks]
        sizes = [int(np.prod(shape)) for shape in shapes]
        self.starts = np.concatenate([[0], np.cumsum(sizes)])
        self.size = int(self.starts[-1])
        self.shapes = [tuple(shape) for shape in shapes]
        self.possible = np.ones(self.size)
        self.possible = 1.0 * (self._impossible() == 0)

    def count(self, conditions):
        """Return the coefficients of the number of people with the given values.

        `conditions` takes the position of a wave, or a group, to the values that count.
        """
        answered = self.outline.answered
        waves = range(len(self.outline.waves))
        if all(wave in conditions and answered.issuperset(conditions[wave]) for wave in waves):
            narrower = {name: these for name, these in conditions.items() if these != answered}
            conditions = {ALWAYS: {"yes"}, **narrower}
        for place, block in enumerate(self.blocks):
            if set(conditions) <= set(block):
                return self._inside(place, conditions)
        raise NotToldApartError(conditions)

    def _inside(self, place, conditions):
        inside = np.ones(self.shapes[place])
        for axis, name in enumerate(self.blocks[place]):
            if name in conditions:
                wanted = [value in conditions[name] for value in self.outline.values(name)]
                shape = [1] * inside.ndim
                shape[axis] = -1
                inside = inside * np.array(wanted, dtype=float).reshape(shape)
        row = np.zeros(self.size)
        row[self.starts[place] : self.starts[place + 1]] = inside.ravel()
        return row * self.possible

    def links(self):
        """Return rows that are zero: tables that share waves agree on them."""
        rows = []
        for place, (one, other) in enumerate(pairwise(self.blocks)):
            shared = [name for name in one if name in other]
            for values in product(*map(self.outline.values, shared)):
                same = {name: {value} for name, value in zip(shared, values, strict=True)}
                rows.append(self._inside(place, same) - self._inside(place + 1, same))
        return np.array(rows).reshape(-1, self.size)

    def upper(self):
        """Bound what cannot be."""
        return np.where(self.possible > 0, np.inf, 0.0)

    def _impossible(self):
        """Count reasons why nobody can be in a cell.

        People of no wave are nobody, and who answered always did so at each wave; groups within
        others exclude what is not around them.
        """
        outline, reasons = self.outline, np.zeros(self.size)
        for place, block in enumerate(self.blocks):
            waves = [name for name in block if isinstance(name, int)]
            silent = {NO_ANSWER, NOT_INTERVIEWED}
            for wave in waves:
                reasons += self._inside(place, {ALWAYS: {"yes"}, wave: silent})
            if len(waves) == len(outline.waves):
                reasons += self._inside(place, {wave: {NOT_INTERVIEWED} for wave in waves})
                answered = dict.fromkeys(waves, outline.answered)
                reasons += self._inside(place, {ALWAYS: {"no"}, **answered})
        for (fine, category), (coarse, within) in outline.nested.items():
            others = set(outline.values(coarse)) - {within}
            reasons += self._inside(len(self.blocks) - 1, {fine: {category}, coarse: others})
        return reasons

    def of_people(self, answers, groups):
        """Count people whose data are known, for tests: one text per person and wave or group."""
        truth = np.zeros(self.size)
        columns = {**{t: answers[:, t] for t in range(answers.shape[1])}, **groups}
        always = [self.outline.answered.issuperset(person) for person in answers]
        columns[ALWAYS] = ["yes" if one else "no" for one in always]
        for place, block in enumerate(self.blocks):
            codes = [
                [self.outline.values(name).index(value) for value in columns[name]]
                for name in block
            ]
            flat = np.ravel_multi_index(codes, self.shapes[place])
            truth[self.starts[place] : self.starts[place + 1]] = np.bincount(
                flat, minlength=int(np.prod(self.shapes[place]))
            )
        return truth
