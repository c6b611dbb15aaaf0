"""Time transition tables against group-bys that give the same shares without their errors."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import duckdb
import numpy as np
import polars as pl
from estimating import WAVES, transitions_of
from panels import PSUS, People, make_people
from timing import Row, in_turn

import opinionpanel as op


def columns(made: People) -> pl.DataFrame:
    """Lay out answers as small whole numbers, which both group fastest, and the weight."""
    answers = {f"w{wave + 1}": codes for wave, codes in enumerate(made.codes)}
    return pl.DataFrame({**answers, "weight": made.weight(0)})


def by_polars(frame: pl.DataFrame) -> list[pl.DataFrame]:
    """Shares of the destinations of every origin, a table for each pair of waves."""
    waves = frame.columns[:-1]
    return [
        frame.group_by(origin=first, destination=second)
        .agg(pl.col("weight").sum())
        .with_columns(share=pl.col("weight") / pl.col("weight").sum().over("origin"))
        for first, second in pairwise(waves)
    ]


def by_duckdb(connection: duckdb.DuckDBPyConnection, waves: int) -> list[pl.DataFrame]:
    """Shares as above, from a table that DuckDB holds in memory."""
    return [
        connection.sql(
            "select origin, destination, total / sum(total) over (partition by origin) as share "
            f"from (select w{wave} as origin, w{wave + 1} as destination, sum(weight) as total "
            "from people group by all)"
        ).pl()
        for wave in range(1, waves)
    ]


def check_same(panel: op.Panel, found: Callable[[], list[pl.DataFrame]]) -> None:
    """Refuse other shares than ours."""
    tables = [table.sort("origin", "destination")["share"].to_numpy() for table in found()]
    ours = op.transitions(panel, "support").value
    np.testing.assert_allclose(ours, np.concatenate(tables), rtol=1e-9)


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure a panel of usual size and a large one, and several tables of it."""
    sizes = ((10_000, 2), (1_000_000, 2), (1_000_000, WAVES))
    for people, waves in sizes[:1] if quick else sizes:
        tables = "one transition table" if waves == 2 else f"{waves - 1} transition tables"
        made = make_people(people, waves)
        panel, frame = made.panel(clustered=True), columns(made)
        connection = duckdb.connect()
        connection.execute("create table people as from frame")
        peers = {
            "polars group_by, no errors": lambda: by_polars(frame),  # noqa: B023
            "DuckDB group by, no errors": lambda: by_duckdb(connection, waves),  # noqa: B023
        }
        for against, peer in peers.items():
            check_same(panel, peer)
            (ours, theirs), runs = in_turn((transitions_of(panel), peer), 9)
            yield Row(
                part="against_group_by",
                what=f"{tables}, {PSUS:,} PSUs",
                ours=ours,
                against=against,
                theirs=theirs,
                people=people,
                waves=waves,
                runs=runs,
                note="answers as small whole numbers in memory; shares compared",
            )
