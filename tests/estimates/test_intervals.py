"""Intervals against scipy's quantiles and the formulas of METHODS."""

import numpy as np
import pytest
from hypothesis import example, given, strategies as st
from scipy import stats

from opinionpanel.errors import SelectionError
from opinionpanel.estimates.intervals import confidence_limits


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


# ---- what holds for every share ---------------------------------------------------------------


@st.composite
def shares(draw):
    """A share as designs give them, some with next to no information, some at the ends."""
    n = draw(st.integers(2, 10**6))
    near = draw(st.sampled_from([1e-6, 1e-2, 0.5]))
    inside = st.floats(1e-9, near) | st.floats(1 - near, 1 - 1e-9)
    value = draw(st.sampled_from([0.0, 1.0]) | inside)
    worth = draw(st.floats(0.05, 10.0) | st.floats(1e-3, 1e6))
    return {
        "value": value,
        "std_error": np.sqrt(value * (1 - value) / worth),
        "df": draw(st.sampled_from([1.0, 2.0, np.inf]) | st.integers(1, n - 1).map(float)),
        "n": float(n),
        "n_effective": draw(st.floats(1.0, n)),
    }


methods = st.sampled_from(["logit", "beta", "wilson"])
levels = st.floats(0.5, 0.999)


@given(methods, levels, shares())
@example("logit", 0.999, {"value": 1e-9, "std_error": 1.0, "df": 1.0, "n_effective": 1.0, "n": 2.0})
def test_limits_contain_the_share_and_are_shares(method, level, share):
    low, high = limits(method, level=level, **share)
    assert 0 <= low <= share["value"] <= high <= 1


@given(methods, st.tuples(levels, levels).map(sorted), shares())
def test_limits_widen_with_the_level(method, both, share):
    (inner_low, inner_high), (outer_low, outer_high) = (
        limits(method, level=level, **share) for level in both
    )
    assert outer_low <= inner_low + 1e-9
    assert outer_high >= inner_high - 1e-9


@given(methods, shares())
def test_the_complement_has_the_complement_of_the_interval(method, share):
    low, high = limits(method, **share)
    mirrored = limits(method, **share | {"value": 1 - share["value"]})
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-6)


@given(shares(), st.floats(0.5, 0.999))
def test_degrees_of_freedom_count_once(share, level):
    """With n − 1 degrees of freedom, beta is Clopper–Pearson on n_eff, and has no t in it."""
    n, value = share["n"], share["value"]
    share |= {"df": n - 1}
    varies = 0 < value < 1
    n_eff = value * (1 - value) / share["std_error"] ** 2 if varies else share["n_effective"]
    n_eff = min(n_eff, n)
    hits, tail = value * n_eff, (1 - level) / 2
    low = stats.beta.ppf(tail, hits, n_eff - hits + 1) if value > 0 else 0.0
    high = stats.beta.ppf(1 - tail, hits + 1, n_eff - hits) if value < 1 else 1.0
    assert limits("beta", level=level, **share) == pytest.approx((low, high), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("method", ["logit", "beta", "wilson", "wald"])
@pytest.mark.parametrize("value", [0.0, 0.2, 1.0])
def test_without_a_standard_error_there_are_no_limits(method, value):
    # Some replicate has nobody in the base.
    assert np.isnan(limits(method, value, np.nan)).all()


@pytest.mark.parametrize("method", ["logit", "beta", "wilson"])
def test_a_standard_error_of_rounding_is_none(method):
    assert limits(method, 0.3, 1e-9) == limits(method, 0.3, 0.0)
    low, high = limits(method, 0.3, 0.0)
    assert low < 0.25
    assert high > 0.35


def test_wilson_at_zero_is_wilson_on_kish():
    t = stats.t.ppf(0.975, 30)
    assert limits("wilson", 0.0, 0.0) == pytest.approx((0.0, t**2 / 80 / (1 + t**2 / 80)))


def test_each_estimate_has_its_own_degrees_of_freedom():
    df = np.array([1.0, 5.0, 200.0, 0.0, np.nan])
    low, high = confidence_limits(
        "logit",
        0.95,
        share=np.ones(5, dtype=bool),
        value=np.full(5, 0.2),
        std_error=np.full(5, 0.05),
        df=df,
        n=np.full(5, 100.0),
        n_effective=np.full(5, 80.0),
    )
    for position, one in enumerate(df[:3]):
        assert (low[position], high[position]) == limits("logit", 0.2, 0.05, df=one)
    assert np.isnan([*low[3:], *high[3:]]).all()


def test_of_rows_that_do_not_vary_only_the_exact_have_no_width():
    """A share fixed by calibration is known; that all or none of those asked agreed is not."""
    shares = {"value": [0.4, 0.4, 0.0, 1.0, 0.4], "std_error": [0.0, 0.0, 0.0, 0.0, 0.05]}
    arguments = {name: np.array(values) for name, values in shares.items()}
    size = len(arguments["value"])
    low, high = confidence_limits(
        "logit",
        0.95,
        share=np.ones(size, dtype=bool),
        df=np.full(size, 20.0),
        n=np.full(size, 50.0),
        n_effective=np.full(size, 40.0),
        exact=np.array([True, False, True, True, True]),
        **arguments,
    )
    assert (low[0], high[0]) == (0.4, 0.4)
    assert low[1] < 0.4 < high[1]
    assert low[2] == 0.0 < high[2]
    assert low[3] < 1.0 == high[3]
    assert low[4] < 0.4 < high[4]


@pytest.mark.parametrize(
    ("value", "std_error", "varies"),
    [(0.5, 6e-7, True), (0.5, 4e-7, False), (1e-4, 2e-8, True), (1e-4, 0.9e-8, False)],
)
def test_a_standard_error_counts_from_a_millionth_of_that_of_one_person(value, std_error, varies):
    low, high = limits("logit", value, std_error, df=99)
    assert (high - low < 10 * std_error) == varies
