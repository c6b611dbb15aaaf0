"""The committed table on imputing holds what its page says."""

import pandas as pd
import pytest
from places import BENCHMARKS

FILE = BENCHMARKS / "imputing.csv"


@pytest.fixture(scope="module")
def results():
    return pd.read_csv(FILE)


def test_enough_samples_were_drawn(results):
    assert (results["replications"] >= 500).all()


def test_pooled_intervals_hold_as_often_as_they_promise(results):
    imputed = results[results["made_from"] == "imputed"]
    assert (imputed["coverage"] + 2 * imputed["mc_error"] >= 0.94).all()
    # Wider than they need be, where half of the information is missing.
    assert (imputed["coverage"] <= 0.98).all()


def test_imputing_takes_the_bias_out(results):
    bias = (results["mean_estimate"] - results["truth"]).abs()
    shares = results["quantity"].str.startswith(("share", "change"))
    imputed = results["made_from"] == "imputed"
    assert bias[shares & imputed].max() < 0.005
    assert bias[shares & ~imputed].max() > 0.03
    # Rare moves are a little less rare than they are.
    assert (bias / results["spread"])[imputed].max() < 0.4
