"""Rows that come in batches make the panel that frames in memory make."""

import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pytest
from hypothesis import given, strategies as st
from panel_table import assert_same, check_batches, from_long, from_waves, survey, vote

import opinionpanel as op
from opinionpanel.errors import LinkError, ReadError
from opinionpanel.panel import batches, streaming

DESIGN = op.Design(weight="w", stratum="region", psu="village", nest=True)
ABOUT = {"person": "id", "groups": ["gender"], "fixed": ["region"], "design": DESIGN}


@pytest.fixture
def small(monkeypatch):
    """Few rows at a time, and room for hardly anybody: whatever grows must grow."""
    monkeypatch.setattr(batches, "HERE", ("duckdb", "polars", "pyarrow"))
    monkeypatch.setattr(batches, "ROWS", 7)
    monkeypatch.setattr(streaming, "LEAST_ROOM", 1)


def dataset(frame):
    return pyarrow.dataset.dataset(pa.Table.from_pandas(frame, preserve_index=False))


SOURCES = {
    "dataset": lambda _, frame: dataset(frame),
    "polars": lambda _, frame: pl.from_pandas(frame).lazy(),
    "duckdb": lambda _, frame: duckdb.connect().from_df(frame),
}


@pytest.mark.parametrize("engine", SOURCES)
@pytest.mark.parametrize("build", [from_waves, from_long])
def test_the_panel_of_frames(small, engine, build):
    waves = survey()
    if engine == "duckdb" and build is from_waves:
        connection = duckdb.connect()
        found = build(waves, lambda _, frame: connection.from_df(frame), engine, **ABOUT)
    else:
        found = build(waves, SOURCES[engine], engine, **ABOUT)
    expected = build(waves, **ABOUT)
    assert isinstance(found.present, np.ndarray)
    assert_same(found, expected)
    one, two = (op.transitions(panel, "vote", by="gender") for panel in (found, expected))
    np.testing.assert_allclose(one.value, two.value, rtol=1e-12)
    np.testing.assert_allclose(one.covariance, two.covariance, atol=1e-15)


def test_the_summary_says_how_much_is_held(small):
    panel = from_waves(survey(), SOURCES["dataset"], "", **ABOUT)
    assert "Read: 186 rows, read in batches and held in 1 MB of memory" in str(panel)
    assert "Read:" not in str(from_waves(survey(), **ABOUT))


def test_what_lies_on_several_engines_links_in_memory(small):
    waves = survey()
    mixed = {
        "May": waves["May"],
        "June": SOURCES["polars"]("", waves["June"]),
        "July": SOURCES["duckdb"]("", waves["July"]),
    }
    assert_same(from_waves(mixed, **ABOUT), from_waves(waves, **ABOUT))


def test_ids_in_several_columns_and_tables_of_frequencies_link_in_memory(small):
    waves = {name: part.assign(old=part["id"]) for name, part in survey().items()}
    person = {name: ["old", "id"] for name in waves}
    for build in (from_waves, from_long):
        found = build(waves, SOURCES["dataset"], "", **(ABOUT | {"person": person}))
        assert_same(found, build(waves, **(ABOUT | {"person": person})))
    table = pd.DataFrame({"May": ["yes", "yes"], "June": ["yes", "no"], "n": [30, 10]})
    item = {"vote": op.Item({"May": "May", "June": "June"}, {"yes": ["yes"], "no": ["no"]})}
    found = op.Panel.from_wide(dataset(table), items=item, count="n")
    assert op.flows(found, "vote").value.tolist() == [0.75, 0.25, 0.0, 0.0]


def test_ids_may_be_doubled_in_any_batch(small):
    waves = survey()
    waves["June"] = pd.concat([waves["June"], waves["June"].head(2)])
    with pytest.raises(LinkError, match=r"2 id\(s\) stand in more than one row \(4 rows"):
        from_waves(waves, SOURCES["dataset"], "", **ABOUT)
    found, expected = (
        from_waves(waves, *how, **ABOUT, duplicates="drop_all")
        for how in ((SOURCES["dataset"], ""), ())
    )
    assert_same(found, expected)


def test_a_damaged_source_is_refused_without_its_values(small, tmp_path):
    path = tmp_path / "w.csv"
    path.write_text("id,q\n1,1\n2,secret\n")
    relation = duckdb.connect().read_csv(str(path), columns={"id": "BIGINT", "q": "BIGINT"})
    with pytest.raises(ReadError, match="cannot be read to the end") as refused:
        op.Panel.from_waves({"May": relation}, person="id", items=vote())
    assert "secret" not in str(refused.value)


@st.composite
def long_frames(draw):
    """Rows of people at waves, in any order, each person once at a wave."""
    people, waves = draw(st.integers(2, 12)), draw(st.integers(1, 4))
    pairs = [(person, wave) for person in range(people) for wave in range(waves)]
    kept = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=40, unique=True))
    rows = len(kept)
    ids = [10 * person for person, _ in kept]
    as_text = draw(st.booleans())
    return pd.DataFrame(
        {
            "id": [f"p{one}" for one in ids] if as_text else ids,
            "wave": [wave for _, wave in kept],
            "q": draw(st.lists(st.sampled_from([1, 2, 3]), min_size=rows, max_size=rows)),
            "w": draw(st.lists(st.floats(0.1, 9.0), min_size=rows, max_size=rows)),
        }
    )


@given(long_frames())
def test_any_order_of_rows_gives_the_panel_of_frames(frame):
    about = {
        "person": "id",
        "wave": "wave",
        "items": {"q": op.Item("q", {"a": [1], "b": [2], "c": [3]})},
        "design": op.Design(weight="w"),
    }

    check_batches(frame, **about)


def test_turns_of_threads_are_as_before_whichever_panel_is_read_last():
    before = sys.getswitchinterval()
    first, second = streaming.TURNS.often(), streaming.TURNS.often()
    for turns in (first, second):
        turns.__enter__()
    assert sys.getswitchinterval() < before
    for turns in (first, second):
        turns.__exit__(None, None, None)
    assert sys.getswitchinterval() == before
