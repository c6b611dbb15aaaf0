"""What users give as waves is told apart: frames, sources of this machine, engines elsewhere."""

from dataclasses import replace

import dask.dataframe as dd
import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pytest
from engine_frames import DASK

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError
from opinionpanel.panel import batches
from opinionpanel.panel.batches import Batches
from opinionpanel.panel.declared import declared
from opinionpanel.panel.rows_on_engine import EngineRows
from opinionpanel.panel.streamed_rows import StreamedRows
from opinionpanel.panel.taking import take_long, take_waves

FRAME = pd.DataFrame({"id": [1, 2], "wave": [1, 1], "q": [1, 2]})
ITEM = {"q": op.Item("q", {"a": [1], "b": [2]})}
WIDE = {"q": op.Item({"a": "q", "b": "wave"}, {"a": [1], "b": [2]})}
LOST = {"y": op.Item({"a": "qq"}, {"b": [1]})}
NEEDS = declared(person="id", items=ITEM)


def dataset(frame=FRAME):
    return pyarrow.dataset.dataset(pa.Table.from_pandas(frame, preserve_index=False))


@DASK
def test_each_kind_goes_its_way():
    lazy = dd.from_pandas(FRAME, npartitions=1)
    assert isinstance(take_waves({"a": lazy}, NEEDS), EngineRows)
    assert isinstance(take_waves({"a": dataset(), "b": dataset()}, NEEDS), StreamedRows)
    assert take_waves({"a": FRAME}, NEEDS) == {"a": FRAME}
    both = take_waves({"a": dataset(), "b": FRAME}, NEEDS)
    assert list(both["a"].frame) == ["id", "q"]
    with pytest.raises(OpinionPanelError, match="link on one engine only"):
        take_waves({"a": lazy, "b": dataset()}, NEEDS)


@pytest.mark.parametrize("person", [["old", "id"], {"a": "id", "b": ["old", "id"]}])
def test_several_columns_of_ids_are_linked_in_memory(person):
    waves = dict.fromkeys(["a", "b"], dataset(FRAME.assign(old=[3, 4])))
    found = take_waves(waves, replace(NEEDS, person=person))
    assert [sorted(wave.frame) for wave in found.values()] == [["id", "old", "q"]] * 2


@pytest.mark.parametrize(
    ("build", "near"),
    [
        (lambda frame: op.Panel.from_waves({"a": frame}, person=["id", "wav"], items=ITEM), "wave"),
        (lambda frame: op.Panel.from_long(frame, person="id", wave="wav", count="q", items=ITEM),
         "wave"),
        (lambda frame: op.Panel.from_wide(frame, person="idd", items=WIDE), "id"),
        (lambda frame: op.Panel.from_wide(frame, items=WIDE | LOST), "q"),
    ],
)  # fmt: skip
def test_a_column_that_is_not_there_is_looked_for_among_all(build, near):
    said = []
    for frame in (FRAME, dataset()):
        with pytest.raises(OpinionPanelError, match=f"Did you mean '{near}'") as error:
            build(frame)
        said.append(str(error.value))
    assert said[0] == said[1]


def test_a_source_is_asked_for_its_rows_once(monkeypatch):
    counted = []

    def of_dataset(source, wave):
        counted.append(source)
        return Batches({"id": pa.int64(), "wave": pa.int64(), "q": pa.int64()}, read)

    def read(columns):
        yield from dataset().to_batches(columns=list(columns))

    monkeypatch.setattr(batches, "_of_dataset", of_dataset)
    take_waves({"a": dataset(), "b": dataset()}, NEEDS)
    take_long(dataset(), "wave", None, None, NEEDS)
    take_long(dataset(), "wave", None, "q", NEEDS)
    assert len(counted) == 4


@DASK
def test_long_frames_too():
    lazy = dd.from_pandas(FRAME, npartitions=1)
    assert isinstance(take_long(lazy, "wave", None, None, NEEDS), EngineRows)
    assert isinstance(take_long(dataset(), "wave", None, None, NEEDS), StreamedRows)
    assert list(take_long(FRAME, "wave", None, None, NEEDS)) == ["1"]
    assert list(take_long(dataset(), "wave", None, "q", NEEDS)) == ["1"]
