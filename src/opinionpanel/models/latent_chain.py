"""Latent Markov models: change told apart from response error, over three waves or more."""

from dataclasses import replace
from numbers import Integral
from typing import Literal, get_args

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Floats, Integers
from opinionpanel.errors import SelectionError, count_people, listing, unknown
from opinionpanel.estimates import kinds_of
from opinionpanel.measures import By, Paths, Waves, observed_paths
from opinionpanel.models.expectation import Best, maximise, unoccupied
from opinionpanel.models.identified import check_identified
from opinionpanel.models.latent_estimates import ROLES, LatentModel, latent_estimates
from opinionpanel.models.latent_result import LatentMarkov
from opinionpanel.models.likelihood import Chain
from opinionpanel.panel import Panel

Transitions = Literal["constant", "free"]

# People for each parameter, below which a group is too small to fit.
PEOPLE_PER_PARAMETER = 5


# Each takes its time, and hundreds find what there is to find.
MOST_STARTS = 10_000


@checked
def latent_markov(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
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
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, optional
        Three waves or more; by default all that asked the item and at which people of the first
        were due. The base are people with an answer at all of them.
    by : str or sequence of str, optional
        Groups, each with parameters of its own; of one with nobody in the base there is no fit. A
        group by wave counts with its value at the first of the waves.
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
        The fit: `Estimates` of the response probabilities, the latent states at the first wave, the
        latent transitions, and observed beside true turnover; log-likelihood and deviance; and
        which probabilities are on the boundary.

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
    paths = observed_paths(
        panel, item, waves, "balanced", "latent_markov", at_least=2, own=list(ROLES), by=by
    )
    paths = _with_people(paths)
    count = len(paths.states) if latent is None else int(latent)
    if not 2 <= count <= 5:
        raise SelectionError(
            f"Item {item!r} has {count} states; a model has 2 to 5 latent ones. Set latent=."
        )
    chain = Chain(count, len(paths.states), len(paths.about.waves), transitions == "constant")
    check_identified(chain, item)
    kinds = kinds_of(panel.sampling, paths.weight, paths.codes, len(paths.steps))
    model = LatentModel(chain, paths, kinds)
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
    return latent_estimates(panel, item, model, ordered, merged)


def _with_people(paths: Paths) -> Paths:
    """Leave out the groups with nobody in the base, of which there is no fit."""
    used, group = np.unique(paths.group, return_inverse=True)
    if len(used) in (0, len(paths.groups)):
        return paths
    groups = paths.groups.take(used)
    # In the order of the groups, as the paths are: codes of people stay what they are.
    return replace(paths, group=group.ravel(), groups=groups)


def _check_arguments(latent: object, transitions: object, starts: int, seed: object) -> None:
    if starts > MOST_STARTS:
        raise SelectionError(f"starts are at most {MOST_STARTS:,}, not {starts:,}.")
    if transitions not in get_args(Transitions):
        raise unknown("kind of transitions", transitions, get_args(Transitions))
    if latent is not None and (isinstance(latent, bool) or not isinstance(latent, Integral)):
        raise SelectionError(f"latent must be a whole number from 2 to 5, not {latent!r}.")
    for name, value, least in (("starts", starts, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
            raise SelectionError(
                f"{name} must be a whole number of at least {least}, not {value!r}."
            )


def _check_groups(model: LatentModel, item: str) -> None:
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


def _response(model: LatentModel, group: int, best: Best) -> Floats:
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
