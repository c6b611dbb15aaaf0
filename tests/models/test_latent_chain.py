"""Latent Markov models: published fits, R, refits by person, designs, groups and refusals."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from places import GOLDEN_FILES, SHARED

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.scores import Kinds
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


def weighed(name, item, weighted=True):
    """A bundled panel whose people have weights by the rule of the script of the golden file."""
    panel = op.datasets.load(name)
    _, path = np.unique(panel.answers[item].T, axis=0, return_inverse=True)
    place = pd.Series(path.ravel()).groupby(path.ravel()).cumcount().to_numpy()
    weight = 1.0 + (place % 4) / 2 if weighted else np.ones(len(place))
    return with_design(panel, item, {"weight": weight}, op.Design(weight="weight"))


def with_design(panel, item, columns, design):
    """Build a panel again from its answers, with other columns and another design."""
    states = panel.item(item).state_names
    names = np.array(states, dtype=object)
    table = pd.DataFrame(names[panel.answers[item]].T, columns=list(panel.waves)).assign(**columns)
    question = op.Item({wave: wave for wave in panel.waves}, {state: [state] for state in states})
    groups = [name for name in columns if name.startswith("group")]
    return op.Panel.from_wide(table, items={item: question}, groups=groups, design=design)


def drawn(people=300, waves=3, seed=1, *, error=0.1, change=0.2):
    """A made-up panel of two states, with groups, strata, PSUs and weights."""
    rng = np.random.default_rng(seed)
    latent = rng.random(people) < 0.5
    answers = []
    for _ in range(waves):
        answers.append(latent ^ (rng.random(people) < error))
        latent = latent ^ (rng.random(people) < change)
    table = pd.DataFrame(
        {f"w{wave + 1}": np.where(a, "yes", "no") for wave, a in enumerate(answers)}
    )
    table["group"] = rng.choice(["a", "b"], people)
    table["stratum"], table["psu"] = np.arange(people) % 3, np.arange(people) % 30
    table["weight"] = rng.uniform(0.5, 2.0, people)
    return table


def panel_of(table, design=None, groups=("group",), states=("no", "yes")):
    waves = [name for name in table if name.startswith("w") and name != "weight"]
    item = op.Item({wave: wave for wave in waves}, {state: [state] for state in states})
    groups = list(groups)
    return op.Panel.from_wide(table, items={"vote": item}, groups=groups, design=design)


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


def test_observed_turnover_is_the_measure_on_the_same_base():
    table = drawn()
    panel = panel_of(table, op.Design(weight="weight", stratum="stratum", psu="psu"))
    ours = latent_markov(panel, "vote", starts=STARTS).turnover.select(component="observed")
    measure = op.turnover(panel, "vote", base="balanced").select(component="total")
    np.testing.assert_allclose(ours.value, measure.value, rtol=1e-12)
    np.testing.assert_allclose(ours.std_error, measure.std_error, rtol=1e-9)
    np.testing.assert_array_equal(ours.df, measure.df)


# ---- designs -----------------------------------------------------------------------------------


def test_the_scores_are_the_derivatives_by_each_persons_weight(monkeypatch):
    kept = {}
    estimates = Kinds.estimates

    def keep(self, labels, value, **arguments):
        kept.update(arguments, value=value, kinds=self)
        return estimates(self, labels, value, **arguments)

    monkeypatch.setattr(Kinds, "estimates", keep)
    table = drawn(people=600, waves=4, seed=2, change=0.1)
    panel = panel_of(table, op.Design(weight="weight"))
    assert not latent_markov(panel, "vote", by="group", starts=STARTS).boundary
    weights, kind, step = table["weight"].to_numpy(), kept["kinds"].codes, 1e-3

    def refit(weights):
        return kept["refit"](np.bincount(kind, weights))

    np.testing.assert_allclose(refit(weights), kept["value"], atol=1e-8)
    for person in range(0, 600, 60):
        moved = step * (np.arange(600) == person)
        numeric = (refit(weights + moved) - refit(weights - moved)) / (2 * step)
        np.testing.assert_allclose(kept["scores"][kind[person]], numeric, rtol=1e-3, atol=1e-7)


def test_jackknife_and_linearisation_agree_roughly():
    table = drawn(people=600, waves=4)
    design = op.Design(weight="weight", stratum="stratum", psu="psu")
    linear = latent_markov(panel_of(table, design), "vote", starts=STARTS)
    refitted = latent_markov(panel_of(table, design.as_replicates("jkn")), "vote", starts=STARTS)
    for part in PARTS:
        one, other = getattr(linear, part), getattr(refitted, part)
        np.testing.assert_allclose(one.value, other.value, rtol=1e-10)
        np.testing.assert_allclose(other.std_error, one.std_error, rtol=0.15)


def test_calibrated_weights_take_out_what_the_margin_explains():
    table = drawn(people=600)
    table["group"] = np.where(table["w1"] == "yes", "a", "b")
    table.loc[::7, "group"] = "a"
    plain = panel_of(table, op.Design(weight="weight"))
    total = float(table["weight"].sum())
    raked = op.rake(plain, {"group": {"a": 0.55 * total, "b": 0.45 * total}})
    before = latent_markov(plain, "vote", starts=STARTS).initial.std_error
    after = latent_markov(raked, "vote", starts=STARTS).initial.std_error
    assert (after < 0.95 * before).all()


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


def test_integer_weights_equal_copies_that_keep_their_psu():
    table = drawn(people=200).assign(person=range(200))
    table["weight"] = 1.0 + np.arange(200) % 3
    weighted = panel_of(table, op.Design(weight="weight", psu="person"))
    copies = table.loc[table.index.repeat(table["weight"].astype(int))].assign(weight=1.0)
    copied = panel_of(copies.reset_index(drop=True), op.Design(weight="weight", psu="person"))
    one = latent_markov(weighted, "vote", starts=STARTS)
    other = latent_markov(copied, "vote", starts=STARTS)
    for part in PARTS:
        first, second = getattr(one, part), getattr(other, part)
        np.testing.assert_allclose(first.value, second.value, atol=1e-8)
        np.testing.assert_allclose(first.std_error, second.std_error, rtol=1e-5)


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


def two_ways_to_say_yes(people=1_500, seed=3):
    """One latent state answers yes nearly always, the other more often than not; few change."""
    rng = np.random.default_rng(seed)
    latent, answers = rng.random(people) < 0.5, {}
    for wave in ("w1", "w2", "w3", "w4"):
        said = rng.random(people) < np.where(latent, 0.97, 0.65)
        answers[wave] = np.where(said, "yes", "no")
        latent = latent ^ (rng.random(people) < 0.05)
    return pd.DataFrame(answers).assign(group="merged")


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


def test_a_fit_without_a_deviance_says_that_it_was_not_checked():
    weighted = panel_of(drawn(), op.Design(weight="weight"))
    text = str(latent_markov(weighted, "vote", starts=2))
    assert "No deviance: how well the model fits was not checked (the weights are unequal)" in text
    few = panel_of(drawn(people=70, waves=4))
    text = str(latent_markov(few, "vote", starts=2))
    assert "not checked (fewer than 5 people for each of 16 possible paths)" in text
    assert "not checked" not in str(latent_markov(panel_of(drawn()), "vote", starts=2))


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


def test_whole_numbers_may_be_those_of_numpy():
    panel = panel_of(drawn())
    ours = latent_markov(panel, "vote", latent=np.int64(2), starts=np.int64(2), seed=np.int32(3))
    expected = latent_markov(panel, "vote", latent=2, starts=2, seed=3)
    np.testing.assert_array_equal(ours.response.value, expected.response.value)


def test_waves_out_of_order_are_refused():
    with pytest.raises(SelectionError, match="order of fieldwork"):
        latent_markov(panel_of(drawn()), "vote", waves=["w2", "w1", "w3"])


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
