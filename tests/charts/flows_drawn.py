"""Sankeys laid out from the flows of a panel."""

from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.sankey_chart import lay_out_sankey
from opinionpanel.estimates import withheld_of

# The options that are of all kinds of charts.
COMMON = set(Options.__dataclass_fields__)


def laid_out(flows, *, min_n=10, min_cell=None, **given):
    """The drawing of flows, of all options of `charts.sankey`."""
    common = {name: value for name, value in given.items() if name in COMMON}
    own = {name: value for name, value in given.items() if name not in COMMON}
    return lay_out_sankey(flows, withheld_of(flows, min_n, min_cell), Options(**common), **own)


def framed(flows, *, min_n=10, min_cell=None, **options):
    """The frame of flows."""
    return Frame(flows, withheld_of(flows, min_n, min_cell), Options(**options))


def marks_of(drawing, kind):
    return [mark for mark in drawing.marks if mark.kind == kind]


def texts_of(drawing, kind):
    return [mark.text for mark in marks_of(drawing, kind)]


def way_of(ribbon):
    """The origin and the destination that a ribbon names."""
    return ribbon.words.cells[-4:-2]


def place_of(node):
    """The wave and the state that a node names."""
    return node.words.cells[-3:-1]


def is_move(ribbon):
    return len(set(way_of(ribbon))) == 2
