"""The probability of staying, by pattern."""

import numpy as np
import pytest

from opinionpanel.weighting.probability_of_staying import NoProbabilityError, stay_factors

LEVELS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
TOTAL = np.array([10.0, 30, 20, 40])


def test_losses_alike_everywhere_leave_the_weights_alone():
    np.testing.assert_allclose(stay_factors(LEVELS, TOTAL, TOTAL * 0.4, None), 1)


def test_a_single_factor_divides_by_its_shares():
    stayed = np.array([5.0, 24])
    factors = stay_factors(np.array([[0], [1]]), np.array([10.0, 40]), stayed, None)
    np.testing.assert_allclose(factors, 29 / 50 / np.array([0.5, 0.6]))
    # Those who stayed then have the shares that everyone had.
    np.testing.assert_allclose(factors * stayed / (factors * stayed).sum(), [0.2, 0.8])


def test_weighted_margins_of_those_who_stayed_are_those_of_all():
    """What a logit of main effects promises, with the inverse of its probability only nearly."""
    stayed = np.array([4.0, 24, 12, 20])
    probability = stayed.sum() / TOTAL.sum() / stay_factors(LEVELS, TOTAL, stayed, None)
    for column in LEVELS.T:
        for level in (0, 1):
            here = column == level
            assert (probability * TOTAL)[here].sum() == pytest.approx(stayed[here].sum())


def test_factors_are_cut():
    stayed = np.array([1.0, 36])
    factors = stay_factors(np.array([[0], [1]]), np.array([10.0, 40]), stayed, 2.0)
    assert factors.max() == 2.0
    assert factors.min() < 1


def test_a_category_in_which_nobody_stayed_is_named():
    with pytest.raises(NoProbabilityError) as caught:
        stay_factors(LEVELS, TOTAL, np.array([5.0, 0, 10, 0]), None)
    assert (caught.value.factor, caught.value.level) == (1, 1)
