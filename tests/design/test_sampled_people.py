"""The sample that the people of a panel are."""

import pytest
from replicated_panels import replicate_design

import opinionpanel as op
from opinionpanel.errors import DesignError


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


def test_the_panels_design_has_the_constants(build, replicated):
    design = op.ReplicateDesign.brr(weight="wgt", replicates="rep_*")
    panel = build(waves=replicated, design=design)
    assert panel.design.scale == 1 / 3
    assert "(BRR, scale 0.333333, rscales 1)" in str(panel)
    # One constant for all replicates.
    several = build(waves=replicated, design=replicate_design(rscales=0.5))
    assert several.sampling.rscales.tolist() == [0.5, 0.5, 0.5]


def test_declared_df_may_be_a_whole_number(build, replicated):
    panel = build(waves=replicated, design=replicate_design(df=2))
    assert op.net_change(panel, "support").df.max() <= 2
