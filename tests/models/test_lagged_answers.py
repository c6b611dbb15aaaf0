"""Earlier answers to one item and later ones to another: against R, by hand, and what is said."""

import numpy as np
import pandas as pd
import pytest
from engine_frames import STAND_INS, on_engine
from hypothesis import given, settings, strategies as st
from two_items_panels import DESIGNS, errors, golden, panel_of

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.models.lagged_answers import CANNOT

ITEMS = {name: op.Item(name, {"no": [1], "unsure": [2], "yes": [3]}) for name in ("tea", "rain")}


def made(answers, weight=None):
    """Make a panel of answers, shape (people, waves, items); 0 for a blank."""
    answers = np.asarray(answers)
    frames = {}
    for wave in range(answers.shape[1]):
        frame = pd.DataFrame(answers[:, wave].astype(float), columns=list(ITEMS))
        frame = frame.where(frame > 0).assign(id=1000 + 7 * np.arange(len(answers)))
        frames[f"w{wave + 1}"] = frame.assign(w=1.0 if weight is None else weight)
    design = op.Design(weight="w")
    return op.Panel.from_waves(frames, person="id", items=ITEMS, design=design)


def drawn(seed, people=500, *, waves=2, effect=0.0):
    """Draw answers; later tea is earlier rain for some people, and earlier tea for many."""
    random = np.random.default_rng(seed)
    answers = random.integers(1, 4, (people, waves, 2))
    for wave in range(1, waves):
        kept = random.random((people, 2)) < 0.5
        answers[:, wave] = np.where(kept, answers[:, wave - 1], answers[:, wave])
        moved = random.random(people) < effect
        answers[moved, wave, 0] = answers[moved, wave - 1, 1]
    return answers


@pytest.mark.parametrize("design", DESIGNS)
def test_shares_differences_and_tests_are_those_of_r(design):
    fit = op.cross_lagged(panel_of(design), "s", "p")
    parts = {
        "given": (fit.shares, ["item", "origin", "other", "destination"]),
        "standardized": (fit.standardized, ["item", "other", "state"]),
        "difference": (fit.differences, ["item", "state"]),
    }
    for measure, (found, columns) in parts.items():
        assert max(errors(found, design, measure, columns)) < 1e-10
    tests = [fit.test(item) for item in ("s", "p")]
    np.testing.assert_allclose(
        [[test.statistic, test.df1] for test in tests], golden(design, "lagged"), rtol=1e-9
    )
    moves = op.joint_change_test(panel_of(design), "s", "p")
    np.testing.assert_allclose(
        [moves.statistic, moves.df1], golden(design, "moves").iloc[0], rtol=1e-9
    )
    for measure, columns in ((op.joint_change, "moved"), (op.association_of_change, "index")):
        found = measure(panel_of(design), "s", "p")
        assert max(errors(found, design, columns, [columns])) < 1e-10


@settings(max_examples=4)
@given(st.integers(0, 10_000))
def test_shares_are_transitions_by_the_other_item_and_their_mean(seed):
    answers = drawn(seed, people=300)
    weight = np.random.default_rng(seed).uniform(0.5, 2, 300)
    panel = made(answers, weight)
    fit = op.cross_lagged(panel, "tea", "rain")
    grouped = panel.group_of("rain", wave="w1")
    moves = op.transitions(grouped, "tea", by="rain (w1)")
    shares = fit.shares.select(item="tea")
    order = shares.labels.sort_values(["other", "origin"], key=lambda x: x.map(list_of)).index
    np.testing.assert_allclose(shares.value[order], moves.value)
    np.testing.assert_allclose(shares.std_error[order], moves.std_error)
    began = np.bincount(answers[:, 0, 0] - 1, weight) / weight.sum()
    table = shares.value.reshape(3, 3, 3)
    held = fit.standardized.select(item="tea")
    np.testing.assert_allclose(held.value, np.einsum("i,iaj->aj", began, table).ravel())
    assert held.n.tolist() == np.repeat(np.bincount(answers[:, 0, 1] - 1), 3).tolist()


def list_of(state):
    return ["no", "unsure", "yes"].index(state)


