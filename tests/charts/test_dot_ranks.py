"""Ranks: no narrower than the sample allows, and right for all groups at once."""

from dataclasses import replace

import numpy as np
import pytest
from chart_panels import NAMES, panel_of
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.charts.dot_ranks import rank_intervals

GROUPS = 5


@pytest.fixture(scope="module")
def shares():
    panel = panel_of(NAMES[3], 1, people=1000, groups=GROUPS)
    return op.shares(panel, "support", by="region").select(state="approve")


def with_values(shares, values):
    return replace(shares, value=np.asarray(values, dtype=float))


def true_ranks(values):
    """The first and the last rank of each, where equal ones share all of theirs."""
    values = np.round(values, 12)
    above = (values[None, :] > values[:, None]).sum(axis=1)
    below = (values[None, :] < values[:, None]).sum(axis=1)
    return 1 + above, len(values) - below


@pytest.mark.parametrize(
    "truth",
    [[0.4] * GROUPS, [0.4, 0.4, 0.4, 0.4, 0.6], [0.2, 0.35, 0.42, 0.5, 0.65]],
    ids=["all equal", "one apart", "all apart"],
)
def test_the_intervals_of_all_groups_hold_at_once_in_95_of_100_samples(shares, truth):
    random, samples = np.random.default_rng(5), 300
    errors = random.multivariate_normal(np.zeros(GROUPS), shares.covariance, samples)
    low, high = true_ranks(truth)
    held = 0
    for error in errors:
        first, last = rank_intervals(with_values(shares, truth + error), level=0.95)
        held += bool((first <= low).all() and (last >= high).all())
    assert held >= 0.95 * samples


@given(st.lists(st.floats(0.01, 0.99), min_size=GROUPS, max_size=GROUPS), st.floats(0.5, 0.999))
def test_an_interval_holds_the_rank_in_the_sample(shares, values, level):
    first, last = rank_intervals(with_values(shares, values), level=level)
    low, high = true_ranks(np.array(values))
    assert (first <= low).all()
    assert (last >= high).all()
    assert (first >= 1).all()
    assert (last <= GROUPS).all()


@given(st.permutations(range(GROUPS)))
def test_the_order_of_groups_changes_nothing(shares, order):
    spread = with_values(shares, [0.1, 0.3, 0.4, 0.45, 0.8])
    plain = np.array(rank_intervals(spread, level=0.95))
    moved = np.array(rank_intervals(spread.at(np.array(order)), level=0.95))
    assert (moved == plain[:, order]).all()


def test_groups_far_apart_have_one_rank_each(shares):
    first, last = rank_intervals(with_values(shares, [0.1, 0.9, 0.3, 0.7, 0.5]), level=0.95)
    assert first.tolist() == last.tolist() == [5, 1, 4, 2, 3]


def test_ranks_rest_on_the_comparisons_of_every_two_groups(shares):
    """Those that users can print."""
    found = shares.pairwise("region").comparisons()
    assert not ((found["conf_low"] > 0) | (found["conf_high"] < 0)).any()
    first, last = rank_intervals(shares, level=0.95)
    assert set(first) == {1}
    assert set(last) == {GROUPS}


def test_a_single_group_is_the_first(shares):
    first, last = rank_intervals(shares.at(np.array([0])), level=0.95)
    assert first.tolist() == last.tolist() == [1]
