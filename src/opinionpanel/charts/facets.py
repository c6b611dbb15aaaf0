"""The panels of a chart: one for each group and pair of waves, in rows and columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from opinionpanel.arrays import Places
from opinionpanel.charts.frame import Frame, part_columns
from opinionpanel.errors import SelectionError, listing, unknown
from opinionpanel.estimates import label_of

# Pixels between two panels, across and down.
BETWEEN = 28.0


@dataclass(frozen=True)
class Facet:
    """What of the estimates a panel shows.

    Attributes
    ----------
    rows : numpy.ndarray of int
        Places of its estimates.
    values : tuple of str
        Of the label columns that make panels.
    name : str
        What the panel is about, as readers see it; empty for a chart of one panel.
    """

    rows: Places
    values: tuple[str, ...]
    name: str


def group_columns(frame: Frame, by: str | None) -> list[str]:
    """Name the label columns that make panels; `by` names one where there are several."""
    labels, groups = frame.estimates.labels, part_columns(frame.estimates)
    if by is None:
        return groups
    by = group_column(by, groups)
    if several := [name for name in groups if name != by and labels[name].nunique() > 1]:
        raise SelectionError(
            f"by={by!r} leaves {listing(several)} open, which has several values. Use .select(...) "
            "to keep one of them, or leave by= out to draw all combinations."
        )
    return [by]


def group_column(by: str, groups: Sequence[str]) -> str:
    """Find the label column of a group, which may bear a mark that tells it from another."""
    found = str(label_of(by, groups, groups))
    if found not in groups:
        raise unknown("group column", by, groups)
    return found


def facets(frame: Frame, columns: Sequence[str]) -> list[Facet]:
    """Take estimates apart by the values of some label columns, in their order."""
    labels = frame.figures.labels
    if not columns:
        return [Facet(np.arange(len(labels)), (), "")]
    keys = pd.MultiIndex.from_frame(labels[list(columns)])
    codes, values = pd.factorize(keys)
    # Group by group, each with all its pairs of waves, in the order in which they first come.
    order = [pd.unique(labels[name]).tolist() for name in columns]
    places = sorted(
        range(len(values)),
        key=lambda place: [
            known.index(part) for known, part in zip(order, values[place], strict=True)
        ],
    )
    return [
        Facet(
            np.flatnonzero(codes == place),
            tuple(map(str, values[place])),
            ", ".join(map(frame.name, values[place])),
        )
        for place in places
    ]


def in_rows(count: int, width: float, least: float, most: float) -> tuple[int, float]:
    """Choose how many panels stand side by side, and how wide each is.

    Parameters
    ----------
    count : int
        How many there are.
    width : float
        The room for all of them.
    least, most : float
        The width that a panel needs, and the one beyond which it gains nothing.
    """
    fit = max(1, int((width + BETWEEN) // (least + BETWEEN)))
    # Rows of equal lengths: four panels stand two by two where three would fit.
    columns = -(-count // -(-count // min(fit, count)))
    return columns, min((width + BETWEEN) / columns - BETWEEN, most)


def corners(
    count: int, columns: int, width: float, height: float, top: float = 0.0
) -> list[tuple[float, float]]:
    """Give the upper left corner of each panel."""
    return [
        (place % columns * (width + BETWEEN), top + place // columns * (height + BETWEEN))
        for place in range(count)
    ]
