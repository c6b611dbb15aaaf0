"""Answers within people: R's survey, written-down likelihoods, what is refused, engines."""

import numpy as np
import pytest
from engine_frames import on_engine
from hypothesis import assume, given, settings
from many_waves import like
from within_panels import DESIGNS, GOLDEN, WAVES, frames, panel, panel_of

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.models.answers_over_waves import answer_model
from opinionpanel.strategies import panels

YES = {"item": "answer", "kind": "within", "state": "yes"}
CASES = list(GOLDEN.groupby(["design", "waves"], sort=False).groups)


@pytest.mark.parametrize(("design", "waves"), CASES)
def test_every_row_agrees_with_r(design, waves):
    fit = answer_model(panel(design), "wave * sex + mood", waves=WAVES[:waves], **YES).coefficients
    golden = GOLDEN.query("design == @design and waves == @waves")
    golden = golden.set_index(golden["term"].map(like))
    golden = golden.loc[fit.labels["term"].map(like)]
    assert len(golden) == len(fit) == 2 * waves
    np.testing.assert_allclose(fit.value, golden["estimate"], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(fit.std_error, golden["std_error"], rtol=1e-8)
    np.testing.assert_array_equal(fit.n, golden["people"])
    people = f"Of {golden['answered'].iloc[0]} people with an answer and known groups at all of"
    assert people in fit.about.notes[()]


def test_the_golden_file_is_whole():
    assert len(CASES) == len(DESIGNS) * 2


@settings(max_examples=5)
@given(panels(waves=(2, 3), states=(2, 2), people=(30, 60)))
def test_waves_alone_are_the_odds_of_those_who_changed(drawn):
    """With two waves, gains against losses; the other state turns all signs."""
    first, second = drawn.waves[:2]
    named = {"item": "opinion", "kind": "within", "waves": [first, second]}
    try:
        fit, turned = (
            answer_model(drawn, "wave", state=state, **named).coefficients
            for state in drawn.items["opinion"].state_names
        )
    except (DesignError, SelectionError):
        assume(False)
    np.testing.assert_allclose(turned.value, -fit.value, atol=1e-9)
    np.testing.assert_allclose(turned.std_error, fit.std_error, rtol=1e-6, atol=1e-9)
    flows = op.flows(drawn, "opinion", waves=[first, second], base="balanced")
    odds = flows.derive(lambda share: np.log(share[2:3] / share[1:2]), {"odds": ["all"]})
    np.testing.assert_allclose(turned.value, -odds.value, atol=1e-8)
    # All in one PSU have no standard error here, and one of 0 but for rounding there.
    if odds.std_error[0] > 1e-9:
        np.testing.assert_allclose(turned.std_error, odds.std_error, rtol=1e-6)


def test_the_size_of_weights_says_nothing():
    twice = {name: frame.assign(weight=2 * frame["weight"]) for name, frame in frames().items()}
    fit = answer_model(panel_of(twice, DESIGNS["strata, PSUs"]), "wave + mood", **YES)
    known = answer_model(panel("strata, PSUs"), "wave + mood", **YES)
    np.testing.assert_allclose(fit.coefficients.value, known.coefficients.value, atol=1e-9)
    np.testing.assert_allclose(fit.coefficients.std_error, known.coefficients.std_error)
    assert fit.loglik == pytest.approx(known.loglik)
    np.testing.assert_allclose(fit.working, known.working)


def test_what_is_the_same_at_all_waves_is_held_alike():
    """Interactions of all terms are the models of each group."""
    here = panel("strata, people")
    both = answer_model(here, "wave * sex", **YES)
    assert list(both.terms) == ["wave", "wave:sex"]
    women = answer_model(here.where(sex="f"), "wave", **YES).coefficients
    men = answer_model(here.where(sex="m"), "wave", **YES).coefficients
    by_wave = both.coefficients.value.reshape(2, 2)
    np.testing.assert_allclose(by_wave[0], women.value, atol=1e-8)
    np.testing.assert_allclose(by_wave.sum(axis=0), men.value, atol=1e-8)
    np.testing.assert_allclose(both.coefficients.std_error[:2], women.std_error, rtol=1e-7)
    assert both.test("wave:sex").df1 == 2


@pytest.mark.parametrize("engine", [pytest.param("duckdb", marks=pytest.mark.slow), "polars"])
def test_engines(engine):
    here = panel_of(frames(), DESIGNS["strata, PSUs"])
    fit, known = (
        answer_model(one, "wave * sex + mood", **YES) for one in (on_engine(here, engine), here)
    )
    np.testing.assert_allclose(fit.coefficients.value, known.coefficients.value, atol=1e-10)
    np.testing.assert_allclose(fit.coefficients.std_error, known.coefficients.std_error)
    assert str(fit) == str(known)


def test_the_text():
    fit = answer_model(panel("strata, PSUs"), "wave * sex + mood", without="unsure", **YES)
    assert fit.effects is None
    text = " ".join(str(fit).split())
    assert "Log odds of 'yes' at answer against all other answers, within people." in text
    assert "who were 'yes' at some of them only" in text
    assert "changed between 'yes' and other answers. Only they count" in text
    assert "No coefficient of 'sex' alone" in text
    assert "Left out: 'unsure'." in text
    assert "no known sex or mood" in text
    assert "There are no average marginal effects" in text


def test_a_replicate_without_a_fit_is_said():
    """All who left the state live in one PSU."""
    moved = {name: frame.assign(answer="no") for name, frame in frames(WAVES[:2]).items()}
    first, second = moved.values()
    second.loc[second["psu"] != "c01", "answer"] = "yes"
    first.loc[first["psu"] == "c01", "answer"] = "yes"
    fit = answer_model(panel_of(moved, DESIGNS["JKn"]), "wave", **YES)
    assert "No standard errors: 1 of 24 replicates have no finite fit." in " ".join(
        str(fit).split()
    )
    assert np.isnan(fit.coefficients.std_error).all()


@pytest.mark.parametrize(
    ("error", "arguments", "text"),
    [
        (SelectionError, {"formula": "sex"}, "Nobody who changed differs .* as in 'wave \\* sex'"),
        (SelectionError, {"formula": "wave + sex"}, "between the waves in 'sex'"),
        (SelectionError, {"formula": "1"}, "nothing that differs between the waves"),
        (SelectionError, {"waves": ["w1"]}, "at least 2 different wave"),
        (SelectionError, {"waves": ["w2", "w1"]}, "in the order of fieldwork"),
        (SelectionError, {"state": None}, "kind='within' is about one state"),
        (DesignError, {"formula": "wave:sex"}, "write 'wave \\* gender', not wave:gender"),
    ],
)
def test_what_makes_no_sense_is_refused(error, arguments, text):
    given = {"formula": "wave"} | YES | arguments
    with pytest.raises(error, match=text):
        answer_model(panel("unweighted"), **given)


def test_what_cannot_be_told_apart_is_named():
    same = {name: frame.assign(mood=f"at {name}") for name, frame in frames().items()}
    for frame in same.values():
        frame["mood"] = frame["mood"].map({"at w1": "good", "at w2": "bad", "at w3": "mixed"})
    with pytest.raises(DesignError, match="cannot be told apart: 'mood"):
        answer_model(panel_of(same, DESIGNS["unweighted"]), "wave + mood", **YES)


def test_nobody_changed_or_all_alike():
    """Someone is always for it, and one turns against it."""
    silent = {name: frame.assign(answer="no") for name, frame in frames().items()}
    for frame in silent.values():
        frame.loc[frame["sex"] == "f", "answer"] = "yes"
    still = panel_of(silent, DESIGNS["unweighted"])
    with pytest.raises(DesignError, match="nothing to compare within people"):
        answer_model(still, "wave", **YES)
    last = silent["w3"].index[silent["w3"]["sex"] == "f"][-1]
    silent["w3"].loc[last, "answer"] = "no"
    alike = panel_of(silent, DESIGNS["unweighted"])
    with pytest.raises(DesignError, match="no finite estimate: among those who changed, all"):
        answer_model(alike, "wave", **YES)


def test_waves_that_asked_other_people_are_refused():
    here = op.Panel.from_waves(
        {name: frame.drop(columns="person") for name, frame in frames().items()},
        person=None,
        items={"answer": op.Item("answer", {one: [one] for one in ("yes", "unsure", "no")})},
        groups=["sex"],
        design=op.Design(weight="weight"),
    )
    with pytest.raises(SelectionError, match=r"same people|other people"):
        answer_model(here, "wave", **YES)
