"""Which columns of a wave hold the replicates of a weight."""

import numpy as np
import pytest
from replicated_panels import at, replicate_design

import opinionpanel as op
from opinionpanel.errors import DesignError


def test_replicates_by_pattern_in_natural_order(build, replicated, july):
    panel = build(waves=replicated, design=replicate_design())
    assert {key: part.shape for key, part in panel.replicates.items()} == {
        "Jul": (9, 3),
        "Nov": (9, 3),
    }
    person = at(panel, july, 70003)
    expected = [july.loc[2, f"rep_{number}"] for number in (1, 2, 10)]
    assert panel.replicates["Jul"][person].tolist() == expected
    assert "3 replicate weights at Jul" in str(panel)
    assert "scale 0.5" in str(panel)
    shares = op.shares(panel, "support")
    values = shares.replicates.values
    expected = 0.5 * ((values - values.mean(axis=0)) ** 2).sum(axis=0)
    np.testing.assert_allclose(shares.std_error**2, expected)


def test_a_star_is_a_number_and_no_column_comes_twice(build, replicated):
    for frame in replicated.values():
        frame["rep_total"] = 1.0
        frame["w_1"] = frame["wgt"]
        frame["w_2"] = frame["wgt"]
        frame["w_3"] = frame["wgt"]
    panel = build(waves=replicated, design=replicate_design())
    assert panel.replicates["Jul"].shape[1] == 3
    with pytest.raises(DesignError, match="named twice"):
        build(waves=replicated, design=replicate_design(replicates=["rep_*", "rep_1"]))
    with pytest.raises(DesignError, match="include the weight 'w_1' itself"):
        build(waves=replicated, design=replicate_design(weight="w_1", replicates="w_*"))
