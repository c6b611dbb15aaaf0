"""Mover–stayer fits against published figures, R, a direct maximisation and numeric derivatives."""

import json
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from places import GOLDEN_FILES, SHARED
from stayer_panels import CLUSTERED, from_patterns, panel_of, simulated

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.models.movers_and_stayers import mover_stayer

PUBLISHED = SHARED / "reference" / "published.json"
RLMS = SHARED / "data" / "small" / "rlms_job_satisfaction.csv"
GOLDEN = GOLDEN_FILES / "mover_stayer_golden.csv"


# ---- published and independent figures ----------------------------------------------------------


@pytest.fixture(scope="module")
def published():
    if not PUBLISHED.exists():
        pytest.skip(f"the check figures are not there: {PUBLISHED}")
    return json.loads(PUBLISHED.read_text(encoding="utf-8"))["transitions"]


def test_women_in_the_labour_force(published):
    table = published["women_labour_1967_71"]
    fit = mover_stayer(from_patterns(np.reshape(table["counts_flat"], [2] * 5)), "answer")
    np.testing.assert_allclose(fit.loglik, table["mover_stayer_loglik"], atol=6e-5, rtol=0)
    chain = table["markov_homogeneous_loglik"]
    np.testing.assert_allclose(fit.loglik_chain, chain, atol=6e-5, rtol=0)
    s, m = fit.stayers.value[:2], np.diag(fit.movers.matrix())
    np.testing.assert_allclose(s, table["mover_stayer_s"], atol=6e-5, rtol=0)
    np.testing.assert_allclose(m, table["mover_stayer_m"], atol=6e-5, rtol=0)


def test_nes_ideology(published):
    counts = np.array(published["nes_ideology"]["counts"])
    fit = mover_stayer(from_patterns(counts), "answer")
    np.testing.assert_allclose(
        fit.stayers.value[:3], published["nes_ideology"]["mover_stayer_s"], atol=6e-5, rtol=0
    )
    occupied = counts[counts > 0]
    saturated = occupied @ np.log(occupied / occupied.sum())
    g2, df = published["nes_ideology"]["mover_stayer_g2"]
    np.testing.assert_allclose(2 * (saturated - fit.loglik), g2, atol=6e-4, rtol=0)
    # 26 free shares of patterns; 2 of the start, 3 of stayers, 6 moves.
    assert df == 26 - 2 - 3 - 6


@pytest.mark.skipif(not RLMS.exists(), reason=f"the data are not there: {RLMS}")
def test_seven_waves_of_job_satisfaction(published):
    frame = pd.read_csv(RLMS)
    waves = list(frame.columns)
    states = {"satisfied": [1, 2], "neutral": [3], "unsatisfied": [4, 5]}
    item = op.Item({wave: wave for wave in waves}, states)
    panel = op.Panel.from_wide(frame, items={"job": item})
    fit = mover_stayer(panel, "job")
    table = published["rlms_2008_09"]
    np.testing.assert_allclose(fit.loglik, table["mover_stayer_loglik"], atol=6e-5, rtol=0)
    np.testing.assert_allclose(fit.stayers.value[0], table["mover_stayer_s1"], atol=6e-5, rtol=0)


@pytest.mark.parametrize("weights", ["none", "by row"])
@pytest.mark.parametrize(
    ("name", "item"), [("nes_ideology", "ideology"), ("women_labour_1967_71", "working")]
)
def test_against_direct_maximisation_in_r(name, item, weights):
    golden = pd.read_csv(GOLDEN).query("data == @name and weights == @weights")
    value = golden.set_index("parameter")["value"]
    panel = op.datasets.load(name)
    steps = [panel.answers[item][place] for place in range(len(panel.waves))]
    counts = np.zeros([len(panel.item(item).states)] * len(steps), dtype=int)
    np.add.at(counts, tuple(steps), 1)
    row = 1 + (np.arange(counts.size) % 4) / 2
    fit = mover_stayer(from_patterns(counts, None if weights == "none" else row), "answer")
    k = len(counts)
    np.testing.assert_allclose(fit.loglik, value["loglik"], atol=2e-6, rtol=0)
    expected = [value[f"s{i + 1}"] for i in range(k)]
    np.testing.assert_allclose(fit.stayers.value[:k], expected, atol=1e-5)
    expected = [value[f"m{i + 1}{j + 1}"] for i, j in product(range(k), range(k))]
    np.testing.assert_allclose(fit.movers.value, expected, atol=1e-5)
    if weights == "none":
        np.testing.assert_allclose(fit.loglik_chain, value["loglik_chain"], atol=2e-6, rtol=0)


