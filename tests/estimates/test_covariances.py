"""Covariances as they are carried on, against products of whole matrices."""

import pickle

import numpy as np
import pytest
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import covariances, frames
from opinionpanel.estimates.covariances import of_deviations, of_matrix

seeds = st.integers(0, 2**32 - 1)


def matrix_of(rng, size):
    parts = rng.normal(size=(size, size + 3))
    return parts @ parts.T


@given(seed=seeds)
def test_sums_of_sums_of_some(seed):
    rng = np.random.default_rng(seed)
    matrix, first, second = matrix_of(rng, 6), rng.normal(size=(5, 6)), rng.normal(size=(4, 3))
    first[rng.random(first.shape) < 0.4] = 0.0
    rows, every = np.array([4, 0, 2]), np.ones(6, dtype=bool)
    found = of_matrix(matrix).through(first, every[:5]).at(rows).through(second, every[:4])
    both = second @ first[rows]
    expected = both @ matrix @ both.T
    np.testing.assert_allclose(found.full, expected, atol=1e-10)
    np.testing.assert_allclose(found.variances, expected.diagonal(), atol=1e-10)
    some = np.array([3, 1])
    np.testing.assert_allclose(found.block(some), expected[np.ix_(some, some)], atol=1e-10)


@given(seed=seeds)
def test_ratios_are_linearised_within_their_domain(seed):
    rng = np.random.default_rng(seed)
    total, domain = rng.uniform(1, 2, 6), np.array([0, 1, 0, 2, 1, 0])
    matrix, same = matrix_of(rng, 6), domain[:, None] == domain
    base = same @ total
    value = total / base
    slopes = (np.eye(6) - value[:, None] * same) / base[:, None]
    found = of_matrix(matrix).ratios(value, base, domain)
    np.testing.assert_allclose(found.full, slopes @ matrix @ slopes.T, atol=1e-10)
    factors = rng.normal(size=(2, 6))
    twice = found.through(factors, np.ones(2, dtype=bool)).full
    np.testing.assert_allclose(twice, factors @ found.full @ factors.T, atol=1e-10)


def test_what_rests_on_a_value_without_a_variance_has_none():
    matrix = np.diag([1.0, np.nan, 4.0])
    found = of_matrix(matrix)
    np.testing.assert_array_equal(found.variances, [1.0, np.nan, 4.0])
    factors = np.array([[1.0, 0, 1], [1, 1, 0], [0, 0, 1]])
    sums = found.through(factors, np.array([True, True, False]))
    np.testing.assert_array_equal(np.isnan(sums.variances), [False, True, True])
    np.testing.assert_array_equal(np.isnan(sums.full), ~np.outer(*[[True, False, False]] * 2))
    none = found.without(np.ones(3, dtype=bool))
    assert np.isnan(none.full).all()
    assert np.isnan(none.variances).all()


def test_deviations_vary_by_their_products():
    deviations = np.random.default_rng(1).normal(size=(7, 4))
    found = of_deviations(deviations, np.array([1.0, 1.0, np.nan, 1.0]))
    expected = deviations.T @ deviations
    expected[2] = expected[:, 2] = np.nan
    np.testing.assert_allclose(found.full, expected)
    np.testing.assert_allclose(found.variances, expected.diagonal())
    factors = np.array([[1.0, -1, 0, 0]])
    one = found.through(factors, np.array([True])).full
    np.testing.assert_allclose(one, factors[:, :2] @ expected[:2, :2] @ factors[:, :2].T)


def test_a_covariance_that_no_memory_holds_is_refused_and_a_part_of_it_is_not(monkeypatch):
    shares = op.shares(op.datasets.load("thomas_1991_3"), "opinion")
    expected = shares.covariance
    monkeypatch.setattr(covariances, "MOST", 3)
    again = op.shares(op.datasets.load("thomas_1991_3"), "opinion")
    with pytest.raises(SelectionError, match=r"all 6 estimates.*GB.*select"):
        _ = again.covariance
    first, second = shares.about.waves
    assert np.isfinite(again.std_error).all()
    assert np.isfinite(again.difference("wave", second, minus=first).std_error).all()
    part = again.select(wave=first)
    np.testing.assert_allclose(part.covariance, expected[:3, :3], rtol=1e-12)


def test_differences_that_no_memory_holds_are_refused(monkeypatch):
    shares = op.shares(op.datasets.load("thomas_1991_3"), "opinion")
    first, second = shares.about.waves
    monkeypatch.setattr(frames, "MOST_FACTORS", 17)
    with pytest.raises(SelectionError, match=r"3 differences among 6 estimates.*select"):
        shares.difference("wave", second, minus=first)
    some = shares.select(state=["favourable", "unsure"])
    assert len(some.difference("wave", second, minus=first)) == 2


def test_a_covariance_in_a_file_is_a_matrix_without_people():
    shares = op.shares(op.datasets.load("thomas_1991_3"), "opinion")
    back = pickle.loads(pickle.dumps(shares.spread))
    np.testing.assert_array_equal(back.full, shares.covariance)
    assert vars(back)["_source"].__class__.__name__ == "Matrix"
