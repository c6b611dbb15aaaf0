"""Replicate weights by code: the same as those of each person, in memory and on engines."""

import numpy as np
import pandas as pd
import pytest
from engine_frames import DASK, on_engine
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel import engines
from opinionpanel.design import replicate_weights
from opinionpanel.design.degrees_of_freedom import ReplicateMembers
from opinionpanel.design.replicate_weights import ByCode, ReplicateWeights, multiplied
from opinionpanel.design.resampling import resample
from opinionpanel.errors import EngineError

PEOPLE, PSUS, REPLICATES = 40, 6, 9


def made(seed):
    """Replicates by PSU, the same person by person, and a generator for more."""
    rng = np.random.default_rng(seed)
    weight = rng.lognormal(size=PEOPLE) * (rng.random(PEOPLE) < 0.8)
    unit = ByCode(rng.integers(0, PSUS, PEOPLE), rng.exponential(size=(PSUS, REPLICATES)))
    return ReplicateWeights((weight,), unit), weight[:, None] * unit.table[unit.codes], rng


def changes(rng, size=4):
    return rng.integers(-1, size, PEOPLE), rng.exponential(size=(size, REPLICATES))


@pytest.mark.parametrize("most", [0, 10**6])
@given(seed=st.integers(0, 2**32 - 1), times=st.integers(0, 3))
def test_by_code_is_the_same_as_person_by_person(most, seed, times):
    replicates, dense, rng = made(seed)
    for _ in range(times):
        codes, table = changes(rng)
        replicates, dense = multiplied(replicates, codes, table), multiplied(dense, codes, table)
    assert replicates.shape == dense.shape
    np.testing.assert_allclose(np.asarray(replicates), dense, rtol=1e-12)
    np.testing.assert_allclose(replicates[:, 2], dense[:, 2], rtol=1e-12)
    cells = rng.integers(-1, 5, PEOPLE)
    with pytest.MonkeyPatch.context() as patched:
        # With 0 the table is one of few places, with many it is a whole one.
        patched.setattr(replicate_weights, "MOST_NUMBERS", most)
        found = engines.column_sums(cells, 5, replicates)
    np.testing.assert_allclose(found, engines.column_sums(cells, 5, dense), rtol=1e-12, atol=1e-12)


@given(st.integers(0, 2**32 - 1))
def test_degrees_of_freedom_are_those_of_people(seed):
    replicates, dense, rng = made(seed)
    codes = np.where(dense.any(axis=1), rng.integers(-1, 3, PEOPLE), -1)
    domains = np.array([[1, 0, 0], [0, 1, 1], [1, 1, 1]], dtype=bool)
    by_code, by_person = (
        ReplicateMembers([codes], [3], [weights], None).df(domains)
        for weights in (replicates, dense)
    )
    np.testing.assert_array_equal(by_code, by_person)


def frame(seed=3, strata=3, per_stratum=4, each=12):
    rng = np.random.default_rng(seed)
    units = strata * per_stratum
    unit = np.arange(units * each) % units
    first = rng.choice([0.0, 1, 2], len(unit))
    second = np.where(rng.random(len(unit)) < 0.5, rng.choice([0.0, 1, 2], len(unit)), first)
    weight = rng.lognormal(0, 0.4, len(unit))
    weight[::17] = 0.0
    factors = rng.exponential(size=(units, 15))
    columns = {f"rep_{place}": weight * factors[unit, place] for place in range(15)}
    return pd.DataFrame(
        {
            "a": first,
            "b": np.where(rng.random(len(unit)) < 0.25, np.nan, second),
            "w": weight,
            "psu": unit,
            "stratum": unit % strata,
            "sex": rng.choice(["m", "f"], len(unit)),
            "age": rng.choice(["young", "old"], len(unit)),
            **columns,
        }
    )


