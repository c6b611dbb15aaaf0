"""Regression of change: R's svyglm and a second fit, identities with transitions, refusals."""

import re
from functools import cache

import numpy as np
import pandas as pd
import pytest
from change_people import STRATA, panel, panel_of, people
from hypothesis import assume, given, settings
from places import GOLDEN_FILES

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.estimates.about import PAIR
from opinionpanel.measures.tabulation import pair_totals
from opinionpanel.models.regression_of_change import change_model
from opinionpanel.strategies import panels

GOLDEN = pd.read_csv(GOLDEN_FILES / "change_model_golden.csv", keep_default_na=False)
CASES = list(GOLDEN.groupby(["design", "model", "formula"], sort=False).groups)
DESIGNS = list(dict.fromkeys(GOLDEN["design"]))


@cache
def fitted(design, model, formula):
    return change_model(panel(design), formula, item="answer", outcome=model)


def in_r(column):
    """Name a coefficient as R does."""
    return re.sub(r"\[T\.(.*?)\]", r"\1", column).replace("Intercept", "(Intercept)")


# ---- R -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("design", "model", "formula"), CASES)
def test_every_row_agrees_with_r(design, model, formula):
    fit = fitted(design, model, formula)
    coefficients = fit.coefficients.labels["term"].map(in_r)
    effects = fit.effects.labels
    ours = pd.concat(
        [
            pd.DataFrame(
                {
                    "quantity": "coefficient",
                    "term": coefficients,
                    "outcome": fit.coefficients.labels["outcome"],
                    "ours": fit.coefficients.value,
                    "error": fit.coefficients.std_error,
                }
            ),
            pd.DataFrame(
                {
                    "quantity": "effect",
                    "term": effects["term"] + ";" + effects["category"],
                    "outcome": effects["outcome"],
                    "ours": fit.effects.value,
                    "error": fit.effects.std_error,
                }
            ),
            pd.DataFrame({"quantity": ["loglik"], "term": "", "outcome": "", "ours": fit.loglik}),
            pd.DataFrame(
                [
                    ("wald", term, "", fit.coefficients.select(term=names).test().wald)
                    for term, names in fit.terms.items()
                ],
                columns=["quantity", "term", "outcome", "ours"],
            ),
        ]
    )
    golden = GOLDEN.query("design == @design and model == @model and formula == @formula")
    both = golden.merge(ours, on=["quantity", "term", "outcome"], how="outer", indicator=True)
    assert (both["_merge"] == "both").all()
    # Central differences of the effects, and svyglm's IRLS, are exact to some nine digits.
    np.testing.assert_allclose(both["ours"], both["estimate"], rtol=1e-8, atol=1e-9)
    errors = pd.to_numeric(both["std_error"])
    np.testing.assert_allclose(both["error"], errors, rtol=1e-8)


def test_the_golden_file_is_whole():
    assert len(CASES) == 7 * 4
    assert not GOLDEN.duplicated(
        ["design", "model", "formula", "quantity", "term", "outcome"]
    ).any()
    assert set(GOLDEN["quantity"]) == {"coefficient", "effect", "loglik", "wald"}


@pytest.mark.parametrize("design", DESIGNS)
def test_degrees_of_freedom_and_base(design):
    frame = people()
    base = (frame["weight2"] > 0) & frame[["age", "answer1", "answer2"]].notna().all(axis=1)
    fit = fitted(design, "destination", "sex + age")
    assert set(fit.coefficients.n) == set(fit.effects.n) == {base.sum()}
    df = {"people": base.sum() - 1, "strata, people, fpc": base.sum() - 6, "JKn": 23 - 1 + 1 - 5}
    assert set(fit.coefficients.df) == {df.get(design.removesuffix(", mse"), 24 - 6)}


# ---- transitions ---------------------------------------------------------------------------------


def from_coefficients(fit):
    """Probabilities of the saturated model by sex and origin, from its coefficients."""
    columns = fit.coefficients.labels["term"].drop_duplicates().tolist()
    patterns = pd.DataFrame([(sex, origin) for sex in "fm" for origin in "abc"])

    def row(sex, origin):
        here = {"Intercept", f"origin[T.{origin}]", f"sex[T.{sex}]"}
        here.add(f"origin[T.{origin}]:sex[T.{sex}]")
        return [float(name in here) for name in columns]

    design = np.array([row(*pattern) for pattern in patterns.to_numpy()])

    def shares(values):
        odds = np.exp(design @ values.reshape(len(columns), -1))
        odds = np.hstack([np.ones((len(odds), 1)), odds])
        return (odds / odds.sum(axis=1, keepdims=True)).ravel()

    return fit.coefficients.derive(shares, {"cell": range(18)})


