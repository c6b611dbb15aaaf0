"""Tests of drop-out and refreshment: R's survey, second formulas, identities, refusals."""

import numpy as np
import pandas as pd
import pytest
from dropout_panels import KINDS, attitudes, golden, golden_panel, people_who_leave, two_waves
from hypothesis import given, settings
from scipy import stats

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.hypotheses.association import independence
from opinionpanel.hypotheses.dropout_tests import attrition_test, refreshment_test
from opinionpanel.measures.dropout import attrition, fresh_and_staying
from opinionpanel.strategies import panels

few = settings(max_examples=15)


@pytest.mark.parametrize("kind", KINDS)
def test_r_survey_tests(kind):
    panel = golden_panel(kind)
    for row in golden(kind, "test").itertuples():
        test = (attrition_test if row.label == "attrition" else refreshment_test)(panel, "x")
        assert test.statistic == pytest.approx(row.estimate, rel=1e-8)
        assert test.df1 == pytest.approx(row.std_error, rel=1e-8)
        assert test.df2 == pytest.approx(row.std_error * row.df, rel=1e-8)
        assert test.pvalue == pytest.approx(stats.f.sf(test.statistic, test.df1, test.df2))


@pytest.mark.parametrize("psu", [None, "psu"])
def test_one_pair_is_independence_of_state_and_being_lost(psu):
    frame, design = people_who_leave(), op.Design(weight="w", psu=psu)
    item = op.Item("answer", {state: [state] for state in "abc"})
    single = op.Panel.from_waves(
        {"w1": frame}, person="person", items={"x": item}, groups=["lost"], design=design
    )
    ours, other = (
        attrition_test(two_waves(frame, design), "x"),
        independence(single, "x", by="lost"),
    )
    for name in ("statistic", "df1", "df2", "pvalue", "wald", "wald_df", "textbook"):
        assert getattr(ours, name) == pytest.approx(getattr(other, name), rel=1e-9)
    table = pd.crosstab(frame["answer"], frame["lost"])
    assert ours.textbook == pytest.approx(stats.chi2_contingency(table).statistic)
    assert ours.textbook_df == 2


def test_with_groups_every_cell_counts():
    frame = people_who_leave()
    test = attrition_test(two_waves(frame, op.Design(weight="w")), "x", by="sex")
    table = pd.crosstab([frame["answer"], frame["sex"]], frame["lost"])
    assert test.textbook == pytest.approx(stats.chi2_contingency(table).statistic)
    assert test.textbook_df == 5
    assert "drop-out between states of x or categories of sex (one joint test)" in test.note


def test_several_pairs_by_person():
    """Two pairs at once, from the scores of people and contrasts of another kind."""
    panel = three_waves()
    test = attrition_test(panel, "x")
    people = panel.present.shape[1]
    scores, basis, inverse, pearson = [], [], [], 0.0
    for place in range(2):
        weight = panel.weight(panel.waves[place]).values * panel.present[place]
        gone, state = ~panel.present[place + 1], panel.answers["x"][place]
        cells = np.stack([(state == s) & (gone == g) for s in range(3) for g in (0, 1)], axis=1)
        share = weight @ cells / weight.sum()
        scores.append(weight[:, None] * (cells - share) / weight.sum())
        n = (weight > 0).sum()
        # Every state against the last, of those lost against those who were not.
        helmert = np.array([[1, -1, 0, 0, -1, 1], [0, 0, 1, -1, -1, 1]]).T
        basis.append(helmert)
        inverse.append(n / share)
        table = share.reshape(3, 2)
        expected = np.outer(table.sum(axis=1), table.sum(axis=0))
        pearson += n * ((table - expected) ** 2 / expected).sum()
    scores = np.hstack(scores)
    deviations = scores - scores.mean(axis=0)
    covariance = people / (people - 1) * deviations.T @ deviations
    contrasts = np.zeros((12, 4))
    contrasts[:6, :2], contrasts[6:, 2:] = basis
    scaled = np.concatenate(inverse)[:, None] * contrasts
    delta = np.linalg.solve(contrasts.T @ scaled, scaled.T @ covariance @ scaled)
    assert test.statistic == pytest.approx(pearson / np.trace(delta), rel=1e-9)
    assert test.df1 == pytest.approx(np.trace(delta) ** 2 / np.trace(delta @ delta), rel=1e-9)
    assert test.textbook is None
    assert test.wald_df == 4


def three_waves():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"person": range(300), "w": rng.lognormal(size=300)})
    waves = {}
    left = np.ones(300, dtype=bool)
    for wave in ("w1", "w2", "w3"):
        answer = rng.choice(list("abc"), 300)
        waves[wave] = frame.assign(answer=answer)[left]
        left &= rng.random(300) < np.where(answer == "a", 0.7, 0.85)
    item = op.Item("answer", {state: [state] for state in "abc"})
    design = op.Design(weight="w")
    return op.Panel.from_waves(waves, person="person", items={"x": item}, design=design)


