"""Lazy frames: one form for the values of a column."""

import datetime as dt
import sys

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pytest
from engine_frames import DASK, FRAMES, STAND_INS
from hypothesis import given, strategies as st

from opinionpanel.engines.expressions import collected
from opinionpanel.engines.lazy_frames import (
    SPACE,
    is_lazy_frame,
    kept,
    lazy_table,
    value_type,
)
from opinionpanel.errors import EngineError

BOTH = pytest.mark.parametrize("engine", STAND_INS)
SPACES = st.text("\u00a0\u2003\u3000 \t\n\x1c\x85", max_size=2)


def table(engine, **columns):
    frame = pd.DataFrame(columns)
    return lazy_table(FRAMES[engine](frame.assign(row=range(len(frame)))), "a frame")


def values(engine, given):
    """Bring the values of a column back in order, None for a null."""
    lazy = table(engine, x=given)
    rows = collected(lazy.frame.select("row", found=lazy.values("x", "May"))).sort_values("row")
    return rows["found"].astype(object).where(rows["found"].notna(), None).tolist()


@BOTH
@given(
    texts=st.lists(
        st.none() | st.builds(lambda a, text, b: a + text + b, SPACES, st.text(), SPACES),
        min_size=1,
        max_size=8,
    )
)
def test_texts_are_trimmed_as_python_trims(engine, texts):
    column = pd.Series(texts, dtype="str")
    expected = [(text.strip() or None) if isinstance(text, str) else None for text in texts]
    assert values(engine, column) == expected


def test_spaces_are_those_that_python_takes_off():
    assert set(SPACE) == {chr(code) for code in range(sys.maxunicode) if chr(code).isspace()}


@BOTH
@given(numbers=st.lists(st.floats(allow_infinity=True) | st.just(np.nan), min_size=1, max_size=8))
def test_no_number_is_null(engine, numbers):
    found = values(engine, np.array(numbers))
    assert found == [None if np.isnan(number) else number for number in numbers]


@BOTH
def test_whole_numbers_and_truth_are_whole(engine):
    assert values(engine, np.array([3, -7], dtype=np.int8)) == [3, -7]
    assert values(engine, np.array([True, False])) == [1, 0]


@DASK
def test_the_same_values_on_a_cluster():
    assert values("dask", pd.Series([" a", "\u00a0", "b\u3000", None], dtype="str")) == [
        *("a", None, "b", None)
    ]


@BOTH
def test_kinds_say_what_values_are_compared_as(engine):
    columns = {"text": ["a"], "whole": [1], "float": [0.5]}
    lazy = table(engine, **columns)
    assert [lazy.kind(name, "May") for name in columns] == list(columns)
    assert [lazy.schema[name] for name in columns] == [value_type(name) for name in columns]
    dates = table(engine, born=[dt.date(1990, 1, 1)])
    with pytest.raises(EngineError, match=r"Wave 'May' \(a frame\), column 'born' .*as text"):
        dates.kind("born", "May")


@pytest.mark.parametrize(("engine", "name"), [("polars", "polars"), ("duckdb", "DuckDB")])
def test_engines_have_their_users_names(engine, name):
    assert table(engine, x=[1]).engine == name


def test_only_lazy_frames_are_lazy():
    import polars

    frame = pd.DataFrame({"x": [1]})
    assert is_lazy_frame(FRAMES["polars"](frame))
    assert is_lazy_frame(FRAMES["duckdb"](frame))
    for other in (frame, polars.from_pandas(frame), "wave.sav", None):
        assert not is_lazy_frame(other)


@BOTH
def test_what_is_kept_is_worked_out_once(engine):
    lazy = table(engine, x=[3, 1, 2]).frame
    held = kept(lazy.with_columns(y=nw.col("x") * 2), lazy)
    assert sorted(collected(held)["y"]) == [2, 4, 6]
    assert is_lazy_frame(held.to_native())
    assert sorted(collected(kept(held, lazy))["x"]) == [1, 2, 3]
