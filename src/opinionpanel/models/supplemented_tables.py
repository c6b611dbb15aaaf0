"""People seen twice and people seen once: their tables, and the flows fitted to these by EM."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design import ReplicateMembers
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import PAIR, About, Totals
from opinionpanel.measures import (
    WAVES,
    Account,
    By,
    OneTable,
    Waves,
    about_of,
    by_text,
    group_names,
    moved,
    pair_names,
    state_codes,
    tabulate,
    waves_of,
)
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase

NO_ANSWER = "(no answer)"
STEPS, TOLERANCE = 50_000, 1e-13
# Flows that nobody was seen to take, and that the fit takes to zero; and the least part of the
# information, between 0 and 1, that the answers must hold in every direction.
ZERO, LEAST_INFORMATION = 1e-10, 1e-8


@dataclass(frozen=True, eq=False)
class Observed:
    """Incomplete tables and the flows fitted to them.

    Attributes
    ----------
    totals : Totals
        Cells in the order tables (pairs of waves × groups), origin, destination; the last origin
        and the last destination are people without an answer there.
    flows : numpy.ndarray, shape (tables, states, states)
        NaN for tables without people.
    tables : pandas.DataFrame
        The waves and groups of each table.
    steps : numpy.ndarray of int, shape (tables,)
        How many steps of EM the fit of each took.
    states : tuple of str
    about : About
    """

    totals: Totals
    flows: Floats
    tables: pd.DataFrame
    steps: Integers
    states: tuple[str, ...]
    about: About

    @property
    def counts(self) -> Floats:
        """Weighted counts, shape (tables, states + 1, states + 1)."""
        size = len(self.states) + 1
        return self.totals.value.reshape(-1, size, size)


def observe(panel: Panel, item: str, waves: Waves | None, by: By, entrants: bool) -> Observed:
    """Tally complete and incomplete pairs, and fit the flows."""
    groups = group_names(by)
    pairs = pair_names(panel, item, waves, in_order=True)
    names = waves_of(panel, pairs)
    states, codes = state_codes(panel, item, names, "answered")
    parts: list[OneTable] = []
    weights: dict[tuple[str, ...], str] = {}
    for pair in pairs:
        earlier, later = (panel.weight(name) for name in pair)
        seen = [np.where(codes[name] >= 0, codes[name], len(states)) for name in pair]
        unseen = np.zeros_like(seen[0], dtype=np.int64) + len(states)
        counting = panel.domain & panel.present[panel.position(pair[0])] & (earlier.values > 0)
        there = panel.were_due(counting, pair[1:])
        new = panel.domain & ~there & (codes[pair[1]] >= 0) & (earlier.values == 0)
        here = [
            OneTable(pair, pair[0], there, earlier, seen),
            OneTable(pair, pair[1], new, later, [unseen, seen[1]]),
        ][: 1 + entrants]
        weights[pair] = _weights_text([part.weight.text for part in here])
        parts += here
    who = Phrase("everyone interviewed at the earlier wave with an answer at either wave")
    if any(panel.due_differs(*pair) for pair in pairs):
        who = Phrase(
            "everyone interviewed at the earlier wave and due at the later one, with an answer at "
            "either wave"
        )
    if entrants:
        who = Phrase(
            "{base}, and those with a weight and an answer at the later wave only", base=who
        )
    title = f"Flows of {item}, missing at random: share of the base"
    title += by_text(panel, groups, pairs=True)
    # New people count with the later weight, where they have none at the earlier wave.
    accounts = {part.key: Account(part.at, (), part.weight) for part in parts if not entrants}
    about = about_of(panel, item, names, groups, who, accounts)
    about = replace(about, measure="missing_at_random", title=title)
    own = moved((*states, NO_ANSWER))
    totals, about, _ = tabulate(panel, about, groups, WAVES, own, parts)
    about = replace(about, weights=weights)
    if entrants:
        totals = _added(totals, len(parts) // 2)
    size = len(states) + 1
    tables = totals.labels.iloc[:: size**2].drop(columns=["origin", "destination"])
    tables = tables.reset_index(drop=True)
    fitted, steps = fit(totals.value.reshape(-1, size, size))
    observed = Observed(totals, fitted, tables, steps, states, about)
    _refuse_unidentified(observed)
    return replace(observed, about=replace(about, notes=_notes(observed)))


def _weights_text(texts: list[str]) -> str:
    """Name the weights of those there before and of new people, where they differ."""
    weight, *others = dict.fromkeys(texts)
    for other in others:
        weight = Phrase("{earlier}; new people: {other}", earlier=weight, other=other)
    return weight


def _added(totals: Totals, pairs: int) -> Totals:
    """Add the cells of new people to those of the people before them, pair by pair."""
    # In the order pair, way in (there before or new), cell.
    cells = np.arange(len(totals.value)).reshape(pairs, 2, -1)
    matrix = np.zeros((cells[:, 0].size, len(totals.value)), dtype=bool)
    for way in (0, 1):
        matrix[np.arange(len(matrix)), cells[:, way].ravel()] = True
    labels = totals.named.take(cells[:, 0].ravel())
    added = totals.combine(matrix, labels)
    if not isinstance(added.members, ReplicateMembers):
        return added
    # The design of old and new people together, not that of the few who are new.
    return replace(added, members=added.members.disjoint(), cells=np.eye(len(labels), dtype=bool))


def _refuse_unidentified(observed: Observed) -> None:
    """Refuse tables where the answers do not say where people went."""
    some = np.flatnonzero(np.isfinite(observed.flows[:, 0, 0]))
    bad = some[~identified(observed.flows[some], observed.counts[some])]
    if not len(bad):
        return
    counts, table = observed.counts[bad[0]], observed.tables.iloc[bad[0]]
    first, second = table["from_wave"], table["to_wave"]
    where = ", ".join([f"{first} → {second}", *map(str, table.iloc[2:])])
    lost = [(first, second, counts[:-1, :-1].sum(axis=1), counts[:-1, -1])]
    lost += [(second, first, counts[:-1, :-1].sum(axis=0), counts[-1, :-1])]
    for one, other, twice, once in lost:
        names = [observed.states[i] for i in np.flatnonzero((twice == 0) & (once > 0))]
        if names:
            raise SelectionError(
                f"Missing at random ({where}): nobody in {listing(names)} at {one} has an answer "
                f"at {other}, so nothing shows where these people went. Put the state together "
                "with another in the Item, or use fewer groups."
            )
    raise SelectionError(
        f"Missing at random ({where}): too few people answered at both waves to say where the "
        "others went. Put states together in the Item, or use fewer groups."
    )


def _notes(observed: Observed) -> dict[tuple[str, ...], str]:
    """Say by pair of waves how many were seen once and twice, and that the fit converged."""
    size = len(observed.states) + 1
    n = observed.totals.n.reshape(-1, size, size)
    notes: dict[tuple[str, ...], str] = {}
    for pair, rows in observed.tables.groupby(list(PAIR), sort=False):
        counts = n[rows.index].sum(axis=0)
        notes[tuple(map(str, pair))] = (
            f"{pair[0]} → {pair[1]}: {counts[:-1, :-1].sum():,.0f} answered at both waves, "
            f"{counts[:-1, -1].sum():,.0f} at {pair[0]} only, {counts[-1, :-1].sum():,.0f} at "
            f"{pair[1]} only; EM converged (steps: {observed.steps[rows.index].max()})."
        )
    return notes


def fit(counts: Floats) -> tuple[Floats, Integers]:
    """Fit the flows of several tables by EM.

    Parameters
    ----------
    counts : numpy.ndarray, shape (tables, states + 1, states + 1)
        The last row and column hold people without an answer there.

    Returns
    -------
    flows : numpy.ndarray, shape (tables, states, states)
        NaN for tables without people.
    steps : numpy.ndarray of int, shape (tables,)
        How many steps each took.
    """
    complete = counts[:, :-1, :-1]
    some = answered(counts) > 0
    # From inside: a flow that nobody was seen to take may still be more than zero.
    flows = complete + 0.1 * (counts.sum(axis=(1, 2)) / complete[0].size)[:, None, None]
    flows[~some] = np.nan
    flows[some] /= flows[some].sum(axis=(1, 2), keepdims=True)
    steps = np.zeros(len(counts), dtype=np.int64)
    running = np.flatnonzero(some)
    while len(running):
        if steps.max() >= STEPS:
            raise SelectionError(
                f"Missing at random: the flows of {len(running)} of {len(counts)} table(s) still "
                f"change after {STEPS:,} steps. Too many answers are missing; put small states "
                "together in the Item."
            )
        after = improved(flows[running], counts[running])
        steps[running] += 1
        still = np.abs(after - flows[running]).max(axis=(1, 2)) > TOLERANCE
        flows[running] = after
        running = running[still]
    flows[(complete == 0) & (flows < ZERO)] = 0.0
    return flows, steps


def improved(flows: Floats, counts: Floats) -> Floats:
    """Take one step of EM: spread people seen once over the flows, and count again."""
    origin, destination = flows.sum(axis=2, keepdims=True), flows.sum(axis=1, keepdims=True)
    spread = ratio(counts[:, :-1, -1:], origin) + ratio(counts[:, -1:, :-1], destination)
    filled = counts[:, :-1, :-1] + flows * spread
    return np.asarray(filled / filled.sum(axis=(1, 2), keepdims=True))


def answered(counts: Floats) -> Floats:
    """Add up those with an answer at either wave, by table."""
    return np.asarray(counts.sum(axis=(1, 2)) - counts[:, -1, -1])


def loglik(flows: Floats, counts: Floats) -> Floats:
    """Log-likelihood of the answers that were given, by table."""
    origin, destination = flows.sum(axis=2), flows.sum(axis=1)
    twice = times_log(counts[:, :-1, :-1], flows).sum(axis=(1, 2))
    first = times_log(counts[:, :-1, -1], origin).sum(axis=1)
    second = times_log(counts[:, -1, :-1], destination).sum(axis=1)
    return np.asarray(twice + first + second)


def information(flows: Floats, counts: Floats) -> Floats:
    """Observed information of the flows, where that of complete answers is the identity.

    Returns
    -------
    numpy.ndarray, shape (tables, flows, flows)
        Flows of zero stand apart, with the identity.
    """
    tables, states = flows.shape[:2]
    shares = counts / answered(counts)[:, None, None]
    both = ratio(shares[:, :-1, :-1], flows)
    row = ratio(shares[:, :-1, -1], flows.sum(axis=2) ** 2)
    column = ratio(shares[:, -1, :-1], flows.sum(axis=1) ** 2)
    same = np.eye(states)
    seen = np.einsum("ti,ik->tik", row, same)[:, :, None, :, None]
    seen = seen + np.einsum("tj,jl->tjl", column, same)[:, None, :, None, :]
    root = np.sqrt(flows)
    seen = seen * root[:, :, :, None, None] * root[:, None, None, :, :]
    matrix = seen.reshape(tables, states**2, states**2)
    place = np.arange(states**2)
    matrix[:, place, place] += np.where(flows > 0, both, 1.0).reshape(tables, -1)
    return np.asarray(matrix)


def slopes(flows: Floats, counts: Floats) -> Floats:
    """Differentiate the flows of one table by its counts.

    Parameters
    ----------
    flows : numpy.ndarray, shape (states, states)
    counts : numpy.ndarray, shape (states + 1, states + 1)

    Returns
    -------
    numpy.ndarray, shape (flows, counts)

    Notes
    -----
    With m = Nπ the score of flow ij is n_ij/m_ij + n_i·/m_i+ + n_·j/m_+j − 1 = 0 (n_i· and n_·j
    those seen once), so that ∂m/∂n = (observed information)⁻¹ ∂score/∂n: the implicit function
    theorem. Flows of zero stay at zero.
    """
    states, total = len(flows), float(answered(counts[None])[0])
    by_count = np.zeros((states, states, states + 1, states + 1))
    root = np.sqrt(flows)
    for i, j in np.argwhere(flows > 0):
        by_count[i, j, i, j] = 1 / flows[i, j]
        by_count[i, j, i, -1] = 1 / flows[i].sum()
        by_count[i, j, -1, j] = 1 / flows[:, j].sum()
    by_count *= root[:, :, None, None]
    matrix = information(flows[None], counts[None])[0]
    scaled = np.linalg.solve(matrix, by_count.reshape(states**2, -1))
    change = root.ravel()[:, None] * scaled / total
    return np.asarray(change - flows.ravel()[:, None] * change.sum(axis=0))


def identified(flows: Floats, counts: Floats) -> Booleans:
    """Tell the tables whose answers determine all flows."""
    if not len(flows):
        return np.zeros(0, dtype=bool)
    least = np.linalg.eigvalsh(information(flows, counts))[:, 0]
    return np.asarray(least > LEAST_INFORMATION)


def ratio(top: Floats, bottom: Floats) -> Floats:
    """Divide; zero where there is nothing to divide by."""
    top, bottom = np.broadcast_arrays(top, bottom)
    return np.divide(top, bottom, out=np.zeros(top.shape), where=bottom > 0)


def times_log(count: Floats, share: Floats) -> Floats:
    """Multiply with the logarithm; nobody times anything is 0."""
    return np.asarray(count * np.log(np.where(count > 0, share, 1.0)))
