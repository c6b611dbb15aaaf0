"""Tests of chains: whether transitions are the same in all intervals, groups and histories.

All three ask whether the rows of tables are alike: of one origin, the rows of different intervals
or groups; of one state, the rows of those who came from different states before.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from opinionpanel.arguments import checked
from opinionpanel.arrays import Array, Floats, Integers
from opinionpanel.errors import DesignError, SelectionError, listing
from opinionpanel.estimates import (
    PAIR,
    Estimates,
    TestResult,
    base_text,
    jacobian,
)
from opinionpanel.hypotheses.flow_contrasts import FEW, cell_counts, pairs_text
from opinionpanel.hypotheses.raoscott import joint_test, multinomial
from opinionpanel.measures import (
    WAVE,
    Account,
    Base,
    By,
    OneTable,
    Own,
    Waves,
    about_of,
    accounts_of,
    base_of,
    by_text,
    flows,
    group_names,
    pair_totals,
    refuse_back,
    state_codes,
    table_keys,
    tabulate,
    wave_names,
)
from opinionpanel.panel import Panel

# A row difference is not one in persuasion.
RELIABILITY = " A difference in rows may also be one in how reliably people answer."


@checked
def stationarity(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
) -> TestResult:
    """Test whether the transition matrices of all intervals between waves are the same.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, optional
        Three waves or more, in the order of fieldwork; by default every wave that asked the item
        and at which people of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. The matrices of each group are compared over time,
        jointly. A group by wave counts with its value at the earlier wave of an interval.
    base : {"answered", "balanced", "panel"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at both
        waves of the interval, with the longitudinal weight declared for it or else the later wave's
        weight. ``"balanced"``: people with an answer at all the waves named, with the weight of the
        first and last of them. ``"panel"``: everyone interviewed at the first wave named, with that
        wave's weight; ``not interviewed`` is then a state, and so are ``no answer``, ``not asked``
        and ``not due`` (not to be interviewed at that wave) where they occur.

    Returns
    -------
    TestResult
        The F statistic with its degrees of freedom and p-value, the χ² form, and a note that says
        in words what was found. ``textbook`` and ``deviance`` are X² and G² of Anderson and Goodman
        for the unweighted counts.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than three waves, or waves out of
        order.
    DesignError
        No origin has five people in two intervals and in two destinations, or nothing varies.

    Notes
    -----
    The joint test of π_ij(t) − π_i+(t) P̄_ij over origins i, destinations j and intervals t, with
    P̄_ij = Σ_t π_ij(t) / Σ_t π_i+(t): an interval's flow beyond what the rows of all intervals
    together lead one to expect. They are all zero when all P(t) are the same, and unlike the
    differences of P(t) have a standard error also where the few people of a row all moved alike.
    Intervals share people; the covariance between them is included. With fewer than five people
    expected in a cell the form of Rao and Scott is used: a Wald test is far too easily convinced
    then. Rows and columns of an origin with fewer than five people in all are left out and named;
    the textbook statistics are those of the full table. Textbook: Σ_t Σ_i n_i(t) Σ_j
    (p_ij(t) − p_ij)² / p_ij on (T − 1) k (k − 1) degrees of freedom, less those of cells that
    nobody could be in (Anderson & Goodman 1957, Annals of Mathematical Statistics 28).

    Examples
    --------
    >>> import opinionpanel as op
    >>> test = stationarity(op.datasets.load("nes_ideology"), "ideology")
    >>> test.df1, test.textbook_df
    (6.0, 6)
    """
    title = f"Stationarity of {item}"
    names = wave_names(panel, item, waves, at_least=3, in_order=True, one_chain=True)
    groups = group_names(by)
    refuse_back(base)
    joint = flows(panel, item, waves=names, by=by, base=base)
    return _rows_alike(
        joint,
        tables=table_keys(joint),
        within=[*joint.about.columns(joint.labels, "group"), "origin"],
        across=list(PAIR),
        name=f"{title}, {' → '.join(names)}{by_text(panel, groups, pairs=True)}",
        textbook="Anderson–Goodman",
        found="The transitions differ between intervals by more than chance would explain."
        + RELIABILITY,
        none="No detectable difference between the transitions of the intervals; that does not "
        "show that there is none.",
    )


@checked
def homogeneity(
    panel: Panel,
    item: str,
    *,
    by: By,
    waves: Waves | None = None,
    base: Base = "answered",
) -> TestResult:
    """Test whether the transition matrices of all groups are the same.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    by : str or sequence of str
        The group; several are crossed into one. A group by wave counts with its value at the
        earlier wave of a pair.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tabulated; or, with
        ``base="answered"``, the pairs themselves, ``[("2016", "2020"), ("2018", "2020")]``. All
        stand in one tally, so that there is a covariance between them. By default the pairs that
        link people, as `Panel.pairs` lists them: in an ordinary panel all consecutive ones. With
        another base, which is one for all pairs, the consecutive ones of the waves at which people
        of the first were due. Over several pairs the test is a joint one: the same rates in all
        groups, in each of them.
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
        in words what was found. ``textbook`` and ``deviance`` are X² and G² of the groups' rows,
        origin by origin, for the unweighted counts.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; no group.
    DesignError
        No origin has five people in two groups and in two destinations, or nothing varies.

    Notes
    -----
    The joint test of π_ij(g) − π_i+(g) P̄_ij over origins i, destinations j and groups g, with
    π_ij(g) the share going from i to j in the group and P̄_ij = Σ_g π_ij(g) / Σ_g π_i+(g): a
    group's flow beyond what the rows of all groups together lead one to expect. They are all zero
    when all matrices are the same. PSUs may span groups: the covariance between them is included.

    The Wald F; with fewer than five people expected in a cell, or few degrees of freedom, the
    second-order form of Rao and Scott (1984, Annals of Statistics 12). Rows and columns of an
    origin with fewer than five people in all are left out and named; the textbook statistics
    (Anderson & Goodman 1957, Annals of Mathematical Statistics 28) are those of the full table.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> test = homogeneity(panel, "support", by="gender", waves=["Jul 2024", "Nov 2024"])
    >>> test.textbook_df
    6
    """
    groups = group_names(by)
    if not groups:
        raise SelectionError(f"Homogeneity of item {item!r} over which groups? Name them in by=.")
    title = f"Homogeneity of the transitions of {item}"
    totals, about, columns = pair_totals(panel, item, waves, by, base, "flows", title)
    joint = totals.shares(list(PAIR), about)
    over = " and ".join(groups)
    return _rows_alike(
        joint,
        tables=list(PAIR),
        within=[*PAIR, "origin"],
        across=columns,
        name=f"{about.title}, {pairs_text(joint.labels)}",
        textbook="rows by group",
        found=f"The transitions differ by {over} by more than chance would explain." + RELIABILITY,
        none=f"No detectable difference in transitions by {over}; that does not show that there "
        "is none.",
    )


@checked
def markov_order(
    panel: Panel, item: str, *, waves: Waves | None = None, by: By = None
) -> TestResult:
    """Test whether where people go depends only on where they are, not on where they were before.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, optional
        Three waves or more, in the order of fieldwork; by default every wave that asked the item
        and at which people of the first were due. Each three consecutive ones are tested jointly,
        among those with an answer at all three, with the weight of the first and last of them.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. The test is then a joint one, within each group. A
        group by wave counts with its value at the first of three waves.

    Returns
    -------
    TestResult
        The F statistic with its degrees of freedom and p-value, the χ² form, and a note that says
        in words what was found. ``textbook`` and ``deviance`` are X² and G² of the first by the
        third state within the second, for the unweighted counts.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than three waves, or waves out of
        order.
    DesignError
        No state in the middle was reached from two states and left for two, by five people each, or
        nothing varies.

    Notes
    -----
    The joint test of p_abc − p_ab+ p_+bc / p_+b+ over all three states, with p_abc the share in a,
    b and c at three consecutive waves and + for a sum over a state: the Wald F; with fewer than
    five people expected in a cell, or few degrees of freedom, the second-order form of Rao and
    Scott (1984, Annals of Statistics 12). Rows and columns with fewer than five people in all are
    left out and named. Textbook: Anderson and Goodman (1957, Annals of Mathematical Statistics 28).
    Response error alone makes a chain look as if it remembered: someone who misreports once returns
    to where they were.

    Examples
    --------
    >>> import opinionpanel as op
    >>> test = markov_order(op.datasets.load("nes_ideology"), "ideology")
    >>> round(test.deviance, 3), test.textbook_df
    (66.345, 12)
    """
    names = wave_names(panel, item, waves, at_least=3, in_order=True, one_chain=True)
    groups = group_names(by)
    joint = _histories(panel, item, names, groups)
    return _rows_alike(
        joint,
        tables=table_keys(joint),
        within=[*table_keys(joint), "state"],
        across=["origin"],
        name=f"Markov order of {item}, first or higher, {' → '.join(names)}"
        + by_text(panel, groups, pairs=True, side="first"),
        textbook="conditional independence",
        found="Where people went depends on where they were before, by more than chance would "
        "explain. Response error alone can look like this.",
        none="No detectable influence of where people were before; that does not show that there "
        "is none.",
    )


def _histories(panel: Panel, item: str, names: list[str], groups: list[str]) -> Estimates:
    """Joint shares of the state before, the state at a wave and the state after."""
    states, codes = state_codes(panel, item, names, "balanced")
    own = [Own("origin", states, "origin"), Own("state", states), Own("destination", states)]
    tables: list[OneTable] = []
    accounts: dict[tuple[str, ...], Account] = {}
    for first, middle, last in zip(names, names[1:], names[2:], strict=False):
        three = [first, middle, last]
        accounts |= accounts_of(panel, three, [(middle,)], "balanced")
        inside, weight = base_of(panel, item, three, (first, last), "balanced")
        at_each = [codes[name] for name in three]
        tables.append(OneTable((middle,), first, inside, weight, at_each))
    who = "people with an answer at all of "
    who += ", ".join(names) if len(names) == 3 else "each three consecutive waves"
    about = about_of(panel, item, names, groups, who, accounts)
    about = replace(about, measure="markov_order")
    totals, about, groups = tabulate(panel, about, groups, WAVE, own, tables)
    return totals.shares(["wave", *groups], about)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Flows in which rows are compared: those of slices with two rows and two columns or more.

    Attributes
    ----------
    cells : numpy.ndarray of int, shape (m,)
        Positions of the flows.
    piece, row, column : numpy.ndarray of int, shape (m,)
        The slice of each, the row within its slice, and the column within its slice.
    absent : list of str
        Rows and columns in which there are too few people.
    """

    cells: Integers
    piece: Integers
    row: Integers
    column: Integers
    absent: list[str]

    def expected(self, value: Array) -> Array:
        """Multiply the total of each row by the shares of all rows of its slice together."""
        here = value[self.cells]
        pooled = _summed(here, self.column) / _summed(here, self.piece)
        return np.asarray(_summed(here, self.row) * pooled)

    def beyond(self, value: Array) -> Array:
        """Flows minus what is expected."""
        return np.asarray(value[self.cells] - self.expected(value))

    def classical(self, counts: Floats) -> tuple[float, float, int]:
        """X², G² and degrees of freedom of the counts."""
        n, expected = counts[self.cells], self.expected(counts)
        ratio = np.where(n > 0, n, expected) / expected
        rows, columns, pieces = (
            len(np.unique(code)) for code in (self.row, self.column, self.piece)
        )
        df = len(self.cells) - rows - columns + pieces
        return (
            float(((n - expected) ** 2 / expected).sum()),
            float(2 * (n * np.log(ratio)).sum()),
            df,
        )


def _rows_alike(
    joint: Estimates,
    *,
    tables: list[str],
    within: list[str],
    across: list[str],
    name: str,
    textbook: str,
    found: str,
    none: str,
) -> TestResult:
    """Test whether, within each slice, the rows lead to the destinations in the same shares.

    Parameters
    ----------
    joint : Estimates
        Joint shares that add up to 1 within each of `tables`, with a label ``destination``.
    tables, within, across : list of str
        The label columns of tables, of slices, and of the rows to compare within a slice.
    """
    everyone, rows = (_rows(joint, within, across, fewest) for fewest in (1, FEW))
    if not len(rows.cells):
        raise DesignError(
            f"{name}: no two rows with people can be compared over two destinations, each "
            "with five people or more. Check the waves and groups, or merge states."
        )
    slopes = jacobian(rows.beyond, joint.value, len(rows.cells))
    deviations = joint.derive(rows.beyond, joint.labels.iloc[rows.cells])
    # At what is expected if rows are alike, so that X² is the textbook statistic.
    alike = joint.value.copy()
    alike[rows.cells] = rows.expected(joint.value)
    working = multinomial(replace(joint, value=alike), tables, slopes)
    # Where few people move, a Wald form found memory in half of the samples of a chain without any.
    counts = cell_counts(joint)
    sparse = bool((rows.expected(counts) < FEW).any())
    test = joint_test(deviations, working, sparse=sparse, found=found, none=none)
    few = [text for text in rows.absent if text not in everyone.absent]
    kinds = (("nobody", everyone.absent), ("fewer than five people", few))
    note = "".join(f" Left out, {who} there: {listing(n, most=4)}." for who, n in kinds if n)
    pearson, deviance, df = everyone.classical(counts)
    return replace(
        test,
        name=name,
        note=test.note + note,
        # Of the flows: what is derived from them rests on the least of their bases.
        base=base_text(joint),
        textbook=pearson,
        textbook_name=textbook,
        textbook_df=df,
        deviance=deviance,
    )


def _rows(joint: Estimates, within: list[str], across: list[str], fewest: int) -> _Rows:
    """Find the rows and columns with the fewest people or more, and slices with two of each.

    A single person where 0.03 are expected looks like an enormous design effect and would decide
    the whole test. Chosen by the sums of rows and columns, which say nothing on whether rows are
    alike, never by the people in a cell.
    """
    labels, counts = joint.labels, cell_counts(joint)
    piece = _numbered(labels, within)
    row, column = _numbered(labels, within + across), _numbered(labels, [*within, "destination"])
    occupied, before = counts >= 0, -1
    # Without a rare row a column may be rare in turn.
    while occupied.sum() != before:
        before = occupied.sum()
        here = np.where(occupied, counts, 0.0)
        occupied &= (_summed(here, row) >= fewest) & (_summed(here, column) >= fewest)
    several = np.ones(len(labels), dtype=bool)
    for code in (row, column):
        pairs = np.unique(np.stack([piece[occupied], code[occupied]]), axis=1)
        several &= (np.bincount(pairs[0], minlength=piece.max() + 1) > 1)[piece]
    with_people = np.isin(row, row[occupied])
    empty_rows = labels.loc[~with_people, [*across, *within]].drop_duplicates()
    empty_columns = labels.loc[
        with_people & ~np.isin(column, column[occupied]), [*within, "destination"]
    ].drop_duplicates()
    cells = np.flatnonzero(occupied & several)
    return _Rows(
        cells=cells,
        piece=piece[cells],
        row=row[cells],
        column=column[cells],
        absent=[*_texts(empty_rows), *_texts(empty_columns)],
    )


def _numbered(labels: pd.DataFrame, columns: list[str]) -> Integers:
    return np.asarray(labels.groupby(columns, sort=False).ngroup(), dtype=np.int64)


def _texts(labels: pd.DataFrame) -> list[str]:
    return [", ".join(row) for row in labels.itertuples(index=False, name=None)]


def _summed(values: Array, code: Integers) -> Array:
    """For each value, the sum of all with its code."""
    sums = np.zeros(code.max(initial=-1) + 1, dtype=values.dtype)
    np.add.at(sums, code, values)
    return sums[code]
