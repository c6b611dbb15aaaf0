"""Degrees of freedom of replicate designs: rank less one, as R's survey counts it."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from opinionpanel.design import degrees_of_freedom
from opinionpanel.design.degrees_of_freedom import ReplicateMembers


def psus(rng, people, number):
    """Everyone's PSU, each PSU with someone."""
    return np.r_[np.arange(number), rng.integers(0, number, people - number)]


def jackknife(number):
    return (1 - np.eye(number)) * number / (number - 1)


def df_of(weights, inside, declared=None):
    codes = np.where(inside, 0, -1)
    return ReplicateMembers([codes], [1], [weights], declared).df(np.ones((1, 1), dtype=bool))[0]


@given(st.integers(0, 2**32 - 1), st.integers(3, 30), st.sampled_from([30, 400]))
def test_jackknife_has_a_degree_less_than_psus(seed, number, people):
    # With every PSU in the domain the rank is their number; 400 people are folded.
    rng = np.random.default_rng(seed)
    psu = psus(rng, people, number)
    weights = rng.lognormal(size=people)[:, None] * jackknife(number)[psu]
    assert df_of(weights, np.ones(people, dtype=bool)) == number - 1
    # In fewer PSUs, as many as have members: each has a pattern of its own.
    inside = psu < number - 2
    assert df_of(weights, inside) == number - 3


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_rounding_adds_no_degrees_and_folding_loses_none(seed, round_them):
    rng = np.random.default_rng(seed)
    factors = rng.exponential(size=(12, 40))
    weights = rng.lognormal(size=(500, 1)) * factors[psus(rng, 500, 12)]
    weights = np.round(weights, 6) if round_them else weights
    assert df_of(weights, np.ones(500, dtype=bool)) == 11


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 60),
    st.integers(2, 60),
    st.integers(1, 90),
    st.sampled_from([None, 6, 3]),
    st.sampled_from([0.3, 2.0]),
)
def test_the_rank_is_the_number_of_singular_values_that_count(
    seed, number, replicates, people, decimals, spread
):
    rng = np.random.default_rng(seed)
    factors = rng.poisson(1.0, size=(number, replicates)).astype(float)
    weights = rng.lognormal(sigma=spread, size=people)[:, None]
    weights = weights * factors[rng.integers(number, size=people)]
    if decimals:
        weights = weights.round(decimals)
    values = np.linalg.svd(weights, compute_uv=False)
    rank = (values > 1e-5 / np.sqrt(replicates) * values.max()).sum()
    assert df_of(weights, np.ones(people, dtype=bool)) == max(rank - 1, 0)


@pytest.mark.parametrize("decimals", [12, 6])
def test_people_of_the_same_psu_are_found_without_singular_values(monkeypatch, decimals):
    rng = np.random.default_rng(4)
    factors = rng.poisson(1.0, size=(25, 60)).astype(float)
    weights = rng.lognormal(sigma=0.5, size=(90, 1)) * factors[psus(rng, 90, 25)]
    monkeypatch.delattr(np.linalg, "svd")
    assert df_of(weights.round(decimals), np.ones(90, dtype=bool)) == 24


def test_one_person_a_psu_beside_a_large_one_is_not_lost_in_folding():
    rng = np.random.default_rng(3)
    psu = np.r_[np.zeros(2000, dtype=int), np.arange(1, 80)]
    weights = rng.lognormal(size=len(psu))[:, None] * jackknife(80)[psu]
    assert df_of(weights, np.ones(len(psu), dtype=bool)) == 79


def test_of_a_jackknife_every_domain_has_as_many_as_its_psus_less_one(monkeypatch):
    """All PSUs are looked at once: the rows of some of them do not depend on each other either."""
    monkeypatch.setattr(degrees_of_freedom, "_rank", None)
    codes = np.repeat([0, 1, 2, -1], [4, 5, 1, 3])
    members = ReplicateMembers([codes], [3], [jackknife(13)], None)
    domains = np.array([[1, 0, 0], [0, 1, 1], [1, 1, 1], [0, 0, 0]], dtype=bool)
    assert members.df(domains).tolist() == [3, 5, 9, 0]


def test_declared_degrees_are_the_most():
    weights = jackknife(10)
    everyone = np.ones(10, dtype=bool)
    assert df_of(weights, everyone, declared=5) == 5
    assert df_of(weights, everyone, declared=50) == 9
    assert df_of(weights, np.arange(10) < 3, declared=5) == 2


def test_a_domain_in_two_variables_has_the_least_of_theirs():
    weights = jackknife(10)
    codes = [np.zeros(10, dtype=int), np.where(np.arange(10) < 4, 0, -1)]
    members = ReplicateMembers(codes, [1, 1], [weights, weights], None)
    assert members.df(np.array([[True, False], [False, True], [True, True]])).tolist() == [9, 3, 3]


def test_a_variable_without_members_does_not_count():
    weights = jackknife(10)
    codes = [np.zeros(10, dtype=int), np.full(10, -1)]
    members = ReplicateMembers(codes, [1, 1], [weights, weights], 50)
    domains = np.array([[True, True], [True, False], [False, True], [False, False]])
    assert members.df(domains).tolist() == [9, 9, 0, 0]


def test_variables_of_different_people_count_together():
    new = np.arange(10) >= 8
    old = np.where(new[:, None], 0.0, jackknife(10))
    late = np.where(new[:, None], jackknife(10), 0.0)
    codes = [np.where(new, -1, 0), np.where(new, 0, -1)]
    members = ReplicateMembers(codes, [1, 1], [old, late], None)
    assert members.df(np.array([[True, True]])).tolist() == [1]
    assert members.disjoint().df(np.array([[True]])).tolist() == [9]


@pytest.mark.parametrize("people", [10, 1000])
def test_nobody_in_the_domain(people):
    weights = np.ones((people, 4))
    assert df_of(weights, np.zeros(people, dtype=bool)) == 0


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [2, 0, 1, 3], [3, 2, 1, 0]])
def test_few_people_and_fewer_replicates_in_any_order(order):
    """Folding four people into two rows once lost one of two PSUs."""
    weights = np.array([[0.0, 2.0], [2.0, 0.0], [2.0, 0.0], [2.0, 0.0]])[order]
    members = ReplicateMembers([np.zeros(4, dtype=np.int64)], [1], [weights], None)
    assert members.df(np.array([[True]])).tolist() == [1.0]


def test_many_people_fold_without_drowning_small_differences():
    """The mean of all weights does not add up in the fold, so that what differs still shows."""
    rng = np.random.default_rng(5)
    weights = 1 + 2e-4 * rng.normal(size=(100_000, 50))
    for number in (2_000, 100_000):
        assert df_of(weights[:number], np.ones(number, dtype=bool)) == 49
