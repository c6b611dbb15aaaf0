"""Replicate weights below 0: as R's survey computes them, everywhere, or refused in words."""

import numpy as np
import pandas as pd
import pytest
from places import GOLDEN_FILES

import opinionpanel as op
from opinionpanel.design.replicate_weights import some_negative

STATES = {state: [state] for state in "abc"}
COLUMNS = [f"r{place}" for place in range(1, 17)]
DESIGNS = {
    "SDR": op.ReplicateDesign.sdr(weight="weight", replicates="r*"),
    "bootstrap": op.ReplicateDesign.bootstrap(weight="weight", replicates="r*"),
}
GOLDEN = pd.read_csv(GOLDEN_FILES / "negative_replicates_golden.csv")


@pytest.fixture
def people():
    return pd.read_csv(GOLDEN_FILES / "negative_replicates_people.csv")


def panel_of(people, method="SDR"):
    return op.Panel.from_wide(
        people,
        items={"x": op.Item({"w1": "w1", "w2": "w2"}, STATES)},
        groups=["sex", "region"],
        design=DESIGNS[method],
    )


def without_z(people):
    return people.assign(region=people["region"].replace("z", "y"))


def measured(people, method, measure):
    """Estimates of a measure, and the label of each row in the golden file."""
    targets = {"sex": {"f": 520, "m": 480}, "region": {"x": 500, "y": 500}}
    if measure in ("raked", "linear"):
        calibrate = op.rake if measure == "raked" else op.calibrate
        found = op.shares(calibrate(panel_of(without_z(people), method), targets), "x", waves="w2")
        return found, found.labels["state"]
    panel = panel_of(people, method)
    if measure in ("flows", "transitions"):
        found = getattr(op, measure)(panel, "x")
        return found, found.labels["origin"] + " > " + found.labels["destination"]
    found = op.shares(panel, "x", waves="w2", by="region" if "by" in measure else None)
    prefix = found.labels["region"] + ";" if "by" in measure else ""
    return found, prefix + found.labels["state"]


@pytest.mark.parametrize(("method", "measure"), GOLDEN.groupby(["method", "measure"]).groups)
def test_as_in_survey(people, method, measure):
    golden = GOLDEN.query("method == @method and measure == @measure").set_index("label")
    found, labels = measured(people, method, measure)
    golden = golden.loc[labels]
    assert len(golden) == len(found)
    np.testing.assert_allclose(found.value, golden["estimate"], rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(found.std_error, golden["std_error"], rtol=1e-8, atol=1e-12)
    np.testing.assert_array_equal(found.df, golden["df"])


def test_by_hand(people):
    panel = panel_of(people)
    hit, weights = people["w1"] == "b", people[COLUMNS].to_numpy()
    under_each = weights[hit].sum(axis=0) / weights.sum(axis=0)
    share = people["weight"][hit].sum() / people["weight"].sum()
    error = np.sqrt(4 / 16 * ((under_each - share) ** 2).sum())
    found = op.shares(panel, "x", waves="w1").select(state="b")
    np.testing.assert_allclose([found.value[0], found.std_error[0]], [share, error])


def test_the_summary_counts_them(people):
    below = people[COLUMNS].to_numpy() < 0
    text = f"{below.sum()} replicate weights of {below.any(axis=1).sum()} people are negative"
    assert f"Note: w1: {text}, as those of some methods can be" in str(panel_of(people))
    assert "negative" not in str(panel_of(people.assign(**people[COLUMNS].clip(lower=0.1))))
    np.testing.assert_array_equal(some_negative(below * -1.0), below.any(axis=1))


def test_a_single_one_is_counted_in_the_singular(people):
    clipped = people.assign(**people[COLUMNS].clip(lower=0.1))
    clipped.loc[0, "r3"] = -0.1
    assert "w2: 1 replicate weight of 1 person is negative" in str(panel_of(clipped))


@pytest.mark.parametrize(("value", "what"), [(np.inf, "infinite"), (-np.inf, "infinite")])
def test_what_is_no_replicate(people, value, what):
    people.loc[:1, "r7"] = value
    with pytest.raises(op.OpinionPanelError, match=rf"'r7': 2 weight\(s\) are {what}"):
        panel_of(people)


def test_not_in_the_weight_itself(people):
    people.loc[:1, "weight"] = -1.0
    with pytest.raises(op.OpinionPanelError, match=r"'weight': 2 weight\(s\) are negative"):
        panel_of(people)


def test_belong_to_people_with_a_weight(people):
    people.loc[0, "weight"] = 0.0
    with pytest.raises(op.OpinionPanelError, match="1 person with this replicate weight, but"):
        panel_of(people)


def test_a_replicate_without_a_positive_total_is_not_raked(people):
    targets = {"region": {"x": 500, "y": 470, "z": 30}}
    message = (
        r"1 of 16 replicate weights cannot be calibrated; margin 'region', category 'z' has "
        r"nobody, or weights that add up to less than 0, in 1 of them"
    )
    for calibrate in (op.rake, op.poststratify, op.calibrate):
        with pytest.raises(op.OpinionPanelError, match=message):
            calibrate(panel_of(people), targets)


def test_trimming_multiplies_them(people):
    panel = panel_of(people)
    trimmed = op.trim_weights(panel, upper=8.5)
    factors = trimmed.weights["w1"] / panel.weights["w1"]
    np.testing.assert_allclose(
        trimmed.replicates["w1"], panel.replicates["w1"] * factors[:, None], rtol=1e-12
    )


@pytest.mark.parametrize(
    "fit",
    [
        lambda panel: op.attrition_weights(panel, "x", groups=["sex"]),
        lambda panel: op.missing_at_random(panel, "x"),
        lambda panel: op.change_model(panel, "C(sex)", item="x"),
    ],
    ids=["attrition weights", "missing at random", "regression of change"],
)
def test_what_is_fitted_is_refused(people, fit):
    people.loc[people["w2"] == "c", "w2"] = None
    people.loc[people["w1"] == "a", "r3"] *= -1
    with pytest.raises(op.OpinionPanelError, match=r"Nothing can be fitted .* less than 0"):
        fit(panel_of(without_z(people)))
