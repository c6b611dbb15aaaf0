"""Panels made by hand where two things differ that usually coincide, so that it shows which counts.

Weights and a group by wave, degrees of freedom by row, calibrations one after another, weights of
another scale.
"""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.measures.shares_and_flows import flow_totals, inflows

WAVES = ("w1", "w2", "w3")
STATES = "abc"
PAIRS = ((0, 1), (0, 2), (1, 2))
PEOPLE = 240


def drawn(seed=7):
    """Frames of three waves: nobody has the same weight twice, and a third change their job."""
    rng = np.random.default_rng(seed)
    psu = np.arange(PEOPLE) % 24
    fixed = pd.DataFrame({"person": np.arange(PEOPLE), "psu": psu, "stratum": psu % 3})
    fixed["region"] = np.where(psu < 12, "north", "south")
    frames, answer, job = {}, rng.integers(0, 3, PEOPLE), rng.integers(0, 2, PEOPLE)
    for place, wave in enumerate(WAVES):
        moved = rng.random(PEOPLE) < 0.4
        answer = np.where(moved, rng.integers(0, 3, PEOPLE), answer)
        job = np.where(rng.random(PEOPLE) < 0.4, 1 - job, job)
        frame = fixed.assign(answer=answer, job=np.array(["home", "work"])[job])
        frame["weight"] = rng.lognormal(0, 0.8, PEOPLE)
        for other in WAVES[:place]:
            frame[f"weight_{other}_{wave}"] = rng.lognormal(0, 0.8, PEOPLE)
        if place == 1:  # some are not asked, some have gone
            frame.loc[rng.random(PEOPLE) < 0.2, "answer"] = np.nan
        frames[wave] = frame[(rng.random(PEOPLE) > 0.15) | (place == 0)]
    return frames


def panel_of(frames, *, longitudinal=(), groups=None, scale=1.0, design=None):
    weights = dict.fromkeys(frames, "weight")
    weights |= {(first, second): f"weight_{first}_{second}" for first, second in longitudinal}
    scaled = {
        wave: frame.assign(**{c: frame[c] * scale for c in frame if c.startswith("weight")})
        for wave, frame in frames.items()
    }
    return op.Panel.from_waves(
        scaled,
        person="person",
        items={"x": op.Item("answer", {state: [code] for code, state in enumerate(STATES)})},
        groups=groups or {"region": "first", "job": "wave"},
        design=design or op.Design(weight=weights, psu="psu", stratum="stratum"),
    )


def columns(frames, name):
    """A column by wave, with people in the rows."""
    by_wave = {
        wave: frame.set_index("person")[name].reindex(range(PEOPLE))
        for wave, frame in frames.items()
        if name in frame
    }
    return pd.DataFrame(by_wave)


def shares_by_hand(codes, weight):
    return [weight[codes == code].sum() / weight.sum() for code in range(3)]


def table_by_hand(first, second, weight):
    table = [[weight[(first == i) & (second == j)].sum() for j in range(3)] for i in range(3)]
    return np.array(table)


def column_at(pair, longitudinal):
    """The weight that counts for a pair: its own, or that of the later wave."""
    return f"weight_{pair[0]}_{pair[1]}" if pair in longitudinal else "weight"


# ---- weights by wave --------------------------------------------------------------------------


@pytest.mark.parametrize("longitudinal", [(), (("w1", "w3"),), (("w1", "w2"), ("w2", "w3"))])
@pytest.mark.parametrize("turned", [False, True])
def test_the_balanced_base_has_one_weight_that_of_the_first_and_the_last_wave(longitudinal, turned):
    frames = drawn()
    panel = panel_of(frames, longitudinal=longitudinal)
    names = list(WAVES[::-1] if turned else WAVES)
    answers = columns(frames, "answer")
    inside = answers.notna().all(axis=1)
    weight = columns(frames, column_at(("w1", "w3"), longitudinal))["w3"]
    found = op.shares(panel, "x", waves=names, base="balanced").value.reshape(3, 3)
    for row, wave in zip(found, names, strict=True):
        np.testing.assert_allclose(row, shares_by_hand(answers[wave][inside], weight[inside]))
    for measure in (op.flows, flow_totals, op.transitions, inflows):
        values = measure(panel, "x", waves=names, base="balanced").value.reshape(2, 3, 3)
        for table, (first, second) in zip(values, pairwise(names), strict=True):
            by_hand = table_by_hand(answers[first][inside], answers[second][inside], weight[inside])
            if measure is op.flows:
                by_hand = by_hand / by_hand.sum()
            elif measure is op.transitions:
                by_hand = by_hand / by_hand.sum(axis=1, keepdims=True)
            elif measure is inflows:
                by_hand = (by_hand / by_hand.sum(axis=0)).T
            np.testing.assert_allclose(table, by_hand)