# ---- standard errors ----------------------------------------------------------------------------


@pytest.mark.parametrize("waves", [3, 4])
def test_covariance_is_that_of_numeric_derivatives_by_weight(waves):
    frame = simulated(8, people=30, waves=waves)
    panel = panel_of(frame)
    fit = mover_stayer(panel, "answer")

    def values(person, step):
        factor = 1 + step * (frame.index == person)
        weights = {wave: weight * factor for wave, weight in panel.weights.items()}
        changed = mover_stayer(replace(panel, weights=weights), "answer")
        return np.append(changed.stayers.value, changed.movers.value)

    slopes = [(values(person, 1e-5) - values(person, -1e-5)) / 2e-5 for person in frame.index]
    influence = np.array(slopes)
    np.testing.assert_allclose(influence.sum(axis=0), 0, atol=1e-8)
    covariance = len(frame) / (len(frame) - 1) * influence.T @ influence
    for estimates, rows in ((fit.stayers, slice(0, 3)), (fit.movers, slice(3, 7))):
        assert np.isfinite(estimates.std_error).all()
        np.testing.assert_allclose(
            estimates.covariance, covariance[rows, rows], rtol=1e-6, atol=1e-10
        )


def test_groups_are_fitted_as_if_alone():
    panel = panel_of(simulated(2, people=150), CLUSTERED)
    fit = mover_stayer(panel, "answer", by="gender")
    for gender in ("man", "woman"):
        alone = mover_stayer(panel.where(gender=gender), "answer")
        for what in ("stayers", "movers"):
            one = getattr(alone, what)
            part = getattr(fit, what).select(gender=gender)
            np.testing.assert_allclose(part.value, one.value)
            np.testing.assert_allclose(part.covariance, one.covariance, rtol=1e-8, atol=1e-14)
            np.testing.assert_array_equal(part.n, one.n)
            np.testing.assert_array_equal(part.df, one.df)
            np.testing.assert_allclose(part.n_effective, one.n_effective)
    assert fit.likelihoods["gender"].tolist() == ["man", "woman"]
    alone = [mover_stayer(panel.where(gender=name), "answer").loglik for name in ("man", "woman")]
    np.testing.assert_allclose(fit.loglik, sum(alone))


def test_replicates_refit_and_agree_with_linearisation():
    frame = simulated(3, people=600)
    designs = (CLUSTERED, CLUSTERED.as_replicates("jkn"))
    linear, refitted = (mover_stayer(panel_of(frame, design), "answer") for design in designs)
    for what in ("stayers", "movers"):
        first, second = getattr(linear, what), getattr(refitted, what)
        np.testing.assert_allclose(first.value, second.value)
        np.testing.assert_allclose(second.std_error, first.std_error, rtol=0.15)
        assert second.replicates is not None


def test_raked_weights_linearised_and_raked_again_by_replicate():
    frame = simulated(4, people=600)
    targets = {"gender": {"man": 200.0, "woman": 400.0}}
    designs = (CLUSTERED, CLUSTERED.as_replicates("jkn"))
    linear, refitted = (
        mover_stayer(op.rake(panel_of(frame, design), targets), "answer").stayers
        for design in designs
    )
    np.testing.assert_allclose(linear.value, refitted.value)
    np.testing.assert_allclose(linear.std_error, refitted.std_error, rtol=0.15)


# ---- identities ---------------------------------------------------------------------------------


@settings(max_examples=6)
@given(st.integers(0, 2**32 - 1))
def test_relabelling_and_scaling_change_nothing(seed):
    frame = simulated(seed, people=50, states=3)
    fit = mover_stayer(panel_of(frame), "answer")
    turned = frame.replace({wave: {"0": "2", "2": "0"} for wave in ("w1", "w2", "w3")})
    other = mover_stayer(panel_of(turned.assign(weight=turned["weight"] * 7)), "answer")
    order = [2, 1, 0, 3]
    np.testing.assert_allclose(fit.stayers.value, other.stayers.value[order], atol=1e-10)
    np.testing.assert_allclose(
        fit.stayers.covariance, other.stayers.covariance[np.ix_(order, order)], atol=1e-10
    )
    np.testing.assert_allclose(fit.movers.value, other.movers.value[::-1], atol=1e-10)
    np.testing.assert_allclose(fit.loglik, other.loglik)


