"""Linked people whose waves are frames in memory."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from linked_people import BY_ID
from small_panels import two_waves

import opinionpanel as op
from opinionpanel.engines.person_column import NONE
from opinionpanel.errors import DesignError, LinkError, ReadError
from opinionpanel.panel.declared import declared
from opinionpanel.panel.people_in_memory import link_in_memory


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


@given(ids=st.permutations(range(5)), start=st.permutations(range(5)))
def test_numbers_follow_the_person_whatever_the_order(ids, start):
    waves = {
        "a": pd.DataFrame({"id": start}),
        "b": pd.DataFrame({"id": ids, "w": [float(one) for one in ids]}).iloc[1:],
    }
    numbers = link_in_memory(waves, BY_ID).numbers("b", "w", "weight")
    assert numbers.tolist() == [NONE if one == ids[0] else float(one) for one in start]


def test_rows_that_are_the_people_in_order_are_a_slice():
    frame = pd.DataFrame({"id": [3, 1, 2]})
    people = link_in_memory(
        {"a": frame, "b": frame, "c": frame.iloc[::-1]}, declared(person="id", items={})
    )
    assert people.rows["a"] == people.rows["b"] == slice(None)
    assert people.rows["c"].tolist() == [2, 1, 0]
    assert people.number == len(people.everyone) == people.everyone.sum() == 3


@pytest.mark.parametrize(
    ("column", "match"),
    [
        (["1", "heavy", " "], r"1 value\(s\) are not numbers"),
        (pd.to_datetime(["2024-07-01"] * 3), "the values are dates"),
    ],
)
def test_columns_that_are_no_numbers(column, match):
    people = link_in_memory(
        {"a": pd.DataFrame({"id": [1, 2, 3], "w": column})}, declared(person="id", items={})
    )
    with pytest.raises(ReadError, match=f"'a' .a frame., weight column 'w': {match}"):
        people.numbers("a", "w", "weight")


@pytest.mark.parametrize(
    "dtype", ["float32", "Int64", "Float64", "int64[pyarrow]", "object", "str"]
)
def test_numbers_of_any_type(dtype):
    whole = pd.Series([1, None, 3], dtype="Int64").astype(dtype)
    people = link_in_memory(
        {"a": pd.DataFrame({"id": [1, 2, 3], "w": whole})}, declared(person="id", items={})
    )
    assert people.numbers("a", "w", "weight").tolist() == [1, NONE, 3]
