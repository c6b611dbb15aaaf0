"""Which kind of chart suits estimates."""

from collections.abc import Callable
from typing import Any

import altair as alt

from opinionpanel.charts.dot_chart import dots
from opinionpanel.charts.dot_rows import part_of
from opinionpanel.charts.frame import own_columns, part_columns
from opinionpanel.charts.heatmap_chart import heatmap
from opinionpanel.charts.heatmap_grid import ends_of, is_matrix
from opinionpanel.charts.path_chart import paths
from opinionpanel.charts.sankey_chart import sankey
from opinionpanel.charts.score_figures import of_score, signed
from opinionpanel.charts.stacked_chart import stacked
from opinionpanel.charts.trend_chart import trend
from opinionpanel.charts.trend_panels import MOST_LINES
from opinionpanel.charts.wholes import answers_column, is_whole
from opinionpanel.estimates import Estimates, withheld_of

# The label columns that tell the figures of a kind of chart from each other.
ROWS = {
    "paths": ("path",),
    "waves": ("wave",),
    "battery": ("state",),
}
# At so many waves the states of each item are still bars; at more they are lines.
MOST_BARS = 2


def plot(estimates: Estimates, **options: Any) -> alt.LayerChart:
    """Draw estimates as the kind of chart that suits them, as `Estimates.plot` describes."""
    kinds: dict[str, Callable[..., alt.LayerChart]] = {
        "flows": sankey,
        "matrix": heatmap,
        "paths": paths,
        "waves": trend,
        "battery": stacked,
        "whole": stacked,
    }
    return kinds.get(_shape(estimates), dots)(estimates, **options)


def compares(estimates: Estimates) -> bool:
    """Say whether a chart has several figures to compare; of one, the table tells as much.

    Raises
    ------
    SelectionError
        No kind of chart draws such estimates.
    """
    shape = _shape(estimates)
    if shape == "others":
        rows = part_of(estimates, withheld_of(estimates, 0), state=None, alone=True).rows
    elif shape == "whole":
        rows = (answers_column(estimates),)
    else:
        rows = ends_of(estimates) if shape in ("flows", "matrix") else ROWS[shape]
    return bool(rows) and len(estimates.labels[list(rows)].drop_duplicates()) > 1


def _shape(estimates: Estimates) -> str:
    """Say what estimates are, by their labels; groups may have any name."""
    labels = own_columns(estimates)
    if is_matrix(estimates) and estimates.unit != "number":
        whole = estimates.about.flows and estimates.unit == "share"
        return "flows" if whole else "matrix"
    if "path" in labels and estimates.unit == "share":
        return "paths"
    if is_whole(estimates):
        return "whole"
    waves = estimates.labels["wave"].nunique() if "wave" in labels else 0
    if of_score(estimates):
        own = not signed(estimates) and labels - {"quantile"} == {"wave"}
        return "waves" if own and waves > 1 else "others"
    if not {"wave", "state"} <= labels or estimates.unit != "share":
        return "others"
    items = estimates.about.columns(estimates.labels, "item")
    if items and estimates.labels["state"].nunique() == 1:
        parts = len(estimates.labels[part_columns(estimates)].drop_duplicates())
        return "waves" if waves > MOST_BARS and parts <= MOST_LINES else "others"
    if items and waves <= MOST_BARS:
        return "battery"
    return "waves" if waves > 1 else "others"