@pytest.mark.parametrize("longitudinal", [(), (("w1", "w2"),), (("w1", "w3"),)])
@pytest.mark.parametrize("measure", [op.flows, inflows, op.transitions, flow_totals])
def test_each_pair_has_its_own_weight_or_that_of_its_later_wave(longitudinal, measure):
    frames = drawn()
    panel = panel_of(frames, longitudinal=longitudinal)
    answers = columns(frames, "answer")
    for names in (WAVES, ("w1", "w3"), ("w3", "w1")):
        values = measure(panel, "x", waves=names).value.reshape(-1, 3, 3)
        for table, (first, second) in zip(values, pairwise(names), strict=True):
            pair = tuple(sorted((first, second)))
            weight = columns(frames, column_at(pair, longitudinal))[pair[1]]
            both = answers[first].notna() & answers[second].notna()
            by_hand = table_by_hand(answers[first][both], answers[second][both], weight[both])
            sums = {
                op.flows: by_hand.sum(),
                op.transitions: by_hand.sum(axis=1, keepdims=True),
                inflows: by_hand.sum(axis=0),
                flow_totals: 1.0,
            }[measure]
            ratio = by_hand / sums
            np.testing.assert_allclose(table, ratio.T if measure is inflows else ratio)


def test_looking_forward_has_the_weight_of_the_first_wave_and_looking_back_of_the_later():
    frames = drawn()
    panel = panel_of(frames, longitudinal=[("w1", "w2"), ("w2", "w3"), ("w1", "w3")])
    answers, weights = columns(frames, "answer"), columns(frames, "weight")
    forward = op.shares(panel, "x", base="panel")
    for wave in WAVES:
        here = forward.select(wave=wave, state=list(STATES)).value
        counted = [weights["w1"][answers[wave] == code].sum() for code in range(3)]
        np.testing.assert_allclose(here, counted / weights["w1"].sum())
    flows = op.flows(panel, "x", base="panel", waves=["w2", "w3"])
    start = weights["w2"].where(frames["w2"].set_index("person")["psu"].notna())
    table = flows.select(origin=list(STATES), destination=list(STATES)).value.reshape(3, 3)
    by_hand = table_by_hand(answers["w2"], answers["w3"], weights["w2"].fillna(0.0))
    np.testing.assert_allclose(table, by_hand / start.sum())
    back = inflows(panel, "x", base="panel")
    for first, second in pairwise(WAVES):
        pair = back.select(from_wave=first, to_wave=second, destination=list(STATES))
        for code, state in enumerate(STATES):
            there = answers[second] == code
            row = pair.select(destination=state, origin=list(STATES)).value
            counted = [weights[second][there & (answers[first] == i)].sum() for i in range(3)]
            np.testing.assert_allclose(row, counted / weights[second][there].sum())


def test_those_who_were_lost_are_counted_with_the_weight_of_the_earlier_wave():
    frames = drawn()
    panel = panel_of(frames, longitudinal=[("w1", "w2"), ("w2", "w3")])
    answers, weights = columns(frames, "answer"), columns(frames, "weight")
    for first, second in pairwise(WAVES):
        weight = weights[first].fillna(0.0)
        lost = op.attrition(panel, "x", waves=[first, second]).select(state="all").value[0]
        assert lost == pytest.approx(weight[weights[second].isna()].sum() / weight.sum())
        bounds = op.turnover_bounds(panel, "x", waves=[first, second])
        both = answers[first].notna() & answers[second].notna()
        changed = weight[both & (answers[first] != answers[second])].sum()
        expected = [changed, changed + weight[~both].sum()] / weight.sum()
        np.testing.assert_allclose(bounds.value[:2], expected)


