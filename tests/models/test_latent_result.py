"""What a fitted latent Markov model says of itself: names, notes, and how well it fits."""

import numpy as np
import pandas as pd
import pytest
from latent_panels import drawn, panel_of, two_ways_to_say_yes

import opinionpanel as op
from opinionpanel.models.latent_chain import latent_markov

STARTS = 4


def test_a_fit_without_a_deviance_says_that_it_was_not_checked():
    weighted = panel_of(drawn(), op.Design(weight="weight"))
    text = str(latent_markov(weighted, "vote", starts=2))
    assert "No deviance: how well the model fits was not checked (the weights are unequal)" in text
    few = panel_of(drawn(people=70, waves=4))
    text = str(latent_markov(few, "vote", starts=2))
    assert "not checked (fewer than 5 people for each of 16 possible paths)" in text
    assert "not checked" not in str(latent_markov(panel_of(drawn()), "vote", starts=2))


@pytest.mark.parametrize("design", [{"psu": "unit"}, {"stratum": "unit"}])
def test_a_deviance_under_a_design_is_not_offered_as_a_chi_square(design):
    table = drawn().assign(unit=lambda frame: np.arange(len(frame)) % 20)
    plain = latent_markov(panel_of(table), "vote", starts=2)
    fit = latent_markov(panel_of(table, op.Design(weight=None, **design)), "vote", starts=2)
    assert plain.g2 is not None
    assert fit.g2 is None
    assert fit.fits["g2"].tolist() == plain.fits["g2"].tolist()
    assert fit.fits["g2_df"].isna().all()
    text = " ".join(str(fit).split())
    assert "strata, PSUs or replicates leave it no χ², and no test" in text
    assert " df" not in text
    assert "leave it no χ²" not in str(plain)


def test_the_note_on_what_is_0_is_that_of_the_design():
    table = drawn(people=200, change=0.0).assign(psu=np.arange(200) % 20)
    table["w3"] = table["w2"]
    linear = op.Design(weight=None, psu="psu")
    held = "hold these fixed, which may make them too small"
    left = "Under the replicate weights these may be more than 0"
    for design, told, not_told in ((linear, held, left), (linear.as_replicates("jkn"), left, held)):
        fit = latent_markov(panel_of(table, design), "vote", starts=2)
        assert fit.boundary
        text = " ".join(str(fit).split())
        assert told in text
        assert not_told not in text


def test_the_summary_says_what_it_rests_on():
    fit = latent_markov(panel_of(drawn()), "vote", by="group", starts=2)
    text = " ".join(str(fit).split())
    for part in (
        "latent Markov model of vote, by group",
        "people with an answer at all of w1, w2, w3",
        "Weight: none (unweighted)",
        "with the same response probabilities at all waves",
        "a latent state on the one before it only",
        "starts led there",
    ):
        assert part in text


def test_two_latent_states_with_the_same_answer_have_no_name_and_no_true_turnover():
    fit = latent_markov(panel_of(two_ways_to_say_yes()), "vote", starts=STARTS)
    assert (fit.response.select(state="yes").value > 0.5).all()
    assert list(fit.initial.labels["latent"]) == ["latent 1", "latent 2"]
    mean = fit.response.select(state="yes").value
    assert mean[0] < mean[1]
    true, observed = (fit.turnover.select(component=name) for name in ("true", "observed"))
    assert np.isnan(true.value).all()
    assert np.isnan(true.std_error).all()
    assert np.isfinite(observed.std_error).all()
    assert np.isfinite(fit.transitions.std_error).all()
    text = " ".join(str(fit).split())
    assert "No true turnover: two latent states give the same answer most often" in text
    assert "they are numbered in the order of their mean answer" in text


def test_names_are_the_same_in_all_groups_and_turnover_is_told_where_it_can_be():
    table = pd.concat([drawn(people=800, waves=4).assign(group="clear"), two_ways_to_say_yes()])
    table = table[["w1", "w2", "w3", "w4", "group"]].reset_index(drop=True)
    fit = latent_markov(panel_of(table), "vote", by="group", starts=STARTS)
    assert set(fit.initial.labels["latent"]) == {"latent 1", "latent 2"}
    true = fit.turnover.select(component="true")
    assert np.isfinite(true.select(group="clear").value).all()
    assert np.isnan(true.select(group="merged").value).all()
    assert "No true turnover (merged): two latent states" in " ".join(str(fit).split())
