"""Critical values between two bounds: they give the level that was asked for."""

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.bounded_values import critical_values


@pytest.mark.parametrize("df", [5, 40, 1e7])
@pytest.mark.parametrize("gap", [0.0, 0.1, 0.5, 1.0, 2.0, 10.0])
def test_critical_values_give_the_level(df, gap):
    """The probability between −C and C plus the gap, by numerical integration."""
    (found,) = critical_values(np.array([gap * 0.03]), np.array([0.03]), np.array([df]), 0.9)
    density = stats.norm.pdf if df > 1e6 else lambda t: stats.t.pdf(t, df)
    assert quad(density, -found, found + gap)[0] == pytest.approx(0.9, abs=1e-6)


def test_critical_values_at_the_ends():
    """Two-sided without a gap, one-sided across a wide one; nothing without a standard error."""
    width = np.array([0.0, -1e-17, 0.9, 0.3, 0.0, 0.3, 0.3, np.nan])
    error = np.array([0.1, 0.1, 1e-3, 0.0, 0.0, np.nan, 0.1, 0.1])
    df = np.array([30.0, 30, 30, 30, 30, 30, 0, 30])
    found = critical_values(width, error, df, 0.95)
    one, two = stats.t.ppf([0.95, 0.975], 30)
    np.testing.assert_allclose(found, [two, two, one, one, two, *[np.nan] * 3], rtol=1e-9)


def test_other_estimates_have_their_intervals_elsewhere():
    panel = op.datasets.load("thomas_1991")
    with pytest.raises(SelectionError, match=r"are in their to_frame\(\)"):
        op.shares(panel, "opinion").between_bounds()
