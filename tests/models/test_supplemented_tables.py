"""Flows fitted to people seen twice and once: EM, its maximum, and slopes by small steps."""

import numpy as np
from hypothesis import given, settings, strategies as st

from opinionpanel.models.supplemented_tables import fit, improved, loglik, slopes

few = settings(max_examples=5)
seeds = st.integers(0, 2**32 - 1)


def tables(seed, zeros=0.3):
    """Counts of a few tables, some of them zero."""
    rng = np.random.default_rng(seed)
    counts = rng.gamma(1.0, 20.0, (4, 4, 4)).round()
    counts[rng.random(counts.shape) < zeros] = 0
    counts[:, [0, 1, 2], [0, 1, 2]] += 5
    return counts


@few
@given(seeds)
def test_the_likelihood_never_falls(seed):
    counts = tables(seed)
    flows = np.random.default_rng(seed).dirichlet(np.ones(9), 4).reshape(4, 3, 3)
    before = loglik(flows, counts)
    for _ in range(30):
        flows = improved(flows, counts)
        after = loglik(flows, counts)
        assert (after >= before - 1e-9 * np.abs(before)).all()
        before = after


@few
@given(seeds)
def test_no_other_flows_are_more_likely(seed):
    counts = tables(seed)
    flows, _ = fit(counts)
    best = loglik(flows, counts)
    rng = np.random.default_rng(seed)
    for size in (1e-3, 0.05, 1):
        other = rng.dirichlet(np.ones(9), 4).reshape(4, 3, 3)
        assert (loglik((1 - size) * flows + size * other, counts) <= best + 1e-7).all()


@few
@given(seeds)
def test_slopes_are_those_of_small_steps(seed):
    counts = tables(seed, zeros=0)[:1] + 1
    flows, _ = fit(counts)
    by_step = np.empty((9, 16))
    for place in range(16):
        step = np.zeros(16)
        step[place] = 1e-3
        high, low = (fit(counts + sign * step.reshape(1, 4, 4))[0].ravel() for sign in (1, -1))
        by_step[:, place] = (high - low) / 2e-3
    np.testing.assert_allclose(slopes(flows[0], counts[0]), by_step, rtol=1e-4, atol=1e-8)


def test_a_flow_that_nobody_took_may_still_be_there():
    counts = np.zeros((1, 3, 3))
    counts[0, 0, 0] = counts[0, 1, 1] = 1
    counts[0, 0, 2] = counts[0, 2, 1] = 100
    flows, _ = fit(counts)
    assert flows[0, 0, 1] > 0.9
    assert flows[0, 1, 0] == 0
