"""Sampling errors of small groups: what they are worth, and covariances that can be."""

import numpy as np
import pytest

from opinionpanel.models.sampling_errors import people_worth, with_diagonal

SHARES = np.array([[0.5, 0.3, 0.2], [0.6, 0.4, 0.0], [1.0, 0.0, 0.0], [0.2, 0.2, 0.6]])
PEOPLE = np.array([100.0, 12.0, 2.0, 60.0])


def spread(effect):
    each = SHARES[:, :, None] * (np.eye(3) - SHARES[:, None, :])
    return each * (np.asarray(effect) / PEOPLE)[:, None, None]


def test_a_simple_random_sample_is_worth_its_people():
    found = people_worth(SHARES, spread([1, 1, 1, 1]), PEOPLE, PEOPLE - 1)
    np.testing.assert_allclose(found, PEOPLE)
    one = people_worth(SHARES[:, :1], spread([2, 2, 2, 2])[:, :1, :1], PEOPLE, PEOPLE - 1)
    np.testing.assert_allclose(one, PEOPLE / 2)


def test_design_effects_are_those_of_all_unless_they_differ_by_more_than_chance():
    df = np.array([50.0, 6.0, 1.0, 30.0])
    alike = PEOPLE / people_worth(SHARES, spread([1.9, 2.2, 2, 2.1]), PEOPLE, df)
    np.testing.assert_allclose(alike, alike[0])
    assert 1.9 < alike[0] < 2.1
    # The one of a large group is its own, the one of a small group nearly that of all.
    apart = PEOPLE / people_worth(SHARES, spread([6, 9, 9, 2]), PEOPLE, df * 4)
    assert apart[0] == pytest.approx(6, rel=0.05)
    assert apart[3] == pytest.approx(2, rel=0.4)
    assert apart[1] < 8.5


def test_groups_of_whom_nothing_varies_are_worth_their_people():
    shares = np.array([[1.0, 0.0], [1.0, 0.0]])
    found = people_worth(shares, np.zeros((2, 2, 2)), np.array([3.0, 4.0]), np.array([2.0, 3.0]))
    assert found.tolist() == [3.0, 4.0]


def test_a_possible_covariance_stays_and_an_impossible_one_keeps_its_diagonal():
    rng = np.random.default_rng(1)
    root = rng.normal(size=(6, 6))
    whole = root @ root.T
    blocks = [whole[:2, :2], whole[2:4, 2:4], whole[4:, 4:]]
    np.testing.assert_allclose(with_diagonal(whole, blocks), whole, atol=1e-10)
    wild = whole + 20 * (np.ones((6, 6)) - np.kron(np.eye(3), np.ones((2, 2))))
    tamed = with_diagonal(wild, blocks)
    assert np.linalg.eigvalsh(tamed).min() > -1e-10
    for start in (0, 2, 4):
        part = slice(start, start + 2)
        np.testing.assert_allclose(tamed[part, part], whole[part, part], atol=1e-10)
    nothing = with_diagonal(wild, [np.zeros((2, 2)), *blocks[1:]])
    assert not nothing[:2].any()
