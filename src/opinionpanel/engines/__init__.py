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
from opinionpanel.engines.engine_column import EngineColumn, People, is_lazy, literal
from opinionpanel.engines.expressions import collected
from opinionpanel.engines.joint_tables import Key, Table
from opinionpanel.engines.lazy_table import (
    SPACE,
    TYPES,
    Kind,
    LazyTable,
    is_lazy_frame,
    kept,
    lazy_table,
)
from opinionpanel.engines.person_column import NONE, Counting, PersonColumn, PersonRows, how_many
from opinionpanel.engines.sparse_sums import incidence
from opinionpanel.engines.text_classes import is_format, is_letter, of_kind

__all__ = [
    "NONE",
    "SPACE",
    "TYPES",
    "Counting",
    "Cross",
    "EngineColumn",
    "Key",
    "Kind",
    "LazyTable",
    "People",
    "PersonColumn",
    "PersonRows",
    "Table",
    "collected",
    "column_sums",
    "combinations",
    "counts",
    "how_many",
    "incidence",
    "is_format",
    "is_lazy",
    "is_lazy_frame",
    "is_letter",
    "kept",
    "lazy_table",
    "literal",
    "named",
    "of_kind",
    "ratio",
    "sums",
    "tables",
    "take",
]