@settings(max_examples=8)
@given(st.integers(0, 2**32 - 1))
def test_shares_are_shares_and_rows_add_up(seed):
    fit = mover_stayer(panel_of(simulated(seed, people=12, states=3)), "answer", by="gender")
    for estimates in (fit.stayers, fit.movers):
        known = estimates.value[np.isfinite(estimates.value)]
        assert ((known >= 0) & (known <= 1 + 1e-12)).all()
        estimates.to_frame()
    rows = fit.movers.labels.assign(value=fit.movers.value).groupby(["gender", "origin"])["value"]
    sums = rows.agg(lambda part: part.sum(skipna=False)).dropna()
    np.testing.assert_allclose(sums, 1.0)
    assert str(fit)


# ---- boundaries and refusals --------------------------------------------------------------------


def test_no_stayers_leaves_the_plain_chain_without_errors():
    counts = np.full((2, 2, 2), 10)
    counts[0, 0, 0], counts[0, 1, 0] = 2, 40
    fit = mover_stayer(from_patterns(counts), "answer")
    assert fit.stayers.value[0] == 0
    assert np.isnan(fit.stayers.std_error[[0, 2]]).all()
    assert np.isfinite(fit.stayers.std_error[1])
    moves = counts.sum(axis=2) + counts.sum(axis=0)
    np.testing.assert_allclose(fit.movers.value[:2], moves[0] / moves[0].sum())
    assert np.isnan(fit.movers.std_error[:2]).all()
    assert np.isfinite(fit.movers.std_error[2:]).all()
    text = " ".join(str(fit).split())
    assert "without a standard error: no stayers among those who start in 0." in text
    for part in (fit.stayers, fit.movers):
        assert list(part.about.notes) == [("w1", "w3")]


def test_boundary_has_no_error_under_replicates_either():
    frame = simulated(1, people=60)
    everyone = frame[["w1", "w2", "w3"]]
    frame = frame[~((everyone == "0").all(axis=1))]
    panel = panel_of(frame, CLUSTERED.as_replicates("jkn"))
    stayers = mover_stayer(panel, "answer").stayers
    assert stayers.value[0] == 0
    assert np.isnan(stayers.std_error[[0, 2]]).all()
    assert np.isfinite(stayers.std_error[1])


def few_stayers(extra):
    """Starters in state 0 whose share of stayers is close to 0, by `extra` of them."""
    counts = np.full((2, 2, 2), 10)
    counts[0, 0, 0], counts[1, 1, 1] = 10 + extra, 60
    rows = [list(map(str, place)) for place in np.ndindex(2, 2, 2) for _ in range(counts[place])]
    frame = pd.DataFrame(rows, columns=["w1", "w2", "w3"])
    turned = np.random.default_rng(1).permutation(len(frame))
    return frame.assign(weight=1.0, psu=turned % 40, stratum=0, gender="man")


def test_replicates_on_the_edge_leave_no_error_where_they_are_many():
    # By 2 the share lies so close to 0 that many replicates clip it, by 60 none does.
    for extra, many in ((2, True), (60, False)):
        panel = panel_of(few_stayers(extra), CLUSTERED.as_replicates("bootstrap", seed=1))
        fit = mover_stayer(panel, "answer")
        assert fit.stayers.value[0] > 0
        assert (np.isnan(fit.stayers.std_error) == [many, False, many]).all()
        assert (np.isnan(fit.movers.std_error) == [many, many, False, False]).all()
        text = " ".join(str(fit).split())
        assert ("No standard error for the stayers of 0, the moves from there" in text) == many
        assert bool(fit.stayers.about.notes) == many


def test_a_few_replicates_on_the_edge_keep_the_error():
    panel = panel_of(few_stayers(25), CLUSTERED.as_replicates("bootstrap", seed=1))
    fit = mover_stayer(panel, "answer")
    share = (fit.stayers.replicates.values[:, 0] == 0).mean()
    assert 0 < share <= 0.05
    assert np.isfinite(fit.stayers.std_error).all()


