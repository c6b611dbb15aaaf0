"""Correlations between waves: numpy's, of moved and turned scores, and where there is none.

Against R's survey under five designs in test_scores_golden.py.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from score_panels import frames, panel_of, scored

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures.correlations import correlation

few = settings(max_examples=10)


def test_without_weights_it_is_that_of_the_numbers():
    given = frames(6)
    both = given["w1"].merge(given["w2"], on="id").dropna()
    (found,) = correlation(panel_of(given, "none"), "x").value
    assert found == pytest.approx(np.corrcoef(both["x_x"], both["x_y"])[0, 1])


@few
@given(scored(waves=3))
def test_units_do_not_matter_and_a_turned_score_goes_along(given_panel):
    given, design = given_panel
    scaled = {wave: one.assign(x=one["x"] * 7 + 300) for wave, one in given.items()}
    turned = {wave: one.assign(x=one["y"]) for wave, one in given.items()}
    first, *others = (
        correlation(panel_of(people, design), "x", by="sex") for people in (given, scaled, turned)
    )
    for other in others:
        np.testing.assert_allclose(other.value, first.value, atol=1e-9)
        np.testing.assert_allclose(other.covariance, first.covariance, atol=1e-9)
        np.testing.assert_array_equal(other.n, first.n)


@few
@given(scored(most=1))
def test_of_0_and_1_it_is_phi(given_panel):
    given, design = given_panel
    panel = panel_of(given, design, x=op.Score("x", low=0, high=1))
    item = panel_of(given, design, item=op.Item("x", {"no": [0], "yes": [1]}))
    found, flows = correlation(panel, "x"), op.flows(item, "item")
    joint = flows.value.reshape(2, 2)
    one, two = joint.sum(axis=1), joint.sum(axis=0)
    if not np.nanmin([*one, *two]) > 1e-9:
        assert np.isnan(found.value[0])
        return

    def phi(p):
        a, b = p[2] + p[3], p[1] + p[3]
        return [(p[3] - a * b) / (a * (1 - a) * b * (1 - b)) ** 0.5]

    derived = flows.derive(phi, {"what": ["phi"]}) if abs(found.value[0]) < 0.99 else None
    np.testing.assert_allclose(found.value, phi(flows.value), atol=1e-9)
    if derived is not None:
        np.testing.assert_allclose(found.std_error, derived.std_error, atol=1e-9)


def test_the_interval_is_fishers():
    found = correlation(panel_of(frames(6)), "x")
    low, high = found.to_frame()[["conf_low", "conf_high"]].to_numpy()[0]
    middle = np.arctanh(found.value[0])
    assert np.arctanh(high) - middle == pytest.approx(middle - np.arctanh(low))


def test_none_where_all_have_one_number_or_nobody_any():
    given = frames(6)
    for x, n in ((4.0, True), (np.nan, False)):
        given["w2"] = given["w2"].assign(x=x)
        found = correlation(panel_of(given), "x", by="sex").to_frame()
        figures = ["estimate", "std_error", "conf_low", "conf_high"]
        assert found[figures].isna().all(axis=None)
        assert (found["n"] > 0).all() == n


def test_the_same_numbers_have_a_correlation_of_1_and_no_interval():
    given = frames(6)
    given["w2"] = given["w1"]
    found = correlation(panel_of(given), "x").to_frame().iloc[0]
    assert found["estimate"] == pytest.approx(1)
    assert np.isnan(found["conf_low"])


def test_wrong_questions():
    with pytest.raises(SelectionError, match="2 different wave"):
        correlation(panel_of(frames(4)), "x", waves=["w1"])
