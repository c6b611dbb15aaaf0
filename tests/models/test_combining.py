"""All interviews in one trend: against least squares in R, and what must hold of any panel."""

import re

import numpy as np
import pandas as pd
import pytest
from engine_frames import on_engine
from hypothesis import given, settings, strategies as st
from places import GOLDEN_FILES

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.models.combining import combine, source_effects, sources_agree
from opinionpanel.strategies import panels

GOLDEN = pd.read_csv(GOLDEN_FILES / "combining_golden.csv").set_index(["what", "label"])
PEOPLE = pd.read_csv(GOLDEN_FILES / "combining_people.csv")
ITEM = op.Item("x", {state: [state] for state in "abc"})
DESIGN = op.Design(weight="weight", stratum="stratum", psu="psu")
EFFECT = {"first": {"panel": ["w3"]}}
PANEL_ONLY = PEOPLE["cohort"] != "beside"


def of(people, person="person", **options):
    waves = dict(iter(people.groupby("wave")))
    needs = {"items": {"x": ITEM}, "design": DESIGN, "groups": ["stratum", "cohort"]}
    return op.Panel.from_waves(waves, person=person, **needs | options)


OTHERS = PEOPLE[~PANEL_ONLY]
PANEL, BESIDE = of(PEOPLE[PANEL_ONLY]), {"beside": of(OTHERS, None)}
CASES = {
    "panel": {},
    "both": {"samples": BESIDE},
    "with an effect": {"samples": BESIDE, "effects": EFFECT},
}