def test_the_edge_is_named_by_group():
    counts = np.full((2, 2, 2), 10)
    counts[0, 0, 0], counts[0, 1, 0] = 2, 40
    rows = [list(map(str, place)) for place in np.ndindex(2, 2, 2) for _ in range(counts[place])]
    woman = pd.DataFrame(rows, columns=["w1", "w2", "w3"]).assign(gender="woman", weight=1.0)
    man = few_stayers(60).drop(columns=["psu", "stratum"])
    fit = mover_stayer(panel_of(pd.concat([man, woman], ignore_index=True)), "answer", by="gender")
    assert "no stayers among those who start in 0 (woman). The moves" in " ".join(str(fit).split())


def test_waves_out_of_order_are_refused():
    with pytest.raises(SelectionError, match="order of fieldwork"):
        mover_stayer(panel_of(simulated(1)), "answer", waves=["w2", "w1", "w3"])


def test_nobody_ever_moves():
    counts = np.zeros((2, 2, 2), dtype=int)
    counts[0, 0, 0], counts[1, 1, 1] = 10, 20
    fit = mover_stayer(from_patterns(counts), "answer")
    assert np.isnan(fit.stayers.value).all()
    np.testing.assert_allclose(fit.movers.matrix(), np.eye(2))
    np.testing.assert_allclose(fit.deviance, 0, atol=1e-12)


def test_all_who_start_somewhere_stay():
    counts = np.zeros((2, 2, 2), dtype=int)
    counts[0, 0, 0], counts[1, 1, 1], counts[1, 0, 1], counts[1, 0, 0] = 10, 20, 5, 7
    fit = mover_stayer(from_patterns(counts), "answer")
    np.testing.assert_allclose(fit.stayers.value[0], 1)
    assert np.isnan(fit.stayers.std_error[0])
    # Of the 12 who come to state 0 later, 5 leave again by the third wave.
    np.testing.assert_allclose(fit.movers.value[:2], [7 / 12, 5 / 12])


def test_nobody_starts_in_a_state_or_comes_there():
    counts = np.zeros((3, 3, 3), dtype=int)
    counts[:2, :2, :2] = [[[30, 5], [6, 4]], [[3, 7], [2, 25]]]
    fit = mover_stayer(from_patterns(counts), "answer")
    plain = mover_stayer(from_patterns(counts[:2, :2, :2]), "answer")
    np.testing.assert_allclose(fit.stayers.value[[0, 1, 3]], plain.stayers.value)
    np.testing.assert_allclose(
        fit.stayers.std_error[[0, 1, 3]], plain.stayers.std_error, rtol=1e-10
    )
    assert np.isnan(fit.stayers.value[2])
    assert fit.stayers.n[2] == 0
    assert np.isnan(fit.movers.value[6:]).all()
    np.testing.assert_allclose(fit.loglik, plain.loglik)


def test_bases_are_starters_and_people_at_risk():
    counts = np.arange(1, 9).reshape(2, 2, 2)
    fit = mover_stayer(from_patterns(counts), "answer")
    np.testing.assert_array_equal(fit.stayers.n, [counts[0].sum(), counts[1].sum(), counts.sum()])
    never = [counts[1, 1].sum(), counts[0, 0].sum()]
    np.testing.assert_array_equal(fit.movers.n, np.repeat(counts.sum() - never, 2))


def test_two_waves_are_refused():
    panel = panel_of(simulated(1))
    with pytest.raises(SelectionError, match="needs three waves or more; got 'w1', 'w2'"):
        mover_stayer(panel, "answer", waves=["w1", "w2"])


def test_a_state_may_not_be_called_all():
    frame = simulated(1).replace({"1": "all"})
    with pytest.raises(SelectionError, match="its own state 'all'"):
        mover_stayer(panel_of(frame), "answer")


def test_nobody_at_all_waves():
    frame = simulated(1, people=20)
    frame.loc[::2, "w1"] = None
    frame.loc[1::2, "w3"] = None
    with pytest.raises(SelectionError, match="Nobody has an answer at all of 'w1', 'w2', 'w3'"):
        mover_stayer(panel_of(frame), "answer", waves=["w1", "w2", "w3"])
    # By default, none of those who came at first was due at the last.
    with pytest.raises(SelectionError, match=r"three waves or more.*were not due at 'w3'"):
        mover_stayer(panel_of(frame), "answer")


def test_fits_are_frozen():
    fit = mover_stayer(panel_of(simulated(1)), "answer")
    assert replace(fit).loglik == fit.loglik
    with pytest.raises(AttributeError):
        fit.loglik = 0.0
