"""Weights against drop-out: weighting classes, statsmodels by person, refits, and their effects."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from engine_frames import on_engine
from hypothesis import given, settings, strategies as st
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

import opinionpanel as op
from opinionpanel.design import ReplicateWeights
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.weighting.against_dropout import attrition_weights, weight_effects
from opinionpanel.weighting.probability_of_staying import NoProbabilityError, stay_factors
from opinionpanel.weighting.weight_summary import weights_summary

STATES = ("a", "b", "c")
WAVES = ("w1", "w2", "w3")
MEASURES = {
    "turnover": op.turnover,
    "net_change": op.net_change,
    "flows": op.flows,
    "transitions": op.transitions,
}
few = settings(max_examples=5)
seeds = st.integers(0, 2**32 - 1)


def people(seed=1, number=400):
    """Three waves; people in b drop out more often, women less."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"psu": np.arange(number) % 20, "stratum": np.arange(number) % 4})
    frame["weight"] = rng.lognormal(0, 0.4, number).round(3) + 0.01
    frame["later"] = frame["weight"] * 2
    frame["gender"] = np.array(["man", "woman"])[rng.integers(0, 2, number)]
    state = rng.integers(0, 3, number)
    there = np.ones(number, dtype=bool)
    for wave in WAVES:
        frame[wave] = np.where(there, np.array(STATES)[state], None)
        lost = np.array([0.15, 0.45, 0.25])[state] - 0.1 * (frame["gender"] == "woman")
        there &= rng.random(number) > lost
        state = np.where(rng.random(number) < 0.7, state, rng.integers(0, 3, number))
    return frame


def panel_of(frame, design=None, waves=("w1", "w2")):
    item = op.Item({wave: wave for wave in waves}, {state: [state] for state in STATES})
    return op.Panel.from_wide(frame, items={"opinion": item}, groups=["gender"], design=design)


PEOPLE = op.Design(weight="weight")
CLUSTERED = op.Design(weight="weight", stratum="stratum", psu="psu")
DESIGNS = {"unweighted": None, "people": PEOPLE, "clustered": CLUSTERED}
PAIR = ("w1", "w2")


@few
@given(seeds)
def test_without_groups_they_are_weighting_classes(seed):
    panel = panel_of(people(seed), PEOPLE)
    weighted = attrition_weights(panel, "opinion", trim=None)
    before, after = panel.weights["w1"], weighted.weights[PAIR]
    first, second = panel.answers["opinion"]
    share = before[second >= 0].sum() / before.sum()
    for state in range(3):
        assert after[first == state].sum() == pytest.approx(share * before[first == state].sum())
    assert (after[second < 0] == 0).all()
    # So the origins are those of everyone again.
    origins = op.flows(weighted, "opinion").value.reshape(3, 3).sum(axis=1)
    np.testing.assert_allclose(origins, op.shares(panel, "opinion", waves=["w1"]).value)


def test_losses_alike_in_every_class_change_nothing():
    rows = [
        {"w1": state, "w2": None if copy % 5 == 0 else "a", "gender": gender, "weight": 1.0}
        for state in STATES
        for gender in ("man", "woman")
        for copy in range(10)
    ]
    frame = pd.DataFrame(rows)
    weighted = attrition_weights(panel_of(frame), "opinion", groups="gender")
    np.testing.assert_allclose(weighted.weights[PAIR], frame["w2"].notna())


@pytest.mark.parametrize("weighted", [False, True])
def test_the_logit_is_that_of_people(weighted):
    frame = people()
    panel = panel_of(frame, PEOPLE if weighted else None)
    after = attrition_weights(panel, "opinion", groups=["gender"], trim=None).weights[PAIR]
    weight = frame["weight"] if weighted else np.ones(len(frame))
    dummies = pd.get_dummies(frame[["w1", "gender"]], drop_first=True, dtype=float)
    stayed = frame["w2"].notna()
    model = GLM(stayed, dummies.assign(one=1.0), family=Binomial(), freq_weights=weight)
    probability = model.fit(tol=1e-12).fittedvalues
    share = weight[stayed].sum() / weight.sum()
    np.testing.assert_allclose(after, weight * stayed * share / probability, rtol=1e-8)


