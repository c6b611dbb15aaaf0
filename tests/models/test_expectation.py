"""Climbing: never downward, to a maximum with or without boundary, whatever the start."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from opinionpanel.models.expectation import _principal, climb, influence, maximise
from opinionpanel.models.likelihood import Chain, PathTable, loglik_and_gradient

INTERIOR = Chain(2, 2, 4, True)


def drawn(chain, seed, people=400, *, error=0.1, change=0.15):
    """Paths of people drawn from a chain."""
    rng = np.random.default_rng(seed)
    k = chain.latent
    mix = np.full((k, k), 1 / k)
    initial = np.full(k, 1 / k)
    response = (1 - error) * np.eye(k, chain.states) + error / chain.states
    matrix = (1 - change) * np.eye(k) + change * mix
    latent = rng.choice(k, size=people, p=initial)
    answers = []
    for _ in range(chain.waves):
        answers.append([rng.choice(chain.states, p=response[state]) for state in latent])
        latent = np.array([rng.choice(k, p=matrix[state]) for state in latent])
    steps, counts = np.unique(np.array(answers).T, axis=0, return_counts=True)
    return PathTable(steps, counts.astype(float))


def random_start(chain, seed):
    rng = np.random.default_rng(seed)
    return chain.normalised(rng.gamma(1.0, size=chain.size) + 0.02)


chains = st.builds(Chain, st.integers(2, 3), st.just(3), st.integers(3, 4), st.booleans())


@given(chains, st.integers(0, 100))
@settings(max_examples=10)
def test_the_likelihood_never_falls_and_ends_at_a_maximum(chain, seed):
    table = drawn(chain, seed, people=150)
    found = climb(chain, table, random_start(chain, seed + 1))
    trace = np.array(found.trace)
    assert (np.diff(trace) >= -1e-9).all()
    assert found.loglik == pytest.approx(trace[-1], abs=1e-9)
    np.testing.assert_allclose(chain.row_sums(found.vector), 1.0, rtol=1e-12)
    assert (found.vector >= 0).all()
    if found.arrived:
        # The conditions of Karush, Kuhn and Tucker: no slope inside, none that leads inward.
        _, gradient = loglik_and_gradient(chain, found.vector, table)
        people = chain.row_sums(found.vector * gradient)
        inside = (found.vector > 1e-6) & (people > 1e-3)
        np.testing.assert_allclose(gradient[inside], people[inside], rtol=1e-4, atol=1e-4)
        assert (gradient[found.vector == 0] <= people[found.vector == 0] + 1e-3).all()


@given(st.floats(0.01, 100.0), st.integers(0, 20))
@settings(max_examples=5)
def test_a_constant_weight_changes_nothing_but_the_scale(factor, seed):
    table = drawn(INTERIOR, seed)
    scaled = PathTable(table.steps, factor * table.counts)
    start = random_start(INTERIOR, 1)
    first, second = climb(INTERIOR, table, start), climb(INTERIOR, scaled, start)
    np.testing.assert_allclose(first.vector, second.vector, atol=1e-6)
    assert second.loglik == pytest.approx(factor * first.loglik, rel=1e-9)


def test_duplicated_paths_equal_integer_counts():
    table = drawn(INTERIOR, 3)
    twice = PathTable(np.repeat(table.steps, 2, axis=0), np.repeat(table.counts, 2) / 2)
    start = random_start(INTERIOR, 1)
    first, second = climb(INTERIOR, table, start), climb(INTERIOR, twice, start)
    np.testing.assert_allclose(first.vector, second.vector, atol=1e-9)


def test_an_entry_of_zero_is_left_where_the_likelihood_rises():
    table = drawn(INTERIOR, 5)
    free = climb(INTERIOR, table, random_start(INTERIOR, 2))
    start = free.vector.copy()
    entry = int(np.flatnonzero(start < 0.5)[0])
    start[entry] = 0.0
    again = climb(INTERIOR, table, INTERIOR.normalised(start))
    assert again.arrived
    np.testing.assert_allclose(again.vector, free.vector, atol=1e-6)


def test_stayers_only_end_on_the_boundary():
    table = PathTable(np.array([[0, 0, 0], [1, 1, 1]]), np.array([60.0, 40.0]))
    chain = Chain(2, 2, 3, True)
    best = maximise(chain, table, starts=5, seed=[1], what="test")
    expected = 60 * np.log(0.6) + 40 * np.log(0.4)
    assert best.climb.loglik == pytest.approx(expected, abs=1e-6)


def test_the_influence_is_the_derivative_of_the_maximum_by_a_count():
    table = drawn(INTERIOR, 8)
    reached = climb(INTERIOR, table, random_start(INTERIOR, 3))
    assert (reached.vector > 1e-3).all()
    directions, basis, nobody = influence(INTERIOR, table, reached)
    assert not nobody.any()
    slopes = directions @ basis.T
    step = 1e-3
    for path in range(0, len(table.counts), 3):
        ends = []
        for side in (1, -1):
            counts = table.counts + side * step * (np.arange(len(table.counts)) == path)
            ends.append(climb(INTERIOR, PathTable(table.steps, counts), reached.vector).vector)
        numeric = (ends[0] - ends[1]) / (2 * step)
        np.testing.assert_allclose(slopes[path], numeric, rtol=1e-4, atol=1e-7)


def test_the_same_seed_gives_the_same_result():
    chain = Chain(3, 3, 3, True)
    table = drawn(chain, 4, people=200)
    first, second = (maximise(chain, table, starts=4, seed=[7], what="test") for _ in range(2))
    np.testing.assert_array_equal(first.climb.vector, second.climb.vector)
    assert (first.starts, first.reached) == (second.starts, second.reached)


def test_what_does_not_bend_keeps_the_rest_in_bounds():
    """A parameter on which nothing depends here, beside others on which much does."""
    matrix = np.diag([0.0, 953.0, 1224.0, -249.0, 6812.0, 40011.0])
    matrix[0, 1:] = matrix[1:, 0] = [3.0, -12.0, 40.0, 7.0, 95.0]
    values, axes = _principal(matrix)
    assert np.isfinite(values).all()
    assert np.isfinite(axes).all()