# ---- a group by wave --------------------------------------------------------------------------


def test_a_group_by_wave_counts_at_the_wave_or_the_earlier_of_two():
    frames = drawn()
    panel = panel_of(frames)
    answers, weights, jobs = (columns(frames, name) for name in ("answer", "weight", "job"))
    shares = op.shares(panel, "x", by="job")
    for wave in WAVES:
        for job in ("home", "work"):
            inside = answers[wave].notna() & (jobs[wave] == job)
            by_hand = shares_by_hand(answers[wave][inside], weights[wave][inside])
            np.testing.assert_allclose(shares.select(wave=wave, job=job).value, by_hand)
    earlier = {
        op.flows: lambda table: table / table.sum(),
        op.transitions: lambda table: table / table.sum(axis=1, keepdims=True),
        inflows: lambda table: (table / table.sum(axis=0)).T,
        flow_totals: lambda table: table,
    }
    for measure, figure in earlier.items():
        found = measure(panel, "x", by="job")
        assert "by job (at the earlier wave)" in found.about.title
        for first, second in pairwise(WAVES):
            for job in ("home", "work"):
                inside = answers[[first, second]].notna().all(axis=1) & (jobs[first] == job)
                table = table_by_hand(
                    answers[first][inside], answers[second][inside], weights[second][inside]
                )
                here = found.select(from_wave=first, to_wave=second, job=job)
                np.testing.assert_allclose(here.value.reshape(3, 3), figure(table))
                whole = here.n[0] if measure in (op.flows, flow_totals) else here.n[::3].sum()
                assert whole == inside.sum()


def test_a_group_by_wave_counts_at_the_later_wave_looking_back_and_at_the_first_of_paths():
    frames = drawn()
    panel = panel_of(frames)
    answers, weights, jobs = (columns(frames, name) for name in ("answer", "weight", "job"))
    back = inflows(panel, "x", by="job", base="panel").select(job="home", destination="b")
    for first, second in pairwise(WAVES):
        inside = (answers[second] == 1) & (jobs[second] == "home")
        pair = back.select(from_wave=first, to_wave=second)
        assert pair.n[0] == inside.sum()
        came = pair.select(origin="a").value[0]
        share = (
            weights[second][inside & (answers[first] == 0)].sum() / weights[second][inside].sum()
        )
        assert came == pytest.approx(share)
    balanced = answers.notna().all(axis=1)
    for name in ("home", "work"):
        inside = balanced & (jobs["w1"] == name)
        changed = (answers[["w1", "w2"]].nunique(axis=1) > 1) & inside
        first = op.first_change(panel, "x", by="job").select(job=name)
        weight = weights["w3"]
        assert first.n[0] == inside.sum()
        assert first.value[0] == pytest.approx(weight[changed].sum() / weight[inside].sum())
    lost = op.attrition(panel, "x", by="job").select(state="all", job="work")
    for place, wave in enumerate(WAVES[:-1]):
        assert lost.n[place] == (jobs[wave] == "work").sum()


# ---- degrees of freedom by row ----------------------------------------------------------------


def few_units(frames):
    """Leave the third wave with people of some PSUs only: of twelve and twelve, nine and four."""
    third = frames["w3"]
    return frames | {"w3": third[third["psu"].isin([*range(9), 12, 13, 14, 15])]}


def test_a_test_over_rows_of_unequal_df_takes_the_least():
    panel = panel_of(few_units(drawn()))
    flows = op.flows(panel, "x")
    many, few = (flows.select(to_wave=wave).df[0] for wave in ("w2", "w3"))
    assert (many, few) == (21, 10)
    change = op.net_change(panel, "x")
    joint, first = change.test(), change.select(to_wave="w2").test()
    assert (joint.df1, joint.df2, first.df2) == (4, few - 4 + 1, many - 2 + 1)
    groups = op.shares(panel, "x", waves=["w3"], by="region")
    assert [groups.select(region=name).df[0] for name in ("north", "south")] == [6, 1]
    assert set(groups.difference("region", "north", minus="south").df) == {1}
    test = op.independence(panel, "x", by="region", wave="w3")
    assert test.df2 / test.df1 == pytest.approx(few)


