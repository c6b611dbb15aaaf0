"""Moves along a scale: up and down the ordered states, and how far."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Floats, Integers, Places
from opinionpanel.estimates import PAIR, Estimates, Role
from opinionpanel.measures.bases import Base, By
from opinionpanel.measures.flow_sums import Rows, Table, by_table, people
from opinionpanel.measures.pairs_of_waves import Waves
from opinionpanel.measures.reference_groups import compared
from opinionpanel.measures.scale_totals import STEP, step_totals
from opinionpanel.panel import Panel

MOVE: Mapping[str, Role] = {"move": "component"}


@checked
def direction(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
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
    >>> panel = op.datasets.load("thomas_1991_3")
    >>> op.direction(panel, "opinion").value.round(3).tolist()
    [0.18, 0.554, 0.266]
    >>> op.direction(panel, "opinion", without=["unsure"]).value.round(3).tolist()
    [0.046, 0.878, 0.076]
    """
    totals, about, groups = step_totals(
        panel, item, waves, by, base, without, "direction", f"Moves of {item}"
    )

    def shares(value: Floats, part: Table) -> Rows:
        return _moves(value, part.places, _steps(part))

    return compared(
        totals,
        groups,
        reference,
        lambda cells, by: people(cells.shares([*PAIR, *by], about), MOVE, shares),
    )


@checked
def displacement(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
    without: Sequence[str] = (),
) -> Estimates:
    """Mean number of steps that people moved along an ordered item.

    Parameters
    ----------
    panel, item, waves, by, base, reference, without
        As in `direction`. Neighbours on the scale, states left out not counted, are one step apart.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``move``, in steps: ``upward`` and
        ``downward``, each the mean over everyone in the base, ``net`` = upward − downward, and
        ``distance`` = upward + downward.

    Raises
    ------
    SelectionError
        As in `direction`.

    Notes
    -----
    Upward Σ_{j>i} (j − i) π_ij, downward Σ_{j<i} (i − j) π_ij. Net is the change of the mean of
    the scores 1, 2, …, k: to count steps is to take neighbouring states to be equally far apart.

    Examples
    --------
    >>> import opinionpanel as op
    >>> steps = op.displacement(op.datasets.load("thomas_1991_3"), "opinion")
    >>> dict(zip(steps.labels["move"], steps.value.round(3).tolist()))
    {'upward': 0.195, 'downward': 0.292, 'net': -0.097, 'distance': 0.486}
    """
    totals, about, groups = step_totals(
        panel, item, waves, by, base, without, "displacement", f"Displacement of {item} in steps"
    )

    def means(value: Floats, part: Table) -> Rows:
        return _displacements(value, part.places, _steps(part))

    return compared(
        totals,
        groups,
        reference,
        lambda cells, by: replace(
            by_table(cells.shares([*PAIR, *by], about), MOVE, means), unit="number"
        ),
    )


def _steps(part: Table) -> Integers:
    """List the steps up the scale of every cell of one table."""
    return np.array([int(str(step)) for step in part.labels.column(STEP)], dtype=np.int64)


def _moves(value: Floats, places: Places, steps: Integers) -> Rows:
    """Mark the flows upward, nowhere and downward."""
    rows: Rows = {}
    for name, chosen in (("upward", steps > 0), ("same", steps == 0), ("downward", steps < 0)):
        rows[(name,)] = np.zeros(len(value))
        rows[(name,)][places[chosen]] = 1.0
    return rows


def _displacements(value: Floats, places: Places, steps: Integers) -> Rows:
    """Coefficients of the mean steps upward and downward, their difference and their sum."""
    upward, downward = np.zeros(len(value)), np.zeros(len(value))
    upward[places] = np.maximum(steps, 0)
    downward[places] = np.maximum(-steps, 0)
    return {
        ("upward",): upward,
        ("downward",): downward,
        ("net",): upward - downward,
        ("distance",): upward + downward,
    }
