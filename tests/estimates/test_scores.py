"""Scores by kind of person against what the tally gives for the same figures."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from engine_frames import on_engine
from hypothesis import given, settings, strategies as st

import opinionpanel as op
from opinionpanel.design.sampling import compile_sampling
from opinionpanel.design.weights import PersonWeight
from opinionpanel.errors import DesignError
from opinionpanel.estimates.labels import label_rows
from opinionpanel.estimates.scores import kinds_of
from opinionpanel.measures.bases import base_of, cross_of, state_codes
from opinionpanel.strategies import panels

DESIGNS = ["people", "strata", "clustered", "fpc", "finite people", "jackknife", "bootstrap"]
CALIBRATIONS = ["none", "raked", "linear", "post-stratified", "twice", "trimmed"]
STATES = ("a", "b", "c")


def people(seed, number=120):
    """Two waves with drop-out, three strata of PSUs, a weight for each wave, and a margin."""
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 3, number)
    second = np.where(rng.random(number) < 0.6, first, rng.integers(0, 3, number))
    frame = pd.DataFrame({"stratum": np.arange(number) % 3, "psu": np.arange(number) % 18})
    frame["fpc"] = np.array([9, 6, 40])[frame["stratum"]]
    frame["population"] = np.array([50, 80, 400])[frame["stratum"]]
    for wave, codes in (("w1", first), ("w2", second)):
        frame[wave] = np.array(STATES)[codes]
        frame.loc[rng.random(number) < 0.15, wave] = None
        frame[f"weight_{wave}"] = rng.lognormal(0, 0.6, number).round(3)
    frame["gender"] = np.array(["man", "woman"])[rng.integers(0, 2, number)]
    frame["age"] = np.array(["18-34", "35-54", "55+"])[rng.integers(0, 3, number)]
    return frame


def declared(kind):
    weight = {"w1": "weight_w1", "w2": "weight_w2"}
    if kind == "people":
        return op.Design(weight=weight)
    if kind == "strata":
        return op.Design(weight=weight, stratum="stratum")
    if kind == "finite people":
        return op.Design(weight=weight, stratum="stratum", fpc="population")
    design = op.Design(weight=weight, stratum="stratum", psu="psu")
    if kind == "fpc":
        return replace(design, fpc="fpc")
    if kind == "jackknife":
        return design.as_replicates("jkn")
    if kind == "bootstrap":
        return design.as_replicates("bootstrap", replicates=20, seed=3)
    return design


def panel_of(design, calibration, seed=1):
    item = op.Item({"w1": "w1", "w2": "w2"}, {state: [state] for state in STATES})
    panel = op.Panel.from_wide(
        people(seed), items={"opinion": item}, groups=["gender", "age"], design=declared(design)
    )
    gender = {"man": 60.0, "woman": 80.0}
    age = {"18-34": 40.0, "35-54": 50.0, "55+": 50.0}
    if calibration in ("raked", "twice"):
        panel = op.rake(panel, {"gender": gender, "age": age})
    if calibration == "linear":
        panel = op.calibrate(panel, {"gender": gender, "age": age}, method="linear")
    if calibration == "post-stratified":
        panel = op.poststratify(panel, {"age": age})
    if calibration == "twice":
        panel = op.poststratify(panel, {"age": {"18-34": 50.0, "35-54": 50.0, "55+": 40.0}})
    if calibration == "trimmed":
        panel = op.trim_weights(op.rake(panel, {"gender": gender}), upper=2.0)
    return panel


def tallied(panel, groups):
    """People by group, origin and destination, as the tally has them."""
    names = ["w1", "w2"]
    states, codes = state_codes(panel, "opinion", names, "answered")
    inside, weight = base_of(panel, "opinion", names, ("w1", "w2"), "answered")
    sizes = [len(states)] * 2
    code = cross_of(panel, groups, "w1", [codes[name] for name in names], sizes, inside)
    return code.codes(), weight, len(states)


def alone(inside):
    """Make everyone inside a kind of their own."""
    return np.where(inside, np.arange(len(inside)), -1)


def ratio(panel, weight, codes, expected, numerator, domain):
    """Ratios of totals through scores: `numerator` and `domain` by kind and value."""

    def fit(sums):
        below = sums @ domain
        return np.divide(sums @ numerator, below, out=np.full(len(below), np.nan), where=below > 0)

    kinds = kinds_of(panel.sampling, weight, codes, len(numerator))
    value = fit(kinds.totals)
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = (numerator - value * domain) / (kinds.totals @ domain)
    return kinds.estimates(
        expected.named,
        value,
        base=domain.T > 0,
        scores=scores,
        refit=fit,
        about=expected.about,
        unit="share",
        what="shares",
    )


def through_scores(panel, expected, groups, measure, people=False):
    """Transitions or total turnover by group; the cells as kinds, or everyone as one."""
    codes, weight, k = tallied(panel, groups)
    cells = len(expected) * (1 if measure == "transitions" else k * k)
    code = codes if people else np.arange(cells)
    tables = len(expected) // (k * k) if measure == "transitions" else len(expected)
    numerator, domain = [], []
    for table in range(tables):
        in_table = (code >= 0) & (code // (k * k) == table)
        origin, destination = code // k % k, code % k
        if measure == "turnover":
            numerator.append(in_table & (origin != destination))
            domain.append(in_table)
            continue
        for i in range(k):
            for j in range(k):
                numerator.append(in_table & (origin == i) & (destination == j))
                domain.append(in_table & (origin == i))
    columns = [np.array(part, dtype=float).T for part in (numerator, domain)]
    return ratio(panel, weight, alone(codes >= 0) if people else codes, expected, *columns)


def assert_same(found, expected):
    np.testing.assert_allclose(found.value, expected.value, rtol=1e-12)
    # A group within one PSU has no variance but that of rounding: shares are of order 1.
    np.testing.assert_allclose(found.covariance, expected.covariance, rtol=1e-8, atol=1e-13)
    np.testing.assert_array_equal(found.df, expected.df)
    np.testing.assert_array_equal(found.n, expected.n)
    np.testing.assert_allclose(found.n_effective, expected.n_effective, rtol=1e-12)


@pytest.mark.parametrize("calibration", CALIBRATIONS)
@pytest.mark.parametrize("design", DESIGNS)
def test_ratios_are_those_of_the_tally(design, calibration):
    panel = panel_of(design, calibration)
    moves = op.transitions(panel, "opinion", by="gender")
    moved = op.turnover(panel, "opinion", by="age").select(component="total")
    for people in (False, True):
        assert_same(through_scores(panel, moves, ["gender"], "transitions", people), moves)
        assert_same(through_scores(panel, moved, ["age"], "turnover", people), moved)


@settings(max_examples=15)
@given(panels(waves=(2, 2)), st.sampled_from(["transitions", "turnover"]))
def test_any_panel(panel, measure):
    # Empty groups and rows are among them: NaN without people or degrees of freedom.
    expected = getattr(op, measure)(panel, "opinion", by="gender")
    if measure == "turnover":
        expected = expected.select(component="total")
    assert_same(through_scores(panel, expected, ["gender"], measure), expected)


@pytest.mark.parametrize("design", ["people", "clustered", "fpc"])
def test_a_value_without_a_derivative_has_no_error_and_spoils_no_other(design):
    panel = panel_of(design, "raked")
    moved = op.turnover(panel, "opinion", by="age").select(component="total")
    code, weight, k = tallied(panel, ["age"])
    group = np.where(code >= 0, code // (k * k), -1)
    scores, base = np.zeros((len(code), 3)), group == np.arange(3)[:, None]
    for place, value in enumerate(moved.value):
        inside = group == place
        changed = code // k % k != code % k
        scores[inside, place] = (changed[inside] - value) / weight.values[inside].sum()
    scores[:, 1] = np.nan
    kinds = kinds_of(panel.sampling, weight, alone(group >= 0), len(group))
    found = kinds.estimates(
        moved.named,
        moved.value,
        base=base,
        scores=scores,
        refit=lambda sums: sums,
        about=moved.about,
        unit="share",
        what="shares",
    )
    assert np.isnan(found.covariance[1]).all()
    assert np.isnan(found.covariance[:, 1]).all()
    np.testing.assert_allclose(
        found.covariance[np.ix_([0, 2], [0, 2])], moved.covariance[np.ix_([0, 2], [0, 2])]
    )
    np.testing.assert_array_equal(found.value, moved.value)
    np.testing.assert_array_equal(found.n, moved.n)


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
@pytest.mark.parametrize("design", ["people", "strata", "clustered"])
def test_people_on_an_engine(design, engine):
    panel = panel_of(design, "none")
    moves = op.transitions(panel, "opinion", by="gender")
    found = through_scores(on_engine(panel, engine), moves, ["gender"], "transitions")
    assert_same(found, moves)


def test_replicate_designs_need_replicates_of_the_weight():
    panel = panel_of("bootstrap", "none")
    _, weight, _ = tallied(panel, [])
    kinds = kinds_of(
        panel.sampling,
        replace(weight, replicates=None),
        np.zeros(len(weight.values), dtype=int),
        1,
    )
    about = op.flows(panel, "opinion").about
    with pytest.raises(DesignError, match="no replicate weights for"):
        kinds.estimates(
            label_rows({"state": ["a"]}),
            np.zeros(1),
            base=np.ones((1, 1), dtype=bool),
            scores=np.zeros((1, 1)),
            refit=lambda sums: np.zeros(1),
            about=about,
            unit="number",
            what="shares",
        )


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_covariance_of_totals_by_its_formula(seed, clustered):
    rng = np.random.default_rng(seed)
    stratum = np.arange(30) % 3
    psu = np.arange(30) % 12 if clustered else None
    design = op.Design(weight="w", stratum="s", psu="p" if clustered else None)
    sampling = compile_sampling(design, np.ones(30, dtype=bool), stratum, psu, None)
    rows = rng.normal(size=(30, 2))
    expected = np.zeros((2, 2))
    units = psu if clustered else np.arange(30)
    for h in range(3):
        inside = stratum == h
        sums = np.array([rows[inside & (units == unit)].sum(axis=0) for unit in set(units[inside])])
        expected += len(sums) * np.cov(sums.T)
    weight = PersonWeight(np.ones(30), "the weight")
    kinds = kinds_of(sampling, weight, np.arange(30), 30)
    np.testing.assert_allclose(kinds.covariance(rows).full, expected, atol=1e-9)
