"""Moves along a scale: up and down the ordered states, and how far."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Floats, Integers, Places
from opinionpanel.estimates import PAIR, Estimates, Role
from opinionpanel.measures.bases import Base, By, group_names
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
    """Share of people who moved up, moved down or stayed, on an ordered item or a score.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The name of an item or a score in the panel. The order of an item's states is the scale:
        upward is towards the states that it names later; of a score, towards higher numbers,
        however small the step.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tabulated; or, with
        ``base="answered"``, the pairs themselves, ``[("2016", "2020"), ("2018", "2020")]``. All
        stand in one tally, so that there is a covariance between them. By default the pairs that
        link people, as `Panel.pairs` lists them: in an ordinary panel all consecutive ones. With
        another base, which is one for all pairs, the consecutive ones of the waves at which people
        of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair.
    base : {"answered", "balanced"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. Who was not interviewed has no place on the scale.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.
    without : str or sequence of str
        States that have no place on the scale, such as "don't know". People in one of them at
        either wave of a pair are left out of its base; a note says how many. A score has none.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``move``: upward, same and downward,
        shares of the base between 0 and 1, which add up to 1; upward and downward add up to
        turnover where no state is left out. NaN with n = 0 where a base is empty; ``n`` is the
        unweighted base, ``n_cell`` the people who made the move. With `reference`: the differences,
        with the covariance that overlapping people bring, and ``n`` the smaller of the two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; pairs of waves,
        or states named like those that the base adds, with a base that does not allow them; a
        reference without groups, or that is none of their categories; ``base="panel"``; fewer than
        two states on the scale.

    Notes
    -----
    With π_ij the share of the base going from i to j: upward Σ_{j>i} π_ij, same Σ_i π_ii, downward
    Σ_{j<i} π_ij; standard errors are those of sums of shares (Lumley 2010, Complex Surveys, ch. 2).

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

    found = compared(
        totals,
        groups,
        reference,
        lambda cells, by: people(cells.shares([*PAIR, *by], about), MOVE, shares),
    )
    if item in panel.scores or reference is not None:
        return found
    return _possible(found, panel, item, dict(zip(group_names(by), groups, strict=True)))


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
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tabulated; or, with
        ``base="answered"``, the pairs themselves, ``[("2016", "2020"), ("2018", "2020")]``. All
        stand in one tally, so that there is a covariance between them. By default the pairs that
        link people, as `Panel.pairs` lists them: in an ordinary panel all consecutive ones. With
        another base, which is one for all pairs, the consecutive ones of the waves at which people
        of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair.
    base : {"answered", "balanced"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. Who was not interviewed has no place on the scale.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.
    without : str or sequence of str
        States that have no place on the scale, such as "don't know". People in one of them at
        either wave of a pair are left out of its base; a note says how many. Neighbours on the
        scale, states left out not counted, are one step apart.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``move``, in steps along the item's
        states, from 0 to one fewer than these: ``upward`` (towards the states that the item names
        later) and ``downward``, each the mean over everyone in the base, ``net`` = upward −
        downward, and ``distance`` = upward + downward. NaN with n = 0 where a base is empty; ``n``
        is the unweighted base. With `reference`: the differences, with the covariance that
        overlapping people bring, and ``n`` the smaller of the two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; pairs of waves,
        or states named like those that the base adds, with a base that does not allow them; a
        reference without groups, or that is none of their categories; ``base="panel"``; fewer than
        two states on the scale.

    Notes
    -----
    With π_ij the share of the base going from i to j: upward Σ_{j>i} (j − i) π_ij, downward Σ_{j<i}
    (i − j) π_ij. Net is the change of the mean of the scores 1, 2, …, k: to count steps is to take
    neighbouring states to be equally far apart (Bartholomew 1973, Stochastic Models for Social
    Processes).

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


def _possible(found: Estimates, panel: Panel, item: str, columns: Mapping[str, str]) -> Estimates:
    """Leave no interval to moves beyond an end of the scale, of groups of who was there before."""
    scale, named = found.about.states, found.named
    ends = np.tile([0.0, 1.0], (len(found), 1))
    for name, column in columns.items():
        made = panel.group(name).answers_to
        if made is not None and made[0] == item:
            before = named.where(PAIR[0], made[1])
            for state, move in ((scale[0], "downward"), (scale[-1], "upward")):
                ends[before & named.where(column, state) & named.where("move", move)] = 0.0
    return found if ends[:, 1].all() else replace(found, possible=ends)


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
