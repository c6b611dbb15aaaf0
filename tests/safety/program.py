"""Statements as a linear program, made small: whole numbers, each sum once, no empty cells."""

import numpy as np
from scipy import sparse
from scipy.optimize import linprog
from widths import counts, moved

# Ends of intervals of numbers of people that are whole but for rounding.
FUZZ = 1e-6
# More people than any study has: what nothing bounds ends here.
MANY = 1e5


class ContradictionError(ValueError):
    """What was read cannot all be true: the attacker misread something."""


class Program:
    """The numbers of people that fit all statements, to be pushed in any direction.

    Parameters
    ----------
    unknowns : Unknowns
    statements : list of Statement
    """

    def __init__(self, unknowns, statements):
        self.size = unknowns.size
        limits = whole_limits(statements, unknowns.count({}))
        self.names = sorted({name for one in statements for name in one.helpers})
        most = unknowns.upper()
        for row, (_, high) in limits.values():
            if high == 0 and (row >= 0).all():
                # Nobody is in any part of an empty cell.
                most[row > 0] = 0
        self.kept = np.flatnonzero(most > 0)
        rows, lows, highs = [], [], []
        for row in unknowns.links():
            self._add(rows, row, {})
            lows.append(0.0)
            highs.append(0.0)
        for row, (low, high) in limits.values():
            self._add(rows, row, {})
            lows.append(low)
            highs.append(high)
        for row, low, high, helpers in _others(statements, limits):
            self._add(rows, row, helpers)
            lows.append(low)
            highs.append(high)
        self._split(np.array(rows).reshape(-1, len(self.kept) + len(self.names)), lows, highs)

    def _add(self, rows, row, helpers):
        more = [helpers.get(name, 0.0) for name in self.names]
        rows.append(np.concatenate([row[self.kept], more]))

    def _split(self, rows, lows, highs):
        """Sort into equations and inequalities, as the solver wants them."""
        lows, highs = np.array(lows), np.array(highs)
        same = lows == highs
        above, below = ~same & np.isfinite(lows), ~same & np.isfinite(highs)
        self.constraints = {
            "A_ub": sparse.csr_array(np.vstack([rows[below], -rows[above]])),
            "b_ub": np.concatenate([highs[below], -lows[above]]),
            "A_eq": sparse.csr_array(rows[same]),
            "b_eq": lows[same],
        }

    def minimum(self, objective):
        """Return the unknowns for which a sum of them is least; None where nothing fits."""
        cost = np.concatenate([objective[self.kept], np.zeros(len(self.names))])
        result = linprog(cost, **self.constraints, bounds=(0, MANY), method="highs")
        if result.status == 2:
            return None
        if result.status:
            raise ContradictionError(result.message)
        found = np.zeros(self.size)
        found[self.kept] = result.x[: len(self.kept)]
        return found


def whole_limits(statements, total):
    """Join what is said of the same sums of people, as whole numbers, by the sum's coefficients.

    A share of a base that is known exactly is a number of people.
    """
    limits = {}

    def narrow(row, low, high):
        row = row + 0.0
        _, (least, most) = limits.get(row.tobytes(), (row, (-np.inf, np.inf)))
        low, high = np.ceil(low - FUZZ), np.floor(high + FUZZ)
        limits[row.tobytes()] = row, (max(least, low), min(most, high))

    plain = [one for one in statements if not one.helpers]
    for one in plain:
        if one.of is None and one.whole:
            narrow(one.row, one.low, one.high)
    for one in plain:
        people = None if one.of is None else _known(limits, one.of)
        if people is not None:
            narrow(one.row, one.low * people, one.high * people)
            everyone = _known(limits, total)
            if one.ends and everyone and people > 1:
                for row, ends in _told_by_width(one, int(people), everyone):
                    narrow(row, *ends)
    return limits


def _told_by_width(one, people, everyone):
    """Read the interval of a share, or of a difference of shares, of a base that is known."""
    if one.moved is not None:
        if one.ends[0].low > -1 and one.ends[1].high < 1:
            yield one.moved, moved(people, everyone, one, one.ends)
    elif one.low > 0 and one.high < 1 and (found := counts(people, everyone, one.ends)):
        yield one.row, found


def _known(limits, of):
    """Return the number of people of a base where it is exactly known."""
    low, high = limits.get((of + 0.0).tobytes(), (None, (0, 1)))[1]
    return low if low == high else None


def _others(statements, limits):
    """Give the statements that are not limits of a sum: shares of unknown bases, with helpers;
    and sums that are no numbers of people.
    """
    for one in statements:
        if one.of is None:
            if one.helpers or not one.whole:
                yield one.row, one.low, one.high, one.helpers
        elif one.helpers or _known(limits, one.of) is None:
            people = _known(limits, one.of)
            if people is not None:
                yield one.row, one.low * people, one.high * people, one.helpers
            else:
                yield one.row - one.low * one.of, 0.0, np.inf, one.helpers
                yield one.row - one.high * one.of, -np.inf, 0.0, one.helpers
