"""What is claimed of combined sources, against the committed results of the simulation."""

import pandas as pd
from places import BENCHMARKS

FILE = BENCHMARKS / "combining.csv"
ROWS = pd.read_csv(FILE)


def test_every_row_has_a_thousand_samples_and_its_interval_covers():
    assert (ROWS["replications"] >= 1_000).all()
    # Each to two errors of its own, and all together.
    error = 2 * ROWS["mc_error"]
    assert (ROWS["coverage"] + error >= 0.94).all()
    assert (ROWS["coverage"] - error <= 0.96).all()
    assert 0.94 <= ROWS["coverage"].mean() <= 0.96
    assert (ROWS["bias"].abs() < 0.15 * ROWS["spread"]).all()


def test_errors_are_smaller_than_those_of_the_panel_alone():
    levels = ROWS[ROWS["quantity"].str.startswith("level")]
    changes = ROWS[ROWS["quantity"].str.startswith("change")]
    refreshed = ~ROWS["kind"].str.endswith("an effect estimated")
    assert (levels["ratio_to_cohort"] <= 0.85).all()
    assert (changes["ratio_to_cohort"] <= 1.0).all()
    assert (ROWS[refreshed]["ratio_to_shares"] <= 1.005).all()
    assert ROWS["refused"].between(0.02, 0.08).all()
