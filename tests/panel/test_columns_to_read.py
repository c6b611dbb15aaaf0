"""Which columns of each wave file a panel needs: no others are read."""

import numpy as np
import pandas as pd
import pytest
from survey_files import panel_of

import opinionpanel as op
from opinionpanel.errors import ReadError


def test_design_columns_are_found_where_they_stand(designed):
    weight = {"one": "w", "two": "w", ("one", "two"): "long"}
    panel = panel_of(designed, design=op.Design(weight=weight, stratum="region"))
    assert panel.weights["one", "two"].tolist() == [2.0] * 8
    assert len(panel.sampling.sampled) == 2
    with pytest.raises(ReadError, match=r"Wave 'two' \(two.csv\), weight: Unknown column 'lang'"):
        panel_of(designed, design=op.Design(weight=weight | {("one", "two"): "lang"}))


def test_replicates_by_pattern(designed):
    files = {"two": designed["two"]}
    design = op.ReplicateDesign(weight="w", replicates="rep_*", scale=0.1)
    panel = panel_of(files, design=design)
    expected = pd.read_csv(designed["two"])[[f"rep_{number}" for number in range(1, 12)]]
    np.testing.assert_allclose(panel.replicates["two"], expected)
    with pytest.raises(ReadError, match=r"'two' .*replicate weights: Unknown column 'rap_\*'"):
        panel_of(files, design=op.ReplicateDesign(weight="w", replicates="rap_*", scale=0.1))


def test_groups_with_another_name_in_each_wave(designed):
    grouping = op.Grouping({"one": "sex", "two": "gender"})
    panel = panel_of(designed, groups={"sex": grouping}, fixed=["region"])
    assert panel.groups["sex"].categories == ("1", "2")
    assert "region" in panel.fixed
    with pytest.raises(ReadError, match=r"Wave 'two' \(two.csv\), groups.*'sax'"):
        panel_of(designed, groups={"sex": op.Grouping({"one": "sex", "two": "sax"})})
    with pytest.raises(ReadError, match=r"Wave 'one' \(one.sav\), fixed: .*'born'"):
        panel_of(designed, fixed=["born"])


def test_only_what_a_panel_needs_is_read(designed, monkeypatch):
    from opinionpanel.panel import from_files as module

    asked = {}
    real = module.read_file

    def spy(request):
        asked[request.path.name] = request.columns
        return real(request)

    monkeypatch.setattr(module, "read_file", spy)
    panel_of(designed, design=op.Design(weight="w"), groups=["sex"])
    assert asked == {"one.sav": ["id", "q", "sex", "w"], "two.csv": ["id", "q", "w"]}


def test_a_question_of_another_name_in_one_wave(designed):
    item = op.Item("extra", {"none": [0]})
    with pytest.raises(ReadError) as caught:
        panel_of(designed, items={"extra": item})
    assert "Wave 'one' has it, wave 'two' has not." in str(caught.value)
    assert "column={'one': 'extra', 'two': '…'}" in str(caught.value)
