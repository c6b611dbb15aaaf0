"""Weights by wave and pair, strata and PSUs by person, and what is refused."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import DesignError, ReadError, SelectionError


def at(panel, july, resp_id):
    """The panel's position of a person; July's people come first, in their order."""
    return july["resp_id"].tolist().index(resp_id)


def test_weights_follow_the_person(build, july):
    panel = build()
    assert panel.weights["Jul"][at(panel, july, 70003)] == 1.0
    assert panel.weights["Nov"][at(panel, july, 70003)] == 1.5
    assert panel.weights["Nov"][at(panel, july, 70007)] == 0.0


@pytest.mark.parametrize(("value", "what"), [(-1.0, "negative"), (np.inf, "infinite")])
def test_impossible_weights(build, november, value, what):
    november.loc[[0, 3], "wgt"] = value
    with pytest.raises(DesignError) as error:
        build()
    message = str(error.value)
    for part in ("'Nov'", "'wgt'", f"2 weight(s) are {what}", "leave it blank"):
        assert part in message
    assert "7000" not in message


def test_weights_that_are_text(build, july):
    july["wgt"] = july["wgt"].astype(object)
    july.loc[0, "wgt"] = "heavy"
    with pytest.raises(ReadError, match=r"'Jul'.*'wgt': 1 value\(s\) are not numbers.*numeric"):
        build()


def test_a_wave_where_nobody_has_weight(build, november):
    november["wgt"] = 0.0
    with pytest.raises(DesignError, match=r"'Nov'.*'wgt': no weight is positive"):
        build()


def test_missing_weights_are_counted_and_shown(build, july):
    july.loc[[1, 6], "wgt"] = np.nan
    panel = build()
    assert panel.without_weight == {"Jul": 2, "Nov": 0}
    assert (panel.weights["Jul"] == 0).sum() == 3  # with the one who joined in November
    assert "2 people interviewed at Jul have no weight there and count as not sampled" in str(panel)
    assert op.shares(panel, "support").n.tolist() == [5] * 3 + [7] * 3


def test_every_wave_needs_a_weight_or_none(build):
    with pytest.raises(DesignError, match=r"No weight is declared for 'Nov'.*None"):
        build(design=op.Design(weight={"Jul": "wgt"}))
    panel = build(design=op.Design(weight={"Jul": "wgt", "Nov": None}))
    assert set(panel.weights["Nov"]) == {0.0, 1.0}
    assert "unweighted" in op.transitions(panel, "support").about.weight


def test_weight_of_an_unknown_wave(build):
    with pytest.raises(SelectionError, match=r"'Nvo'.*Did you mean 'Nov'"):
        build(design=op.Design(weight={"Jul": "wgt", "Nov": "wgt", "Nvo": "wgt"}))
    with pytest.raises(SelectionError, match="Did you mean 'Jul'"):
        build(design=op.Design(weight={"Jul": "wgt", "Nov": "wgt", ("Jull", "Nov"): "wgt"}))


def test_pair_weight_is_used_and_named(build, july, november):
    november["long"] = [1.0, 3.0, 0.0, 2.0, np.nan, 1.0, 5.0]
    weight = {"Jul": "wgt", "Nov": "wgt", ("Jul", "Nov"): "long"}
    panel = build(design=op.Design(weight=weight))
    moves = op.transitions(panel, "support")
    assert "long" in moves.about.weight
    assert "longitudinal" in moves.about.weight
    assert panel.without_weight["Jul", "Nov"] == 1
    # 70001 approve to oppose with 1; 70002 stays but has no weight.
    row = moves.select(origin="approve")
    np.testing.assert_allclose(row.value, [0.0, 0.0, 1.0])
    assert row.n.tolist() == [1, 1, 1]
    assert "wgt" in op.shares(panel, "support").about.weight
    later = op.transitions(build(), "support").about.weight
    assert "wgt" in later
    assert "later wave" in later


def test_a_column_name_used_twice(build, july):
    twice = pd.concat([july, july[["wgt"]]], axis=1)
    with pytest.raises(ReadError, match=r"'Jul'.*2 columns named 'wgt'.*Rename"):
        build(waves={"Jul": twice})


def test_weighted_people_need_a_stratum_and_a_psu(build, july, november):
    july.loc[7, "region"] = None
    with pytest.raises(DesignError, match="'region': 1 weighted people have no stratum"):
        build(design=op.Design(weight="wgt", stratum="region"))
    july.loc[7, "wgt"] = 0.0
    assert build(design=op.Design(weight="wgt", stratum="region")).sampling.sampled.sum() == 8


def test_single_psu_stratum_from_frames(build, july, november):
    for frame in (july, november):
        frame.loc[frame["region"] == "north", "village"] = 1
    with pytest.raises(DesignError, match=r"1 of 2 strata .*'region'.* a single PSU.*lonely"):
        build(design=op.Design(weight="wgt", stratum="region", psu="village"))


def test_psu_across_strata_from_frames(build, july, november):
    for frame in (july, november):
        frame["village"] = (frame["village"] + 1) % 2
    with pytest.raises(DesignError, match=r"2 PSU\(s\) of column 'village'.*nest=True"):
        build(design=op.Design(weight="wgt", stratum="region", psu="village"))
    nested = build(design=op.Design(weight="wgt", stratum="region", psu="village", nest=True))
    assert nested.sampling.sampled.tolist() == [2, 2]


def test_population_that_is_text_is_refused(build, july, november):
    for frame in (july, november):
        frame["size"] = "forty"
    with pytest.raises(DesignError, match="'size' must hold one positive number"):
        build(design=op.Design(weight="wgt", stratum="region", fpc="size"))
