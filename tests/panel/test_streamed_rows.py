"""Rows of batches: which wave each is from, what is left out, and where reading stops."""

import threading

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pytest

from opinionpanel.errors import ReadError
from opinionpanel.panel import streamed_rows
from opinionpanel.panel.batches import Batches, stream_of
from opinionpanel.panel.streamed_rows import (
    Marks,
    ahead,
    collected,
    header_of,
    long_stream,
    streams_of,
)
from opinionpanel.waves import Wave


def dataset(**columns):
    return pyarrow.dataset.dataset(pa.table(columns))


def streams(**waves):
    return streams_of({name: stream_of(wave) for name, wave in waves.items()}, waves)


def test_rows_of_a_long_frame_say_their_waves():
    rows = dataset(id=[1, 2, 1, 2, 3], wave=["b", "a", "a", "c", "b"])
    source = long_stream(stream_of(rows), rows, ["id"], "wave", ["a", "b"])
    assert list(source.headers) == ["a", "b"]
    assert source.rows == 5
    (found,) = source.read({0: ["id"]})
    assert found.places.tolist() == [1, 0, 0, 1]


def test_rows_without_the_mark_of_their_wave_are_left_out():
    odd = Marks(lambda batch: batch.column("id").to_numpy() % 2 == 1, frozenset(["id"]))
    few = Marks(lambda batch: batch.column("id").to_numpy() < 3, frozenset(["id"]))
    rows = streams(a=dataset(id=[1, 2, 3, 4]), b=dataset(id=[2, 3]))
    for mark, kept in ((odd, [1, 3]), (odd & few, [1]), (odd | few, [1, 2, 3]), (~odd, [2, 4])):
        source = type(rows)(rows.parts, rows.headers, {"a": mark})
        found = [part.batch.column("id").to_pylist() for part in source.read({0: [], 1: ["id"]})]
        assert found == [kept, [2, 3]]


def test_reading_stops_where_nobody_wants_more():
    begun = threading.active_count()
    made = []

    def read(columns):
        for place in range(1000):
            made.append(place)
            yield pa.record_batch({"id": [place]})

    source = Batches({"id": pa.int64()}, read)
    batches = ahead(source, ["id"])
    assert next(batches).column(0).to_pylist() == [0]
    batches.close()
    assert len(made) < 20
    assert threading.active_count() == begun


def test_reading_ends_where_an_interrupt_comes_before_it_began(monkeypatch):
    begun = set(threading.enumerate())

    class Interrupted(threading.Thread):
        def start(self):
            super().start()
            raise KeyboardInterrupt

    monkeypatch.setattr(streamed_rows, "Thread", Interrupted)
    source = Batches({"id": pa.int64()}, lambda columns: iter([pa.record_batch({"id": [1]})] * 99))
    with pytest.raises(KeyboardInterrupt):
        next(ahead(source, ["id"]))
    assert set(threading.enumerate()) == begun


class PanicError(BaseException):
    """What libraries raise that no program is to catch."""


@pytest.mark.parametrize("kind", [ValueError, PanicError])
def test_what_a_reader_says_is_not_shown(kind):
    def read(columns):
        yield pa.record_batch({"id": [1]})
        raise kind("the value 70001 of a person")

    with pytest.raises(ReadError, match=r"^w\.csv: its rows cannot be read to the end") as refused:
        list(ahead(Batches({"id": pa.int64()}, read, source="w.csv"), ["id"]))
    assert "70001" not in str(refused.value)


def test_a_source_in_memory_has_the_columns_asked_for():
    wave = Wave(dataset(id=[1, 2], q=[3, None]), labels={"q": {3: "three"}}, source="w")
    found = collected(stream_of(wave), wave, ["q", "none", "q"])
    pd.testing.assert_frame_equal(found.frame, pd.DataFrame({"q": pd.array([3, None], "Int64")}))
    assert (found.labels, found.source) == (wave.labels, "w")
    header = header_of(stream_of(wave), wave)
    assert (list(header.frame), len(header.frame)) == (["id", "q"], 0)
    assert np.isscalar(header.source)


def test_lists_are_no_answers():
    rows = dataset(id=[1, 2], q=[[1], [2, 3]])
    header = streams(a=rows).headers["a"]
    with pytest.raises(ReadError, match="holds lists"):
        header.column("q", "a", purpose="item")
