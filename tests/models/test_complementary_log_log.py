"""The complementary log-log regression: its closed form, its slopes, and fits that fail."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from opinionpanel.errors import DesignError
from opinionpanel.models import complementary_log_log
from opinionpanel.models.complementary_log_log import fit_cloglog

COUNTS = np.array([[30.5, 4.0], [12.0, 9.5], [21.0, 2.5], [8.0, 14.0]])
DESIGN = np.array([[1.0, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1]])


@given(st.lists(st.floats(0.5, 200), min_size=4, max_size=4))
def test_a_saturated_model_gives_back_the_shares(numbers):
    counts = np.array(numbers).reshape(2, 2)
    fit = fit_cloglog(DESIGN[:2, :2], counts)
    shares = counts / counts.sum(axis=1, keepdims=True)
    rate = np.log(-np.log(shares[:, 0]))
    np.testing.assert_allclose(fit.value, [rate[0], rate[1] - rate[0]], atol=1e-8)
    np.testing.assert_allclose(fit.shares_of(DESIGN[:2, :2]), shares, atol=1e-9)
    expected = (counts * np.log(shares)).sum()
    assert fit.loglik == pytest.approx(expected, rel=1e-9)
    # There the expected information is the observed one, and scores are exact derivatives.
    step = 1e-4 * counts[1, 1]
    more, less = (fit_cloglog(DESIGN[:2, :2], counts + s * np.eye(2)) for s in (step, -step))
    scores = fit.scores(DESIGN[:2, :2])
    moved = scores[0, 0] + scores[1, 1]
    np.testing.assert_allclose(moved, (more.value - less.value) / (2 * step), rtol=1e-3)


def test_the_fit_is_where_the_likelihood_is_flat():
    fit = fit_cloglog(DESIGN, COUNTS)
    total = np.einsum("po,pom->m", COUNTS, fit.scores(DESIGN))
    np.testing.assert_allclose(total, 0, atol=1e-10)
    # A pattern that nobody has any more does not matter.
    longer = np.vstack([DESIGN, [1, 2, 3]]), np.vstack([COUNTS, [0, 0]])
    np.testing.assert_allclose(fit_cloglog(*longer, fit.value).value, fit.value, atol=1e-9)


def test_slopes_are_those_of_small_steps():
    fit, weight = fit_cloglog(DESIGN, COUNTS), COUNTS.sum(axis=1)
    for place, step in enumerate(1e-5 * np.eye(3)):
        more, less = (
            type(fit)(fit.value + s, fit.inverse, 0.0).shares_of(DESIGN) for s in (step, -step)
        )
        numeric = weight / weight.sum() @ (more - less) / 2e-5
        np.testing.assert_allclose(fit.slopes_of(DESIGN, weight)[:, place], numeric, atol=1e-9)


def test_a_fit_that_does_not_converge_is_no_fit(monkeypatch):
    monkeypatch.setattr(complementary_log_log, "ITERATIONS", 1)
    with pytest.raises(DesignError, match=r"does not converge\. Merge rare states"):
        fit_cloglog(DESIGN, COUNTS)
