"""The summary of weights and margins."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.weighting.calibration import rake, trim_weights
from opinionpanel.weighting.weight_summary import weights_summary


@pytest.fixture
def panel():
    frame = pd.DataFrame(
        {
            "w1": ["yes", "no"] * 4,
            "gender": ["man"] * 6 + ["woman"] * 2,
            "weight": [1.0, 1, 1, 1, 1, 1, 5, 0],
        }
    )
    return op.Panel.from_wide(
        frame,
        items={"vote": op.Item({"w1": "w1"}, {"yes": ["yes"], "no": ["no"]})},
        groups=["gender"],
        design=op.Design(weight="weight"),
    )


def test_weights(panel):
    row = weights_summary(panel).weights.iloc[0]
    assert (row["weight"], row["n"], row["sum"]) == ("w1", 7, 11.0)
    assert (row["min"], row["median"], row["max"], row["ratio"]) == (1.0, 1.0, 5.0, 5.0)
    assert row["design_effect"] == pytest.approx(7 * 31 / 121)
    assert row["design_effect"] == pytest.approx(1 + row["cv"] ** 2)
    assert row["n_effective"] == pytest.approx(121 / 31)


def test_margins_before_and_after(panel):
    assert weights_summary(panel).margins.empty
    raked = rake(panel, {"gender": {"man": 0.5, "woman": 0.5}})
    margins = weights_summary(raked).margins
    assert margins["category"].tolist() == ["man", "woman"]
    np.testing.assert_allclose(margins["before"], [6 / 11, 5 / 11])
    np.testing.assert_allclose(margins["after"], 0.5)
    np.testing.assert_allclose(margins["points_before"], [50 / 11, -50 / 11])
    np.testing.assert_allclose(margins["points_after"], 0, atol=1e-9)
    assert weights_summary(trim_weights(raked, upper=4)).margins.empty


def test_text_and_html(panel):
    raked = rake(panel, {"gender": {"man": 0.5, "woman": 0.5}})
    text = str(weights_summary(raked))
    assert "Margins in per cent" in text
    assert "+4.5" in text
    assert "-0.0" not in text
    assert "<table" in weights_summary(raked)._repr_html_()
    assert "Margins" not in str(weights_summary(panel))