def test_rows_of_several_pairs_are_compared_with_the_least_df_of_the_pairs():
    frames = drawn()
    frames["w3"] = frames["w3"][frames["w3"]["psu"].isin([*range(9), *range(12, 20)])]
    panel = panel_of(frames)
    assert set(op.flows(panel, "x").df) == {21, 14}
    test = op.homogeneity(panel, "x", by="region")
    assert test.df2 / test.df1 == pytest.approx(14)


# ---- models, and weights that are made --------------------------------------------------------


def test_a_model_of_change_has_the_weight_of_the_pair_and_the_group_of_its_earlier_wave():
    """With a term for each job and origin the model gives back what was seen."""
    frames = drawn()
    panel = panel_of(frames, longitudinal=[("w1", "w2")])
    answers, jobs = columns(frames, "answer"), columns(frames, "job")
    for (first, second), column in ((("w1", "w2"), "weight_w1_w2"), (("w2", "w3"), "weight")):
        fit = op.change_model(
            panel, "origin * job", item="x", waves=[first, second], outcome="changed"
        )
        weight = columns(frames, column)[second]
        both = answers[first].notna() & answers[second].notna() & jobs[first].notna()
        changed = answers[first] != answers[second]
        effect = 0.0
        for code in range(3):
            origin = both & (answers[first] == code)
            home, work = (origin & (jobs[first] == job) for job in ("home", "work"))
            risen = weight[work & changed].sum() / weight[work].sum()
            risen -= weight[home & changed].sum() / weight[home].sum()
            effect += risen * weight[origin].sum() / weight[both].sum()
        assert fit.effects.n[0] == both.sum()
        found = fit.effects.select(category="work", outcome="changed")
        assert found.value[0] == pytest.approx(effect, abs=1e-6)


@pytest.mark.parametrize("longitudinal", [(), (("w1", "w3"),)])
def test_reliability_has_the_weight_of_the_ends_and_the_group_of_the_first_wave(longitudinal):
    frames = drawn()
    panel = panel_of(frames, longitudinal=longitudinal)
    answers, jobs = columns(frames, "answer"), columns(frames, "job")
    weight = columns(frames, column_at(("w1", "w3"), longitudinal))["w3"]
    found = op.reliability(panel, "x", by="job")
    for job in ("home", "work"):
        inside = answers.notna().all(axis=1) & (jobs["w1"] == job)
        cov = np.cov(answers[inside].T, aweights=weight[inside])
        r12, r13, r23 = (cov[a, b] / np.sqrt(cov[a, a] * cov[b, b]) for a, b in PAIRS)
        here = found.select(job=job)
        assert here.n[0] == inside.sum()
        np.testing.assert_allclose(here.value[:3], [r12 * r23 / r13, r13 / r23, r13 / r12])


def test_margins_are_met_in_the_group_and_the_weight_of_each_wave():
    frames = drawn()
    panel = op.rake(panel_of(frames), {"job": {"home": 0.3, "work": 0.7}})
    weights, jobs = columns(frames, "weight"), columns(frames, "job")
    for place, wave in enumerate(WAVES):
        made = panel.weight(wave).values
        codes = panel.group("job").at(place)
        assert made[codes == 0].sum() / made.sum() == pytest.approx(0.3)
        # Within a category the weights stay in proportion.
        given = weights[wave].reindex(range(PEOPLE))
        for code, job in enumerate(("home", "work")):
            ratio = made[codes == code] / given[jobs[wave] == job].to_numpy()
            np.testing.assert_allclose(ratio, ratio[0])


# ---- weights of another scale -----------------------------------------------------------------


