"""Weighted conditional logit: at which waves, given at how many of them; the fit and its scores."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.errors import DesignError
from opinionpanel.models.logit import without_end

# Of the log-likelihood of one person, by a step of 1 in any coefficient.
FLAT = 1e-11
ITERATIONS = 200
UNFITTED = (
    "The regression within people does not converge. Merge rare groups, or take terms out of the "
    "formula."
)


@dataclass(frozen=True, eq=False)
class Conditional:
    """A fitted conditional logit.

    Attributes
    ----------
    value : numpy.ndarray, shape (m,)
        The coefficients.
    inverse : numpy.ndarray, shape (m, m)
        Their inverse information at the weights given.
    loglik : float
        Log-likelihood at the weights given.
    scores : numpy.ndarray, shape (kinds, m)
        The derivative of the coefficients by the weight of a person of each kind.
    """

    value: Floats
    inverse: Floats
    loglik: float
    scores: Floats


class ConditionalLikelihood:
    """The conditional likelihood of kinds of people.

    Parameters
    ----------
    design : numpy.ndarray, shape (kinds, waves, m)
        The columns of each kind at each wave.
    chosen : numpy.ndarray of bool, shape (kinds, waves)
        At which waves they are of the state: at some, not at all of them.

    Notes
    -----
    The likelihood and score of people are statsmodels', which has no weights. What it has to go
    through, the sets of waves that people could have chosen, is the same for kinds with the same
    columns and the same number of waves chosen: one group of its model for all of these.
    """

    def __init__(self, design: Floats, chosen: Booleans) -> None:
        from statsmodels.discrete.conditional_models import ConditionalLogit

        kinds, waves, columns = design.shape
        alike = np.column_stack([design.reshape(kinds, -1), chosen.sum(axis=1)])
        _, first, which = np.unique(alike, axis=0, return_index=True, return_inverse=True)
        observed = np.einsum("kt,ktm->km", chosen, design)
        self._which = which.ravel()
        self._beyond = observed - observed[first[self._which]]
        self._groups = len(first)
        self._model: Any = ConditionalLogit(
            chosen[first].ravel().astype(np.float64),
            design[first].reshape(-1, columns),
            groups=np.repeat(np.arange(self._groups), waves),
        )

    def fit(self, weight: Floats) -> Conditional:
        """Fit by weighted maximum likelihood.

        Parameters
        ----------
        weight : numpy.ndarray, shape (kinds,)
            Weighted people, whose coefficients have a finite estimate.

        Raises
        ------
        DesignError
            The fit does not converge.
        """
        value = self.maximum(weight, np.zeros(self._beyond.shape[1]))
        inverse = self._inverse(weight, value)
        by_group = [self._model.score_grp(group, value) for group in range(self._groups)]
        return Conditional(
            value=value,
            inverse=inverse,
            loglik=self._loglik(weight, value),
            scores=(np.array(by_group)[self._which] + self._beyond) @ inverse,
        )

    def maximum(self, weight: Floats, start: Floats, inverse: Floats | None = None) -> Floats:
        """Find the maximum, from coefficients near by and the inverse information there.

        Newton's method. Second derivatives cost most: they are taken again only where the last
        ones no longer lead on.
        """
        at, last, whole = start, np.inf, float(weight.sum())
        slope = self._score(weight, at)
        for _ in range(ITERATIONS):
            steepness = float(np.abs(slope).max())
            if steepness < FLAT * whole:
                return at
            if inverse is None or steepness > last / 4:
                inverse = self._inverse(weight, at)
            step, last = inverse @ slope, steepness
            if not np.isfinite(step).all():
                break
            with np.errstate(all="ignore"):
                reached = self._score(weight, at + step)
                # Not a number, where a step leads too far.
                if not np.abs(reached).max() < steepness:
                    step = self._shortened(weight, at, step)
                    reached = self._score(weight, at + step)
            at, slope = at + step, reached
        raise DesignError(UNFITTED)

    def _shortened(self, weight: Floats, at: Floats, step: Floats) -> Floats:
        """Shorten a step until it leads no lower."""
        least = self._loglik(weight, at) - FLAT * float(weight.sum())
        while not self._loglik(weight, at + step) >= least:
            step = step / 2
        return step

    def _grouped(self, weight: Floats) -> Any:
        """Give the groups with any weight, and their weights."""
        by_group = np.bincount(self._which, weight, self._groups)
        found = np.flatnonzero(by_group)
        return zip(found, by_group[found], strict=True)

    def _loglik(self, weight: Floats, at: Floats) -> float:
        parts = [w * self._model.loglike_grp(group, at) for group, w in self._grouped(weight)]
        return float(sum(parts) + weight @ self._beyond @ at)

    def _score(self, weight: Floats, at: Any) -> Any:
        parts = [w * self._model.score_grp(group, at) for group, w in self._grouped(weight)]
        return np.sum(parts, axis=0) + weight @ self._beyond

    def _inverse(self, weight: Floats, at: Floats) -> Floats:
        """Invert the information: the score's derivative by a complex step, exact to rounding."""
        step = 1e-30
        slopes = [
            np.imag(self._score(weight, at + 1j * step * direction)) / step
            for direction in np.eye(len(at))
        ]
        try:
            return np.asarray(np.linalg.inv(-np.array(slopes)), dtype=np.float64)
        except np.linalg.LinAlgError:
            raise DesignError(UNFITTED) from None


def unbounded(design: Floats, chosen: Booleans) -> Booleans:
    """Mark the coefficients that have no finite estimate, shape (m,).

    Estimates are infinite where some direction of the coefficients makes no exchange of a wave that
    was chosen for another likelier, and some less likely.
    """
    rows = (design[:, :, None] - design[:, None])[chosen[:, :, None] & ~chosen[:, None]]
    return without_end(np.unique(rows, axis=0))
