"""What a sociologist asks first of a panel: shares, and who went from where to where.

Every measure tallies once and derives; none knows a variance formula.
"""

from dataclasses import replace

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.estimates import PAIR, Estimates, Totals
from opinionpanel.measures.bases import Base, By, Way
from opinionpanel.measures.batteries import Items, battery_of
from opinionpanel.measures.pairs_of_waves import Waves
from opinionpanel.measures.reference_groups import compared
from opinionpanel.measures.tabulation import inflow_totals, pair_totals, wave_totals
from opinionpanel.panel import Panel


@checked
def shares(
    panel: Panel,
    item: Items,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Share of every state at every wave.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str, or list of str
        The item's name in the panel; or those of a battery, items with the same states, all in one
        tally. The name of a `multiple` is a battery of its options.
    waves : sequence of str, optional
        By default every wave that asked the item; with one base for all waves, those of them at
        which people of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the wave.
    base : {"answered", "balanced", "panel"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at the
        wave, with that wave's weight. ``"balanced"``: people with an answer at all the waves named,
        with the weight of the first and last of them. ``"panel"``: everyone interviewed at the
        first wave named, with that wave's weight; ``not interviewed`` is then a state, and so are
        ``no answer``, ``not asked`` and ``not due`` (not to be interviewed at that wave) where they
        occur.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.

    Returns
    -------
    Estimates
        Labels ``wave``, the groups and ``state``; shares between 0 and 1, which add up to 1 at each
        wave and in each group. Of a battery there is ``item`` before them; of a `multiple`
        ``option``, with the state ``selected`` alone. NaN with n = 0 where a base is empty; ``n``
        is the unweighted base of the wave and group. With `reference`: the differences, with the
        covariance that overlapping people bring, and ``n`` the smaller of the two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; items of a battery with other states;
        states named like those that ``base="panel"`` adds; a reference without groups, or that is
        none of their categories.

    Notes
    -----
    p_i = W_i / W, with W_i the weighted people of the base in state i and W those of the base. A
    ratio of weighted totals over a domain; standard errors are by linearisation (Lumley 2010,
    Complex Surveys, ch. 2).

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("thomas_1991_3")
    >>> op.shares(panel, "opinion").matrix().round(3).to_numpy().tolist()
    [[0.279, 0.581, 0.14], [0.443, 0.349, 0.208]]
    """
    battery = battery_of(panel, item)
    totals, about, groups = wave_totals(panel, battery, waves, by, base)
    within = [*battery.keys, "wave"]
    return battery.kept(
        compared(totals, groups, reference, lambda cells, by: cells.shares([*within, *by], about))
    )


@checked
def flows(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Way = "answered",
    reference: str | None = None,
) -> Estimates:
    """Joint shares: how many per cent of the base went from each state to each other.

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
        earlier wave of a pair; with ``base="last"``, at the last wave.
    base : {"answered", "balanced", "panel", "last"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. ``"panel"``: everyone interviewed at the first wave named, with that
        wave's weight; ``not interviewed`` is then a state, and so are ``no answer``, ``not asked``
        and ``not due`` (not to be interviewed at that wave) where they occur. ``"last"`` looks
        back: everyone interviewed at the last wave named, with that wave's weight; who joined after
        a wave, such as a refreshment sample, is a ``new entrant`` there. By default all waves that
        asked the item.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups, ``origin`` (the state at the earlier wave)
        and ``destination`` (at the later one). Shares of the base between 0 and 1; those of a pair
        and group add up to 1. NaN with n = 0 where a base is empty; ``n`` is the unweighted base of
        the pair and group, ``n_cell`` the people who took the flow. With `reference`: the
        differences, with the covariance that overlapping people bring, and ``n`` the smaller of the
        two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; pairs of waves,
        or states named like those that the base adds, with a base that does not allow them; a
        reference without groups, or that is none of their categories.

    Notes
    -----
    π_ij = W_ij / W, with W_ij the weighted people going from i to j and W those of the base: a
    ratio over a domain, with its standard error by linearisation (Lumley 2010, Complex Surveys, ch.
    2).

    Examples
    --------
    >>> import opinionpanel as op
    >>> flows = op.flows(op.datasets.load("thomas_1991_3"), "opinion")
    >>> round(float(flows.value.sum()), 12)
    1.0
    """
    title = f"Flows of {item}: share of the base"
    totals, about, groups = pair_totals(panel, item, waves, by, base, "flows", title, back=True)
    about = replace(about, flows=True)
    return compared(totals, groups, reference, lambda cells, by: cells.shares([*PAIR, *by], about))


@checked
def transitions(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Transition matrix: of those in a state, how many per cent went to each state.

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
        Labels ``from_wave``, ``to_wave``, the groups, ``origin`` (the state at the earlier wave)
        and ``destination`` (at the later one). Shares between 0 and 1; those of a row, which is an
        origin, add up to 1. A row that nobody starts in is NaN with n = 0; ``n`` is the unweighted
        base of the row, ``n_cell`` the people who took the flow. With `reference`: the differences,
        with the covariance that overlapping people bring, and ``n`` the smaller of the two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; pairs of waves,
        or states named like those that the base adds, with a base that does not allow them; a
        reference without groups, or that is none of their categories.

    Notes
    -----
    P_ij = W_ij / W_i+, with W_ij the weighted people going from i to j and W_i+ those who start in
    i; the standard error is that of a ratio (Lumley 2010, Complex Surveys, ch. 2), on the degrees
    of freedom of the row. A difference between rows is not a difference in persuasion: a group that
    answers less reliably moves more.

    Examples
    --------
    >>> import opinionpanel as op
    >>> moves = op.transitions(op.datasets.load("thomas_1991_3"), "opinion")
    >>> moves.matrix().round(3).to_numpy().tolist()
    [[0.721, 0.225, 0.054], [0.373, 0.451, 0.175], [0.18, 0.173, 0.647]]
    """
    title = f"Transitions of {item}: share of each origin"
    totals, about, groups = pair_totals(panel, item, waves, by, base, "transitions", title)
    return compared(
        totals, groups, reference, lambda cells, by: cells.shares([*PAIR, *by, "origin"], about)
    )


@checked
def inflows(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Where people came from: of those in a state later, how many per cent were in each before.

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
        Groups of the panel; several are crossed. A group by wave counts with its value at the later
        wave of a pair.
    base : {"answered", "balanced", "panel"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. ``"panel"``: everyone interviewed at the later wave of each pair,
        with the weight of that wave. Origins are then also ``no answer`` and ``not asked``, where
        they occur, ``not interviewed`` for people who were in the panel but missed the earlier
        wave, ``not due`` for those who were not to be interviewed there, and ``new entrant`` for
        those who joined after it, such as a refreshment sample.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups, ``destination`` (the state at the later wave)
        and ``origin`` (at the earlier one). Shares between 0 and 1; the origins of each destination
        add up to 1. A destination that nobody ends in is NaN with n = 0; ``n`` is the unweighted
        base of the destination, ``n_cell`` the people who came from the origin. With `reference`:
        the differences, with the covariance that overlapping people bring, and ``n`` the smaller of
        the two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; pairs of waves,
        or states named like those that the base adds, with a base that does not allow them; a
        reference without groups, or that is none of their categories; with ``base="panel"`` also
        waves that are not in the order of fieldwork.

    Notes
    -----
    W_ij / W_+j, with W_ij the weighted people going from i to j and W_+j those who end in j; the
    standard error is that of a ratio (Lumley 2010, Complex Surveys, ch. 2). With ``base="panel"``
    weights and base are others than those of ``flows(..., base="panel")``, which looks forward from
    the first wave: refreshments are never mixed into the shares of the panel.

    Examples
    --------
    >>> import opinionpanel as op
    >>> came = op.inflows(op.datasets.load("thomas_1991_3"), "opinion")
    >>> came.matrix().round(3).to_numpy().tolist()
    [[0.453, 0.49, 0.057], [0.179, 0.751, 0.069], [0.073, 0.49, 0.437]]
    """
    title = f"Inflows of {item}: share of each destination"
    totals, about, groups = inflow_totals(panel, item, waves, by, base, title)
    return compared(
        totals,
        groups,
        reference,
        lambda cells, by: cells.shares([*PAIR, *by, "destination"], about),
    )


@checked
def flow_totals(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
    reference: str | None = None,
) -> Estimates:
    """Weighted number of people going from each state to each other.

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
        Labels ``from_wave``, ``to_wave``, the groups, ``origin`` (the state at the earlier wave)
        and ``destination`` (at the later one); totals in the unit of the weights, which are people
        where weights add up to the population. A cell that nobody is in has a total of 0 without a
        standard error (NaN). ``n`` is the unweighted base of the table, ``n_cell`` the unweighted
        people in the cell. With `reference`: the differences, with the covariance that overlapping
        people bring, and ``n`` the smaller of the two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; pairs of waves,
        or states named like those that the base adds, with a base that does not allow them; a
        reference without groups, or that is none of their categories.

    Notes
    -----
    W_ij, with the standard error of a total, to which a random size of the base adds (Lumley
    2010, Complex Surveys, ch. 2). It is wider than that of a share for this reason.

    Examples
    --------
    >>> import opinionpanel as op
    >>> op.flow_totals(op.datasets.load("agresti_approval"), "opinion").value.tolist()
    [794.0, 150.0, 86.0, 570.0]
    """
    title = f"Flows of {item}: weighted totals"
    totals, about, groups = pair_totals(panel, item, waves, by, base, "flow_totals", title)

    def numbers(cells: Totals, by: list[str]) -> Estimates:
        return replace(
            cells.shares([*PAIR, *by], about),
            value=cells.value,
            spread=cells.spread,
            replicates=cells.replicates,
            unit="number",
            possible=np.array([[0.0, np.inf]] * len(cells.value)),
        )

    found = compared(totals, groups, reference, numbers)
    # No variance does not mean that nobody in the population moved: "0 (0 to 0)" would say so.
    return found if found.n_cell is None else found.without_error(found.n_cell == 0)
