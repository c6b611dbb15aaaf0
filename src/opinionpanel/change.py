"""How much changed: net change by state, where it came from, turnover, and moves along a scale."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.about import PAIR
from opinionpanel.bases import Base, By
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Estimates
from opinionpanel.panel import Panel
from opinionpanel.rest import compared
from opinionpanel.tabulation import pair_totals, scale_totals

__all__ = [
    "displacement",
    "gains_and_losses",
    "moves",
    "net_change",
    "net_changes",
    "turnover",
]

Floats = npt.NDArray[np.float64]
# Rows of coefficients on all flows, by what they stand for in one table.
Rows = dict[tuple[str, ...], Floats]
ALL = "all"


def net_change(
    panel: Panel,
    item: str,
    *,
    waves: Sequence[str] | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Net change of every state between two waves, among the same people.

    Parameters
    ----------
    panel, item, waves, by, base, reference
        As in `flows`.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``state``; destination share minus
        origin share, adding up to 0. Not the difference of two cross-sections, which is
        ``shares(...).difference("wave", ...)``.

    Raises
    ------
    SelectionError
        As in `flows`.

    Notes
    -----
    d = c − r, with the covariance between the two margins; treating the waves as independent
    samples would more than double the standard error.

    Examples
    --------
    >>> import opinionpanel as op
    >>> change = op.net_change(op.datasets.load("thomas_1991_3"), "opinion")
    >>> change.value.round(4).tolist()
    [0.1645, -0.2321, 0.0676]
    """
    title = f"Net change of {item} among the same people"
    totals, about, groups = pair_totals(panel, item, waves, by, base, "net_change", title)
    return compared(
        totals, groups, reference, lambda cells, by: net_changes(cells.shares([*PAIR, *by], about))
    )


