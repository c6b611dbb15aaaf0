"""Panels whose people stay on an engine, made from a panel in memory."""

from dataclasses import replace

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd

from opinionpanel.lazy import Column, People


def duckdb_frame(frame):
    import duckdb

    return duckdb.connect().from_df(frame)


def polars_frame(frame):
    import polars

    return polars.from_pandas(frame).lazy()


def dask_frame(frame):
    import dask.dataframe

    return dask.dataframe.from_pandas(frame, npartitions=3)


ENGINES = {"duckdb": duckdb_frame, "polars": polars_frame, "dask": dask_frame}


def on_engine(panel, engine):
    """Give the arrays of a panel to an engine; the panel then holds columns of it."""
    arrays = {}

    def keep(values):
        name = f"c{len(arrays)}"
        arrays[name] = np.asarray(values)
        return name, arrays[name].dtype

    def rows(values):
        return [keep(row) for row in values]

    people = panel.present.shape[1]
    kept = {
        "answers": {item: rows(codes) for item, codes in panel.answers.items()},
        "present": rows(panel.present),
        "weights": {key: keep(weight) for key, weight in panel.weights.items()},
        "domain": keep(panel.domain),
        "groups": {
            name: (keep(group.codes), rows(group.by_wave)) for name, group in panel.groups.items()
        },
        "fixed": {
            name: (keep(group.codes), rows(group.by_wave)) for name, group in panel.fixed.items()
        },
    }
    sampling = panel.sampling
    design = {
        name: keep(getattr(sampling, name))
        for name in ("stratum", "psu")
        if getattr(sampling, name, None) is not None
    }
    frame = ENGINES[engine](pd.DataFrame(arrays))
    table = People(nw.from_native(frame).lazy(), people, engine)

    def column(named):
        name, dtype = named
        kind = dtype.kind
        dtype = np.dtype(bool) if kind == "b" else np.float64 if kind == "f" else np.int64
        expression = nw.col(name)
        if kind in "iu":
            expression = expression.cast(nw.Int64())
        return Column(table, expression, dtype)

    def columns(named):
        return tuple(column(one) for one in named)

    def grouped(groups, known):
        return {
            name: replace(
                group, codes=column(known[name][0]), by_wave=columns(known[name][1])
            )
            for name, group in groups.items()
        }

    return replace(
        panel,
        answers={item: columns(named) for item, named in kept["answers"].items()},
        present=columns(kept["present"]),
        weights={key: column(named) for key, named in kept["weights"].items()},
        domain=column(kept["domain"]),
        groups=grouped(panel.groups, kept["groups"]),
        fixed=grouped(panel.fixed, kept["fixed"]),
        sampling=replace(sampling, **{name: column(named) for name, named in design.items()}),
    )
