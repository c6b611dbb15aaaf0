"""Waves as samples of a finite population: fractions by wave, and what two waves share, by hand."""

import numpy as np
import pandas as pd
import polars
import pytest
from hypothesis import assume, given, strategies as st

import opinionpanel as op
from opinionpanel.design.samples import possible, samples_of
from opinionpanel.design.sampling import compile_sampling
from opinionpanel.errors import DesignError
from opinionpanel.estimates.labels import label_rows
from opinionpanel.estimates.totals import tally, weighted_cells

WAVES = ("t1", "t2", "t3")


def frame_of(seed, people, *, strata=1, psus=0, kept=0.6):
    """People who come and go, with weights by wave and answers that are alike."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"id": range(people), "stratum": np.arange(people) % strata})
    frame["psu"] = frame["stratum"] + strata * rng.integers(0, max(psus, 1), people)
    answer = rng.choice(list("ab"), people)
    for wave in WAVES:
        answer = np.where(rng.random(people) < 0.7, answer, rng.choice(list("ab"), people))
        there = rng.random(people) < kept
        if psus:
            there &= frame["psu"] != rng.integers(strata * psus)
        frame[f"answer {wave}"] = np.where(there, answer, None)
        frame[f"weight {wave}"] = np.where(there, rng.lognormal(0, 0.5, people), 0.0)
    return frame


def panel_of(frame, *, weighted=True, groups=(), replicates=None, **declared):
    """Make a panel; `replicates` are the arguments of `as_replicates`."""
    weight = {wave: f"weight {wave}" if weighted else None for wave in WAVES}
    item = op.Item({wave: f"answer {wave}" for wave in WAVES}, {"a": ["a"], "b": ["b"]})
    design = op.Design(weight=weight, **declared)
    if replicates:
        design = design.as_replicates(**replicates)
    if not weighted:
        # Who is not interviewed is not in the file of the wave.
        waves = {
            wave: frame.loc[frame[f"answer {wave}"].notna()].rename(
                columns={f"answer {wave}": "answer"}
            )
            for wave in WAVES
        }
        item = op.Item("answer", {"a": ["a"], "b": ["b"]})
        return op.Panel.from_waves(waves, person="id", items={"answer": item}, design=design)
    return op.Panel.from_wide(
        frame, person="id", items={"answer": item}, groups=groups, design=design
    )


def some(frame, wave):
    return frame[f"answer {wave}"].notna().to_numpy()


def scores(frame, wave):
    """Linearised values of the share of a; 0 for those not interviewed."""
    weight = frame[f"weight {wave}"].to_numpy()
    is_a = (frame[f"answer {wave}"] == "a").to_numpy()
    share = weight @ is_a / weight.sum()
    return weight * (is_a - share) / weight.sum()


def by_hand(unit, stratum, population, first, second):
    """The formula of the docs from the totals of the units of two samples: dicts of unit."""
    found = 0.0
    for h in set(stratum.values()):
        one = {u: z for u, z in first.items() if stratum[u] == h}
        two = {u: z for u, z in second.items() if stratum[u] == h}
        both = sorted(set(one) & set(two))
        if len(both) < 2:
            return None
        left = 1 - len(one) * len(two) / (len(both) * population[h])
        found += left * len(both) * np.cov([one[u] for u in both], [two[u] for u in both])[0, 1]
    return found


def shares_by_hand(frame, population, unit):
    stratum = dict(zip(frame[unit], frame["stratum"], strict=True))
    totals = [
        frame.assign(z=scores(frame, wave))[some(frame, wave)].groupby(unit)["z"].sum().to_dict()
        for wave in WAVES
    ]
    return [[by_hand(unit, stratum, population, one, two) for two in totals] for one in totals]


@given(seed=st.integers(0, 2**32 - 1), people=st.integers(30, 80), more=st.integers(0, 60))
def test_means_of_overlapping_simple_random_samples(seed, people, more):
    # Cov = (m_ts / (m_t m_s) − 1 / N) S_ts, with S_ts among those in both.
    frame = frame_of(seed, people)
    population = people + more
    panel = panel_of(frame.assign(N=population), weighted=False, fpc="N")
    shares = op.shares(panel, "answer").select(state="a")
    expected = np.zeros((3, 3))
    for i, one in enumerate(WAVES):
        for j, two in enumerate(WAVES):
            both = some(frame, one) & some(frame, two)
            assume(both.sum() > 1)
            y = [(frame.loc[both, f"answer {wave}"] == "a").astype(float) for wave in (one, two)]
            sizes = some(frame, one).sum() * some(frame, two).sum()
            expected[i, j] = (both.sum() / sizes - 1 / population) * np.cov(*y)[0, 1]
    np.testing.assert_allclose(shares.std_error**2, np.diag(expected), rtol=1e-9, atol=1e-18)
    if np.linalg.eigvalsh(expected)[0] > 0:
        np.testing.assert_allclose(shares.covariance, expected, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize(("unit", "psus"), [("id", 0), ("psu", 6)])
@given(seed=st.integers(0, 2**32 - 1), size=st.sampled_from([1.0, 1e7]))
def test_strata_psus_and_weights_by_wave(unit, psus, seed, size):
    frame = frame_of(seed, 90, strata=2, psus=psus)
    frame[[f"weight {wave}" for wave in WAVES]] *= size
    units = frame.groupby("stratum")[unit].nunique()
    population = {h: int(units[h]) + 3 + 5 * h for h in units.index}
    expected = shares_by_hand(frame, population, unit)
    assume(not any(value is None for row in expected for value in row))
    expected = np.array(expected)
    declared = {} if unit == "id" else {"psu": "psu"}
    panel = panel_of(
        frame.assign(N=frame["stratum"].map(population)), stratum="stratum", fpc="N", **declared
    )
    shares = op.shares(panel, "answer").select(state="a")
    np.testing.assert_allclose(shares.std_error**2, np.diag(expected), rtol=1e-9)
    if np.linalg.eigvalsh(expected)[0] > 0:
        np.testing.assert_allclose(shares.covariance, expected, rtol=1e-8, atol=1e-15)
    assert np.linalg.eigvalsh(shares.covariance)[0] > -1e-12


def test_turnover_rests_on_those_at_both_waves():
    frame = frame_of(4, 200)
    panel = panel_of(frame.assign(N=220), weighted=False, fpc="N")
    both = some(frame, "t1") & some(frame, "t2")
    moved = (frame["answer t1"] != frame["answer t2"])[both].mean()
    m = both.sum()
    expected = np.sqrt((1 - m / 220) * moved * (1 - moved) / (m - 1))
    total = op.turnover(panel, "answer", waves=["t1", "t2"]).select(component="total")
    np.testing.assert_allclose(total.std_error, [expected])


def test_a_balanced_base_rests_on_those_at_all_waves():
    frame = frame_of(5, 200)
    panel = panel_of(frame.assign(N=220), weighted=False, fpc="N")
    everywhere = some(frame, "t1") & some(frame, "t2") & some(frame, "t3")
    stable = (frame[[f"answer {wave}" for wave in WAVES]].nunique(axis=1) == 1)[everywhere].mean()
    m = everywhere.sum()
    expected = np.sqrt((1 - m / 220) * stable * (1 - stable) / (m - 1))
    core = op.stable_core(panel, "answer")
    np.testing.assert_allclose(core.std_error[0], expected)


def test_a_wave_that_asked_everyone_leaves_the_next_its_error():
    frame = frame_of(6, 120)
    frame["answer t1"] = frame["answer t1"].fillna("b")
    panel = panel_of(frame.assign(N=120), weighted=False, fpc="N")
    shares = op.shares(panel, "answer", waves=["t1", "t2"]).select(state="a")
    m, q = some(frame, "t2").sum(), shares.value[1]
    np.testing.assert_allclose(
        shares.std_error, [0, np.sqrt((1 - m / 120) * q * (1 - q) / (m - 1))], atol=1e-12
    )
    change = shares.difference("wave", "t2", minus="t1")
    np.testing.assert_allclose(change.std_error, shares.std_error[1:])


def test_a_huge_population_is_none_but_for_the_lost():
    frame = frame_of(7, 150)
    finite = op.shares(panel_of(frame.assign(N=1e12), fpc="N"), "answer")
    infinite = op.shares(panel_of(frame), "answer")
    there = np.array([some(frame, wave).sum() for wave in WAVES])
    # Where nothing is declared the lost are rows of zeros: n / (n − 1) for m / (m − 1).
    n = np.any([some(frame, wave) for wave in WAVES], axis=0).sum()
    ratio = np.repeat(np.sqrt((there / (there - 1)) / (n / (n - 1))), 2)
    np.testing.assert_allclose(finite.std_error, infinite.std_error * ratio, rtol=1e-9)


@pytest.mark.parametrize("lonely", ["fail", "adjust", "certainty", "average"])
def test_a_stratum_with_one_person_left(lonely):
    frame = frame_of(8, 60, strata=3)
    left = frame.index[(frame["stratum"] == 2) & some(frame, "t2")]
    frame.loc[left[1:], ["answer t2", "weight t2"]] = [None, 0.0]
    panel = panel_of(frame.assign(N=50), stratum="stratum", fpc="N", lonely_psu=lonely)
    z = scores(frame, "t2")
    parts = []
    for h in range(3):
        inside = some(frame, "t2") & (frame["stratum"] == h).to_numpy()
        m, values = inside.sum(), z[inside]
        parts.append((1 - m / 50) * (m * values.var(ddof=1) if m > 1 else values[0] ** 2))
    expected = {
        "fail": sum(parts),
        "adjust": sum(parts),
        "certainty": sum(parts[:2]),
        "average": sum(parts[:2]) * 3 / 2,
    }[lonely]
    found = op.shares(panel, "answer", waves=["t2"]).std_error[0]
    np.testing.assert_allclose(found**2, expected, rtol=1e-9)


def test_people_and_psus_of_one_person_agree():
    frame = frame_of(9, 90, strata=3).assign(N=40)
    declared = {"stratum": "stratum", "fpc": "N"}
    for measure in (op.shares, op.transitions):
        people = measure(panel_of(frame, **declared), "answer")
        psus = measure(panel_of(frame, psu="id", **declared), "answer")
        np.testing.assert_allclose(people.covariance, psus.covariance, atol=1e-14)
        np.testing.assert_array_equal(people.df, psus.df)


def test_fractions_are_those_of_the_largest_wave():
    frame = frame_of(10, 100)
    most = max(some(frame, wave).sum() for wave in WAVES)
    fraction = op.shares(panel_of(frame.assign(f=0.4), fpc="f"), "answer")
    size = op.shares(panel_of(frame.assign(N=most / 0.4), fpc="N"), "answer")
    np.testing.assert_allclose(fraction.covariance, size.covariance, rtol=1e-12)


def test_more_than_the_population_at_a_wave_is_refused():
    frame = frame_of(11, 100, kept=0.5)
    sizes = {wave: int(some(frame, wave).sum()) for wave in WAVES}
    assert len(set(sizes.values())) == 3
    panel_of(frame.assign(N=max(sizes.values())), fpc="N")
    largest = max(sizes, key=sizes.get)
    with pytest.raises(DesignError, match=rf"1 stratum has fewer people .* sample at {largest}"):
        panel_of(frame.assign(N=max(sizes.values()) - 1), fpc="N")


def test_margins_of_a_wave_have_no_error_left():
    frame = frame_of(12, 200, strata=2).assign(N=130, sex=lambda part: part["id"] % 2)
    panel = panel_of(frame, groups=["sex"], stratum="stratum", fpc="N")
    raked = op.rake(panel, {"sex": {"0": 600, "1": 400}})
    codes = raked.groups["sex"].at(0)
    labels = label_rows({"sex": ["0", "1"]})
    cells = [weighted_cells(codes, raked.weight(wave), labels) for wave in WAVES]
    totals = tally(raked.sampling, cells)
    np.testing.assert_allclose(totals.value, [600, 400] * 3, rtol=1e-6)
    np.testing.assert_allclose(totals.covariance, 0, atol=1e-6)


@pytest.mark.parametrize("kind", ["jkn", "bootstrap"])
@pytest.mark.parametrize(("unit", "psus"), [("id", 0), ("psu", 25)])
def test_replicates_of_waves_that_differ(kind, unit, psus):
    frame = frame_of(13, 400, strata=2, psus=psus)
    size = frame.groupby("stratum")[unit].nunique() + 20
    frame["N"] = frame["stratum"].map(size)
    declared = {"stratum": "stratum", "fpc": "N"} | ({"psu": "psu"} if psus else {})
    options = {"replicates": 3000, "seed": 3} if kind == "bootstrap" else {}
    replicated = panel_of(frame, replicates={"kind": kind} | options, **declared)
    linear = panel_of(frame, **declared)
    near = 0.005 if kind == "jkn" else 0.06
    for measure in (op.shares, op.net_change, op.turnover):
        one, two = (measure(panel, "answer") for panel in (linear, replicated))
        np.testing.assert_allclose(two.std_error, one.std_error, rtol=near)
    one, two = (
        op.shares(panel, "answer").difference("wave", "t3", minus="t1")
        for panel in (linear, replicated)
    )
    np.testing.assert_allclose(two.std_error, one.std_error, rtol=near)


@pytest.mark.parametrize("kind", ["jkn", "bootstrap"])
@pytest.mark.parametrize("clustered", [True, False])
def test_replicates_where_strata_differ_and_many_are_lost(kind, clustered):
    # The lost are no rows of zeros: a stratum of nearly all a and one of nearly none would show.
    rng = np.random.default_rng(1)
    number = np.arange(400)
    stratum = number // 100
    frame = pd.DataFrame(
        {
            "id": number,
            "answer": np.where(rng.random(400) < np.array([0.1, 0.4, 0.6, 0.9])[stratum], "a", "b"),
            "stratum": stratum,
            "psu": number // 5,
            "N": 22.0 if clustered else 120.0,
        }
    )
    waves = {"t1": frame, "t2": frame[frame["psu"] % 20 < 10]}
    item = op.Item("answer", {"a": ["a"], "b": ["b"]})
    design = op.Design(weight=None, stratum="stratum", psu="psu" if clustered else None, fpc="N")
    options = {"replicates": 4000, "seed": 2} if kind == "bootstrap" else {}
    linear, replicated = (
        op.Panel.from_waves(waves, person="id", items={"answer": item}, design=one)
        for one in (design, design.as_replicates(kind, **options))
    )
    near = 1e-6 if kind == "jkn" else 0.04
    for measure in (op.shares, op.flows):
        one, two = (measure(panel, "answer").std_error for panel in (linear, replicated))
        np.testing.assert_allclose(two, one, rtol=near, atol=1e-9)
    one, two = (
        op.shares(panel, "answer").difference("wave", "t2", minus="t1").std_error
        for panel in (linear, replicated)
    )
    np.testing.assert_allclose(two, one, rtol=near)


def test_an_error_of_replicates_does_not_depend_on_what_stands_beside_it():
    frame = frame_of(28, 60, kept=0.5).assign(N=75)
    panel = panel_of(frame, replicates={"kind": "jkn"}, fpc="N")
    for measure in (op.shares, op.inflows, op.turnover):
        alone = measure(panel, "answer", waves=["t1", "t2"]).std_error
        beside = measure(panel, "answer").std_error[: len(alone)]
        np.testing.assert_allclose(beside, alone, rtol=2e-3, atol=1e-9)


@given(seed=st.integers(0, 2**32 - 1), strength=st.floats(0, 3))
def test_only_what_is_impossible_shrinks(seed, strength):
    rng = np.random.default_rng(seed)
    sample = np.repeat([0, 1, 2], 3)
    own = sample[:, None] == sample
    parts = rng.normal(size=(9, 20))
    covariance = parts @ parts.T
    covariance = np.where(own, covariance, covariance * strength)
    found = possible(covariance, sample)
    np.testing.assert_array_equal(found[own], covariance[own])
    assert np.linalg.eigvalsh(found)[0] > -1e-9 * np.trace(covariance)
    if np.linalg.eigvalsh(covariance)[0] > 0:
        np.testing.assert_array_equal(found, covariance)
    else:
        # The most that is possible: no combination has a clearly positive variance to spare.
        assert np.linalg.eigvalsh(found)[0] < 1e-6 * np.trace(covariance)


def test_who_counts_makes_a_sample_not_which_weight():
    """Two weights of the same people are one sample; of what is one, no covariance is shrunk."""
    inside, size = np.ones(4, dtype=bool), np.full(4, 9.0)
    sampling = compile_sampling(op.Design(weight="w", fpc="N"), inside, None, None, size)
    one, other, fewer = np.ones(4), np.full(4, 2.0), np.array([1.0, 1.0, 1.0, 0.0])
    samples, places = samples_of(sampling, [(one, ()), (fewer, ()), (other, ())])
    assert places == [0, 1, 0]
    assert samples.number == 2
    assert samples.together[:, :, 0].tolist() == [[4, 3], [3, 3]]


@pytest.mark.parametrize(("unit", "psus"), [("id", 0), ("psu", 20)])
def test_people_on_an_engine_are_the_same_samples(unit, psus):
    frame = frame_of(14, 300, strata=3, psus=psus)
    size = frame.groupby("stratum")[unit].nunique() + 5
    frame["N"] = frame["stratum"].map(size).astype(float)
    long = pd.concat(
        [
            frame.rename(columns={f"answer {wave}": "answer", f"weight {wave}": "weight"})[
                ["id", "stratum", "psu", "N", "answer", "weight"]
            ][some(frame, wave)].assign(wave=wave)
            for wave in WAVES
        ]
    )
    design = op.Design(weight="weight", stratum="stratum", psu="psu" if psus else None, fpc="N")
    in_memory, on_engine = (
        op.Panel.from_long(
            part,
            person="id",
            wave="wave",
            waves=list(WAVES),
            items={"answer": op.Item("answer", {"a": ["a"], "b": ["b"]})},
            design=design,
        )
        for part in (long, polars.from_pandas(long).lazy())
    )
    for measure in (op.shares, op.net_change, op.inflows, op.stable_core):
        one, two = (measure(panel, "answer") for panel in (in_memory, on_engine))
        np.testing.assert_allclose(two.covariance, one.covariance, rtol=1e-9, atol=1e-15)
