"""One table of results and refusals, on every engine; Spark has a file of its own."""

import functools
import gc
from contextlib import ExitStack

import numpy as np
import polars
import pyarrow
import pytest
from engine_frames import DASK, FRAMES, ON_STAND_INS, dask_cluster
from panel_table import (
    ON_DASK,
    REFUSALS,
    RESULTS,
    SOON,
    WAVES,
    check_refusal,
    check_result,
    constructions,
    from_long,
    from_waves,
    survey,
)

import opinionpanel as op

pytestmark = DASK
IN_MEMORY = {
    "polars frames": polars.from_pandas,
    "pyarrow": lambda frame: pyarrow.Table.from_pandas(frame, preserve_index=False),
}
# DuckDB takes a while for each of many queries, and Dask for each graph of tasks; Arrow is read as
# frames of polars are. All rows of a long frame are asked of the others.
SLOW = ("pyarrow", "duckdb", "dask", "distributed")
# A scheduler of clusters: a choice, as Dask's threads take the others.
CHOSEN = {"clustered", "twice"}


@pytest.fixture(scope="module")
def make():
    """Give frames to an engine; those of a panel to one connection."""
    import duckdb

    connection = duckdb.connect()

    def frame(engine, data):
        if engine in IN_MEMORY:
            return IN_MEMORY[engine](data)
        return connection.from_df(data) if engine == "duckdb" else FRAMES[engine](data)

    return frame


@pytest.fixture(scope="module")
def cluster():
    """Start Dask's scheduler of clusters, when it is first asked for."""
    with ExitStack() as running:
        yield functools.cache(lambda: running.enter_context(dask_cluster()))


@pytest.fixture
def running(engine, cluster):
    """The name of an engine, which runs."""
    if engine == "distributed":
        cluster()
    return engine


def table(rows):
    """Name the rows of a table for each engine; Dask takes seconds for a panel."""
    return [
        pytest.param(engine, name, build, marks=pytest.mark.slow if engine in SLOW else ())
        for engine in ("polars frames", "batches", "polars", *SLOW)
        for name, build in constructions(rows, whole=engine not in SLOW)
        if (engine != "distributed" or (name in CHOSEN and build == "from_waves"))
        and (engine != "dask" or name in (ON_DASK if rows is RESULTS else SOON))
    ]


@pytest.mark.parametrize(("engine", "name", "build"), table(RESULTS))
def test_the_same_panel(make, running, name, build):
    check_result(name, build, make, running)


@pytest.mark.parametrize(("engine", "name", "build"), table(REFUSALS))
def test_the_same_refusal(make, running, name, build):
    check_refusal(name, build, make, running)


REFUSED = {
    "two ids": ({"person": {wave: ["id", "village"] for wave in WAVES}}, "by one"),
    "text weights": ({"design": op.Design(weight="region")}, "cast this one"),
}


@ON_STAND_INS
@pytest.mark.parametrize("what", REFUSED)
def test_what_an_engine_is_not_asked_for(make, engine, what):
    arguments, text = REFUSED[what]
    with pytest.raises(op.OpinionPanelError, match=text):
        from_waves(survey(), make, engine, **arguments)


@ON_STAND_INS
def test_a_long_frame_says_its_waves(make, engine):
    with pytest.raises(op.OpinionPanelError, match="whose order nobody can know"):
        from_long(survey(), make, engine, waves=None)
    with pytest.raises(op.OpinionPanelError, match=r"Unknown wave 'Mai'\. Did you mean 'May'"):
        from_long(survey(), make, engine, waves=["Mai", "June"])
    with pytest.raises(op.OpinionPanelError, match="collect the frame first"):
        from_long(survey(), make, engine, count="number")
    years = dict(zip((2019.0, 2021.0, 2024.0), survey().values(), strict=True))
    assert from_long(years, make, engine, waves=None).waves == ("2019", "2021", "2024")
    gap = years | {np.nan: years[2019.0].head(2)}
    with pytest.raises(op.OpinionPanelError, match=r"2 row\(s\) do not say which wave"):
        from_long(gap, make, engine, waves=None)


def test_waves_are_on_one_engine(make):
    waves = survey()
    mixed = {"May": waves["May"], "June": make("polars", waves["June"])}
    with pytest.raises(op.OpinionPanelError, match="polars and memory"):
        from_waves(mixed)
    mixed["May"] = make("duckdb", waves["May"])
    with pytest.raises(op.OpinionPanelError, match="DuckDB and polars"):
        from_waves(mixed)


def test_temporary_tables_go_with_their_panel():
    import duckdb

    connection = duckdb.connect()
    waves = {name: connection.from_df(part) for name, part in survey().items()}
    tables = "select count(*) from duckdb_tables() where table_name like 'opinionpanel%'"
    panel = from_waves(waves)
    assert connection.sql(tables).fetchall() == [(1,)]
    assert panel.waves == tuple(WAVES)
    del panel
    gc.collect()
    panel = from_waves(waves)
    assert connection.sql(tables).fetchall() == [(1,)]
    assert panel.waves == tuple(WAVES)