ESTIMATES = {
    "shares": lambda p: op.shares(p, "x", by="region"),
    "flows": lambda p: op.flows(p, "x", by="job", base="balanced"),
    "transitions": lambda p: op.transitions(p, "x", base="panel"),
    "inflows": lambda p: inflows(p, "x", base="panel"),
    "net change": lambda p: op.net_change(p, "x", by="region"),
    "turnover": lambda p: op.turnover(p, "x"),
    "rest": lambda p: op.shares(p, "x", by="region", reference="rest"),
    "difference": lambda p: op.shares(p, "x").difference("wave", "w3", minus="w1"),
    "ratio": lambda p: op.flows(p, "x", waves=WAVES[:2]).derive(
        lambda v: [v[1] / v[3]], {"r": [1]}
    ),
    "gains": lambda p: op.gains_and_losses(p, "x"),
    "direction": lambda p: op.direction(p, "x"),
    "displacement": lambda p: op.displacement(p, "x"),
    "indices": lambda p: op.mobility_indices(p, "x", ordered=True),
    "agreement": lambda p: op.agreement(p, "x", weights="linear"),
    "attrition": lambda p: op.attrition(p, "x"),
    "bounds": lambda p: op.turnover_bounds(p, "x"),
    "paths": lambda p: op.paths(p, "x"),
    "changes": lambda p: op.number_of_changes(p, "x"),
    "first change": lambda p: op.first_change(p, "x"),
    "unchanged": lambda p: op.unchanged(p, "x"),
    "returns": lambda p: op.returns(p, "x"),
    "stable core": lambda p: op.stable_core(p, "x"),
    "mean changes": lambda p: op.number_of_changes(p, "x", mean=True),
    "raked": lambda p: op.shares(op.rake(p, {"region": {"north": 0.4, "south": 0.6}}), "x"),
    "trimmed": lambda p: op.shares(op.trim_weights(p, upper=3.0, multiple_of="mean"), "x"),
    "stayers": lambda p: op.mover_stayer(p, "x").stayers,
    "missing": lambda p: op.missing_at_random(p, "x"),
}
TESTS = {
    "wald": lambda p: op.net_change(p, "x").test(),
    "homogeneity of margins": lambda p: op.marginal_homogeneity(p, "x", waves=WAVES[:2]),
    "symmetry": lambda p: op.symmetry(p, "x", waves=WAVES[:2]),
    "quasi": lambda p: op.quasi_symmetry(p, "x", waves=WAVES[:2]),
    "stationarity": lambda p: op.stationarity(p, "x"),
    "order": lambda p: op.markov_order(p, "x"),
    "groups": lambda p: op.homogeneity(p, "x", by="region"),
    "independence": lambda p: op.independence(p, "x", by="region", wave="w2"),
    "attrition": lambda p: op.attrition_test(p, "x", waves=WAVES[:2]),
}
LARGE, SMALL = 1e7, 1e-7


@pytest.mark.parametrize("scale", [LARGE, SMALL])
@pytest.mark.parametrize("name", ESTIMATES)
def test_large_and_small_weights_give_the_same_estimates(name, scale):
    frames = drawn()
    first, second = (ESTIMATES[name](panel_of(frames, scale=factor)) for factor in (1.0, scale))
    pd.testing.assert_frame_equal(first.labels, second.labels)
    np.testing.assert_allclose(first.value, second.value, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(first.std_error, second.std_error, rtol=1e-5, atol=1e-9)
    np.testing.assert_array_equal(first.df, second.df)
    np.testing.assert_array_equal(first.n, second.n)
    limits = [estimates.to_frame()[["conf_low", "conf_high"]] for estimates in (first, second)]
    np.testing.assert_allclose(*limits, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("scale", [LARGE, SMALL])
@pytest.mark.parametrize("name", TESTS)
def test_large_and_small_weights_give_the_same_tests(name, scale):
    frames = drawn()
    first, second = (TESTS[name](panel_of(frames, scale=factor)) for factor in (1.0, scale))
    for figure in ("statistic", "df1", "df2", "pvalue", "wald"):
        one, other = getattr(first, figure), getattr(second, figure)
        assert other == pytest.approx(one, rel=1e-5, abs=1e-9)
    assert first.form == second.form


@pytest.mark.parametrize("scale", [LARGE, SMALL])
def test_totals_and_their_errors_grow_with_the_weights(scale):
    frames = drawn()
    first, second = (flow_totals(panel_of(frames, scale=factor), "x") for factor in (1.0, scale))
    np.testing.assert_allclose(second.value, scale * first.value)
    np.testing.assert_allclose(second.std_error, scale * first.std_error)
