"""Engines to test on, and panels whose people stay on one, made from a panel in memory."""

import functools
from contextlib import contextmanager
from dataclasses import replace

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pytest

from opinionpanel.design.replicate_weights import ByCode, ReplicateWeights
from opinionpanel.engines.engine_column import EngineColumn, People
from opinionpanel.engines.expressions import collected

# narwhals says so whenever it meets a Dask frame, until the other package exists.
DASK = pytest.mark.filterwarnings("ignore:Dask support is moving out of Narwhals:FutureWarning")
# PySpark says so of every pandas it was not written for.
SPARK = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")


# DuckDB takes a while for each of many queries.
STAND_INS = ["polars", pytest.param("duckdb", marks=pytest.mark.slow)]
ON_STAND_INS = pytest.mark.parametrize("engine", STAND_INS)


def polars_frame(frame):
    import polars

    return polars.from_pandas(frame).lazy()


def duckdb_frame(frame):
    return duckdb_connection().from_df(frame)


@functools.cache
def duckdb_connection():
    """One for all: DuckDB joins only what came over the same connection."""
    import duckdb

    return duckdb.connect()


def dask_frame(frame):
    import dask.dataframe

    return dask.dataframe.from_pandas(frame, npartitions=2)


def spark_frame(frame):
    import pyarrow

    return spark().createDataFrame(pyarrow.Table.from_pandas(frame, preserve_index=False))


def arrow_dataset(frame):
    """Rows that are read in batches, into memory."""
    import pyarrow
    import pyarrow.dataset

    return pyarrow.dataset.dataset(pyarrow.Table.from_pandas(frame, preserve_index=False))


FRAMES = {
    "batches": arrow_dataset,
    "polars": polars_frame,
    "duckdb": duckdb_frame,
    "dask": dask_frame,
    "distributed": dask_frame,
    "spark": spark_frame,
}


@contextmanager
def dask_cluster():
    """Run Dask's scheduler of clusters; another test run may do so beside this one."""
    from distributed import Client, LocalCluster

    # Workers in processes of their own take three times as long for the same graph of tasks.
    options = {"processes": False, "n_workers": 1, "threads_per_worker": 2}
    with LocalCluster(**options, dashboard_address=":0") as cluster, Client(cluster):
        yield


@functools.cache
def spark():
    """The one Spark session of a test run; small data need few partitions."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        # A dozen rows need no code compiled for them.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def on_engine(panel, engine):
    """Give the arrays of a panel to an engine; the panel then holds columns of it."""
    arrays = {}

    def keep(values):
        name = f"c{len(arrays)}"
        arrays[name] = np.asarray(values)
        return name, arrays[name].dtype

    def rows(values):
        return [keep(row) for row in values]

    kept = {
        "answers": {item: rows(codes) for item, codes in panel.answers.items()},
        "present": rows(panel.present),
        "weights": {key: keep(weight) for key, weight in panel.weights.items()},
        "domain": keep(panel.domain),
        "not_due": {wave: keep(away) for wave, away in panel.not_due.items()},
        "groups": {
            name: (keep(group.codes), rows(group.by_wave)) for name, group in panel.groups.items()
        },
        "fixed": {
            name: (keep(group.codes), rows(group.by_wave)) for name, group in panel.fixed.items()
        },
    }
    replicated = {key: kept_replicates(part, keep) for key, part in panel.replicates.items()}
    sampling = panel.sampling
    design = {
        name: keep(getattr(sampling, name))
        for name in ("stratum", "psu")
        if getattr(sampling, name, None) is not None
    }
    frame = FRAMES[engine](pd.DataFrame(arrays))
    table = People(nw.from_native(frame).lazy(), len(panel.domain), engine)

    def column(named):
        name, dtype = named
        expression = nw.col(name)
        if dtype.kind in "iu":
            expression = expression.cast(nw.Int64())
        return EngineColumn(table, expression, dtype)

    def columns(named):
        return tuple(column(one) for one in named)

    def grouped(groups, known):
        return {
            name: replace(group, codes=column(known[name][0]), by_wave=columns(known[name][1]))
            for name, group in groups.items()
        }

    return replace(
        panel,
        answers={item: columns(named) for item, named in kept["answers"].items()},
        present=columns(kept["present"]),
        weights={key: column(named) for key, named in kept["weights"].items()},
        replicates={key: replicates_on(part, column) for key, part in replicated.items()},
        domain=column(kept["domain"]),
        not_due={wave: column(named) for wave, named in kept["not_due"].items()},
        groups=grouped(panel.groups, kept["groups"]),
        fixed=grouped(panel.fixed, kept["fixed"]),
        sampling=replace(sampling, **{name: column(named) for name, named in design.items()}),
    )


def kept_replicates(replicates, keep):
    """Keep delivered columns, or the weight and the codes that factors go by."""
    if isinstance(replicates, np.ndarray):
        return [keep(column) for column in replicates.T], None
    codes = replicates.unit and (keep(replicates.unit.codes), replicates.unit.table)
    return [keep(column) for column in replicates.columns], codes


def replicates_on(kept, column):
    columns, unit = kept
    by_unit = unit and ByCode(column(unit[0]), unit[1])
    return ReplicateWeights(tuple(map(column, columns)), by_unit)


# Values of twelve people, to try operators on.
RNG = np.random.default_rng(6)
N = 12
VILLAGES = np.array(["Abai", "Bor", "Kem", "Ust"])
TABLE = np.array([2, 0, 1, 2])
ARRAYS = {
    "whole": RNG.integers(-3, 4, N),
    "real": RNG.integers(-8, 9, N) / 4,
    "true": RNG.random(N) < 0.5,
    "codes": RNG.integers(-1, 3, N).astype(np.int8),
    "village": VILLAGES[RNG.integers(0, 4, N)],
}
# Looked up in a table on the client.
KEYED = {**ARRAYS, "village": TABLE[np.searchsorted(VILLAGES, ARRAYS["village"])]}


def columns_on(name):
    """The values of `KEYED` on an engine."""
    table = People(nw.from_native(FRAMES[name](pd.DataFrame(ARRAYS))).lazy(), N, name)
    columns = {
        column: EngineColumn(table, nw.col(column), values.dtype)
        for column, values in ARRAYS.items()
        if column != "village"
    }
    columns["codes"] = columns["codes"].astype(np.int64)
    village = EngineColumn(table, nw.col("village"), np.int64, values=VILLAGES, table=TABLE)
    return columns | {"village": village}


def held_on(name, arrays):
    """Give arrays of one value per person to an engine, as columns by name."""
    rows = len(next(iter(arrays.values())))
    frame = pd.DataFrame({"row": np.arange(rows), **arrays})
    people = People(nw.from_native(FRAMES[name](frame)).lazy(), rows, name)
    return {
        column: EngineColumn(people, nw.col(column), np.asarray(values).dtype)
        for column, values in arrays.items()
    }


def brought(*columns):
    """Bring columns of `held_on`, or made of them, back as arrays in the order of the rows."""
    named = {f"v{place}": column.expression() for place, column in enumerate(columns)}
    frame = columns[0].people.frame.with_columns(**named).select("row", *named)
    rows = collected(frame).sort_values("row")
    return [rows[name].to_numpy() for name in named]
