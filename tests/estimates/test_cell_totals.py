"""Totals divided by totals: ratios against shares and the delta method, and of nobody."""

import numpy as np
import pytest

import opinionpanel as op
from opinionpanel.estimates import About, label_rows
from opinionpanel.measures.shares_and_flows import wave_totals

ABOUT = About(measure="ratios", title="Ratios")


@pytest.fixture
def totals():
    panel = op.datasets.load("attitudes_2024").panel
    return wave_totals(panel, "support", ["Jul 2024", "Nov 2024"], None, "answered")[0]


def test_a_ratio_of_parts_is_a_ratio_of_shares(totals):
    """Of two states, whose total cancels: that of the shares, by the delta method."""
    rows = label_rows({"wave": ["Jul 2024", "Nov 2024"]})
    found = totals.ratios(np.array([0, 3]), np.array([2, 5]), rows, ABOUT)
    shares = totals.shares(["wave"], ABOUT)
    wanted = shares.derive(lambda p: [p[0] / p[2], p[3] / p[5]], rows.frame)
    np.testing.assert_allclose(found.value, wanted.value)
    np.testing.assert_allclose(found.covariance, wanted.covariance, rtol=1e-9)
    assert found.n.tolist() == totals.n[[2, 5]].tolist()


def test_a_ratio_is_measured_in_its_own_unit(totals):
    rows = label_rows({"state": ["approve"]})
    plain = totals.ratios(np.array([0]), np.array([2]), rows, ABOUT)
    scaled = totals.ratios(np.array([0]), np.array([2]), rows, ABOUT, middle=-3.0, width=10.0)
    np.testing.assert_allclose(scaled.value, -3 + 10 * plain.value)
    np.testing.assert_allclose(scaled.std_error, 10 * plain.std_error)


def test_a_ratio_to_nobody_is_undefined(totals):
    none = np.zeros((1, len(totals.value)), dtype=bool)
    both = totals.combine(np.vstack([none, ~none]), label_rows({"cells": ["none", "all"]}))
    rows = label_rows({"ratio": ["all to none", "none to all"]})
    found = both.ratios(np.array([1, 0]), np.array([0, 1]), rows, ABOUT)
    np.testing.assert_array_equal(found.value, [np.nan, 0])
    assert np.isnan(found.std_error[0])
    assert found.n[0] == 0
