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


def test_each_wave_has_units_of_its_own():
    sample, inside = np.array([0, 0, 1, 1]), np.array([True, True, True, False])
    known = Units(np.array([0, 1, 0, 1]), np.array([0, 1, 0, 1]))
    units, number, notes = by_sample(PSUS, known, sample, inside, 2)
    assert number == 2
    assert len(set(units.stratum)) == len(set(units.psu)) == 4
    # Who has no weight is in no PSU of the design.
    assert len(notes) == 1
    assert "names of PSUs that stand at several waves: 1." in notes[0]
    units, number, notes = by_sample(op.Design(weight="w"), Units(None, None), sample, inside, 2)
    assert (units.stratum.tolist(), units.psu, notes) == ([0, 0, 1, 1], None, [])


def test_psus_that_are_the_same_stay_as_they_are():
    sample = np.array([0, 0, 1, 1])
    known = Units(None, np.array([0, 1, 0, 1]))
    assert by_sample(SAME, known, sample, sample >= 0, 2) == (known, 1, [])
    with pytest.raises(DesignError, match="no PSU of column 'psu' stands at two waves"):
        by_sample(SAME, Units(None, np.arange(4)), sample, sample >= 0, 2)


def test_the_summary_names_psus_that_may_be_the_same():
    assert "say same_psus=True in the Design" in str(series(PSUS))
    assert "same_psus" not in str(series(SAME))
    assert "the same PSUs at every wave" in str(series(SAME))


def test_options_that_cannot_be():
    with pytest.raises(DesignError, match="same_psus=True speaks of PSUs"):
        op.Design(weight="weight", same_psus=True)
    with pytest.raises(DesignError, match="True or False, not 'yes'"):
        op.Design(weight="weight", psu="psu", same_psus="yes")
    with pytest.raises(DesignError, match="each wave is a sample of its own, as a stratum is"):
        series(op.Design(weight="weight", psu="psu").as_replicates("jk1"))


def test_replicates_of_the_same_psus_vary_together():
    """Those that are made of a design know what it says of PSUs."""
    made = series(SAME.as_replicates("jkn", mse=True))
    linear, replicated = (op.shares(panel, "x").covariance for panel in (series(SAME), made))
    apart = np.abs(np.arange(9)[:, None] // 3 - np.arange(9) // 3) > 0
    assert np.abs(replicated[apart]).max() > 1e-5
    np.testing.assert_allclose(replicated, linear, rtol=0.3, atol=2e-4)


def test_draws_of_one_wave_say_nothing_of_another():
    drawn = series(PSUS.as_replicates("bootstrap", replicates=30))
    covariance = op.shares(drawn, "x").covariance
    apart = np.arange(9)[:, None] // 3 != np.arange(9) // 3
    np.testing.assert_allclose(covariance[apart], 0.0, atol=1e-15)
    assert (np.diag(covariance) > 0).all()
