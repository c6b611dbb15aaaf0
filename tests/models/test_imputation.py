"""Missing answers imputed: what is filled, what stays as it is, and what is refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.models import imputation
from opinionpanel.questions import NO_ANSWER
from opinionpanel.strategies import panels

STATES = {"a": [0], "b": [1], "c": [2]}
WAVES = ["w1", "w2", "w3"]
DESIGN = op.Design(weight="weight", stratum="stratum", psu="psu")


def people(number=300, *, silent=0.1, gone=0.2, seed=1):
    """Three states at three waves; who drops out depends on the first answer."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"psu": np.arange(number) // 10, "stratum": np.arange(number) // 100})
    frame["weight"] = rng.lognormal(0, 0.3, number)
    frame["gender"] = pd.Series(rng.choice(["man", "woman"], number), dtype=object)
    frame.loc[::50, "gender"] = None
    answer = rng.integers(0, 3, number)
    odds = gone * np.array([0.5, 1.0, 1.5])[answer]
    for wave in WAVES:
        there = (rng.random(number) >= odds) | (wave == "w1")
        said = there & (rng.random(number) >= silent)
        frame[wave] = np.where(said, answer, np.nan)
        frame[f"warm {wave}"] = np.where(said, 10.0 * answer + rng.integers(0, 10, number), np.nan)
        frame[f"here {wave}"] = np.where(there, 1.0, np.nan)
        answer = np.where(rng.random(number) < 0.7, answer, rng.integers(0, 3, number))
    return frame


def panel_of(frame=None, design=DESIGN, **items):
    questions = {
        "x": op.Item({wave: wave for wave in WAVES}, STATES),
        "here": op.Item({wave: f"here {wave}" for wave in WAVES}, {"yes": [1]}),
        "warmth": op.Score({wave: f"warm {wave}" for wave in WAVES}, low=0, high=100),
    }
    return op.Panel.from_wide(
        people() if frame is None else frame,
        items=questions | items,
        groups=["gender"],
        design=design,
    )


PANEL = panel_of()


@settings(max_examples=8)
@given(panels(weights=("none", "constant")))
def test_answers_that_were_given_stay_and_gaps_are_filled(panel):
    name = next(iter(panel.items))
    before = panel.answers[name]
    waves = [wave for wave, row in zip(panel.waves, before, strict=True) if (row >= 0).sum() > 5]
    assume(waves)
    imputed = op.impute(panel, name, m=2, waves=waves, seed=1)
    counting = np.logical_or.reduce([weight > 0 for weight in panel.weights.values()])
    for one in imputed.panels:
        after = one.answers[name]
        np.testing.assert_array_equal(after[before != NO_ANSWER], before[before != NO_ANSWER])
        for wave in map(panel.position, waves):
            assert not ((after == NO_ANSWER) & panel.present & counting)[wave].any()


@pytest.mark.parametrize("measure", [op.shares, op.transitions])
def test_imputing_nothing_changes_nothing(measure):
    panel = panel_of(people(silent=0.0, gone=0.0))
    plain = measure(panel, "x", by="gender")
    found = op.impute(panel, "x", m=3, missed=True, seed=1).estimate(measure, "x", by="gender")
    for name in ("value", "covariance", "df", "n"):
        one, other = getattr(found, name), getattr(plain, name)
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-15)
    assert found.missing_information.tolist() == [0.0] * len(found)
    assert not found.about.modelled


def test_a_seed_says_what_is_drawn():
    one, same, other = (op.impute(PANEL, "x", m=2, seed=seed) for seed in (1, 1, 2))
    for place in range(2):
        np.testing.assert_array_equal(
            one.panels[place].answers["x"], same.panels[place].answers["x"]
        )
    assert (one.panels[0].answers["x"] != other.panels[0].answers["x"]).any()
    assert (one.panels[0].answers["x"] != one.panels[1].answers["x"]).any()


def test_who_missed_a_wave_counts_with_the_weight_of_the_first():
    imputed = op.impute(PANEL, ["x", "warmth"], m=2, missed=True, seed=1)
    found = imputed.estimate(op.shares, "x")
    assert set(found.n) == {len(PANEL.domain)}
    assert found.about.weights["w3",] == "weight of w1 (at w3)"
    turned = imputed.estimate(op.flows, "x", base="panel")
    assert not turned.select(destination="not interviewed").value.any()
    # A question that was not imputed is answered by those who answered it.
    assert imputed.estimate(op.shares, "here").n.max() == PANEL.present[0].sum()
    assert set(imputed.estimate(op.means, "warmth").n) == {len(PANEL.domain)}


