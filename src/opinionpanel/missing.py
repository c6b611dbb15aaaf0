"""Flows of everyone who answered at least once, taking missing answers to be missing at random."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.about import PAIR, About
from opinionpanel.bases import By, about_of, by_text, cells_of, group_names, state_codes, wave_names
from opinionpanel.derivatives import sandwich
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import Estimates
from opinionpanel.freedom import ReplicateMembers
from opinionpanel.panel import Panel
from opinionpanel.supplemented import fit, identified, loglik, ratio, slopes, times_log
from opinionpanel.tally import Cells, Totals, tally, weighted_cells

__all__ = ["ResponseModel", "missing_at_random", "response_model"]

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

NO_ANSWER = "(no answer)"
# A label column that no group may be named.
SIDE = "(side)"


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ResponseModel:
    """Flows and response between two waves, fitted to complete and incomplete pairs together.

    Attributes
    ----------
    flows, transitions : Estimates
        Labelled as those of `flows` and `transitions`.
    response : Estimates
        Label ``parameter``, after those of waves and groups: ``psi``, who answered at the earlier
        wave; ``rho``, who of them answered at the later one; ``tau``, who of the others did not
        answer at the later one either. NaN with n = 0 where a base is empty.
    loglik : pandas.DataFrame
        A row for each pair of waves and group: `loglik` of the weighted counts, flows and response
        together, and `steps` of the EM algorithm until no flow changed by more than 1e-13.
    """

    flows: Estimates
    transitions: Estimates
    response: Estimates
    loglik: pd.DataFrame

    def __str__(self) -> str:
        parts = (self.flows, self.transitions, self.response)
        return "\n\n".join([*map(str, parts), self.loglik.to_string(index=False)])

    __repr__ = __str__


def missing_at_random(
    panel: Panel,
    item: str,
    *,
    waves: Sequence[str] | None = None,
    by: By = None,
    entrants: bool = False,
) -> Estimates:
    """Flows of everyone who answered at least once, if answers are missing at random.

    Parameters
    ----------
    panel, item, waves, by
        As in `flows`.
    entrants : bool
        In the base are all people interviewed at the earlier wave of a pair who answered at either
        wave, with the *earlier* wave's weight: one weight for those who stayed and those who left.
        True adds people with an answer at the later wave only and no weight at the earlier one,
        such as those of a refreshment sample, with the later wave's weight. The two weights must
        then be on the same scale, people of the same population for each person.

    Returns
    -------
    Estimates
        Labelled as `flows`. ``n`` counts the base, ``n_cell`` those who were seen to take the flow.
        Standard errors take in what the missing answers hide. NaN with n = 0 for an empty base; a
        flow that the fit takes to zero has no variance, as one that nobody took in `flows`.

    Raises
    ------
    SelectionError
        As in `flows`; a state whose people at one wave were all lost at the other, so that nothing
        shows where they went; a fit that does not converge.

    Notes
    -----
    Missing at random says: who is lost may depend on the answer that was given (and on the groups
    of `by`), not on the one that is missing. Nothing in the data can show it; see
    `turnover_bounds` for what holds without it.

    EM on the supplemented table: people seen once are spread over the flows from their state in
    proportion to the flows themselves, until these no longer change (Little & Rubin 2020, ch. 13);
    the flows of Stasny's (1987) model A. The covariance is that of the weighted counts through the
    derivative of the flows by each of them, (observed information)⁻¹ × score; replicate weights
    refit. Where only later answers are missing, π = r × P, with P the transitions among people
    seen twice and r the origin shares of all.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> flows = missing_at_random(panel, "support", waves=["Jul 2024", "Nov 2024"])
    >>> int(flows.n[0]), round(float(flows.value.sum()), 12)
    (1499, 1.0)
    """
    return _flows(_observed(panel, item, waves, by, entrants))


def response_model(
    panel: Panel,
    item: str,
    *,
    waves: Sequence[str] | None = None,
    by: By = None,
    entrants: bool = False,
) -> ResponseModel:
    """Fit flows and response between waves: Stasny's model A.

    Parameters
    ----------
    panel, item, waves, by, entrants
        As in `missing_at_random`. People interviewed without an answer at either wave count in the
        response, not in the flows.

    Returns
    -------
    ResponseModel

    Raises
    ------
    SelectionError
        As in `missing_at_random`.

    Notes
    -----
    People answer at the earlier wave with probability ψ; of those who do, ρ answer at the later
    wave, and of the others 1 − τ; none of it depends on the state (Stasny 1987, model A). The
    flows are those of `missing_at_random`, which lets the response depend on the state seen.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> fit = response_model(panel, "support", waves=["Jul 2024", "Nov 2024"])
    >>> fit.response.labels["parameter"].tolist()
    ['psi', 'rho', 'tau']
    """
    observed = _observed(panel, item, waves, by, entrants)
    return ResponseModel(
        flows=_flows(observed),
        transitions=_transitions(observed),
        response=_response(observed),
        loglik=_logliks(observed),
    )


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
        The waves and groups of each table, and the `steps` that its fit took.
    states : tuple of str
    about : About
    """

    totals: Totals
    flows: Floats
    tables: pd.DataFrame
    states: tuple[str, ...]
    about: About

    @property
    def counts(self) -> Floats:
        """Weighted counts, shape (tables, states + 1, states + 1)."""
        size = len(self.states) + 1
        return self.totals.value.reshape(-1, size, size)


