"""What the documentation says about weights against drop-out follows from the committed results."""

import pandas as pd
import pytest
from places import BENCHMARKS

FILE = BENCHMARKS / "dropout.csv"
WEIGHTS = ["attrition weights, fixed", "attrition weights, refitted"]
MODELLED = [*WEIGHTS, "missing at random"]


@pytest.fixture(scope="module")
def results():
    return pd.read_csv(FILE).set_index(["drop_out", "method", "quantity"]).sort_index()


def test_there_are_enough_samples(results):
    assert results["replications"].min() >= 300


def test_drop_out_by_state_is_weighted_away(results):
    assert results.loc["by state", "complete cases", "approve later"]["bias"] > 0.055
    for method in MODELLED:
        assert results.loc["by state", method]["bias"].abs().max() < 0.004
        assert results.loc["by state", method]["coverage"].between(0.925, 0.975).all()


def test_fixed_weights_make_standard_errors_somewhat_too_large(results):
    for drop_out in ("by chance", "by state", "by state and group"):
        fixed, refitted = (results.loc[drop_out, method, "turnover"] for method in WEIGHTS)
        assert (
            refitted["mean_std_error"] < fixed["mean_std_error"] < 1.1 * refitted["mean_std_error"]
        )


def test_weights_know_the_group_and_missing_at_random_for_all_does_not(results):
    here = results.loc["by state and group"]
    assert here.loc["missing at random", "turnover"]["bias"] == pytest.approx(-0.023, abs=0.0005)
    for method in WEIGHTS:
        assert here.loc[method]["bias"].abs().max() < 0.005


def test_nothing_helps_where_the_change_itself_decides(results):
    for method in ("complete cases", *MODELLED):
        turnover = results.loc["by change", method, "turnover"]
        assert turnover["bias"] < -0.075
        assert turnover["coverage"] < 0.05


def test_bounds_hold_in_every_sample(results):
    assert (results.xs("bounds", level="method")["coverage"] == 1).all()
