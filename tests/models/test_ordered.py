"""Proportional odds: two outcomes are a logit, order, derivatives by small steps, separation."""

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

from opinionpanel.errors import DesignError
from opinionpanel.models import ordered
from opinionpanel.models.logit import fit_logit
from opinionpanel.models.ordered import fit_ordered, separated_in_order, threshold_names


def table(seed=3, patterns=8, columns=3, outcomes=4):
    rng = np.random.default_rng(seed)
    design = np.c_[np.ones(patterns), rng.integers(0, 2, (patterns, columns - 1))]
    return design, rng.integers(3, 40, (patterns, outcomes)) * rng.uniform(0.5, 2, (patterns, 1))


@given(st.integers(0, 2**32 - 1))
def test_of_two_outcomes_it_is_the_logit(seed):
    design, counts = table(seed, outcomes=2)
    assume(np.linalg.matrix_rank(design) == 3)
    ours, known = fit_ordered(design, counts), fit_logit(design, counts)
    turned = np.r_[known.value[1:], -known.value[0]]
    np.testing.assert_allclose(ours.value, turned, atol=1e-8)
    np.testing.assert_allclose(ours.shares_of(design), known.shares, atol=1e-9)
    assert ours.loglik == pytest.approx(known.loglik)


@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_the_order_turned_round_turns_the_signs(seed, outcomes):
    design, counts = table(seed, outcomes=outcomes)
    assume(np.linalg.matrix_rank(design) == 3)
    ours, other = fit_ordered(design, counts), fit_ordered(design, counts[:, ::-1])
    np.testing.assert_allclose(other.value[:2], -ours.value[:2], atol=1e-7)
    np.testing.assert_allclose(other.value[2:], -ours.value[2:][::-1], atol=1e-7)


def test_scores_and_slopes_are_those_of_small_steps():
    design, counts = table()
    fit, step, weight = fit_ordered(design, counts), 1e-4, counts.sum(axis=1)
    scores = fit.scores(design)
    for pattern, outcome in ((0, 0), (3, 1), (7, 3)):
        more, less = counts.copy(), counts.copy()
        more[pattern, outcome] += step
        less[pattern, outcome] -= step
        numeric = (fit_ordered(design, more).value - fit_ordered(design, less).value) / (2 * step)
        np.testing.assert_allclose(scores[pattern, outcome], numeric, rtol=1e-5, atol=1e-9)
    for place, move in enumerate(1e-5 * np.eye(len(fit.value))):
        more, less = (
            type(fit)(fit.value + s, fit.inverse, 0.0).shares_of(design) for s in (move, -move)
        )
        numeric = weight / weight.sum() @ (more - less) / 2e-5
        np.testing.assert_allclose(fit.slopes_of(design, weight)[:, place], numeric, atol=1e-8)


@given(st.integers(0, 2**32 - 1))
def test_separated_is_what_runs_off_as_empty_cells_fill_less_and_less(seed):
    rng = np.random.default_rng(seed)
    design = np.c_[np.ones(6), rng.integers(0, 2, (6, 1))]
    counts = rng.integers(0, 2, (6, 3)) * rng.lognormal(0, 1, (6, 3))
    present = counts.sum(axis=1) > 0
    design, counts = design[present], counts[present]
    assume(len(counts) and np.linalg.matrix_rank(design) == 2)
    some, less = (fit_ordered(design, counts + fill).value for fill in (1e-4, 1e-7))
    assert separated_in_order(design, counts > 0).any() == (np.abs(some - less).max() > 1)


def test_thresholds_are_named_by_both_sides():
    assert threshold_names(["a", "b", "c"]) == ["a|b", "b|c"]


def test_a_fit_that_does_not_converge_is_no_fit(monkeypatch):
    monkeypatch.setattr(ordered, "ITERATIONS", 1)
    with pytest.raises(DesignError, match=r"does not converge\. Merge rare states"):
        fit_ordered(*table())
