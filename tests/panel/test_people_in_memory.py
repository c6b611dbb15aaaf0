"""Linked people whose waves are frames in memory."""

import numpy as np
import pandas as pd
import pytest
from small_panels import two_waves

import opinionpanel as op
from opinionpanel.errors import DesignError, LinkError


def test_people_without_a_row_have_no_weight_there():
    first = pd.DataFrame({"id": [1, 2, 3], "x": [0, 1, 0], "w": 1.0})
    second = pd.DataFrame({"id": [1, 1, 2, 3], "x": [0, 1, 1, 0], "w": 1.0})
    panel = two_waves(first, second, duplicates="drop_all", design=op.Design(weight="w"))
    assert panel.without_weight == {"a": 0, "b": 1}


def test_people_with_duplicate_ids_were_interviewed_without_an_answer():
    first = pd.DataFrame({"id": [1, 2, 2, 3, 4], "x": [0, 1, 0, 1, 1]})
    second = pd.DataFrame({"id": [1, 2, 3, 4], "x": [0, 1, 1, 0]})
    with pytest.raises(LinkError, match=r"1 id\(s\) stand in more than one row.*drop_all"):
        two_waves(first, second)
    panel = two_waves(first, second, duplicates="drop_all")
    assert panel.present.all()
    assert np.sort(panel.answers["x"][0]).tolist() == [-1, 0, 1, 1]
    assert op.flows(panel, "x").n.tolist() == [3] * 4
    assert "2 rows of 1 ids" in str(panel)


def test_codes_declared_missing_are_no_weights_and_no_strata():
    frame = pd.DataFrame(
        {"id": range(8), "x": [0, 1] * 4, "w": [1.0] * 7 + [999], "h": [1, 1, 1, 1, 2, 2, 2, 9]}
    )
    wave = op.Wave(frame, missing={"w": (999,), "h": ((8, 9),)})
    panel = two_waves(wave, design=op.Design(weight="w"))
    assert panel.weights["a"].max() == 1
    assert panel.without_weight["a"] == 1
    # The person without a stratum has no weight either; with one, it is missed.
    assert len(two_waves(wave, design=op.Design(weight="w", stratum="h")).sampling.sampled) == 2
    with pytest.raises(DesignError, match="1 person with a weight, but no stratum"):
        two_waves(wave, design=op.Design(weight=None, stratum="h"))