@pytest.mark.parametrize("case", CASES)
def test_levels_changes_and_effects_are_those_of_least_squares_in_r(case):
    options = CASES[case] | {"disagreement": "pool"}
    found = combine(PANEL, "x", **options)
    parts = {"w3 - w1": found.difference("wave", "w3", minus="w1")}
    parts |= {wave: found.select(wave=wave) for wave in PANEL.waves}
    if "effects" in options:
        del options["disagreement"]
        parts["effect"] = source_effects(PANEL, "x", **options)
    for label, part in parts.items():
        golden = GOLDEN.loc[case].loc[[f"{label};{state}" for state in "abc"]]
        np.testing.assert_allclose(part.value, golden["estimate"], rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(part.std_error, golden["std_error"], rtol=1e-10)
    options.pop("disagreement", None)
    test = sources_agree(PANEL, "x", **options)
    np.testing.assert_allclose(test.wald, GOLDEN.loc[(case, "agreement"), "estimate"], rtol=1e-8)
    assert test.form == "Wald"


@given(panels(people=(4, 40)), st.sampled_from([None, "gender"]))
def test_a_panel_with_nothing_beside_it_gives_its_shares(panel, by):
    found, shares = combine(panel, "opinion", by=by), op.shares(panel, "opinion", by=by)
    np.testing.assert_array_equal(found.value, shares.value)
    np.testing.assert_allclose(found.covariance, shares.covariance, rtol=1e-12, atol=1e-15)
    for name in ("df", "n", "n_cell", "n_effective"):
        np.testing.assert_array_equal(getattr(found, name), getattr(shares, name))
    assert str(found) == str(shares)
    assert found.about == shares.about


def refreshed(seed, *, people=200, states="abc", drift=0.0):
    """Two waves; half of the people of the second are fresh, and may answer otherwise."""
    rng = np.random.default_rng(seed)
    size = 2 * people
    frame = pd.DataFrame(
        {"id": np.arange(size), "cohort": np.where(rng.random(size) < 0.6, "f", "l")}
    )
    frame["weight"], own = rng.uniform(0.5, 2, size), rng.normal(size=size)
    waves = {}
    for wave in ("w1", "w2"):
        late = frame["cohort"] == "l"
        value = own + rng.normal(size=size) * 0.7 + np.where(late, drift, 0.0)
        answer = np.digitize(value, np.linspace(-0.6, 0.7, len(states) - 1))
        here = ~late if wave == "w1" else late | (rng.random(size) < 0.5)
        waves[wave] = frame.assign(x=np.array(list(states))[answer])[here]
    return op.Panel.from_waves(
        waves,
        person="id",
        items={"x": op.Item("x", {state: [state] for state in states})},
        groups=["cohort"],
        design=op.Design(weight="weight"),
    )


@settings(max_examples=8)
@given(st.integers(0, 10**6), st.sampled_from(["ab", "abc", "abcd"]))
def test_least_squares_by_hand_and_never_less_sure_than_the_panel_alone(seed, states):
    panel = refreshed(seed, states=states)
    found, k = combine(panel, "x", disagreement="pool"), len(states)
    cohorts = op.shares(panel, "x", by="cohort")
    there = np.flatnonzero(cohorts.n > 0)
    y, v = cohorts.value[there], cohorts.covariance[np.ix_(there, there)]
    labels = cohorts.labels.iloc[there]
    levels = found.labels[["wave", "state"]].apply(tuple, axis=1).tolist()
    cells = labels[["wave", "state"]].apply(tuple, axis=1).tolist()
    x = np.array([[cell == level for level in levels] for cell in cells], dtype=float)
    # The least variance of a sum that is right for every level: a Lagrangian, in the singular V
    # of shares that add up to 1, so that the weights are only known up to sums of whole cells.
    whole = np.kron(np.eye(len(y) // k), np.ones((k, k)) / k)
    middle = np.block([[v + whole, x], [x.T, np.zeros((2 * k, 2 * k))]])
    weights = np.linalg.pinv(middle)[len(y) :, : len(y)]
    np.testing.assert_allclose(found.value, weights @ y, atol=1e-10)
    np.testing.assert_allclose(found.covariance, weights @ v @ weights.T, atol=1e-10)
    np.testing.assert_allclose(found.value.reshape(2, k).sum(axis=1), 1.0, atol=1e-12)
    first = op.shares(panel.where(cohort="f"), "x")
    for part in (lambda one: one, lambda one: one.difference("wave", "w2", minus="w1")):
        assert (part(found).std_error <= part(first).std_error + 1e-12).all()


def test_the_order_of_states_and_of_samples_does_not_matter():
    found = combine(PANEL, "x", BESIDE)
    turned = {"beside": of(OTHERS, None, items={"x": op.Item("x", {s: [s] for s in "cab"})})}
    other = combine(PANEL, "x", turned)
    np.testing.assert_allclose(other.value, found.value, atol=1e-12)
    np.testing.assert_allclose(other.covariance, found.covariance, atol=1e-12)
    assert (found.std_error < op.shares(PANEL, "x").std_error).all()


def test_sources_that_disagree_are_refused_or_pooled_and_it_is_said():
    panel = refreshed(3, drift=0.8)
    with pytest.raises(SelectionError, match=r"disagree .* \(p < .001\): at w2, joined w2 has .* "):
        combine(panel, "x")
    pooled = combine(panel, "x", disagreement="pool")
    assert "were pooled anyway" in pooled.about.modelled
    assert "were pooled anyway" in str(pooled)
    assert "more 'c' than the others" in sources_agree(panel, "x").note
    effects = {"fresh": {"joined w2": None}}
    np.testing.assert_allclose(
        combine(panel, "x", effects=effects).value,
        op.shares(panel.where(cohort="f"), "x").value,
        atol=1e-12,
    )
    with pytest.raises(DesignError, match="Nothing to test on 'x'"):
        sources_agree(panel, "x", effects=effects)


def test_an_effect_of_a_known_size_is_taken_away():
    size = {"a": 0.02, "b": -0.02}
    options = {"effects": {"mode": {"beside": None}}, "declared": {"mode": size}}
    known = combine(PANEL, "x", BESIDE, **options)
    assert "of a declared size: mode" in known.about.modelled
    alone = combine(BESIDE["beside"], "x", **options | {"effects": {"mode": {"panel": None}}})
    assert alone.about.modelled == "Differences between sources, of a declared size: mode."
    plain = combine(PANEL, "x", BESIDE)
    np.testing.assert_allclose(known.covariance, plain.covariance, atol=1e-14)
    assert known.select(wave="w2", state="a").value < plain.select(wave="w2", state="a").value
    with pytest.raises(SelectionError, match="No effect is left to estimate"):
        source_effects(PANEL, "x", BESIDE, **options)


def test_replicates_go_through():
    made = of(PEOPLE[PANEL_ONLY], design=DESIGN.as_replicates("bootstrap", replicates=400, seed=1))
    found = combine(made, "x", disagreement="pool")
    assert found.replicates is not None
    plain = combine(PANEL, "x", disagreement="pool")
    np.testing.assert_allclose(found.value, plain.value, atol=0.01)
    np.testing.assert_allclose(found.std_error, plain.std_error, rtol=0.15)
    beside = combine(made, "x", BESIDE, disagreement="pool")
    assert beside.replicates is None
    assert (beside.std_error < found.std_error * 1.001).all()


@pytest.mark.parametrize("engine", ["polars"])
def test_people_may_stay_on_an_engine(engine):
    panel = refreshed(5)
    found, there = combine(panel, "x"), combine(on_engine(panel, engine), "x")
    np.testing.assert_allclose(there.value, found.value, rtol=1e-12)
    np.testing.assert_allclose(there.std_error, found.std_error, rtol=1e-9)


REFUSED = {
    "has the people of the panel": {"samples": {"same": PANEL}},
    "is about stratum north and the panel about everyone": {
        "samples": {"north": of(OTHERS, None).where(stratum="north")}
    },
    "A sample cannot be called 'panel'": {"samples": {"panel": BESIDE["beside"]}},
    "asked 'x' at 'w5', which the panel did not": {
        "samples": {"later": of(OTHERS.assign(wave="w5"), None)}
    },
    "none of the waves to combine: 'w1', 'w3'": {"samples": BESIDE, "waves": ["w1", "w3"]},
    "Unknown wave 'w9'": {"samples": BESIDE, "waves": ["w1", "w9"]},
    "has the states 'a', 'b', and in the panel 'a', 'b', 'c'": {
        "samples": {
            "other": of(OTHERS, None, items={"x": op.Item("x", {"a": ["a"], "b": ["b", "c"]})})
        }
    },
    "has other categories in sample 'beside'": {"samples": BESIDE, "by": "cohort"},
    "Sample 'score': 'x' is a score": {
        "samples": {
            "score": of(OTHERS.assign(x=3), None, items={"x": op.Score("x", low=1, high=5)})
        }
    },
    "Unknown source in effects": {"effects": {"mode": {"besid": None}}},
    "Sample 'few' would change nothing. Fewer than 30 answers, left out: 'few at w2'.": {
        "samples": {"few": of(OTHERS[OTHERS["wave"] == "w2"].head(9), None)},
    },
    "disagreement must be 'refuse' or 'pool', not 'ignore'": {"disagreement": "ignore"},
    "An effect in effects= has no name": {"effects": {" ": {"panel": ["w3"]}}},
    "effects['mode'] names no source": {"effects": {"mode": {}}},
    "effects['mode']['panel'] names no wave": {"effects": {"mode": {"panel": []}}},
    "'joined w3' has no answers of its own at 'w1'": {
        "effects": {"mode": {"joined w3": ["w1", "w3"]}}
    },
    "Unknown wave in effects": {"effects": {"mode": {"panel": ["w9"]}}},
    "'mode' is not identified": {"effects": {"mode": {"panel": ["w1"]}}},
    "which add up to 0.2": {
        "effects": {"mode": {"panel": None}},
        "declared": {"mode": {"a": 0.1, "b": 0.1}},
    },
    "Unknown state in declared": {
        "effects": {"mode": {"panel": None}},
        "declared": {"mode": {"z": 0.1}},
    },
    "Unknown effect in declared": {"declared": {"mode": {"a": 0.0}}},
    "The combined share of w1, a would be -": {
        "effects": {"mode": {"panel": ["w1"]}},
        "declared": {"mode": {"a": 0.6, "b": -0.6}},
        "disagreement": "pool",
    },
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_combined_is_refused(message):
    with pytest.raises(SelectionError, match=re.escape(message)):
        combine(PANEL, "x", **REFUSED[message])


def test_a_source_without_variance_is_refused():
    with pytest.raises(DesignError, match="do not vary in the sample"):
        combine(PANEL, "x", {"all": of(OTHERS.assign(x="a"), None)}, disagreement="pool")


def test_a_wave_that_only_a_sample_has_is_taken_where_it_is_named():
    later = {"later": of(OTHERS.assign(wave="w5"), None)}
    found = combine(PANEL, "x", later, waves=["w1", "w2", "w3", "w5"])
    alone = op.shares(later["later"], "x")
    np.testing.assert_allclose(found.select(wave="w5").value, alone.value, atol=1e-14)
    assert found.about.waves == ("w1", "w2", "w3", "w5")


def test_few_answers_have_no_say_and_are_named():
    # At one wave the sample is as it was, at the other a part of it.
    some = OTHERS[OTHERS["wave"] == "w2"]
    few = {"few": of(pd.concat([some, some.head(9).assign(wave="w1")]), None)}
    found = combine(PANEL, "x", few)
    assert "Fewer than 30 answers, left out: 'few at w1'." in found.about.notes.values()
    np.testing.assert_allclose(found.value, combine(PANEL, "x", {"s": of(some, None)}).value)


def test_a_trend_of_all_sources_says_so_in_both_languages():
    found = combine(PANEL, "x", BESIDE)
    bare = combine(PANEL, "x", {"bare": of(OTHERS, None, design=None)}, disagreement="pool")
    assert "bare: No weight, strata or PSUs were declared. " in " ".join(str(bare).split())
    for language, words in (("en", "Combined from 4 sources"), ("ru", "Объединены 4 источника")):
        chart = charts.trend(found, language=language)
        assert words in chart.to_json(ensure_ascii=False)
