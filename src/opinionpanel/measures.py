"""What a sociologist asks of a panel: shares, flows, transitions, turnover, net change.

Every measure tallies once and derives; none knows a variance formula.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.about import PAIR, About
from opinionpanel.bases import (
    Base,
    By,
    about_of,
    base_of,
    by_text,
    cells_of,
    group_names,
    state_codes,
    wave_names,
)
from opinionpanel.estimates import Estimates
from opinionpanel.panel import Panel
from opinionpanel.rest import compared
from opinionpanel.tally import Cells, Totals, tally, weighted_cells

__all__ = [
    "flows",
    "net_change",
    "net_changes",
    "shares",
    "transitions",
    "turnover",
    "wave_totals",
]

Floats = npt.NDArray[np.float64]


def shares(
    panel: Panel,
    item: str,
    *,
    waves: Sequence[str] | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Share of every state at every wave.

    Parameters
    ----------
    panel : Panel
    item : str
        The item's name in the panel.
    waves : sequence of str, optional
        By default every wave that asked the item.
    by : str or sequence of str, optional
        Groups of the panel.
    base : {"answered", "balanced", "panel"}
        Who is in the base: those who answered at the wave, with that wave's weight; those who
        answered at all the waves named, with the weight of the first and last of them; or
        everyone interviewed at the first wave named, with that wave's weight and
        ``not interviewed`` as a state.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is
        known; with ``"total"``, all of them together; or, of a single group, with a category.

    Returns
    -------
    Estimates
        Labels ``wave``, the groups and ``state``; shares between 0 and 1, NaN with n = 0 where a
        base is empty. With `reference`, each group's difference from it, with the covariance
        that overlapping people bring and the smaller of the two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have, or a reference without groups.

    Notes
    -----
    A share is a ratio of weighted totals over a domain; standard errors are by linearisation
    (Lumley 2010, Complex Surveys, ch. 2).

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("thomas_1991_3")
    >>> op.shares(panel, "opinion").matrix().round(3).to_numpy().tolist()
    [[0.279, 0.581, 0.14], [0.443, 0.349, 0.208]]
    """
    totals, about, groups = wave_totals(panel, item, waves, by, base)
    return compared(totals, groups, reference, lambda cells, by: cells.shares(["wave", *by], about))


def flows(
    panel: Panel,
    item: str,
    *,
    waves: Sequence[str] | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Joint shares: how many per cent of the base went from each state to each other.

    Parameters
    ----------
    panel, item, by, reference
        As in `shares`.
    waves : sequence of str, optional
        Two waves or more; each consecutive pair of them is tabulated. By default all waves that
        asked the item.
    base : {"answered", "balanced", "panel"}
        Those with an answer at both waves of the pair, with the longitudinal weight declared for
        it or else the later wave's weight; those with an answer at all waves named; or everyone
        interviewed at the first wave named, with ``not interviewed`` as a state.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups, ``origin`` and ``destination``; the flows
        of a pair and group add up to 1.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have, or fewer than two waves.

    Notes
    -----
    π_ij = W_ij / W, with W_ij the weighted people going from i to j.

    Examples
    --------
    >>> import opinionpanel as op
    >>> flows = op.flows(op.datasets.load("thomas_1991_3"), "opinion")
    >>> round(float(flows.value.sum()), 12)
    1.0
    """
    title = f"Flows of {item}: share of the base"
    totals, about, groups = _pair_totals(panel, item, waves, by, base, "flows", title)
    return compared(totals, groups, reference, lambda cells, by: cells.shares([*PAIR, *by], about))


def transitions(
    panel: Panel,
    item: str,
    *,
    waves: Sequence[str] | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Transition matrix: of those in a state, how many per cent went to each state.

    Parameters
    ----------
    panel, item, waves, by, base, reference
        As in `flows`.

    Returns
    -------
    Estimates
        Labels as in `flows`; each row (origin) adds up to 1. A row that nobody starts in is NaN
        with n = 0; ``n`` is the unweighted base of the row.

    Raises
    ------
    SelectionError
        As in `flows`.

    Notes
    -----
    P_ij = W_ij / W_i+, with the standard error of a ratio; the degrees of freedom are those of
    the row. A difference between rows is not a difference in persuasion: a group that answers
    less reliably moves more.

    Examples
    --------
    >>> import opinionpanel as op
    >>> moves = op.transitions(op.datasets.load("thomas_1991_3"), "opinion")
    >>> moves.matrix().round(3).to_numpy().tolist()
    [[0.721, 0.225, 0.054], [0.373, 0.451, 0.175], [0.18, 0.173, 0.647]]
    """
    title = f"Transitions of {item}: share of each origin"
    totals, about, groups = _pair_totals(panel, item, waves, by, base, "transitions", title)
    return compared(
        totals, groups, reference, lambda cells, by: cells.shares([*PAIR, *by, "origin"], about)
    )


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
    totals, about, groups = _pair_totals(panel, item, waves, by, base, "net_change", title)
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
    totals, about, groups = _pair_totals(panel, item, waves, by, base, "turnover", title)
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


def wave_totals(
    panel: Panel, item: str, waves: Sequence[str] | None, by: By, base: Base
) -> tuple[Totals, About, list[str]]:
    """Tally the states at each wave, by group."""
    groups, names = group_names(by), wave_names(panel, item, waves, at_least=1)
    states, codes = state_codes(panel, item, names, base)
    variables: list[Cells] = []
    weights: dict[tuple[str, ...], str] = {}
    for wave in names:
        inside, weight = base_of(panel, item, names, (wave,), base)
        weights[(wave,)] = weight.text
        labels, code = cells_of(panel, groups, wave, [("state", states)], [codes[wave]], inside)
        labels.insert(0, "wave", wave)
        variables.append(weighted_cells(code, weight, labels))
    about = about_of(
        panel, item, names, groups, base, states, weights, pairs=False, measure="shares"
    )
    title = f"Shares of {item} by wave" + by_text(panel, groups, pairs=False)
    return tally(panel.sampling, variables), replace(about, title=title), groups


def _pair_totals(
    panel: Panel,
    item: str,
    waves: Sequence[str] | None,
    by: By,
    base: Base,
    measure: str,
    title: str,
) -> tuple[Totals, About, list[str]]:
    """Tally the moves between each pair of waves, by group."""
    groups, names = group_names(by), wave_names(panel, item, waves, at_least=2)
    states, codes = state_codes(panel, item, names, base)
    variables: list[Cells] = []
    weights: dict[tuple[str, ...], str] = {}
    for first, second in pairwise(names):
        inside, weight = base_of(panel, item, names, (first, second), base)
        weights[first, second] = weight.text
        keys = [("origin", states), ("destination", states)]
        labels, code = cells_of(panel, groups, first, keys, [codes[first], codes[second]], inside)
        labels.insert(0, "from_wave", first)
        labels.insert(1, "to_wave", second)
        variables.append(weighted_cells(code, weight, labels))
    about = about_of(panel, item, names, groups, base, states, weights, pairs=True, measure=measure)
    about = replace(about, title=title + by_text(panel, groups, pairs=True))
    return tally(panel.sampling, variables), about, groups