def test_a_state_all_of_which_was_lost_does_no_harm():
    """Three people without an answer, all lost: no share of them is taken for certain."""
    frame = people_who_leave()
    frame["answer"] = frame["answer"].astype(object)
    frame.loc[[0, 1, 2], ["answer", "lost"]] = [None, "yes"]
    panel = two_waves(frame, op.Design(weight="w"))
    test = attrition_test(panel, "x")
    table = pd.crosstab(frame["answer"].fillna("none"), frame["lost"])
    assert test.textbook == pytest.approx(stats.chi2_contingency(table).statistic)
    lost = attrition(panel, "x")
    gap = lost.difference("state", "no answer", minus="a")
    # The standard error of their share is 0: a Wald test divides the gap by that of "a" alone.
    assert (gap.value / gap.std_error)[0] > 10
    assert test.wald < 2 * test.textbook


@few
@given(panels(waves=(2, 3), people=(20, 40)))
def test_the_note_claims_no_more_than_the_test_shows(panel):
    try:
        test = attrition_test(panel, "opinion")
    except DesignError:
        return
    assert 0 <= test.pvalue <= 1
    assert ("by more than chance" in test.note) == (test.pvalue < 0.05)
    assert ("does not show that there is none" in test.note) == (test.pvalue >= 0.05)
    assert "no test can tell" in test.note


def test_nothing_to_test():
    complete = op.datasets.load("thomas_1991_3")
    with pytest.raises(DesignError, match="Nobody with a weight was lost"):
        attrition_test(complete, "opinion")
    lost = attrition(complete, "opinion")
    assert (lost.value == 0).all()


def test_what_is_left_out_is_named():
    test = attrition_test(attitudes(), "support", by="age_group")
    assert "Left out, nothing to compare: 'Nov 2024, Mar 2025, 45–59, no answer'." in test.note


def test_a_group_that_nobody_has_is_left_out_as_a_whole():
    frame = people_who_leave()
    frame["sex"] = pd.Categorical(frame["sex"], ["m", "f", "x"])
    panel = two_waves(frame, op.Design(weight="w"))
    test = attrition_test(panel, "x", by="sex")
    assert test.note.endswith("Left out, nothing to compare: 'w1, w2, x'.")


# ---- refreshment -------------------------------------------------------------------------------


def test_refreshment_with_calibrated_weights():
    """Everyone's gender is calibrated; what differs between the sides still varies."""
    panel = op.poststratify(attitudes(), {"gender": {"man": 0.45, "woman": 0.55}})
    test = refreshment_test(panel, "support", wave="Jul 2025")
    plain = refreshment_test(attitudes(), "support", wave="Jul 2025")
    assert test.pvalue == pytest.approx(plain.pvalue, abs=0.1)
    assert "calibrated" not in test.note
    assert "post-stratified to gender" in test.base.replace("\n", " ")


def test_a_difference_is_not_explained():
    test = refreshment_test(golden_panel("people"), "x")
    assert test.pvalue < 0.05
    assert "or of another way of recruitment; this test cannot tell which" in test.note
    same = refreshment_test(attitudes(), "support", wave="Jul 2025")
    n = fresh_and_staying(attitudes(), "support", wave="Jul 2025").n
    assert f"({n[0]:,.0f} fresh, {n[-1]:,.0f} staying)" in same.base.replace("\n", " ")
    assert same.note.endswith("does not show that there is none.")


@pytest.mark.parametrize(("fresh", "message"), [(1, "1 fresh and 200"), (9, "9 fresh and 200")])
def test_too_few_people_on_a_side(fresh, message):
    frame = people_who_leave()
    new = frame.iloc[:fresh].assign(person=1000 + np.arange(fresh))
    item = op.Item("answer", {state: [state] for state in "abc"})
    waves = {"w1": frame, "w2": pd.concat([frame, new])}
    panel = op.Panel.from_waves(waves, person="person", items={"x": item}, groups=["sex"])
    for by in (None, "sex"):
        with pytest.raises(DesignError, match=message):
            refreshment_test(panel, "x", by=by)
    assert fresh_and_staying(panel, "x").n[0] == fresh


def test_which_wave():
    panel = attitudes()
    with pytest.raises(SelectionError, match="Say at which wave"):
        refreshment_test(panel, "support")
    with pytest.raises(SelectionError, match="'Nov 2024', 'Mar 2025', 'Jul 2025'"):
        refreshment_test(panel, "support", wave="Jul 2024")
    with pytest.raises(SelectionError, match="wave"):
        refreshment_test(panel, "support", wave="Jul")
    with pytest.raises(SelectionError, match="Waves that have both: none"):
        refreshment_test(op.datasets.load("thomas_1991_3"), "opinion")


def test_the_joint_test_of_groups_in_a_title():
    test = refreshment_test(attitudes(), "support", wave="Jul 2025", by="gender")
    assert test.wald_df == 4
    assert test.name == "Fresh against staying people, support at Jul 2025, by gender"
