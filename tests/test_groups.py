"""Groups of people: which value counts, the order of categories, and what is refused."""

import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import ReadError


def test_groups_take_the_first_value_and_count_changes(build, november):
    november["gender"] = ["woman", "man", "man", "man", None, "man", "man"]
    group = build().groups["gender"]
    assert group.categories == ("man", "woman")
    assert group.changed == 1
    assert "1 changed between waves" in str(build())


def test_people_without_a_group(build, july, november):
    july["gender"] = july["gender"].where(july["resp_id"] != 70008)
    panel = build()
    assert (panel.groups["gender"].codes < 0).sum() == 1
    assert "unknown 1" in str(panel)


def test_groups_sort_by_number_or_category(build, july, november):
    for frame in (july, november):
        frame["age"] = [30, 9, 100, 30, 9, 100, 9, 9][: len(frame)]
    july["size"] = pd.Categorical(["big", "small"] * 4, categories=["small", "big"], ordered=True)
    panel = build(groups=["age", "size"])
    assert panel.groups["age"].categories == ("9", "30", "100")
    assert panel.groups["size"].categories == ("small", "big")


def test_unknown_columns_name_wave_frame_and_nearest(build):
    for changes, column, near in (
        ({"groups": ["gendr"]}, "gendr", "gender"),
        ({"design": op.Design(weight="wgtt")}, "wgtt", "wgt"),
        ({"design": op.Design(weight="wgt", stratum="regoin")}, "regoin", "region"),
        ({"design": op.Design(weight="wgt", psu="vilage")}, "vilage", "village"),
        ({"person": "respid"}, "respid", "resp_id"),
    ):
        with pytest.raises(ReadError) as error:
            build(**changes)
        for part in ("'Jul'", "a frame", repr(column), f"Did you mean '{near}'?"):
            assert part in str(error.value)
