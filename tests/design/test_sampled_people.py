"""The sample that the people of a panel are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from replicated_panels import replicate_design

import opinionpanel as op
from opinionpanel.design.sampled_people import moved_note, read_sampling, sample_people
from opinionpanel.design.sampling import compile_sampling
from opinionpanel.design.weights import Weights
from opinionpanel.errors import DesignError
from opinionpanel.waves.wave import Wave


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


# What is read of people, by hand


def nothing_read(design, in_design):
    raise AssertionError("replicate weights say all that there is to know of the sample")


# Who was interviewed matters only with a finite population.
THERE = []


def weights(values, replicates=None):
    return Weights(values, dict.fromkeys(values, 0), replicates or {})


def test_the_design_is_of_everyone_with_a_weight_at_any_wave():
    asked = []

    def read(design, in_design):
        asked.append(in_design.tolist())
        return compile_sampling(design, in_design, None, None, None), ("a note",)

    values = {"May": np.array([0.0, 2.0, 0.0]), "June": np.array([1.0, 0.0, 0.0])}
    found = sample_people(op.Design(weight="w"), weights(values), THERE, read)
    assert asked == [[True, True, False]]
    assert found.notes == ("a note",)
    assert found.replicates == {}
    with pytest.raises(DesignError, match="Nobody has a positive weight at any wave"):
        sample_people(op.Design(weight="w"), weights({"May": np.zeros(3)}), THERE, read)


def test_replicates_are_as_many_at_every_wave():
    values = {"May": np.ones(4), "June": np.ones(4)}
    replicates = {"May": np.ones((4, 3)), "June": np.ones((4, 3))}
    found = sample_people(replicate_design(), weights(values, replicates), THERE, nothing_read)
    assert found.replicates == replicates
    assert found.sampling.rscales.tolist() == [1.0] * 3
    replicates["June"] = np.ones((4, 5))
    with pytest.raises(DesignError, match=r"found '3 at May', '5 at June'"):
        sample_people(replicate_design(), weights(values, replicates), THERE, nothing_read)
    with pytest.raises(DesignError, match="found none"):
        sample_people(replicate_design(), weights(values), THERE, nothing_read)


@given(
    people=st.lists(st.tuples(st.sampled_from("nse"), st.integers(0, 4)), min_size=1, max_size=8),
    data=st.data(),
)
def test_a_row_that_stands_for_several_people_is_these_people(people, data):
    """As an engine compiles a design: over combinations, and how many people have each."""
    # Two PSUs in every stratum, whatever is drawn.
    people += [(stratum, psu) for stratum in "nse" for psu in (8, 9)]
    number = st.lists(st.integers(1, 4), min_size=len(people), max_size=len(people))
    times = np.array(data.draw(number))
    table = pd.DataFrame(people, columns=["h", "c"])
    design = op.Design(weight="w", stratum="h", psu="c", nest=True)

    def read(frame, times=None):
        everyone = np.ones(len(frame), dtype=bool)
        waves, rows = {"all": Wave(frame)}, {"all": slice(None)}
        return read_sampling(design, waves, rows, everyone, times)[0]

    expanded = read(table.loc[table.index.repeat(times)].reset_index(drop=True))
    counted = read(table, times)
    for name in ("sampled", "stratum_of_psu", "fraction"):
        np.testing.assert_array_equal(getattr(counted, name), getattr(expanded, name))
    np.testing.assert_array_equal(np.repeat(counted.psu, times), expanded.psu)
    assert counted.text == expanded.text


def test_people_of_a_counted_row_are_all_missed():
    table = {"all": Wave(pd.DataFrame({"h": ["n", "n", None]}))}
    everyone, times = np.ones(3, dtype=bool), np.array([2, 2, 30])
    with pytest.raises(DesignError, match="30 people with a weight, but no stratum"):
        read_sampling(
            op.Design(weight="w", stratum="h"), table, {"all": slice(None)}, everyone, times
        )


def test_those_who_moved_are_counted():
    assert moved_note("psu", "village", 1).startswith("psu village: 1 person with another value")
    assert "12 people" in moved_note("stratum", "region", 12)
