"""The bar in a cell of what is only bounded: what must have happened, and what can have."""

from itertools import pairwise

import numpy as np

from opinionpanel.charts.heatmap_grid import ABOVE, BAR, GAP, HeatmapGrid
from opinionpanel.drawing import Mark, Rect, moves

# Pixels between the bar and the sides of its cell.
SIDES = 6.0


def range_bar(grid: HeatmapGrid, row: int, left: float, top: float) -> list[Mark]:
    """Draw from 0 to 100% what is certain, what is possible, and the rest; nothing without bounds.

    Parameters
    ----------
    grid : HeatmapGrid
    row : int
        Of its figures.
    left, top : float
        The corner of the cell.
    """
    if grid.upper is None:
        return []
    ends = (grid.frame.figures.value[row], grid.upper.figures.value[row])
    if not np.isfinite(ends).all():
        return []
    theme, width = grid.frame.theme, grid.cell - GAP - 2 * SIDES
    start, y = left + GAP / 2 + SIDES, top + grid.tall - GAP / 2 - ABOVE - BAR
    shade = moves(theme)
    fills = (shade(1.0)[0], shade(0.15)[0], theme.faint)
    return [
        Rect(
            kind="range",
            x=start + width * low,
            y=y,
            width=width * (high - low),
            height=BAR,
            fill=fill,
            data={"from": float(low), "to": float(high)},
        )
        for (low, high), fill in zip(pairwise((0.0, *ends, 1.0)), fills, strict=True)
        if high > low
    ]
