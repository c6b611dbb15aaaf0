"""Weighted proportional odds over patterns of covariates: the fit and its derivatives."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.errors import DesignError
from opinionpanel.models.logit import without_end

# Of the score of one person, by a step of 1 in any coefficient.
FLAT = 1e-10
ITERATIONS = 200


@dataclass(frozen=True, eq=False)
class Ordered:
    """A fitted proportional-odds logit: logit P(outcome ≤ j) = θ_j − x′β.

    Attributes
    ----------
    value : numpy.ndarray, shape (m,)
        β, of the columns after the intercept, and the thresholds θ.
    inverse : numpy.ndarray, shape (m, m)
        Inverse of the observed information at the weights given.
    loglik : float
        Log-likelihood at the weights given.
    """

    value: Floats
    inverse: Floats
    loglik: float

    def shares_of(self, design: Floats) -> Floats:
        """Probabilities of the outcomes, shape (patterns, outcomes)."""
        return np.diff(_Curve(design, self.value).below, axis=1)

    def slopes_of(self, design: Floats, weight: Floats) -> Floats:
        """Differentiate the average of these by the coefficients, shape (outcomes, m)."""
        curve = _Curve(design, self.value)
        weighted = (weight / weight.sum())[:, None] * curve.density
        return np.diff(np.einsum("pt,ptm->tm", weighted, curve.directions), axis=0)

    def scores(self, design: Floats) -> Floats:
        """Differentiate the coefficients by the weight of a person.

        The inverse information times the person's score, shape (patterns, outcomes, m).
        """
        return np.asarray(_Curve(design, self.value).scores @ self.inverse)


def fit_ordered(design: Floats, counts: Floats, start: Floats | None = None) -> Ordered:
    """Fit by weighted maximum likelihood.

    Parameters
    ----------
    design : numpy.ndarray, shape (patterns, columns)
        The intercept first; of full column rank among the patterns that somebody has.
    counts : numpy.ndarray, shape (patterns, outcomes)
        Weighted people, by outcomes in their order, each of which somebody has.
    start : numpy.ndarray, shape (m,), optional

    Raises
    ------
    DesignError
        The fit does not converge.

    Notes
    -----
    By Newton's method: the log-likelihood is concave (Pratt 1981, Journal of the American
    Statistical Association 76). McCullagh (1980, Journal of the Royal Statistical Society B 42).
    """
    scaled = counts * (len(counts) / counts.sum())
    value = _start(design, counts) if start is None else start
    last = _loglik(design, scaled, value)
    for _ in range(ITERATIONS):
        curve = _Curve(design, value)
        slope = np.einsum("po,pom->m", scaled, curve.scores)
        if np.abs(slope).max() < FLAT * len(counts):
            break
        step = np.linalg.solve(curve.information(scaled), slope)
        for length in 0.5 ** np.arange(30):
            reached = _loglik(design, scaled, value + length * step)
            if reached >= last - 1e-12 * abs(last):
                break
        value, last = value + length * step, reached
    else:
        raise DesignError(
            "The regression does not converge. Merge rare states or groups, or take terms out of "
            "the formula."
        )
    inverse = np.linalg.inv(_Curve(design, value).information(counts))
    return Ordered(value, np.asarray(inverse, dtype=np.float64), _loglik(design, counts, value))


def threshold_names(outcomes: Sequence[str]) -> list[str]:
    """Name the thresholds between outcomes, as R does."""
    return [f"{below}|{above}" for below, above in pairwise(outcomes)]


def separated_in_order(design: Floats, occupied: Booleans) -> Booleans:
    """Mark the coefficients that have no finite estimate, shape (m,).

    Notes
    -----
    As in `separated`: an outcome becomes likelier as the threshold above it rises against x′β,
    and as that below it falls.
    """
    pattern, outcome = np.nonzero(occupied)
    # With the two ends, which are nowhere.
    directions = _directions(design, occupied.shape[1])[pattern]
    place = np.arange(len(pattern))
    above, below = directions[place, outcome + 1], -directions[place, outcome]
    return without_end(np.vstack([above, below]))


class _Curve:
    """The distribution of the outcome of each pattern, at some coefficients.

    With J outcomes there are J + 1 ends of them, the first and the last at infinity.
    """

    def __init__(self, design: Floats, value: Floats) -> None:
        outcomes = len(value) - (design.shape[1] - 1) + 1
        # What the ends move by with the coefficients, shape (patterns, J + 1, m).
        self.directions = _directions(design, outcomes)
        odds = self.directions @ value
        odds[:, 0], odds[:, -1] = -np.inf, np.inf
        with np.errstate(over="ignore"):
            # P(outcome ≤ j), and from above, where it is nearer to 0.
            self.below = 1 / (1 + np.exp(-odds))
            self._above = 1 / (1 + np.exp(odds))
        self.density = self.below * self._above

    @property
    def shares(self) -> Floats:
        low, high = np.diff(self.below, axis=1), -np.diff(self._above, axis=1)
        # The smaller numbers lose less in rounding.
        return np.where(self.below[:, :-1] < 0.5, low, high)

    @property
    def scores(self) -> Floats:
        """Differentiate the log of each share by the coefficients, shape (patterns, J, m)."""
        slopes = self.density[:, :, None] * self.directions
        return np.asarray(np.diff(slopes, axis=1) / self.shares[:, :, None])

    def information(self, counts: Floats) -> Floats:
        """Add up the second derivatives, with the other sign, over weighted people."""
        scores, bend = self.scores, self.density * (self._above - self.below)
        rows = scores.reshape(-1, scores.shape[2])
        found = (rows * counts.reshape(-1, 1)).T @ rows
        expected = counts / self.shares
        # Each end is the upper one of the outcome before it, and the lower one of that after it.
        at_ends = np.zeros(bend.shape)
        at_ends[:, 1:] += expected
        at_ends[:, :-1] -= expected
        ends = self.directions.reshape(-1, self.directions.shape[2])
        return np.asarray(found - (ends * (at_ends * bend).reshape(-1, 1)).T @ ends)


def _directions(design: Floats, outcomes: int) -> Floats:
    """Say what the ends of the outcomes move by with the coefficients."""
    slopes, thresholds = design.shape[1] - 1, outcomes - 1
    found = np.zeros((len(design), outcomes + 1, slopes + thresholds))
    found[:, 1:-1, :slopes] = -design[:, None, 1:]
    found[:, 1:-1, slopes:] = np.eye(thresholds)
    return found


def _start(design: Floats, counts: Floats) -> Floats:
    """Take the thresholds of everyone together, and no slopes."""
    below = counts.sum(axis=0).cumsum()[:-1] / counts.sum()
    return np.concatenate([np.zeros(design.shape[1] - 1), np.log(below / (1 - below))])


def _loglik(design: Floats, counts: Floats, value: Floats) -> float:
    shares, occupied = _Curve(design, value).shares, counts > 0
    if not (shares[occupied] > 0).all():
        return -np.inf
    return float((counts[occupied] * np.log(shares[occupied])).sum())
