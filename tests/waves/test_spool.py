"""Columns on disk come back as they were kept."""

from io import BytesIO

import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from opinionpanel.errors import ReadError
from opinionpanel.waves import spool as module
from opinionpanel.waves.spool import Spool, nameless_file

NUMBERS = st.lists(st.integers(0, 255) | st.none(), max_size=5)


@given(st.lists(NUMBERS, max_size=4))
def test_what_is_kept_comes_back(batches):
    spool = Spool("w.csv")
    for place, batch in enumerate(batches):
        kind = pa.uint8() if place % 2 else pa.int64()
        texts = [None if one is None else str(one) for one in batch]
        spool.write({"a": pa.array(batch, kind), "b": pa.array(texts, pa.string())})
    assert [part["a"].to_pylist() for part in spool.read(["a"])] == batches
    # Two readers at a time do not disturb each other.
    both = zip(spool.read(["b", "a"]), spool.read(["b"]), strict=True)
    assert all(one["b"].equals(other["b"]) and list(one) == ["b", "a"] for one, other in both)


class Full(BytesIO):
    """A file on a disk that is full, or has room for a part."""

    def __init__(self, room):
        super().__init__()
        self.room = room

    def write(self, data):
        if not self.room:
            raise OSError(28, "No space left on device")
        return super().write(bytes(data)[: self.room])


@pytest.mark.parametrize("room", [0, 100])
def test_a_disk_without_room_is_named_and_nothing_is_lost(monkeypatch, room):
    monkeypatch.setattr(module, "TemporaryFile", lambda buffering: Full(room))
    with pytest.raises(ReadError, match=r"^w\.csv: .* temporary files, /.* no room .*TMPDIR"):
        Spool("w.csv").write({"a": pa.array(range(100))})


def test_without_a_folder_for_temporary_files_the_way_out_is_told(monkeypatch):
    def none(**_):
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(module, "TemporaryFile", none)
    with pytest.raises(ReadError, match=r"w\.sav is not read, .* variable TMPDIR\."):
        nameless_file("w.sav")
