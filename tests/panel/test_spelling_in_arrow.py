"""Text ids that are written in two ways, looked for in Arrow's memory: as in Python's."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from opinionpanel.errors import LinkError
from opinionpanel.panel import id_spelling, spelling_in_arrow

# Ids that are one in several ways, with what distinguishes them and what does not.
PARTS = ["0", "00", "0x", "0X", "7", "10", "a", "A", "b", "-", "_", " ", ",", ".0", ".00", ".", "ß"]
ODD = ["\u200b", "ж", "Ж", "ﬁ", "fi", "１", "\u2003", "\x1c", "\n", "ª"]
TEXTS = st.one_of(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map("".join),
    st.lists(st.sampled_from(PARTS + ODD), min_size=1, max_size=4).map("".join),
    st.sampled_from(["nan", "NaN", "null", "<NA>", "abc", "xyz", "5", "-5"]),
)


def said(check):
    try:
        check()
    except LinkError as error:
        return str(error)
    return ""


def both(texts, present, chunks):
    """What is said of ids in Python's memory, and in Arrow's."""
    waves = [f"w{place}" for place in range(len(present))]
    rows = [np.flatnonzero(here) for here in present]
    ids = np.array(texts, dtype=object)
    keys = [ids[row] for row in rows]
    edges = [0, *sorted(chunks), len(texts)]
    parts = [texts[start:end] for start, end in pairwise(edges)]
    arrow = pa.chunked_array(parts, pa.large_string())
    return (
        said(lambda: id_spelling.check_writing(waves, "'id'", keys, rows, present)),
        said(lambda: spelling_in_arrow.check_writing(waves, "'id'", arrow, present)),
    )


@given(st.data())
def test_the_same_is_said_as_of_texts_in_pythons_memory(data):
    texts = data.draw(
        st.lists(TEXTS.map(str.strip).filter(bool), min_size=1, max_size=9, unique=True)
    )
    somewhere = st.lists(st.booleans(), min_size=2, max_size=2).filter(any)
    present = np.array([data.draw(somewhere) for _ in texts]).T
    # A wave without rows was refused before.
    present[:, 0] = True
    chunks = data.draw(st.lists(st.integers(0, len(texts)), max_size=2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spelling_in_arrow, "MANY", data.draw(st.sampled_from([1, 100])))
        memory, arrow = both(texts, present, chunks)
    assert arrow == memory


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["007", "x1"], ["7", "x1"]),
        (["0x1A2B", "x1"], ["1a2b", "x1"]),
        (["ab-12", "x1"], ["ab 12", "x1"]),
        (["1-23", "1-1"], ["12-3", "1-1"]),
        (["kJ4x", "b"], ["Kj4x", "b"]),
        (["kJ4x", "1"], ["kj4x", "1"]),
        (["\u200b17", "1"], ["17", "1"]),
        (["nan", "a1"], ["a1"]),
        (["nan", "abc"], ["abc", "x"]),
        (["0xaB", "b"], ["0XAb", "b"]),
    ],
)
def test_cases_of_the_ordinary_path(first, second):
    texts = list(dict.fromkeys([*first, *second]))
    present = np.array([[text in wave for text in texts] for wave in (first, second)])
    memory, arrow = both(texts, present, [])
    assert arrow == memory


def test_sets_are_counted_over_parts(monkeypatch):
    monkeypatch.setattr(spelling_in_arrow, "MANY", 7)
    first, second = [f"{i:04d}" for i in range(1, 90)], [str(i) for i in range(1, 90)]
    present = np.repeat(np.eye(2, dtype=bool), 89, axis=1)
    memory, arrow = both([*first, *second], present, [3, 50])
    assert arrow == memory
    assert arrow.startswith("89 id(s)")
