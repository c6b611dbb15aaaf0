"""All kinds of charts by their name, for pages that decide themselves what may be shown."""

from collections.abc import Callable
from typing import Any, Literal

from opinionpanel.charts.dot_chart import lay_out_dots
from opinionpanel.charts.heatmap_chart import lay_out_heatmap
from opinionpanel.charts.path_chart import lay_out_paths
from opinionpanel.charts.sankey_chart import lay_out_sankey
from opinionpanel.charts.stacked_chart import lay_out_stacked
from opinionpanel.charts.trend_chart import lay_out_trend
from opinionpanel.drawing import Drawing

Kind = Literal["dots", "heatmap", "paths", "sankey", "stacked", "trend"]

# Each takes estimates, what of them is withheld, and options; dots takes lists of the first two.
LAY_OUT: dict[Kind, Callable[..., Drawing]] = {
    "dots": lay_out_dots,
    "heatmap": lay_out_heatmap,
    "paths": lay_out_paths,
    "sankey": lay_out_sankey,
    "stacked": lay_out_stacked,
    "trend": lay_out_trend,
}


def lay_out(kind: Kind, *arguments: Any, **own: Any) -> Drawing:
    """Lay out a chart of a kind, as its own function describes."""
    return LAY_OUT[kind](*arguments, **own)
