"""Ids of batches, of whatever type: the people and the refusals of memory."""

from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pytest

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError

ITEM = {"q": op.Item("q", {"a": [1], "b": [2]})}
IDS = {
    "whole": pa.array([3, 1, 2], pa.int32()),
    "unsigned": pa.array([3, 1, 2], pa.uint64()),
    "with decimals": pa.array([3.0, 1.0, 2.0]),
    "decimals": pa.array([Decimal(3), Decimal(1), Decimal(2)]),
    "text": pa.array([" 3", "1", "2 "]),
    "large text": pa.array(["3", "1", "2"], pa.large_string()),
    "text views": pa.array(["3", "1", "2"], pa.string_view()),
    "categories": pa.array(["3", "1", "2"]).dictionary_encode(),
    "truth": pa.array([False, True, None]),
    "gaps": pa.array([3, None, 2]),
    "text with gaps": pa.array(["3", "", " "]),
    "not whole": pa.array([3.0, 1.5, float("nan")]),
    "too large": pa.array([3.0, 2.0**60, 1.0]),
    "leading zeros": pa.array(["03", "1", "2"]),
    "twice": pa.array([3, 3, 1]),
    "bytes": pa.array([b"3", b"1", b"2"]),
    "halves": pa.array([Decimal("3.5"), Decimal(1), Decimal(2)]),
}


def panel_of(make, first, second, **options):
    answers = pa.array([1, 2, 1])
    waves = {
        name: make(pa.table({"id": ids, "q": answers}))
        for name, ids in (("May", IDS[first]), ("June", IDS[second]))
    }
    try:
        panel = op.Panel.from_waves(waves, person="id", items=ITEM, **options)
    except OpinionPanelError as error:
        return type(error), str(error)
    return panel.linkage().to_dict()


@pytest.mark.parametrize("second", IDS)
@pytest.mark.parametrize("first", ["whole", "text", "unsigned"])
def test_the_people_or_the_refusal_of_memory(first, second):
    for options in ({}, {"duplicates": "drop_all"}, {"no_id": [1]}):
        expected = panel_of(lambda table: table, first, second, **options)
        assert panel_of(pyarrow.dataset.dataset, first, second, **options) == expected


def test_no_text_shows_an_id():
    named = pd.Series(["p70001", "p70001"])
    rows = pyarrow.dataset.dataset(pa.table({"id": named, "q": [1, 2]}))
    with pytest.raises(OpinionPanelError) as refused:
        op.Panel.from_waves({"May": rows}, person="id", items=ITEM)
    assert "70001" not in str(refused.value)
