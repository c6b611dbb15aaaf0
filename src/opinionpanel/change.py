"""How much changed: net change by state, and turnover with its parts."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.about import PAIR
from opinionpanel.bases import Base, By
from opinionpanel.estimates import Estimates
from opinionpanel.panel import Panel
from opinionpanel.rest import compared
from opinionpanel.tabulation import pair_totals

__all__ = ["net_change", "net_changes", "turnover"]

Floats = npt.NDArray[np.float64]


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


def net_changes(joint: Estimates) -> Estimates:
    """Derive the net change of every state from flows."""
    return _by_table(joint, "state", _net_changes)


def _parts(joint: Estimates) -> Estimates:
    """Derive turnover and its parts from flows."""
    parts = _by_table(joint, "component", _components)
    component = parts.labels["component"].to_numpy()
    moved = np.repeat(parts.value[component == "total"] > 0, 4)
    # ½Σ|d| has no derivative where every d is 0; "0 (0 to 0)" would claim certainty.
    tied = (component == "net") & (parts.value < 1e-12) & moved
    return replace(parts.without_error(tied), unit="share", wald=component != "total")


def _by_table(
    joint: Estimates,
    column: str,
    coefficients: Callable[[Floats, pd.DataFrame], dict[str, Floats]],
) -> Estimates:
    """Combine the flows of each table linearly; base and df stay those of the table."""
    keys = [name for name in joint.labels if name not in ("origin", "destination")]
    rows, labels, first = [], [], []
    for key, part in joint.labels.groupby(keys, sort=False):
        for name, row in coefficients(joint.value, part).items():
            rows.append(row)
            labels.append((*key, name))
            first.append(part.index[0])
    frame = pd.DataFrame(labels, columns=[*keys, column])
    combined = joint.contrast(np.vstack(rows), frame, title=joint.about.title)
    return replace(
        combined,
        df=joint.df[first],
        n=joint.n[first],
        n_effective=joint.n_effective[first],
        exact=None if joint.exact is None else joint.exact[first],
    )


def _net_changes(value: Floats, part: pd.DataFrame) -> dict[str, Floats]:
    """Coefficients of destination minus origin share on the flows of one table, by state."""
    changes = {}
    for state in part["origin"].drop_duplicates():
        changes[state] = np.zeros(len(value))
        changes[state][part.index[part["destination"] == state]] += 1.0
        changes[state][part.index[part["origin"] == state]] -= 1.0
    return changes


def _components(value: Floats, part: pd.DataFrame) -> dict[str, Floats]:
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
    return {"total": total, "net": net, "exchange": exchange, "shift": total - net - exchange}
