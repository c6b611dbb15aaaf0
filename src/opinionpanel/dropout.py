"""Who dropped out, and whether fresh people answer as those who stayed: tables and tests."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.about import PAIR, About
from opinionpanel.bases import (
    ADDED,
    NOT_INTERVIEWED,
    By,
    about_of,
    base_of,
    by_text,
    cells_of,
    group_names,
    wave_names,
)
from opinionpanel.bounds import Keys, earlier_totals
from opinionpanel.errors import DesignError, SelectionError, listing
from opinionpanel.estimates import Estimates
from opinionpanel.panel import Panel
from opinionpanel.tables import base_text
from opinionpanel.tally import Totals, tally, weighted_cells
from opinionpanel.wald import TestResult

__all__ = ["attrition", "attrition_test", "fresh_and_staying", "refreshment_test"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

ALL = "all"
SIDES = ("fresh", "staying")


def attrition(
    panel: Panel, item: str, *, waves: Sequence[str] | None = None, by: By = None
) -> Estimates:
    """Share of those interviewed at the earlier wave who were not interviewed at the later one.

    Parameters
    ----------
    panel, item, by
        As in `flows`.
    waves : sequence of str, optional
        Two waves or more; each consecutive pair of them is tabulated. For what was lost since
        the first wave name that and a later one. By default all waves that asked the item.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``state``, the one given at the earlier
        wave: ``no answer`` and ``not asked`` where they occur, and ``all`` for everyone together.
        With the weight of the earlier wave; NaN with n = 0 where nobody gave the state. Who comes
        back at a still later wave counts as not interviewed all the same.

    Raises
    ------
    SelectionError
        As in `flows`; or a state of the item has a name that the table needs.

    Notes
    -----
    A share of those in the state, with the standard error of a ratio (Lumley 2010, Complex
    Surveys, ch. 2), and with the covariance between the rows: ``.difference("state", "oppose",
    minus="approve")`` compares two of them. `attrition_test` compares all.

    Examples
    --------
    >>> import opinionpanel as op
    >>> from opinionpanel.dropout import attrition
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> lost = attrition(panel, "support", waves=["Jul 2024", "Nov 2024"])
    >>> lost.to_frame()[["state", "estimate", "n", "n_cell"]].round(3)
           state  estimate     n  n_cell
    0    approve     0.240   507     127
    1     unsure     0.313   572     180
    2     oppose     0.236   415     100
    3  no answer     0.125     6       1
    4        all     0.266  1500     408
    """
    totals, about, groups = _attrition_totals(panel, item, waves, by)
    keys = [*PAIR, *groups, "state"]
    shares = _with_all(totals, [*PAIR, *groups]).shares(keys, replace(about, measure="attrition"))
    lost = shares.select(outcome=NOT_INTERVIEWED)
    return replace(lost, labels=lost.labels[keys])


def attrition_test(
    panel: Panel, item: str, *, waves: Sequence[str] | None = None, by: By = None
) -> TestResult:
    """Test whether dropping out is related to the state given before.

    Parameters
    ----------
    panel, item, waves
        As in `attrition`. Over several pairs of waves the test is a joint one: no relation in
        any of them.
    by : str or sequence of str, optional
        With groups, whether drop-out is the same in every state of every group.

    Returns
    -------
    TestResult
        ``textbook`` is Pearson's X² of the unweighted counts, for a single pair of waves. States
        and pairs that cannot be compared are left out and named in the note.

    Raises
    ------
    DesignError
        Nobody was lost, nobody stayed, or there is no variance to test with.
    SelectionError
        As in `attrition`.

    Notes
    -----
    Rao & Scott (1984, Annals of Statistics 12), second order, as in `independence`. With p the
    joint shares of state and outcome in a table of n people, V their design covariance,
    X² = n Σ (p − p_r p_c)² / (p_r p_c), Δ = (Cᵀ M⁻¹ C)⁻¹ Cᵀ M⁻¹ V M⁻¹ C, where M = diag p / n
    and C spans the interactions: F = X² / tr Δ on (tr Δ)² / tr Δ² and f times as many degrees of
    freedom, f those of the design; χ² = m X² / tr Δ on m. Several pairs of waves add up X² and
    stand in one Δ, with the covariance between them. A state nobody or everybody of which was
    lost does no harm; a Wald test would take its share for certain.

    Examples
    --------
    >>> import opinionpanel as op
    >>> from opinionpanel.dropout import attrition_test
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> test = attrition_test(panel, "support", waves=["Jul 2024", "Nov 2024"])
    >>> print(test.note)
    Drop-out is related to the state of support by more than chance would explain. Whether those
    who were lost changed as those who stayed did, no test can tell.
    """
    totals, about, groups = _attrition_totals(panel, item, waves, by)
    if not (totals.value[(totals.labels["outcome"] == NOT_INTERVIEWED).to_numpy()] > 0).any():
        raise DesignError(
            f"Nobody with a weight was lost between {listing(about.waves)}: there is no drop-out "
            "to test."
        )
    what = f"the state of {item}" + (f" and {' and '.join(groups)}" if groups else "")
    test = _same_shares(totals, about, list(PAIR), [*groups, "state"])
    sentence = (
        f"Drop-out is related to {what} by more than chance would explain."
        if test.pvalue < 0.05
        else f"No detectable relation of drop-out to {what}; that does not show that there is none."
    )
    sentence += " Whether those who were lost changed as those who stayed did, no test can tell."
    pairs = totals.labels[list(PAIR)].drop_duplicates().itertuples(index=False, name=None)
    where = ", ".join(" → ".join(pair) for pair in pairs)
    groups_text = by_text(panel, groups, pairs=True)
    name = f"Drop-out by state of {item}, {where}{groups_text}"
    return replace(test, name=name, note=sentence + test.note)


def fresh_and_staying(
    panel: Panel, item: str, *, wave: str | None = None, by: By = None
) -> Estimates:
    """Shares of the states at one wave, among fresh people and among those interviewed before.

    Parameters
    ----------
    panel : Panel
    item : str
    wave : str, optional
        By default the only wave with fresh people.
    by : str or sequence of str, optional
        Groups of the panel.

    Returns
    -------
    Estimates
        Labels ``wave``, the groups, ``side`` (``fresh``: interviewed for the first time;
        ``staying``: interviewed at any wave before) and ``state``. Among people with an answer,
        with the weight of the wave. ``.difference("side", "fresh", minus="staying")`` gives the
        differences that `refreshment_test` tests.

    Raises
    ------
    SelectionError
        The wave has no fresh people, or nobody interviewed before; or several waves have them
        and none is named.

    Examples
    --------
    >>> import opinionpanel as op
    >>> from opinionpanel.dropout import fresh_and_staying
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> sides = fresh_and_staying(panel, "support", wave="Jul 2025")
    >>> sides.difference("side", "fresh", minus="staying").value.round(2).tolist()
    [-0.04, 0.11, -0.06]
    """
    totals, about, groups = _fresh_totals(panel, item, wave, by)
    return totals.shares(["wave", *groups, "side"], about)


def refreshment_test(
    panel: Panel, item: str, *, wave: str | None = None, by: By = None
) -> TestResult:
    """Test whether fresh people answer as those do who were interviewed before, at the same wave.

    Parameters
    ----------
    panel, item, wave
        As in `fresh_and_staying`.
    by : str or sequence of str, optional
        With groups the test is a joint one: no difference in any of them.

    Returns
    -------
    TestResult
        ``textbook`` is Pearson's X² of the unweighted counts, without groups.

    Raises
    ------
    DesignError
        There is no variance to test with.
    SelectionError
        As in `fresh_and_staying`.

    Notes
    -----
    The form of `attrition_test`, for the differences of the shares of all states. A difference
    comes of attrition or of panel conditioning (people who were asked before answer
    differently); this cannot tell which, and the two can offset each other. The weights decide
    what is compared: where fresh and staying people were calibrated to the same margins, a
    difference is one that the margins leave. See Das, Toepoel & van Soest (2011, Sociological
    Methods & Research 40).

    Examples
    --------
    >>> import opinionpanel as op
    >>> from opinionpanel.dropout import refreshment_test
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> test = refreshment_test(panel, "support", wave="Jul 2025")
    >>> print(test.note)
    No detectable difference between fresh and staying people; that does not show that there is
    none.
    """
    totals, about, groups = _fresh_totals(panel, item, wave, by)
    test = _same_shares(totals, about, ["wave", *groups], ["side"])
    sentence = (
        "Fresh and staying people differ by more than chance would explain. That can come of "
        "attrition or of panel conditioning; this test cannot tell which."
        if test.pvalue < 0.05
        else "No detectable difference between fresh and staying people; that does not show that "
        "there is none."
    )
    groups_text = by_text(panel, groups, pairs=False)
    name = f"Fresh against staying people, {item} at {about.waves[0]}{groups_text}"
    return replace(test, name=name, note=sentence + test.note)


def _attrition_totals(
    panel: Panel, item: str, waves: Sequence[str] | None, by: By
) -> tuple[Totals, About, list[str]]:
    """Tally those interviewed at the earlier wave by state, and whether they were lost."""
    names = wave_names(panel, item, waves, at_least=2)
    states, codes = _earlier_states(panel, item, names[:-1])

    def keys(first: str, last: str) -> Keys:
        lost = (~panel.present[panel.position(last)]).astype(np.int64)
        columns = [("state", states), ("outcome", ("interviewed", NOT_INTERVIEWED))]
        return columns, [codes[first], lost]

    title = f"Drop-out by {item}: share not interviewed at the later wave"
    return earlier_totals(panel, item, names, by, keys, title)


def _earlier_states(
    panel: Panel, item: str, names: list[str]
) -> tuple[tuple[str, ...], dict[str, Integers]]:
    """State names and codes at some waves, with those who gave none as states of their own."""
    states = panel.item(item).state_names
    codes = {name: panel.answers[item][panel.position(name)].astype(np.int64) for name in names}
    added = {
        code: state
        for code, state in ADDED.items()
        if state != NOT_INTERVIEWED
        and any(((codes[name] == code) & (panel.weight(name).values > 0)).any() for name in names)
    }
    if taken := [state for state in states if state in (ALL, *added.values())]:
        raise SelectionError(
            f"The table of drop-out has rows {listing([*added.values(), ALL])} of its own, but "
            f"item {item!r} has states of that name: {listing(taken)}. Rename them in the Item."
        )
    for place, code in enumerate(added, start=len(states)):
        for name in names:
            codes[name][codes[name] == code] = place
    return (*states, *added.values()), codes


def _with_all(totals: Totals, tables: list[str]) -> Totals:
    """Add a row for all states together to every table, after its states."""
    labels = totals.labels
    together = labels.assign(state=ALL).drop_duplicates()
    others = [name for name in labels if name != "state"]
    both = pd.concat([labels, together], ignore_index=True)
    key = both.groupby(others, sort=False).ngroup().to_numpy()
    size = len(labels)
    matrix = np.vstack([np.eye(size, dtype=bool), key[size:, None] == key[:size]])
    order = np.argsort(both.groupby(tables, sort=False).ngroup().to_numpy(), kind="stable")
    return totals.combine(matrix[order], both.iloc[order].reset_index(drop=True))


def _fresh_totals(
    panel: Panel, item: str, wave: str | None, by: By
) -> tuple[Totals, About, list[str]]:
    """Tally the states at a wave by whether people were interviewed before."""
    chosen = _refreshed(panel, item, wave)
    groups, states = group_names(by), panel.item(item).state_names
    side, weight = _sides(panel, item, chosen), panel.weight(chosen)
    codes = [side, panel.answers[item][panel.position(chosen)].astype(np.int64)]
    keys = [("side", SIDES), ("state", states)]
    labels, code = cells_of(panel, groups, chosen, keys, codes, side >= 0)
    labels.insert(0, "wave", chosen)
    weights: dict[tuple[str, ...], str] = {(chosen,): weight.text}
    measure = "fresh_and_staying"
    about = about_of(
        panel,
        item,
        [chosen],
        groups,
        "answered",
        states,
        weights,
        pairs=False,
        measure=measure,
        who="people with an answer at the wave",
    )
    title = f"Shares of {item} among fresh and staying people" + by_text(panel, groups, pairs=False)
    totals = tally(panel.sampling, [weighted_cells(code, weight, labels)])
    return totals, replace(about, title=title), groups


def _sides(panel: Panel, item: str, wave: str) -> Integers:
    """Tell fresh people, 0, from those interviewed before, 1, among the base of a wave."""
    inside, weight = base_of(panel, item, [wave], (wave,), "answered")
    before = panel.present[: panel.position(wave)].any(axis=0)
    return np.where(inside & (weight.values > 0), before, -1).astype(np.int64)


def _refreshed(panel: Panel, item: str, wave: str | None) -> str:
    """Choose the wave, and refuse one without fresh or without staying people."""
    if wave is not None:
        wave_names(panel, item, [wave], at_least=1)
    waves = [name for name in panel.asked(item) if np.isin((0, 1), _sides(panel, item, name)).all()]
    if wave is None and len(waves) == 1:
        return waves[0]
    if wave is not None and wave in waves:
        return wave
    problem = (
        f"Say at which wave to compare fresh and staying people on item {item!r}, with wave=."
        if wave is None
        else f"Wave {wave!r} has not both fresh people and people interviewed before among those "
        f"with a weight and an answer to item {item!r}."
    )
    raise SelectionError(f"{problem} Waves that have both: {listing(waves) or 'none'}.")


def _same_shares(totals: Totals, about: About, tables: list[str], rows: list[str]) -> TestResult:
    """Test whether the last label is unrelated to the rows in each of some tables.

    The note holds only what was left out.
    """
    from scipy import stats

    joint = totals.shares(tables, about)
    pearson, parts, out = 0.0, [], []
    used = np.zeros(len(joint), dtype=bool)
    for _, part in joint.labels.groupby(tables, sort=False):
        size = len(part.drop_duplicates([*tables, *rows]))
        cells = part.index.to_numpy().reshape(size, -1)
        share = np.nan_to_num(joint.value[cells])
        there, given = share.sum(axis=1) > 0, share.sum(axis=0) > 0
        kept = cells[np.ix_(there, given)]
        if there.sum() > 1 and given.sum() > 1:
            out += part.loc[cells[~there, 0], [*tables, *rows]].to_numpy().tolist()
            pearson += joint.n[kept[0, 0]] * _pearson(joint.value[kept])
            parts.append(_interactions(kept, len(joint)))
            used[kept] = True
        else:
            out.append(part.iloc[0][tables].tolist())
    left = f" Left out, nothing to compare: {listing(map(', '.join, out), most=4)}." if out else ""
    if not parts:
        raise DesignError(f"{about.title}: nothing to test.{left} Merge states or groups.")
    delta = _design_effects(joint, used, np.hstack(parts))
    trace, freedom = float(np.trace(delta)), float(joint.df[used].min())
    if not trace > 1e-12 or not freedom > 0:
        raise DesignError(
            f"{about.title}: no variance to test with; the design has {freedom:g} degrees of "
            "freedom there. Test fewer groups or pairs of waves."
        )
    statistic, df1 = pearson / trace, trace**2 / float(np.trace(delta @ delta))
    single = len(joint.labels.drop_duplicates(tables)) == 1
    return TestResult(
        name=about.title,
        statistic=statistic,
        df1=df1,
        df2=df1 * freedom,
        pvalue=float(stats.f.sf(statistic, df1, df1 * freedom)),
        wald=statistic * len(delta),
        textbook=_pearson(totals.n[kept]) if single else None,
        note=left,
        wald_df=float(len(delta)),
        wald_pvalue=float(stats.chi2.sf(statistic * len(delta), len(delta))),
        base=base_text(joint),
        form="Rao–Scott, second order",
        textbook_name="Pearson" if single else "",
        textbook_df=float(len(delta)) if single else None,
    )


def _pearson(table: Floats) -> float:
    """Pearson's X² of a table of counts; of shares, that of a single person."""
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(((table - expected) ** 2 / expected).sum())


def _interactions(cells: Integers, size: int) -> Floats:
    """Span the interactions of a table among all cells: columns that every margin sums to zero."""
    rows, columns = (
        np.linalg.svd(np.eye(number) - 1 / number)[0][:, : number - 1] for number in cells.shape
    )
    placed = np.zeros((size, (cells.shape[0] - 1) * (cells.shape[1] - 1)))
    placed[cells.ravel()] = np.kron(rows, columns)
    return placed


def _design_effects(joint: Estimates, used: Booleans, interactions: Floats) -> Floats:
    """Δ of the interactions; its eigenvalues are generalized design effects."""
    share = np.where(used, joint.value, 0.0)
    inverse = np.divide(joint.n, share, out=np.zeros(len(share)), where=share > 0)
    scaled = inverse[:, None] * interactions
    independent = interactions.T @ scaled
    if np.linalg.matrix_rank(independent) < len(independent):
        raise DesignError(
            f"{joint.about.title}: {int((used & (share == 0)).sum())} of the {int(used.sum())} "
            "cells are empty, too many for a test. Merge states or groups."
        )
    covariance = joint.covariance[np.ix_(used, used)]
    return np.asarray(np.linalg.solve(independent, scaled[used].T @ covariance @ scaled[used]))