def test_copies_of_people_get_the_same_weights():
    frame = people()
    twice = frame.loc[frame.index.repeat(2)]
    once, double = (
        attrition_weights(panel_of(part, PEOPLE), "opinion", groups="gender").weights[PAIR]
        for part in (frame, twice)
    )
    np.testing.assert_allclose(np.repeat(once, 2), double, rtol=1e-9)


def test_every_replicate_is_fitted_again():
    design = CLUSTERED.as_replicates("jkn")
    panel = panel_of(people(), design)
    weighted = attrition_weights(panel, "opinion", trim=None)
    first, second = panel.answers["opinion"]
    stayed = second >= 0
    for column in (0, 7, 19):
        before = panel.replicates["w1"][:, column]
        share = before[stayed].sum() / before.sum()
        for state in range(3):
            here = first == state
            ratio = before[here].sum() / before[here & stayed].sum()
            np.testing.assert_allclose(
                weighted.replicates[PAIR][here & stayed, column],
                before[here & stayed] * share * ratio,
            )
    assert "refitted under every replicate weight" in weighted.weight(*PAIR).text
    # Weighting classes are post-stratification to everyone's states, which here are estimated too.
    flows = op.flows(weighted, "opinion")
    origins = flows.contrast(np.kron(np.eye(3), np.ones((1, 3))), {"state": list(STATES)})
    everyone = op.shares(panel, "opinion", waves=["w1"])
    np.testing.assert_allclose(origins.std_error, everyone.std_error, rtol=1e-9)


@pytest.mark.parametrize("design", DESIGNS)
def test_strata_and_psus_take_them_as_fixed_and_say_so(design):
    panel = panel_of(people(), DESIGNS[design])
    weighted = attrition_weights(panel, "opinion", groups="gender")
    assert "attrition weights (opinion, gender; taken as fixed)" in weighted.weight(*PAIR).text
    # As if the weight had come with the data.
    frame = people().assign(long=weighted.weights[PAIR])
    declared = replace(
        DESIGNS[design] or PEOPLE, weight={"w1": "weight", "w2": "weight", PAIR: "long"}
    )
    for measure in MEASURES.values():
        mine, given_ = measure(weighted, "opinion"), measure(panel_of(frame, declared), "opinion")
        np.testing.assert_allclose(mine.value, given_.value, rtol=1e-9)
        np.testing.assert_allclose(mine.std_error, given_.std_error, rtol=1e-9)


def test_every_pair_of_the_waves_named():
    panel = panel_of(people(), PEOPLE, WAVES)
    weighted = attrition_weights(panel, "opinion", waves=["w1", "w3"])
    assert set(weighted.weights) == {*WAVES, ("w1", "w3")}
    with pytest.raises(SelectionError, match="in the order of fieldwork"):
        attrition_weights(panel, "opinion", waves=["w3", "w1"])
    weighted = attrition_weights(panel, "opinion")
    assert set(weighted.weights) == {*WAVES, ("w1", "w2"), ("w1", "w3"), ("w2", "w3")}
    balanced = op.flows(weighted, "opinion", base="balanced")
    assert set(balanced.about.weights.values()) == {weighted.weight("w1", "w3").text}
    table = weights_summary(weighted).weights.set_index("weight")
    first, third = panel.answers["opinion"][[0, 2]]
    assert table.loc["w1 → w3", "n"] == ((first >= 0) & (third >= 0)).sum()
    assert table.loc["w1 → w3", "design_effect"] > 1


def test_weights_with_other_names_by_wave():
    design = op.Design(weight={"w1": "weight", "w2": "later"})
    weighted = attrition_weights(panel_of(people(), design), "opinion")
    assert weighted.weight(*PAIR).text.startswith("weight, attrition weights")
    again = attrition_weights(weighted, "opinion")
    np.testing.assert_array_equal(again.weights[PAIR], weighted.weights[PAIR])
    assert "in place of the longitudinal weight" in again.notes[-1]


def test_people_without_a_weight_stay_out():
    frame = people()
    frame.loc[:49, "weight"] = 0.0
    whole = attrition_weights(panel_of(frame, PEOPLE), "opinion").weights[PAIR]
    part = attrition_weights(panel_of(frame[50:], PEOPLE), "opinion").weights[PAIR]
    assert (whole[:50] == 0).all()
    np.testing.assert_allclose(whole[50:], part)


