"""The weighted multinomial logit: statsmodels, derivatives by small steps, separation."""

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

from opinionpanel.errors import DesignError
from opinionpanel.models import logit
from opinionpanel.models.logit import (
    fit_logit,
    logit_shares,
    separated,
)


def table(seed=3, patterns=12, columns=4, outcomes=3):
    rng = np.random.default_rng(seed)
    design = np.c_[np.ones(patterns), rng.integers(0, 2, (patterns, columns - 1))]
    shares = logit_shares(design, rng.normal(size=(columns, outcomes - 1)))
    counts = np.array([rng.multinomial(40, row) for row in shares]) * rng.uniform(0.5, 2, (12, 1))
    return design, counts


def test_the_equivalent_poisson_regression_of_statsmodels():
    import statsmodels.api as sm

    design, counts = table()
    patterns, outcomes = counts.shape
    rows = np.zeros((counts.size, patterns + design.shape[1] * (outcomes - 1)))
    for row, (pattern, outcome) in enumerate(np.ndindex(patterns, outcomes)):
        rows[row, pattern] = 1
        if outcome:
            rows[row, patterns + outcome - 1 :: outcomes - 1] = design[pattern]
    family = sm.families.Poisson()
    known = sm.GLM(counts.ravel(), rows, family=family).fit(tol=1e-14).params[patterns:]
    np.testing.assert_allclose(fit_logit(design, counts).coefficients.ravel(), known, atol=1e-9)


def test_the_binary_regression_of_statsmodels():
    import statsmodels.api as sm

    design, counts = table(outcomes=2)
    known = sm.GLM(counts[:, ::-1], design, family=sm.families.Binomial()).fit(tol=1e-14)
    fit = fit_logit(design, counts)
    np.testing.assert_allclose(fit.coefficients[:, 0], known.params, atol=1e-9)
    np.testing.assert_allclose(fit.inverse, known.cov_params(), rtol=1e-6)


def test_scores_are_the_derivatives_by_weights():
    design, counts = table()
    fit, step = fit_logit(design, counts), 1e-4
    scores = fit.scores(design)
    ends = (
        np.c_[design[:, :1], np.ones(12), design[:, 2:]],
        np.c_[design[:, :1] * [1, 0], design[:, 2:]],
    )

    def apart_in(fit):
        return fit.shares_of(ends[0]) - fit.shares_of(ends[1])

    def effect(given):
        mean = given.sum(axis=1) / given.sum()
        return mean @ apart_in(fit_logit(design, given))

    slopes = fit.slopes_of(ends[0], counts.sum(axis=1)) - fit.slopes_of(ends[1], counts.sum(axis=1))
    apart = apart_in(fit) - effect(counts)
    for pattern, outcome in ((0, 0), (3, 1), (7, 2)):
        more, less = counts.copy(), counts.copy()
        more[pattern, outcome] += step
        less[pattern, outcome] -= step
        slope = fit_logit(design, more).coefficients - fit_logit(design, less).coefficients
        ours = scores[pattern, outcome]
        np.testing.assert_allclose(ours, slope.ravel() / (2 * step), rtol=1e-5, atol=1e-8)
        ours = apart[pattern] / counts.sum() + slopes @ ours
        known = (effect(more) - effect(less)) / (2 * step)
        np.testing.assert_allclose(ours, known, rtol=1e-5, atol=1e-9)


@given(st.integers(0, 2**32 - 1), st.integers(2, 4))
def test_separated_is_what_runs_off_as_empty_cells_fill_less_and_less(seed, outcomes):
    rng = np.random.default_rng(seed)
    design = np.c_[np.ones(8), rng.integers(0, 2, (8, 2))]
    counts = rng.integers(0, 2, (8, outcomes)) * rng.lognormal(0, 1, (8, outcomes))
    present = counts.sum(axis=1) > 0
    design, counts = design[present], counts[present]
    assume(len(counts) and np.linalg.matrix_rank(design) == 3)
    some, less = (fit_logit(design, counts + fill).coefficients for fill in (1e-3, 1e-6))
    runs_off = np.abs(some - less).max() > 1
    assert separated(design, counts > 0).any() == runs_off


# Weights so unequal that a step of Newton's leaps to where the Hessian is singular.
HARD_DESIGN = np.array([[1.0, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]])


HARD_COUNTS = np.array(
    [
        [0, 1.455, 0],
        [0.11914, 0.98662, 45.62223],
        [167.47665, 6.98095, 0.06184],
        [0, 353.05978, 0],
    ]
)


def test_where_newton_fails_another_search_helps(monkeypatch):
    methods, search = [], logit._maximum

    def spy(model, start, method):
        methods.append(method)
        return search(model, start, method)

    monkeypatch.setattr(logit, "_maximum", spy)
    fit = fit_logit(HARD_DESIGN, HARD_COUNTS)
    assert methods == ["newton", "bfgs", "newton"]
    expected = HARD_COUNTS.sum(axis=1, keepdims=True) * fit.shares
    np.testing.assert_allclose(HARD_DESIGN.T @ (HARD_COUNTS - expected), 0, atol=1e-6)


def test_a_fit_that_does_not_converge_is_no_fit(monkeypatch):
    monkeypatch.setattr(logit, "ITERATIONS", 1)
    with pytest.raises(DesignError, match=r"does not converge\. Merge rare states"):
        fit_logit(*table())
