"""What the documentation says about smoothed groups follows from the results of the simulation."""

import pandas as pd
from places import BENCHMARKS

RESULTS = pd.read_csv(BENCHMARKS / "smoothing.csv")
# Samples in which some groups have nobody are told of elsewhere.
RESULTS = RESULTS[~RESULTS["n"].str.contains("empty")]
OF_GROUPS = RESULTS[RESULTS["quantity"].isin(["shares", "transitions"])]


def test_small_groups_gain_a_third_unless_they_differ_very_much():
    apart = OF_GROUPS["between"] == 0.8
    assert (OF_GROUPS.loc[~apart, "ratio_small"] < 2 / 3).all()
    assert OF_GROUPS.loc[apart, "ratio_small"].between(0.5, 0.85).all()


def test_intervals_hold_the_truth_as_often_as_the_page_says():
    differ = RESULTS["between"] >= 0.4
    assert RESULTS.loc[differ, "coverage"].between(0.93, 0.99).all()
    assert RESULTS["coverage_small"].min() > 0.91
