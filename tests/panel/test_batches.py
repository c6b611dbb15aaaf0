"""Sources that are read in batches: which there are, and what is known of them beforehand."""

import dask.dataframe as dd
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pytest
from engine_frames import DASK

from opinionpanel.errors import EngineError
from opinionpanel.panel import batches
from opinionpanel.panel.batches import batches_of, parquet_batches

FRAME = pd.DataFrame({"id": [3, 1, 2], "x y": ["a", None, "b"]})


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(batches, "HERE", ("duckdb", "polars", "pyarrow"))


def rows_of(source, columns):
    table = pa.Table.from_batches(list(source.read(columns)))
    return table.to_pydict()


@pytest.mark.parametrize(
    "make",
    [
        lambda: duckdb.connect().from_df(FRAME),
        lambda: pl.from_pandas(FRAME).lazy(),
        lambda: pyarrow.dataset.dataset(pa.Table.from_pandas(FRAME)),
    ],
)
def test_lazy_frames_of_this_machine(here, make):
    source = batches_of(make())
    assert source.columns == ["id", "x y"]
    for _ in range(2):
        found = rows_of(source, ["x y", "id"])
        assert sorted(zip(found["id"], map(str, found["x y"]), strict=True)) == [
            (1, "None"), (2, "b"), (3, "a"),
        ]  # fmt: skip


@DASK
def test_others_are_left_where_they_are(here):
    assert batches_of(dd.from_pandas(FRAME, npartitions=1)) is None
    assert batches_of(FRAME) is None
    assert batches_of(pl.from_pandas(FRAME)) is None
    assert batches_of(pa.Table.from_pandas(FRAME)) is None


def test_frames_of_a_polars_without_batches_stay_there(here, monkeypatch):
    monkeypatch.delattr(pl.LazyFrame, "collect_batches")
    assert batches_of(pl.from_pandas(FRAME).lazy()) is None


def test_what_is_needed_to_read_batches_is_named(here, monkeypatch):
    monkeypatch.setattr(batches, "find_spec", lambda name: None)
    with pytest.raises(
        EngineError, match=r"frames of polars need pyarrow: .*opinionpanel\[files\]"
    ):
        batches_of(pl.from_pandas(FRAME).lazy())


def test_a_parquet_file_knows_its_rows_and_its_ranges(tmp_path):
    FRAME.to_parquet(tmp_path / "w.parquet", index=False, row_group_size=2)
    source = parquet_batches(tmp_path / "w.parquet")
    assert (source.rows, source.source, source.ranges) == (3, "w.parquet", {"id": (1, 3)})
    assert rows_of(source, ["id"]) == {"id": [3, 1, 2]}
