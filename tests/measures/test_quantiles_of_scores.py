"""Quantiles of scores: counted by hand, moved and scaled, in domains, and where they have no error.

Against R's survey under five designs in test_scores_golden.py.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from score_panels import frames, panel_of, scored

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.measures.quantiles_of_scores import quantiles

few = settings(max_examples=10)
QUARTILES = [0.25, 0.5, 0.75]


def of_numbers(numbers, weights=None, **options):
    frame = pd.DataFrame({"id": range(len(numbers)), "x": numbers})
    frame["w"] = 1.0 if weights is None else weights
    panel = op.Panel.from_waves(
        {"w1": frame},
        person="id",
        items={"x": op.Score("x", low=-1e6, high=1e6)},
        design=op.Design(weight="w"),
    )
    return quantiles(panel, "x", **options)


def test_the_lowest_number_that_reaches_the_share():
    assert of_numbers([4, 1, 3, 2]).value.tolist() == [2]
    assert of_numbers([4, 1, 3, 2, 5]).value.tolist() == [3]
    assert of_numbers([1, 2, 3], [1, 1, 2.5]).value.tolist() == [3]
    # Three weights of a tenth are three tenths, whatever rounding says.
    assert of_numbers(range(10), [0.1] * 10, at=0.3).value.tolist() == [2]
    assert of_numbers([4, 1, 3, 2], at=[0.75, 0.25]).value.tolist() == [3, 1]


def test_an_interval_lies_around_its_quantile():
    found = of_numbers(np.arange(1, 100), at=[0.1, 0.5]).to_frame()
    # 99 people: 0.495 ± 1.98 · 0.0505 is .4, .6 to the nearest person.
    assert found.iloc[1][["estimate", "conf_low", "conf_high"]].tolist() == [50, 41, 60]
    assert (found["conf_low"] <= found["estimate"]).all()


def test_no_error_where_all_gave_the_same_and_none_beyond_the_ends():
    same = of_numbers([2, 2, 2, 2]).to_frame()
    assert same["estimate"].tolist() == [2]
    assert same[["std_error", "conf_low", "conf_high"]].isna().all(axis=None)
    end = of_numbers(np.arange(20), at=0.05).to_frame()
    assert end["estimate"].tolist() == [0]
    assert end[["std_error", "conf_low", "conf_high"]].isna().all(axis=None)


def test_on_a_scale_of_few_numbers_limits_may_be_the_quantile():
    found = of_numbers([1] * 30 + [2] * 200 + [3] * 30)
    figures = found.to_frame()[["std_error", "conf_low", "conf_high"]]
    assert figures.to_numpy().tolist() == [[0, 2, 2]]
    # What is derived of it claims nothing.
    assert found.contrast([[1.0]], {"what": ["it"]}).to_frame()["conf_low"].isna().all()


def test_limits_of_a_number_that_many_gave_are_those_of_the_share_asked_for():
    # 48 of 100 are below 2, so that 1 may be the median as well; 88 have 2 or less.
    found = of_numbers([1] * 48 + [2] * 40 + [3] * 12).to_frame()
    assert found[["estimate", "conf_low", "conf_high"]].to_numpy().tolist() == [[2, 1, 2]]
    # 52 are below 2: half of the range to it, at the end that is nearer.
    found = of_numbers([1] * 20 + [2] * 32 + [3] * 48).to_frame()
    assert found[["estimate", "conf_low", "conf_high"]].to_numpy().tolist() == [[2, 2, 3]]


@few
@given(scored(most=1))
def test_quartiles_of_no_and_yes_agree_with_the_share(given_panel):
    panel = panel_of(*given_panel)
    share = op.means(panel, "x").value
    found = quantiles(panel, "x", at=QUARTILES).value.reshape(-1, 3)
    for place, p in enumerate(QUARTILES):
        apart = np.abs(1 - share - p) > 1e-9
        np.testing.assert_array_equal(found[apart, place], (1 - share < p)[apart])


def test_a_difference_of_quantiles_that_move_in_steps_has_no_interval():
    numbers = pd.DataFrame({"id": range(200), "x": [1] * 96 + [2] * 80 + [3] * 24})
    waves = {"w1": numbers, "w2": numbers.assign(x=4 - numbers["x"])}
    score = op.Score("x", low=1, high=3)
    panel = op.Panel.from_waves(waves, person="id", items={"x": score})
    found = quantiles(panel, "x")
    assert found.to_frame()["conf_low"].notna().all()
    assert "moves in steps" in str(found)
    change = found.difference("wave", "w2", minus="w1")
    assert np.isnan(change.to_frame()["conf_low"][0])
    assert np.isnan(change.comparisons()["pvalue"][0])
    with pytest.raises(DesignError, match=r"from quantiles, .* where many people gave the same"):
        change.test()
    with pytest.raises(SelectionError, match=r"labels are no text. Write quantile=0\.5 in its"):
        found.select(quantile="0.5")
    fine = {wave: one.assign(x=one["x"] + one["id"] / 1000) for wave, one in waves.items()}
    score = op.Score("x", low=1, high=4)
    panel = op.Panel.from_waves(fine, person="id", items={"x": score})
    found = quantiles(panel, "x")
    assert "moves in steps" not in str(found)
    change = found.difference("wave", "w2", minus="w1")
    assert np.isfinite(change.to_frame()["conf_low"][0])


def test_nobody_has_no_quantile():
    given = frames(3)
    given["w2"] = given["w2"].assign(x=lambda frame: frame["x"].mask(frame["sex"] == "man"))
    found = quantiles(panel_of(given), "x", by="sex").select(wave="w2").to_frame()
    nobody = found.set_index("sex").loc["man"]
    assert nobody["n"] == 0
    assert nobody[["estimate", "std_error", "conf_low", "conf_high"]].isna().all()


@few
@given(scored(waves=3), st.sampled_from([(3.5, 1), (0, 4), (-20, 0.5)]))
def test_moved_and_scaled_with_the_score(given_panel, change):
    given, design = given_panel
    shift, scale = change
    moved = {wave: one.assign(x=one["x"] * scale + shift) for wave, one in given.items()}
    one, two = (
        quantiles(panel_of(people, design), "x", at=QUARTILES, by="sex")
        for people in (given, moved)
    )
    np.testing.assert_allclose(two.value, one.value * scale + shift)
    np.testing.assert_allclose(two.covariance, one.covariance * scale**2, atol=1e-12)
    for end in ("conf_low", "conf_high"):
        np.testing.assert_allclose(two.to_frame()[end], one.to_frame()[end] * scale + shift)


@few
@given(scored())
def test_a_group_is_a_domain(given_panel):
    panel = panel_of(*given_panel)
    grouped = quantiles(panel, "x", at=QUARTILES, by="sex").select(sex="woman")
    alone = quantiles(panel.where(sex="woman"), "x", at=QUARTILES)
    np.testing.assert_allclose(grouped.value, alone.value)
    np.testing.assert_allclose(grouped.covariance, alone.covariance, atol=1e-12)
    np.testing.assert_array_equal(grouped.df, alone.df)


@few
@given(scored(), st.integers(0, 99))
def test_the_order_of_people_does_not_matter(given_panel, seed):
    given, design = given_panel
    shuffled = {wave: one.sample(frac=1, random_state=seed) for wave, one in given.items()}
    one, two = (quantiles(panel_of(people, design), "x") for people in (given, shuffled))
    np.testing.assert_allclose(one.value, two.value)
    np.testing.assert_allclose(one.covariance, two.covariance, atol=1e-10)


@few
@given(scored())
def test_one_base_for_all_waves(given_panel):
    panel = panel_of(*given_panel)
    found = quantiles(panel, "x", base="balanced")
    means = op.means(panel, "x", base="balanced")
    np.testing.assert_array_equal(found.n, means.n)


def test_a_base_that_loses_people():
    panel = panel_of(frames(4))
    found = quantiles(panel, "x", at=0.5, by="sex").to_frame(min_n=100)
    assert found["withheld"].all()
    assert found[["estimate", "conf_low"]].isna().all(axis=None)


@pytest.mark.parametrize("at", [0, 1, [], [0.5, 0.5], [0.2, 1.2], float("nan")])
def test_what_is_no_quantile(at):
    with pytest.raises(SelectionError, match="above 0 and below 1"):
        quantiles(panel_of(frames(4)), "x", at=at)


def test_wrong_questions():
    panel = panel_of(frames(4))
    with pytest.raises(SelectionError, match="no number to average"):
        quantiles(panel, "x", base="panel")
    with pytest.raises(SelectionError, match="Unknown score"):
        quantiles(panel, "q")
