"""One chart of each kind, of the same item by the same group."""

from functools import partial

import opinionpanel as op
from opinionpanel import charts


def of_every_kind(panel, item, group, **options):
    """Draw the charts, by their kinds; with nothing withheld."""
    by, options = {"by": group}, {"min_n": 0} | options
    shares = op.shares(panel, item, **by)
    found = {
        "sankey": partial(charts.sankey, op.flows(panel, item, base="balanced", **by)),
        "heatmap": partial(charts.heatmap, op.transitions(panel, item, **by)),
        "trend": partial(charts.trend, shares),
        "stacked": partial(charts.stacked, shares),
        "dots": partial(charts.dots, shares),
        "paths": partial(charts.paths, op.paths(panel, item, min_n=1, **by)),
    }
    return {kind: draw(**options) for kind, draw in found.items()}
