"""Drop-out and refreshment: R's survey, second formulas, identities, refusals."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from scipy import stats
from test_bounds import GOLDEN, golden_panel

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.hypotheses.association import independence
from opinionpanel.hypotheses.dropout_tests import attrition_test, refreshment_test
from opinionpanel.measures.dropout import (
    attrition,
    fresh_and_staying,
)
from opinionpanel.strategies import panels

few = settings(max_examples=15)
KINDS = ["people", "clustered", "jkn"]


def golden(kind, *measures):
    rows = pd.read_csv(GOLDEN / "attrition_golden.csv")
    return rows[(rows["design"] == kind) & rows["measure"].isin(measures)]


def attitudes():
    return op.datasets.load("attitudes_2024").panel


# ---- the table of drop-out ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_r_survey_attrition(kind):
    rows, lost = golden(kind, "attrition"), attrition(golden_panel(kind), "x")
    assert lost.labels["state"].tolist() == rows["label"].tolist()
    np.testing.assert_allclose(lost.value, rows["estimate"], rtol=1e-10)
    np.testing.assert_allclose(lost.std_error, rows["std_error"], rtol=1e-8)
    np.testing.assert_array_equal(lost.df, rows["df"])
    (gap,) = golden(kind, "difference").itertuples()
    ours = lost.difference("state", "b", minus="a")
    np.testing.assert_allclose(ours.value, gap.estimate, rtol=1e-10)
    np.testing.assert_allclose(ours.std_error, gap.std_error, rtol=1e-8)


@few
@given(panels())
def test_attrition_is_the_transition_to_not_interviewed(panel):
    """Those of base="panel" over the first two waves: the same values, covariance, df and n."""
    pair = list(panel.waves[:2])
    lost = attrition(panel, "opinion", waves=pair, by="gender").select(
        state=list(panel.items["opinion"].state_names)
    )
    moves = op.transitions(panel, "opinion", waves=pair, base="panel", by="gender").select(
        origin=list(panel.items["opinion"].state_names), destination="not interviewed"
    )
    np.testing.assert_allclose(lost.value, moves.value, atol=1e-12)
    np.testing.assert_allclose(lost.covariance, moves.covariance, atol=1e-12)
    np.testing.assert_array_equal(lost.df, moves.df)
    np.testing.assert_array_equal(lost.n, moves.n)
    np.testing.assert_array_equal(lost.n_cell, moves.n_cell)


@few
@given(panels())
def test_all_is_counted_by_hand(panel):
    lost = attrition(panel, "opinion").select(state="all")
    for place, first in enumerate(panel.waves[:-1]):
        weight = panel.weight(first).values * panel.present[place]
        gone = ~panel.present[place + 1]
        assert lost.value[place] == pytest.approx(weight @ gone / weight.sum())
        assert lost.n[place] == (weight > 0).sum()
        assert lost.n_cell[place] == ((weight > 0) & gone).sum()


def test_every_state_stands_in_every_table():
    """No answer too, where a wave has it; "all" comes last."""
    lost = attrition(attitudes(), "support", by="gender")
    tables = lost.labels.groupby(["from_wave", "gender"], sort=False)["state"].agg(list)
    assert all(table == ["approve", "unsure", "oppose", "no answer", "all"] for table in tables)
    assert "Base: everyone interviewed at the earlier wave; n" in str(lost)
    first = attrition(attitudes(), "support", waves=["Jul 2024", "Jul 2025"]).select(state="all")
    assert first.n[0] == 1500


def test_states_that_the_table_needs():
    people = pd.DataFrame({"1": ["all", "b"] * 3, "2": ["all", "b"] * 3})
    item = op.Item({"1": "1", "2": "2"}, {"all": ["all"], "b": ["b"]})
    panel = op.Panel.from_wide(people, items={"x": item})
    with pytest.raises(SelectionError, match="Rename them"):
        attrition(panel, "x")


# ---- the test of drop-out ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_r_survey_tests(kind):
    panel = golden_panel(kind)
    for row in golden(kind, "test").itertuples():
        test = (attrition_test if row.label == "attrition" else refreshment_test)(panel, "x")
        assert test.statistic == pytest.approx(row.estimate, rel=1e-8)
        assert test.df1 == pytest.approx(row.std_error, rel=1e-8)
        assert test.df2 == pytest.approx(row.std_error * row.df, rel=1e-8)
        assert test.pvalue == pytest.approx(stats.f.sf(test.statistic, test.df1, test.df2))


def people_who_leave():
    """200 people from arithmetic, with whether they were lost."""
    i = np.arange(200)
    frame = pd.DataFrame({"person": i, "psu": i % 20, "w": 1 + (i % 7) / 3})
    frame["answer"] = np.array(list("abc"))[(i * i + i // 13) % 3]
    frame["sex"] = np.array(["m", "f"])[(i // 3) % 2]
    frame["lost"] = np.where(
        (i * 7 + i // 11) % (3 + 2 * (frame["answer"] == "a")) == 0, "yes", "no"
    )
    return frame


def two_waves(frame, design):
    waves = {"w1": frame, "w2": frame[frame["lost"] == "no"]}
    item = op.Item("answer", {state: [state] for state in "abc"})
    return op.Panel.from_waves(
        waves, person="person", items={"x": item}, groups=["sex"], design=design
    )


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
    sex = panel.group("sex")
    panel = replace(panel, groups={"sex": replace(sex, categories=(*sex.categories, "other"))})
    test = attrition_test(panel, "x", by="sex")
    assert test.note.endswith("Left out, nothing to compare: 'w1, w2, other'.")


# ---- refreshment -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_r_survey_refreshment(kind):
    rows = golden(kind, "refreshment")
    gaps = fresh_and_staying(golden_panel(kind), "x").difference("side", "fresh", minus="staying")
    assert gaps.labels["state"].tolist() == rows["label"].tolist()
    np.testing.assert_allclose(gaps.value, rows["estimate"], rtol=1e-10)
    np.testing.assert_allclose(gaps.std_error, rows["std_error"], rtol=1e-8)


@few
@given(panels())
def test_fresh_and_staying_make_up_the_shares(panel):
    for place, wave in enumerate(panel.waves):
        weight = panel.weight(wave).values * (panel.answers["opinion"][place] >= 0)
        before = panel.present[:place].any(axis=0)
        fresh, staying = weight @ ~before, weight @ before
        if fresh == 0 or staying == 0:
            with pytest.raises(SelectionError, match="Waves that have both"):
                fresh_and_staying(panel, "opinion", wave=wave)
            continue
        sides = fresh_and_staying(panel, "opinion", wave=wave)
        both = sides.value.reshape(2, -1)
        whole = op.shares(panel, "opinion", waves=[wave]).value
        np.testing.assert_allclose(
            (fresh * both[0] + staying * both[1]) / (fresh + staying), whole, atol=1e-12
        )
        assert sides.n.reshape(2, -1)[0, 0] == ((weight > 0) & ~before).sum()


def test_by_group_and_in_a_domain():
    panel = attitudes()
    by_gender = fresh_and_staying(panel, "support", wave="Jul 2025", by="gender")
    domain = fresh_and_staying(panel.where(gender="man"), "support", wave="Jul 2025")
    men = by_gender.select(gender="man")
    np.testing.assert_allclose(men.value, domain.value)
    np.testing.assert_allclose(men.covariance, domain.covariance)
    test = refreshment_test(panel, "support", wave="Jul 2025", by="gender")
    assert test.wald_df == 4
    assert test.name == "Fresh against staying people, support at Jul 2025, by gender"


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