@pytest.mark.parametrize("design", DESIGNS)
def test_the_saturated_model_is_the_transition_matrix(design):
    fit = fitted(design, "destination", "origin * sex")
    derived = from_coefficients(fit)
    known = op.transitions(panel(design), "answer", by="sex")
    # The age of some is unknown, but it is not in this formula.
    np.testing.assert_allclose(derived.value, known.value, rtol=1e-8)
    np.testing.assert_allclose(derived.covariance, known.covariance, atol=1e-9)


@pytest.mark.parametrize("design", DESIGNS)
def test_effects_of_the_saturated_model_are_those_of_the_flows(design):
    """Transitions of men less those of women, averaged by everybody's origin."""
    totals, about, _ = pair_totals(panel(design), "answer", None, "sex", "answered", "", "")
    joint = totals.shares(list(PAIR), about)

    def effects(values):
        flows = values.reshape(2, 3, 3)
        rows = flows / flows.sum(axis=2, keepdims=True)
        return flows.sum(axis=(0, 2)) @ (rows[1] - rows[0])

    known = joint.derive(effects, {"outcome": list("abc")})
    ours = fitted(design, "destination", "origin * sex").effects
    np.testing.assert_allclose(ours.value, known.value, atol=1e-10)
    np.testing.assert_allclose(ours.covariance, known.covariance, atol=1e-10)


@settings(max_examples=8)
@given(panels(waves=(2, 2), states=(2, 3), people=(30, 80)))
def test_having_changed_given_the_origin_is_the_diagonal(drawn):
    """Under every design, with zero, missing and longitudinal weights."""
    try:
        fit = change_model(drawn, "1", item="opinion", outcome="changed")
    except DesignError:
        assume(False)
    moves = op.transitions(drawn, "opinion")
    rows = moves.labels["origin"] == moves.labels["destination"]
    stay = moves.contrast(
        np.eye(len(moves))[rows & (moves.n > 0)], {"cell": range(len(fit.coefficients))}
    )

    def shares(values):
        odds = values + np.r_[0, np.full(len(values) - 1, values[0])]
        return 1 / (1 + np.exp(odds))

    ours = fit.coefficients.derive(shares, {"cell": range(len(fit.coefficients))})
    np.testing.assert_allclose(ours.value, stay.value, atol=1e-9)
    if np.isfinite(ours.covariance).all():
        np.testing.assert_allclose(ours.covariance, stay.covariance, atol=1e-9)


def test_effects_add_up_to_nothing_over_the_states():
    effects = fitted("strata, PSUs", "destination", "sex + age").effects
    for _, part in effects.labels.groupby("category"):
        inside = np.ix_(part.index, part.index)
        assert effects.value[part.index].sum() == pytest.approx(0, abs=1e-12)
        np.testing.assert_allclose(effects.covariance[inside].sum(axis=0), 0, atol=1e-14)


# ---- weights and references ----------------------------------------------------------------------


def test_the_scale_of_the_weights_does_not_matter():
    frame = people()
    scaled = panel_of(frame.assign(weight2=frame["weight2"] * 1000), STRATA)
    ours = change_model(scaled, "sex + age", item="answer")
    known = fitted("strata, PSUs", "destination", "sex + age")
    assert ours.loglik == pytest.approx(known.loglik)
    np.testing.assert_allclose(ours.working, known.working, rtol=1e-6)
    for one, other in ((ours.coefficients, known.coefficients), (ours.effects, known.effects)):
        np.testing.assert_allclose(one.value, other.value, atol=1e-9)
        np.testing.assert_allclose(one.covariance, other.covariance, atol=1e-10)
    assert ours.test("age").statistic == pytest.approx(known.test("age").statistic)


def test_integer_weights_are_copies_that_keep_their_psu():
    frame = people().assign(weight1=1.0)
    frame["weight2"] = np.arange(len(frame)) % 3
    copies = frame.loc[frame.index.repeat(np.maximum(frame["weight2"], 1))].reset_index(drop=True)
    copies["person"] = copies.index.astype(str)
    copies["weight2"] = np.minimum(copies["weight2"], 1)
    ours, known = (
        change_model(panel_of(each, STRATA), "sex + age", item="answer") for each in (frame, copies)
    )
    np.testing.assert_allclose(ours.coefficients.value, known.coefficients.value, atol=1e-9)
    np.testing.assert_allclose(ours.effects.covariance, known.effects.covariance, atol=1e-10)


