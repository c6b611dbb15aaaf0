"""The maximum of the mover–stayer likelihood, person by person; its derivatives; its boundary."""

from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from stayer_panels import WAVES, panel_of, simulated

from opinionpanel.models.movers_and_stayers import mover_stayer
from opinionpanel.models.stayers import (
    count_paths,
    logliks,
    shares_of_stayers,
    slopes_by_path,
    solve,
)


def loglik(frame, s, m):
    """Log-likelihood, person by person."""
    waves = [name for name in WAVES if name in frame]
    steps = frame[waves].astype(int).to_numpy()
    weight = frame["weight"].to_numpy() * len(frame) / frame["weight"].sum()
    start = np.bincount(steps[:, 0], weight, minlength=len(s))
    moving = np.prod([m[a, b] for a, b in zip(steps.T, steps.T[1:], strict=False)], axis=0)
    same = (steps == steps[:, :1]).all(axis=1)
    first = steps[:, 0]
    each = np.log(s[first] * same + (1 - s[first]) * moving)
    return weight @ each + weight @ np.log(start / start.sum())[first]


@settings(max_examples=8)
@given(st.integers(0, 2**32 - 1), st.integers(2, 3), st.integers(3, 4))
def test_no_other_parameters_are_more_likely(seed, states, waves):
    frame = simulated(seed, people=80, states=states, waves=waves)
    fit = mover_stayer(panel_of(frame), "answer")
    s, m = fit.stayers.value[:states], fit.movers.value.reshape(states, states)
    best = loglik(frame, s, m)
    np.testing.assert_allclose(fit.loglik, best, rtol=1e-10)
    assert fit.deviance >= -1e-9
    rng = np.random.default_rng(seed)
    for size in (1e-3, 1e-2, 1e-1):
        for _ in range(10):
            near = np.clip(s + size * rng.normal(size=states), 0, 1)
            moves = m * np.exp(size * rng.normal(size=m.shape))
            with np.errstate(divide="ignore"):
                other = loglik(frame, near, moves / moves.sum(axis=1, keepdims=True))
            assert other <= best + 1e-8


def every_path(waves=3):
    steps = np.array(list(product(range(2), repeat=waves)))
    return count_paths(SimpleNamespace(steps=steps, states=("a", "b")))


@given(st.integers(0, 2**32 - 1))
def test_slopes_are_those_of_small_steps(seed):
    paths = every_path()
    weights = np.random.default_rng(seed).uniform(5, 20, 8)
    # Enough stayers for a maximum inside.
    weights[[0, -1]] += 60
    counts = paths.total(weights)
    stayers, movers = slopes_by_path(paths, counts, solve(counts))
    for path, step in enumerate(1e-4 * np.eye(8)):
        ends = [paths.total(weights + sign * step) for sign in (1, -1)]
        more, less = map(solve, ends)
        share = shares_of_stayers(ends[0], more) - shares_of_stayers(ends[1], less)
        np.testing.assert_allclose(stayers[path], share / 2e-4, rtol=1e-5, atol=1e-9)
        np.testing.assert_allclose(
            movers[path], (more.m - less.m).ravel() / 2e-4, rtol=1e-5, atol=1e-9
        )


def test_without_enough_stayers_the_model_is_the_plain_chain():
    """Fewer stayed than movers alone would leave: nobody need be a stayer."""
    paths = every_path()
    weights = np.full(8, 10.0)
    weights[[0, -1]] = 1.0
    counts = paths.total(weights)
    found = solve(counts)
    assert found.boundary.all()
    assert (found.s == 0).all()
    np.testing.assert_allclose(found.m, counts.moves / counts.at_risk[:, None])
    model, chain = logliks(counts, found)
    assert model == pytest.approx(chain)
