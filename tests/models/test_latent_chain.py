"""Latent Markov models: published fits, R, refits by person, designs, groups and refusals."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from latent_panels import drawn, panel_of, weighed
from places import GOLDEN_FILES, SHARED

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.models.latent_chain import latent_markov

PUBLISHED = SHARED / "reference" / "published.json"
RLMS = SHARED / "data" / "small" / "rlms_job_satisfaction.csv"
GOLDEN = pd.read_csv(GOLDEN_FILES / "latent_markov_golden.csv")
PARTS = ("initial", "response", "transitions", "turnover")
STARTS = 4


@pytest.fixture(scope="module")
def published():
    if not PUBLISHED.exists():
        pytest.skip(f"the check figures are not there: {PUBLISHED}")
    return json.loads(PUBLISHED.read_text(encoding="utf-8"))["transitions"]


# ---- published and independent numbers -----------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "key"),
    [("constant", "latent_markov_homogeneous"), ("free", "latent_markov_heterogeneous")],
)
def test_nes_ideology(published, kind, key):
    panel = op.datasets.load("nes_ideology")
    fit = latent_markov(panel, "ideology", transitions=kind, starts=STARTS)
    figures = published["nes_ideology"][key]
    assert fit.loglik == pytest.approx(figures["loglik"], abs=6e-5)
    assert fit.g2[0] == pytest.approx(figures["g2"][0], abs=6e-4)
    assert fit.g2[1] == figures["g2"][1]
    assert fit.fits["arrived"].all()
    # Both lie on the boundary: what is 0 has no standard error, and the note says so.
    assert fit.boundary
    at_zero = fit.transitions.value < 1e-4
    assert at_zero.any()
    assert np.isnan(fit.transitions.std_error[at_zero]).all()
    assert "Estimated as 0, without a standard error" in str(fit)


def test_women_in_the_labour_force(published):
    fit = latent_markov(op.datasets.load("women_labour_1967_71"), "working", starts=STARTS)
    expected = published["women_labour_1967_71"]["latent_markov_homogeneous_loglik"]
    assert fit.loglik == pytest.approx(expected, abs=6e-5)
    assert fit.parameters == 5
    assert not fit.boundary
    # The deviance is far beyond its degrees of freedom, and the output does not hide it.
    assert "does not describe all of these answers" in " ".join(str(fit).split())


@pytest.mark.skipif(not RLMS.exists(), reason=f"the file is not there: {RLMS}")
def test_seven_waves_of_job_satisfaction(published):
    table = pd.read_csv(RLMS)
    item = op.Item(
        {wave: wave for wave in table},
        {"satisfied": [1, 2], "neutral": [3], "unsatisfied": [4, 5]},
    )
    panel = op.Panel.from_wide(table, items={"satisfaction": item})
    fit = latent_markov(panel, "satisfaction", starts=1)
    expected = published["rlms_2008_09"]["latent_markov_homogeneous_loglik"]
    assert fit.loglik == pytest.approx(expected, abs=6e-5)
    # 2,187 possible paths of 1,718 people: no deviance to speak of.
    assert fit.g2 is None


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("name", "item"), [("women_labour_1967_71", "working"), ("nes_ideology", "ideology")]
)
def test_values_and_standard_errors_equal_those_of_r(name, item, weighted):
    golden = GOLDEN[(GOLDEN["data"] == name) & (GOLDEN["weighted"] == weighted)]
    fit = latent_markov(weighed(name, item, weighted), item, latent=2, starts=STARTS)
    assert fit.loglik == pytest.approx(golden["loglik"].iloc[0], abs=1e-5)
    for part in PARTS:
        ours, theirs = getattr(fit, part), golden[golden["part"] == part]
        if part == "turnover":
            ours = ours.select(component="true")
        # R works on logits, which have no place for a probability of 0: it comes out near 1e-9,
        # with a standard error of next to nothing where the library gives none.
        error = theirs["std_error"].where(theirs["std_error"] > 1e-6)
        np.testing.assert_allclose(ours.value, theirs["value"], atol=1e-6)
        np.testing.assert_allclose(ours.std_error, error, rtol=1e-4)


# ---- designs -----------------------------------------------------------------------------------


def test_a_constant_weight_changes_nothing():
    table = drawn()
    plain = latent_markov(panel_of(table.drop(columns="weight")), "vote", starts=STARTS)
    table["weight"] = 3.0
    scaled = latent_markov(panel_of(table, op.Design(weight="weight")), "vote", starts=STARTS)
    assert plain.loglik == pytest.approx(scaled.loglik, rel=1e-12)
    for part in PARTS:
        one, other = getattr(plain, part), getattr(scaled, part)
        np.testing.assert_allclose(one.value, other.value, atol=1e-9)
        np.testing.assert_allclose(one.std_error, other.std_error, rtol=1e-6)


@given(seed=st.integers(0, 50), waves=st.integers(3, 4))
@settings(max_examples=4)
def test_the_order_of_the_states_changes_no_figure(seed, waves):
    table = drawn(people=250, waves=waves, seed=seed)
    one = latent_markov(panel_of(table), "vote", starts=STARTS)
    other = latent_markov(panel_of(table, states=("yes", "no")), "vote", starts=STARTS)
    assert one.loglik == pytest.approx(other.loglik, abs=1e-6)
    keys = {"initial": ["latent"], "response": ["latent", "state"]}
    keys["transitions"] = ["from_latent", "to_latent"]
    for part, columns in keys.items():
        first, second = (
            estimates.labels.assign(value=estimates.value)
            .sort_values(columns, ignore_index=True)["value"]
            .to_numpy()
            for estimates in (getattr(one, part), getattr(other, part))
        )
        np.testing.assert_allclose(first, second, atol=1e-5)


# ---- what it is for ----------------------------------------------------------------------------


def test_without_true_change_observed_turnover_is_large_and_the_latent_one_near_zero():
    table = drawn(people=2_000, waves=4, change=0.0, error=0.12)
    turnover = latent_markov(panel_of(table), "vote", starts=STARTS).turnover
    assert (turnover.select(component="observed").value > 0.15).all()
    assert (turnover.select(component="true").value < 0.03).all()


def test_groups_are_fits_of_their_own():
    table = drawn(people=500)
    panel = panel_of(table, op.Design(weight="weight", stratum="stratum", psu="psu"))
    both = latent_markov(panel, "vote", by="group", starts=STARTS)
    assert both.parameters == 10
    assert list(both.fits["group"]) == ["a", "b"]
    for group in ("a", "b"):
        one = latent_markov(panel.where(group=group), "vote", starts=STARTS)
        for part in PARTS:
            ours = getattr(both, part).select(group=group)
            np.testing.assert_allclose(ours.value, getattr(one, part).value, atol=1e-8)
            np.testing.assert_allclose(ours.std_error, getattr(one, part).std_error, rtol=1e-5)
            np.testing.assert_array_equal(ours.n, getattr(one, part).n)
    difference = both.turnover.select(component="true").difference("group", "b", minus="a")
    # PSUs hold people of both groups, whose estimates are not independent.
    assert np.isfinite(difference.std_error).all()


def test_free_transitions_name_their_waves():
    fit = latent_markov(
        panel_of(drawn(waves=4)), "vote", transitions="free", waves=["w1", "w2", "w4"], starts=2
    )
    assert list(fit.transitions.labels["to_wave"].unique()) == ["w2", "w4"]
    assert fit.turnover.select(from_wave="w2").about.weight == "none (unweighted)"


def test_fewer_latent_states_are_ordered_by_their_mean_answer():
    fit = latent_markov(op.datasets.load("nes_ideology"), "ideology", latent=2, starts=STARTS)
    mean = fit.response.value.reshape(2, 3) @ np.arange(3)
    assert mean[0] < mean[1]
    assert list(fit.initial.labels["latent"]) == ["latent 1", "latent 2"]


def test_more_latent_states_than_answers_are_told_apart_from_them():
    fit = latent_markov(panel_of(drawn(people=400, waves=5)), "vote", latent=3, starts=6)
    text = " ".join(str(fit).split())
    assert "the two turnovers count moves between different things" in text
    assert ("Few of the starts" in text) == (fit.reached < 0.2)


def test_whole_numbers_may_be_those_of_numpy():
    panel = panel_of(drawn())
    ours = latent_markov(panel, "vote", latent=np.int64(2), starts=np.int64(2), seed=np.int32(3))
    expected = latent_markov(panel, "vote", latent=2, starts=2, seed=3)
    np.testing.assert_array_equal(ours.response.value, expected.response.value)


def test_waves_out_of_order_are_refused():
    with pytest.raises(SelectionError, match="order of fieldwork"):
        latent_markov(panel_of(drawn()), "vote", waves=["w2", "w1", "w3"])


def test_the_same_seed_gives_the_same_result():
    panel = panel_of(drawn())
    first, second = (latent_markov(panel, "vote", starts=2, seed=5) for _ in range(2))
    np.testing.assert_array_equal(first.response.value, second.response.value)


# ---- refusals ----------------------------------------------------------------------------------


def test_two_waves_are_refused_with_the_way_out():
    with pytest.raises(
        SelectionError, match=r"cannot separate change from response error.*error_s"
    ):
        latent_markov(op.datasets.load("thomas_1991_3"), "opinion")
    with pytest.raises(SelectionError, match="Two waves"):
        latent_markov(panel_of(drawn()), "vote", waves=["w1", "w3"])


def test_small_groups_are_refused():
    table = drawn(people=200)
    table.loc[:20, "group"] = "small"
    with pytest.raises(SelectionError, match=r"Too few people.*group='small': 21 people") as error:
        latent_markov(panel_of(table), "vote", by="group")
    assert "panel.where" in str(error.value)


def test_a_state_that_nobody_gave_is_refused():
    panel = panel_of(drawn(), states=("no", "perhaps", "yes"))
    with pytest.raises(SelectionError, match="ever answered 'perhaps'"):
        latent_markov(panel, "vote")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"latent": 1}, "2 to 5"),
        ({"latent": 6}, "2 to 5"),
        ({"latent": 2.0}, "whole number"),
        ({"latent": 3}, "is not identified"),
        ({"transitions": "const"}, "Did you mean 'constant'"),
        ({"starts": 0}, "starts must be"),
        ({"seed": -1}, "seed must be"),
    ],
)
def test_impossible_arguments(arguments, message):
    with pytest.raises(SelectionError, match=message):
        latent_markov(panel_of(drawn()), "vote", **arguments)


def test_answers_that_cannot_tell_the_parameters_get_no_standard_errors():
    # Everybody stays: any response error of a latent state and its transitions fit as well.
    table = pd.DataFrame({wave: ["no"] * 60 + ["yes"] * 40 for wave in ("w1", "w2", "w3")})
    fit = latent_markov(panel_of(table, groups=()), "vote", starts=2)
    np.testing.assert_allclose(fit.turnover.value, 0.0, atol=1e-6)
    true = fit.turnover.select(component="true")
    assert np.isnan(true.std_error).all()


def test_nothing_of_the_panel_is_changed():
    panel = panel_of(drawn())
    before = panel.answers["vote"].copy()
    fit = latent_markov(panel, "vote", starts=2)
    np.testing.assert_array_equal(panel.answers["vote"], before)
    with pytest.raises(AttributeError):
        fit.parameters = 3
    assert replace(fit).parameters == fit.parameters