def test_trimming_is_stated():
    panel = panel_of(people(), PEOPLE)
    weighted = attrition_weights(panel, "opinion", trim=1.2)
    factors = weighted.weights[PAIR] / panel.weights["w1"]
    assert factors.max() == pytest.approx(1.2)
    cut = int((factors > 1.2 - 1e-9).sum())
    assert f"cut at 1.2 for {cut} people ({cut / (factors > 0).sum():.1%})" in weighted.notes[-1]
    with pytest.raises(DesignError, match="a number above 1"):
        attrition_weights(panel, "opinion", trim=1)


def test_silence_and_unknown_groups_are_levels_of_their_own():
    frame = people()
    frame["other"] = 1.0
    frame.loc[:29, "w1"] = None
    frame.loc[30:69, "gender"] = None
    item = panel_of(frame).item("opinion")
    there = op.Item({"w1": "other", "w2": "w2"}, {"yes": [1, *STATES]})
    arguments = {"items": {"opinion": item, "there": there}, "groups": ["gender"]}
    panel = op.Panel.from_wide(frame, **arguments)
    factors = attrition_weights(panel, "opinion", trim=None).weights[PAIR]
    silent, stayed = frame["w1"].isna(), frame["w2"].notna()
    wanted = stayed.mean() / stayed[silent].mean()
    np.testing.assert_allclose(factors[silent & stayed], wanted)
    grouped = attrition_weights(panel, "opinion", groups="gender", trim=None).weights[PAIR]
    assert (grouped[stayed] > 0).all()
    # Nobody of the silent ones stays: they are in no table, and no reason to stop.
    frame.loc[:29, "w2"] = None
    panel = op.Panel.from_wide(frame, **arguments)
    left = attrition_weights(panel, "opinion", trim=None)
    assert (left.weights[PAIR][:30] == 0).all()


def test_where_everyone_stayed_the_probability_is_one():
    levels = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    total = np.array([10.0, 20, 30, 40])
    factors = stay_factors(levels, total, np.array([10.0, 20, 15, 10]), None)
    # What is left is a single category of the first factor: classes by the second.
    np.testing.assert_allclose(factors, 55 / 100 / np.array([1, 1, 0.5, 0.25]))
    factors = stay_factors(levels, total, total, None)
    np.testing.assert_allclose(factors, 1)


def test_refusals_name_what_is_wrong():
    frame = people()
    panel = panel_of(frame, PEOPLE)
    with pytest.raises(SelectionError, match="Unknown group 'sex'"):
        attrition_weights(panel, "opinion", groups=["sex"])
    with pytest.raises(SelectionError, match="names one twice"):
        attrition_weights(panel, "opinion", groups=["gender", "gender"])
    with pytest.raises(DesignError, match="narrowed to gender man"):
        attrition_weights(panel.where(gender="man"), "opinion")
    complete = frame.dropna(subset=["w2"])
    with pytest.raises(DesignError, match="there is no drop-out"):
        attrition_weights(panel_of(complete, PEOPLE), "opinion")
    lost = frame.copy()
    lost.loc[lost["gender"] == "man", "w2"] = None
    men = (lost["gender"] == "man").sum()
    with pytest.raises(DesignError, match=rf"w1 → w2: nobody with gender 'man' stayed \({men} peo"):
        attrition_weights(panel_of(lost, PEOPLE), "opinion", groups="gender")
    lost = frame.copy()
    lost.loc[lost["w1"] == "b", "w2"] = None
    with pytest.raises(DesignError, match="nobody with opinion at w1 'b' stayed"):
        attrition_weights(panel_of(lost, PEOPLE), "opinion")


def test_separation_is_refused():
    # Every category has both, but the logit can do ever better on the two that stayed as one.
    stays = {("a", "man"): (5, 5), ("a", "woman"): (2, 4), ("b", "man"): (3, 6)}
    stays["b", "woman"] = (0, 4)
    rows = [
        {"w1": state, "gender": gender, "w2": "a" if person < stayed else None}
        for (state, gender), (stayed, people) in stays.items()
        for person in range(people)
    ]
    with pytest.raises(DesignError, match=r"no solution .separation.*Leave a group out"):
        attrition_weights(panel_of(pd.DataFrame(rows)), "opinion", groups="gender")


