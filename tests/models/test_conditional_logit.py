"""The weighted conditional logit: statsmodels, all sets written down, derivatives, separation."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from opinionpanel.errors import DesignError
from opinionpanel.models.conditional_logit import ConditionalLikelihood, unbounded


def made(kinds=40, waves=4, columns=2, seed=1):
    rng = np.random.default_rng(seed)
    design = rng.integers(0, 2, (kinds, waves, columns)).astype(float)
    chosen = rng.random((kinds, waves)) < 0.5
    chosen[:, 0], chosen[:, 1] = rng.random(kinds) < 0.5, True
    chosen[chosen.all(axis=1), 2] = False
    return design - design.mean(axis=1, keepdims=True), chosen, rng.lognormal(0, 0.5, kinds)


def test_the_model_of_statsmodels():
    from statsmodels.discrete.conditional_models import ConditionalLogit

    design, chosen, _ = made()
    people = np.repeat(np.arange(len(design)), 4)
    model = ConditionalLogit(chosen.ravel() * 1.0, design.reshape(-1, 2), groups=people)
    known = model.fit(method="newton", disp=False)
    ours = ConditionalLikelihood(design, chosen).fit(np.ones(len(design)))
    np.testing.assert_allclose(ours.value, known.params, atol=1e-8)
    np.testing.assert_allclose(ours.inverse, known.cov_params(), rtol=1e-5)
    assert ours.loglik == pytest.approx(known.llf)


def loglik(at, design, chosen, weight):
    """Go through all sets of as many waves."""
    found = 0.0
    for columns, own, w in zip(design, chosen, weight, strict=True):
        sets = combinations(range(len(own)), own.sum())
        every = [np.exp(columns[list(one)].sum(axis=0) @ at) for one in sets]
        found += w * np.log(np.exp(columns[own].sum(axis=0) @ at) / sum(every))
    return found


def test_weights_and_scores_by_small_steps():
    design, chosen, weight = made()
    likelihood = ConditionalLikelihood(design, chosen)
    fit = likelihood.fit(weight)
    assert fit.loglik == pytest.approx(loglik(fit.value, design, chosen, weight))
    for step in np.eye(2) * 1e-3:
        assert loglik(fit.value + step, design, chosen, weight) < fit.loglik
        assert loglik(fit.value - step, design, chosen, weight) < fit.loglik
    for kind in (0, 7):
        more = weight.copy()
        more[kind] += 1e-5
        slope = (likelihood.maximum(more, fit.value, fit.inverse) - fit.value) / 1e-5
        np.testing.assert_allclose(slope, fit.scores[kind], rtol=1e-3, atol=1e-6)


@settings(max_examples=8)
@given(st.integers(0, 100), st.integers(3, 5))
def test_signs_turn_with_the_state_and_the_size_of_weights_says_nothing(seed, waves):
    design, chosen, weight = made(waves=waves, seed=seed)
    fit = ConditionalLikelihood(design, chosen).fit(weight)
    turned = ConditionalLikelihood(design, ~chosen).fit(2 * weight)
    np.testing.assert_allclose(turned.value, -fit.value, atol=1e-9)
    np.testing.assert_allclose(turned.inverse, fit.inverse / 2, rtol=1e-7)
    np.testing.assert_allclose(turned.scores, -fit.scores / 2, atol=1e-9)
    assert not unbounded(design, chosen).any()


def test_what_separates_has_no_end():
    design, chosen, _ = made()
    same = chosen[:, :, None] - chosen.mean(axis=1)[:, None, None]
    assert unbounded(np.concatenate([design, same], axis=2), chosen)[2]
    assert not unbounded(design, chosen).any()


def test_columns_that_repeat_each_other_are_refused():
    design, chosen, weight = made(columns=1)
    with pytest.raises(DesignError, match="does not converge"):
        ConditionalLikelihood(np.repeat(design, 2, axis=2), chosen).fit(weight)


def test_a_step_too_far_is_shortened():
    design, chosen, weight = made()
    likelihood = ConditionalLikelihood(design, chosen)
    fit = likelihood.fit(weight)
    np.testing.assert_allclose(likelihood.maximum(weight, fit.value + 4), fit.value, atol=1e-8)
    far = likelihood.maximum(weight, fit.value, 1e4 * fit.inverse)
    np.testing.assert_allclose(far, fit.value, atol=1e-8)
