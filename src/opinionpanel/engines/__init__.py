"""Where people live: arrays in memory, or columns of an engine; sums and counts by keys."""

from opinionpanel.engines.cross_tables import (
    Cross,
    column_sums,
    combinations,
    counts,
    named,
    ratio,
    sums,
    tables,
    take,
)
from opinionpanel.engines.expressions import collected
from opinionpanel.engines.joint_tables import Key, Table
from opinionpanel.engines.person_column import Column, People, how_many, is_lazy, literal
from opinionpanel.engines.sparse_sums import incidence

__all__ = [
    "Column",
    "Cross",
    "Key",
    "People",
    "Table",
    "collected",
    "column_sums",
    "combinations",
    "counts",
    "how_many",
    "incidence",
    "is_lazy",
    "literal",
    "named",
    "ratio",
    "sums",
    "tables",
    "take",
]
