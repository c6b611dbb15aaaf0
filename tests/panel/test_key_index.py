"""Keys of 64-bit words, numbered as they first appear."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as arrays

from opinionpanel.panel import key_index
from opinionpanel.panel.key_index import KeyIndex


@pytest.fixture
def small(monkeypatch):
    """Tables of a few slots, filled in small pieces."""
    monkeypatch.setattr(key_index, "PIECE", 4)
    monkeypatch.setattr(key_index, "LEAST_SLOTS", 16)


def by_pandas(batches):
    """Number all batches at once."""
    whole = np.concatenate(batches)
    joined = [tuple(row) for row in whole.tolist()]
    codes, found = pd.factorize(pd.Series(joined, dtype=object))
    return codes.tolist(), list(found)


def words(few):
    elements = st.integers(0, 3) if few else st.integers(0, 2**64 - 1)
    return arrays.arrays(np.uint64, st.tuples(st.integers(0, 12), st.just(2)), elements=elements)


@given(st.data(), st.booleans())
def test_keys_are_numbered_as_they_first_appear(data, few):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(key_index, "PIECE", data.draw(st.sampled_from([3, 100])))
        patch.setattr(key_index, "LEAST_SLOTS", 16)
        batches = data.draw(st.lists(words(few), min_size=1, max_size=6))
        index, codes, kept = KeyIndex(2), [], []
        for batch in batches:
            numbers, firsts = index.number(batch)
            codes += numbers.tolist()
            kept.append(batch[firsts])
    expected, found = by_pandas(batches)
    assert codes == expected
    assert [tuple(row) for row in index.keys().tolist()] == found
    assert [tuple(row) for row in np.concatenate(kept).tolist()] == found
    assert len(index) == len(found)


@pytest.mark.parametrize("capacity", [0, 5, 500])
def test_the_table_grows(small, capacity):
    keys = np.random.default_rng(1).integers(0, 200, (900, 1)).astype(np.uint64)
    index = KeyIndex(1, capacity)
    numbers, _ = index.number(keys)
    assert numbers.tolist() == by_pandas([keys])[0]
    assert index.number(keys[::-1])[0].tolist() == numbers[::-1].tolist()


def test_keys_that_want_one_slot(small, monkeypatch):
    # The last one: those that find it taken go on at the beginning of the table.
    last = lambda index, keys: np.full(len(keys), len(index._slots) - 1)  # noqa: E731
    monkeypatch.setattr(KeyIndex, "_first_slots", last)
    keys = np.array([[5, 1], [5, 2], [5, 1], [6, 1], [5, 2], [7, 7], [6, 1]], dtype=np.uint64)
    index = KeyIndex(2)
    numbers, firsts = index.number(keys)
    assert numbers.tolist() == [0, 1, 0, 2, 1, 3, 2]
    assert firsts.tolist() == [0, 1, 3, 5]
    more = np.arange(80, dtype=np.uint64).reshape(40, 2)
    assert index.number(more)[0].tolist() == list(range(4, 44))
    assert index.number(keys)[0].tolist() == numbers.tolist()


def test_slots_differ_for_keys_with_a_pattern():
    """Ids in a row, and ids that differ in their high bits only, spread over the table."""
    index = KeyIndex(2, 100_000)
    numbers = np.arange(100_000, dtype=np.uint64)
    none = np.zeros_like(numbers)
    high = numbers << np.uint64(40)
    for pair in ((numbers, none), (none, numbers), (high, none), (none, high), (numbers, numbers)):
        slots = index._first_slots(np.stack(pair, axis=1))
        # Of random ones 83 of a hundred would be different.
        assert len(np.unique(slots)) > 0.8 * len(slots)
