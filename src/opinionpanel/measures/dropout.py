"""Who dropped out, and what fresh people answer beside those who stayed."""

from dataclasses import replace
from functools import reduce

import numpy as np

from opinionpanel import questions
from opinionpanel.arguments import checked
from opinionpanel.engines import PersonColumn, how_many
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import PAIR, About, Column, Estimates, Labels, Totals
from opinionpanel.measures.bases import (
    ADDED,
    ALL,
    NOT_INTERVIEWED,
    By,
    Own,
    about_of,
    accounts_of,
    base_of,
    by_text,
    group_names,
)
from opinionpanel.measures.pairs_of_waves import Waves, pair_names, wave_names
from opinionpanel.measures.tabulation import WAVE, OneTable, earlier_totals, tabulate
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase

# A label of the totals of drop-out, and of no result.
OUTCOME = "(outcome)"
SIDES = ("fresh", "staying")


@checked
def attrition(panel: Panel, item: str, *, waves: Waves | None = None, by: By = None) -> Estimates:
    """Share of those interviewed at the earlier wave who were not interviewed at the later one.

    Who was not due at the later wave is not in the base: nobody asked them to come back.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tabulated; or the pairs themselves,
        ``[("2016", "2020"), ("2018", "2020")]``; the earlier wave of a pair first. By default the
        pairs that link people, as `Panel.pairs` lists them: in an ordinary panel all consecutive
        ones. For what was lost since the first wave name that and a later one.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``state``, the one given at the earlier
        wave: ``no answer`` and ``not asked`` where they occur, and ``all`` for everyone together.
        Shares between 0 and 1 of those in the state, with the weight of the earlier wave; NaN with
        n = 0 where nobody gave the state. ``n`` is the unweighted people in the state, ``n_cell``
        those of them who were lost. Who comes back at a still later wave counts as not interviewed
        all the same.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves, or a pair out of
        the order of fieldwork; a state of the item that is named like one that the table adds; a
        wave that was imputed for those who missed it.

    Notes
    -----
    W_lost / W_i, with W_i the weighted people in state i at the earlier wave and W_lost those of
    them who were not interviewed at the later one. The standard error is that of a ratio (Lumley
    2010, Complex Surveys, ch. 2), and there is a covariance between the rows:
    ``.difference("state", "oppose", minus="approve")`` compares two of them; `attrition_test`
    compares all.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> lost = op.attrition(panel, "support", waves=["Jul 2024", "Nov 2024"])
    >>> lost.to_frame()[["state", "estimate", "n", "n_cell"]].round(3)
           state  estimate     n  n_cell
    0    approve     0.240   507     127
    1     unsure     0.313   572     180
    2     oppose     0.236   415     100
    3  no answer     0.125     6       1
    4        all     0.266  1500     408
    """
    totals, about, groups = attrition_totals(panel, item, waves, by)
    keys = [*PAIR, *groups, "state"]
    about = replace(about, together={"state": ALL})
    shares = _with_all(totals, [*PAIR, *groups]).shares(keys, about)
    lost = shares.select(**{OUTCOME: NOT_INTERVIEWED})
    return replace(lost, named=lost.named.only(keys))


@checked
def fresh_and_staying(
    panel: Panel, item: str, *, wave: str | None = None, by: By = None
) -> Estimates:
    """Shares of the states at one wave, among fresh people and among those interviewed before.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    wave : str, optional
        The wave whose people are compared; by default the only one with fresh people.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the wave.

    Returns
    -------
    Estimates
        Labels ``wave``, the groups, ``side`` (``fresh``: interviewed for the first time;
        ``staying``: interviewed at any wave before) and ``state``. Shares between 0 and 1 of the
        side's people with an answer, with the weight of the wave; NaN with n = 0 where a side has
        nobody; ``n`` is the unweighted base of the side.
        ``.difference("side", "fresh", minus="staying")`` gives the differences that
        `refreshment_test` tests.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; a wave without fresh people, or without
        anybody interviewed before; several waves with fresh people of which none is named; a wave
        up to it that was imputed for those who missed it.

    Notes
    -----
    Shares of each side, ratios over domains, with the covariance that PSUs with people of both
    sides bring (Lumley 2010, Complex Surveys, ch. 2).

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> sides = op.fresh_and_staying(panel, "support", wave="Jul 2025")
    >>> sides.difference("side", "fresh", minus="staying").value.round(2).tolist()
    [-0.04, 0.11, -0.06]
    """
    totals, about, groups = fresh_totals(panel, item, wave, by)
    return totals.shares(["wave", *groups, "side"], about)


