"""Weighted multinomial logit over patterns of covariates: the fit and its derivatives."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.errors import DesignError

# Of the log-likelihood of one person, by a step of 1 in any coefficient.
FLAT = 1e-9
ITERATIONS = 200


@dataclass(frozen=True, eq=False)
class Logit:
    """A fitted multinomial logit; the first outcome is the reference.

    Attributes
    ----------
    coefficients : numpy.ndarray, shape (columns, outcomes - 1)
        Log odds of each outcome against the first.
    shares : numpy.ndarray, shape (patterns, outcomes)
        The fitted probabilities.
    inverse : numpy.ndarray, shape (m, m)
        Inverse information of the m coefficients, outcomes varying fastest, at the weights given.
    loglik : float
        Log-likelihood at the weights given.
    """

    coefficients: Floats
    shares: Floats
    inverse: Floats
    loglik: float

    @property
    def value(self) -> Floats:
        """The m coefficients, outcomes varying fastest."""
        return self.coefficients.ravel()

    def shares_of(self, design: Floats) -> Floats:
        """Probabilities of the outcomes of other patterns, shape (patterns, outcomes)."""
        return logit_shares(design, self.coefficients)

    def slopes_of(self, design: Floats, weight: Floats) -> Floats:
        """Differentiate the average of these by the coefficients, shape (outcomes, m)."""
        # The derivative of share j by the log odds of l is π_j (1(j = l) − π_l).
        variance = _variance(self.shares_of(design))[:, :, 1:]
        weighted = (weight / weight.sum())[:, None, None] * variance
        slopes = np.tensordot(weighted, design, axes=(0, 0)).transpose(0, 2, 1)
        return np.asarray(slopes.reshape(len(slopes), -1))

    def scores(self, design: Floats) -> Floats:
        """Differentiate the coefficients by the weight of a person.

        Parameters
        ----------
        design : numpy.ndarray, shape (patterns, columns)

        Returns
        -------
        numpy.ndarray, shape (patterns, outcomes, m)
            For a person with this pattern and this outcome: the inverse information times the
            person's score.
        """
        patterns, outcomes = self.shares.shape
        residual = np.eye(outcomes)[:, 1:] - self.shares[:, None, 1:]
        score = design[:, None, :, None] * residual[:, :, None, :]
        return np.asarray(score.reshape(patterns, outcomes, -1) @ self.inverse)


def logit_shares(design: Floats, coefficients: Floats) -> Floats:
    """Probabilities of the outcomes, shape (patterns, outcomes)."""
    odds = np.column_stack([np.zeros(len(design)), design @ coefficients])
    # The greatest is 1: no coefficient makes it overflow.
    odds = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def fit_logit(design: Floats, counts: Floats, start: Floats | None = None) -> Logit:
    """Fit by weighted maximum likelihood.

    Parameters
    ----------
    design : numpy.ndarray, shape (patterns, columns)
        Of full column rank among the patterns that somebody has.
    counts : numpy.ndarray, shape (patterns, outcomes)
        Weighted people, not `separated`.
    start : numpy.ndarray, shape (columns, outcomes - 1), optional

    Raises
    ------
    DesignError
        The fit does not converge.

    Notes
    -----
    statsmodels' multinomial logit with weights in its likelihood, score and Hessian, which it
    ignores otherwise. People with the same covariates share a row.
    """
    scaled = counts * (len(counts) / counts.sum())
    model = _weighted_model()(scaled, design, check_rank=False)
    at = np.zeros(design.shape[1] * (counts.shape[1] - 1))
    if start is not None:
        at = start.ravel(order="F")
    # Newton's method is quick, but its full steps may leap to where the Hessian is singular; BFGS
    # searches along each step.
    for method in ("newton", "bfgs", "newton"):
        at = _maximum(model, at, method)
        if np.abs(model.score(at)).max() < FLAT * len(counts):
            break
    else:
        raise DesignError(
            "The regression does not converge. Merge rare states or groups, or take terms out of "
            "the formula."
        )
    coefficients = at.reshape((design.shape[1], -1), order="F")
    shares = logit_shares(design, coefficients)
    information = _information(design, counts.sum(axis=1), shares)
    occupied = counts > 0
    return Logit(
        coefficients=coefficients,
        shares=shares,
        inverse=np.asarray(np.linalg.inv(information.reshape(at.size, at.size)), dtype=np.float64),
        loglik=float((counts[occupied] * np.log(shares[occupied])).sum()),
    )


def separated(design: Floats, occupied: Booleans) -> Booleans:
    """Mark the coefficients that have no finite estimate.

    Parameters
    ----------
    design : numpy.ndarray, shape (patterns, columns)
    occupied : numpy.ndarray of bool, shape (patterns, outcomes)
        Which outcomes somebody with the pattern has.

    Returns
    -------
    numpy.ndarray of bool, shape (columns, outcomes - 1)

    Notes
    -----
    Estimates are infinite where some direction of the coefficients makes no observed outcome less
    likely against any other, and at least one more so (Albert & Anderson 1984, Biometrika 71); a
    linear programme finds it (Konis 2007).
    """
    outcomes = occupied.shape[1]
    pattern, observed = np.nonzero(occupied)
    identity = np.eye(outcomes)[:, 1:]
    rows = np.vstack(
        [
            np.einsum("pk,pl->pkl", design[pattern], identity[observed] - identity[other]).reshape(
                len(pattern), -1
            )
            for other in range(outcomes)
        ]
    )
    return without_end(rows).reshape(design.shape[1], outcomes - 1)


def without_end(rows: Floats) -> Booleans:
    """Mark the coefficients of a direction along which no row falls, and some row rises.

    Parameters
    ----------
    rows : numpy.ndarray, shape (k, m)
        What makes the outcomes that were observed likelier, by the coefficients.
    """
    from scipy.optimize import linprog

    found = linprog(
        -rows.sum(axis=0), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1), method="highs"
    )
    # The worth of a direction is 0 or, within these bounds, about 1 or more.
    direction = np.asarray(found.x, dtype=np.float64)
    gain = float((rows @ direction).sum())
    return (np.abs(direction) > 1e-6) & (gain > 1e-5)


def _variance(shares: Floats) -> Floats:
    """Diag π − π πᵀ of every pattern."""
    outcomes = shares.shape[1]
    return np.asarray(shares[:, :, None] * (np.eye(outcomes) - shares[:, None, :]))


def _information(design: Floats, weight: Floats, shares: Floats) -> Floats:
    """Information, by column and outcome twice over: shape (k, J − 1, k, J − 1)."""
    weighted = weight[:, None, None] * _variance(shares)[:, 1:, 1:]
    products = design[:, :, None, None] * weighted[:, None]
    return np.asarray(np.tensordot(products, design, axes=(0, 0)).transpose(0, 1, 3, 2))


def _maximum(model: Any, start: Floats, method: str) -> Floats:
    """Go from the start to the maximum; back to the start where there is no way."""
    options = {"maxiter": ITERATIONS, "disp": 0, "skip_hessian": True, "warn_convergence": False}
    try:
        with np.errstate(all="ignore"):
            fit = model.fit(start, method=method, **options)
    except np.linalg.LinAlgError:
        return start
    found = np.asarray(fit.params, dtype=np.float64).ravel(order="F")
    return found if np.isfinite(found).all() else start


@cache
def _weighted_model() -> Any:
    """Make the model; statsmodels loads only here."""
    from statsmodels.discrete.discrete_model import MNLogit

    class WeightedLogit(MNLogit):  # type: ignore[misc]
        """Multinomial logit of weighted counts by pattern, which stand in place of dummies.

        The likelihood of the base class, Σ d log π with d its dummies, is right for counts; its
        score and its Hessian hold for a single person per row only.
        """

        def score(self, params: Floats) -> Floats:
            expected = self.wendog.sum(axis=1)[:, None] * self._shares(params)
            return np.asarray(((self.wendog - expected)[:, 1:].T @ self.exog).ravel())

        def hessian(self, params: Floats) -> Floats:
            weight = self.wendog.sum(axis=1)
            information = _information(self.exog, weight, self._shares(params))
            return -information.transpose(1, 0, 3, 2).reshape(len(params), len(params))

        def _shares(self, params: Floats) -> Floats:
            return logit_shares(self.exog, params.reshape((self.K, -1), order="F"))

    return WeightedLogit
