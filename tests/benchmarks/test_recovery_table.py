"""What the documentation says about latent Markov models follows from the committed results."""

import pandas as pd
import pytest
from places import BENCHMARKS

FILE = BENCHMARKS / "recovery.csv"


@pytest.fixture(scope="module")
def results():
    return pd.read_csv(FILE)


def test_there_are_enough_samples_and_the_starts_agree(results):
    assert results["replications"].min() >= 300
    assert results["reached"].min() > 0.99
    assert (results["arrived"] == 1).all()


def test_interior_parameters_are_recovered(results):
    change = results[results["scenario"] == "change"]
    assert change["bias"].abs().max() < 0.006
    assert change["coverage"].between(0.92, 0.985).all()
    assert change["no_interval"].max() < 0.01
    assert (change["mean_std_error"] / change["spread"]).between(0.85, 1.15).all()


def test_without_change_error_alone_is_observed_and_the_model_says_so(results):
    still = results[(results["scenario"] == "no change") & (results["kind"] == "turnover")]
    observed = still["quantity"].str.startswith("observed")
    assert still.loc[observed, "mean_estimate"].min() > 0.24
    assert still.loc[~observed, "mean_estimate"].max() < 0.01
