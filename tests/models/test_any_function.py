"""Any function of a weighted frame, against R's withReplicates and against shares."""

import numpy as np
import pandas as pd
import pytest
from function_people import PEOPLE, STRATIFIED, of_two, panel_of
from hypothesis import given, settings
from places import GOLDEN_FILES

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.strategies import panels

GOLDEN = pd.read_csv(GOLDEN_FILES / "any_function_golden.csv")
DESIGNS = {
    "JK1": op.Design(weight="weight", psu="psu"),
    "JKn": STRATIFIED,
    "few": STRATIFIED,
    "raked": op.Design(weight="weight", psu="psu").as_replicates("jk1"),
    "SDR": op.ReplicateDesign.sdr(weight="weight", replicates="r*"),
    "bootstrap": op.ReplicateDesign.bootstrap(weight="weight", replicates="r*"),
}
TARGETS = {"sex": {"f": 80, "m": 70}, "stratum": {"n": 60, "s": 50, "w": 40}}


def functions(people):
    design = np.stack([np.ones(len(people)), people["x"].astype(float), people["sex"] == "m"], 1)
    weighted = design * people["weight"].to_numpy()[:, None]
    b = np.linalg.solve(weighted.T @ design, weighted.T @ people["y"].astype(float))
    return pd.Series({**of_two(people), "intercept": b[0], "slope": b[1], "men": b[2]})


@pytest.mark.parametrize("name", DESIGNS)
def test_as_with_replicates_of_survey(name):
    golden = GOLDEN.query("design == @name")
    panel = panel_of(DESIGNS[name])
    if name == "raked":
        panel = op.rake(panel, TARGETS)
    if name == "few":
        panel = panel.where(sex="f")
    found = op.replicate(panel, of_two if name == "few" else functions, waves="w2")
    assert found.labels["parameter"].tolist() == golden["parameter"].tolist()
    np.testing.assert_allclose(found.value, golden["estimate"], rtol=1e-8)
    np.testing.assert_allclose(found.std_error, golden["std_error"], rtol=1e-8)
    np.testing.assert_array_equal(found.df, golden["df"])


def shares_of(people):
    name = next(iter(people))
    answered = people[people[name].notna()]
    total = answered["weight"].sum()
    states = people[name].cat.categories
    return [answered["weight"][answered[name] == state].sum() / total for state in states]


@settings(max_examples=10, deadline=None)
@given(panels(designs=["replicates", "jackknife"], people=(12, 30)))
def test_shares_are_a_function_of_the_frame(panel):
    wave = panel.asked("opinion")[0]
    expected = op.shares(panel, "opinion", waves=wave)
    found = op.replicate(panel, shares_of, waves=wave, items="opinion", base="balanced")
    np.testing.assert_allclose(found.value, expected.value, atol=1e-12)
    np.testing.assert_allclose(found.covariance, expected.covariance, atol=1e-12)
    np.testing.assert_array_equal(found.n, expected.n)
    np.testing.assert_array_equal(found.df, expected.df)


def test_undefined_in_some_replicates_has_no_error_and_is_counted():
    def sometimes(people):
        weight = people["weight"]
        return {"some": 1.0 if weight.iloc[0] else np.nan, "all": weight.max(), "none": pd.NA}

    found = op.replicate(panel_of(STRATIFIED), sometimes)
    np.testing.assert_array_equal(np.isnan(found.value), [False, False, True])
    np.testing.assert_array_equal(np.isnan(found.std_error), [True, False, True])
    assert "without a standard error: some in 1 of 30." in " ".join(str(found).split())


def test_a_function_that_forgets_the_weight_is_told_of_it():
    found = op.replicate(
        panel_of(STRATIFIED), lambda people: {"plain": 3.0, "w": people["weight"].sum()}
    )
    assert np.isnan(found.to_frame()["conf_low"][0])
    text = " ".join(str(found).split())
    assert (
        "The same under every replicate, and so without an interval: plain. A function must" in text
    )