def test_another_reference_changes_coefficients_only():
    frame = people()
    frame["sex"] = pd.Categorical(frame["sex"], ["m", "f"])
    turned = panel_of(frame, STRATA, {state: [state] for state in "cab"})
    ours = change_model(turned, "sex + age", item="answer")
    known = fitted("strata, PSUs", "destination", "sex + age")
    assert ours.loglik == pytest.approx(known.loglik)
    for outcome in "abc":
        for category in ("35-54", "55+"):
            one, other = (
                fit.effects.select(category=category, outcome=outcome) for fit in (ours, known)
            )
            assert one.value[0] == pytest.approx(other.value[0], abs=1e-10)
            assert one.std_error[0] == pytest.approx(other.std_error[0])
        men, women = (fit.effects.select(term="sex", outcome=outcome) for fit in (known, ours))
        assert women.value[0] == pytest.approx(-men.value[0], abs=1e-10)
        assert women.std_error[0] == pytest.approx(men.std_error[0])
    for term in ("origin", "sex", "age"):
        one, other = (fit.test(term) for fit in (ours, known))
        assert one.statistic == pytest.approx(other.statistic)
        assert (one.df1, one.df2) == pytest.approx((other.df1, other.df2))


def test_a_reference_named_in_the_formula():
    age = "C(age, contr.treatment('55+'))"
    formula = f"{age} + sex"
    ours = change_model(panel("strata, PSUs"), formula, item="answer")
    known = fitted("strata, PSUs", "destination", "sex + age")
    gap = known.coefficients.select(term=["age[T.55+]"]).value
    np.testing.assert_allclose(
        ours.coefficients.select(term=f"{age}[T.18-34]").value, -gap, atol=1e-9
    )
    labels = ["term", "category", "outcome"]
    one, other = (
        fit.effects.to_frame().set_index(labels).sort_index()[["estimate", "std_error"]]
        for fit in (ours, known)
    )
    pd.testing.assert_frame_equal(one, other, rtol=1e-7)


# ---- results -------------------------------------------------------------------------------------


def test_the_tests_of_terms():
    fit = fitted("people", "destination", "sex + age")
    test = fit.test("age")
    assert (test.df1, test.form) == (4.0, "Wald")
    assert test.name == "Coefficients of age, w1 → w2"
    assert test.note.startswith("No detectable difference by age") == (test.pvalue >= 0.05)
    assert test.statistic == pytest.approx(
        fit.coefficients.select(term=fit.terms["age"]).test().statistic
    )
    assert fit.test("origin").note.startswith("Given the rest of the formula, the outcome differs")
    with pytest.raises(SelectionError, match=r"Unknown term 'ages'\. Did you mean 'age'"):
        fit.test("ages")


def test_few_degrees_of_freedom_take_rao_and_scotts_form():
    fit = fitted("strata, PSUs", "destination", "sex + age")
    test = fit.test("age")
    assert test.form == "Rao–Scott, second order"


def test_the_working_covariance_is_that_of_people_drawn_one_by_one():
    import statsmodels.api as sm

    frame = people().dropna(subset=["answer1", "answer2", "age"])
    fit = change_model(panel_of(frame, None), "sex + age", item="answer")
    design = pd.get_dummies(frame[["answer1", "sex", "age"]], drop_first=True, dtype=float)
    known = sm.MNLogit(frame["answer2"], sm.add_constant(design)).fit(disp=0, tol=1e-12)
    # Ours go through the outcomes of each term, theirs through the terms of each outcome.
    order = np.arange(12).reshape(2, 6).T.ravel()
    np.testing.assert_allclose(fit.coefficients.value, known.params.to_numpy().ravel(), atol=1e-9)
    np.testing.assert_allclose(
        fit.working, known.cov_params().to_numpy()[np.ix_(order, order)], atol=1e-9
    )
    assert fit.loglik == pytest.approx(known.llf)