CLUSTERED = op.Design(weight="w", stratum="stratum", psu="psu")
DESIGNS = {
    "PSUs": CLUSTERED,
    "made": CLUSTERED.as_replicates("jkn"),
    "delivered": op.ReplicateDesign.bootstrap(weight="w", replicates="rep_*"),
}
HALVES = {"sex": {"m": 0.48, "f": 0.52}, "age": {"young": 0.4, "old": 0.6}}
CROSSED = {("sex", "age"): {(s, a): 0.25 for s in "mf" for a in ("young", "old")}}


def panel_of(design):
    item = op.Item({"a": "a", "b": "b"}, {"yes": [0], "unsure": [1], "no": [2]})
    return op.Panel.from_wide(frame(), items={"x": item}, groups=["sex", "age"], design=design)


def weighted(panel):
    """The panel raked, raked again, and weighted against drop-out."""
    once = op.rake(panel, HALVES)
    twice = op.calibrate(once, CROSSED)
    return {
        "as it is": panel,
        "raked": once,
        "twice": twice,
        "attrition": op.attrition_weights(twice, "x", groups=["sex"]),
    }


def check_same(one, other):
    np.testing.assert_allclose(one.value, other.value, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(one.std_error, other.std_error, rtol=1e-8, atol=1e-10)
    np.testing.assert_array_equal(one.n, other.n)
    np.testing.assert_array_equal(one.df, other.df)


@pytest.mark.parametrize(
    ("design", "name"),
    [
        *((design, "polars") for design in DESIGNS),
        pytest.param("PSUs", "duckdb", marks=pytest.mark.slow),
    ],
)
def test_weights_on_an_engine_give_what_they_give_in_memory(design, name):
    panel = panel_of(DESIGNS[design])
    here, there = weighted(panel), weighted(on_engine(panel, name))
    for what, one in here.items():
        other = there[what]
        if name == "duckdb" and what in ("raked", "twice"):
            # Every one of its queries takes a while: once, with all of it, is enough.
            continue
        assert one.notes == other.notes
        check_same(op.transitions(one, "x", by="sex"), op.transitions(other, "x", by="sex"))
        summaries = [op.weights_summary(each) for each in (one, other)]
        for part in ("weights", "margins"):
            frames = (getattr(summary, part) for summary in summaries)
            pd.testing.assert_frame_equal(*frames, rtol=1e-9)
    effects = (
        op.weight_effects(all_of["as it is"], all_of["attrition"], "x") for all_of in (here, there)
    )
    check_same(*effects)


def test_factors_as_wide_as_people_do_not_leave_the_engine():
    lazy = on_engine(panel_of(op.Design(weight="w")), "polars")
    resampling = op.Design(weight="w").as_replicates("bootstrap")
    with pytest.raises(EngineError, match=r"people one by one.*Declare PSUs"):
        resample(resampling, lazy.sampling, lazy.weights["a"] > 0, stratum_by_stratum=False)
    with pytest.raises(EngineError, match=r"in the order of their size.*method='logit'"):
        op.trim_weights(lazy, upper=2)
    replicates = on_engine(panel_of(DESIGNS["made"]), "polars").replicates["a"]
    with pytest.raises(EngineError, match="people one by one"):
        np.asarray(replicates)


@DASK
@pytest.mark.slow
def test_the_median_that_dask_does_not_have_is_left_out():
    panel = panel_of(op.Design(weight="w"))
    one, other = (op.weights_summary(each).weights for each in (panel, on_engine(panel, "dask")))
    assert other["median"].isna().all()
    pd.testing.assert_frame_equal(one.drop(columns="median"), other.drop(columns="median"))


def test_refusals_on_an_engine_are_those_in_memory():
    panel = panel_of(DESIGNS["PSUs"])
    for targets in ({"sex": {"m": 1.0}}, {"sex": {"m": 10.0, "f": 20.0, "x": 5.0}}):
        texts = []
        for each in (panel, on_engine(panel, "polars")):
            with pytest.raises(op.OpinionPanelError) as refusal:
                op.rake(each, targets)
            texts.append(str(refusal.value))
        assert texts[0] == texts[1]
