"""How much changed: net change by state, where it came from, and turnover with its parts."""

from collections.abc import Hashable
from dataclasses import replace

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Floats, Places
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import PAIR, Estimates
from opinionpanel.measures.bases import ALL, NOT_DUE, Base, By
from opinionpanel.measures.batteries import Items, battery_of
from opinionpanel.measures.bounds import loss_text
from opinionpanel.measures.flow_sums import Rows, Table, by_table, people
from opinionpanel.measures.pairs_of_waves import Waves
from opinionpanel.measures.reference_groups import compared
from opinionpanel.measures.tabulation import pair_totals
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase

# Printed where the base is everyone interviewed at the first wave.
COUNTED_TOO = Phrase(
    "Turnover here counts dropping out, giving no answer and coming back as changes of state."
)
NOT_DUE_TOO = Phrase(
    "{note} So does not being due at a wave: name waves at which people were due.",
    note=COUNTED_TOO,
)
# Printed under the parts of turnover, and under what is computed from them.
BENT = (
    "Where flows there and back are nearly equal, net and shift are estimated too high and "
    "exchange too low; "
)
CAUTIONS = (
    f"{BENT}their intervals promise no coverage. A test of symmetry says whether the flows differ.",
    f"{BENT}what is computed from them has no interval and no p-value. Compare the total, and test "
    "symmetry.",
)