def test_numbers_of_a_score_are_those_that_somebody_gave():
    imputed = op.impute(PANEL, ["x", "warmth"], m=2, seed=1)
    for wave in range(3):
        given_then = set(PANEL.answers["warmth"][wave])
        assert set(imputed.panels[0].answers["warmth"][wave]) <= given_then - {NO_ANSWER}
    # The number goes with the state, of those who gave neither.
    place = (PANEL.answers["warmth"][0] == NO_ANSWER).nonzero()[0]
    one = imputed.panels[0]
    numbers = PANEL.numbers["warmth"][one.answers["warmth"][0][place]]
    assert np.corrcoef(numbers, one.answers["x"][0][place])[0, 1] > 0.5
    summary = imputed.summary()
    assert set(summary["state"]) == {"a", "b", "c", "mean"}


def test_what_is_missing_at_random_is_brought_back():
    frame = people(3_000, silent=0.0, gone=0.0, seed=4)
    truth = op.turnover(panel_of(frame), "x", waves=["w1", "w2"]).value[0]
    level = op.shares(panel_of(frame), "x").select(wave="w2", state="c").value[0]
    gone = (
        np.random.default_rng(1).random(3_000) < np.array([0.1, 0.2, 0.7])[frame["w1"].astype(int)]
    )
    lost = panel_of(frame.assign(**{name: frame[name].where(~gone) for name in ("w2", "here w2")}))
    imputed = op.impute(lost, "x", m=4, missed=True, waves=["w1", "w2"], seed=1)
    found = imputed.estimate(op.shares, "x", waves=["w2"]).select(state="c")
    answered = op.shares(lost, "x", waves=["w2"]).select(state="c")
    assert abs(found.value[0] - level) < 2 * found.std_error[0]
    assert abs(answered.value[0] - level) > 5 * answered.std_error[0]
    turned = imputed.estimate(op.turnover, "x", waves=["w1", "w2"])
    assert abs(turned.value[0] - truth) < 2 * turned.std_error[0]


@pytest.mark.parametrize("kind", ["bootstrap", "jkn"])
def test_replicates_take_the_same_answers_in_all_of_them(kind):
    more = {"replicates": 20, "seed": 1} if kind == "bootstrap" else {}
    imputed = op.impute(panel_of(design=DESIGN.as_replicates(kind, **more)), "x", m=2, seed=1)
    found = imputed.estimate(op.shares, "x")
    alone = [op.shares(one, "x").std_error for one in imputed.panels]
    assert np.isfinite(found.std_error).all()
    assert (found.std_error**2 >= np.mean(np.square(alone), axis=0) * (1 - 1e-12)).all()


def test_people_of_independent_samples_are_imputed_from_their_groups():
    frames = {
        wave: people(seed=seed)[["w1", "gender", "here w1"]] for seed, wave in enumerate("ab")
    }
    panel = op.Panel.from_waves(
        frames, person=None, items={"x": op.Item("w1", STATES)}, groups=["gender"]
    )
    found = op.impute(panel, "x", m=2, seed=1).estimate(op.shares, "x")
    assert set(found.n) == {300}
    with pytest.raises(SelectionError, match="nobody was asked twice"):
        op.impute(panel, "x", missed=True, seed=1)


def test_a_group_that_was_made_of_the_answers_is_not_drawn_on():
    plain = op.impute(PANEL, "x", m=2, seed=1)
    for panel in (PANEL.group_of("x", wave="w1"), op.typology(PANEL, "x")):
        found = op.impute(panel, "x", m=2, seed=1)
        np.testing.assert_array_equal(found.panels[1].answers["x"], plain.panels[1].answers["x"])


def test_a_panel_narrowed_later_or_before_is_imputed_from_everyone():
    before = op.impute(PANEL.where(gender="man"), "x", m=2, seed=1).estimate(op.shares, "x")
    whole = op.impute(PANEL, "x", m=2, seed=1)
    after = whole.estimate(lambda panel: op.shares(panel.where(gender="man"), "x"))
    np.testing.assert_allclose(before.value, after.value)


