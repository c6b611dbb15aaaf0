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
    with pytest.raises(DesignError, match="'region': 1 person with a weight, but no stratum"):
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


def test_a_longitudinal_weight_may_come_with_the_earlier_wave(build, july):
    july["long"] = [1.0, 2.0, 0.5, 1.0, 1.0, 1.0, np.nan, np.nan]
    weight = {"Jul": "wgt", "Nov": "wgt", ("Jul", "Nov"): "long"}
    panel = build(design=op.Design(weight=weight))
    assert panel.weights["Jul", "Nov"][at(panel, july, 70002)] == 2.0
    # The two who were not interviewed again cannot have one.
    assert panel.without_weight["Jul", "Nov"] == 0
    assert "long (longitudinal, Jul → Nov)" in op.transitions(panel, "support").about.weight


def test_a_pair_without_a_weight_is_left_out(build):
    weight = {"Jul": "wgt", "Nov": "wgt", ("Jul", "Nov"): None}
    with pytest.raises(DesignError, match="Leave the pair out"):
        build(design=op.Design(weight=weight))


def test_design_columns_may_stand_in_the_first_wave_only(build, july, november):
    design = op.Design(weight="wgt", stratum="region", psu="village")
    later = november.drop(columns=["region", "village"])
    with pytest.raises(DesignError, match="1 person with a weight, but no stratum at any wave"):
        build(waves={"Jul": july, "Nov": later}, design=design)
    panel = build(waves={"Jul": july, "Nov": later[later["resp_id"] != 70009]}, design=design)
    assert panel.sampling.sampled.tolist() == [2, 2]


def test_strata_that_change_are_noted(build, november):
    november.loc[0, "region"] = "north"
    text = str(build(design=op.Design(weight="wgt", stratum="region")))
    assert "stratum region: 1 person with another value at a later wave" in text


@pytest.fixture
def replicated(july, november):
    """Three replicate weights in every wave, one of them with two digits."""
    waves = {"Jul": july, "Nov": november}
    for frame in waves.values():
        for number in (10, 2, 1):
            frame[f"rep_{number}"] = frame["wgt"] * np.linspace(0.5, 1.5, len(frame)) * number
    return waves


def replicate_design(**changes):
    options = {"weight": "wgt", "replicates": "rep_*", "scale": 0.5}
    return op.ReplicateDesign(**(options | changes))


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


def test_replicates_that_cannot_be(build, replicated, july):
    for changes, error, match in (
        ({"replicates": "repl_*"}, ReadError, r"'Jul'.*named like 'repl_\*'"),
        ({"rscales": [1.0, 2.0]}, DesignError, r"3 replicate column\(s\), with 2 rscales"),
        ({"replicates": ["rep_1"]}, DesignError, "at least two columns"),
    ):
        with pytest.raises(error, match=match):
            build(waves=replicated, design=replicate_design(**changes))
    with pytest.raises(DesignError, match="positive numbers"):
        replicate_design(scale=0.0)
    july.loc[2, "rep_2"] = np.nan
    with pytest.raises(DesignError, match="'rep_2': 1 person with a weight without this"):
        build(waves=replicated, design=replicate_design())


def test_weights_that_are_text_of_numbers_or_dates(build, july):
    july["wgt"] = july["wgt"].astype(str)
    july.loc[0, "wgt"] = " "
    panel = build()
    assert panel.without_weight["Jul"] == 1
    assert panel.weights["Jul"][at(panel, july, 70002)] == 0.5
    july["wgt"] = pd.Timestamp("2024-07-01")
    with pytest.raises(ReadError, match="'wgt': the values are dates"):
        build()


def test_replicates_of_a_pairs_weight_are_needed_and_used(build, replicated, november):
    november["long"] = november["wgt"] * 2
    weight = {"Jul": "wgt", "Nov": "wgt", ("Jul", "Nov"): "long"}
    replicates = {"Jul": "rep_*", "Nov": "rep_*"}
    panel = build(waves=replicated, design=replicate_design(weight=weight, replicates=replicates))
    assert np.isfinite(op.shares(panel, "support").std_error).all()
    with pytest.raises(DesignError, match=r"no replicate weights for long \(longitudinal"):
        op.flows(panel, "support")
    for number in (1, 2, 3):
        november[f"long_{number}"] = november["long"] * number
    replicates["Jul", "Nov"] = "long_*"
    named = replicate_design(weight=weight, replicates=replicates)
    assert panel.design.rscales == (1.0, 1.0, 1.0)
    assert set(build(waves=replicated, design=named).replicates) == set(weight)
    del weight["Jul", "Nov"]
    with pytest.raises(DesignError, match="has no weight of its own"):
        build(waves=replicated, design=named)


def test_the_panels_design_has_the_constants(build, replicated):
    design = op.ReplicateDesign.brr(weight="wgt", replicates="rep_*")
    panel = build(waves=replicated, design=design)
    assert panel.design.scale == 1 / 3
    assert "(BRR, scale 0.333333, rscales 1)" in str(panel)
    # One constant for all replicates.
    several = build(waves=replicated, design=replicate_design(rscales=0.5))
    assert several.sampling.rscales.tolist() == [0.5, 0.5, 0.5]


def test_factors_in_place_of_replicate_weights(build, july, november):
    for frame in (july, november):
        frame["wgt"] = np.linspace(0.3, 3, len(frame))
        for number in range(20):
            frame[f"rep_{number}"] = 2.0 * ((np.arange(len(frame)) + number) % 2)
    waves = {"Jul": july, "Nov": november}
    with pytest.raises(DesignError, match="look like factors; multiply each by the weight"):
        build(waves=waves, design=replicate_design())
    for frame in (july, november):
        for number in range(20):
            frame[f"rep_{number}"] *= frame["wgt"]
    assert build(waves=waves, design=replicate_design()).replicates["Jul"].shape == (9, 20)


def test_replicates_of_another_weight(build, july, november):
    for frame in (july, november):
        frame["long"] = frame["wgt"] * 3 + 1
        for number in range(4):
            frame[f"rep_{number}"] = frame["wgt"] * (1 + 0.1 * number)
    waves = {"Jul": july, "Nov": november}
    weight = {"Jul": "wgt", "Nov": "wgt", ("Jul", "Nov"): "long"}
    with pytest.raises(
        DesignError, match=r"'long' .Jul → Nov. are not the same, but have the same"
    ):
        build(waves=waves, design=replicate_design(weight=weight))
    november.loc[0, "wgt"] = 0.0
    with pytest.raises(DesignError, match=r"'rep_0': 1 person with this replicate weight, but"):
        build(waves=waves, design=replicate_design())


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


def test_declared_df_may_be_a_whole_number(build, replicated):
    panel = build(waves=replicated, design=replicate_design(df=2))
    assert op.net_change(panel, "support").df.max() <= 2
