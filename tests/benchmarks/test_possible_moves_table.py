"""What the documentation says about limits of possible moves follows from the simulation."""

import pandas as pd
from places import BENCHMARKS

RESULTS = pd.read_csv(BENCHMARKS / "possible_moves.csv")


def test_the_true_table_is_within_its_limits_at_least_as_often_as_promised():
    assert (RESULTS["samples"] == 10_000).sum() == 4
    at_edge = RESULTS["true table"] == "at the edge"
    assert RESULTS.loc[at_edge, "inside"].between(0.99, 1).all()
    assert (RESULTS.loc[~at_edge, "inside"] == 1).all()
