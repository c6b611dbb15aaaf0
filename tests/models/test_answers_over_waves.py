"""Answers over waves in one regression: R's survey, shares by wave, persons as clusters."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from many_waves import DESIGNS, GOLDEN, STRATA, WAVES, both, frames, panel, panel_of
from places import GOLDEN_FILES

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.models.answers_over_waves import answer_model
from opinionpanel.strategies import panels

KINDS = GOLDEN[GOLDEN["model"].isin(["binary", "multinomial", "ordered"])]
CASES = list(KINDS.groupby(["design", "model", "formula"], sort=False).groups)


@pytest.mark.parametrize(("design", "kind", "formula"), CASES)
def test_every_row_agrees_with_r(design, kind, formula):
    state = "b" if kind == "binary" else None
    fit = answer_model(panel(design), formula, item="answer", kind=kind, state=state)
    golden = KINDS.query("design == @design and model == @kind and formula == @formula")
    # R's ordered regression takes its second derivatives by differences.
    digits = 3e-7 if kind == "ordered" else 1e-8
    found = both(golden, fit.coefficients, "coefficient")
    np.testing.assert_allclose(found["ours"], found["estimate"], rtol=digits, atol=digits / 10)
    np.testing.assert_allclose(found["error"], found["std_error"], rtol=digits)
    if kind == "ordered":
        test = fit.proportional_odds
        known = golden[golden["term"] == test.form]
        assert test.wald == pytest.approx(float(known["estimate"].iloc[0]), rel=1e-8)
    else:
        found = both(golden, fit.effects, "effect")
        np.testing.assert_allclose(found["ours"], found["estimate"], rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(found["error"], found["std_error"], rtol=1e-8)


def test_the_golden_file_is_whole():
    assert len(CASES) == len(DESIGNS) * 6


@settings(max_examples=8)
@given(panels(waves=(2, 3), states=(2, 3), people=(30, 70)))
def test_a_model_of_waves_is_the_shares_by_wave(drawn):
    """With the covariance between waves, under every design."""
    try:
        fit = answer_model(drawn, "wave", item="opinion")
    except DesignError:
        assume(False)
    shares = op.shares(drawn, "opinion")
    assume((shares.value > 0).all())
    states, waves = len(shares.named.values("state")), len(shares.named.values("wave"))

    def by_wave(values):
        at = values.reshape(waves, states - 1)
        odds = np.exp(at + np.vstack([0 * at[:1], np.repeat(at[:1], waves - 1, axis=0)]))
        odds = np.column_stack([np.ones(waves), odds])
        return (odds / odds.sum(axis=1, keepdims=True)).ravel()

    ours = fit.coefficients.derive(by_wave, {"cell": range(len(shares))})
    np.testing.assert_allclose(ours.value, shares.value, atol=1e-8)
    if np.isfinite(ours.covariance).all() and drawn.sampling.__class__.__name__ == "Sampling":
        np.testing.assert_allclose(ours.covariance, shares.covariance, atol=1e-8)


def test_effects_of_waves_are_the_changes_of_shares():
    here = panel("strata, PSUs")
    fit = answer_model(here, "wave", item="answer")
    shares = op.shares(here, "answer")
    for wave in WAVES[1:]:
        known = shares.difference("wave", wave, minus="w1")
        ours = fit.effects.select(category=wave)
        np.testing.assert_allclose(ours.value, known.value, atol=1e-10)
        np.testing.assert_allclose(ours.std_error, known.std_error, atol=1e-10)


def test_a_person_asked_twice_the_same_is_one_person():
    """The same answers at another wave add nothing to what is known."""
    first = frames()["w1"]
    once = panel_of({"w1": first, "w2": first.iloc[:1]}, op.Design(weight="weight"))
    twice = panel_of({"w1": first, "w2": first}, op.Design(weight="weight"))
    one = answer_model(once, "sex", item="answer", waves=["w1"])
    two = answer_model(twice, "sex", item="answer")
    np.testing.assert_allclose(two.coefficients.value, one.coefficients.value, atol=1e-9)
    np.testing.assert_allclose(two.coefficients.covariance, one.coefficients.covariance)
    np.testing.assert_array_equal(two.coefficients.n, one.coefficients.n)
    np.testing.assert_array_equal(two.coefficients.df, one.coefficients.df)
    assert two.loglik == pytest.approx(2 * one.loglik)
    np.testing.assert_allclose(2 * two.working, one.working)


def test_binary_and_multinomial_agree_for_two_states():
    two = {"a": ["a"], "other": ["b", "c"]}
    here = panel_of(frames(), STRATA, two)
    one = answer_model(here, "sex + wave", item="answer")
    for other in ({}, {"state": "other"}):
        known = answer_model(here, "sex + wave", item="answer", kind="binary", **other)
        np.testing.assert_allclose(known.coefficients.value, one.coefficients.value, atol=1e-9)
    assert set(known.effects.labels["outcome"]) == {"other"}
    turned = answer_model(here, "sex + wave", item="answer", kind="binary", state="a")
    np.testing.assert_allclose(turned.coefficients.value, -one.coefficients.value, atol=1e-9)
    ordered = answer_model(here, "sex + wave", item="answer", kind="ordered")
    np.testing.assert_allclose(
        ordered.coefficients.value[:-1], one.coefficients.value[1:], atol=1e-8
    )
    assert ordered.proportional_odds is None


def test_a_state_that_is_left_out_is_no_answer():
    here = panel("people")
    ours = answer_model(here, "sex", item="answer", without="b")
    silent = {
        name: frame.assign(answer=frame["answer"].mask(frame["answer"] == "b"))
        for name, frame in frames().items()
    }
    known = answer_model(
        panel_of(silent, DESIGNS["people"], {"a": ["a"], "c": ["c"]}), "sex", item="answer"
    )
    np.testing.assert_allclose(ours.coefficients.value, known.coefficients.value, atol=1e-9)
    np.testing.assert_allclose(ours.coefficients.std_error, known.coefficients.std_error)
    assert "Left out: 'b'." in " ".join(str(ours).split())


def test_a_group_by_wave_counts_as_at_each_wave():
    waves = {
        name: frame.assign(mood=np.where(frame.index % (place + 2) == 0, "x", "y"))
        for place, (name, frame) in enumerate(frames().items())
    }
    here = op.Panel.from_waves(
        waves,
        person="person",
        items={
            "answer": op.Item("answer", {s: [s] for s in "abc"}),
            "mood": op.Item("mood", {"x": ["x"], "y": ["y"]}),
        },
        groups={"mood": "wave"},
        design=op.Design(weight="weight"),
    )
    fit = answer_model(here, "mood", item="answer", kind="binary", state="a")
    rows = pd.concat(waves.values()).dropna(subset=["answer"])
    share = {
        mood: np.average(part["answer"] == "a", weights=part["weight"])
        for mood, part in rows.groupby("mood")
    }
    assert fit.effects.value[0] == pytest.approx(share["y"] - share["x"])


@pytest.mark.parametrize("design", ["people", "strata, PSUs", "JKn"])
def test_waves_that_asked_other_people(design):
    """Each person is there once; only what is about the same people is refused."""
    here = op.Panel.from_waves(
        {name: frame.drop(columns="person") for name, frame in frames().items()},
        person=None,
        items={"answer": op.Item("answer", {state: [state] for state in "abc"})},
        groups=["sex", "age", "region"],
        design=DESIGNS[design],
    )
    fit, shares = answer_model(here, "wave", item="answer"), op.shares(here, "answer")
    for wave in WAVES[1:]:
        known = shares.difference("wave", wave, minus="w1")
        ours = fit.effects.select(category=wave)
        np.testing.assert_allclose(ours.value, known.value, atol=1e-10)
        # Under replicates steps of fits are larger than those of shares.
        rtol = 1e-2 if design == "JKn" else 1e-9
        np.testing.assert_allclose(ours.std_error, known.std_error, rtol=rtol)
    with pytest.raises(SelectionError, match=r"same people|other people"):
        op.hazard(here, "sex", item="answer")
    with pytest.raises(SelectionError, match=r"same people|other people"):
        op.unchanged(here, "answer")


def test_the_text():
    fit = answer_model(panel("people"), "sex + age + wave", item="answer", kind="ordered")
    text = " ".join(str(fit).split())
    assert "Log odds of a higher answer to answer (a < b < c)." in text
    assert "Proportional odds: the same slopes at all thresholds: F(" in text
    assert "answers of 4" in text
    assert "with no known sex or age." in text
    assert "a difference by wave is change only as far as" in text
    text = str(answer_model(panel("people"), "wave", item="answer"))
    assert "Log odds of the answers to answer against 'a'" in text
    assert answer_model(panel("people"), "1", item="answer").effects is None


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"kind": "probit"}, "Unknown kind 'probit'"),
        ({"kind": "binary"}, "kind='binary' is about one state of 'answer'"),
        ({"kind": "binary", "state": "d"}, "Unknown state of item 'answer': 'd'"),
        ({"kind": "binary", "state": "a", "without": ["a"]}, "is left out by without="),
        ({"kind": "ordered", "state": "a"}, "state='a' is for kind='binary'"),
        ({"without": ["d"]}, "Unknown state of item 'answer': 'd'"),
        ({"formula": "interval"}, "Unknown variable in the formula: 'interval'"),
        ({"formula": "sex - 1"}, "The intercept is always in it"),
        ({"waves": ["w9"]}, "w9"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, text):
    given = {"formula": "sex", "item": "answer"} | arguments
    with pytest.raises(SelectionError, match=text):
        answer_model(panel("people"), **given)


def test_what_separates_is_named():
    waves = {
        name: frame.assign(answer=frame["answer"].mask(frame["age"] == "55+", "a"))
        for name, frame in frames().items()
    }
    here = panel_of(waves, STRATA)
    with pytest.raises(DesignError, match="nobody with age '55\\+' has the outcome 'b'"):
        answer_model(here, "age", item="answer")
    with pytest.raises(DesignError, match="have no finite estimate"):
        answer_model(here, "age", item="answer", kind="ordered")


def test_the_example_of_ordered_answers_in_r():
    """What R prints for the example of `polr` in MASS (Venables & Ripley 2002, section 7.3)."""
    housing = pd.read_csv(GOLDEN_FILES / "documented_housing.csv").assign(wave="all")
    order = ("Low", "Medium", "High")
    panel = op.Panel.from_long(
        housing,
        person=None,
        wave="wave",
        count="people",
        items={"satisfaction": op.Item("satisfaction", {name: [name] for name in order})},
        groups={
            name: op.Grouping(name, {value: [value] for value in housing[name].unique()})
            for name in ("influence", "type", "contact")
        },
    )
    formula = "influence + type + contact"
    fit = answer_model(panel, formula, item="satisfaction", kind="ordered")
    slopes = [0.5664, 1.2888, -0.5724, -0.3662, -1.0910, 0.3603]
    np.testing.assert_allclose(fit.coefficients.value, [*slopes, -0.4961, 0.6907], atol=5e-5)
    np.testing.assert_allclose(-2 * fit.loglik, 3479.149, atol=5e-4)
