"""Intervals against scipy's quantiles and the formulas of METHODS."""

import numpy as np
import pytest
from scipy import stats

from opinionpanel.errors import SelectionError
from opinionpanel.intervals import confidence_limits


def limits(method, value, std_error, *, df=30.0, n=100.0, n_effective=80.0, share=True, level=0.95):
    def one(number):
        return np.array([number], dtype=float)

    low, high = confidence_limits(
        method,
        level,
        share=np.array([share]),
        value=one(value),
        std_error=one(std_error),
        df=one(df),
        n=one(n),
        n_effective=one(n_effective),
    )
    return low[0], high[0]


def test_wald_and_differences_are_t_intervals():
    t = stats.t.ppf(0.975, 30)
    expected = (0.2 - t * 0.05, 0.2 + t * 0.05)
    assert limits("wald", 0.2, 0.05) == pytest.approx(expected)
    for method in ("logit", "beta", "wilson"):
        assert limits(method, 0.2, 0.05, share=False) == pytest.approx(expected)


def test_logit_by_hand():
    t = stats.t.ppf(0.975, 30)
    middle, half = np.log(0.2 / 0.8), t * 0.05 / 0.16
    expected = [1 / (1 + np.exp(-(middle + side * half))) for side in (-1, 1)]
    assert limits("logit", 0.2, 0.05) == pytest.approx(tuple(expected))


def test_wilson_by_hand():
    t, n_eff = stats.t.ppf(0.975, 30), 0.16 / 0.05**2
    root = np.sqrt(0.16 / n_eff + t**2 / (4 * n_eff**2))
    centre = 0.2 + t**2 / (2 * n_eff)
    expected = tuple((centre + side * t * root) / (1 + t**2 / n_eff) for side in (-1, 1))
    assert limits("wilson", 0.2, 0.05) == pytest.approx(expected)


def test_beta_is_clopper_pearson_on_the_effective_sample():
    ratio = (stats.t.ppf(0.975, 99) / stats.t.ppf(0.975, 30)) ** 2
    n_eff = min(0.16 / 0.05**2 * ratio, 100)
    hits = 0.2 * n_eff
    expected = (
        stats.beta.ppf(0.025, hits, n_eff - hits + 1),
        stats.beta.ppf(0.975, hits + 1, n_eff - hits),
    )
    assert limits("beta", 0.2, 0.05) == pytest.approx(expected)


def test_beta_caps_the_effective_sample_at_n():
    assert limits("beta", 0.2, 0.001) == pytest.approx(
        (stats.beta.ppf(0.025, 20, 81), stats.beta.ppf(0.975, 21, 80))
    )


@pytest.mark.parametrize("method", ["logit", "beta", "wilson"])
def test_at_the_edges_there_is_still_an_interval(method):
    low, high = limits(method, 0.0, 0.0)
    assert low == pytest.approx(0.0, abs=1e-12)
    assert 0 < high < 0.2
    mirrored = limits(method, 1.0, 0.0)
    assert mirrored == pytest.approx((1 - high, 1.0))


def test_logit_at_zero_is_korn_graubard_on_kish():
    ratio = (stats.t.ppf(0.975, 99) / stats.t.ppf(0.975, 30)) ** 2
    high = stats.beta.ppf(0.975, 1, 80 * ratio)
    assert limits("logit", 0.0, 0.0) == limits("beta", 0.0, 0.0)
    assert limits("logit", 0.0, 0.0)[1] == pytest.approx(high)


@pytest.mark.parametrize("method", ["logit", "beta", "wilson", "wald"])
@pytest.mark.parametrize(("value", "df"), [(np.nan, 30.0), (0.2, 0.0), (0.2, -1.0), (0.0, 0.0)])
def test_undefined_is_nan(method, value, df):
    assert np.isnan(limits(method, value, 0.05 if value else 0.0, df=df)).all()


@pytest.mark.parametrize("method", ["logit", "beta", "wilson"])
@pytest.mark.parametrize(("value", "edge"), [(1e-17, 0.0), (1 - 2e-16, 1.0), (1 + 2e-16, 1.0)])
def test_rounding_next_to_the_edge_is_the_edge(method, value, edge):
    # A turnover in which everybody moved comes out as 1 - 2e-16, with an error of 1e-9.
    assert limits(method, value, 1e-9) == pytest.approx(limits(method, edge, 0.0), abs=1e-6)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_impossible_levels(level):
    with pytest.raises(SelectionError, match=r"between 0 and 1, for example \.95"):
        limits("logit", 0.2, 0.05, level=level)


def test_unknown_method():
    with pytest.raises(SelectionError, match=r"'agresti'.*'logit', 'beta', 'wilson', 'wald'"):
        limits("agresti", 0.2, 0.05)
