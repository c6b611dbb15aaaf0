"""Latent Markov models: change told apart from response error, over three waves or more."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from numbers import Integral
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.errors import SelectionError, count_people, listing, unknown
from opinionpanel.estimates import About, Estimates, Kinds, Role, beside, kinds_of
from opinionpanel.measures import WAVES, By, Paths, by_text, observed_paths
from opinionpanel.models.expectation import AGAIN, Best, climb, influence, maximise, unoccupied
from opinionpanel.models.identified import check_identified
from opinionpanel.models.latent_result import (
    PEOPLE_PER_PATH,
    LatentMarkov,
    boundary_texts,
    model_notes,
    value_labels,
)
from opinionpanel.models.likelihood import Chain, PathTable
from opinionpanel.panel import Panel

__all__ = ["LatentMarkov", "latent_markov"]

Transitions = Literal["constant", "free"]

# People for each parameter, below which a group is too small to fit.
PEOPLE_PER_PARAMETER = 5
ROLES: dict[str, Role] = {
    **WAVES,
    **dict.fromkeys(("latent", "from_latent", "to_latent", "state"), "state"),
    "parameter": "parameter",
    "component": "component",
}
# Squared coefficient of variation that rounding leaves of equal weights.
EQUAL = 1e-12


def latent_markov(
    panel: Panel,
    item: str,
    *,
    waves: Sequence[str] | None = None,
    by: By = None,
    latent: int | None = None,
    transitions: Transitions = "constant",
    starts: int = 20,
    seed: int = 1,
) -> LatentMarkov:
    """Fit a latent Markov model, which tells true change from response error.

    Behind the answers stands a latent state, which changes from wave to wave as a first-order
    Markov chain. An answer depends on the latent state at its wave only, with response
    probabilities that are the same at all waves; what they spread is response error.

    Parameters
    ----------
    panel, item
        As in `flows`.
    waves : sequence of str, optional
        Three waves or more; by default all that asked the item. The base are people with an
        answer at all of them.
    by : str or sequence of str, optional
        Groups, each with parameters of its own.
    latent : int, optional
        Latent states, 2 to 5; by default as many as the item has states.
    transitions : {"constant", "free"}
        One transition matrix for all intervals, however long they are, or one for each.
    starts : int
        How many starts of the maximisation, the first a plain one, the others random.
    seed : int
        For the random starts; the same seed gives the same result.

    Returns
    -------
    LatentMarkov

    Raises
    ------
    SelectionError
        The model is not identified (always with two waves), a group has fewer than five people
        for each parameter, nobody gave one of the answers, or an argument is impossible.

    Notes
    -----
    Weighted (pseudo) maximum likelihood by EM and Newton's method. Standard errors are by
    linearisation, from the scores of people weighted by the inverse information, or by refits
    from the solution with replicate weights (Binder 1983, International Statistical Review 51).
    As many latent as observed states bear the names of the states if each, in every group, gives
    an answer of its own most often; otherwise they are numbered in the order of their mean
    answer. Where two give the same answer most often there is no true turnover. The
    model: Wiggins (1973), Panel Analysis; van de Pol & Langeheine (1990), Sociological Methodology
    20.

    A probability estimated as 0 has no standard error, and by linearisation those of the others
    hold it fixed. Where the truth is 0, or close to it, intervals claim no coverage: those of
    shares never reach 0.

    That change is true rests on the model: it counts as error most of what a person says once and
    takes back, real short-lived changes included.

    Examples
    --------
    >>> import opinionpanel as op
    >>> fit = op.latent_markov(op.datasets.load("women_labour_1967_71"), "working")
    >>> round(fit.loglik, 2), fit.reached
    (-3589.63, 1.0)
    >>> fit.turnover.select(from_wave="1967").matrix().round(3).to_numpy().tolist()
    [[0.155, 0.08]]
    """
    _check_arguments(latent, transitions, starts, seed)
    paths = observed_paths(panel, item, waves, "balanced", "latent_markov", at_least=2, by=by)
    count = len(paths.states) if latent is None else int(latent)
    if not 2 <= count <= 5:
        raise SelectionError(
            f"Item {item!r} has {count} states; a model has 2 to 5 latent ones. Set latent=."
        )
    chain = Chain(count, len(paths.states), len(paths.about.waves), transitions == "constant")
    check_identified(chain, item)
    kinds = kinds_of(panel.sampling, paths.weight, paths.codes, len(paths.steps))
    model = _Model(chain, paths, kinds)
    _check_groups(model, item)
    found = []
    for group in range(model.groups):
        table, _ = model.table(group, kinds.totals)
        what = f"latent Markov{model.text(group)}: starts"
        seeds = [int(seed), group]
        found.append(maximise(chain, table, starts=int(starts), seed=seeds, what=what))
    responses = [_response(model, group, best) for group, best in enumerate(found)]
    merged = [_merged(chain, response) for response in responses]
    named = chain.latent == chain.states and not any(merged)
    ordered = []
    for best, response in zip(found, responses, strict=True):
        vector = chain.permuted(best.climb.vector, _order(response, named))
        ordered.append(replace(best, climb=replace(best.climb, vector=vector)))
    return _result(panel, item, model, ordered, merged)


def _check_arguments(latent: object, transitions: object, starts: object, seed: object) -> None:
    if transitions not in get_args(Transitions):
        raise unknown("kind of transitions", transitions, get_args(Transitions))
    if latent is not None and (isinstance(latent, bool) or not isinstance(latent, Integral)):
        raise SelectionError(f"latent must be a whole number from 2 to 5, not {latent!r}.")
    for name, value, least in (("starts", starts, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
            raise SelectionError(
                f"{name} must be a whole number of at least {least}, not {value!r}."
            )


@dataclass(frozen=True, eq=False)
class _Model:
    """The model, and the people of each group and path; each group is fitted on its own.

    The values of a fit are the entries of the chain's vector, then observed and then true
    turnover in each interval.
    """

    chain: Chain
    paths: Paths
    kinds: Kinds

    @property
    def groups(self) -> int:
        """The number of groups; one where there is a single fit of everybody."""
        return len(self.paths.groups)

    @property
    def names(self) -> list[str]:
        """The label columns of the groups."""
        return [str(name) for name in self.paths.groups]

    def labels(self, group: int) -> dict[str, str]:
        """Labels of a group."""
        return {name: str(self.paths.groups[name].iloc[group]) for name in self.names}

    def text(self, group: int) -> str:
        """Name a group in a message."""
        pairs = [f"{name}={value!r}" for name, value in self.labels(group).items()]
        return f", {', '.join(pairs)}" if pairs else ""

    @property
    def moved(self) -> Booleans:
        """Whether a path changes state in each interval, shape (kinds, intervals)."""
        return np.asarray(self.paths.steps[:, 1:] != self.paths.steps[:, :-1])

    def people(self, group: int) -> int:
        """Count a group; all of it have an answer at every wave and a weight."""
        return int(self.kinds.people[self.paths.group == group].sum())

    def table(self, group: int, sums: Floats) -> tuple[PathTable, Integers]:
        """Weigh the paths of a group, adding up to its people; and say which kinds they are.

        `sums` are the weights of each kind.
        """
        taken = np.flatnonzero((self.paths.group == group) & (sums > 0))
        scaled = sums[taken] * (self.people(group) / max(sums[taken].sum(), 1e-300))
        return PathTable(self.paths.steps[taken], scaled), taken

    def values(self, table: PathTable, taken: Integers, vector: Floats) -> Floats:
        """List the values of a fit."""
        observed = table.counts @ self.moved[taken] / table.counts.sum()
        return np.concatenate([vector, observed, self.chain.turnover(vector)])

    def refit(self, found: list[Best], sums: Floats) -> Floats:
        """Climb again from the solution, with other weights; all groups one after the other."""
        rows = []
        for group, best in enumerate(found):
            table, taken = self.table(group, sums)
            width = self.chain.size + 2 * (self.chain.waves - 1)
            if not len(taken):
                rows.append(np.full(width, np.nan))
                continue
            again = climb(self.chain, table, best.climb.vector, first=AGAIN)
            vector = again.vector if again.arrived else np.full(self.chain.size, np.nan)
            rows.append(self.values(table, taken, vector))
        return np.concatenate(rows)


def _check_groups(model: _Model, item: str) -> None:
    """Refuse groups that cannot bear the model."""
    chain, states = model.chain, model.paths.states
    for group in range(model.groups):
        where, people = model.text(group), model.people(group)
        if people < PEOPLE_PER_PARAMETER * chain.free:
            raise SelectionError(
                f"Too few people for a latent Markov model of item {item!r}{where}: "
                f"{count_people(people)} with an answer at all of "
                f"{listing(model.paths.about.waves)}, and {chain.free} parameters need at least "
                f"{PEOPLE_PER_PARAMETER * chain.free}. Merge states or groups, leave the group "
                "out with panel.where(...), or use fewer latent states or transitions='constant'."
            )
        given = np.unique(model.paths.steps[model.paths.group == group])
        if len(given) < len(states):
            never = [state for place, state in enumerate(states) if place not in given]
            raise SelectionError(
                f"Nobody in the base{where} ever answered {listing(never)} to item {item!r}, so "
                "that nothing is known of its response probabilities. Leave it out of the item "
                "or merge it with another state."
            )


def _response(model: _Model, group: int, best: Best) -> Floats:
    """Response probabilities of a fit; 0 for latent states that nobody is in."""
    table, _ = model.table(group, model.kinds.totals)
    vector = best.climb.vector
    nobody = unoccupied(model.chain, table, vector)
    return np.asarray(model.chain.split(np.where(nobody, 0.0, vector))[1])


def _merged(chain: Chain, response: Floats) -> bool:
    """Whether two latent states give the same answer most often, of as many as there are states."""
    most = response[response.any(axis=1)].argmax(axis=1)
    return chain.latent == chain.states and len(np.unique(most)) < len(most)


def _order(response: Floats, named: bool) -> Integers:
    """Order the latent states by what they answer, so that their labels do not switch."""
    if not named:
        return np.argsort(response @ np.arange(response.shape[1]), kind="stable")
    from scipy.optimize import linear_sum_assignment

    latent, state = linear_sum_assignment(response, maximize=True)
    return np.asarray(latent[np.argsort(state)], dtype=np.int64)


def _result(
    panel: Panel, item: str, model: _Model, found: list[Best], merged: list[bool]
) -> LatentMarkov:
    """Bring the design to the fits, and take their values apart."""
    chain, paths, kinds = model.chain, model.paths, model.kinds
    blocks, values, summary = [], [], []
    named = chain.latent == chain.states and not any(merged)
    frame = value_labels(chain, paths.states, paths.about.waves, named=named)
    width = len(frame)
    scores = np.zeros((len(paths.steps), width * model.groups))
    for group, best in enumerate(found):
        table, taken = model.table(group, kinds.totals)
        value, by_path = _with_scores(model, table, taken, best)
        if merged[group]:
            # A move between two latent states with the same answer is no change of position.
            value[1 - chain.waves :] = np.nan
        block = slice(group * width, (group + 1) * width)
        # By the weight itself, where the counts add up to the people.
        scores[taken, block] = by_path * (model.people(group) / kinds.totals[taken].sum())
        blocks.append(frame.assign(**model.labels(group)))
        values.append(value)
        determined = bool(np.isfinite(by_path[:, : chain.size]).any())
        summary.append(_summary(model, group, table, best) | {"determined": determined})
    labels = pd.concat(blocks, ignore_index=True)
    # Replicates would give a standard error to what has none.
    lost = np.asarray(~np.isfinite(scores).all(axis=0))
    estimates = kinds.estimates(
        labels,
        np.concatenate(values),
        base=paths.group == np.repeat(np.arange(model.groups), width)[:, None],
        scores=scores,
        refit=lambda sums: model.refit(found, sums),
        about=paths.about,
        unit="share",
        what="latent Markov: replicates",
    ).without_error(lost)
    boundary = boundary_texts(labels, np.concatenate(values), model.names)
    notes = model_notes(
        chain,
        summary,
        boundary,
        [", ".join(model.labels(group).values()) for group, same in enumerate(merged) if same],
        panel.sampling,
    )
    about = _about(panel, item, model, notes)
    pairs = [] if chain.constant else ["from_wave", "to_wave"]
    return LatentMarkov(
        response=_part(estimates, "response", [*model.names, "latent", "state"], about),
        initial=_part(estimates, "initial", [*model.names, "latent"], about),
        transitions=_part(
            estimates, "transition", [*pairs, *model.names, "from_latent", "to_latent"], about
        ),
        turnover=_part(
            estimates, "turnover", ["from_wave", "to_wave", *model.names, "component"], about
        ),
        fits=beside(paths.groups, pd.DataFrame(summary)),
        parameters=chain.free * model.groups,
        boundary=boundary,
    )


def _with_scores(
    model: _Model, table: PathTable, taken: Integers, best: Best
) -> tuple[Floats, Floats]:
    """Values of a fit, and their derivatives by the count of each path; NaN where there is none."""
    chain, vector = model.chain, best.climb.vector
    directions, basis, nobody = influence(chain, table, best.climb)
    stepped = vector + 1e-30j * basis.T
    slopes = np.imag(chain.turnover(stepped)) / 1e-30
    latent = np.hstack([directions @ basis.T, directions @ slopes])
    held = np.concatenate([~(basis != 0).any(axis=1), ~(slopes != 0).any(axis=0)])
    latent[:, held] = np.nan
    value = model.values(table, taken, np.where(nobody, np.nan, vector))
    intervals = chain.waves - 1
    # A latent state with nobody in it moves nobody.
    value[-intervals:] = chain.turnover(vector)
    share = value[chain.size : chain.size + intervals]
    observed = (model.moved[taken] - share) / table.counts.sum()
    return value, np.hstack([latent[:, : chain.size], observed, latent[:, chain.size :]])


def _part(all_values: Estimates, parameter: str, columns: list[str], about: About) -> Estimates:
    """Take one kind of values, in the order of its labels, with a caption of its own."""
    part = all_values.select(parameter=parameter)
    titles = {
        "response": "Response probabilities",
        "initial": "Latent states at the first wave",
        "transition": "Transitions between latent states",
        "turnover": "Turnover, observed and between latent states",
    }
    if "from_wave" in columns:
        # Named by pair, so that a single interval keeps its weight and its note.
        pairs: list[tuple[str, ...]] = list(pairwise(about.waves))
        notes = dict.fromkeys(pairs, " ".join(about.notes.values()))
        about = replace(about, weights=dict.fromkeys(pairs, about.weight), notes=notes)
    about = replace(about, title=f"{titles[parameter]}: {about.title}")
    return replace(part, labels=part.labels[columns], about=about)


def _summary(model: _Model, group: int, table: PathTable, best: Best) -> dict[str, Any]:
    """Say how well a fit went."""
    chain, inside = model.chain, model.paths.group == group
    kinds, n, cells = model.kinds, model.people(group), chain.states**chain.waves
    squares, total = kinds.squares[inside].sum(), kinds.totals[inside].sum()
    equal = n * squares <= total**2 * (1 + EQUAL)
    told = equal and n >= PEOPLE_PER_PATH * cells
    saturated = float(table.counts @ np.log(table.counts / n))
    return {
        "n": n,
        "paths": len(table.counts),
        "loglik": best.climb.loglik,
        "g2": 2 * (saturated - best.climb.loglik) if told else np.nan,
        "g2_df": cells - 1 - chain.free if told else np.nan,
        "starts": best.starts,
        "reached": best.reached,
        "arrived": best.climb.arrived,
    }


def _about(panel: Panel, item: str, model: _Model, notes: list[str]) -> About:
    about = model.paths.about
    return replace(
        about,
        roles=ROLES,
        title=f"latent Markov model of {item}" + by_text(panel, model.names, pairs=True),
        notes={(about.waves[0], about.waves[-1]): " ".join(notes)},
    )
