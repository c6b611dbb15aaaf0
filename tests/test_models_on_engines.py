"""Paths, models and fits by kind of person on engines: the same as in memory."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from engine_frames import on_engine

import opinionpanel as op
from opinionpanel.design.replicate_weights import ByCode, ReplicateWeights
from opinionpanel.errors import EngineError
from opinionpanel.hypotheses.several_waves import homogeneity, markov_order, stationarity
from opinionpanel.measures.change_counts import number_of_changes, typology
from opinionpanel.measures.not_changed_yet import unchanged
from opinionpanel.measures.response_error import (
    break_even,
    error_sensitivity,
)
from opinionpanel.measures.trajectories import first_change, paths, returns, stable_core
from opinionpanel.models.answers_over_waves import answer_model
from opinionpanel.models.hazards import hazard
from opinionpanel.models.heise import reliability
from opinionpanel.models.latent_chain import latent_markov
from opinionpanel.models.missing_answers import missing_at_random, response_model
from opinionpanel.models.movers_and_stayers import mover_stayer
from opinionpanel.models.regression_of_change import change_model

STATES = ("for", "unsure", "against")
WAVES = ("w1", "w2", "w3")
DESIGNS = {
    "people": op.Design(weight="weight"),
    "strata": op.Design(weight="weight", stratum="stratum"),
    "clustered": op.Design(weight="weight", stratum="stratum", psu="psu"),
}


def panel_of(design, number=420, seed=5, replicates=None):
    """Three waves with stayers, answers that are missing, and groups that some do not have."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"stratum": np.arange(number) % 4, "psu": np.arange(number) % 40})
    frame["weight"] = rng.lognormal(0, 0.4, number).round(3)
    frame["gender"] = pd.Series(np.array(["man", "woman"])[rng.integers(0, 2, number)])
    frame["age"] = pd.Series(np.array(["18-34", "35-54", "55+"])[rng.integers(0, 3, number)])
    frame.loc[::37, "gender"] = None
    state, stayer = rng.integers(0, 3, number), rng.random(number) < 0.4
    for wave in WAVES:
        frame[wave] = np.array(STATES)[state]
        frame.loc[rng.random(number) < 0.06, wave] = None
        moves = ~stayer & (rng.random(number) < 0.4)
        state = np.where(moves, rng.integers(0, 3, number), state)
    item = op.Item({wave: wave for wave in WAVES}, {state: [state] for state in STATES})
    design = DESIGNS[design]
    if replicates:
        design = design.as_replicates("bootstrap", replicates=replicates, seed=2)
    return op.Panel.from_wide(
        frame, items={"opinion": item}, groups=["gender", "age"], design=design
    )


def of_typology(panel):
    return op.shares(typology(panel, "opinion"), "opinion", waves=["w1"], by="typology")


def of_domain(panel):
    changed = typology(panel, "opinion").where(typology=["switched once", "wavering"])
    return op.transitions(changed, "opinion", waves=["w1", "w2"])


def parts(fit, *names):
    return [getattr(fit, name) for name in names]


def of_change(panel):
    fit = change_model(panel, "gender + age", item="opinion", waves=["w1", "w2"])
    return parts(fit, "coefficients", "effects")


def of_changed(panel):
    fit = change_model(
        panel, "origin * gender", item="opinion", waves=["w1", "w2"], outcome="changed"
    )
    return parts(fit, "coefficients", "effects")


def of_first_changes(panel):
    fit = hazard(panel, "gender + age", item="opinion", link="cloglog")
    return parts(fit, "coefficients", "effects")


def of_answers(panel):
    fit = answer_model(panel, "gender + wave", item="opinion", kind="ordered")
    return parts(fit, "coefficients", "effects")


def of_latent(panel):
    fit = latent_markov(panel, "opinion", by="gender", latent=2, starts=3)
    return parts(fit, "response", "initial", "transitions", "turnover")


MEASURES = {
    "paths": lambda panel: paths(panel, "opinion", by="gender", min_n=15),
    "paths, base panel": lambda panel: paths(panel, "opinion", base="panel", min_n=1),
    "stable core": lambda panel: stable_core(panel, "opinion", by=["gender", "age"]),
    "first change": lambda panel: first_change(panel, "opinion"),
    "unchanged": lambda panel: unchanged(panel, "opinion", by="gender", reference="rest"),
    "hazard": of_first_changes,
    "answers": of_answers,
    "returns": lambda panel: returns(panel, "opinion", by="age", reference="rest"),
    "number of changes": lambda panel: number_of_changes(panel, "opinion", by="gender"),
    "mean changes": lambda panel: number_of_changes(panel, "opinion", mean=True),
    "typology": of_typology,
    "typology as a domain": of_domain,
    "missing at random": lambda panel: missing_at_random(panel, "opinion", by="gender"),
    "with entrants": lambda panel: missing_at_random(panel, "opinion", entrants=True),
    "response model": lambda panel: parts(
        response_model(panel, "opinion"), "flows", "transitions", "response"
    ),
    "heise": lambda panel: reliability(panel, "opinion", by="gender"),
    "mover-stayer": lambda panel: parts(
        mover_stayer(panel, "opinion", by="gender"), "stayers", "movers"
    ),
    "latent Markov": of_latent,
    "change model": of_change,
    "changed or not": of_changed,
    "error sensitivity": lambda panel: error_sensitivity(panel, "opinion", response=0.02),
    "corrected flows": lambda panel: error_sensitivity(
        panel, "opinion", response=0.02, by="gender", measure="flows"
    ),
    "error rates": lambda panel: error_sensitivity(panel, "opinion"),
    "break even": lambda panel: break_even(panel, "opinion"),
}
TESTS = {
    "stationarity": lambda panel: stationarity(panel, "opinion", by="gender"),
    "homogeneity": lambda panel: homogeneity(panel, "opinion", by="gender"),
    "order": lambda panel: markov_order(panel, "opinion"),
    "change model": lambda panel: change_model(
        panel, "gender + age", item="opinion", waves=["w1", "w3"]
    ).test("age"),
}


