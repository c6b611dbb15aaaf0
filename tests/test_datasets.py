"""Bundled data: published tables hold the people they say; the synthetic panel its calibration."""

import json

import numpy as np
import pytest
from places import PUBLISHED_FIGURES

import opinionpanel as op
from opinionpanel.errors import SelectionError

PUBLISHED = PUBLISHED_FIGURES
JULY_NOVEMBER = ("Jul 2024", "Nov 2024")


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the shared reference figures are not here")
@pytest.mark.parametrize("name", [name for name in op.datasets.names() if name != "attitudes_2024"])
def test_published_tables(name):
    reference = json.loads(PUBLISHED.read_text(encoding="utf-8"))["transitions"][name]
    panel = op.datasets.load(name)
    (item,) = panel.items
    k, waves = len(panel.item(item).state_names), len(panel.waves)
    counts = np.zeros((k,) * waves, dtype=int)
    np.add.at(counts, tuple(panel.answers[item].astype(int)), 1)
    if "counts" in reference:
        np.testing.assert_array_equal(counts, reference["counts"])
    else:
        np.testing.assert_array_equal(counts.ravel(), reference["counts_flat"])
    assert panel.source


def test_calibration_of_the_synthetic_panel():
    panel = op.datasets.load("attitudes_2024").panel
    flows = op.flows(panel, "support", waves=JULY_NOVEMBER).matrix()
    assert flows.loc["approve", "unsure"] == pytest.approx(0.045, abs=0.005)
    assert flows.loc["unsure", "approve"] == pytest.approx(0.041, abs=0.005)
    assert flows.loc["approve", "approve"] == pytest.approx(0.30, abs=0.005)
    turnover = op.turnover(panel, "support", waves=JULY_NOVEMBER).value[0]
    assert 0.25 < turnover < 0.275
    by_gender = op.shares(panel, "course", waves=["Nov 2024"], by="gender")
    men = by_gender.select(gender="man", state="continue").value[0]
    assert men == pytest.approx(0.39, abs=0.005)


def test_the_two_flows_of_the_first_case_cannot_be_told_apart():
    """4.5 and 4.1 per cent come from the same people; their difference covers zero."""
    flows = op.flows(op.datasets.load("attitudes_2024").panel, "support", waves=JULY_NOVEMBER)
    ways = list(zip(flows.labels["origin"], flows.labels["destination"], strict=True))
    row = [(way == ("approve", "unsure")) - (way == ("unsure", "approve")) for way in ways]
    frame = flows.contrast([row], flows.labels.head(1)).to_frame()
    assert frame["conf_low"].item() < 0 < frame["conf_high"].item()


def test_unknown_names():
    with pytest.raises(SelectionError, match="Did you mean 'thomas_1991'"):
        op.datasets.load("tomas_1991")
    with pytest.raises(SelectionError, match="attitudes_2024"):
        op.datasets.folder("attitudes")
