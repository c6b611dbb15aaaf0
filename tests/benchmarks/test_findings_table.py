"""What is said of the tests behind sentences follows from the committed simulation."""

import numpy as np
import pandas as pd
import pytest
from places import BENCHMARKS

FILE = BENCHMARKS / "findings.csv"


@pytest.fixture(scope="module")
def results():
    return pd.read_csv(FILE)


def test_where_nothing_changed_a_page_finds_something_in_at_most_5_per_cent(results):
    """Within what chance allows so many samples."""
    quiet = results[results["change"] == "none"]
    error = np.sqrt(0.05 * 0.95 / quiet["samples"])
    assert len(quiet) >= 6
    assert (quiet["any"] <= 0.05 + 2 * error).all()
    total = np.average(quiet["any"], weights=quiet["samples"])
    assert total <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / quiet["samples"].sum())


def test_designs_with_few_psus_are_among_them(results):
    quiet = results[results["change"] == "none"]
    assert quiet["psus"].isin([12, 25]).any()
    assert quiet["waves"].max() == 4


def test_a_true_change_is_found(results):
    changed = results[results["change"] == "everywhere"].set_index("psus")
    assert changed.loc[0, "net"] > 0.9
    assert changed.loc[25, "net"] > 0.5
    in_one = results[results["change"] == "in one group"].iloc[0]
    assert in_one["net_change_by"] > 0.4


def test_balance_holds_wherever_net_change_does(results):
    assert (results["balance"] >= results["net"]).all()
