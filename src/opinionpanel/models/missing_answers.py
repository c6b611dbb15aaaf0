"""Flows of everyone who answered at least once, taking missing answers to be missing at random."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from opinionpanel.arguments import checked
from opinionpanel.arrays import Booleans, Floats
from opinionpanel.estimates import (
    About,
    Estimates,
    Labels,
    beside,
    frame_text,
    free_names,
    refuse_negative,
)
from opinionpanel.measures import By, Waves
from opinionpanel.models.supplemented_tables import (
    Observed,
    fit,
    identified,
    loglik,
    observe,
    ratio,
    slopes,
    times_log,
)
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ResponseModel:
    """Flows and response between two waves, fitted to complete and incomplete pairs together.

    Attributes
    ----------
    flows, transitions : Estimates
        Shares of the base, and shares of those who started in the state. Labels ``from_wave``,
        ``to_wave``, those of groups, ``origin`` and ``destination``.
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
        return "\n\n".join([*map(str, parts), frame_text(self.loglik)])

    __repr__ = __str__


@checked
def missing_at_random(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    entrants: bool = False,
) -> Estimates:
    """Flows of everyone who answered at least once, if answers are missing at random.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is fitted; or the pairs themselves,
        ``[("2016", "2020"), ("2018", "2020")]``. By default the pairs that link people, as
        `Panel.pairs` lists them: in an ordinary panel all consecutive ones.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair.
    entrants : bool
        In the base are all people interviewed at the earlier wave of a pair who answered at either
        wave, with the *earlier* wave's weight: one weight for those who stayed and those who left.
        True adds people with an answer at the later wave only and no weight at the earlier one,
        such as those of a refreshment sample, with the later wave's weight. The two weights must
        then be on the same scale, people of the same population for each person.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups, ``origin`` and ``destination``; shares
        between 0 and 1, which add up to 1 for a pair and group. ``n`` is the unweighted base,
        ``n_cell`` those who were seen to take the flow. Standard errors take in what the missing
        answers hide. NaN with n = 0 for an empty base; a flow that the fit takes to zero has no
        variance, as one that nobody took.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; a state whose
        people at one wave were all lost at the other, so that nothing shows where they went; a fit
        that does not converge.

    Notes
    -----
    Missing at random says: who is lost may depend on the answer that was given (and on the groups
    of `by`), not on the one that is missing. Nothing in the data can show it; `turnover_bounds`
    gives what holds without it.

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
    return _flows(observe(panel, item, waves, by, entrants))


@checked
def response_model(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    entrants: bool = False,
) -> ResponseModel:
    """Fit flows and response between waves: Stasny's model A.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is fitted; or the pairs themselves,
        ``[("2016", "2020"), ("2018", "2020")]``. By default the pairs that link people, as
        `Panel.pairs` lists them: in an ordinary panel all consecutive ones.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair.
    entrants : bool
        In the base are all people interviewed at the earlier wave of a pair, with that wave's
        weight; those without an answer at either wave count in the response, not in the flows. True
        adds people with an answer at the later wave only and no weight at the earlier one, such as
        those of a refreshment sample, with the later wave's weight. The two weights must then be on
        the same scale, people of the same population for each person.

    Returns
    -------
    ResponseModel
        The fit: `Estimates` of flows, transitions and response, and the log-likelihood.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; a state whose
        people at one wave were all lost at the other, so that nothing shows where they went; a fit
        that does not converge.

    Notes
    -----
    People answer at the earlier wave with probability ψ; of those who do, ρ answer at the later
    wave, and of the others 1 − τ; none of it depends on the state (Stasny 1987, Journal of Official
    Statistics 3, model A). The flows would be the same if the response depended on the state seen,
    as `missing_at_random` allows: under both, who answers says nothing of the answer that is
    missing.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> fit = response_model(panel, "support", waves=["Jul 2024", "Nov 2024"])
    >>> fit.response.labels["parameter"].tolist()
    ['psi', 'rho', 'tau']
    """
    observed = observe(panel, item, waves, by, entrants)
    return ResponseModel(
        flows=_flows(observed),
        transitions=_transitions(observed),
        response=_response(observed),
        loglik=_logliks(observed),
    )


def _flows(observed: Observed) -> Estimates:
    states = len(observed.states)
    matrices = [
        _slopes_or_zero(*table) for table in zip(observed.flows, observed.counts, strict=True)
    ]
    known = np.ones((states + 1, states + 1), dtype=bool)
    known[-1, -1] = False
    domain = np.broadcast_to(known, (states, states, *known.shape))
    about = replace(observed.about, flows=True)
    return _estimates(observed, lambda flows: flows, matrices, domain, about)


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
        title=_retitled(observed.about, "Transitions", ": share of each origin"),
    )
    return _estimates(observed, _of_origin, matrices, domain, about)


def _retitled(about: About, word: str, share: str) -> str:
    """Title another part of the model; an item's name may hold any of these words."""
    head = f" of {about.item}, missing at random"
    rest = about.title.removeprefix(f"Flows{head}").replace(": share of the base", share, 1)
    return f"{word}{head}{rest}"


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
    spread, replicates = totals.spread.through(jacobian, np.isfinite(value)), None
    if totals.replicates is not None:
        refuse_negative(totals.replicates.values, "missing at random", "answers and groups")
        replicates = totals.replicates.through(lambda rows: _refitted(rows, states, measure))
        spread = replicates.covariance(value)
    weight, squares = base @ totals.value, base @ totals.squares
    both = np.zeros((tables, states + 1, states + 1), dtype=bool)
    both[:, :-1, :-1] = True
    answers = both.ravel()
    return Estimates(
        named=totals.named.take(answers),
        value=value,
        spread=spread,
        freedom=totals.freedom(base > 0),
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
    keys = observed.tables
    tables = np.eye(len(keys), dtype=bool)
    rows, labels = [], []
    for place in range(len(keys)):
        for parameter, sides in parameters.items():
            # Those who count, and then the others; the labels of both are their domain.
            for kinds in sides:
                rows.append(np.kron(tables[place], np.isin(kind, kinds).ravel()))
                labels.append((*keys.iloc[place], parameter))
    columns = [*free_names([*keys], ["parameter"]), "parameter"]
    frame = pd.DataFrame(labels, columns=columns)
    totals = observed.totals.combine(np.vstack(rows), Labels.of(frame))
    about = replace(
        observed.about,
        title=_retitled(observed.about, "Response", ""),
        base=Phrase(
            "psi: everyone interviewed; rho: those with an answer at the earlier wave; tau: those "
            "without one"
        ),
        roles={**observed.about.roles, "parameter": "parameter"},
    )
    found = totals.shares(columns, about)
    return found.at(np.arange(0, len(found), 2))


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
    figures = pd.DataFrame({"loglik": value, "steps": observed.steps})
    return beside(observed.tables, figures)
