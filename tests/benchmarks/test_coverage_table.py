"""What the documentation says about coverage follows from the committed results."""

import pandas as pd
import pytest
from places import BENCHMARKS

FILE = BENCHMARKS / "coverage.csv"
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


def ends(rows):
    """Least and largest coverage, in per cent."""
    return 100 * rows["coverage"].min(), 100 * rows["coverage"].max()


def test_from_20_psus_on_logit_is_fine_unless_the_cell_is_small(results):
    rows = results[(results["psus"] != 8) & (results["interval"] == "logit")]
    shares = rows[rows["quantity"].isin([*SHARES, "turnover"])]
    low, high = ends(shares[shares["cell"] >= 10])
    assert 94 <= low <= high <= 96.15
    low, high = ends(shares[shares["cell"].between(7.5, 10)])
    assert 93.45 <= low <= high <= 95
    low, high = ends(shares[shares["cell"] < 7.5])
    assert 94.75 <= low <= high <= 100


def test_from_20_psus_on_differences_are_fine_unless_groups_hold_few(results):
    rows = results[(results["psus"] != 8) & ~results["quantity"].isin([*SHARES, "turnover"])]
    few = (rows["quantity"] == "difference of groups") & (rows["mean_n"] * rows["p"] < 4.5)
    low, high = ends(rows[~few])
    assert 93.65 <= low <= high <= 95.5
    low, high = ends(rows[few])
    assert 90.5 <= low <= high <= 92


def test_with_8_psus_beta_is_nearest(results):
    rows = results[(results["psus"] == 8) & results["quantity"].isin(SHARES)]
    low, high = ends(rows[(rows["interval"] == "logit") & (rows["cell"] >= 7.5)])
    assert 91.65 <= low <= high <= 95
    beta = rows[rows["interval"] == "beta"]
    assert ends(beta[beta["n"] == 200])[0] >= 94.75
    low, high = ends(beta[beta["n"] == 1_000])
    assert 92.85 <= low <= high <= 99.3
    share = rows[(rows["quantity"] == "share") & (rows["n"] == 1_000) & (rows["p"] < 0.5)]
    assert ends(share)[1] < 94
    turnover = results[(results["psus"] == 8) & (results["quantity"] == "turnover")]
    low, high = ends(turnover[turnover["interval"] == "logit"])
    assert 93.45 <= low <= high <= 95.15


def test_with_8_psus_differences_fall_short(results):
    rows = results[(results["psus"] == 8) & ~results["quantity"].isin([*SHARES, "turnover"])]
    rare = (rows["p"] == 0.02) & (rows["n"] == 200)
    low, high = ends(rows[rare])
    assert 77.5 <= low <= high <= 90.55
    low, high = ends(rows[~rare])
    assert 90.5 <= low <= high <= 94.25


def test_wald_is_too_short_for_small_shares(results):
    rows = results[(results["interval"] == "wald") & results["quantity"].isin(SHARES)]
    rows = rows[(rows["p"] == 0.02) & (rows["psus"] != 8)]
    low, high = ends(rows)
    assert 72.5 <= low <= high <= 94
    assert ends(rows[rows["variance"] == "linearised"])[0] >= 74.5


def test_beta_covers_more_and_wilson_less_than_logit(results):
    rows = results[(results["psus"] != 8) & results["quantity"].isin([*SHARES, "turnover"])]
    index = ["variance", "psus", "n", "p", "quantity", "cell"]
    wide = 100 * rows.pivot(index=index, columns="interval", values="coverage")
    cell = wide.index.get_level_values("cell")
    more, less = wide["beta"] - wide["logit"], wide["logit"] - wide["wilson"]
    assert more[cell >= 7.5].between(-0.1, 1.5).all()
    assert more[cell < 7.5].max() < 3.5
    assert less.between(0, 1.7).all()
    assert less[cell >= 30].max() < 0.25


def test_a_miss_of_wald_is_mostly_on_one_side(results):
    rows = results[(results["interval"] == "wald") & (results["p"] == 0.02)]
    rows = rows[rows["quantity"].isin(SHARES) & (rows["psus"] != 8)]
    assert (rows["too_low"] > 4 * rows["too_high"]).all()


def test_more_people_in_the_same_8_psus_do_not_help(results):
    rows = results[(results["psus"] == 8) & (results["interval"] == "logit")]
    rows = rows[rows["quantity"].isin(SHARES)]
    coverage = rows.pivot(index=["quantity", "p"], columns="n", values="coverage")
    assert (coverage[1_000] < coverage[200]).all()