def test_separation_behind_a_category_that_stayed_as_one():
    # Of b only the men stayed, and all men did: nothing says how the women of b compare.
    stays = {("a", "man"): (5, 5), ("a", "woman"): (2, 4), ("b", "man"): (6, 6)}
    stays["b", "woman"] = (0, 4)
    levels = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    stayed, total = np.array(list(stays.values()), dtype=float).T
    with pytest.raises(NoProbabilityError) as caught:
        stay_factors(levels, total, stayed, None)
    assert caught.value.factor is None


def test_a_replicate_in_which_a_category_lost_everyone():
    frame = people()
    lone = (frame["w1"] == "b") & (frame["psu"] != 3)
    frame.loc[lone, "w2"] = None
    panel = panel_of(frame, CLUSTERED.as_replicates("jkn"))
    with pytest.raises(
        DesignError, match="in 1 of 20 replicate weights, nobody with opinion at w1"
    ):
        attrition_weights(panel, "opinion")


def test_raking_before_and_after():
    panel = panel_of(people(), CLUSTERED)
    margin = {"gender": {"man": 0.45, "woman": 0.55}}
    raked = op.rake(panel, margin)
    weighted = attrition_weights(raked, "opinion")
    text = weighted.weight(*PAIR).text
    assert text.startswith("weight, raked to gender; attrition weights (opinion; taken as fixed)")
    assert weighted.weight("w1").text == raked.weight("w1").text
    again = op.rake(weighted, margin, waves=[PAIR])
    man = again.groups["gender"].codes == again.groups["gender"].categories.index("man")
    after = again.weights[PAIR]
    assert after[man].sum() / after.sum() == pytest.approx(0.45)
    assert np.isfinite(op.turnover(again, "opinion").std_error[0])


@pytest.mark.parametrize("design", [*DESIGNS, "jackknife"])
@pytest.mark.parametrize("measure", MEASURES)
def test_effects_are_those_of_the_measures(design, measure):
    declared = CLUSTERED.as_replicates("jkn") if design == "jackknife" else DESIGNS[design]
    panel = panel_of(people(), declared, WAVES)
    weighted = attrition_weights(panel, "opinion", groups="gender")
    change = weight_effects(panel, weighted, "opinion", measure=measure, by="gender")
    parts = [MEASURES[measure](one, "opinion", by="gender") for one in (panel, weighted)]
    assert change.labels.equals(parts[0].labels)
    np.testing.assert_allclose(change.value, parts[1].value - parts[0].value, atol=1e-12)
    assert (change.std_error < parts[0].std_error + parts[1].std_error + 1e-12).all()


def test_an_effect_knows_that_people_are_the_same():
    panel = panel_of(people(), CLUSTERED)
    # Twice the weight for everyone moves nothing.
    twice = panel_of(people(), op.Design(weight="later", stratum="stratum", psu="psu"))
    same = weight_effects(panel, twice, "opinion", measure="flows")
    np.testing.assert_allclose(same.value, 0, atol=1e-15)
    np.testing.assert_allclose(same.std_error, 0, atol=1e-9)
    weighted = attrition_weights(panel, "opinion")
    one, other = (op.turnover(each, "opinion").std_error[0] for each in (panel, weighted))
    assert weight_effects(panel, weighted, "opinion").std_error[0] < 0.5 * min(one, other)


def test_the_error_of_an_effect_by_the_jackknife():
    """With weights that are taken as fixed by both, through replicates of the two columns."""
    weighted = attrition_weights(panel_of(people(), CLUSTERED), "opinion")
    frame = people().assign(long=weighted.weights[PAIR])
    found = {}
    for kind in ("linear", "jackknife"):
        panels = []
        for column in ("weight", "long"):
            design = replace(CLUSTERED, weight={"w1": "weight", "w2": "weight", PAIR: column})
            design = design.as_replicates("jkn") if kind == "jackknife" else design
            panels.append(panel_of(frame, design))
        found[kind] = weight_effects(*panels, "opinion").select(component="total")
    np.testing.assert_allclose(found["jackknife"].std_error, found["linear"].std_error, rtol=0.03)