@checked
def net_change(
    panel: Panel,
    item: Items,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Net change of every state between two waves, among the same people.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str, or list of str
        The item's name in the panel; or those of a battery, items with the same states, all in one
        tally. The name of a `multiple` is a battery of its options.
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
    base : {"answered", "balanced", "panel"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. ``"panel"``: everyone interviewed at the first wave named, with that
        wave's weight; ``not interviewed`` is then a state, and so are ``no answer``, ``not asked``
        and ``not due`` (not to be interviewed at that wave) where they occur.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``state``: its share at the later wave
        minus its share at the earlier one, between −1 and 1, shown in percentage points; the states
        add up to 0. Of a battery there is ``item`` before them; of a `multiple` ``option``, with
        the state ``selected`` alone. NaN with n = 0 where a base is empty; ``n`` is the unweighted
        base. Not the difference of two cross-sections, which is
        ``shares(...).difference("wave", ...)``. With `reference`: the differences, with the
        covariance that overlapping people bring, and ``n`` the smaller of the two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; items of a battery with other states;
        fewer than two waves; pairs of waves, or states named like those that the base adds, with a
        base that does not allow them; a reference without groups, or that is none of their
        categories.

    Notes
    -----
    d_i = c_i − r_i, with r the shares of the earlier and c those of the later wave in one base, and
    the covariance between them (Lumley 2010, Complex Surveys, ch. 2). Treating the waves as
    independent samples would more than double the standard error where most people stay.

    Examples
    --------
    >>> import opinionpanel as op
    >>> change = op.net_change(op.datasets.load("thomas_1991_3"), "opinion")
    >>> change.value.round(4).tolist()
    [0.1645, -0.2321, 0.0676]
    """
    battery = battery_of(panel, item)
    title = f"Net change of {battery} among the same people"
    totals, about, groups = pair_totals(panel, battery, waves, by, base, "net_change", title)
    within = [*battery.keys, *PAIR]
    return battery.kept(
        compared(
            totals,
            groups,
            reference,
            lambda cells, by: net_changes(cells.shares([*within, *by], about)),
        )
    )


@checked
def turnover(
    panel: Panel,
    item: Items,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Share of people who changed state, and its parts: net, exchange and shift.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str, or list of str
        The item's name in the panel; or those of a battery, items with the same states, all in one
        tally. The name of a `multiple` is a battery of its options.
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
    base : {"answered", "balanced", "panel"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. ``"panel"``: everyone interviewed at the first wave named, with that
        wave's weight; ``not interviewed`` is then a state, and so are ``no answer``, ``not asked``
        and ``not due`` (not to be interviewed at that wave) where they occur.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``component``: total = net + exchange +
        shift, shares of the base between 0 and 1. Net is the least that must have moved for the
        margins to change as they did; exchange is what two states swapped; shift is the rest. Of a
        battery there is ``item`` before them, of a `multiple` ``option``. NaN with n = 0 where a
        base is empty; ``n`` is the unweighted base. The table's note says how many were lost
        between the waves and, of a single item, how far that could move the total, as
        `turnover_bounds` computes it. With ``base="panel"`` dropping out, giving no answer and
        coming back count as changes. With `reference`: the differences, with the covariance that
        overlapping people bring, and ``n`` the smaller of the two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; items of a battery with other states;
        fewer than two waves; pairs of waves, or states named like those that the base adds, with a
        base that does not allow them; a reference without groups, or that is none of their
        categories.

    Notes
    -----
    With π_ij the share of the base going from i to j, r_i the share in i at the earlier wave and
    c_i that at the later: total 1 − tr π; net ½Σ|c_i − r_i|; exchange 2Σ_{i<j} min(π_ij, π_ji);
    shift the total less both (Pontius & Santacruz 2014, International Journal of Remote Sensing
    35).

    The signs and minima are held at the estimate for the standard errors. Near ties net and shift
    are biased upward and exchange downward: their intervals, Wald limits cut at 0 and 1, claim no
    coverage there. The fewer people, the more: between groups of different size compare the total;
    differences of the other parts have no interval and no p-value. At an exact tie, with movers but
    no net change, net has no standard error (NaN).

    Examples
    --------
    >>> import opinionpanel as op
    >>> parts = op.turnover(op.datasets.load("thomas_1991_3"), "opinion")
    >>> parts.value.round(4).tolist()
    [0.446, 0.2321, 0.2038, 0.0101]
    """
    battery = battery_of(panel, item)
    title = f"Turnover of {battery}"
    if base == "panel":
        title += ", with dropping out counted as a change"
    totals, about, groups = pair_totals(panel, battery, waves, by, base, "turnover", title)
    if not battery.column:
        (one,) = battery.items
        lost = {
            (first, last): loss_text(panel, one, first, last, base=base, waves=about.waves)
            for first, last in about.weights
        }
        about = replace(about, lost={pair: text for pair, text in lost.items() if text})
    counted = NOT_DUE_TOO if NOT_DUE in about.states else COUNTED_TOO
    about = replace(about, notes=dict.fromkeys(about.weights, counted) if base == "panel" else {})
    return compared(
        totals,
        groups,
        reference,
        lambda cells, by: turnover_parts(cells.shares([*battery.keys, *PAIR, *by], about)),
    )


@checked
def gains_and_losses(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Split the net change of every state: what it gained from and lost to each other state.

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
    base : {"answered", "balanced", "panel"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. ``"panel"``: everyone interviewed at the first wave named, with that
        wave's weight; ``not interviewed`` is then a state, and so are ``no answer``, ``not asked``
        and ``not due`` (not to be interviewed at that wave) where they occur.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups, ``state``, ``side`` (gains or losses) and
        ``other``: ``all`` together, and each state that people came from or went to. Shares of the
        base between 0 and 1; losses are positive numbers too. For each state all gains minus all
        losses is its net change. NaN with n = 0 where a base is empty; ``n`` is the unweighted
        base, ``n_cell`` the people who moved. With `reference`: the differences, with the
        covariance that overlapping people bring, and ``n`` the smaller of the two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; pairs of waves,
        or states named like those that the base adds, with a base that does not allow them; a
        reference without groups, or that is none of their categories; a state that is called "all".

    Notes
    -----
    With π_ij the share of the base going from i to j, state i gains π_ji from j, and loses π_ij to
    j; standard errors are those of sums of shares (Lumley 2010, Complex Surveys, ch. 2).

    Examples
    --------
    >>> import opinionpanel as op
    >>> parts = op.gains_and_losses(op.datasets.load("thomas_1991_3"), "opinion")
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
    about = replace(about, together={"other": ALL})
    return compared(
        totals,
        groups,
        reference,
        lambda cells, by: people(
            cells.shares([*PAIR, *by], about),
            {"state": "state", "side": "component", "other": "state"},
            _gains_and_losses,
        ),
    )


def net_changes(joint: Estimates) -> Estimates:
    """Derive the net change of every state from flows."""
    return by_table(joint, {"state": "state"}, _net_changes)


def turnover_parts(joint: Estimates) -> Estimates:
    """Derive turnover and its parts from flows."""
    parts = by_table(joint, {"component": "component"}, _components)
    total = parts.named.where("component", "total")
    moved = np.repeat(parts.value[total] > 0, 4)
    # ½Σ|d| has no derivative where every d is 0; "0 (0 to 0)" would claim certainty.
    tied = parts.named.where("component", "net") & (parts.value < 1e-12) & moved
    bent = ~total
    about = replace(parts.about, cautions=CAUTIONS)
    return replace(parts.without_error(tied), unit="share", wald=bent, rough=bent, about=about)


def _net_changes(value: Floats, part: Table) -> Rows:
    """Coefficients of destination minus origin share on the flows of one table, by state."""
    states, flows = _square(part)
    changes: Rows = {}
    for state, out, into in zip(states, flows, flows.T, strict=True):
        change = changes[(str(state),)] = np.zeros(len(value))
        change[into] += 1.0
        change[out] -= 1.0
    return changes


def _gains_and_losses(value: Floats, part: Table) -> Rows:
    """Mark the flows into and out of every state of one table, one by one and all together."""
    rows: Rows = {}
    sides = (("gains", "destination", "origin"), ("losses", "origin", "destination"))
    for state in part.labels.values("origin"):
        for side, here, there in sides:
            others = part.labels.where(here, state) & ~part.labels.where(there, state)
            cells = part.places[others]
            rows[state, side, ALL] = np.zeros(len(value))
            rows[state, side, ALL][cells] = 1.0
            for cell, other in zip(cells, part.labels.take(others).column(there), strict=True):
                rows[state, side, other] = np.zeros(len(value))
                rows[state, side, other][cell] = 1.0
    return rows


def _components(value: Floats, part: Table) -> Rows:
    """Coefficients of total, net, exchange and shift on the flows of one table."""
    flows = _square(part)[1]
    total, net, exchange = (np.zeros(len(value)) for _ in range(3))
    movers = 1.0 - np.eye(len(flows))
    total[flows] = movers
    for change in _net_changes(value, part).values():
        net += 0.5 * np.sign(np.nansum(change * value)) * change
    # 2 min(a, b) = a + b − |a − b|, with the signs that net change has: 0 at a tie.
    sign = np.nan_to_num(np.sign(value[flows] - value[flows.T]))
    exchange[flows] = movers * (1.0 - sign)
    shift = total - net - exchange
    return {("total",): total, ("net",): net, ("exchange",): exchange, ("shift",): shift}


def _square(part: Table) -> tuple[list[Hashable], Places]:
    """List the states of one table, and the places of its flows, from each state and to each."""
    states = part.labels.values("origin")
    return states, part.places.reshape(len(states), len(states))
