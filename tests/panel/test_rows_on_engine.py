"""The waves of a panel on an engine, and what values occur in them."""

import narwhals.stable.v2 as nw
import pandas as pd
import pytest
from engine_frames import DASK, FRAMES, ON_STAND_INS
from hypothesis import given, strategies as st

from opinionpanel.engines.expressions import collected
from opinionpanel.errors import EngineError, LinkError, SelectionError
from opinionpanel.panel import rows_on_engine
from opinionpanel.panel.rows_on_engine import TIMES, apart, is_lazy_wave, long
from opinionpanel.waves.wave import Wave

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["May", "June"]),
        st.sampled_from([1.0, 2.0, 98.0, None]),
        st.sampled_from(["north", " north", "", "süd"]),
    ),
    min_size=1,
    max_size=12,
)


def frame_of(rows):
    frame = pd.DataFrame(rows, columns=["when", "q", "region"]).assign(id=range(len(rows)))
    return frame.astype({"q": "float64", "region": "str", "when": "str"})


def counts(rows, wave, column):
    """Count the values of a wave in memory; None for a blank."""
    values = [row[column] for row in rows if row[0] == wave]
    values = [(one.strip() or None) if isinstance(one, str) else one for one in values]
    return {one: values.count(one) for one in values}


def sources(engine, rows):
    """The same rows as a frame for each wave, and as one frame."""
    frame = frame_of(rows)
    waves = list(dict.fromkeys(frame["when"]))
    apart_waves = {wave: FRAMES[engine](frame[frame["when"] == wave]) for wave in waves}
    return [apart(apart_waves), long(FRAMES[engine](frame), ["id"], "when", waves, None)]


def occurring(source):
    asked = {wave: [("q",), ("region",), ("q", "region")] for wave in source.waves}
    return source.occurring(asked)


@ON_STAND_INS
@given(rows=ROWS)
def test_values_that_occur_are_counted(engine, rows):
    for source in sources(engine, rows):
        found = occurring(source)
        for wave in source.waves:
            for place, column in enumerate(("q", "region"), start=1):
                values = found[column,][wave]
                told = dict(zip(values[column], values[TIMES], strict=True))
                assert told == counts(rows, wave, place)
            assert found["q", "region"][wave][TIMES].sum() == sum(row[0] == wave for row in rows)


@DASK
@pytest.mark.slow
def test_values_that_occur_on_a_cluster():
    rows = [("May", 1.0, "north"), ("June", None, " north"), ("May", 1.0, "")]
    for source in sources("dask", rows):
        values = occurring(source)["region",]["May"]
        assert dict(zip(values["region"], values[TIMES], strict=True)) == {"north": 1, None: 1}


@ON_STAND_INS
@given(rows=ROWS)
def test_rows_of_all_waves_come_together(engine, rows):
    for source in sources(engine, rows):
        values = {wave: table.values("q", wave) for wave, table in source.waves.items()}
        frame = collected(source.rows({"x": values}, {"x": nw.Float64()}))
        known = [(list(source.waves).index(row[0]), row[1] or 0.0) for row in rows]
        pairs = zip(frame["wave"].tolist(), frame["x"].fillna(0.0).tolist(), strict=True)
        assert sorted(pairs) == sorted(known)


def test_columns_of_too_many_values_are_no_answers(monkeypatch):
    monkeypatch.setattr(rows_on_engine, "MOST_VALUES", 3)
    frame = pd.DataFrame({"id": range(4), "q": [1, 2, 3, 3]})
    source = apart({"May": FRAMES["polars"](frame)})
    source.occurring({"May": [("q",)]})
    with pytest.raises(EngineError, match="Columns 'id' have more than 3 different values"):
        source.occurring({"May": [("id",)]})


def test_waves_are_on_one_engine():
    frame = pd.DataFrame({"id": [1]})
    lazy = {engine: FRAMES[engine](frame) for engine in ("polars", "duckdb")}
    with pytest.raises(EngineError, match="on polars and DuckDB: they link on one engine only"):
        apart({"May": lazy["polars"], "June": lazy["duckdb"]})
    with pytest.raises(EngineError, match="polars and memory"):
        apart({"May": lazy["polars"], "June": frame})
    assert apart({"May": lazy["duckdb"]}).engine == "DuckDB"


def test_a_wave_is_lazy_if_its_frame_is():
    frame = pd.DataFrame({"id": [1]})
    lazy = FRAMES["polars"](frame)
    assert is_lazy_wave(lazy)
    assert is_lazy_wave(Wave(lazy))
    assert not is_lazy_wave(frame)
    assert not is_lazy_wave(Wave(frame))


@ON_STAND_INS
def test_headers_have_the_columns_and_no_rows(engine):
    frame = pd.DataFrame({"id": [1, 2], "q": [1.0, None]})
    wave = Wave(FRAMES[engine](frame), labels={"q": {1: "yes"}}, source="may.parquet")
    header = apart({"May": wave}).headers["May"]
    assert list(header.frame) == ["id", "q"]
    assert not len(header.frame)
    assert header.labels == {"q": {1: "yes"}}
    assert header.where == wave.where


@ON_STAND_INS
def test_waves_of_a_long_frame(engine):
    def source(when, waves=None, count=None):
        frame = pd.DataFrame({"id": range(len(when)), "when": when})
        return long(FRAMES[engine](frame), ["id"], "when", waves, count)

    assert list(source([2021, 2019, 2019]).waves) == ["2019", "2021"]
    assert list(source([2021, 2019], waves=[2021]).waves) == ["2021"]
    assert list(source(["May", "May"]).waves) == ["May"]
    with pytest.raises(LinkError, match=r"order nobody can know.*waves=\['June', 'May'\]"):
        source(["May", "June"] * 5)
    with pytest.raises(LinkError, match=r"can know: 'June' and 1 of a few rows\. .*=\['June', …\]"):
        source(["May", *["June"] * 5])
    with pytest.raises(LinkError, match=r"1 row\(s\) do not say which wave"):
        source([2019.0, None])
    with pytest.raises(SelectionError, match="Did you mean 'May'"):
        source(["May", "June"] * 5, waves=["Mai"])
    with pytest.raises(EngineError, match="collect the frame first"):
        source(["May"], count="n")
