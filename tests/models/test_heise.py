"""Heise's reliability against weighted correlations, by numpy and by R's cov.wt."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from places import GOLDEN_FILES

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.models.heise import reliability
from opinionpanel.strategies import panels

GOLDEN = GOLDEN_FILES / "heise_golden.csv"
STATES = ("liberal", "moderate", "conservative")


def simulated(seed, people=200, waves=3):
    rng = np.random.default_rng(seed)
    attitude = rng.normal(size=people)
    frame = pd.DataFrame({"weight": rng.lognormal(0, 0.5, people), "psu": np.arange(people) % 40})
    frame["gender"] = np.array(["man", "woman"])[rng.integers(0, 2, people)]
    for wave in range(1, waves + 1):
        attitude = 0.9 * attitude + 0.4 * rng.normal(size=people)
        answer = np.digitize(attitude + 0.6 * rng.normal(size=people), [-0.5, 0.5])
        frame[f"w{wave}"] = np.array(STATES)[answer]
        frame.loc[rng.random(people) < 0.05, f"w{wave}"] = None
    return frame


def panel_of(frame, design=None):
    waves = [name for name in frame if name.startswith("w") and name != "weight"]
    item = op.Item({wave: wave for wave in waves}, {state: [state] for state in STATES})
    design = design or op.Design(weight="weight", psu="psu")
    return op.Panel.from_wide(frame, items={"view": item}, groups=["gender"], design=design)


def by_hand(frame, waves, scores=(1, 2, 3)):
    known = frame.dropna(subset=list(waves))
    x = known[list(waves)].replace(dict(zip(STATES, scores, strict=True))).to_numpy(dtype=float)
    covariance = np.cov(x.T, aweights=known["weight"])
    error = np.sqrt(np.diag(covariance))
    r = covariance / error / error[:, None]
    r12, r23, r13 = r[0, 1], r[1, 2], r[0, 2]
    return np.array([r12 * r23 / r13, r13 / r23, r13 / r12, r13**2 / (r12 * r23)])


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_by_hand(seed):
    frame = simulated(seed)
    found = reliability(panel_of(frame), "view")
    np.testing.assert_allclose(found.value, by_hand(frame, ["w1", "w2", "w3"]), rtol=1e-9)
    assert (found.n == frame[["w1", "w2", "w3"]].notna().all(axis=1).sum()).all()
    assert found.unit == "number"


@pytest.mark.parametrize("weights", ["none", "by row"])
@pytest.mark.parametrize("scores", ["1 2 3", "0 1 5"])
def test_against_r(scores, weights):
    golden = pd.read_csv(GOLDEN).query("scores == @scores and weights == @weights")
    panel = op.datasets.load("nes_ideology")
    steps = [panel.answers["ideology"][place] for place in range(3)]
    counts = np.zeros((3, 3, 3), dtype=int)
    np.add.at(counts, tuple(steps), 1)
    rows = [
        {f"w{place + 1}": STATES[state] for place, state in enumerate(index)} | {"n": int(count)}
        for index, count in np.ndenumerate(counts)
    ]
    frame = pd.DataFrame(rows)
    frame["weight"] = 1.0 if weights == "none" else 1 + (np.arange(len(frame)) % 4) / 2
    item = op.Item({wave: wave for wave in ("w1", "w2", "w3")}, {s: [s] for s in STATES})
    panel = op.Panel.from_wide(
        frame, items={"view": item}, count="n", design=op.Design(weight="weight")
    )
    given_scores = dict(zip(STATES, map(int, scores.split()), strict=True))
    found = reliability(panel, "view", scores=given_scores)
    np.testing.assert_allclose(found.value, golden["value"], rtol=1e-10)


def test_standard_errors_are_those_of_numeric_derivatives():
    frame = simulated(1, people=60)
    found = reliability(panel_of(frame, op.Design(weight="weight")), "view")
    waves, slopes = ["w1", "w2", "w3"], []
    for person in frame.index:
        high, low = frame.copy(), frame.copy()
        high.loc[person, "weight"] *= 1 + 1e-5
        low.loc[person, "weight"] *= 1 - 1e-5
        slopes.append((by_hand(high, waves) - by_hand(low, waves)) / 2e-5)
    influence = np.array(slopes)
    n = len(frame)
    expected = n / (n - 1) * influence.T @ influence
    np.testing.assert_allclose(found.covariance, expected, rtol=1e-5, atol=1e-9)


def test_every_three_consecutive_waves_and_groups():
    frame = simulated(2, people=400, waves=4)
    found = reliability(panel_of(frame), "view", by="gender")
    for first, triple in (("w1", ["w1", "w2", "w3"]), ("w2", ["w2", "w3", "w4"])):
        for gender in ("man", "woman"):
            part = found.select(from_wave=first, gender=gender)
            expected = by_hand(frame[frame["gender"] == gender], triple)
            np.testing.assert_allclose(part.value, expected, rtol=1e-9)
            assert set(part.labels["to_wave"]) == {triple[-1]}
            alone = reliability(panel_of(frame).where(gender=gender), "view", waves=triple)
            np.testing.assert_allclose(part.covariance, alone.covariance, rtol=1e-6)
            np.testing.assert_array_equal(part.df, alone.df)
    assert "people with an answer at all three" in str(found)
    change = found.difference("gender", "man", minus="woman")
    assert np.isfinite(change.std_error).all()


def test_replicates_and_calibrated_weights():
    frame = simulated(3, people=800)
    design = op.Design(weight="weight", psu="psu")
    targets = {"gender": {"man": 400.0, "woman": 600.0}}
    linear, jackknife = (
        reliability(op.rake(panel_of(frame, one), targets), "view")
        for one in (design, design.as_replicates("jkn"))
    )
    np.testing.assert_allclose(linear.value, jackknife.value)
    np.testing.assert_allclose(linear.std_error, jackknife.std_error, rtol=0.1)


@settings(max_examples=10)
@given(panels(waves=(3, 4)), st.floats(-5, 5), st.floats(0.1, 10))
def test_scores_on_another_scale_change_nothing(panel, zero, unit):
    states = panel.item("opinion").state_names
    found = reliability(panel, "opinion", by="gender")
    scaled = {state: zero + unit * place for place, state in enumerate(states)}
    other = reliability(panel, "opinion", by="gender", scores=scaled)
    np.testing.assert_allclose(found.value, other.value, rtol=1e-6, atol=1e-8)
    assert str(found)


def test_perfectly_stable_and_perfectly_reliable():
    answers = pd.DataFrame({wave: ["liberal", "moderate"] * 10 for wave in ("w1", "w2", "w3")})
    found = reliability(panel_of(answers.assign(weight=1.0, psu=range(20), gender="man")), "view")
    np.testing.assert_allclose(found.value, 1.0)
    assert np.isnan(found.std_error).all()
    text = " ".join(str(found).split())
    assert "No standard error where two waves are correlated perfectly." in text
    assert "Values below 0" not in text


def test_one_perfect_correlation_leaves_what_varies_its_error():
    frame = simulated(5)
    frame["w2"] = frame["w1"]
    found = reliability(panel_of(frame), "view")
    np.testing.assert_allclose(found.value[:2], 1.0)
    assert np.isnan(found.std_error[:2]).all()
    assert np.isfinite(found.std_error[2:]).all()


def test_an_empty_group_or_triple_has_no_base():
    frame = simulated(6, people=60, waves=4)
    frame.loc[frame["gender"] == "man", "w1"] = None
    found = reliability(panel_of(frame), "view", by="gender")
    empty = found.select(from_wave="w1", gender="man")
    assert np.isnan(empty.value).all()
    np.testing.assert_array_equal(empty.n, 0)
    np.testing.assert_array_equal(empty.n_effective, 0)
    other = found.select(from_wave="w2", gender="man")
    known = frame.query("gender == 'man'")[["w2", "w3", "w4"]].notna().all(axis=1).sum()
    np.testing.assert_array_equal(other.n, known)


@pytest.mark.parametrize("name", ["pair", "moment"])
def test_a_group_may_be_named_as_something_inside(name):
    frame = simulated(7)
    waves = ["w1", "w2", "w3"]
    item = op.Item({wave: wave for wave in waves}, {state: [state] for state in STATES})
    design = op.Design(weight="weight", psu="psu")
    renamed = frame.rename(columns={"gender": name})
    panel = op.Panel.from_wide(renamed, items={"view": item}, groups=[name], design=design)
    ours = reliability(panel, "view", by=name)
    expected = reliability(panel_of(frame), "view", by="gender")
    np.testing.assert_array_equal(ours.value, expected.value)
    assert ours.labels[name].tolist() == expected.labels["gender"].tolist()


def test_the_note_names_the_waves_between_and_the_scores():
    scores = dict(zip(STATES, (0, 1.5, 5), strict=True))
    found = reliability(panel_of(simulated(2, waves=4)), "view", scores=scores)
    text = " ".join(str(found.select(from_wave="w2")).split())
    scored = "scores liberal 0, moderate 1.5, conservative 5."
    assert f"w2 to w4: waves w2, w3, w4; {scored}" in text
    assert "w1" not in text


def test_values_outside_0_to_1_are_marked():
    frame = simulated(1, people=12)
    frame["w1"] = ["liberal", "moderate", "conservative"] * 4
    frame["w2"] = ["liberal", "moderate", "moderate"] * 4
    frame["w3"] = frame["w1"]
    found = reliability(panel_of(frame), "view")
    assert (found.value > 1).any()
    assert "Values below 0 or above 1 are a sign that the model does not hold" in (
        " ".join(str(found).split())
    )


def test_no_variance_or_no_correlation_is_undefined():
    frame = simulated(1, people=20)
    frame["w2"] = "liberal"
    assert np.isnan(reliability(panel_of(frame), "view").value).any()
    rows = pd.DataFrame(
        {"w1": ["liberal"] * 2 + ["moderate"] * 2, "w3": ["liberal", "moderate"] * 2}
    )
    rows = rows.assign(w2=rows["w1"], weight=1.0, psu=range(4), gender="man")
    found = reliability(panel_of(rows[["w1", "w2", "w3", "weight", "psu", "gender"]]), "view")
    assert np.isnan(found.value).all()


def test_refusals():
    panel = panel_of(simulated(1))
    with pytest.raises(SelectionError, match="needs three waves or more; got 'w1', 'w3'"):
        reliability(panel, "view", waves=["w1", "w3"])
    with pytest.raises(SelectionError, match="must give a number for each state"):
        reliability(panel, "view", scores={"liberal": 1, "moderate": 2})
    with pytest.raises(SelectionError, match="order of fieldwork"):
        reliability(panel, "view", waves=["w2", "w1", "w3"])
    for wrong, words in ((1, "not all the same"), (float("nan"), "not all"), ("high", "a number")):
        scores = {"liberal": 1, "moderate": 1, "conservative": wrong}
        with pytest.raises(SelectionError, match=words):
            reliability(panel, "view", scores=scores)
