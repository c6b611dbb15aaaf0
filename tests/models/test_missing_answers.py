"""Flows of incomplete pairs: identities, second ways to the same numbers, and Stasny's table."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from places import PUBLISHED_FIGURES

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.scores import kinds_of
from opinionpanel.models.missing_answers import missing_at_random, response_model
from opinionpanel.models.supplemented_tables import fit, identified, slopes
from opinionpanel.strategies import panels

PUBLISHED = PUBLISHED_FIGURES
STATES = ("a", "b", "c")
few = settings(max_examples=5)
seeds = st.integers(0, 2**32 - 1)


def people(seed=1, number=240, *, late=0.1, silent=0.08):
    """Three states twice: some drop out, some gave no answer before, some come later."""
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 3, number)
    second = np.where(rng.random(number) < 0.6, first, rng.integers(0, 3, number))
    frame = pd.DataFrame({"psu": np.arange(number) % 24, "stratum": np.arange(number) % 3})
    frame["weight"] = rng.lognormal(0, 0.5, number).round(3)
    frame["gender"] = np.array(["man", "woman"])[rng.integers(0, 2, number)]
    # A second question, which everyone answers who is there, tells silence from absence.
    for wave, codes in (("w1", first), ("w2", second)):
        frame[wave] = np.array(STATES, dtype=object)[codes]
        frame[f"{wave}_there"] = 1.0
    gone = rng.random(number) < np.array([0.1, 0.4, 0.25])[first]
    frame.loc[gone, ["w2", "w2_there"]] = None
    frame.loc[rng.random(number) < silent, "w1"] = None
    frame.loc[(rng.random(number) < late) & ~gone, ["w1", "w1_there"]] = None
    return frame


def panel_of(frame, design=None):
    item = op.Item({"w1": "w1", "w2": "w2"}, {state: [state] for state in STATES})
    there = op.Item({"w1": "w1_there", "w2": "w2_there"}, {"yes": [1]})
    return op.Panel.from_wide(
        frame, items={"opinion": item, "there": there}, groups=["gender"], design=design
    )


DESIGNS = {
    "unweighted": None,
    "people": op.Design(weight="weight", stratum="stratum"),
    "clustered": op.Design(weight="weight", stratum="stratum", psu="psu"),
}


@few
@given(panels(complete=True, weights=("none", "constant")))
def test_without_missing_answers_it_is_flows(panel):
    known, found = op.flows(panel, "opinion"), missing_at_random(panel, "opinion")
    pd.testing.assert_frame_equal(known.labels, found.labels)
    np.testing.assert_allclose(found.value, known.value, atol=1e-10)
    np.testing.assert_allclose(found.covariance, known.covariance, atol=1e-10)
    for name in ("n", "n_cell", "df", "n_effective", "exact"):
        np.testing.assert_allclose(getattr(found, name), getattr(known, name), err_msg=name)


@pytest.mark.parametrize("design", DESIGNS)
def test_drop_out_alone_has_a_closed_form(design):
    """The origins of everyone, times the transitions of those seen twice."""
    panel = panel_of(people(late=0, silent=0), DESIGNS[design])
    found = response_model(panel, "opinion")
    # The weight does not change between the waves, so that of the later one is the same.
    moves = op.transitions(panel, "opinion")
    origins = op.shares(panel, "opinion", waves=["w1"])
    np.testing.assert_allclose(found.transitions.value, moves.value, rtol=1e-9)
    np.testing.assert_allclose(found.transitions.std_error, moves.std_error, rtol=1e-7)
    np.testing.assert_allclose(found.flows.value, np.repeat(origins.value, 3) * moves.value)


@few
@given(seeds)
def test_the_names_of_states_do_not_matter(seed):
    frame = people(seed)
    panel = panel_of(frame, DESIGNS["clustered"])
    turned = replace(panel.item("opinion"), states={s: [s] for s in reversed(STATES)})
    arguments = {"groups": ["gender"], "design": DESIGNS["clustered"]}
    there = panel.item("there")
    other = op.Panel.from_wide(frame, items={"opinion": turned, "there": there}, **arguments)
    one, two = missing_at_random(panel, "opinion"), missing_at_random(other, "opinion")
    np.testing.assert_allclose(one.value[::-1], two.value, atol=1e-10)
    np.testing.assert_allclose(one.std_error[::-1], two.std_error, rtol=1e-6)


def test_weights_count_as_copies_that_keep_their_psu():
    frame = people()
    frame["weight"] = 1.0 + np.arange(len(frame)) % 3
    copies = frame.loc[frame.index.repeat(frame["weight"].astype(int))].assign(weight=1.0)
    found = [
        missing_at_random(panel_of(part, DESIGNS["clustered"]), "opinion", by="gender")
        for part in (frame, copies)
    ]
    np.testing.assert_allclose(found[0].value, found[1].value, rtol=1e-9)
    np.testing.assert_allclose(found[0].covariance, found[1].covariance, atol=1e-12)


@pytest.mark.parametrize("entrants", [False, True])
def test_replicates_refit_and_agree_with_linearisation(entrants):
    frame = people(number=1200)
    linear = missing_at_random(panel_of(frame, DESIGNS["clustered"]), "opinion", entrants=entrants)
    design = DESIGNS["clustered"].as_replicates("jkn")
    jackknife = missing_at_random(panel_of(frame, design), "opinion", entrants=entrants)
    np.testing.assert_allclose(jackknife.value, linear.value, rtol=1e-9)
    np.testing.assert_allclose(jackknife.std_error, linear.std_error, rtol=0.03)
    assert (np.abs(jackknife.df - linear.df) <= 1).all()


@pytest.mark.parametrize("late", [0, 0.01])
def test_few_new_people_take_no_degrees_of_freedom(late):
    frame = people(late=late, silent=0)
    panel = panel_of(frame, DESIGNS["clustered"].as_replicates("jkn"))
    without, found = (missing_at_random(panel, "opinion", entrants=new) for new in (False, True))
    if late:
        assert found.n[0] > without.n[0]
    assert (without.df >= 20).all()
    assert (found.df >= without.df).all()
    assert (found.df <= without.df + 1).all()
    if not late:
        np.testing.assert_array_equal(found.df, without.df)


def test_waves_stand_in_the_order_of_fieldwork():
    with pytest.raises(SelectionError, match="in the order of fieldwork"):
        missing_at_random(panel_of(people()), "opinion", waves=["w2", "w1"])


def test_raked_weights_by_scores_of_people():
    """The same derivative by person instead of by cell, through the other mechanism."""
    gender = {"man": 130.0, "woman": 125.0}
    panel = op.rake(panel_of(people(), DESIGNS["clustered"]), {"gender": gender}, waves=["w1"])
    found = missing_at_random(panel, "opinion")
    weight = panel.weight("w1")
    answers = np.where(panel.answers["opinion"] >= 0, panel.answers["opinion"], 3).astype(int)
    there = panel.present[0] & ((answers < 3).any(axis=0))
    cell = 4 * answers[0] + answers[1]
    counts = np.bincount(cell[there], weight.values[there], minlength=16).reshape(1, 4, 4)
    flows, _ = fit(counts)
    scores = np.where(there[:, None], slopes(flows[0], counts[0]).T[cell], 0.0)
    alone = np.where(there, np.arange(len(there)), -1)
    fits = kinds_of(panel.sampling, weight, alone, len(alone)).estimates(
        found.named,
        flows.ravel(),
        base=np.tile(there, (9, 1)),
        scores=scores,
        refit=lambda sums: sums,
        about=found.about,
        unit="share",
        what="flows",
    )
    for name in ("value", "covariance", "df", "n", "n_effective"):
        np.testing.assert_allclose(getattr(found, name), getattr(fits, name), atol=1e-12)


def test_who_is_in_the_base_and_with_which_weight():
    frame = people()
    panel = panel_of(frame, DESIGNS["people"])
    first, second = frame["w1"].notna(), frame["w2"].notna()
    interviewed = frame["w1_there"].notna()
    base = (first | second) & interviewed
    found = missing_at_random(panel, "opinion")
    assert (found.n == base.sum()).all()
    with_new = missing_at_random(panel, "opinion", entrants=True)
    assert (with_new.n == (first | second).sum()).all()
    assert found.n_cell.sum() == with_new.n_cell.sum() == (first & second).sum()
    note = with_new.about.notes["w1", "w2"]
    assert f"{(second & ~first).sum()} at w2 only; EM converged" in note


def test_groups_and_domains_are_tables_of_their_own():
    panel = panel_of(people(), DESIGNS["clustered"])
    by = missing_at_random(panel, "opinion", by="gender").select(gender="man")
    alone = missing_at_random(panel.where(gender="man"), "opinion")
    np.testing.assert_allclose(by.value, alone.value, atol=1e-12)
    np.testing.assert_allclose(by.covariance, alone.covariance, atol=1e-14)


def test_an_empty_group_is_undefined():
    frame = people()
    frame.loc[frame["gender"] == "woman", "w1_there"] = 1
    frame.loc[frame["gender"] == "woman", ["w1", "w2"]] = None
    fitted = response_model(panel_of(frame), "opinion", by="gender")
    for part in (fitted.flows, fitted.transitions):
        women = part.select(gender="woman")
        assert np.isnan(women.value).all()
        assert np.isnan(women.std_error).all()
        assert (women.n == 0).all()
        assert np.isfinite(part.select(gender="man").std_error).all()


def test_a_state_whose_people_were_all_lost_is_refused():
    frame = people(silent=0)
    frame.loc[frame["w1"] == "b", "w2"] = None
    with pytest.raises(SelectionError, match=r"w1 → w2\): nobody in 'b' at w1 has an answer at w2"):
        missing_at_random(panel_of(frame), "opinion")
    frame = people()
    frame.loc[frame["w1"].notna(), "w2"] = None
    with pytest.raises(SelectionError, match="nobody in 'a', 'b', 'c' at w1"):
        missing_at_random(panel_of(frame), "opinion", by="gender")


def test_answers_that_say_too_little_are_told():
    counts = np.zeros((1, 3, 3))
    counts[0, :2, 2], counts[0, 2, :2] = (4, 5), (3, 2)
    flows, _ = fit(counts)
    assert not identified(flows, counts)[0]
    counts[0, :2, :2] += 1
    assert identified(*(fit(counts)[0], counts))[0]


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the check figures are not there")
def test_labour_force_flows_with_nonresponse():
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))["transitions"]
    table = published["lfs_1979_gross_flows"]
    states, model = table["states"], table["model_a"]
    rows = [
        {"w1": origin, "w2": destination, "count": table["counts"][i][j]}
        for i, origin in enumerate(states)
        for j, destination in enumerate(states)
    ]
    item = op.Item({"w1": "w1", "w2": "w2"}, {s: [s] for s in states[:3]}, rest="missing")
    panel = op.Panel.from_wide(pd.DataFrame(rows), items={"work": item}, count="count")
    fitted = response_model(panel, "work")
    wanted = [model["psi"], model["rho"], model["tau"]]
    np.testing.assert_allclose(fitted.response.value, wanted, atol=6e-6)
    np.testing.assert_allclose(fitted.transitions.matrix(), model["P"], atol=6e-6)
    counts = np.array(table["counts"], dtype=float)
    np.testing.assert_allclose(fitted.response.n, [counts.sum(), counts[:3].sum(), counts[3].sum()])
    # The whole log-likelihood, written out.
    psi, rho, tau = fitted.response.value
    flows = fitted.flows.value.reshape(3, 3)
    whole = (
        (counts[:3, :3] * np.log(psi * rho * flows)).sum()
        + (counts[:3, 3] * np.log(psi * (1 - rho) * flows.sum(axis=1))).sum()
        + (counts[3, :3] * np.log((1 - psi) * (1 - tau) * flows.sum(axis=0))).sum()
        + counts[3, 3] * np.log((1 - psi) * tau)
    )
    assert fitted.loglik["loglik"].item() == pytest.approx(whole, abs=1e-6)
