"""Who was interviewed, of rows that come in batches: what memory says."""

import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pytest
from panel_table import assert_same

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError
from opinionpanel.panel import batches

ROWS = pd.DataFrame(
    {
        "id": [1, 2, 3, 4, 5, 1, 2, 3, 4, 5],
        "wave": [1] * 5 + [2] * 5,
        "q": [1, 2, 1, 2, 1, 1, 2, 99, None, 1],
        "status": [1, 1, 2, 1, 1, 1, 2, 9, 1, 3],
        "w": [1.0, 0.5, 2.0, 1.0, 1.0, 1.0, None, 0.0, 1.5, 1.0],
    }
)
WAYS = {
    "a status": {"interviewed": op.Status("status", [1, 2])},
    "a status at one wave": {"interviewed": op.Status({"2": "status"}, [1, 2])},
    "the weight": {"interviewed": "weight"},
    "an item": {"items": {"q": op.Item("q", {"a": [1], "b": [2]}, no_interview=[99])}},
    "a blank": {"items": {"q": op.Item("q", {"a": [1], "b": [2]}, no_interview=[99, None])}},
    "both": {
        "interviewed": op.Status("status", [1, 3]),
        "items": {"q": op.Item("q", {"a": [1], "b": [2]}, no_interview=[None])},
    },
    "nobody": {"interviewed": op.Status("status", [7])},
    "an unknown column": {"interviewed": op.Status("state", [1])},
}


@pytest.mark.parametrize("way", WAYS)
def test_the_interviews_of_memory(monkeypatch, way):
    monkeypatch.setattr(batches, "ROWS", 3)
    about = {
        "person": "id",
        "items": {"q": op.Item("q", {"a": [1], "b": [2]}, rest="missing")},
        "design": op.Design(weight="w"),
    } | WAYS[way]

    def panel_of(make):
        waves = {str(wave): make(part) for wave, part in ROWS.groupby("wave")}
        for build in (
            lambda: op.Panel.from_long(make(ROWS), wave="wave", **about),
            lambda: op.Panel.from_waves(waves, **about),
        ):
            try:
                yield build()
            except OpinionPanelError as error:
                yield str(error)

    def dataset(frame):
        return pyarrow.dataset.dataset(pa.Table.from_pandas(frame, preserve_index=False))

    for found, expected in zip(panel_of(dataset), panel_of(lambda one: one), strict=True):
        if isinstance(expected, str):
            assert found == expected
        else:
            assert_same(found, expected)
            assert found.notes == expected.notes