def test_effects_of_raking_on_shares():
    panel = panel_of(people(), CLUSTERED)
    raked = op.rake(panel, {"gender": {"man": 0.3, "woman": 0.7}})
    effects = weight_effects(panel, raked, "opinion", measure="shares", waves=["w1"])
    sides = [op.shares(one, "opinion", waves=["w1"]) for one in (panel, raked)]
    np.testing.assert_allclose(effects.value, sides[1].value - sides[0].value)


def test_effects_need_other_weights():
    panel = panel_of(people(), CLUSTERED, WAVES)
    with pytest.raises(SelectionError, match=r"weights for w1 → w2, w2 → w3\. Weight the"):
        weight_effects(panel, panel, "opinion")
    weighted = attrition_weights(panel, "opinion", groups=None, waves=PAIR)
    with pytest.raises(SelectionError, match=r"for w2 → w3\. They differ for w1 → w2: name"):
        weight_effects(panel, weighted, "opinion")
    assert np.isfinite(weight_effects(panel, weighted, "opinion", waves=PAIR).value).all()
    with pytest.raises(SelectionError, match="the same weights for w1, w2, w3"):
        weight_effects(panel, weighted, "opinion", measure="shares")


def test_effects_need_the_same_people_and_design():
    panel = panel_of(people(), CLUSTERED)
    with pytest.raises(SelectionError, match="not of the same people"):
        weight_effects(panel, panel_of(people(2), CLUSTERED), "opinion")
    with pytest.raises(SelectionError, match="not of the same people"):
        weight_effects(panel, panel.where(gender="man"), "opinion")
    with pytest.raises(SelectionError, match="different designs"):
        weight_effects(panel, panel_of(people(), PEOPLE), "opinion")
    with pytest.raises(SelectionError, match="Unknown measure 'kappa'"):
        weight_effects(panel, panel, "opinion", measure="kappa")


def test_effects_on_change_need_two_waves_on_shares_one():
    panel = panel_of(people(), CLUSTERED)
    weighted = attrition_weights(panel, "opinion")
    for measure in MEASURES:
        with pytest.raises(SelectionError, match="at least 2 different"):
            weight_effects(panel, weighted, "opinion", measure=measure, waves="w2")
    raked = op.rake(panel, {"gender": {"man": 0.3, "woman": 0.7}})
    assert len(weight_effects(panel, raked, "opinion", measure="shares", waves="w2")) == 3


@pytest.mark.parametrize("clustered", [True, False])
def test_weights_are_the_same_only_if_their_replicates_are(clustered):
    """Two files of one survey house, made by two draws: the weight is the same, its error not."""
    design = CLUSTERED if clustered else PEOPLE
    made = [design.as_replicates("bootstrap", replicates=8, seed=seed) for seed in (1, 1, 2)]
    one, again, other = (panel_of(people(), each) for each in made)
    with pytest.raises(SelectionError, match="the same weights for w1 → w2"):
        weight_effects(one, again, "opinion")
    effects = weight_effects(one, other, "opinion")
    np.testing.assert_allclose(effects.value, 0, atol=1e-12)
    assert effects.std_error[0] > 0


def test_replicates_of_psus_are_compared_by_psu(monkeypatch):
    """Of a million people a table of replicates by person would not fit."""
    design = CLUSTERED.as_replicates("bootstrap", replicates=8, seed=1)
    one, again = (panel_of(people(), design) for _ in range(2))

    def spread(*_, **__):
        raise AssertionError("Replicates were spread over people.")

    monkeypatch.setattr(ReplicateWeights, "__array__", spread)
    with pytest.raises(SelectionError, match="the same weights for w1 → w2"):
        weight_effects(one, again, "opinion")


def test_people_on_an_engine_are_others_than_those_in_memory():
    panel = panel_of(people(), CLUSTERED)
    lazy = on_engine(panel, "polars")
    for one, other in ((panel, lazy), (lazy, panel)):
        with pytest.raises(SelectionError, match="not of the same people"):
            weight_effects(one, other, "opinion")
