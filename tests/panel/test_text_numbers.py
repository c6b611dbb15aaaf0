"""Texts of Arrow arrays, numbered as they first appear."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from opinionpanel.engines import SPACE
from opinionpanel.panel import key_index, text_numbers
from opinionpanel.panel.text_numbers import TextNumbers, trimmed

FORMS = {
    "string": pa.string(),
    "large": pa.large_string(),
    "view": pa.string_view(),
}
# Short ones meet often, some around the length that fits the words, and long ones.
TEXTS = st.one_of(
    st.text("ab\0", max_size=2),
    st.text("0\0", min_size=13, max_size=18),
    st.text("ж ", max_size=9),
    st.text(st.sampled_from(SPACE + "x"), max_size=3),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=90),
    st.builds(lambda end: "person" * 12 + end, st.text("01", max_size=2)),
)


def arrow(texts, form, cut):
    """Texts as an array of Arrow, of which rows before and after were cut off."""
    padded = [*["cut"] * cut, *texts, *["off"] * cut]
    made = pa.array(padded, pa.large_string())
    return made.cast(FORMS[form])[cut : cut + len(texts)]


def numbered(batches):
    """Number all batches at once, with Python's texts."""
    codes, found = pd.factorize(pd.Series([t for part in batches for t in part], dtype=object))
    return codes.tolist(), list(found)


@given(st.data())
def test_texts_are_numbered_as_they_first_appear(data):
    batches = data.draw(st.lists(st.lists(TEXTS, max_size=12), min_size=1, max_size=5))
    with pytest.MonkeyPatch.context() as patch:
        piece = data.draw(st.sampled_from([3, 100]))
        for module in (key_index, text_numbers):
            patch.setattr(module, "PIECE", piece)
        patch.setattr(key_index, "LEAST_SLOTS", 8)
        numbers, codes = TextNumbers(), []
        for batch in batches:
            form, cut = data.draw(st.sampled_from(list(FORMS))), data.draw(st.integers(0, 2))
            codes += numbers.number(arrow(batch, form, cut)).tolist()
    expected, found = numbered(batches)
    assert codes == expected
    assert numbers.texts.to_pylist() == found
    assert len(numbers) == len(found)


@given(st.lists(TEXTS, max_size=4), st.sampled_from(["string", "large"]), st.integers(0, 2))
def test_space_at_the_ends_is_what_python_takes_off(texts, form, cut):
    assert trimmed(arrow(texts, form, cut)).to_pylist() == [text.strip() for text in texts]


@pytest.mark.parametrize("alike", [0, 1])
def test_texts_with_one_equal_hash_are_told_apart(monkeypatch, alike):
    hashes = text_numbers.hashes

    def poor(raw, starts, lengths):
        both = list(hashes(raw, starts, lengths))
        both[alike] = np.zeros_like(both[alike])
        return tuple(both)

    monkeypatch.setattr(text_numbers, "hashes", poor)
    texts = [f"a text of more than a few bytes {i % 70}" for i in range(100)]
    numbers = TextNumbers()
    assert numbers.number(pa.array(texts)).tolist() == [i % 70 for i in range(100)]


def test_short_texts_need_no_hash(monkeypatch):
    monkeypatch.setattr(text_numbers, "hashes", None)
    texts = ["", "\0", "1" * 15, "1" * 14, "1" * 14 + "\0"]
    assert TextNumbers().number(pa.array(texts)).tolist() == [0, 1, 2, 3, 4]


def test_each_byte_of_a_long_text_counts_in_both_hashes():
    texts = {"x" * 40} | {"x" * i + "y" + "x" * (39 - i) for i in range(40)} | {"x" * 41}
    raw, ends = text_numbers._bytes(pa.array(sorted(texts)))
    for hashed in text_numbers.hashes(raw, ends[:-1], np.diff(ends)):
        assert len(set(hashed.tolist())) == len(texts)


def test_a_hash_does_not_depend_on_the_texts_beside():
    texts = ["a text of some bytes", "one that is longer by far than the one before it"]
    numbers = TextNumbers()
    assert numbers.number(pa.array(texts)).tolist() == [0, 1]
    assert [numbers.number(pa.array([text])).item() for text in texts] == [0, 1]
