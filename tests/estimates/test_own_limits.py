"""Limits that estimates have of their own: against their definitions, selected and kept."""

import pickle

import numpy as np
import pytest
from scipy import stats
from score_panels import frames, panel_of

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.own_limits import Distribution, FisherLimits, WoodruffLimits

NUMBERS = Distribution(
    np.array([1.0, 2.0, 5.0]), np.array([0.25, 0.5, 1.0]), np.array([1.0, 1.0, 2.0])
)
NOBODY = Distribution(np.zeros(0), np.zeros(0), np.zeros(0))


def test_the_inverse_is_the_lowest_number_that_reaches_a_share():
    shares = [0.1, 0.25, 0.25 + 1e-15, 0.3, 0.5, 0.51, 1.0, -0.01, 1.01]
    found = [NUMBERS.inverse(share) for share in shares]
    np.testing.assert_array_equal(found, [1, 1, 1, 2, 2, 5, 5, np.nan, np.nan])
    assert np.isnan(NOBODY.inverse(0.5))


def test_woodruff_limits_are_where_the_limits_of_the_share_are():
    limits = WoodruffLimits(
        [NUMBERS, NUMBERS, NOBODY],
        np.array([0.5, 0.5, np.nan]),
        np.array([0.1, 0.4, np.nan]),
        np.full(3, np.inf),
    )
    none = np.full(3, np.nan)
    low, high = limits(0.9, none, none, limits.df)
    np.testing.assert_array_equal(low, [2, np.nan, np.nan])
    np.testing.assert_array_equal(high, [5, np.nan, np.nan])
    chosen = limits.at(np.array([1, 0]))(0.5, none[:2], none[:2], limits.df[:2])
    np.testing.assert_array_equal(chosen, [[1, 2], [5, 5]])


def test_fisher_limits_are_those_of_z():
    value, error, df = np.array([0.6, 1.0]), np.array([0.1, 0.0]), np.array([20.0, 20.0])
    low, high = FisherLimits()(0.95, value, error, df)
    half = stats.t.ppf(0.975, 20) * 0.1 / (1 - 0.36)
    np.testing.assert_allclose(low[0], np.tanh(np.arctanh(0.6) - half))
    np.testing.assert_allclose(high[0], np.tanh(np.arctanh(0.6) + half))
    assert np.isnan(low[1])
    assert np.isnan(high[1])


def test_the_numbers_of_people_stay():
    found = op.quantiles(panel_of(frames(1)), "x")
    back = pickle.loads(pickle.dumps(found))
    assert back.to_frame().equals(found.to_frame())
    chosen = back.select(wave="w2").to_frame(level=0.9)
    assert chosen.equals(found.select(wave="w2").to_frame(level=0.9))
    for family in (found, found.select(wave="w2")):
        away = pickle.loads(pickle.dumps(family)).simultaneous()
        assert away.to_frame().equals(family.simultaneous().to_frame())
        kept = family.simultaneous().at([0])
        assert pickle.loads(pickle.dumps(kept)).to_frame().equals(kept.to_frame())
    with pytest.raises(SelectionError, match=r"level=0\.42 needs the panel"):
        back.to_frame(level=0.42)


def test_what_is_derived_has_limits_of_its_own_no_more():
    found = op.quantiles(panel_of(frames(1)), "x", at=[0.25, 0.75])
    assert found.own_limits is not None
    change = found.difference("wave", "w2", minus="w1")
    assert change.own_limits is None
    frame = change.to_frame()
    np.testing.assert_allclose(
        frame["conf_high"] - frame["estimate"], frame["estimate"] - frame["conf_low"]
    )
