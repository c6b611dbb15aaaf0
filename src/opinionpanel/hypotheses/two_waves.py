"""Tests of change between two waves with the design's covariance.

Each is a joint test of contrasts of flows. Where the design has few degrees of freedom, it rests on
the textbook statistic of the weighted shares (Rao and Scott).
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Array, Floats
from opinionpanel.errors import DesignError, SelectionError, listing, unknown
from opinionpanel.estimates import Estimates, TestResult, base_text, jacobian
from opinionpanel.hypotheses.flow_contrasts import (
    FEW,
    Flow,
    arrow,
    cell_counts,
    few_moved,
    flow_cycles,
    flow_differences,
    net_matrix,
    pairs_text,
    several_tables,
    symmetric_flows,
    working_covariance,
)
from opinionpanel.hypotheses.raoscott import joint_test
from opinionpanel.hypotheses.textbook import bowker, quasi_symmetric_fit, stuart_maxwell
from opinionpanel.measures import (
    Base,
    By,
    Waves,
    by_text,
    flows,
    group_names,
    net_changes,
    refuse_back,
)
from opinionpanel.panel import Panel


@checked
def marginal_homogeneity(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
) -> TestResult:
    """Test whether any state grew or shrank among the same people.

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
        of the first were due. Over several pairs the test is a joint one: the same hypothesis in
        each of them.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair. The test is then a joint one: the same hypothesis in every group.
    base : {"answered", "balanced"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. ``"panel"`` is refused: those not interviewed later were all there
        at first.

    Returns
    -------
    TestResult
        The F statistic with its degrees of freedom and p-value, the χ² form, and a note that says
        in words what was found. ``textbook`` is Stuart and Maxwell's statistic of the unweighted
        counts, for a single table; None otherwise.

    Raises
    ------
    DesignError
        Nobody changed, or no net change varies in a base with degrees of freedom.
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; ``base="panel"``.

    Notes
    -----
    The joint test of the net changes c_i − r_i of all states, with r the shares of the earlier and
    c those of the later wave in one base, by the Wald F with their design covariance: W (f − m + 1)
    / (f m) on m and f − m + 1 degrees of freedom, with W the Wald χ² of the m differences that vary
    and f the degrees of freedom of the design (Korn & Graubard 1990, The American Statistician 44).
    Where m is more than a fifth of f, or fewer than five people each way entered and left a state,
    the second-order form of Rao and Scott (1984, Annals of Statistics 12) takes its place.

    Unweighted, with people as PSUs, the Wald χ² is Bhapkar's (1966) times (n − 1) / n. Textbook:
    Stuart (1955, Biometrika 42), Maxwell (1970, British Journal of Psychiatry 116). The test takes
    shares, not totals, and does not depend on the scale of weights.

    Examples
    --------
    >>> import opinionpanel as op
    >>> test = op.marginal_homogeneity(op.datasets.load("thomas_1991_3"), "opinion")
    >>> round(test.wald, 2), round(test.textbook, 2)
    (151.8, 131.75)
    """
    joint = _flows_between_answers(panel, item, waves, by, base)
    change = net_changes(joint)
    where = "in at least one of the tables" if several_tables(joint) else "among the same people"
    matrix = net_matrix(joint, change)
    test = joint_test(
        change,
        working_covariance(symmetric_flows(joint), matrix),
        sparse=few_moved(joint, matrix),
        found=f"The shares of the states changed {where} by more than chance would explain.",
        none="No detectable net change; that does not show that there is none.",
    )
    name = f"Marginal homogeneity of {_what(panel, item, joint, by)}"
    return _with_textbook(replace(test, name=name), joint, "Stuart–Maxwell", stuart_maxwell)


@checked
def symmetry(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
) -> TestResult:
    """Test whether as many people went from each state to each other as came back.

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
        of the first were due. Over several pairs the test is a joint one: the same hypothesis in
        each of them.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair. The test is then a joint one: the same hypothesis in every group.
    base : {"answered", "balanced"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. ``"panel"`` is refused: those not interviewed later were all there
        at first.

    Returns
    -------
    TestResult
        The F statistic with its degrees of freedom and p-value, the χ² form, and a note that says
        in words what was found. ``textbook`` is Bowker's statistic of the unweighted counts, for a
        single table; None otherwise.

    Raises
    ------
    DesignError
        Nobody changed, or no difference varies in a base with degrees of freedom.
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; ``base="panel"``.

    Notes
    -----
    The joint test of the k(k − 1)/2 differences π_ij − π_ji, with π_ij the share of the base going
    from i to j, by the Wald F with their design covariance, or by the second-order form of Rao and
    Scott (1984, Annals of Statistics 12) where the design has few degrees of freedom or flows have
    few people. Symmetry says that net change is zero and that nothing goes round in circles; for
    two states it is marginal homogeneity. Textbook: Bowker (1948, Journal of the American
    Statistical Association 43), Σ (n_ij − n_ji)² / (n_ij + n_ji).

    Examples
    --------
    >>> import opinionpanel as op
    >>> test = symmetry(op.datasets.load("thomas_1991_3"), "opinion")
    >>> round(test.wald, 2), round(test.textbook, 2), test.textbook_df
    (155.39, 134.44, 3)
    >>> test.note
    'At least one flow differs from the flow back by more than chance would explain.'
    """
    joint = _flows_between_answers(panel, item, waves, by, base)
    there = list(combinations(joint.about.states, 2))
    matrix, labels = flow_differences(joint, [((i, j), (j, i)) for i, j in there])
    test = joint_test(
        joint.contrast(matrix, labels),
        working_covariance(symmetric_flows(joint), matrix),
        sparse=few_moved(joint, matrix),
        found="At least one flow differs from the flow back by more than chance would explain.",
        none="No flow detectably differs from the flow back; that does not show that none does.",
    )
    name = f"Symmetry of {_what(panel, item, joint, by)}"
    return _with_textbook(replace(test, name=name), joint, "Bowker", bowker)


@checked
def quasi_symmetry(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
) -> TestResult:
    """Test whether the flows are symmetric but for the sizes of the states.

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
        of the first were due. Over several pairs the test is a joint one: the same hypothesis in
        each of them.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair. The test is then a joint one: the same hypothesis in every group.
    base : {"answered", "balanced"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. ``"panel"`` is refused: those not interviewed later were all there
        at first.

    Returns
    -------
    TestResult
        The F statistic with its degrees of freedom and p-value, the χ² form, and a note that says
        in words what was found. ``textbook`` and ``deviance`` are X² and G² of the log-linear model
        of quasi-symmetry for the unweighted counts, for a single table; None otherwise.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; ``base="panel"``;
        fewer than three states that occur.
    DesignError
        A flow between two states that occur is empty: its logarithm does not exist.

    Notes
    -----
    The joint test of the (k − 1)(k − 2)/2 log-ratios log π_ij π_jk π_ki − log π_ji π_kj π_ik, with
    π_ij the share of the base going from i to j and k one fixed state: whether people go round one
    way as often as the other. Which state is fixed makes no difference. The Wald F with their
    design covariance, or the second-order form of Rao and Scott (1984, Annals of Statistics 12)
    where the design has few degrees of freedom or flows have few people. Textbook: Caussinus (1965,
    Annales de la Faculté des Sciences de Toulouse 29), fitted by statsmodels.

    Examples
    --------
    >>> import opinionpanel as op
    >>> test = quasi_symmetry(op.datasets.load("thomas_1991_3"), "opinion")
    >>> round(test.wald, 2), test.df1, round(test.deviance, 2)
    (2.77, 1.0, 2.85)
    """
    joint = _flows_between_answers(panel, item, waves, by, base)
    cycles, labels, absent = flow_cycles(joint)

    def log_ratios(value: Array) -> Array:
        there, back = np.log(value[cycles[:, :3]]), np.log(value[cycles[:, 3:]])
        return np.asarray(there.sum(axis=1) - back.sum(axis=1))

    slopes = jacobian(log_ratios, joint.value, len(labels))
    test = joint_test(
        joint.derive(log_ratios, labels),
        working_covariance(joint, slopes),
        sparse=bool((cell_counts(joint)[cycles] < FEW).any()),
        found="More people go round in one direction than in the other, beyond what chance would "
        "explain: the flows are not quasi-symmetric.",
        none="No detectable departure from quasi-symmetry; that does not show that there is none.",
    )
    note = f" Left out, nobody there: {listing(absent, most=4)}." if absent else ""
    name = f"Quasi-symmetry of {_what(panel, item, joint, by)}"
    # Of the flows: what is derived from them rests on the least of their bases.
    test = replace(test, name=name, note=test.note + note, base=base_text(joint))
    if several_tables(joint):
        return test
    pearson, deviance, df = quasi_symmetric_fit(_table(joint))
    return replace(
        test,
        textbook=pearson,
        textbook_name="log-linear model",
        textbook_df=df,
        deviance=deviance,
    )


@checked
def equal_flows(
    panel: Panel,
    item: str,
    first: Flow,
    second: Flow,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
) -> TestResult:
    """Test whether two flows are equally large, such as 4.5 % one way and 4.1 % back.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    first, second : tuple of str
        Two flows, each as (origin, destination), such as ``("approve", "unsure")``.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tabulated; or, with
        ``base="answered"``, the pairs themselves, ``[("2016", "2020"), ("2018", "2020")]``. All
        stand in one tally, so that there is a covariance between them. By default the pairs that
        link people, as `Panel.pairs` lists them: in an ordinary panel all consecutive ones. With
        another base, which is one for all pairs, the consecutive ones of the waves at which people
        of the first were due. Over several pairs the test is a joint one: the same hypothesis in
        each of them.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair. The test is then a joint one: the same hypothesis in every group.
    base : {"answered", "balanced", "panel"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the pair, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. ``"panel"``: everyone interviewed at the first wave named, with that
        wave's weight; ``not interviewed`` is then a state, and so are ``no answer``, ``not asked``
        and ``not due`` (not to be interviewed at that wave) where they occur.

    Returns
    -------
    TestResult
        The F statistic with its degrees of freedom and p-value, the χ² form, and a note that says
        in words what was found. For a single table the note states both shares and their difference
        with its 95% interval, and ``textbook`` is (a − b)² / (a + b) of the two unweighted counts
        (McNemar 1947, Psychometrika 12).

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; no pair of
        states, a state that the item does not have, or the same flow twice.
    DesignError
        Neither flow has anybody.

    Notes
    -----
    The difference of two joint shares with the covariance between them, by linearisation (Lumley
    2010, Complex Surveys, ch. 2): both come from the same people, and more in one flow leave fewer
    for the other.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("thomas_1991_3")
    >>> test = equal_flows(panel, "opinion", ("favourable", "unsure"), ("unsure", "favourable"))
    >>> print(test.note[:81])
    favourable → unsure 6.3%, unsure → favourable 21.7%: a difference of −15.4 points
    """
    refuse_back(base)
    joint = flows(panel, item, waves=waves, by=by, base=base)
    for flow in (first, second):
        if len(flow) != 2:
            raise SelectionError(
                f"{flow!r} is not a flow; give a pair of states, (origin, destination)."
            )
    for state in (*first, *second):
        if state not in joint.about.states:
            raise unknown(f"state of item {item!r}:", state, joint.about.states)
    if tuple(first) == tuple(second):
        raise SelectionError(f"{arrow(first)} is compared with itself; name two flows.")
    matrix, labels = flow_differences(joint, [((*first,), (*second,))])
    difference = joint.contrast(matrix, labels, title=f"{arrow(first)} minus {arrow(second)}")
    words = f"{arrow(first)} and {arrow(second)}"
    where = " in at least one of the tables" if several_tables(joint) else ""
    test = joint_test(
        difference,
        working_covariance(joint, matrix),
        sparse=few_moved(joint, matrix),
        found=f"{words} differ{where} by more than chance would explain.",
        none=f"No detectable difference between {words}; that does not show that there is none.",
    )
    test = replace(test, name=f"Equality of {words}, {_what(panel, item, joint, by)}")
    if several_tables(joint):
        return test
    a, b = (int(np.flatnonzero(matrix[0] == sign)[0]) for sign in (1.0, -1.0))
    note = _in_figures(joint, difference, (a, first), (b, second)) + test.note

    def mcnemar(counts: Floats) -> tuple[float, int]:
        n = counts.ravel()
        return float((n[a] - n[b]) ** 2 / (n[a] + n[b])), 1

    return _with_textbook(replace(test, note=note), joint, "McNemar", mcnemar)


# ---- flows between answers --------------------------------------------------------------------


def _flows_between_answers(
    panel: Panel, item: str, waves: Waves | None, by: By, base: Base
) -> Estimates:
    if base == "panel":
        raise SelectionError(
            "base='panel' starts from everyone interviewed, so that flows to 'not interviewed' "
            "have no way back and the test would only find drop-out. Choose 'answered' or "
            "'balanced'."
        )
    refuse_back(base)
    joint = flows(panel, item, waves=waves, by=by, base=base)
    moved = (joint.labels["origin"] != joint.labels["destination"]).to_numpy()
    if not (joint.value[moved] > 0).any():
        raise DesignError(
            f"Nobody in the base changed state on item {item!r}, so there is nothing to test. "
            "Check the waves and groups."
        )
    return joint


# ---- textbook statistics of unweighted counts -------------------------------------------------


def _table(joint: Estimates) -> Floats:
    size = round(len(joint) ** 0.5)
    return cell_counts(joint).reshape(size, size)


def _with_textbook(
    test: TestResult,
    joint: Estimates,
    name: str,
    statistic: Callable[[Floats], tuple[float, int]],
) -> TestResult:
    """Add the classical statistic and its degrees of freedom, where there is a single table."""
    if several_tables(joint):
        return test
    value, df = statistic(_table(joint))
    return replace(test, textbook=value, textbook_name=name, textbook_df=df)


# ---- words ------------------------------------------------------------------------------------


def _what(panel: Panel, item: str, joint: Estimates, by: By) -> str:
    """Name the item, the pairs of waves and the groups of a test."""
    return f"{item}, {pairs_text(joint.labels)}{by_text(panel, group_names(by), pairs=True)}"


def _in_figures(
    joint: Estimates, difference: Estimates, first: tuple[int, Flow], second: tuple[int, Flow]
) -> str:
    """State both shares, and their difference with its interval."""
    row = difference.to_frame().iloc[0]
    shares = ", ".join(f"{arrow(flow)} {joint.value[at]:.1%}" for at, flow in (first, second))
    points = [100 * row[name] for name in ("estimate", "conf_low", "conf_high")]
    difference_text, low, high = (f"{value:+.1f}".replace("-", "−") for value in points)
    return f"{shares}: a difference of {difference_text} points (95% interval {low} to {high}). "
