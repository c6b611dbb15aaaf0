"""What the documentation says about intervals of quantiles follows from the committed results."""

import pandas as pd
import pytest
from places import BENCHMARKS

FILE = BENCHMARKS / "quantiles.csv"


@pytest.fixture(scope="module")
def results():
    return pd.read_csv(FILE).set_index(["kind", "quantity", "method"]).sort_index()


def test_there_are_enough_samples(results):
    assert results["samples"].min() >= 500
    assert results["psus"].min() == 20


def test_of_many_numbers_quantiles_and_their_change_are_held_in_95_of_100(results):
    for quantity in ("quantile", "change"):
        rows = results.loc["fine", quantity, "Woodruff"]
        assert rows["coverage"].between(0.92, 0.97).all()
        assert rows["coverage"].mean() == pytest.approx(0.95, abs=0.007)
        assert rows["without_interval"].max() < 0.02


def test_without_ties_the_interval_is_that_of_r(results):
    ours, theirs = (results.loc["fine", "quantile", key] for key in ("Woodruff", "around F, as R"))
    pd.testing.assert_frame_equal(ours.reset_index(drop=True), theirs.reset_index(drop=True))


def test_on_a_scale_of_few_numbers_ours_holds_and_that_around_f_does_not(results):
    assert results.loc["coarse", "quantile", "Woodruff"]["coverage"].min() >= 0.975
    around = results.loc["coarse", "quantile", "around F, as R"]
    high = around[around["p"] == 0.9]
    assert high["coverage"].min() < 0.75
    assert high["coverage"].max() < 0.9
    assert (results.loc["coarse", "change", "Woodruff"]["without_interval"] == 1).all()
