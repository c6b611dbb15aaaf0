"""Columns on disk come back as they were kept."""

import pyarrow as pa
from hypothesis import given, strategies as st

from opinionpanel.waves.spool import Spool

NUMBERS = st.lists(st.integers(0, 255) | st.none(), max_size=5)


@given(st.lists(NUMBERS, max_size=4))
def test_what_is_kept_comes_back(batches):
    spool = Spool()
    for place, batch in enumerate(batches):
        kind = pa.uint8() if place % 2 else pa.int64()
        texts = [None if one is None else str(one) for one in batch]
        spool.write({"a": pa.array(batch, kind), "b": pa.array(texts, pa.string())})
    assert [part["a"].to_pylist() for part in spool.read(["a"])] == batches
    # Two readers at a time do not disturb each other.
    both = zip(spool.read(["b", "a"]), spool.read(["b"]), strict=True)
    assert all(one["b"].equals(other["b"]) and list(one) == ["b", "a"] for one, other in both)
