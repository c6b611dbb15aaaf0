"""Which paths a chart shows by themselves, and what the others add up to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from opinionpanel.arrays import Places
from opinionpanel.charts.facets import Facet
from opinionpanel.charts.frame import Figures, Frame
from opinionpanel.drawing import SILENT
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import Estimates, Withheld, frame_of
from opinionpanel.measures import ARROW, OTHER


@dataclass(frozen=True)
class PathRow:
    """A path and its figures, or all other paths together.

    Attributes
    ----------
    steps : tuple of str
        The states of a path; none for other paths and for what is withheld.
    value, low, high, people : float
        NaN where there is none.
    hidden : bool
        Withheld: one row for all paths that are.
    """

    steps: tuple[str, ...] = ()
    value: float = np.nan
    low: float = np.nan
    high: float = np.nan
    people: float = np.nan
    hidden: bool = False

    @property
    def stayed(self) -> bool:
        """Whether it is the path of those who gave the same answer every time."""
        return len(set(self.steps)) == 1 and self.steps[0] not in SILENT


@dataclass(frozen=True)
class PathTable:
    """The paths of a group, the largest first.

    Attributes
    ----------
    name : str
        Of the group; empty where there are no groups.
    n : int
        Unweighted people in the base.
    rows : tuple of PathRow
        Paths by themselves.
    last : tuple of PathRow
        Other paths together, and what is withheld.
    """

    name: str
    n: int
    rows: tuple[PathRow, ...]
    last: tuple[PathRow, ...]


def path_tables(frame: Frame, parts: Sequence[Facet], most: int) -> list[PathTable]:
    """Take estimates of paths apart by group, and add up all but the largest paths of each.

    Parameters
    ----------
    frame : Frame
    parts : sequence of Facet
        The groups.
    most : int
        How many paths of a group stand by themselves. Those withheld are never among them, nor in
        the sum of the others.

    Raises
    ------
    SelectionError
        A path that is not made of the states of the item.
    """
    chosen = [_chosen(frame.figures, part.rows, most) for part in parts]
    sums = iter(_sums(frame, [rest for _, rest in chosen if len(rest)]))
    tables = []
    for part, (own, rest) in zip(parts, chosen, strict=True):
        figures = frame.figures.at(part.rows)
        last = [next(sums)] if len(rest) else []
        if figures.hidden.any():
            last.append(PathRow(hidden=True))
        n = int(np.nanmax(figures.n))
        tables.append(PathTable(part.name, n, tuple(_row(frame, row) for row in own), tuple(last)))
    return tables


def _chosen(figures: Figures, rows: Places, most: int) -> tuple[Places, Places]:
    """Choose the paths that stand by themselves, and those that are added up."""
    paths = figures.labels["path"].to_numpy()
    taken = rows[~figures.hidden[rows] & (figures.value[rows] > 0)]
    other = taken[paths[taken] == OTHER]
    # Equally frequent paths stand in an order that does not depend on that of the rows.
    own = np.array(
        sorted(set(taken) - set(other), key=lambda row: (-figures.value[row], paths[row])),
        dtype=np.intp,
    )
    if len(own) == most + 1 and not len(other):
        # One path more takes no more room than a row that adds up one.
        most += 1
    return own[:most], np.append(own[most:], other)


def _row(frame: Frame, row: int) -> PathRow:
    figures = frame.figures
    steps = tuple(str(figures.labels["path"].iloc[row]).split(ARROW))
    if strange := [step for step in steps if step not in frame.estimates.about.states]:
        raise SelectionError(
            f"Paths are drawn by the states of an item, and {listing(strange)} is none of "
            f"{listing(frame.estimates.about.states)}. Draw what opinionpanel.paths(panel, item) "
            "returns, or a selection of its rows."
        )
    value, low, high = figures.value[row], figures.low[row], figures.high[row]
    return PathRow(steps, value, low, high, figures.people[row])


def _sums(frame: Frame, rests: Sequence[Places]) -> list[PathRow]:
    """Add up shares, with the interval of each sum."""
    if not rests:
        return []
    estimates, options = frame.estimates, frame.options
    matrix = np.zeros((len(rests), len(estimates)))
    for place, rest in enumerate(rests):
        matrix[place, rest] = 1.0
    sums = estimates.contrast(matrix, {"path": [OTHER] * len(rests)})
    shown = frame_of(_as_shares(sums), level=options.level, interval=options.interval)
    found = shown[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=np.float64)
    rows = []
    for rest, (value, low, high) in zip(rests, found, strict=True):
        people = float(frame.figures.people[rest].sum())
        if _without_limits(frame.withheld, rest):
            low = high = np.nan
        rows.append(PathRow((), value, low, high, people))
    return rows


def _as_shares(sums: Estimates) -> Estimates:
    """Treat sums of shares of one base as what they are, a share of it."""
    return replace(sums, unit="share", possible=None, value=np.minimum(sums.value, 1.0))


def _without_limits(withheld: Withheld, rows: Places) -> bool:
    return withheld.limits is not None and bool(withheld.limits[rows].any())