def test_rare_states_and_a_wave_where_nobody_is_missing():
    frame = people(200)
    frame.loc[3, ["w1", "w2"]] = 2
    frame.loc[(frame.index != 3) & (frame["w1"] == 2), "w1"] = 0
    frame["w3"], frame["here w3"] = 1.0, 1.0
    imputed = op.impute(panel_of(frame), "x", m=2, seed=1)
    assert set(imputed.summary()["wave"]) == {"w1", "w2"}
    assert np.isfinite(imputed.estimate(op.shares, "x").value).all()


def test_what_cannot_be_imputed_is_refused():
    one_wave = people().assign(w3=np.nan)
    media = op.multiple(
        {"TV": {"w1": "w1", "w2": "w2"}, "net": {"w1": "w3", "w2": "w3"}},
        selected=[1],
        unselected=[0, 2],
    )
    filtered = op.Item({wave: wave for wave in WAVES}, {"a": [0], "b": [1]}, not_asked=[2])
    cases = [
        (
            PANEL,
            {"items": "x", "m": 1},
            "m must be from 2 to 10,000, and seed 0 or more, not 1 and",
        ),
        (PANEL, {"items": "x", "m": 10**30}, "m must be from 2 to 10,000"),
        (PANEL, {"items": "x", "seed": -1}, "not 20 and -1"),
        (PANEL, {"items": []}, "items must name"),
        (PANEL, {"items": ["x", "x"]}, "items must name"),
        (PANEL, {"items": "y"}, "Unknown item"),
        (PANEL, {"items": "x", "groups": "region"}, "Unknown group"),
        (PANEL, {"items": "x", "waves": ["w2", "w1"]}, "in the order of fieldwork"),
        (PANEL, {"items": "x", "waves": ["w9"]}, "Unknown wave"),
        (PANEL, {"items": "x", "waves": ["w1"], "missed": True}, "a later wave than 'w1'"),
        (panel_of(one_wave), {"items": "x"}, "Nobody answered 'x' at wave 'w3'"),
        (panel_of(media=media), {"items": "media: TV"}, "takes several answers"),
        (op.impute(PANEL, "x", m=2, seed=1).panels[0], {"items": "warmth"}, "imputed before"),
        (panel_of(y=filtered), {"items": "y", "missed": True}, "was not put to"),
    ]
    for panel, arguments, message in cases:
        with pytest.raises(SelectionError, match=message):
            op.impute(panel, **{"seed": 1} | arguments)


def test_people_on_an_engine_are_not_imputed(monkeypatch):
    monkeypatch.setattr(imputation, "is_lazy", lambda column: True)
    with pytest.raises(SelectionError, match="stay on the engine"):
        op.impute(PANEL, "x", seed=1)


def test_every_panel_says_that_it_was_imputed():
    imputed = op.impute(PANEL, "x", m=2, missed=True, seed=1)
    alone = str(op.shares(imputed.panels[0], "x"))
    assert "only once: intervals are too narrow" in alone
    assert "answers were imputed" in str(imputed.panels[0])
    assert "answers were imputed" in str(op.marginal_homogeneity(imputed.panels[0], "x"))
    assert op.shares(replace(imputed.panels[0], imputed=None), "x").about.modelled == ""


def test_whatever_is_made_of_an_imputed_panel_says_so():
    one = op.impute(PANEL, "x", m=2, missed=True, seed=1).panels[0]
    others = {"others": panel_of(people(seed=9))}
    made = [
        op.transition_bounds(one, "x", waves=["w1", "w2"]),
        op.combine(one, "x"),
        op.combine(one, "x", others, disagreement="pool", waves=["w2"]),
        op.replicate(one, lambda frame: float(frame["weight"].sum()), items="x"),
        op.shares(one.where(gender="man"), "x"),
    ]
    for found in made:
        assert "of the answers were imputed, and only once" in found.about.modelled
    whole = op.shares(one, "x").about.modelled
    assert made[-1].about.modelled != whole


def test_who_was_lost_is_not_asked_where_nobody_was():
    imputed = op.impute(PANEL, "x", m=2, missed=True, waves=["w1", "w2"], seed=1)
    for panel in (imputed.panels[0], imputed.given):
        with pytest.raises(SelectionError, match="At 'w2' those who missed the wave were imputed"):
            op.attrition(panel, "x", waves=["w2", "w3"])
        assert op.attrition(panel, "x", waves=["w1", "w3"]).value[0] > 0
        with pytest.raises(SelectionError, match="does not tell who was lost"):
            op.attrition_test(panel, "x", waves=["w1", "w2"])
