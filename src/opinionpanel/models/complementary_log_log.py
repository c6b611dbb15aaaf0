"""Complementary log-log regression of whether something came, over patterns of covariates."""

import warnings
from dataclasses import dataclass

import numpy as np

from opinionpanel.arrays import Floats
from opinionpanel.errors import DesignError

# Of the score of one person, by a step of 1 in any coefficient.
FLAT = 1e-9
ITERATIONS = 200


@dataclass(frozen=True, eq=False)
class CLogLog:
    """A fitted regression: log(−log(1 − π)) = x′β, π the probability of the second outcome.

    Attributes
    ----------
    value : numpy.ndarray, shape (m,)
        The coefficients.
    inverse : numpy.ndarray, shape (m, m)
        Inverse of the expected information at the weights given.
    loglik : float
        Log-likelihood at the weights given.
    """

    value: Floats
    inverse: Floats
    loglik: float

    def shares_of(self, design: Floats) -> Floats:
        """Probabilities of the two outcomes, shape (patterns, 2)."""
        rate = np.exp(design @ self.value)
        return np.column_stack([np.exp(-rate), -np.expm1(-rate)])

    def slopes_of(self, design: Floats, weight: Floats) -> Floats:
        """Differentiate the average of these by the coefficients, shape (2, m)."""
        rate = np.exp(design @ self.value)
        slope = (weight / weight.sum() * rate * np.exp(-rate)) @ design
        return np.stack([-slope, slope])

    def scores(self, design: Floats) -> Floats:
        """Differentiate the coefficients by the weight of a person.

        The inverse information times the person's score, shape (patterns, 2, m).
        """
        return np.asarray(_scores(design, self.value) @ self.inverse)


def fit_cloglog(design: Floats, counts: Floats, start: Floats | None = None) -> CLogLog:
    """Fit by weighted maximum likelihood.

    Parameters
    ----------
    design : numpy.ndarray, shape (patterns, columns)
        Of full column rank among the patterns that somebody has.
    counts : numpy.ndarray, shape (patterns, 2)
        Weighted people, of whom some had each of the outcomes.
    start : numpy.ndarray, shape (columns,), optional

    Raises
    ------
    DesignError
        The fit does not converge.

    Notes
    -----
    Through statsmodels' generalised linear model of numbers of people. The information is the
    expected one, as in R's ``svyglm``: with this link the observed differs from it.
    """
    import statsmodels.api as sm

    people = counts.sum(axis=1)
    known = people > 0
    scaled = counts[known] * (known.sum() / people.sum())
    family = sm.families.Binomial(link=sm.families.links.CLogLog())
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # What they warn of is looked for below.
        warnings.simplefilter("ignore")
        model = sm.GLM(scaled[:, ::-1], design[known], family=family)
        found = model.fit(start, maxiter=ITERATIONS, tol=1e-14, tol_criterion="params")
        value = np.asarray(found.params, dtype=np.float64)
        slope = np.einsum("po,pom->m", scaled, _scores(design[known], value))
    if not np.abs(slope).max() < FLAT * len(scaled):
        raise DesignError(
            "The regression does not converge. Merge rare states or groups, or take terms out of "
            "the formula."
        )
    rate = np.exp(design @ value)
    fit = CLogLog(value, _inverse(design, people, rate), 0.0)
    occupied = counts > 0
    loglik = float((counts[occupied] * np.log(fit.shares_of(design)[occupied])).sum())
    return CLogLog(value, fit.inverse, loglik)


def _scores(design: Floats, value: Floats) -> Floats:
    """Differentiate the log-likelihood of a person with each pattern and outcome."""
    rate = np.exp(design @ value)
    # (π′ / π) for those whom it came to, −π′ / (1 − π) for the others; π′ = rate · exp(−rate).
    came = rate / np.expm1(rate)
    return np.asarray(np.stack([-rate, came], axis=1)[:, :, None] * design[:, None, :])


def _inverse(design: Floats, people: Floats, rate: Floats) -> Floats:
    information = (design * (people * rate**2 / np.expm1(rate))[:, None]).T @ design
    return np.asarray(np.linalg.inv(information), dtype=np.float64)
