"""Waves that asked other people: as R's survey has them, each by itself and beside the others."""

import numpy as np
import pandas as pd
import pytest
from places import GOLDEN_FILES

import opinionpanel as op
from opinionpanel.design.other_samples import Units, by_sample
from opinionpanel.errors import DesignError

PEOPLE = pd.read_csv(GOLDEN_FILES / "series_people.csv")
GOLDEN = pd.read_csv(GOLDEN_FILES / "series_golden.csv")
ITEM = op.Item("x", {state: [state] for state in "abc"})
UNITS = {"weight": "weight", "stratum": "region"}
PSUS = op.Design(**UNITS, psu="psu")
SAME = op.Design(**UNITS, psu="psu", same_psus=True)
REPLICATES = [f"r{place}" for place in range(1, 13)]
DESIGNS = {
    "simple": None,
    "stratified": op.Design(**UNITS),
    "own PSUs": PSUS,
    "finite": op.Design(**UNITS, fpc="N"),
    "same PSUs": SAME,
    "raked": PSUS,
    "raked in same PSUs": SAME,
    "replicates": op.ReplicateDesign.bootstrap(weight="weight", replicates=REPLICATES),
    "jackknife": PSUS.as_replicates("jkn", mse=True),
}
TARGETS = {"sex": {"f": 0.55, "m": 0.45}, "region": {"north": 0.4, "south": 0.6}}


def series(design, frame=PEOPLE):
    return op.Panel.from_long(
        frame,
        person=None,
        wave="wave",
        waves=list(dict.fromkeys(frame["wave"])),
        items={"x": ITEM},
        groups=["sex", "region"],
        design=design,
    )


def measured(panel, measure):
    """Estimates of a measure, and the label of each row in the golden file."""
    if measure == "difference":
        shares = op.shares(panel, "x")
        parts = [shares.difference("wave", wave, minus="w1") for wave in panel.waves[1:]]
        labels = [f"{wave};{state}" for wave in panel.waves[1:] for state in "abc"]
        return [np.concatenate([getattr(part, name) for part in parts]) for name in VALUES], labels
    found = op.shares(panel, "x", by="sex" if measure == "by sex" else None)
    return [getattr(found, name) for name in VALUES], found.labels.agg(";".join, axis=1)


VALUES = ("value", "std_error", "df")


@pytest.mark.parametrize(("design", "measure"), GOLDEN.groupby(["design", "measure"]).groups)
def test_as_in_survey(design, measure):
    golden = GOLDEN.query("design == @design and measure == @measure").set_index("label")
    panel = series(DESIGNS[design])
    if "raked" in design:
        panel = op.rake(panel, TARGETS)
    (value, std_error, df), labels = measured(panel, measure)
    golden = golden.loc[labels]
    assert len(golden) == len(value)
    np.testing.assert_allclose(value, golden["estimate"], rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(std_error, golden["std_error"], rtol=1e-8, atol=1e-12)
    if measure == "shares" and design != "jackknife":
        np.testing.assert_array_equal(df, golden["df"])
