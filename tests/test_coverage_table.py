"""What the documentation says about coverage follows from the committed results."""

from pathlib import Path

import pandas as pd
import pytest

FILE = Path(__file__).parents[1] / "benchmarks" / "coverage.csv"
SHARES = ["share", "flow", "newcomers", "stayers"]


@pytest.fixture(scope="module")
def results():
    frame = pd.read_csv(FILE)
    return frame.assign(cell=frame["mean_n"] * frame["truth"].abs())


def test_every_scenario_has_enough_samples(results):
    scenarios = results.groupby(["variance", "strata", "psus", "n", "p"])
    assert len(scenarios) >= 12
    assert results["replications"].min() >= 5_000
    assert results["mc_error"].where(results["no_interval"] < 0.1).max() < 0.0075


def test_an_interval_holds_the_truth_or_lies_beside_it(results):
    whole = results["coverage"] + results["too_low"] + results["too_high"]
    assert whole.to_numpy() == pytest.approx(1, abs=2e-5)


def test_the_truth_is_where_the_estimates_are(results):
    # Ratios are slightly biased in small bases; shares and turnover of everyone hardly.
    everyone = results[results["quantity"].isin(["share", "flow", "turnover", "net change"])]
    off = (everyone["mean_estimate"] - everyone["truth"]).abs()
    assert off.max() < 0.004
