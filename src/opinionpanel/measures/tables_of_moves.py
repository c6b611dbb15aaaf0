"""The linear programmes of possible moves: the least and the most that a table can have in a cell.

A table of moves has the groups of people, their states before and after; of it only the margins
are known, each between two limits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from opinionpanel.arrays import Booleans, Floats

# HiGHS takes a constraint for met at 1e-7 by itself; margins of surveys have more digits.
EXACT: Any = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


@dataclass(frozen=True, eq=False)
class Margins:
    """How many people of each group are in each state, as shares of all: limits of them.

    Attributes
    ----------
    low, high : numpy.ndarray, shape (groups, states)
        Equal where the share is taken as known.
    """

    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class TablesOfMoves:
    """All tables that two sets of margins and some assumptions allow.

    Attributes
    ----------
    first, last : Margins
        Before and after, by group.
    allowed : numpy.ndarray of bool, shape (states, states)
        The moves that anybody can make.
    most : float
        The largest share of people who can have moved; 1 for no limit.
    whole : tuple of Margins
        Before and after of all groups together, shape (1, states); nothing where the groups say
        it all.
    """

    first: Margins
    last: Margins
    allowed: Booleans
    most: float = 1.0
    whole: tuple[Margins, ...] = ()

    @property
    def known(self) -> bool:
        """Whether all margins are known, or have limits."""
        every = (self.first, self.last, *self.whole)
        return all(bool(np.isfinite([one.low, one.high]).all()) for one in every)

    def flow(self, origin: int, destination: int) -> tuple[float, float]:
        """Find the least and the most of all people that can have made a move; NaN for none."""
        return self._ends(self._cell(origin, destination), self._everyone)

    def transition(self, origin: int, destination: int) -> tuple[float, float]:
        """Find the least and the most of those in the origin that can have made a move.

        Notes
        -----
        A ratio of two sums, where the lower one is not known for certain: tables are measured in
        parts of it (Charnes & Cooper 1962, Naval Research Logistics Quarterly 9).
        """
        started = (self._origin == origin).astype(np.float64)
        return self._ends(self._cell(origin, destination), started)

    @property
    def least_moved(self) -> float:
        """Find the least share of people that must have moved; NaN where no table is possible."""
        moved = (self._origin != self._destination).astype(np.float64)
        return self._ends(moved, self._everyone)[0]

    def _ends(self, counted: Floats, base: Floats) -> tuple[float, float]:
        """Minimise and maximise a sum over tables that are measured in parts of another one."""
        found = [self._solved(sign * counted, base) for sign in (1.0, -1.0)]
        # Adding zero turns -0.0 into 0.0.
        return found[0] + 0.0, 0.0 - found[1]

    def _solved(self, counted: Floats, base: Floats) -> float:
        from scipy.optimize import linprog

        above, fixed, right = self._constraints
        solution = linprog(
            np.r_[counted, 0.0],
            A_ub=above if len(above) else None,
            b_ub=np.zeros(len(above)) if len(above) else None,
            A_eq=np.vstack([fixed, np.r_[base, 0.0]]),
            b_eq=np.r_[right, 1.0],
            method="highs-ds",
            options=EXACT,
        )
        return np.nan if solution.status or solution.fun is None else float(solution.fun)

    @cached_property
    def _places(self) -> Any:
        """Give group, origin and destination of every cell that people can be in."""
        groups = len(self.first.low)
        cells = np.broadcast_to(self.allowed, (groups, *self.allowed.shape))
        return np.nonzero(cells)

    @property
    def _origin(self) -> Any:
        return self._places[1]

    @property
    def _destination(self) -> Any:
        return self._places[2]

    @property
    def _everyone(self) -> Floats:
        return np.ones(len(self._origin))

    def _cell(self, origin: int, destination: int) -> Floats:
        inside = (self._origin == origin) & (self._destination == destination)
        return np.asarray(inside, dtype=np.float64)

    @cached_property
    def _constraints(self) -> tuple[Floats, Floats, Floats]:
        """Give what is at most 0, what is fixed, and at what: of the cells, and of their scale.

        The last unknown is the number that all cells are multiplied by.
        """
        above, fixed = list[Floats](), [np.r_[self._everyone, -1.0]]
        for sums, low, high in self._sums():
            if low == high:
                fixed.append(np.r_[sums, -low])
            else:
                above += [np.r_[-sums, low], np.r_[sums, -high]]
        if self.most < 1:
            moved = (self._origin != self._destination).astype(np.float64)
            above.append(np.r_[moved, -self.most])
        return np.array(above), np.array(fixed), np.zeros(len(fixed))

    def _sums(self) -> Iterator[tuple[Floats, float, float]]:
        """Give the cells that each margin is the sum of, and the limits of it."""
        group = self._places[0]
        ends = (self._origin, self._destination)
        for margins, states in zip((self.first, self.last), ends, strict=True):
            for (one, state), low in np.ndenumerate(margins.low):
                inside = (group == one) & (states == state)
                yield inside.astype(np.float64), float(low), float(margins.high[one, state])
        for margins, states in zip(self.whole, ends, strict=False):
            for (_, state), low in np.ndenumerate(margins.low):
                inside = states == state
                yield inside.astype(np.float64), float(low), float(margins.high[0, state])
