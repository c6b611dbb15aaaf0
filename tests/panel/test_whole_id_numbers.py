"""Whole numbers that are ids, numbered as they first appear."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as arrays

from opinionpanel.errors import LinkError
from opinionpanel.panel import whole_id_numbers
from opinionpanel.panel.whole_id_numbers import WholeIdNumbers

TYPES = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]


def batches(kind):
    most = min(np.iinfo(kind).max, 2**63 - 1)
    low = np.iinfo(kind).min
    near = [st.integers(max(low, at - 3), min(most, at + 3)) for at in (low, 0, 99, most)]
    elements = st.one_of(st.integers(low, most), *near)
    batch = arrays.arrays(kind, st.integers(0, 12), elements=elements)
    return st.lists(batch, min_size=1, max_size=5)


@given(st.data())
def test_ids_are_numbered_as_they_first_appear(data):
    parts = data.draw(st.sampled_from(TYPES).flatmap(batches))
    between = data.draw(st.sampled_from([None, (0, 9), (-5, 10**9), (2**40, 2**40 + 9)]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole_id_numbers, "LEAST_PEOPLE", data.draw(st.sampled_from([1, 4, 1 << 10])))
        numbers = WholeIdNumbers(between=between)
        codes = np.concatenate([numbers.number(part) for part in parts])
        expected, found = pd.factorize(np.concatenate(parts).astype(np.int64))
        assert codes.tolist() == expected.tolist()
        assert numbers.ids().tolist() == found.tolist()
        assert len(numbers) == len(found)


@pytest.mark.parametrize("step", [1, -1, 2**40])
def test_ids_that_rise_or_fall_from_row_to_row(monkeypatch, step):
    monkeypatch.setattr(whole_id_numbers, "LEAST_PEOPLE", 1)
    ids = np.arange(1_000) * step
    numbers = WholeIdNumbers()
    parts = [numbers.number(ids[start : start + 7]) for start in range(0, 1_000, 7)]
    assert np.concatenate(parts).tolist() == list(range(1_000))
    assert numbers.ids().tolist() == ids.tolist()


def test_a_range_that_is_too_large_for_a_table_is_looked_up(monkeypatch):
    monkeypatch.setattr(whole_id_numbers, "MOST_PLACES", 100)
    ids = np.array([5, 3, 5])
    near, far = WholeIdNumbers(between=(0, 99)), WholeIdNumbers(between=(0, 100))
    assert near.number(ids).tolist() == far.number(ids).tolist() == [0, 1, 0]
    assert near._index is None
    assert far._index is not None


def test_ids_beyond_64_bits_with_a_sign_are_refused():
    with pytest.raises(LinkError, match="beyond the whole numbers of 64 bits"):
        WholeIdNumbers().number(np.array([1, 2**63], dtype=np.uint64))