def _observed(
    panel: Panel, item: str, waves: Sequence[str] | None, by: By, entrants: bool
) -> Observed:
    """Tally complete and incomplete pairs, and fit the flows."""
    groups = group_names(by)
    names = wave_names(panel, item, waves, at_least=2, in_order=True)
    states, codes = state_codes(panel, item, names, "answered")
    variables: list[Cells] = []
    weights: dict[tuple[str, ...], str] = {}
    keys = [("origin", (*states, NO_ANSWER)), ("destination", (*states, NO_ANSWER))]
    for first, second in pairwise(names):
        earlier, later = panel.weight(first), panel.weight(second)
        seen = [np.where(codes[name] >= 0, codes[name], len(states)) for name in (first, second)]
        there = panel.domain & panel.present[panel.position(first)] & (earlier.values > 0)
        new = panel.domain & ~there & (codes[second] >= 0) & (earlier.values == 0)
        bases = [(there, earlier, first), (new, later, second)][: 1 + entrants]
        for inside, weight, wave in bases:
            origin = seen[0] if wave == first else np.full(len(inside), len(states))
            labels, code = cells_of(panel, groups, wave, keys, [origin, seen[1]], inside)
            labels.insert(0, "from_wave", first)
            labels.insert(1, "to_wave", second)
            variables.append(weighted_cells(code, weight, labels))
        texts = dict.fromkeys(weight.text for _, weight, _ in bases)
        weights[first, second] = "; new people: ".join(texts)
    totals = tally(panel.sampling, variables)
    if entrants:
        totals = _added(totals, len(variables) // 2)
    about = about_of(
        panel, item, names, groups, "answered", states, weights, pairs=True, measure="flows"
    )
    title = f"Flows of {item}, missing at random: share of the base"
    who = "everyone interviewed at the earlier wave with an answer at either wave"
    who += ", and those with a weight and an answer at the later wave only" if entrants else ""
    base = about.base.replace("people with an answer at both waves", who)
    about = replace(about, title=title + by_text(panel, groups, pairs=True), base=base)
    size = len(states) + 1
    tables = totals.labels.iloc[:: size**2].drop(columns=["origin", "destination"])
    tables = tables.reset_index(drop=True)
    fitted, steps = fit(totals.value.reshape(-1, size, size))
    observed = Observed(totals, fitted, tables.assign(steps=steps), states, about)
    _refuse_unidentified(observed)
    return replace(observed, about=replace(about, notes=_notes(observed)))


def _added(totals: Totals, pairs: int) -> Totals:
    """Add the cells of new people to those of the people before them, pair by pair."""
    # In the order pair, way in (there before or new), cell.
    cells = np.arange(len(totals.value)).reshape(pairs, 2, -1)
    matrix = np.zeros((cells[:, 0].size, len(totals.value)), dtype=bool)
    for way in (0, 1):
        matrix[np.arange(len(matrix)), cells[:, way].ravel()] = True
    labels = totals.labels.iloc[cells[:, 0].ravel()].reset_index(drop=True)
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
    counts, table = observed.counts[bad[0]], observed.tables.drop(columns="steps").iloc[bad[0]]
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


def _flows(observed: Observed) -> Estimates:
    states = len(observed.states)
    matrices = [
        _slopes_or_zero(*table) for table in zip(observed.flows, observed.counts, strict=True)
    ]
    known = np.ones((states + 1, states + 1), dtype=bool)
    known[-1, -1] = False
    domain = np.broadcast_to(known, (states, states, *known.shape))
    return _estimates(observed, lambda flows: flows, matrices, domain, observed.about)


def _transitions(observed: Observed) -> Estimates:
    states = len(observed.states)
    matrices = []
    for flows, counts in zip(observed.flows, observed.counts, strict=True):
        change = _slopes_or_zero(flows, counts).reshape(states, states, -1)
        origin = np.nan_to_num(flows).sum(axis=1)[:, None, None]
        shares = ratio(np.nan_to_num(flows)[:, :, None], origin)
        matrix = ratio(change - shares * change.sum(axis=1, keepdims=True), origin)
        matrices.append(matrix.reshape(states**2, -1))
    # The base of a row: those who gave its state at the earlier wave.
    domain = np.zeros((states, states, states + 1, states + 1), dtype=bool)
    for i in range(states):
        domain[i, :, i, :] = True
    about = replace(
        observed.about,
        measure="transitions",
        title=observed.about.title.replace("Flows", "Transitions").replace(
            "the base", "each origin"
        ),
    )
    return _estimates(observed, _of_origin, matrices, domain, about)


def _of_origin(flows: Floats) -> Floats:
    origin = flows.sum(axis=2, keepdims=True)
    shares = np.divide(flows, origin, out=np.full(flows.shape, np.nan), where=origin > 0)
    return np.asarray(shares)


def _slopes_or_zero(flows: Floats, counts: Floats) -> Floats:
    """Differentiate the flows; zeros for a table without people, whose flows are undefined."""
    if np.isnan(flows).any():
        return np.zeros((flows.size, counts.size))
    return slopes(flows, counts)


def _estimates(
    observed: Observed,
    measure: Callable[[Floats], Floats],
    matrices: Sequence[Floats],
    domain: Booleans,
    about: About,
) -> Estimates:
    """Bring the design to what is derived from the flows.

    `matrices` hold the slopes of each table by its counts; `domain` marks, for every origin and
    destination, the counts of its table that are its base.
    """
    totals, tables, states = observed.totals, len(observed.flows), len(observed.states)
    cells, counts = states**2, (states + 1) ** 2
    value = measure(observed.flows).ravel()
    blocks = np.zeros((tables, cells, tables, counts))
    for place, matrix in enumerate(matrices):
        blocks[place, :, place] = matrix
    jacobian = blocks.reshape(tables * cells, tables * counts)
    base = np.kron(np.eye(tables, dtype=bool), domain.reshape(cells, counts)).astype(np.float64)
    covariance, replicates = sandwich(jacobian, totals.covariance, np.isfinite(value)), None
    if totals.replicates is not None:
        replicates = totals.replicates.through(lambda rows: _refitted(rows, states, measure))
        covariance = replicates.covariance(value)
    weight, squares = base @ totals.value, base @ totals.squares
    both = np.zeros((tables, states + 1, states + 1), dtype=bool)
    both[:, :-1, :-1] = True
    answers = both.ravel()
    return Estimates(
        labels=totals.labels.loc[answers].reset_index(drop=True),
        value=value,
        covariance=covariance,
        df=totals.df(base > 0),
        n=base @ totals.n,
        n_effective=np.divide(weight**2, squares, out=np.zeros(len(base)), where=squares > 0),
        n_cell=totals.n[answers],
        about=about,
        exact=~((base @ ~totals.exact) > 0),
        replicates=replicates,
    )


def _refitted(rows: Floats, states: int, measure: Callable[[Floats], Floats]) -> Floats:
    """Fit under replicate weights, shape (R, cells); NaN where one hides where people went."""
    counts = rows.reshape(-1, states + 1, states + 1)
    flows, _ = fit(counts)
    some = np.flatnonzero(np.isfinite(flows[:, 0, 0]))
    flows[some[~identified(flows[some], counts[some])]] = np.nan
    return measure(flows).reshape(len(rows), -1)


def _response(observed: Observed) -> Estimates:
    """Divide those who answered, or did not, by those who might have."""
    size = len(observed.states) + 1
    kind = np.full((size, size), "both", dtype=object)
    kind[:, -1], kind[-1, :], kind[-1, -1] = "first", "second", "neither"
    parameters = {
        "psi": (["both", "first"], ["second", "neither"]),
        "rho": (["both"], ["first"]),
        "tau": (["neither"], ["second"]),
    }
    keys = observed.tables.drop(columns="steps")
    tables = np.eye(len(keys), dtype=bool)
    rows, labels = [], []
    for place in range(len(keys)):
        for parameter, sides in parameters.items():
            for counted, kinds in zip((True, False), sides, strict=True):
                rows.append(np.kron(tables[place], np.isin(kind, kinds).ravel()))
                labels.append((*keys.iloc[place], parameter, counted))
    frame = pd.DataFrame(labels, columns=[*keys, "parameter", SIDE])
    totals = observed.totals.combine(np.vstack(rows), frame)
    about = replace(
        observed.about,
        title=observed.about.title.replace("Flows", "Response").replace(": share of the base", ""),
        base="psi: everyone interviewed; rho: those with an answer at the earlier wave; tau: those "
        "without one",
    )
    found = totals.shares([*keys, "parameter"], about).select(**{SIDE: True})
    return replace(found, labels=found.labels.drop(columns=SIDE))


def _logliks(observed: Observed) -> pd.DataFrame:
    """Log-likelihood of flows and response together, by table."""
    counts = observed.counts
    first, neither = counts[:, :-1].sum(axis=(1, 2)), counts[:, -1, -1]
    both, second = counts[:, :-1, :-1].sum(axis=(1, 2)), counts[:, -1, :-1].sum(axis=1)
    response = sum(
        times_log(part, ratio(part, part + other)) + times_log(other, ratio(other, part + other))
        for part, other in [(first, second + neither), (both, first - both), (neither, second)]
    )
    value = loglik(observed.flows, counts) + response
    return observed.tables.drop(columns="steps").assign(
        loglik=value, steps=observed.tables["steps"]
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
            f"{pair[1]} only; EM converged (steps: {rows['steps'].max()})."
        )
    return notes