def assert_same(found, expected):
    pd.testing.assert_frame_equal(found.labels, expected.labels)
    np.testing.assert_allclose(found.value, expected.value, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found.std_error, expected.std_error, rtol=1e-8, atol=1e-9)
    np.testing.assert_array_equal(found.n, expected.n)
    np.testing.assert_array_equal(found.df, expected.df)
    np.testing.assert_allclose(found.n_effective, expected.n_effective, rtol=1e-10)
    assert found.about == expected.about


def assert_all_same(found, expected):
    if not isinstance(expected, list):
        found, expected = [found], [expected]
    for one, other in zip(found, expected, strict=True):
        assert_same(one, other)


@pytest.mark.parametrize("engine", [pytest.param("duckdb", marks=pytest.mark.slow), "polars"])
@pytest.mark.parametrize("name", MEASURES)
def test_measures(name, engine):
    panel = panel_of("clustered")
    expected, found = (MEASURES[name](data) for data in (panel, on_engine(panel, engine)))
    assert_all_same(found, expected)


@pytest.mark.parametrize("design", ["people", "strata"])
@pytest.mark.parametrize("name", ["paths", "mover-stayer", "latent Markov", "change model"])
def test_people_as_their_own_psus(name, design):
    panel = panel_of(design)
    expected, found = (MEASURES[name](data) for data in (panel, on_engine(panel, "polars")))
    assert_all_same(found, expected)


@pytest.mark.parametrize("design", ["strata", "clustered"])
@pytest.mark.parametrize("name", ["paths", "mover-stayer"])
def test_raked_weights(name, design):
    panel, totals = panel_of(design), {"age": {"18-34": 100.0, "35-54": 150.0, "55+": 170.0}}
    lazy = op.rake(on_engine(panel, "polars"), totals)
    expected, found = (MEASURES[name](data) for data in (op.rake(panel, totals), lazy))
    assert_all_same(found, expected)


@pytest.mark.parametrize("name", ["paths", "mover-stayer", "with entrants", "change model"])
def test_replicate_weights(name):
    panel = panel_of("clustered", replicates=30)
    # The codes of PSUs travel as a group, as nothing else of a replicate design is by person.
    unit = panel.replicates["w1"].unit
    codes = np.asarray(unit.codes)
    group = replace(panel.groups["gender"], codes=codes, by_wave=np.tile(codes, (3, 1)))
    lazy = on_engine(replace(panel, groups={**panel.groups, "unit": group}), "polars")
    factors = ByCode(lazy.groups["unit"].codes, unit.table)
    replicates = {wave: ReplicateWeights((lazy.weights[wave],), factors) for wave in WAVES}
    found = MEASURES[name](replace(lazy, replicates=replicates))
    expected = MEASURES[name](panel)
    assert_all_same(found, expected)


@pytest.mark.parametrize("name", TESTS)
def test_tests(name):
    panel = panel_of("clustered")
    expected, found = (TESTS[name](data) for data in (panel, on_engine(panel, "duckdb")))
    assert (found.name, found.note) == (expected.name, expected.note)
    for figure in ("statistic", "df1", "df2", "pvalue"):
        assert getattr(found, figure) == pytest.approx(getattr(expected, figure), rel=1e-7)


def test_likelihoods_and_notes():
    panel = panel_of("clustered")
    lazy = on_engine(panel, "duckdb")
    for model, tables in ((mover_stayer, ["likelihoods"]), (latent_markov, ["fits"])):
        arguments = {"starts": 3} if model is latent_markov else {}
        expected, found = (model(data, "opinion", **arguments) for data in (panel, lazy))
        for name in tables:
            pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name))
        assert str(found) == str(expected)


def test_people_do_not_leave_the_engine():
    lazy = on_engine(panel_of("clustered"), "polars")
    with pytest.raises(EngineError, match="one by one"):
        np.asarray(typology(lazy, "opinion").groups["typology"].codes)
