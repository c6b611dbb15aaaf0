"""Means of scores: shares of 0 and 1, changes taken apart, domains, and what has no mean.

Against R's survey under five designs in test_scores_golden.py.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from score_panels import frames, panel_of, scored

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures.means_of_scores import mean_change, means

few = settings(max_examples=10)


@few
@given(scored(most=1))
def test_the_mean_of_0_and_1_is_the_share(given_panel):
    given, design = given_panel
    items = {"x": op.Score("x", low=0, high=1), "yes": op.Item("x", {"no": [0], "yes": [1]})}
    panel = panel_of(given, design, **items)
    for by in (None, "sex"):
        mean, share = means(panel, "x", by=by), op.shares(panel, "yes", by=by).select(state="yes")
        np.testing.assert_allclose(mean.value, share.value)
        np.testing.assert_allclose(mean.covariance, share.covariance, atol=1e-14)
        np.testing.assert_array_equal(mean.n, share.n)
        np.testing.assert_array_equal(mean.df, share.df)


@few
@given(scored(waves=3))
def test_change_is_up_less_down_and_after_less_before(given_panel):
    found = mean_change(panel_of(*given_panel), "x").value.reshape(-1, 5)
    before, after, change, upward, downward = found.T
    np.testing.assert_allclose(change, after - before, atol=1e-12)
    np.testing.assert_allclose(change, upward - downward, atol=1e-12)


@few
@given(scored())
def test_a_group_is_a_domain(given_panel):
    panel = panel_of(*given_panel)
    for measure in (means, mean_change):
        grouped = measure(panel, "x", by="sex").select(sex="woman")
        alone = measure(panel.where(sex="woman"), "x")
        np.testing.assert_allclose(grouped.value, alone.value)
        np.testing.assert_allclose(grouped.covariance, alone.covariance, atol=1e-12)


def test_a_reference_is_the_difference():
    panel = panel_of(frames(5))
    by_sex = means(panel, "x", by="sex")
    apart = means(panel, "x", by="sex", reference="man")
    wanted = by_sex.difference("sex", "woman", minus="man")
    np.testing.assert_allclose(apart.value, wanted.value)
    np.testing.assert_allclose(apart.std_error, wanted.std_error)


def test_of_nobody():
    given = frames(3)
    given["w2"] = given["w2"].assign(x=np.nan)
    found = means(panel_of(given), "x").to_frame().iloc[1]
    assert found["n"] == 0
    assert np.isnan(found["estimate"])
    assert mean_change(panel_of(given), "x").value.tolist() == pytest.approx(
        [np.nan] * 5, nan_ok=True
    )


def test_wrong_questions():
    panel = panel_of(frames(4), item=op.Item("x", {"all": list(range(11))}))
    with pytest.raises(SelectionError, match="declare the column as a Score"):
        means(panel, "item")
    with pytest.raises(SelectionError, match="no number to average"):
        mean_change(panel_of(frames(4)), "x", base="panel")