def test_it_finds_the_way_that_is_there_and_says_what_it_cannot_show():
    fit = op.cross_lagged(made(drawn(1, effect=0.4)), "tea", "rain")
    assert fit.test("tea").pvalue < 0.001
    assert fit.test("rain").pvalue > 0.05
    assert "earlier rain goes with later tea (p < .001)" in fit.finding
    assert "earlier tea does not detectably go with later rain" in fit.finding
    assert fit.finding.endswith(CANNOT)
    text = str(fit)
    assert "does not show that the one" in text
    assert "no − yes" in text
    gap = fit.differences.select(item="tea")
    assert gap.value[0] > 0.2 > -0.2 > gap.value[2]
    same = fit.standardized.select(item="tea").difference("other", "no", minus="yes")
    np.testing.assert_allclose(same.std_error, gap.std_error)


def test_the_names_of_items_may_change_places():
    panel = made(drawn(2, waves=3, effect=0.2))
    one, other = op.cross_lagged(panel, "tea", "rain"), op.cross_lagged(panel, "rain", "tea")
    assert one.test("tea").wald_df == 24
    for item in ITEMS:
        parts = (fit.standardized.select(item=item) for fit in (one, other))
        left, right = parts
        np.testing.assert_allclose(left.value, right.value)
        np.testing.assert_allclose(left.covariance, right.covariance)
        assert one.test(item).statistic == pytest.approx(other.test(item).statistic)


def test_what_nobody_answered_has_no_figure_and_is_named():
    answers = drawn(3)
    # Nobody who said yes to rain was unsure of tea.
    answers[(answers[:, 0, 0] == 2) & (answers[:, 0, 1] == 3), 0, 1] = 1
    fit = op.cross_lagged(made(answers), "tea", "rain")
    empty = fit.shares.select(item="tea", origin="unsure", other="yes")
    assert np.isnan(empty.value).all()
    assert (empty.n == 0).all()
    held = fit.standardized.select(item="tea")
    assert np.isnan(held.value).tolist() == [False] * 6 + [True] * 3
    assert np.isnan(fit.differences.select(item="tea").value).all()
    assert "earlier answers: 'yes (rain)', 'unsure (tea)'." in " ".join(held.about.notes.values())
    assert "No share where nobody with the answer to the other item" in str(held)
    # The test leaves out the row without anybody.
    assert fit.test("tea").wald_df == 4 + 2 + 4
    assert "Left out" in fit.test("tea").note


def test_without_anything_to_compare_there_is_no_test():
    answers = drawn(4, people=60)
    answers[:, 0, 1] = 1
    fit = op.cross_lagged(made(answers), "tea", "rain")
    with pytest.raises(DesignError, match="nothing to test"):
        fit.test("tea")
    assert "there is no test of earlier rain with later tea" in fit.finding
    with pytest.raises(SelectionError, match="Unknown item 'snow'"):
        fit.test("snow")
    with pytest.raises(SelectionError, match="order of fieldwork"):
        op.cross_lagged(made(answers), "tea", "rain", waves=["w2", "w1"])


@pytest.mark.parametrize("engine", STAND_INS)
def test_two_items_are_the_same_where_people_stay_on_an_engine(engine):
    panel = panel_of("clustered")
    there = on_engine(panel, engine)

    def measures(of):
        fit = op.cross_lagged(of, "s", "p")
        grouped = of.group_of("p", wave="w1")
        return [
            *(fit.shares, fit.standardized, fit.differences),
            op.cross(of, "s", "p", by="sex", shares="column"),
            op.association_of_change(of, "s", "p"),
            op.turnover(grouped.where(**{"p (w1)": ["a", "b"]}), "s", by="p (w1)"),
        ]

    for one, other in zip(measures(panel), measures(there), strict=True):
        np.testing.assert_allclose(one.value, other.value, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(one.std_error, other.std_error, rtol=1e-9, atol=1e-12)
        assert one.n.tolist() == other.n.tolist()
    tests = [op.joint_change_test(of, "s", "p").statistic for of in (panel, there)]
    assert tests[0] == pytest.approx(tests[1])