def attrition_totals(
    panel: Panel, item: str, waves: Waves | None, by: By
) -> tuple[Totals, About, list[str]]:
    """Tally those interviewed at the earlier wave by state, and whether they were lost."""
    pairs = pair_names(panel, item, waves, in_order=True)
    panel.check_who_was_lost(wave for pair in pairs for wave in pair)
    states, codes = _earlier_states(panel, item, list(dict.fromkeys(first for first, _ in pairs)))
    own = [Own("state", states), Own(OUTCOME, ("interviewed", NOT_INTERVIEWED), "component")]

    def codes_of(first: str, last: str) -> list[PersonColumn]:
        lost = (~panel.present[panel.position(last)]).astype(np.int64)
        return [codes[first], lost]

    title = f"Drop-out by {item}: share not interviewed at the later wave"
    return earlier_totals(panel, item, pairs, by, own, codes_of, "attrition", title)


def _earlier_states(
    panel: Panel, item: str, names: list[str]
) -> tuple[tuple[str, ...], dict[str, PersonColumn]]:
    """State names and codes at some waves, with those who gave none as states of their own."""
    states = panel.item(item).state_names
    codes = {name: panel.answers[item][panel.position(name)].astype(np.int64) for name in names}
    # Those of people who were interviewed.
    silent = (questions.NO_ANSWER, questions.NOT_ASKED)
    found = how_many(
        ((code, name), (codes[name] == code) & (panel.weight(name).values > 0))
        for code in silent
        for name in names
    )
    added = {code: ADDED[code] for code in silent if any(found[code, name] for name in names)}
    if taken := [state for state in states if state in (ALL, *added.values())]:
        raise SelectionError(
            f"The table of drop-out has rows {listing([*added.values(), ALL])} of its own, but "
            f"item {item!r} has states of that name: {listing(taken)}. Rename them in the Item."
        )
    for place, code in enumerate(added, start=len(states)):
        for name in names:
            codes[name] = np.where(codes[name] == code, place, codes[name])
    return (*states, *added.values()), codes


def _with_all(totals: Totals, tables: list[str]) -> Totals:
    """Add a row for all states together to every table, after its states."""
    labels, size = totals.named, len(totals.named)
    key = labels.numbers([name for name in labels if name != "state"])
    _, first = np.unique(key, return_index=True)
    # The rows of all states, each with the other labels of its first.
    rows = np.concatenate([np.arange(size), first])
    matrix = np.vstack([np.eye(size, dtype=bool), key[first, None] == key])
    states, state = labels.columns["state"]
    code = np.concatenate([state, np.full(len(first), len(states))])
    columns = {**labels.take(rows).columns, "state": Column([*states, ALL], code)}
    both = Labels(columns, len(rows))
    order = np.argsort(both.numbers(tables), kind="stable")
    return totals.combine(matrix[order], both.take(order))


def fresh_totals(
    panel: Panel, item: str, wave: str | None, by: By
) -> tuple[Totals, About, list[str]]:
    """Tally the states at a wave by whether people were interviewed before."""
    chosen = _refreshed(panel, item, wave)
    panel.check_who_was_lost(panel.waves[: panel.position(chosen) + 1])
    groups, states = group_names(by), panel.item(item).state_names
    side, answers = _sides(panel, item, chosen), panel.answers[item][panel.position(chosen)]
    codes = [side, answers.astype(np.int64)]
    own = [Own("side", SIDES, "group"), Own("state", states)]
    tables = [OneTable((chosen,), chosen, side >= 0, panel.weight(chosen), codes)]
    accounts = accounts_of(panel, [chosen], [(chosen,)], "answered")
    who = Phrase("people with an answer at the wave")
    about = about_of(panel, item, [chosen], groups, who, accounts)
    title = f"Shares of {item} among fresh and staying people" + by_text(panel, groups, pairs=False)
    about = replace(about, measure="fresh_and_staying", title=title)
    return tabulate(panel, about, groups, WAVE, own, tables)


def _sides(panel: Panel, item: str, wave: str) -> PersonColumn:
    """Tell fresh people, 0, from those interviewed before, 1, among the base of a wave."""
    inside, weight = base_of(panel, item, [wave], (wave,), "answered")
    earlier = panel.present[: panel.position(wave)]
    before = reduce(np.logical_or, earlier, np.zeros_like(panel.present[0]))
    return np.where(inside & (weight.values > 0), before, -1).astype(np.int64)


def _refreshed(panel: Panel, item: str, wave: str | None) -> str:
    """Choose the wave, and refuse one without fresh or without staying people."""
    panel.check_same_people(item)
    if wave is not None:
        wave_names(panel, item, [wave], at_least=1)
    sides = {name: _sides(panel, item, name) for name in panel.asked(item)}
    found = how_many(((name, side), sides[name] == side) for name in sides for side in (0, 1))
    waves = [name for name in sides if found[name, 0] and found[name, 1]]
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
    raise SelectionError(f"{problem} Waves that have both: {listing(waves)}.")