def turnover(
    panel: Panel,
    item: str,
    *,
    waves: Sequence[str] | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Share of people who changed state, and its parts: net, exchange and shift.

    Parameters
    ----------
    panel, item, waves, by, base, reference
        As in `flows`.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``component``: total = net + exchange +
        shift. Net is the least that must have moved for the margins to change as they did;
        exchange is what two states swapped; shift is the rest.

    Raises
    ------
    SelectionError
        As in `flows`.

    Notes
    -----
    Total 1 − tr π; net ½Σ|c_i − r_i|; exchange 2Σ_{i<j} min(π_ij, π_ji). The signs and minima are
    held at the estimate for the standard errors. Near ties net, exchange and shift are biased
    upward: their intervals, Wald limits cut at 0 and 1, claim no coverage there. At an exact tie,
    with movers but no net change, net has no standard error (NaN).

    Examples
    --------
    >>> import opinionpanel as op
    >>> parts = op.turnover(op.datasets.load("thomas_1991_3"), "opinion")
    >>> parts.value.round(4).tolist()
    [0.446, 0.2321, 0.2038, 0.0101]
    """
    title = f"Turnover of {item}"
    totals, about, groups = pair_totals(panel, item, waves, by, base, "turnover", title)
    return compared(
        totals, groups, reference, lambda cells, by: _parts(cells.shares([*PAIR, *by], about))
    )


def gains_and_losses(
    panel: Panel,
    item: str,
    *,
    waves: Sequence[str] | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Split the net change of every state: what it gained from and lost to each other state.

    Parameters
    ----------
    panel, item, waves, by, base, reference
        As in `flows`.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups, ``state``, ``side`` (gains or losses) and
        ``other``: ``all`` together, and each state that people came from or went to. Shares of the
        base; losses are positive numbers too. For each state all gains minus all losses is its
        `net_change`. ``n_cell`` is the unweighted people who moved.

    Raises
    ------
    SelectionError
        As in `flows`; also a state that is called "all".

    Notes
    -----
    State i gains π_ji from j, and loses π_ij to j.

    Examples
    --------
    >>> import opinionpanel as op
    >>> from opinionpanel.change import gains_and_losses
    >>> parts = gains_and_losses(op.datasets.load("thomas_1991_3"), "opinion")
    >>> parts.select(state="favourable", other="all").value.round(4).tolist()
    [0.2422, 0.0777]
    """
    title = f"Gains and losses of {item}: share of the base"
    totals, about, groups = pair_totals(panel, item, waves, by, base, "gains_and_losses", title)
    if ALL in about.states:
        raise SelectionError(
            f"Item {item!r} has a state {ALL!r}, which is the name of the sum of gains or losses "
            "here. Give the state another name in the Item."
        )
    return compared(
        totals,
        groups,
        reference,
        lambda cells, by: _people(
            cells.shares([*PAIR, *by], about), ["state", "side", "other"], _gains_and_losses
        ),
    )


def moves(
    panel: Panel,
    item: str,
    *,
    waves: Sequence[str] | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
    without: Sequence[str] = (),
) -> Estimates:
    """Share of people who moved up, moved down or stayed on an ordered item.

    Parameters
    ----------
    panel, item, waves, by, reference
        As in `flows`. The order of the item's states is the scale: upward is towards the states
        that it names later.
    base : {"answered", "balanced"}
        As in `flows`. Who was not interviewed has no place on the scale.
    without : str or sequence of str
        States that have no place on the scale, such as "don't know". People in one of them at
        either wave of a pair are left out of its base; a note says how many.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``move``: upward, same and downward,
        which add up to 1; upward and downward add up to turnover where no state is left out.
        ``n_cell`` is the unweighted people who made the move.

    Raises
    ------
    SelectionError
        As in `flows`; also ``base="panel"``, and fewer than two states on the scale.

    Notes
    -----
    Upward Σ_{j>i} π_ij, same Σ_i π_ii, downward Σ_{j<i} π_ij.

    Examples
    --------
    >>> import opinionpanel as op
    >>> from opinionpanel.change import moves
    >>> panel = op.datasets.load("thomas_1991_3")
    >>> moves(panel, "opinion").value.round(3).tolist()
    [0.18, 0.554, 0.266]
    >>> moves(panel, "opinion", without=["unsure"]).value.round(3).tolist()
    [0.046, 0.878, 0.076]
    """
    totals, about, groups, scale = scale_totals(
        panel, item, waves, by, base, without, "moves", f"Moves of {item}"
    )

    def shares(value: Floats, part: pd.DataFrame) -> Rows:
        return _moves(value, _steps(part, scale))

    return compared(
        totals,
        groups,
        reference,
        lambda cells, by: _people(cells.shares([*PAIR, *by], about), ["move"], shares),
    )


def displacement(
    panel: Panel,
    item: str,
    *,
    waves: Sequence[str] | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
    without: Sequence[str] = (),
) -> Estimates:
    """Mean number of steps that people moved along an ordered item.

    Parameters
    ----------
    panel, item, waves, by, base, reference, without
        As in `moves`. Neighbours on the scale, states left out not counted, are one step apart.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``move``, in steps: ``upward`` and
        ``downward``, each the mean over everyone in the base, ``net`` = upward − downward, and
        ``distance`` = upward + downward.

    Raises
    ------
    SelectionError
        As in `moves`.

    Notes
    -----
    Upward Σ_{j>i} (j − i) π_ij, downward Σ_{j<i} (i − j) π_ij. Net is the change of the mean of
    the scores 1, 2, …, k: to count steps is to take neighbouring states to be equally far apart.

    Examples
    --------
    >>> import opinionpanel as op
    >>> from opinionpanel.change import displacement
    >>> steps = displacement(op.datasets.load("thomas_1991_3"), "opinion")
    >>> dict(zip(steps.labels["move"], steps.value.round(3).tolist()))
    {'upward': 0.195, 'downward': 0.292, 'net': -0.097, 'distance': 0.486}
    """
    totals, about, groups, scale = scale_totals(
        panel, item, waves, by, base, without, "displacement", f"Displacement of {item} in steps"
    )

    def means(value: Floats, part: pd.DataFrame) -> Rows:
        return _displacements(value, _steps(part, scale))

    return compared(
        totals,
        groups,
        reference,
        lambda cells, by: replace(
            _by_table(cells.shares([*PAIR, *by], about), ["move"], means), unit="number"
        ),
    )


def net_changes(joint: Estimates) -> Estimates:
    """Derive the net change of every state from flows."""
    return _by_table(joint, ["state"], _net_changes)


def _parts(joint: Estimates) -> Estimates:
    """Derive turnover and its parts from flows."""
    parts = _by_table(joint, ["component"], _components)
    component = parts.labels["component"].to_numpy()
    moved = np.repeat(parts.value[component == "total"] > 0, 4)
    # ½Σ|d| has no derivative where every d is 0; "0 (0 to 0)" would claim certainty.
    tied = (component == "net") & (parts.value < 1e-12) & moved
    return replace(parts.without_error(tied), unit="share", wald=component != "total")


def _people(
    joint: Estimates, columns: list[str], coefficients: Callable[[Floats, pd.DataFrame], Rows]
) -> Estimates:
    """Add up flows: shares of people, with their counts."""
    matrix, labels, first = _rows(joint, columns, coefficients)
    assert joint.n_cell is not None
    return replace(
        _combined(joint, matrix, labels, first), unit="share", n_cell=matrix @ joint.n_cell
    )


def _by_table(
    joint: Estimates, columns: list[str], coefficients: Callable[[Floats, pd.DataFrame], Rows]
) -> Estimates:
    """Combine the flows of each table linearly."""
    return _combined(joint, *_rows(joint, columns, coefficients))


def _rows(
    joint: Estimates, columns: list[str], coefficients: Callable[[Floats, pd.DataFrame], Rows]
) -> tuple[Floats, pd.DataFrame, list[int]]:
    """Collect coefficients and labels of all tables, and the first flow of the table of each."""
    keys = [name for name in joint.labels if name not in ("origin", "destination")]
    rows, labels, first = [], [], []
    for key, part in joint.labels.groupby(keys, sort=False):
        for name, row in coefficients(joint.value, part).items():
            rows.append(row)
            labels.append((*key, *name))
            first.append(int(part.index[0]))
    return np.vstack(rows), pd.DataFrame(labels, columns=[*keys, *columns]), first


def _combined(
    joint: Estimates, matrix: Floats, labels: pd.DataFrame, first: list[int]
) -> Estimates:
    """Combine flows linearly; base and df stay those of the table."""
    combined = joint.contrast(matrix, labels, title=joint.about.title)
    # What depends on no flow, such as net change where nobody is, is undefined all the same.
    empty = ~np.isfinite(joint.value[first])
    return replace(
        combined.without_error(empty),
        value=np.where(empty, np.nan, combined.value),
        df=joint.df[first],
        n=joint.n[first],
        n_effective=joint.n_effective[first],
        exact=None if joint.exact is None else joint.exact[first],
    )


def _net_changes(value: Floats, part: pd.DataFrame) -> Rows:
    """Coefficients of destination minus origin share on the flows of one table, by state."""
    changes: Rows = {}
    for state in part["origin"].drop_duplicates():
        change = changes[(state,)] = np.zeros(len(value))
        change[part.index[part["destination"] == state]] += 1.0
        change[part.index[part["origin"] == state]] -= 1.0
    return changes


def _gains_and_losses(value: Floats, part: pd.DataFrame) -> Rows:
    """Mark the flows into and out of every state of one table, one by one and all together."""
    rows: Rows = {}
    sides = (("gains", "destination", "origin"), ("losses", "origin", "destination"))
    for state in part["origin"].drop_duplicates():
        for side, here, there in sides:
            others = part[(part[here] == state) & (part[there] != state)]
            rows[state, side, ALL] = np.zeros(len(value))
            rows[state, side, ALL][others.index] = 1.0
            for cell, other in others[there].items():
                rows[state, side, other] = np.zeros(len(value))
                rows[state, side, other][cell] = 1.0
    return rows


def _steps(part: pd.DataFrame, scale: list[str]) -> "pd.Series[int]":
    """Count the steps up the scale of every flow of one table."""
    place = {state: position for position, state in enumerate(scale)}
    return part["destination"].map(place) - part["origin"].map(place)


def _moves(value: Floats, steps: "pd.Series[int]") -> Rows:
    """Mark the flows upward, nowhere and downward."""
    rows: Rows = {}
    for name, chosen in (("upward", steps > 0), ("same", steps == 0), ("downward", steps < 0)):
        rows[(name,)] = np.zeros(len(value))
        rows[(name,)][steps.index[chosen]] = 1.0
    return rows


def _displacements(value: Floats, steps: "pd.Series[int]") -> Rows:
    """Coefficients of the mean steps upward and downward, their difference and their sum."""
    upward, downward = np.zeros(len(value)), np.zeros(len(value))
    upward[steps.index] = np.maximum(steps, 0)
    downward[steps.index] = np.maximum(-steps, 0)
    return {
        ("upward",): upward,
        ("downward",): downward,
        ("net",): upward - downward,
        ("distance",): upward + downward,
    }


def _components(value: Floats, part: pd.DataFrame) -> Rows:
    """Coefficients of total, net, exchange and shift on the flows of one table."""
    states = part["origin"].drop_duplicates().tolist()
    cell = {
        (origin, destination): position
        for position, origin, destination in zip(
            part.index, part["origin"], part["destination"], strict=True
        )
    }
    total, net, exchange = (np.zeros(len(value)) for _ in range(3))
    for i, j in product(states, states):
        total[cell[i, j]] = float(i != j)
    for change in _net_changes(value, part).values():
        net += 0.5 * np.sign(np.nansum(change * value)) * change
    for a, i in enumerate(states):
        for j in states[a + 1 :]:
            least = min(cell[i, j], cell[j, i], key=lambda position: value[position])
            exchange[least] += 2.0
    shift = total - net - exchange
    return {("total",): total, ("net",): net, ("exchange",): exchange, ("shift",): shift}
