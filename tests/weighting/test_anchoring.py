"""Panels anchored to known results: met exactly, with the errors of R, and plainly refused."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from places import GOLDEN_FILES

import opinionpanel as op

STATES = ("a", "b", "c")
GOLDEN = pd.read_csv(GOLDEN_FILES / "anchor_golden.csv", keep_default_na=False)
RESULTS = {"w1": (0.35, 0.40, 0.25), "w2": (0.30, 0.38, 0.32), "w3": (0.33, 0.33, 0.34)}
SEX = {"sex": {"f": 0.52, "m": 0.48}}


def golden_panel(name, way):
    text = {"person": str, "wave": str, "stratum": str, "psu": str, "sex": str}
    frame = pd.read_csv(GOLDEN_FILES / f"panel_{name}.csv", dtype=text)
    declared = {role: role for role in ("stratum", "psu") if frame[role].notna().any()}
    design = op.Design(weight="weight", **declared)
    if way == "jackknife":
        design = design.as_replicates("jk1", mse=False)
    return op.Panel.from_long(
        frame,
        person="person",
        wave="wave",
        waves=sorted(frame["wave"].unique()),
        items={"answer": op.Item("answer", {state: [state] for state in STATES})},
        groups=["sex"],
        design=design,
    )


def known(waves):
    return {wave: dict(zip(STATES, RESULTS[wave], strict=True)) for wave in waves}


@pytest.mark.parametrize("case", list(GOLDEN.groupby(["panel", "way"], sort=False).groups))
def test_figures_are_those_of_r(case):
    name, way = case
    rows = GOLDEN[(GOLDEN["panel"] == name) & (GOLDEN["way"] == way)]
    waves = rows["waves"].iloc[0].split()
    base = way if way in ("balanced", "panel") else "answered"
    anchored = op.anchor(
        golden_panel(name, way),
        "answer",
        known(waves),
        margins=SEX if rows["sex"].iloc[0] else None,
        base=base,
        bounds=(0.3, 3) if way == "logit" else None,
    )
    asked = {"waves": waves, "base": base}
    for measure, wanted in rows.groupby("measure"):
        found = getattr(op, measure)(anchored, "answer", **asked)
        found = found.select(from_wave="w1", to_wave="w2").to_frame(interval="wald")
        keys = ["origin", "destination"] if measure != "net_change" else ["state"]
        wanted = wanted.rename(columns={"destination": keys[-1]})
        both = wanted.merge(found, on=keys, suffixes=("_r", ""))
        assert len(both) == len(wanted)
        np.testing.assert_allclose(both["estimate"], both["estimate_r"], rtol=1e-8, atol=1e-8)
        np.testing.assert_allclose(both["std_error"], both["std_error_r"], rtol=1e-8, atol=1e-8)


# ---- What holds whatever the data ----------------------------------------------------------------

WAVES = ("2017", "2021", "2025")
PARTIES = {"left": [1], "right": [2], "none": [3]}
TURNOUT = {"voted": [1, 2], "none": [3]}
KINDS = ("people", "clustered", "replicates")
few = settings(max_examples=3)


def voters(seed, kind="people", scale=1.0, states=PARTIES, silent=np.nan):
    """A hundred and twenty people who move, drop out, miss a wave and leave questions out.

    With a number for the silent they are interviewed and give no answer.
    """
    rng = np.random.default_rng(seed)
    people = 120
    vote = rng.integers(1, 4, people)
    frame = pd.DataFrame(
        {
            "person": np.arange(people),
            "weight": scale * rng.lognormal(0, 0.4, people),
            "gender": rng.choice(["man", "woman"], people),
            "psu": np.arange(people) // 5,
            "stratum": np.arange(people) // 30,
        }
    )
    for wave in WAVES:
        vote = np.where(rng.random(people) < 0.35, rng.integers(1, 4, people), vote)
        frame[wave] = np.where(rng.random(people) < 0.1, silent, vote)
    clustered = op.Design(weight="weight", stratum="stratum", psu="psu")
    design = {
        "people": op.Design(weight="weight"),
        "clustered": clustered,
        "replicates": clustered.as_replicates("jkn"),
    }[kind]
    asked = {wave: wave for wave in WAVES}
    items = {
        "vote": op.Item(asked, states, rest="missing"),
        "told": op.Item(asked, {"yes": [1, 2, 3], "no": [9]}),
    }
    return op.Panel.from_wide(frame, person="person", items=items, groups=["gender"], design=design)


def results(seed, waves=WAVES[:2], states=PARTIES):
    rng = np.random.default_rng(seed)
    sizes = [60] * len(states)
    return {wave: dict(zip(states, rng.dirichlet(sizes), strict=True)) for wave in waves}


def table(panel, base="answered", waves=WAVES[:2]):
    return op.flows(panel, "vote", waves=waves, base=base).select(from_wave="2017", to_wave="2021")


def own_results(panel, base, waves):
    """The shares of those who answered, in the base and with its weight."""
    found = op.shares(panel, "vote", waves=waves, base=base) if base != "answered" else None
    known = {}
    for place, wave in enumerate(waves):
        if base == "answered":
            shares = table(panel).matrix().sum(axis=1 - place)
        else:
            shares = found.select(wave=wave).to_frame().set_index("state")["estimate"]
        shares = shares[list(PARTIES)]
        known[wave] = shares / shares.sum()
    return known


@pytest.mark.parametrize("base", ["answered", "balanced", "panel"])
@few
@given(seed=st.integers(0, 2**32 - 1))
def test_own_shares_change_nothing_but_errors(base, seed):
    panel = voters(seed)
    waves = WAVES if base != "answered" else WAVES[:2]
    anchored = op.anchor(panel, "vote", own_results(panel, base, waves), base=base)
    before, after = (table(one, base, waves) for one in (panel, anchored))
    np.testing.assert_allclose(after.value, before.value, rtol=1e-9, atol=1e-12)
    key = {"answered": ("2017", "2021"), "balanced": ("2017", "2025"), "panel": "2017"}[base]
    np.testing.assert_allclose(
        anchored.weights[key], panel.weights[key if base == "panel" else key[-1]], rtol=1e-9
    )
    assert anchored.calibrations[key][0].shift.share == 0
    change = op.net_change(anchored, "vote", waves=waves, base=base).select(
        from_wave="2017", to_wave="2021", state=list(PARTIES)
    )
    if base != "panel":
        assert (change.std_error < 1e-7).all()
        assert (after.std_error <= before.std_error * 1.05 + 1e-9).all()


@pytest.mark.parametrize("kind", KINDS)
@few
@given(seed=st.integers(0, 2**32 - 1), states=st.sampled_from([PARTIES, TURNOUT]))
def test_every_weight_and_replicate_meets_all_that_is_known(kind, seed, states):
    panel, known = voters(seed, kind, states=states), results(seed, WAVES, states)
    gender = {"gender": {"man": 0.45, "woman": 0.55}}
    anchored = op.anchor(panel, "vote", known, margins=gender)
    for pair in pairwise(WAVES):
        flows = op.flows(anchored, "vote", waves=list(pair)).matrix()
        for wave, axis in zip(pair, (1, 0), strict=True):
            wanted = pd.Series(known[wave])
            np.testing.assert_allclose(flows.sum(axis=axis)[wanted.index], wanted, atol=1e-9)
        by = op.flows(anchored, "vote", waves=list(pair), by="gender").n
        assert by.min() > 0
    shares = op.shares(anchored, "vote")
    np.testing.assert_allclose(shares.value, [p for one in known.values() for p in one.values()])
    assert (shares.std_error < 1e-7).all()
    if kind == "replicates":
        codes = anchored.answers["vote"][0]
        sums = [
            np.asarray(anchored.replicates["2017", "2021"])[
                (codes == place) & (anchored.answers["vote"][1] >= 0)
            ].sum(axis=0)
            for place in range(len(states))
        ]
        wanted = np.broadcast_to(np.c_[[*known["2017"].values()]], np.shape(sums))
        np.testing.assert_allclose(sums / sum(sums), wanted, rtol=1e-8)


@few
@given(seed=st.integers(0, 2**32 - 1))
def test_neither_order_nor_the_unit_of_weights_matters(seed):
    known = results(seed)
    margins = {"gender": {"man": 0.45, "woman": 0.55}}
    turned = {wave: dict(reversed(known[wave].items())) for wave in reversed(known)}
    totals = {wave: {state: 1000 * p for state, p in turned[wave].items()} for wave in turned}
    first = op.transitions(
        op.anchor(voters(seed), "vote", known, margins=margins), "vote", waves=WAVES[:2]
    )
    for panel, given_results in [
        (voters(seed), turned),
        (voters(seed, scale=7.0), known),
        (voters(seed), totals),
    ]:
        anchored = op.anchor(panel, "vote", given_results, margins=margins)
        again = op.transitions(anchored, "vote", waves=WAVES[:2])
        np.testing.assert_allclose(again.value, first.value, rtol=1e-8)
        np.testing.assert_allclose(again.std_error, first.std_error, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("kind", ["clustered", "replicates"])
@pytest.mark.parametrize("scale", [1, 1000])
def test_how_many_are_anchored_is_as_uncertain_as_it_was(kind, scale):
    """Whether the sum of their weights is that of before, or everybody is brought to a total."""
    panel, known = voters(8, kind, silent=9), results(8)
    known = {wave: {state: scale * p for state, p in known[wave].items()} for wave in known}
    before, after = (
        op.shares(one, "told", waves=WAVES[:2]) for one in (panel, op.anchor(panel, "vote", known))
    )
    np.testing.assert_allclose(after.value, before.value, rtol=1e-9)
    np.testing.assert_allclose(after.std_error, before.std_error, rtol=1e-7)


@pytest.mark.parametrize("scale", [1, 1000])
def test_a_replicate_is_anchored_as_a_weight_is(scale):
    panel, known = voters(9, "replicates", silent=9), results(9)
    known = {wave: {state: scale * p for state, p in known[wave].items()} for wave in known}
    anchored = op.anchor(panel, "vote", known)
    for key in ("2017", ("2017", "2021")):
        found = np.asarray(anchored.replicates[key])[:, 3]
        before = np.asarray(panel.replicates[key[-1] if isinstance(key, tuple) else key])[:, 3]
        alone = replace(panel, weights=dict.fromkeys(WAVES, before), replicates={})
        np.testing.assert_allclose(found, op.anchor(alone, "vote", known).weights[key], rtol=1e-8)


def test_weights_of_others_stay_and_totals_are_met():
    panel, known = voters(1), results(1)
    anchored = op.anchor(panel, "vote", known)
    inside = (panel.answers["vote"][:2] >= 0).all(axis=0)
    before, after = panel.weights["2021"], anchored.weights["2017", "2021"]
    assert 0 < (~inside).sum() < 120
    np.testing.assert_allclose(after[~inside], before[~inside], rtol=1e-12)
    np.testing.assert_allclose(after.sum(), before.sum())
    np.testing.assert_array_equal(anchored.weights["2025"], panel.weights["2025"])
    thousand = {wave: {state: 1000 * p for state, p in known[wave].items()} for wave in known}
    totals = op.anchor(panel, "vote", thousand).weights["2017", "2021"]
    np.testing.assert_allclose(totals[inside].sum(), 1000)
    np.testing.assert_allclose(totals, after * 1000 / before[inside].sum(), rtol=1e-9)


THIRDS = {"man": 1 / 3, "woman": 2 / 3}


def test_states_of_people_without_an_answer_are_of_any_size_or_as_named():
    panel, known = voters(2), results(2)
    free = op.anchor(panel, "vote", known, base="panel", margins={"gender": THIRDS})
    shares = op.shares(free, "vote", waves=WAVES[:2], base="panel").matrix()
    answered = shares[list(PARTIES)].div(shares[list(PARTIES)].sum(axis=1), axis=0)
    wanted = [[*known[wave].values()] for wave in WAVES[:2]]
    np.testing.assert_allclose(answered, wanted, atol=1e-9)
    assert shares.drop(columns=list(PARTIES)).to_numpy().max() > 0.02
    left = {state: 0.9 * share for state, share in known["2021"].items()}
    named = known | {"2021": left | {"not interviewed": 0.1}}
    gone = op.anchor(panel, "vote", named, base="panel")
    there = op.shares(gone, "vote", waves=WAVES[:2], base="panel").select(wave="2021")
    assert there.to_frame().set_index("state")["estimate"]["not interviewed"] == pytest.approx(0.1)


def test_how_far_it_moved_stands_everywhere_and_by_cell():
    panel, known = voters(3), results(3)
    anchored = op.anchor(panel, "vote", known, bounds=(0.2, 5))
    before, after = (table(one) for one in (panel, anchored))
    moved = np.abs(after.value - before.value)
    # Of fewer than a hundred people twenty per cent are more than ten: they tell nothing of one.
    assert 50 < after.n[0] < 100
    text = (
        f"{20 * round(2.5 * moved.sum())}% of the weight shifts between flows, "
        "at most 10 points in one"
    )
    assert moved.max() < 0.1
    assert f"anchored (factors 0.2 to 5) to known vote at 2017, known vote at 2021: {text}" in str(
        after.about.weights["2017", "2021"]
    )
    assert all(text in " ".join(str(shown).split()) for shown in (after, anchored))
    summary = op.weights_summary(anchored)
    assert summary.shifts["weight"].tolist() == ["2017", "2021", "2017 → 2021"]
    assert summary.shifts["share"].iloc[2] == pytest.approx(moved.sum() / 2, abs=0.1)
    assert summary.shifts["rounded_to"].tolist() == [0.1, 0.1, 0.2]
    nothing = op.anchor(panel, "vote", own_results(panel, "answered", WAVES[:2]))
    assert "less than 10% of the weight shifts between flows" in " ".join(str(nothing).split())
    for shown in (str(summary), summary._repr_html_()):
        assert "How far anchoring moved" in shown
    assert op.weights_summary(panel).shifts.empty
    effects = op.weight_effects(panel, anchored, "vote", measure="flows", waves=WAVES[:2])
    np.testing.assert_allclose(effects.value, after.value - before.value, atol=1e-12)
    assert (effects.std_error > 0).all()


def test_anchored_after_raking_the_latest_margins_have_no_error():
    raked = op.rake(voters(4), {"gender": {"man": 0.5, "woman": 0.5}})
    known = results(4)
    twice = op.anchor(op.anchor(raked, "vote", results(5)), "vote", known)
    assert len(twice.calibrations["2017", "2021"]) == 3
    net = op.net_change(twice, "vote", waves=WAVES[:2])
    np.testing.assert_allclose(
        net.value, [known["2021"][s] - known["2017"][s] for s in PARTIES], atol=1e-9
    )
    assert (net.std_error < 1e-7).all()
    by_wave = dict.fromkeys(WAVES, "weight")
    named = op.anchor(replace(raked, design=replace(raked.design, weight=by_wave)), "vote", known)
    assert named.weight("2017", "2021").text.startswith("weight, raked to gender; anchored")


FAULTS = {
    "one wave": ({"2017": {}}, {}, "two waves or more; got '2017'.*op.rake"),
    "no wave": ({}, {}, "two waves or more; got none"),
    "no such wave": ({"2016": {}, "2017": {}}, {}, "Unknown wave '2016'"),
    "misspelt": ({"2021": {"lef": 0.5}}, {}, "state of 'vote'.*'lef'. Did you mean 'left'"),
    "drop-out in another base": ({"2021": {"not interviewed": 0.5}}, {}, "base='panel'"),
    "a state is missing": ({"2021": {"left": 0.5, "right": 0.5}}, {}, "without a target.*'none'"),
    "rounded per cent": (
        {wave: {"left": 30, "right": 30, "none": 38} for wave in WAVES[:2]},
        {},
        "add up to 98, but .* people with a weight are in its categories.*Divide per cent by 100",
    ),
    "neither shares nor totals": (
        {wave: dict.fromkeys(PARTIES, 0.4) for wave in WAVES[:2]},
        {},
        "'known vote at 2017': the targets add up to 1.2, but .* Give proportions that add up to 1",
    ),
    "per cent": ({"2021": {"left": 30, "right": 30, "none": 40}}, {}, "divide|Divide"),
    "totals": (
        {"2017": dict.fromkeys(PARTIES, 100), "2021": dict.fromkeys(PARTIES, 101)},
        {},
        "contradict each other: margin 'known vote at 2017'",
    ),
    "nobody is there": (
        {"2017": {"left": 0.3, "right": 0.2, "none": 0.3, "not interviewed": 0.2}},
        {"base": "panel"},
        "nobody with a weight is in 'not interviewed'",
    ),
    "narrow bounds": (
        {"2021": {"left": 0.9, "right": 0.05, "none": 0.05}},
        {"bounds": (0.9, 1.1)},
        "factors from 0.9 to 1.1 cannot meet.*nearest bounds",
    ),
    "impossible": (
        {"2017": {"left": 0.9, "right": 0.05, "none": 0.05}},
        {"margins": {"vote (2017)": {"left": 0.2, "right": 0.4, "none": 0.4}}, "base": "panel"},
        "positive weights cannot meet.*'(vote .2017.|known vote at 2017)', category '.*at best",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_anchored_is_refused(fault):
    known, options, message = FAULTS[fault]
    whole = results(6) | known if len(known) == 1 and "wave" not in fault else known
    panel = voters(6).group_of("vote", wave="2017")
    with pytest.raises(ValueError, match=message):
        op.anchor(panel, "vote", whole, **options)


def test_a_part_of_the_population_and_nobody_are_refused():
    panel, known = voters(7), results(7)
    with pytest.raises(op.errors.DesignError, match="Anchor first, then narrow"):
        op.anchor(panel.where(gender="man"), "vote", known)
    here = panel.answers["vote"].copy()
    here[1, here[0] >= 0] = -1
    apart = replace(panel, answers={"vote": here})
    with pytest.raises(op.errors.DesignError, match="nobody with a weight has an answer to 'vote'"):
        op.anchor(apart, "vote", known)