def test_the_text():
    text = str(fitted("strata, PSUs", "destination", "sex + age"))
    assert "Log odds of the destination of answer against 'a', given the origin, w1 → w2" in text
    assert "Average marginal effects on the destination of answer, given the origin" in text
    assert "against 18-34" in text
    assert text.count("Weight: weight2 (at w2, the later wave).") == 1
    assert "Formula: sex + age; n = " in text
    assert "associations given the origin, not causes of change" in " ".join(text.split())
    assert "a group that answers less reliably moves more" in " ".join(text.split())
    lost = re.search(r"Left out: (\d+) people with both answers and no known sex or age\.", text)
    frame = people()
    base = (frame["weight2"] > 0) & frame[["answer1", "answer2"]].notna().all(axis=1)
    assert int(lost[1]) == (base & frame["age"].isna()).sum()
    text = str(fitted("strata, PSUs", "changed", "sex + age"))
    assert "Log odds of a change of answer, given the origin" in text


def test_without_groups_there_are_no_effects():
    fit = change_model(panel("people"), "1", item="answer")
    assert fit.effects is None
    assert "Average" not in str(fit)
    assert "Base: " in str(fit)


def test_a_domain_keeps_the_design():
    whole = panel("strata, PSUs")
    fit = change_model(whole.where(region="south"), "sex", item="answer")
    north = whole.answers["answer"][:, whole.group("region").codes == 0]
    assert fit.coefficients.n[0] < (north >= 0).all(axis=0).sum() + 300
    assert "region" in fit.coefficients.about.base
    # A region of its own in every term is the same regression.
    both = change_model(whole, "sex * region + origin:region", item="answer")
    ours = fit.coefficients.select(term="sex[T.m]")
    matrix = np.zeros((2, len(both.coefficients)))
    terms = both.coefficients.labels["term"].tolist()
    for outcome in (0, 1):
        for name in ("sex[T.m]", "sex[T.m]:region[T.south]"):
            matrix[outcome, terms.index(name) + outcome] = 1
    known = both.coefficients.contrast(matrix, {"outcome": ["b", "c"]})
    np.testing.assert_allclose(ours.value, known.value, atol=1e-8)
    np.testing.assert_allclose(ours.covariance, known.covariance, atol=1e-8)


def test_categories_and_states_that_nobody_has_are_named():
    frame = people()
    frame = frame[(frame["answer2"] != "c") & (frame["age"] != "55+")]
    frame.loc[frame.index[:3], ["age", "answer1"]] = ["55+", np.nan]
    fit = change_model(panel_of(frame, None), "age", item="answer")
    assert set(fit.effects.labels["outcome"]) == {"a", "b"}
    assert set(fit.effects.labels["category"]) == {"35-54"}
    assert "Left out, nobody there: 'age 55+', 'outcome c'." in " ".join(str(fit).split())


def test_a_replicate_without_an_estimate_leaves_no_standard_error():
    frame = people()
    # The only women who go from b to c live in one PSU.
    moved = (frame["sex"] == "f") & (frame["answer1"] == "b") & (frame["answer2"] == "c")
    one = frame.index[moved & (frame["psu"] == frame.loc[moved, "psu"].iloc[0])]
    frame = frame.drop(index=frame.index[moved].difference(one))
    design = STRATA.as_replicates("jkn")
    fit = change_model(panel_of(frame, design), "origin * sex", item="answer")
    assert np.isfinite(fit.coefficients.value).all()
    assert np.isnan(fit.coefficients.std_error).all()
    assert "No standard errors: 1 of 24 replicates have no finite fit." in str(fit)
    with pytest.raises(DesignError, match="No standard error"):
        fit.test("sex")


# ---- refusals ------------------------------------------------------------------------------------


def test_unknown_outcomes_and_more_than_two_waves():
    with pytest.raises(SelectionError, match="Unknown outcome 'up'"):
        change_model(panel("people"), "sex", item="answer", outcome="up")
    panel4 = op.datasets.load("attitudes_2024").panel
    with pytest.raises(SelectionError, match=r"two waves, not 4: name them, for example waves="):
        change_model(panel4, "gender", item="support")
    with pytest.raises(SelectionError, match="Unknown wave 'May'"):
        change_model(panel4, "gender", item="support", waves=["Jul 2024", "May"])


def test_nobody_to_compare():
    frame = people()
    same = frame.assign(answer2=frame["answer1"])
    with pytest.raises(DesignError, match="a single outcome, 'stayed': nothing to compare"):
        change_model(panel_of(same, None), "sex", item="answer", outcome="changed")
    men = panel("people").where(sex="m")
    with pytest.raises(DesignError, match="a single category of 'sex', 'm'"):
        change_model(men, "sex", item="answer")
    silent = frame.assign(answer2=frame["answer2"].where(frame["answer1"].isna()))
    with pytest.raises(DesignError, match="have no category of 'origin'"):
        change_model(panel_of(silent, None), "sex", item="answer")
