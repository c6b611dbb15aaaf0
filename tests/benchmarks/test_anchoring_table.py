"""What the documentation says about anchored flows follows from the results of the simulation."""

import pandas as pd
import pytest
from places import BENCHMARKS

FILE = BENCHMARKS / "anchoring.csv"
DESIGN = ["strata", "psus", "n"]


@pytest.fixture(scope="module")
def results():
    return pd.read_csv(FILE)


def test_there_are_enough_samples_of_each_design(results):
    anchored = results["weights"] == "anchored"
    assert results[anchored]["replications"].min() >= 1000
    assert results.groupby(DESIGN).ngroups == 4
    whole = results["coverage"] + results["too_low"] + results["too_high"]
    assert whole.to_numpy() == pytest.approx(1, abs=2e-5)


def test_anchored_flows_are_where_the_truth_is_and_others_are_not(results):
    off = (results["mean_estimate"] - results["truth"]).abs()
    anchored = results["weights"] == "anchored"
    assert off[anchored].max() < 0.005
    assert off[~anchored].max() > 0.08
    errors = (results["mean_std_error"] / results["spread"])[anchored]
    assert errors.between(0.95, 1.07).all()


def test_anchored_intervals_hold_the_truth_as_often_as_they_say(results):
    rows = results[results["weights"] == "anchored"]
    assert rows.groupby(DESIGN)["coverage"].mean().between(0.94, 0.96).all()
    assert rows["coverage"].between(0.94, 0.975).all()


def test_intervals_that_are_not_anchored_do_not(results):
    rows = results[results["weights"] != "anchored"]
    assert (rows.groupby(DESIGN)["coverage"].mean() < 0.82).all()
    assert rows[rows["quantity"] == "turnover"]["coverage"].max() < 0.9
