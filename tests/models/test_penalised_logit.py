"""Fast multinomial logits against statsmodels, and what the weak prior is for."""

import numpy as np
import statsmodels.api as sm

from opinionpanel.models.penalised_logit import fit_logit, fit_mean, probabilities


def people(number=3_000):
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(number), rng.standard_normal((number, 2))])
    truth = np.array([[0.3, -0.2], [1.0, 0.2], [0.0, -0.8]])
    reached = probabilities(x, truth).cumsum(axis=1)
    return x, (reached[:, :-1] < rng.random(number)[:, None]).sum(axis=1), rng


def test_a_fit_to_many_people_is_that_of_maximum_likelihood():
    x, y, _ = people()
    weight, nothing = np.ones(len(y)), np.zeros(len(y))
    fit, moved = fit_logit(x, y, 3, weight, nothing, None)
    # statsmodels has the first state as the reference, and here it is the last.
    expected = sm.MNLogit(2 - y, x).fit(disp=False).params[:, ::-1]
    np.testing.assert_allclose(fit, expected, atol=0.01)
    np.testing.assert_array_equal(fit, moved)


def test_draws_vary_as_the_fit_is_uncertain():
    x, y, rng = people(800)
    weight = np.ones(len(y))
    draws = [fit_logit(x, y, 3, weight, rng.standard_normal(len(y)), None)[1] for _ in range(300)]
    errors = sm.MNLogit(2 - y, x).fit(disp=False).bse[:, ::-1]
    np.testing.assert_allclose(np.std(draws, axis=0), errors, rtol=0.2)


def test_who_always_answers_alike_has_coefficients_with_an_end():
    x = np.column_stack([np.ones(40), np.repeat([-1.0, 1.0], 20)])
    y = np.repeat([0, 1], 20)
    fit, _ = fit_logit(x, y, 2, np.ones(40), np.ones(40), None)
    assert np.abs(fit).max() < 10
    assert probabilities(x, fit)[0, 0] > 0.95


def test_a_mean_is_that_of_least_squares():
    x, _, rng = people(500)
    y = x @ [1.0, 2.0, -1.0] + rng.standard_normal(500)
    weight = rng.uniform(0.5, 1.5, 500)
    fit, moved = fit_mean(x, y, weight, weight)
    np.testing.assert_allclose(fit, sm.WLS(y, x, weight).fit().params, rtol=1e-5)
    # Everybody counting more moves nothing.
    np.testing.assert_allclose(moved, fit, atol=1e-6)
