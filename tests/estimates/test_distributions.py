"""Quantiles and tails against those of scipy."""

import numpy as np
import pytest
from hypothesis import example, given, strategies as st
from scipy import stats

from opinionpanel.estimates.distributions import (
    beta_quantile,
    chi2_above,
    f_above,
    t_below,
    t_quantile,
)

# Degrees of freedom below a half are of no survey.
DF = st.floats(0.5, 1e9) | st.sampled_from([0.0, 1.0, 2.0, np.inf, np.nan])
SHARE = st.floats(0, 1, exclude_min=True) | st.sampled_from([1e-300, 1 - 1e-16, 1.0, np.nan])
STATISTIC = st.floats(0, 1e9) | st.sampled_from([-1e-20, -1.0, 0.0, np.inf, np.nan])
SIZE = st.floats(1e-9, 1e9) | st.sampled_from([-1.0, 0.0, 0.5, 1.0, np.nan])


def same(value):
    return pytest.approx(value, rel=1e-12, abs=0, nan_ok=True)


@given(p=SHARE, df=DF)
@example(p=0.975, df=np.inf)
def test_quantiles_of_t(p, df):
    assert t_quantile(p, df) == same(stats.t.ppf(p, df))


@given(x=STATISTIC, df=DF)
@example(x=1.96, df=np.inf)
def test_t_below_and_above(x, df):
    assert t_below(x, df) == same(stats.t.cdf(x, df))
    assert t_below(-x, df) == same(stats.t.sf(x, df))


@given(x=STATISTIC, df1=DF, df2=DF.filter(lambda df: df > 0))
@example(x=2.5, df1=3.0, df2=np.inf)
@example(x=0.0, df1=3.0, df2=0.5)
def test_f_above(x, df1, df2):
    df1 = df1 if 0 < df1 < np.inf else 1.0
    assert f_above(x, df1, df2) == same(stats.f.sf(x, df1, df2))


@given(x=STATISTIC.filter(np.isfinite), df=DF)
@example(x=3.0, df=0.0)
def test_chi2_above(x, df):
    assert chi2_above(x, df) == same(stats.chi2.sf(x, df))


def test_no_statistic_has_no_probability():
    assert np.isnan(f_above(np.nan, 2, 30))
    assert np.isnan(chi2_above(np.nan, 2))


@given(p=SHARE | st.just(0.0), a=SIZE, b=SIZE)
@example(p=0.025, a=0.0, b=3.0)
@example(p=0.025, a=1e-9, b=1.0)
def test_quantiles_of_beta(p, a, b):
    assert beta_quantile(p, a, b) == same(stats.beta.ppf(p, a, b))


def test_arrays_are_taken_together():
    df = np.array([2.0, np.inf, np.nan])
    assert t_quantile(0.9, df) == same(stats.t.ppf(0.9, df))
    assert t_below(np.array([-1.0, 0.0, 1.0]), 4) == same(stats.t.cdf([-1, 0, 1], 4))
