"""One table smoothed: its total, its slopes, and errors that go together."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from opinionpanel.models.area_model import from_logits
from opinionpanel.models.smoothed_tables import benchmarked, errors_of, smoothed_table

few = settings(max_examples=10)
seeds = st.integers(0, 2**32 - 1)


def table(seed, *, groups=9, states=3, weights=True, between=None, start=0):
    """Draw a table of counts; some groups have few people, and some states nobody."""
    rng = np.random.default_rng(seed)
    people = rng.integers(3, 80, groups).astype(float)
    counts = rng.multinomial(people.astype(int), rng.dirichlet(np.full(states, 4.0)), size=groups)
    rows = start + np.arange(groups * states).reshape(groups, states)
    shares = counts / people[:, None]
    sizes = rng.uniform(1, 5, groups)
    found = smoothed_table(
        rows, shares, people, np.ones((groups, 1)), sizes if weights else None, between
    )
    return found, shares, people, sizes


def design(shares, people):
    """The covariance of simple random samples in each group."""
    groups, states = shares.shape
    found = np.zeros((groups, states, groups, states))
    here = np.arange(groups)
    spread = shares[:, :, None] * (np.eye(states) - shares[:, None, :]) / people[:, None, None]
    found[here, :, here, :] = spread
    return found.reshape(groups * states, -1)


@few
@given(seeds)
def test_all_groups_together_are_the_direct_total(seed):
    found, shares, _, sizes = table(seed)
    np.testing.assert_allclose(sizes @ found.value, sizes @ shares, atol=1e-9)
    np.testing.assert_allclose(found.value.sum(axis=1), 1)


@few
@given(seeds)
def test_without_variance_every_group_is_the_direct_total_with_its_error(seed):
    _, shares, people, _ = table(seed)
    sizes = people / people.sum()
    rows, one = np.arange(27).reshape(9, 3), np.ones((9, 1))
    found = smoothed_table(rows, shares, people, one, people, np.zeros((2, 2)))
    np.testing.assert_allclose(found.value, np.tile(sizes @ shares, (len(shares), 1)), atol=1e-9)
    errors = errors_of([found], design(shares, people))
    spread = found.value[0][:, None] * (np.eye(3) - found.value[0])
    # Those of the weighted mean of samples with the same shares, which need no model.
    wanted = (sizes**2 / people).sum() * spread
    total = np.kron(sizes, np.eye(3))
    np.testing.assert_allclose(total @ errors @ total.T, wanted, rtol=1e-6)
    assert (errors.diagonal().reshape(9, 3) > wanted.diagonal()).all()


def test_the_errors_of_single_groups_are_those_of_prasad_and_rao():
    found, shares, people, _ = table(3, weights=False, states=2)
    between, sampling = found.fit.between[0, 0], found.fit.sampling[:, 0, 0]
    weight = 1 / (between + sampling)
    pull = between * weight
    first = pull * sampling
    second = (1 - pull) ** 2 / weight.sum()
    third = sampling**2 * weight**3 * 2 / (weight**2).sum()
    # Where there is little to learn from, no more than smoothing gains.
    logits = first + second + np.minimum(2 * third, sampling - first)
    assert 0 < (2 * third > sampling - first).sum() < 5
    wanted = logits * (found.value[:, 0] * found.value[:, 1]) ** 2
    errors = errors_of([found], design(shares, people)).diagonal()[::2]
    np.testing.assert_allclose(errors, wanted, rtol=1e-9)


def test_slopes_are_those_of_small_steps():
    found, *_ = table(5)
    step = np.zeros_like(found.logits)
    step[:, 0] = 1e-6
    moved = (from_logits(found.logits + step) - from_logits(found.logits)) / 1e-6
    back = np.zeros((len(moved), 4))
    back[:, found.chosen] = moved
    np.testing.assert_allclose(found.slopes[:, :, 0], back[:, :3], atol=1e-5)
    # From direct shares to linearised logits and back.
    there = found.turns @ found.slopes
    if np.allclose(found.logits, found.fit.predicted):
        np.testing.assert_allclose(there, np.tile(np.eye(2), (9, 1, 1)), atol=1e-9)


def test_states_that_were_left_out_count_together_as_one():
    whole, shares, people, sizes = table(8, states=2)
    part = smoothed_table(whole.rows[:, :1] // 2, shares[:, :1], people, np.ones((9, 1)), sizes)
    np.testing.assert_allclose(part.value[:, 0], whole.value[:, 0], atol=1e-7)
    errors = errors_of([whole], design(shares, people))[::2, ::2]
    alone = design(shares, people)[::2, ::2]
    np.testing.assert_allclose(errors_of([part], alone), errors, atol=1e-8)


def test_a_state_that_nobody_chose_stays_at_zero():
    shares = np.column_stack([np.linspace(0.3, 0.7, 9), np.zeros(9), np.linspace(0.7, 0.3, 9)])
    rows, people = np.arange(27).reshape(9, 3), np.full(9, 30.0)
    found = smoothed_table(rows, shares, people, np.ones((9, 1)), people)
    assert not found.value[:, 1].any()
    assert not errors_of([found], design(shares, people)).reshape(9, 3, 9, 3)[:, 1].any()


def test_a_shift_follows_the_groups_it_is_for():
    logits = np.array([[0.2, -0.5], [0.8, 0.1], [-0.4, 0.3]])
    weights = np.array([0.5, 0.3, 0.2])
    total = np.array([0.5, 0.3, 0.2])
    moved, slopes = benchmarked(logits, weights, total)
    np.testing.assert_allclose(weights @ from_logits(moved), total, atol=1e-12)
    np.testing.assert_allclose((moved - logits).std(axis=0), 0, atol=1e-12)
    # If all direct logits were higher by as much, the shift would be.
    np.testing.assert_allclose(slopes @ np.tile(np.eye(2), (3, 1)), np.eye(2), atol=1e-12)


def test_the_same_people_at_two_waves_make_a_change_more_certain():
    one, shares, people, _ = table(11, groups=30)
    rows = one.rows + one.rows.size
    sizes = np.ones(30)
    other = smoothed_table(rows, shares, people, np.ones((30, 1)), sizes)
    one = smoothed_table(one.rows, shares, people, np.ones((30, 1)), sizes)
    own = design(shares, people)
    for overlap in (0.0, 1.0):
        direct = np.block([[own, overlap * own], [overlap * own, own]])
        errors = errors_of([one, other], direct)
        first, second = slice(0, 90), slice(90, 180)
        change = errors[first, first] + errors[second, second] - 2 * errors[first, second]
        each = change.diagonal() / (2 * errors[first, first].diagonal())
        if overlap:
            # The same answers of the same people: what is left is the error of each model.
            assert each.mean() < 0.6
        else:
            assert each == pytest.approx(1, abs=0.75)
        assert np.linalg.eigvalsh(errors).min() > -1e-9
