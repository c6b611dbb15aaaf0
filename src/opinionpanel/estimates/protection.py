"""What must be withheld beside small counts, so that nobody can compute them.

The heuristic of complementary cell suppression by linear programs: J. P. Kelly, B. L. Golden and
A. A. Assad (1992), Cell suppression: disclosure protection for sensitive tabular data, Networks
22. Other counts than the true ones are sought that fit all that is shown, and of which the
withheld one is far enough from the truth; what has to change for that is withheld as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from opinionpanel.arrays import Booleans, Floats

# What the solver leaves of no change at all.
NO_CHANGE = 1e-6
# How often many sums are pushed up and down at once, each time other ones up.
PUSHES = 8


@dataclass(frozen=True, eq=False)
class Figures:
    """Figures that leave together, each the sum of some counts of people.

    Attributes
    ----------
    parts : numpy.ndarray of bool or float, shape (figures, counts)
        Which counts a figure adds up.
    counts : numpy.ndarray, shape (counts,)
        Unweighted people; none of them need be shown.
    price : numpy.ndarray, shape (figures,)
        What it costs readers to lose a figure; infinite for what is always shown.
    """

    parts: Floats
    counts: Floats
    price: Floats


@dataclass
class Protection:
    """Counts other than the true ones that fit all that is shown, found so far.

    Attributes
    ----------
    figures : Figures
    hidden : numpy.ndarray of bool, shape (figures,)
        What is withheld; it only ever grows, so that what was found stays.
    changes : list of numpy.ndarray, shape (counts,)
        By how much the other counts differ from the true ones.
    """

    figures: Figures
    hidden: Booleans
    changes: list[Floats] = field(default_factory=list)

    def joined(self, parts: Floats, price: Floats, hidden: Booleans) -> "Protection":
        """Add figures, with the changes found so far that fit these as well."""
        old = self.figures
        both = np.vstack([old.parts, parts])
        figures = Figures(both, old.counts, np.append(old.price, price))
        shown = parts[~hidden]
        fit = [one for one in self.changes if (np.abs(shown @ one) <= NO_CHANGE).all()]
        return Protection(figures, np.append(self.hidden, hidden), fit)

    def protect(self, target: Floats, width: float) -> bool:
        """Withhold what is needed for a sum of counts to be uncertain by `width` people.

        Returns False where that cannot be: what is always shown tells the sum.
        """
        targets, widths = target[None, :], np.array([width])
        if self._open(targets, widths, self.changes)[0]:
            return True
        # Upwards alone mostly will do, and half as large a program. With both ends the numbers of
        # people between them may be one fewer, as people are whole.
        for ends, more in ((1, 0), (2, 0), (2, 1)):
            found = self._solved(target, width + more, ends)
            if found is not None and self._open(targets, widths, [*self.changes, *found])[0]:
                self.changes += found
                moves = np.abs(self.figures.parts @ np.array(found).T).max(axis=1)
                self.hidden |= moves > NO_CHANGE
                return True
        return False

    def move_together(self, targets: Floats, widths: Floats) -> None:
        """Look for changes of what is withheld already, each of which moves many sums far enough.

        These are few programs in the place of many, where enough is withheld.
        """
        for signs in np.random.default_rng(0).choice([-1.0, 1.0], (PUSHES, len(targets))):
            left = ~self._open(targets, widths, self.changes)
            if left.any():
                self.changes += self._pushed(signs[left, None] * targets[left], widths[left])

    def push_apart(self, target: Floats, width: float) -> None:
        """Look for changes of what is withheld already that move one sum up, and down."""
        targets, widths = target[None, :], np.array([width])
        for way in (targets, -targets):
            if not self._open(targets, widths, self.changes)[0]:
                self.changes += self._pushed(way, widths)

    def _open(self, targets: Floats, widths: Floats, changes: Sequence[Floats]) -> Booleans:
        """Mark the sums that some changes leave uncertain by their widths, in whole people."""
        moved = np.array([np.zeros(len(self.figures.counts)), *changes]) @ targets.T
        up, down = (np.floor(ends + NO_CHANGE) for ends in (moved.max(axis=0), -moved.min(axis=0)))
        return np.asarray(up + down > widths - NO_CHANGE)

    def _pushed(self, targets: Floats, widths: Floats) -> list[Floats]:
        """Push sums upwards, each as far as its width, by a change of what is withheld."""
        from scipy import sparse
        from scipy.optimize import linprog

        counts, many = self.figures.counts, len(targets)
        shown: Any = sparse.csr_array(self.figures.parts[~self.hidden])
        moves: Any = sparse.csr_array(-targets)
        solved: Any = linprog(
            np.append(np.zeros(len(counts)), -np.ones(many)),
            A_ub=sparse.hstack([moves, sparse.identity(many)]),
            b_ub=np.zeros(many),
            A_eq=sparse.hstack([shown, sparse.csr_array((shown.shape[0], many))]),
            b_eq=np.zeros(shown.shape[0]),
            bounds=[*((-count, None) for count in counts), *((None, width) for width in widths)],
            method="highs",
        )
        return [solved.x[: len(counts)]] if solved.success else []

    def _solved(self, target: Floats, width: float, ends: int) -> list[Floats] | None:
        """Find the cheapest changes: one upwards, or one upwards and one downwards."""
        from scipy import sparse
        from scipy.optimize import linprog

        parts, counts, price = self.figures.parts, self.figures.counts, self.figures.price
        always = np.isinf(price)
        may = ~always & ~self.hidden
        size, free = len(counts), int(may.sum())
        fixed: Any = sparse.block_diag([parts[always]] * ends)
        fixed = sparse.hstack([fixed, sparse.csr_array((fixed.shape[0], free))])
        signs = [1.0, -1.0][:ends]
        goal = np.concatenate([*(sign * target for sign in signs), np.zeros(free)])
        moves: Any = sparse.block_diag([parts[may]] * ends)
        beside: Any = sparse.vstack([sparse.identity(free)] * ends, format="csr")
        sides = [sparse.hstack([sign * moves, -beside]) for sign in (1.0, -1.0)]
        bounds: Any = sparse.vstack(sides)
        solved: Any = linprog(
            np.concatenate([np.zeros(ends * size), price[may]]),
            A_ub=bounds if free else None,
            b_ub=np.zeros(bounds.shape[0]) if free else None,
            A_eq=sparse.vstack([fixed, sparse.csr_array(goal[None, :])]),
            b_eq=np.concatenate([np.zeros(fixed.shape[0]), [width]]),
            bounds=[*((-count, None) for count in np.tile(counts, ends)), *[(0, None)] * free],
            method="highs",
        )
        if not solved.success:
            return None
        return list(solved.x[: ends * size].reshape(ends, size))
