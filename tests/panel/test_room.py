"""What does not fit into memory is refused before it is tried."""

import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pytest

import opinionpanel as op
from opinionpanel.errors import EngineError
from opinionpanel.panel import room
from opinionpanel.panel.room import check_room, free_memory, size_text


def test_a_refusal_says_how_much_and_what_helps(monkeypatch):
    monkeypatch.setattr(room, "free_memory", lambda: 1_000_000_000)
    check_room(600_000_000, "w.parquet", 10**8)
    text = r"w\.parquet of 100,000,000 rows takes at least 1\.2 GB .* 1\.0 GB are free.*Spark"
    with pytest.raises(EngineError, match=text):
        check_room(900_000_000, "w.parquet", 10**8)
    # What was taken already is asked for no second time, and is part of what there is.
    check_room(900_000_000, "w.parquet", None, taken=200_000_000)
    with pytest.raises(EngineError, match=r"at least 1\.5 GB .* 1\.2 GB are free"):
        check_room(1_200_000_000, "w.parquet", None, taken=200_000_000)
    monkeypatch.setattr(room, "free_memory", lambda: None)
    check_room(10**18, "w.parquet", 10**8)


def test_a_panel_is_refused_before_its_rows_are_read(monkeypatch):
    monkeypatch.setattr(room, "free_memory", lambda: 1_000)
    rows = pa.Table.from_pandas(pd.DataFrame({"id": [1, 2], "q": [1, 2]}))
    item = {"q": op.Item("q", {"a": [1], "b": [2]})}
    with pytest.raises(EngineError, match="of memory as a panel"):
        op.Panel.from_waves({"May": pyarrow.dataset.dataset(rows)}, person="id", items=item)


def test_the_system_tells_what_is_free():
    free = free_memory()
    assert free is None or free > 0
    assert [size_text(one) for one in (10, 2_400_000, 1_640_000_000)] == ["1 MB", "2 MB", "1.6 GB"]
