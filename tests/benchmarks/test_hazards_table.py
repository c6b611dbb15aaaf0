"""What the documentation says about intervals of first changes follows from the results."""

import pandas as pd
import pytest
from places import BENCHMARKS

FILE = BENCHMARKS / "hazards.csv"


@pytest.fixture(scope="module")
def results():
    return pd.read_csv(FILE)


def test_there_are_enough_samples_of_each_design(results):
    assert results["replications"].min() >= 300
    assert len(results.groupby(["strata", "psus", "n", "link"])) >= 5
    whole = results["coverage"] + results["too_low"] + results["too_high"]
    assert whole.to_numpy() == pytest.approx(1, abs=2e-5)


def test_the_truth_is_where_the_estimates_are(results):
    shares = results["quantity"].str.startswith(("unchanged", "difference"))
    off = (results["mean_estimate"] - results["truth"]).abs()
    assert off[shares].max() < 0.006
    # Log odds of few people are off: of a last interval with some fifteen changes.
    assert off[~shares & (results["psus"] != 8)].max() < 0.05
    assert off[~shares].max() < 0.1
    errors = results["mean_std_error"] / results["spread"]
    assert errors.between(0.87, 1.13).all()


def test_from_20_psus_on_intervals_hold_the_truth_as_often_as_they_say(results):
    rows = results[results["psus"] != 8]
    short = rows["coverage"] + 2 * rows["mc_error"] < 0.94
    assert not short.any()
    assert 0.94 <= rows["coverage"].mean() <= 0.96


def test_with_8_psus_no_shortfall_is_seen(results):
    rows = results[results["psus"] == 8]
    assert rows["coverage"].between(0.93, 0.965).all()
