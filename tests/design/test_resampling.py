"""Replicates made from a design: exact for totals, close to linearisation with many PSUs."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import opinionpanel as op
from opinionpanel.design.resampling import resample
from opinionpanel.design.sample_design import Design
from opinionpanel.design.sampling import Replication, compile_sampling
from opinionpanel.design.weights import PersonWeight
from opinionpanel.errors import DesignError
from opinionpanel.estimates.labels import label_rows
from opinionpanel.estimates.totals import tally, weighted_cells
from opinionpanel.strategies import panel_parts, panels

MEASURES = [op.shares, op.flows, op.transitions, op.net_change, op.turnover]
REPLICATED = ["jackknife", "replicates"]
LABELS = label_rows({"cell": ["a", "b", "c"]})


def both_totals(seed, kind, *, strata, per_stratum, clustered=True, fpc=False):
    """The same two cell variables, linearised and replicated."""
    rng = np.random.default_rng(seed)
    units = strata * per_stratum
    people = 4 * units if clustered else units
    unit = np.arange(people) % units
    stratum = unit % strata
    design = Design(weight="w", stratum="s" if strata > 1 else None, fpc="N" if fpc else None)
    inside = np.ones(people, dtype=bool)
    population = (rng.integers(per_stratum + 1, 99, strata)[stratum]).astype(float)
    sampling = compile_sampling(
        design,
        inside,
        stratum if strata > 1 else None,
        unit if clustered else None,
        population if fpc else None,
    )
    options = {"replicates": 4000} if kind == "bootstrap" else {}
    resampled = resample(
        design.as_replicates(kind, **options), sampling, inside, stratum_by_stratum=False
    )
    constants = resampled.design
    replication = Replication(
        constants.kind, constants.scale, np.array(constants.rscales), constants.mse, None
    )
    weights = [rng.lognormal(size=people) for _ in range(2)]
    codes = [rng.integers(-1, 3, people) for _ in range(2)]
    plain = [PersonWeight(values, "w") for values in weights]
    replicated = [PersonWeight(w, "w", resampled.replicates(w)) for w in weights]
    one, other = (
        [weighted_cells(code, weight, LABELS) for code, weight in zip(codes, of, strict=True)]
        for of in (plain, replicated)
    )
    return tally(sampling, one), tally(replication, other)


@pytest.mark.parametrize("clustered", [False, True])
@given(
    seed=st.integers(0, 2**32 - 1),
    strata=st.integers(1, 4),
    per_stratum=st.integers(2, 5),
    fpc=st.booleans(),
    kind=st.sampled_from(["jk1", "jkn"]),
)
def test_jackknives_of_totals_are_linearisation(clustered, seed, strata, per_stratum, fpc, kind):
    # Totals are linear, so that leaving one PSU out is their derivative: with two PSUs in each
    # stratum, and with more.
    strata = 1 if kind == "jk1" else strata
    shape = {"strata": strata, "per_stratum": per_stratum, "clustered": clustered, "fpc": fpc}
    linear, replicated = both_totals(seed, kind, **shape)
    np.testing.assert_allclose(linear.value, replicated.value, rtol=1e-13)
    scale = np.abs(linear.covariance).max()
    np.testing.assert_allclose(
        replicated.covariance, linear.covariance, rtol=1e-9, atol=1e-11 * scale
    )


@pytest.mark.parametrize("fpc", [False, True])
def test_bootstrap_of_totals_has_the_linear_variance_in_the_mean(fpc):
    # Its expectation is exact (Rao & Wu 1988); 4,000 replicates have an error of some 2 %.
    linear, replicated = both_totals(5, "bootstrap", strata=3, per_stratum=4, fpc=fpc)
    ratio = np.diag(replicated.covariance) / np.diag(linear.covariance)
    assert np.abs(ratio - 1).max() < 0.1
    assert np.abs(ratio.mean() - 1) < 0.05


def many_psus(seed=11, strata=6, per_stratum=10):
    rng = np.random.default_rng(seed)
    units = strata * per_stratum
    unit = np.arange(units * 20) % units
    lean = rng.normal(0, 0.5, units)[unit]
    first = np.digitize(lean + rng.normal(size=len(unit)), [-0.4, 0.6])
    moved = rng.random(len(unit)) < 0.35
    second = np.where(moved, np.digitize(lean + rng.normal(size=len(unit)), [-0.6, 0.3]), first)
    return pd.DataFrame(
        {
            "a": first,
            "b": second,
            "w": rng.lognormal(0, 0.4, len(unit)),
            "psu": unit,
            "stratum": unit % strata,
            "sex": rng.choice(["m", "f"], len(unit)),
        }
    )


def panel_of(frame, design):
    item = op.Item({"a": "a", "b": "b"}, {"yes": [0], "unsure": [1], "no": [2]})
    return op.Panel.from_wide(frame, items={"x": item}, groups=["sex"], design=design)


@pytest.mark.parametrize(
    ("kind", "options", "bound"),
    [("jk1", {}, 0.03), ("jkn", {}, 0.03), ("bootstrap", {"replicates": 400}, 0.15)],
)
def test_many_psus_bring_replicates_close_to_linearisation(kind, options, bound):
    frame = many_psus()
    design = op.Design(weight="w", psu="psu", stratum=None if kind == "jk1" else "stratum")
    linear = panel_of(frame, design)
    made = panel_of(frame, design.as_replicates(kind, **options))
    for measure in MEASURES:
        by_linear, by_replicates = (measure(panel, "x", by="sex") for panel in (linear, made))
        np.testing.assert_allclose(by_linear.value, by_replicates.value)
        ratio = by_replicates.std_error / by_linear.std_error
        assert np.abs(ratio - 1).max() < bound, measure
        # As in R, a stratum does not cost a degree where a domain lacks one of its PSUs.
        assert (by_replicates.df >= by_linear.df).all()
        assert (by_replicates.df <= len(frame["psu"].unique()) - 1).all()
    f = [op.marginal_homogeneity(panel, "x").statistic for panel in (linear, made)]
    assert f[1] / f[0] == pytest.approx(1, abs=3 * bound)


def test_the_bootstrap_comes_out_the_same_again_and_in_any_order():
    frame = many_psus(strata=2, per_stratum=5)
    design = op.Design(weight="w", stratum="stratum", psu="psu")

    def error(frame, **options):
        return op.turnover(
            panel_of(frame, design.as_replicates("bootstrap", replicates=50, **options)), "x"
        ).std_error

    np.testing.assert_allclose(error(frame), error(frame[::-1]))
    np.testing.assert_array_equal(error(frame), error(frame, seed=1))
    assert (error(frame) != error(frame, seed=2)).all()


def test_the_panel_shows_the_constants():
    frame = many_psus(strata=2, per_stratum=5)
    design = op.Design(weight="w", stratum="stratum", psu="psu")
    panel = panel_of(frame, design.as_replicates("jkn"))
    assert isinstance(panel.design, op.ReplicateDesign)
    text = "made from stratum stratum, psu psu (JKn, scale 1, rscales 0.8)"
    assert text in str(panel)
    assert text in repr(panel.design)
    assert op.shares(panel, "x").about.design == "10 JKn replicate weights"
    boot = panel_of(frame, design.as_replicates("bootstrap", replicates=101, mse=True)).design
    assert (boot.scale, boot.mse) == (0.01, True)
    assert "seed 1 (bootstrap, scale 0.01, rscales 1, mse)" in str(boot)


def test_strata_without_sampling_error_have_no_replicates():
    frame = many_psus(strata=3, per_stratum=4)
    frame = frame[(frame["stratum"] > 0) | (frame["psu"] == 0)]
    frame["N"] = np.where(frame["stratum"] == 2, 4, 40)
    design = op.Design(weight="w", stratum="stratum", psu="psu", fpc="N", lonely_psu="certainty")
    made = panel_of(frame, design.as_replicates("jkn"))
    assert made.design.rscales == pytest.approx([0.75 * 0.9] * 4)
    for kind in ("jkn", "bootstrap"):
        panel = panel_of(frame, design.as_replicates(kind))
        outside = frame["stratum"].to_numpy() != 1
        weights = panel.replicates["a"][outside]
        np.testing.assert_allclose(weights, np.repeat(weights[:, :1], weights.shape[1], axis=1))
    with pytest.raises(DesignError, match="nothing to resample"):
        panel_of(frame[frame["stratum"] == 2], design.as_replicates("jkn"))
    with pytest.raises(DesignError, match="hold a single PSU"):
        panel_of(frame, replace(design, lonely_psu="fail").as_replicates("jkn"))


def test_a_jackknife_of_very_many_people_is_refused():
    frame = many_psus()
    with pytest.raises(DesignError, match=r"1,200 replicates, one for each person.*bootstrap"):
        panel_of(frame, op.Design(weight="w").as_replicates("jk1"))
    made = panel_of(frame, op.Design(weight="w").as_replicates("bootstrap", replicates=20))
    assert made.replicates["b"].shape == (1200, 20)
    unweighted = op.Design(weight=None, psu="psu").as_replicates("jk1")
    assert "unweighted" in op.flows(panel_of(frame, unweighted), "x").about.weight


def test_a_waves_file_is_enough(build):
    design = op.Design(weight="wgt", stratum="region", psu="village")
    linear, made = build(design=design), build(design=design.as_replicates("jkn"))
    assert set(made.replicates) == {"Jul", "Nov"}
    change = [op.turnover(panel, "support") for panel in (linear, made)]
    np.testing.assert_allclose(change[0].value, change[1].value, rtol=1e-13)
    assert (made.replicates["Nov"][made.weights["Nov"] == 0] == 0).all()


@settings(max_examples=15)
@given(panels(designs=REPLICATED), st.sampled_from(["answered", "balanced", "panel"]))
def test_every_measure_has_a_covariance_that_can_be(panel, base):
    for measure in MEASURES:
        estimates = measure(panel, "opinion", base=base, by="gender")
        known = np.isfinite(estimates.std_error)
        # Where a value has no error, a replicate has emptied its base.
        assert (known | np.isnan(estimates.value) | (estimates.df == 0) | tied(estimates)).all()
        covariance = estimates.covariance[np.ix_(known, known)]
        assert np.isfinite(covariance).all()
        scale = max(np.abs(covariance).max(initial=0.0), 1e-4)
        assert np.linalg.eigvalsh(covariance).min(initial=0.0) >= -1e-8 * scale


def tied(estimates):
    if "component" not in estimates.labels:
        return np.zeros(len(estimates), dtype=bool)
    return (estimates.labels["component"] == "net").to_numpy() & (estimates.value < 1e-12)


@settings(max_examples=15)
@given(
    panel_parts(designs=REPLICATED, weights=["constant", "varying", "longitudinal"]),
    st.sampled_from(MEASURES),
    st.floats(1e-3, 1e6),
)
def test_scaling_weights_and_replicates_changes_nothing(parts, measure, factor):
    frames = {
        wave: frame.assign(**{c: frame[c] * factor for c in frame if c.startswith("weight")})
        for wave, frame in parts.frames.items()
    }
    one, other = (
        measure(each.panel(), "opinion") for each in (parts, replace(parts, frames=frames))
    )
    np.testing.assert_allclose(one.value, other.value, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(one.covariance, other.covariance, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(one.df, other.df)


@pytest.mark.parametrize("kind", ["jkn", "bootstrap"])
def test_every_replicate_keeps_the_size_of_every_stratum(kind):
    """With two PSUs in a stratum as with many: the weights add up to what they did."""
    stratum = np.repeat([0, 1, 2], [2, 3, 7])
    inside = np.ones(12, dtype=bool)
    design = Design(weight="w", stratum="s", psu="p")
    sampling = compile_sampling(design, inside, stratum, np.arange(12), None)
    options = {"replicates": 60} if kind == "bootstrap" else {}
    found = resample(
        design.as_replicates(kind, **options), sampling, inside, stratum_by_stratum=False
    )
    factors = found.factors[found.unit]
    for place, size in enumerate((2, 3, 7)):
        np.testing.assert_allclose(factors[stratum == place].sum(axis=0), size)
    assert factors[:2].max() == pytest.approx(2.0)


def test_a_jackknife_has_a_thousand_replicates_at_most():
    design = Design(weight="w", psu="p")
    for psus in (1000, 1001):
        inside = np.ones(psus, dtype=bool)
        sampling = compile_sampling(design, inside, None, np.arange(psus), None)
        if psus == 1000:
            resampled = resample(
                design.as_replicates("jk1"), sampling, inside, stratum_by_stratum=False
            )
            assert resampled.factors.shape == (1000, 1000)
        else:
            with pytest.raises(DesignError, match=r"1,001 replicates.*most is 1,000"):
                resample(design.as_replicates("jk1"), sampling, inside, stratum_by_stratum=False)


@pytest.mark.parametrize("clustered", [False, True])
def test_replicates_of_psus_are_kept_by_psu_those_of_people_by_person(clustered):
    """A million people in 100 PSUs need no table of a million rows."""
    inside, psu = np.ones(6, dtype=bool), np.array([0, 0, 1, 1, 2, 2])
    design = Design(weight="w", psu="p" if clustered else None)
    sampling = compile_sampling(design, inside, None, psu if clustered else None, None)
    resampled = resample(design.as_replicates("jk1"), sampling, inside, stratum_by_stratum=False)
    replicates = resampled.replicates(np.arange(1.0, 7.0))
    assert isinstance(replicates, np.ndarray) != clustered
    assert replicates.shape == (6, 3 if clustered else 6)
