"""Corrections for a given response against tables made with it, and closed forms."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures.response_error import (
    break_even,
    error_sensitivity,
)
from opinionpanel.strategies import panels

STATES = ("a", "b", "c")
RESPONSE = np.array([[0.9, 0.06, 0.04], [0.05, 0.9, 0.05], [0.02, 0.08, 0.9]])
TRUE = np.array([[0.3, 0.05, 0.02], [0.03, 0.25, 0.01], [0.02, 0.02, 0.3]])
GENDERS = {"gender": ("man", "woman")}


def weighted(flows, states=STATES, design="weight"):
    """People whose weights make up the table exactly, two in every cell."""
    rows = [
        {"w1": first, "w2": second, "weight": flows[i][j] / 2 * (1 + sign / 2), "gender": gender}
        for i, first in enumerate(states)
        for j, second in enumerate(states)
        for sign, gender in ((1, "man"), (-1, "woman"))
    ]
    item = op.Item({"w1": "w1", "w2": "w2"}, {state: [state] for state in states})
    return op.Panel.from_wide(
        pd.DataFrame(rows),
        items={"opinion": item},
        groups=["gender"],
        design=op.Design(weight=design),
    )


def even(error, k):
    return np.where(np.eye(k) > 0, 1 - error, error / (k - 1))


# ---- recovery -----------------------------------------------------------------------------------


def test_the_true_table_comes_back():
    panel = weighted(RESPONSE.T @ TRUE @ RESPONSE)
    flows = error_sensitivity(panel, "opinion", response=RESPONSE, measure="flows")
    np.testing.assert_allclose(flows.value, TRUE.ravel(), atol=1e-12)
    found = error_sensitivity(panel, "opinion", response=RESPONSE)
    assert found.labels["component"].tolist() == ["observed", "corrected"]
    np.testing.assert_allclose(found.value[0], op.turnover(panel, "opinion").value[0])
    np.testing.assert_allclose(found.value[1], 1 - np.trace(TRUE))


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(2, 4), st.floats(0, 0.3))
def test_any_true_table_and_even_errors(seed, k, error):
    true = np.random.default_rng(seed).dirichlet(np.ones(k * k)).reshape(k, k)
    response = even(error, k)
    panel = weighted(response.T @ true @ response, "abcd"[:k])
    np.testing.assert_allclose(
        error_sensitivity(panel, "opinion", response=error, measure="flows").value,
        true.ravel(),
        atol=1e-9,
    )
    for found in (
        error_sensitivity(panel, "opinion", response=error).value[1],
        error_sensitivity(panel, "opinion", response=[error]).value[0],
    ):
        np.testing.assert_allclose(found, 1 - np.trace(true), atol=1e-9)


def test_a_frame_a_dict_and_an_array_are_the_same():
    panel = weighted(RESPONSE.T @ TRUE @ RESPONSE)
    frame = pd.DataFrame(RESPONSE, index=STATES, columns=STATES)
    turned = frame.loc[["c", "a", "b"], ["b", "c", "a"]]
    for response in (frame, turned, frame.T.to_dict(), RESPONSE.tolist()):
        flows = error_sensitivity(panel, "opinion", response=response, measure="flows")
        np.testing.assert_allclose(flows.value, TRUE.ravel(), atol=1e-12)


def test_break_even_is_the_rate_that_made_it_all():
    for k, error in ((2, 0.1), (3, 0.07), (3, 0.5)):
        response = even(error, k)
        true = np.diag(np.arange(1.0, k + 1))
        panel = weighted(response.T @ true @ response / true.sum(), STATES[:k])
        found = break_even(panel, "opinion")
        np.testing.assert_allclose(found.value, [error])
        corrected = error_sensitivity(panel, "opinion", response=float(found.value[0]))
        np.testing.assert_allclose(corrected.value[1], 0, atol=1e-12)


@settings(max_examples=10)
@given(panels(waves=(2, 3), states=(2, 2), groups=GENDERS))
def test_two_states_in_closed_form(panel):
    turnover = op.turnover(panel, "opinion", by="gender").select(component="total")
    found = break_even(panel, "opinion", by="gender")
    t = np.where(turnover.value < 0.5 - 1e-9, turnover.value, np.nan)
    np.testing.assert_allclose(found.value, (1 - np.sqrt(1 - 2 * t)) / 2, atol=1e-9)
    known = np.isfinite(found.value)
    # de/dt = 1 / (2 √(1 − 2t))
    slope = 1 / (2 * np.sqrt(1 - 2 * t[known]))
    if panel.weight(panel.waves[0]).replicates is None:
        # Nobody changed: no error rate is known for certain.
        error = np.where(t[known] > 1e-12, slope * turnover.std_error[known], np.nan)
        np.testing.assert_allclose(found.std_error[known], error, rtol=1e-6, atol=1e-9)
    np.testing.assert_array_equal(found.n, turnover.n)
    np.testing.assert_array_equal(found.df, turnover.df)


# ---- standard errors ----------------------------------------------------------------------------


def test_without_error_the_observed_turnover_and_flows():
    panel = op.datasets.load("attitudes_2024").panel
    total = op.turnover(panel, "support", by="gender").select(component="total")
    found = error_sensitivity(panel, "support", response=0.0, by="gender")
    for component in ("observed", "corrected"):
        part = found.select(component=component)
        np.testing.assert_allclose(part.value, total.value)
        np.testing.assert_allclose(part.covariance, total.covariance, atol=1e-15)
        np.testing.assert_array_equal(part.n, total.n)
        np.testing.assert_array_equal(part.df, total.df)
    flows = op.flows(panel, "support", by="gender")
    same = error_sensitivity(panel, "support", response=0.0, by="gender", measure="flows")
    np.testing.assert_allclose(same.value, flows.value)
    np.testing.assert_allclose(same.covariance, flows.covariance, atol=1e-15)
    pd.testing.assert_frame_equal(same.labels, flows.labels)


def test_errors_grow_by_the_factor_of_the_correction():
    panel = op.datasets.load("attitudes_2024").panel
    found = error_sensitivity(panel, "support", response=[0.0, 0.03])
    observed, corrected = (found.select(parameter=name) for name in ("0% errors", "3% errors"))
    fading = (1 - 0.03 * 3 / 2) ** 2
    np.testing.assert_allclose(corrected.std_error, observed.std_error / fading)
    both = error_sensitivity(panel, "support", response=0.03).select(component="corrected")
    np.testing.assert_allclose(both.value, corrected.value)
    np.testing.assert_allclose(both.std_error, corrected.std_error)


def test_replicates():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"w1": rng.integers(0, 3, 300), "psu": np.arange(300) % 50})
    frame["w2"] = np.where(rng.random(300) < 0.7, frame["w1"], rng.integers(0, 3, 300))
    frame["weight"] = rng.lognormal(0, 0.5, 300)
    item = op.Item({"w1": "w1", "w2": "w2"}, {state: [i] for i, state in enumerate(STATES)})
    design = op.Design(weight="weight", psu="psu")
    linear, jackknife = (
        op.Panel.from_wide(frame, items={"opinion": item}, design=one)
        for one in (design, design.as_replicates("jk1"))
    )
    for measure in (
        lambda panel: error_sensitivity(panel, "opinion", response=0.04),
        lambda panel: break_even(panel, "opinion"),
    ):
        first, second = measure(linear), measure(jackknife)
        np.testing.assert_allclose(first.value, second.value)
        np.testing.assert_allclose(first.std_error, second.std_error, rtol=0.05)


# ---- what cannot be -----------------------------------------------------------------------------


def test_more_error_than_change_is_said_and_not_clipped():
    panel = op.datasets.load("agresti_approval")
    found = error_sensitivity(panel, "opinion", response=0.1)
    assert np.isfinite(found.std_error[0])
    assert np.isnan([found.value[1], found.std_error[1]]).all()
    text = " ".join(str(found).split())
    rate = 100 * break_even(panel, "opinion").value[0]
    assert f"more wrong answers than the break-even rate of {rate:.1f}%: contradicts" in text
    assert "2 of 4 corrected flows would be negative" in text
    assert "an assumption, not an estimate" in text
    flows = error_sensitivity(panel, "opinion", response=0.1, measure="flows")
    assert (np.isnan(flows.std_error) == (flows.value < 0)).all()
    np.testing.assert_allclose(flows.value.sum(), 1)
    rates = error_sensitivity(panel, "opinion", response=[0.01, 0.2])
    assert (np.isnan(rates.std_error) == [False, True]).all()
    assert (np.isnan(rates.value) == [False, True]).all()
    assert f"break-even rate of {rate:.1f}%" in " ".join(str(rates).split())
    assert "break-even" not in str(error_sensitivity(panel, "opinion", response=[0.01]))


def test_break_even_rates_are_named_by_group():
    panel = op.datasets.load("attitudes_2024").panel
    rates = dict(
        zip(("man", "woman"), break_even(panel, "support", by="gender").value, strict=False)
    )
    found = error_sensitivity(panel, "support", by="gender", response=[0.4])
    note = found.about.notes["Jul 2024", "Nov 2024"]
    for gender, rate in rates.items():
        assert f"{100 * rate:.1f}% ({gender})" in note


def test_more_change_than_any_error_leaves_is_no_number():
    """Everyone changed: errors would have hidden a turnover above 1."""
    panel = weighted(1 - np.eye(3))
    found = error_sensitivity(panel, "opinion", response=0.05)
    assert np.isnan(found.value[1])
    assert "turnover would be above 1: contradicts the data" in " ".join(str(found).split())
    response = np.array([[0.6, 0.4, 0], [0.4, 0.6, 0], [0, 0, 1]])
    found = error_sensitivity(weighted(TRUE), "opinion", response=response)
    assert np.isnan(found.value[1])
    assert "turnover would be below 0: contradicts the data" in " ".join(str(found).split())


def test_uncorrected_turnover_has_the_interval_of_turnover(from_table):
    names = ["estimate", "std_error", "conf_low", "conf_high", "n"]
    for panel in (
        op.datasets.load("agresti_approval"),
        from_table(["a", "b"], [[30, 0], [0, 20]]),
    ):
        total = op.turnover(panel, "opinion").select(component="total").to_frame()[names]
        for found in (
            error_sensitivity(panel, "opinion", response=0.05).select(component="observed"),
            error_sensitivity(panel, "opinion", response=[0.0]),
        ):
            pd.testing.assert_frame_equal(found.to_frame()[names], total)
    assert total["conf_high"][0] > 0.05
    assert np.isnan(break_even(panel, "opinion").std_error[0])
    assert np.isnan(error_sensitivity(panel, "opinion", response=[0.02]).value[0])


def test_any_kind_of_number_is_a_rate():
    panel = op.datasets.load("agresti_approval")
    found = error_sensitivity(panel, "opinion", response=np.array([0, 0.05], dtype=np.float32))
    assert found.labels["parameter"].tolist() == ["0% errors", "5% errors"]
    for rate in (np.float32(0.05), np.float64(0.05)):
        one = error_sensitivity(panel, "opinion", response=rate)
        np.testing.assert_allclose(one.value, found.value, rtol=1e-6)
        assert "of 5%" in one.about.title


def test_feasible_corrections_carry_no_warning():
    panel = weighted(RESPONSE.T @ TRUE @ RESPONSE)
    assert "negative" not in str(error_sensitivity(panel, "opinion", response=RESPONSE))


def test_as_much_change_as_at_random_has_no_break_even():
    panel = weighted(np.full((3, 3), 1 / 9))
    assert np.isnan(break_even(panel, "opinion").value).all()
    with np.errstate(all="raise"):
        assert np.isnan(break_even(weighted(1 - np.eye(3)), "opinion").value).all()


@settings(max_examples=10)
@given(panels(groups=GENDERS), st.floats(0, 0.4), st.sampled_from(["answered", "balanced"]))
def test_any_panel_gives_numbers_and_tables(panel, error, base):
    for found in (
        error_sensitivity(panel, "opinion", response=error, by="gender", base=base),
        error_sensitivity(
            panel, "opinion", response=[0.0, error / 2 + 0.01], by="gender", base=base
        ),
        break_even(panel, "opinion", by="gender", base=base),
    ):
        frame = found.to_frame()
        known = frame["conf_low"].notna()
        assert (frame.loc[known, "conf_low"] <= frame.loc[known, "estimate"] + 1e-12).all()
        assert (frame.loc[known, "conf_high"] >= frame.loc[known, "estimate"] - 1e-12).all()
        assert str(found)


def test_refusals():
    panel = weighted(TRUE)
    with pytest.raises(SelectionError, match="choose base='answered' or 'balanced'"):
        break_even(panel, "opinion", base="panel")
    with pytest.raises(SelectionError, match="answers tell nothing of them"):
        error_sensitivity(panel, "opinion", response=np.full((3, 3), 1 / 3))
    for rates in ([], [0.1, 0.1], [0.1, 0.9], [0.1, "x"], "x", None):
        with pytest.raises(SelectionError, match=r"of wrong answers|must hold numbers|has shape"):
            error_sensitivity(panel, "opinion", response=rates)
    with pytest.raises(SelectionError, match=r"write response=0.2, or measure='turnover'"):
        error_sensitivity(panel, "opinion", response=[0.1, 0.2], measure="flows")
    with pytest.raises(SelectionError, match=r"Unknown measure 'flow'.*Did you mean 'flows'"):
        error_sensitivity(panel, "opinion", response=0.1, measure="flow")


@pytest.mark.parametrize(
    ("measure", "options", "assumed"),
    [
        (break_even, {}, "the same share of wrong answers in every state"),
        (op.error_sensitivity, {}, "spread evenly over the other states"),
        (op.error_sensitivity, {"response": 0.02}, "the same share of wrong answers"),
        (
            op.error_sensitivity,
            {"response": np.eye(3), "measure": "flows"},
            "the response probabilities as given",
        ),
    ],
)
def test_the_errors_assumed_stand_beside_the_number(measure, options, assumed):
    panel = op.datasets.load("attitudes_2024").panel
    found = measure(panel, "support", by="gender", **options)
    for shown in (found, found.select(gender="man"), found.select(to_wave="Nov 2024")):
        text = " ".join(str(shown).split())
        assert f"Assumed: {assumed}" in text or assumed in text
        assert "errors that are independent between the two waves and as frequent at both" in text