@pytest.mark.parametrize("psu", [None, "psu"])
def test_one_wave_of_other_people_is_as_a_panel_of_that_wave(psu):
    waves = {name: PEOPLE.iloc[rows] for name, rows in (("w1", slice(70)), ("w2", slice(70, None)))}
    items = {name: op.Score(name, low=0, high=9) for name in "xy"}
    made = {"items": items, "design": op.Design(weight="weight", psu=psu)}
    series = op.Panel.from_waves(waves, person=None, **made)
    alone = op.Panel.from_waves({"w2": waves["w2"]}, person=None, **made)
    found, expected = (op.replicate(panel, of_two, waves="w2") for panel in (series, alone))
    np.testing.assert_array_equal(found.value, expected.value)
    # Replicates of the other wave change nothing, and count in the mean of all.
    np.testing.assert_allclose(found.std_error, expected.std_error, rtol=1e-3)
    np.testing.assert_array_equal(found.df, expected.df)
    with pytest.raises(SelectionError, match="one wave that the function is about: waves='w2'"):
        op.replicate(series, of_two)


def test_a_bootstrap_is_the_same_again_and_another_with_another_seed():
    panel = panel_of(STRATIFIED)
    made = {"method": "bootstrap", "replicates": 20, "waves": "w2"}
    errors = [op.replicate(panel, of_two, **made, seed=s).std_error[0] for s in (1, 1, 2)]
    assert errors[0] == errors[1] != errors[2]
    design = STRATIFIED.as_replicates("bootstrap", replicates=20, seed=2)
    assert op.replicate(panel_of(design), of_two, waves="w2").std_error[0] == errors[2]


def test_what_cannot_be_replicated_is_refused():
    panel = panel_of(STRATIFIED)
    with pytest.raises(DesignError, match=r"is weight, raked to sex.*as_replicates"):
        op.replicate(op.rake(panel, {"sex": TARGETS["sex"]}), of_two, waves="w2")
    with pytest.raises(SelectionError, match="has replicate weights, which are used as they are"):
        op.replicate(panel_of(DESIGNS["SDR"]), of_two, method="bootstrap")
    many = pd.concat([PEOPLE] * 7, ignore_index=True)
    alone = panel_of(op.Design(weight="weight"), many)
    with pytest.raises(DesignError, match=r"jk1 would make 1,050 replicates.*bootstrap"):
        op.replicate(alone, of_two, waves="w2")
    assert op.replicate(alone, of_two, waves="w2", method="bootstrap", replicates=4).df[0] == 3


def test_waves_of_a_finite_population_that_are_other_samples_are_refused():
    people = PEOPLE.assign(fpc=40.0, later=PEOPLE["weight"].where(PEOPLE["psu"] > 1, 0.0))
    design = op.Design(
        weight={"w1": "weight", "w2": "later"}, stratum="stratum", psu="psu", fpc="fpc"
    )
    panel = panel_of(design, people)
    assert op.replicate(panel, lambda people: people["weight"].sum(), waves="w1").df[0] == 27
    for other in (panel, panel_of(design.as_replicates("jkn"), people)):
        with pytest.raises(DesignError, match="a sample of its own"):
            op.replicate(other, of_two, waves="w2")


def test_the_example_of_the_guide_to_survey():
    """The mean of api00 by jackknife, as the guide to R's survey prints it for `rclus1`."""
    schools = pd.read_csv(GOLDEN_FILES / "data_apiclus1.csv")
    schools["id"] = range(len(schools))
    panel = op.Panel.from_waves(
        {"2000": schools},
        person="id",
        items={"api00": op.Score("api00", low=200, high=1000)},
        design=op.Design(weight="weight", psu="dnum", fpc="population"),
    )
    found = op.replicate(panel, lambda each: np.average(each["api00"], weights=each["weight"]))
    np.testing.assert_allclose(found.value, 644.169399, atol=5e-7)
    np.testing.assert_allclose(found.std_error, 26.3294, atol=5e-5)
