"""Which estimates of a table are withheld, where it leaves alone: small bases and small cells."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from numbers import Integral

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.about import About
from opinionpanel.estimates.label_columns import Role
from opinionpanel.estimates.labels import Labels
from opinionpanel.estimates.protection import Figures, Protection
from opinionpanel.estimates.values import Values
from opinionpanel.estimates.withheld_steps import with_few_steps

# Where people are who have no opinion: to be counted among them tells none.
WITHOUT_OPINION = (
    *("no answer", "not asked", "not interviewed", "without an answer", "not due", "new entrant"),
)
# The ways of people, by the label columns that tell them.
WAYS = (
    *(("origin", "destination"), ("path",), ("state", "side", "other")),
    *(("move",), ("changes",), ("moved",)),
)
# The fewest people in a flow or on a path, where small numbers are withheld at all.
MIN_CELL = 5
# Of cells that linear programs can weigh against each other in a moment.
MOST_CELLS = 2_000


@dataclass(frozen=True, eq=False)
class Withheld:
    """What of a table is not shown, and by which numbers of people.

    Attributes
    ----------
    rows : numpy.ndarray of bool, shape (m,)
    min_n : int
        The smallest base that may be shown.
    min_cell : int
        The fewest people in a flow or on a path that may be shown.
    moved : bool
        Whether the share of all who moved is withheld: it would tell of the flows.
    limits : numpy.ndarray of bool, shape (m,), or None
        Estimates that are shown without an interval: its width would tell of the flows.
    """

    rows: Booleans
    min_n: int = 0
    min_cell: int = 0
    moved: bool = False
    limits: Booleans | None = None

    @property
    def asked(self) -> bool:
        """Whether anything was to be withheld at all."""
        return bool(self.min_n or self.min_cell)


def withheld_of(estimates: Values, min_n: int, min_cell: int | None = None) -> Withheld:
    """Decide what of a table is withheld, as `Estimates.to_frame` describes."""
    if min_cell is None:
        min_cell = MIN_CELL if min_n else 0
    for name, least in (("min_n", min_n), ("min_cell", min_cell)):
        if not isinstance(least, Integral) or least < 0:
            raise SelectionError(f"{name} must be a whole number of at least 0, not {least!r}.")
    n, n_cell = estimates.answered
    estimates = replace(estimates, n=n, n_cell=n_cell, imputations=None)
    if study := estimates.about.study:
        # No sum is known over studies: each is a table of its own, and its column no group.
        roles: dict[str, Role] = {**estimates.about.roles, study: "component"}
        estimates = replace(estimates, about=replace(estimates.about, roles=roles))
    hidden = np.zeros(len(estimates), dtype=bool)
    if min_n:
        hidden = withheld(estimates.labels, estimates.n, min_n, estimates.about)
    if min_n and estimates.about.measure == "quantiles" and estimates.n_cell is not None:
        # A quantile is somebody's number: at the ends, that of one of few.
        hidden |= estimates.n_cell < min_n
    if min_cell and estimates.n_cell is not None:
        hidden = _with_small_cells(estimates, estimates.n_cell, min_cell, hidden)
    if estimates.sources is not None:
        hidden |= estimates.sources.any(lambda values: withheld_of(values, min_n, min_cell).rows)
    stayed = np.zeros(len(estimates), dtype=bool)
    if _ways(estimates) == ["origin", "destination"]:
        ways = zip(*map(estimates.named.column, ("origin", "destination")), strict=True)
        stayed = np.array([start == end for start, end in ways], dtype=bool)
    return Withheld(hidden, min_n, min_cell, moved=bool((hidden & stayed).any()))


def withheld(labels: pd.DataFrame, n: Floats, min_n: int, about: About) -> Booleans:
    """Mark the estimates to withhold: small bases, and what would give one of them away.

    From the total and the groups that are shown, the withheld ones together could be computed.
    While these are fewer than `min_n` people, or a single group, the group with the next smallest
    base is withheld too, over several columns of groups until nothing changes.

    Parameters
    ----------
    labels : pandas.DataFrame, m rows
    n : numpy.ndarray, shape (m,)
        Unweighted bases. Groups with nobody in them hide nothing.
    min_n : int
        The smallest base that may be shown.
    about : About
        Which of the labels are groups, and which have a row for all others together: its rows
        add up just as groups do.

    Returns
    -------
    numpy.ndarray of bool, shape (m,)
        Those with ``n >= min_n`` are withheld for the sake of others.
    """
    hidden = n < min_n
    labels = labels.reset_index(drop=True)
    lines = []
    for group in map(str, labels):
        if about.role(group) != "group" and group not in about.together:
            continue
        parts = (labels[group] != about.together.get(group)).to_numpy()
        others = [name for name in labels if name != group]
        alone = pd.Series(0, index=labels.index)
        same = labels.groupby(others, sort=False, dropna=False).ngroup() if others else alone
        rows = [np.flatnonzero(parts & (same == number)) for number in range(int(same.max()) + 1)]
        lines += [row[n[row] > 0] for row in rows]
    changed = True
    while changed:
        changed = False
        for line in lines:
            shown, inside = line[~hidden[line]], line[hidden[line]]
            few = len(inside) == 1 or (len(inside) > 0 and n[inside].sum() < min_n)
            if few and len(shown):
                hidden[shown[np.argmin(n[shown])]] = True
                changed = True
    return hidden


def _with_small_cells(
    estimates: Values, people: Floats, min_cell: int, hidden: Booleans
) -> Booleans:
    """Withhold the cells of flows and paths with few people, and what would tell them.

    How many people started and ended in each state is taken as known, and so is the same table
    for all groups together: these may stand elsewhere.
    """
    labels, about = estimates.named, estimates.about
    if about.measure == "mean_change":
        return with_few_steps(labels, about, people, min_cell, hidden)
    ways = _ways(estimates)
    if not ways:
        return hidden
    # A row for all others together is the sum of a line, and always known.
    together = np.zeros(len(labels), dtype=bool)
    for name, row in about.together.items():
        together |= labels.where(name, row)
    few = (people > 0) & (people < min_cell) & ~together & ~_without_opinion(labels, ways)
    if not few.any():
        return hidden
    tables = labels.numbers([name for name in labels if name not in ways])
    if len(labels) > MOST_CELLS:
        # Too many to weigh: tables with a small cell go as a whole.
        return hidden | np.isin(tables, tables[few])
    names = list(dict.fromkeys([*about.columns(labels, "group"), *ways]))
    lines = list(_lines(labels, names, together))
    protection = _protection(people, _cells(labels, ways), lines, hidden | few, together)
    for row in np.flatnonzero(few)[np.argsort(people[few], kind="stable")]:
        # Of a state that three people are in, no flow can be uncertain by more.
        room = min(people[line].sum() for line in lines if row in line)
        if not protection.protect(protection.figures.parts[row], min(min_cell, room)):
            protection.hidden[: len(labels)] |= (tables == tables[row]) & ~together
    return protection.hidden[: len(labels)]


def _ways(estimates: Values) -> list[str]:
    """Name the label columns that tell the ways of people; a group may have any name."""
    labels, about = estimates.named, estimates.about
    own = set(labels) - set(about.columns(labels, "group"))
    if found := next((list(ways) for ways in WAYS if own.issuperset(ways)), []):
        return found
    # Shares by what people answered at a wave are the ways from there.
    if (before := [name for name in about.answers if name in labels]) and "state" in own:
        return [*before, "state"]
    # Two items have columns of their names, the states of the one and of the other.
    crossed = [about.columns(labels, role) for role in ("origin", "state")]
    return [one for (one,) in crossed] if all(len(part) == 1 for part in crossed) else []


def _without_opinion(labels: Labels, ways: Iterable[str]) -> Booleans:
    """Mark the ways from and to states without an opinion."""
    silent = np.ones(len(labels), dtype=bool)
    for name in ways:
        silent &= labels.where(name, *WITHOUT_OPINION)
    return silent


def _cells(labels: Labels, ways: list[str]) -> Integers:
    """Give the cells that rows count numbers; a loss of one state is the gain of another."""
    others = [name for name in labels if name not in ways]
    if "side" not in ways:
        return labels.numbers([*others, *ways])
    lost = labels.where("side", "losses")
    state, other = labels.column("state"), labels.column("other")
    way = [
        (key, a, b) if from_state else (key, b, a)
        for key, a, b, from_state in zip(labels.keys(others), state, other, lost, strict=True)
    ]
    return pd.factorize(pd.Index(way, tupleize_cols=False))[0].astype(np.int64)


def _lines(labels: Labels, names: list[str], together: Booleans) -> Iterator[Integers]:
    """Give the rows that add up to something known: to a state, or to all groups."""
    for name in names:
        same = labels.numbers([other for other in labels if other != name])
        yield from (np.flatnonzero((same == key) & ~together) for key in np.unique(same[~together]))


def _protection(
    people: Floats,
    cells: Integers,
    lines: list[Integers],
    hidden: Booleans,
    together: Booleans,
) -> Protection:
    """Write the rows, and what is always known of them, as sums of cells."""
    size = int(cells.max()) + 1
    rows = np.eye(size)[cells]
    counts = np.zeros(size)
    counts[cells] = people
    known = [rows[line].sum(axis=0) for line in lines]
    # It is dearer to lose a large flow than a small one.
    price = np.append(np.where(together, 0.0, 1.0 + people), np.full(len(known), np.inf))
    rows[together] = 0.0
    figures = Figures(np.vstack([rows, known]), counts, price)
    return Protection(figures, np.append(hidden, np.zeros(len(known), dtype=bool)))
