"""What is said of text ids in Arrow's memory: as of Python's texts."""

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from opinionpanel.panel import id_kinds, ids, linking
from opinionpanel.panel.ids_in_arrow import (
    blank_words_of,
    complete_waves,
    count_kinds,
    lost_by_numbers,
    usual_forms,
)

LETTERS = st.sampled_from("0059abZ-_. жЖ\u0663²ª\n")
TEXTS = st.one_of(
    st.text(LETTERS, min_size=1, max_size=5),
    st.sampled_from(["nan", "NAN", "n/a", "#N/A", "<na>", "abc", "x/y", "12", "0012", "12.00"]),
).map(str.strip).filter(bool)  # fmt: skip


def arrow(texts, cut=0):
    return pa.chunked_array([texts[:cut], texts[cut:]], pa.large_string())


@given(st.lists(TEXTS, min_size=1, max_size=8, unique=True), st.integers(0, 8), st.data())
def test_the_same_is_said_as_of_texts_in_pythons_memory(texts, cut, data):
    column, known = arrow(texts, cut), np.array(texts, dtype=object)
    size = len(texts)
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    mask[0] = True
    rows = np.array(data.draw(st.lists(st.integers(0, size - 1), min_size=1)))
    here = {"mask": mask, "rows": rows}
    assert blank_words_of(column) == ids.blank_words(texts)
    assert count_kinds(column, here) == {
        wave: id_kinds.count_kinds(known[chosen]) for wave, chosen in here.items()
    }
    lost = [bool(re.fullmatch(ids.LOST_BY_NUMBERS, text)) for text in texts]
    assert lost_by_numbers(column).tolist() == lost
    for wave, shape in usual_forms(column, here).items():
        assert ids.text_form(shape, "id") == ids.forms(known[here[wave]], "id")


@pytest.mark.parametrize(
    "texts",
    [
        [str(i) for i in range(60)],
        [f"{i:02d}" for i in range(1, 61)],
        [f"{i:03d}" for i in range(1, 61)],
        [str(i) for i in range(2, 62)],
        [*(str(i) for i in range(1, 60)), "x"],
        ["\u0661", *(str(i) for i in range(2, 61))],
        [str(i) for i in range(1, 50)],
    ],
)
def test_waves_that_are_numbered_by_row(texts):
    others = [f"{i:020d}" for i in range(5)]
    here = {"w1": np.arange(len(texts)), "w2": np.arange(len(texts), len(texts) + 5)}
    expected = {"w1": len(texts)} if linking._complete(np.array(texts, dtype=object)) else {}
    assert complete_waves(arrow([*texts, *others], 7), here) == expected
