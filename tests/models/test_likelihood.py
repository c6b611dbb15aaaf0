"""The recursions against the sum over all latent paths, and derivatives against differences."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from opinionpanel.models.likelihood import (
    Chain,
    PathTable,
    information,
    loglik_and_gradient,
    path_scores,
)

chains = st.builds(Chain, st.integers(2, 4), st.integers(2, 4), st.integers(2, 4), st.booleans())


def point(chain, seed):
    """Random parameters, some paths and how many took them."""
    rng = np.random.default_rng(seed)
    vector = chain.normalised(rng.gamma(1.0, size=chain.size) + 0.05)
    steps = np.unique(rng.integers(0, chain.states, (12, chain.waves)), axis=0)
    return vector, PathTable(steps, rng.gamma(2.0, size=len(steps)))


def enumerated(chain, vector, path):
    """Probability of a path as a sum over all latent paths."""
    initial, response, transitions = chain.split(vector)
    total = 0.0
    for latent in product(range(chain.latent), repeat=chain.waves):
        share = initial[latent[0]]
        for wave in range(1, chain.waves):
            matrix = transitions[0 if chain.constant else wave - 1]
            share *= matrix[latent[wave - 1], latent[wave]]
        for wave in range(chain.waves):
            share *= response[latent[wave], path[wave]]
        total += share
    return total


@given(chains, st.integers(0, 1000))
@settings(max_examples=15)
def test_the_likelihood_is_the_sum_over_latent_paths(chain, seed):
    vector, table = point(chain, seed)
    expected = np.log([enumerated(chain, vector, path) for path in table.steps])
    loglik, scores = path_scores(chain, vector, table.steps)
    np.testing.assert_allclose(loglik, expected, rtol=1e-12)
    total, gradient = loglik_and_gradient(chain, vector, table)
    np.testing.assert_allclose(total, expected @ table.counts, rtol=1e-12)
    np.testing.assert_allclose(gradient, table.counts @ scores, rtol=1e-10)


@given(chains, st.integers(0, 1000))
@settings(max_examples=10)
def test_derivatives_are_those_of_the_likelihood(chain, seed):
    vector, table = point(chain, seed)
    basis = chain.basis(np.ones(chain.size, dtype=bool))
    assert basis.shape == (chain.size, chain.free)
    np.testing.assert_allclose(
        [chain.row_sums(direction) for direction in basis.T], 0.0, atol=1e-15
    )
    step = 1e-6
    gradients = [
        [loglik_and_gradient(chain, vector + side * step * d, table) for side in (1, -1)]
        for d in basis.T
    ]
    slope = [(up[0] - down[0]) / (2 * step) for up, down in gradients]
    curve = np.array([basis.T @ (down[1] - up[1]) / (2 * step) for up, down in gradients])
    _, gradient = loglik_and_gradient(chain, vector, table)
    found = information(chain, vector, table, basis)
    np.testing.assert_allclose(basis.T @ gradient, slope, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(found, curve, rtol=1e-5, atol=1e-5 * np.abs(found).max())


def test_the_gradient_exists_where_a_probability_is_zero():
    chain = Chain(2, 2, 3, True)
    vector = np.array([0.5, 0.5, 1.0, 0.0, 0.3, 0.7, 0.9, 0.1, 0.0, 1.0])
    table = PathTable(np.array([[0, 0, 1], [1, 1, 1]]), np.array([3.0, 2.0]))
    for entry in (3, 8):
        step = 1e-6 * np.eye(chain.size)[entry]
        slope = loglik_and_gradient(chain, vector + step, table)[0]
        slope = (slope - loglik_and_gradient(chain, vector, table)[0]) / 1e-6
        _, gradient = loglik_and_gradient(chain, vector, table)
        assert gradient[entry] == pytest.approx(slope, rel=1e-4)


@given(chains, st.integers(0, 1000))
@settings(max_examples=10)
def test_another_order_of_latent_states_changes_no_likelihood(chain, seed):
    vector, table = point(chain, seed)
    order = np.random.default_rng(seed).permutation(chain.latent)
    moved = chain.permuted(vector, order)
    first, second = (loglik_and_gradient(chain, v, table)[0] for v in (vector, moved))
    assert first == pytest.approx(second, rel=1e-12)
    np.testing.assert_allclose(chain.turnover(vector), chain.turnover(moved), rtol=1e-12)


def test_latent_turnover_of_a_known_chain():
    chain = Chain(2, 2, 3, True)
    vector = np.array([0.6, 0.4, 0.9, 0.1, 0.2, 0.8, 0.9, 0.1, 0.3, 0.7])
    np.testing.assert_allclose(chain.occupied(vector), [[0.6, 0.4], [0.66, 0.34], [0.696, 0.304]])
    np.testing.assert_allclose(
        chain.turnover(vector), [0.6 * 0.1 + 0.4 * 0.3, 0.66 * 0.1 + 0.34 * 0.3]
    )
