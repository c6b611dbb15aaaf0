"""Where people live: arrays in memory, or columns of an engine; sums and counts by keys."""

from opinionpanel.engines.cross_tables import (
    Cross as Cross,
    column_sums as column_sums,
    combinations as combinations,
    counts as counts,
    named as named,
    ratio as ratio,
    sums as sums,
    tables as tables,
    take as take,
)
from opinionpanel.engines.engine_column import (
    EngineColumn as EngineColumn,
    People as People,
    is_lazy as is_lazy,
    literal as literal,
)
from opinionpanel.engines.expressions import collected as collected
from opinionpanel.engines.joint_tables import Key as Key, Table as Table
from opinionpanel.engines.lazy_frames import (
    SPACE as SPACE,
    Kind as Kind,
    LazyTable as LazyTable,
    is_lazy_frame as is_lazy_frame,
    kept as kept,
    lazy_table as lazy_table,
    value_type as value_type,
)
from opinionpanel.engines.narwhals_later import nw as nw
from opinionpanel.engines.person_column import (
    LEAST as LEAST,
    NONE as NONE,
    Counting as Counting,
    PersonColumn as PersonColumn,
    PersonRows as PersonRows,
    how_many as how_many,
)
from opinionpanel.engines.sparse_sums import incidence as incidence
from opinionpanel.engines.text_classes import (
    digits as digits,
    is_format as is_format,
    is_letter as is_letter,
    of_kind as of_kind,
)
