"""The mover–stayer model: some people never change, the others move as a Markov chain."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from opinionpanel.arguments import checked
from opinionpanel.arrays import Booleans, Floats
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import (
    About,
    Estimates,
    Kinds,
    Labels,
    Role,
    beside,
    crossed,
    kinds_of,
    label_rows,
    repeated,
    text_table,
)
from opinionpanel.measures import (
    ALL,
    By,
    Paths,
    Waves,
    by_text,
    group_names,
    not_due_text,
    observed_paths,
    wave_names,
)
from opinionpanel.models.stayers import (
    PathCounts,
    count_paths,
    logliks,
    shares_of_stayers,
    slopes_by_path,
    solve,
)
from opinionpanel.panel import Panel

# Share of the replicates that may have a share of stayers clipped at 0: their spread, which that
# makes smaller, is still an error.
MOST_CLIPPED = 0.05


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class MoverStayer:
    """A fitted mover–stayer model.

    Attributes
    ----------
    stayers : Estimates
        Labels: the groups and ``state``; the share of stayers among those who start in the state,
        and under the state ``all`` among everyone.
    movers : Estimates
        Labels: the groups, ``origin`` and ``destination``; how movers go from one wave to the
        next, the same over all intervals. Rows (origins) add up to 1.
    likelihoods : pandas.DataFrame
        A row for each group: ``n``, ``loglik``, ``loglik_chain`` and ``deviance``.

    Notes
    -----
    A standard error is missing (NaN) for a state whose share of stayers is on the boundary, 0 or
    1, for the moves from it, and for the overall share that rests on it; also where the share is
    0 under more than 5% of the replicate weights. A note names these states. A
    share of stayers is NaN where nobody starts in the state, or nobody ever leaves it, so that
    stayers cannot be told from movers.
    """

    stayers: Estimates
    movers: Estimates
    likelihoods: pd.DataFrame

    @property
    def loglik(self) -> float:
        """Log-likelihood, the initial distribution included, of all groups together.

        Weights are scaled to add up to the number of people in each group.
        """
        return float(self.likelihoods["loglik"].sum())

    @property
    def loglik_chain(self) -> float:
        """Log-likelihood of the plain chain, in which everyone moves at the same rates."""
        return float(self.likelihoods["loglik_chain"].sum())

    @property
    def deviance(self) -> float:
        """Twice the difference of the two log-likelihoods.

        It has no p-value: without stayers their share is 0, the edge of what is possible, where
        the ratio does not follow a χ² distribution, and weights and PSUs take it further away.
        """
        return 2 * (self.loglik - self.loglik_chain)

    def __str__(self) -> str:
        text = (
            "Likelihood ratio against a plain chain, in which everyone moves at the same rates: "
            f"{self.deviance:.1f}.\nIt describes how much better stayers fit and has no p-value: "
            "no stayers is the edge of what is\npossible, and weights and PSUs distort the ratio. "
            "Stayers are those who would never move under\nthe model; careless answers make "
            "stayers look like movers."
        )
        return f"{text_table(self.stayers)}\n\n{text_table(self.movers)}\n\n{text}"

    __repr__ = __str__


@checked
def mover_stayer(
    panel: Panel, item: str, *, waves: Waves | None = None, by: By = None
) -> MoverStayer:
    """Fit the mover–stayer model: who never moves, and at which rates the others do.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, optional
        Three waves or more, in their order; by default all that asked the item and at which people
        of the first were due. They are taken as equally far apart.
    by : str or sequence of str, optional
        Groups; the model is fitted in each. A group by wave counts with its value at the first of
        the waves.

    Returns
    -------
    MoverStayer
        The fit, for people with an answer at all of the waves: `Estimates` of the share of stayers
        and of the movers' transitions, and log-likelihoods beside those of the plain chain.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have, or fewer than three waves: over a
        single interval stayers cannot be told from movers who stayed.

    Notes
    -----
    Maximum likelihood, weighted, as in Goodman (1961) and Frydman (1984). With T intervals, n_i
    starters in state i, c_i of them in i throughout, and N_ij moves, m_ii is the root between 0
    and 1 of (N_i+ − T n_i) m^(T+1) + (T n_i − N_ii) m^T + (T c_i − N_i+) m + N_ii − T c_i; then
    s_i = (c_i / n_i − m_ii^T) / (1 − m_ii^T) and m_ij = N_ij (1 − m_ii) / (N_i+ − N_ii). Where
    s_i would be negative it is 0 and m_ij = N_ij / N_i+. Standard errors are by linearisation of
    these equations, or by a refit with every replicate weight.

    Examples
    --------
    >>> import opinionpanel as op
    >>> fit = op.mover_stayer(op.datasets.load("women_labour_1967_71"), "working")
    >>> fit.stayers.to_frame()[["state", "estimate", "std_error"]].round(3)
      state  estimate  std_error
    0    no     0.476      0.030
    1   yes     0.465      0.034
    2   all     0.471      0.022
    >>> fit.movers.matrix().round(3).to_numpy().tolist()
    [[0.719, 0.281], [0.255, 0.745]]
    >>> round(fit.loglik, 1), round(fit.loglik_chain, 1)
    (-3573.2, -3661.5)
    """
    names = wave_names(panel, item, waves, at_least=1, in_order=True, one_chain=True)
    groups = group_names(by)
    if len(names) < 3:
        raise SelectionError(
            f"The mover–stayer model needs three waves or more; got {listing(names)}. Over a "
            "single interval stayers cannot be told from movers who happened to stay."
            + ("" if waves else not_due_text(panel, item))
        )
    paths = observed_paths(
        panel, item, names, "balanced", "mover_stayer", at_least=3, by=groups or None
    )
    if not len(paths.steps):
        raise SelectionError(f"Nobody has an answer at all of {listing(names)} and a weight.")
    if ALL in paths.states:
        raise SelectionError(
            f"The overall share of stayers is labelled {ALL!r}, but item {item!r} has its own "
            f"state {ALL!r}. Rename it in the Item."
        )
    kinds = kinds_of(panel.sampling, paths.weight, paths.codes, len(paths.steps))
    fitting = _Fitting(paths, kinds, count_paths(paths))
    stayed = f"Stayers among people by the state they start in, {item}"
    moved = f"Movers of {item}: share of each origin going to each state by the next wave"
    text = by_text(panel, groups, pairs=True)
    about = replace(paths.about, title=stayed + text, roles={"state": "state"})
    stayers = fitting.stayers(replace(about, together={"state": ALL}))
    roles: dict[str, Role] = {"origin": "origin", "destination": "state"}
    movers = fitting.movers(replace(paths.about, title=moved + text, roles=roles))
    clipped = _clipped(stayers).reshape(len(paths.groups), -1)[:, :-1]
    text = " ".join(fitting.notes(clipped))
    notes: dict[tuple[str, ...], str] = {(names[0], names[-1]): text} if text else {}
    lost = np.column_stack([clipped, clipped.any(axis=1)])
    return MoverStayer(
        stayers=stayers.without_error(lost.ravel()).noted(notes),
        movers=movers.without_error(clipped.repeat(len(paths.states))).noted(notes),
        likelihoods=fitting.likelihoods(),
    )


def _clipped(stayers: Estimates) -> Booleans:
    """Find the shares that many replicates, but not the full sample, put at the edge of 0."""
    if stayers.replicates is None:
        return np.zeros(len(stayers), dtype=bool)
    # Undefined (NaN), and so not 0, where the full sample is on the edge.
    at_zero = stayers.replicates.values[stayers.replicates.rscales > 0] == 0
    return np.asarray(at_zero.sum(axis=0) > MOST_CLIPPED * len(at_zero))


@dataclass(frozen=True, eq=False)
class _Fitting:
    """The model in each of some groups of people.

    Attributes
    ----------
    paths : Paths
    kinds : Kinds
        Of people: the path and the group.
    each : PathCounts
        Of every kind.
    """

    paths: Paths
    kinds: Kinds
    each: PathCounts

    def members(self) -> Booleans:
        """Mark the kinds of each group, shape (groups, kinds)."""
        return np.asarray(self.paths.group == np.arange(len(self.paths.groups))[:, None])

    def counts(self, sums: Floats) -> list[PathCounts]:
        """Add up the paths of each group, given the weights of each kind."""
        return [self.each.total(np.where(inside, sums, 0.0)) for inside in self.members()]

    def stayers(self, about: About) -> Estimates:
        """Shares of stayers, by the state they start in and overall."""
        states = label_rows({"state": [*self.paths.states, ALL]})
        starts = [self.paths.steps[:, 0] == state for state in range(len(self.paths.states))]
        base = np.array([*starts, np.ones(len(self.paths.steps), dtype=bool)])
        return self._estimates(0, states, base, about)

    def movers(self, about: About) -> Estimates:
        """Transitions of movers."""
        k = len(self.paths.states)
        states = crossed({"origin": self.paths.states, "destination": self.paths.states})
        # Whoever is ever in the state before the end.
        at_risk = [(self.paths.steps[:, :-1] == state).any(axis=1) for state in range(k)]
        return self._estimates(1, states, np.repeat(at_risk, k, axis=0), about)

    def _estimates(self, part: int, states: Labels, base: Booleans, about: About) -> Estimates:
        """Bring the design to the stayers (part 0) or the transitions (part 1) of all groups.

        `base` marks the kinds that each value of a group rests on.
        """

        def values(sums: Floats) -> Floats:
            solved = [(counts, solve(counts)) for counts in self.counts(sums)]
            return np.concatenate(
                [(shares_of_stayers(*each), each[1].m.ravel())[part] for each in solved]
            )

        members, totals = self.members(), self.kinds.totals
        scores = []
        for inside, counts in zip(members, self.counts(totals), strict=True):
            slopes = slopes_by_path(self.each, counts, solve(counts))[part]
            undefined = np.isnan(slopes).any(axis=0)
            scores.append(np.where(inside[:, None], slopes, np.where(undefined, np.nan, 0.0)))
        return self.kinds.estimates(
            repeated(states, self.paths.groups),
            values(totals),
            base=np.vstack([inside & base for inside in members]),
            scores=np.hstack(scores),
            refit=values,
            about=about,
            unit="share",
            what="mover–stayer",
        )

    def notes(self, clipped: Booleans) -> list[str]:
        """Name the states without a standard error; `clipped` has shape (groups, states)."""
        fits = [solve(counts) for counts in self.counts(self.kinds.totals)]
        edges = [
            f"{'no' if found.s[state] < 0.5 else 'only'} stayers among those who start in {name}"
            for number, found in enumerate(fits)
            for state, name in self._names(number)
            if found.boundary[state]
        ]
        often = [
            name
            for row in range(len(fits))
            for state, name in self._names(row)
            if clipped[row, state]
        ]
        notes = []
        if edges:
            notes.append(
                f"On the edge of what is possible, without a standard error: {'; '.join(edges)}. "
                "The moves from there and the overall share have none either."
            )
        if often:
            notes.append(
                f"No standard error for the stayers of {'; '.join(often)}, the moves from there "
                f"and the overall share: more than {MOST_CLIPPED:.0%} of the replicates have no "
                "stayers there, so that their spread would be too small."
            )
        return notes

    def _names(self, number: int) -> list[tuple[int, str]]:
        """List the states by number and name, with the group if there are several."""
        group = ", ".join(
            str(label) for label in self.paths.groups.keys([*self.paths.groups])[number]
        )
        where = f" ({group})" if group else ""
        return [(place, f"{state}{where}") for place, state in enumerate(self.paths.states)]

    def likelihoods(self) -> pd.DataFrame:
        """Log-likelihoods of each group, its weights scaled to the number of its people."""
        people = self.members() @ self.kinds.people
        rows = []
        for n, counts in zip(people, self.counts(self.kinds.totals), strict=True):
            total = counts.start.sum()
            scale = n / total if total > 0 else 0.0
            loglik, chain = scale * logliks(counts, solve(counts))
            rows.append((int(n), loglik, chain, 2 * (loglik - chain)))
        columns = ["n", "loglik", "loglik_chain", "deviance"]
        return beside(self.paths.groups.frame, pd.DataFrame(rows, columns=columns))
