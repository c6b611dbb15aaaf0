"""What users give as waves is told apart: frames, sources of this machine, engines elsewhere."""

import dask.dataframe as dd
import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pytest
from engine_frames import DASK

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError
from opinionpanel.panel.declared import declared
from opinionpanel.panel.rows_on_engine import EngineRows
from opinionpanel.panel.streamed_rows import StreamedRows
from opinionpanel.panel.taking import take_long, take_waves

FRAME = pd.DataFrame({"id": [1, 2], "wave": [1, 1], "q": [1, 2]})
NEEDS = declared(person="id", items={"q": op.Item("q", {"a": [1], "b": [2]})})


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


@DASK
def test_long_frames_too():
    lazy = dd.from_pandas(FRAME, npartitions=1)
    assert isinstance(take_long(lazy, "wave", None, None, NEEDS), EngineRows)
    assert isinstance(take_long(dataset(), "wave", None, None, NEEDS), StreamedRows)
    assert list(take_long(FRAME, "wave", None, None, NEEDS)) == ["1"]
    assert list(take_long(dataset(), "wave", None, "q", NEEDS)) == ["1"]
