"""The first change in a regression: R's svyglm, survival and change models, gaps, refusals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from many_waves import DESIGNS, GOLDEN, STRATA, WAVES, both, frames, panel, panel_of

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.models.hazards import hazard
from opinionpanel.strategies import panels

LINKS = GOLDEN[GOLDEN["model"].isin(["logit", "cloglog"])]
CASES = list(LINKS.groupby(["design", "model", "formula"], sort=False).groups)


@pytest.mark.parametrize(("design", "link", "formula"), CASES)
def test_every_row_agrees_with_r(design, link, formula):
    fit = hazard(panel(design), formula, item="answer", link=link)
    golden = LINKS.query("design == @design and model == @link and formula == @formula")
    for quantity, estimates in (("coefficient", fit.coefficients), ("effect", fit.effects)):
        found = both(golden, estimates, quantity)
        np.testing.assert_allclose(found["ours"], found["estimate"], rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(found["error"], found["std_error"], rtol=1e-8)


def test_the_golden_file_is_whole():
    assert len(CASES) == len(DESIGNS) * 4


def test_people_count_once_and_their_intervals_are_told():
    fit = hazard(panel("people"), "1", item="answer")
    answers = pd.concat(
        [frame.set_index("person")["answer"] for frame in frames().values()], axis=1
    ).to_numpy()
    weights = pd.concat(
        [frame.set_index("person")["weight"] for frame in frames().values()], axis=1
    ).to_numpy()
    at_risk, changes, gone, gaps = 0, 0, 0, 0
    people = set()
    for number, (said, weight) in enumerate(zip(answers, weights, strict=True)):
        known = np.flatnonzero(pd.notna(said))
        for t in range(known[0] + 1, 4) if len(known) else []:
            if pd.isna(said[t]):
                if weight[t - 1] > 0:
                    gone, gaps = gone + (known[-1] < t), gaps + (known[-1] > t)
                break
            if weight[t] > 0:
                at_risk, changes = at_risk + 1, changes + (said[t] != said[t - 1])
                people.add(number)
            if said[t] != said[t - 1]:
                break
    assert set(fit.coefficients.n) == {len(people)}
    assert set(fit.coefficients.df) == {len(people) - 1}
    text = " ".join(str(fit).split())
    assert f"{at_risk} intervals, in {changes} of which the answer changed." in text
    assert f"{gone} people who dropped out and {gaps} people who missed a wave" in text
    assert "joined after w1." in text
    assert fit.effects is None


@settings(max_examples=8)
@given(panels(waves=(2, 2), states=(2, 3), people=(30, 80)))
def test_over_one_interval_it_is_the_change_model(drawn):
    """With the origin in it, under every design."""
    try:
        known = op.change_model(drawn, "1", item="opinion", outcome="changed")
    except DesignError:
        assume(False)
    ours = hazard(drawn, "origin", item="opinion")
    np.testing.assert_allclose(ours.coefficients.value, known.coefficients.value, atol=1e-9)
    np.testing.assert_allclose(
        ours.coefficients.covariance, known.coefficients.covariance, atol=1e-9
    )
    assert ours.loglik == pytest.approx(known.loglik)
    np.testing.assert_array_equal(ours.coefficients.n, known.coefficients.n)
    np.testing.assert_array_equal(ours.coefficients.df, known.coefficients.df)


@pytest.mark.parametrize("design", ["people", "strata, PSUs; raked"])
@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_a_model_of_intervals_multiplies_up_to_survival(design, link):
    """Among those who were there from the start; under replicates steps differ in size."""
    first = frames()["w1"]
    there = set(first.loc[first["answer"].notna(), "person"])
    waves = {name: frame[frame["person"].isin(there)] for name, frame in frames().items()}
    here = panel_of(waves, DESIGNS[design])
    if design.endswith("raked"):
        here = op.rake(here, {"sex": {"f": 0.5, "m": 0.5}})
    fit = hazard(here, "1", item="answer", link=link)

    def survival(values):
        at = values + np.r_[0, np.full(len(values) - 1, values[0])]
        return np.cumprod(1 / (1 + np.exp(at)) if link == "logit" else np.exp(-np.exp(at)))

    ours = fit.coefficients.derive(survival, {"wave": WAVES[1:]})
    known = op.unchanged(here, "answer").select(wave=WAVES[1:])
    np.testing.assert_allclose(ours.value, known.value, atol=1e-10)
    np.testing.assert_allclose(ours.covariance, known.covariance, atol=1e-10)


def test_the_test_of_a_term_and_its_text():
    fit = hazard(panel("strata, PSUs"), "sex + age", item="answer", link="cloglog")
    test = fit.test("age")
    assert test.name == "Coefficients of age, w1 → w2 → w3 → w4"
    assert fit.terms["interval"] == ("interval[T.w2 → w3]", "interval[T.w3 → w4]")
    text = " ".join(str(fit).split())
    assert "Log rate of a first change of answer, in intervals between waves" in text
    assert "Average marginal effects on a first change of answer" in text
    assert "with an interval and no known sex or age" in text
    assert "a change that was taken back between two waves is not seen" in text
    with pytest.raises(SelectionError, match="Unknown term 'ages'"):
        fit.test("ages")


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"link": "probit"}, SelectionError, "Unknown link 'probit'"),
        ({"item": "answers"}, SelectionError, "answers"),
        ({"waves": ["w2", "w1"]}, SelectionError, "in the order of fieldwork"),
        ({"formula": "wave"}, SelectionError, "Unknown variable in the formula: 'wave'"),
        ({"formula": "sex - 1"}, SelectionError, "The intercept and the interval are always in it"),
        ({"formula": "exp(sex)"}, SelectionError, "and interval and origin, joined by"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, error, text):
    given = {"formula": "sex", "item": "answer"} | arguments
    with pytest.raises(error, match=text):
        hazard(panel("people"), **given)


def test_nobody_seen_twice_and_nobody_who_changed():
    waves = frames()
    # Every other wave, the odd ones and the even ones.
    apart = {}
    for place, (name, frame) in enumerate(waves.items()):
        silent = frame["person"].str[1:].astype(int) % 2 == place % 2
        apart[name] = frame.assign(answer=frame["answer"].mask(silent))
    with pytest.raises(SelectionError, match="no first change can be seen"):
        hazard(panel_of(apart, STRATA), "sex", item="answer")
    same = {name: frame.assign(answer="a") for name, frame in waves.items()}
    with pytest.raises(DesignError, match="answers in the base have a single outcome"):
        hazard(panel_of(same, STRATA), "sex", item="answer")
    late = {
        name: frame.assign(
            answer=np.where(frame["person"].str[1:].astype(int) % 2, "a", frame["answer"])
        ).dropna(subset=["answer"])
        for name, frame in waves.items()
    }
    odd = {name: frame.assign(region=frame["person"].str[-1]) for name, frame in late.items()}
    with pytest.raises(DesignError, match=r"with region '1' has the outcome 'changed'"):
        hazard(panel_of(odd, None), "region", item="answer")
