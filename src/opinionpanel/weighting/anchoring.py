"""Weights that bring the answers at several waves to known results, such as those of elections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from opinionpanel import engines
from opinionpanel.arguments import checked
from opinionpanel.design import (
    Bounds,
    Calibration,
    CalibrationMethod,
    Margin,
    Shift,
    WaveKey,
    key_text,
)
from opinionpanel.engines import Cross, Key, PersonColumn
from opinionpanel.errors import DesignError, SelectionError, listing, unknown
from opinionpanel.measures import ADDED, Base, base_of, refuse_back, state_codes
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase, figure
from opinionpanel.weighting.against_dropout import weighted_like
from opinionpanel.weighting.calibration import checked_bounds, refuse_domain
from opinionpanel.weighting.factors import Factors
from opinionpanel.weighting.targets import (
    Numbers,
    Target,
    Targets,
    check_members,
    check_totals,
    margins_at,
    read_numbers,
    read_targets,
    total_of,
)

# What a shift is rounded to: the first step that is as many people. It would else tell, together
# with the known results, how many gave an answer, to a single person.
PEOPLE = 10
STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


@checked
def anchor(
    panel: Panel,
    item: str,
    known: Mapping[str, Numbers],
    *,
    margins: Targets | None = None,
    base: Base = "answered",
    bounds: Bounds | None = None,
) -> Panel:
    """Weight people so that an item agrees with known results at several waves at once.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`. An unweighted panel
        starts from weights of 1.
    item : str
        The item whose answers are known of the population, such as the vote.
    known : dict
        Two waves or more to ``{state: number}``, a dict or a pandas Series:
        ``{"2021": {"left": 0.31, …, "did not vote": 0.23}, "2025": …}``. Every state that somebody
        is in needs a number. Those of a wave that add up to 1 are proportions; any others are
        population totals.
    margins : dict, optional
        Further margins to be met at the same time: a group of the panel, or several in a tuple, to
        ``{category: number}``, such as ``{"gender": {"man": 0.48, "woman": 0.52}}``. A group by
        wave counts with its value at the wave, and at the first of several waves.
    base : {"answered", "balanced", "panel"}
        What the weights are for: measures with the same base. ``"answered"``: people with an answer
        at both of two consecutive known waves, and for shares those with one at each of them.
        ``"balanced"``: people with an answer at all known waves. ``"panel"``: everyone interviewed
        at the first known wave; ``not interviewed``, ``no answer``, ``not asked`` and ``not due``
        are then states that may have a number, and are of any size without one.
    bounds : tuple of float, optional
        The least and the greatest factor by which a weight may change, for example ``(0.3, 3)``;
        beyond the one factor, if any, that brings the sum of the weights to the population total.

    Returns
    -------
    Panel
        With other weights, and in a replicate design every replicate anchored as well. For
        ``"answered"``, each pair of consecutive known waves has a longitudinal weight of its own,
        made from the one declared for it or else from the later wave's: those who answered at both
        meet both results and the margins. The weight of each known wave meets its own result among
        those who answered at it; so does that of other pairs which end there, unless they have one
        of their own. ``"balanced"`` changes the weight of the first and last wave,
        among those who answered at all; ``"panel"`` that of the first wave, among everyone
        interviewed at it. The weights of everybody else stay; of totals, they are multiplied by
        what brings the others to the total.

        How far this moves the answers stands in every caption, in the panel's notes and in
        `weights_summary`: the part of the weight that is in another flow than before, and the most
        that any flow changed, rounded to steps of ten people or more. `weight_effects` gives it by
        cell, with standard errors.

    Raises
    ------
    SelectionError
        An item, wave or state that the panel does not have; fewer than two waves; waves that are
        independent samples.
    DesignError
        States without a number or without people, numbers that contradict each other, totals of
        fewer people than the sample has, results that positive weights, or factors within the
        bounds, cannot meet; a panel narrowed by `Panel.where`.

    Notes
    -----
    Raking (Deville & Särndal 1992, Journal of the American Statistical Association 87, method 2;
    with bounds method 6) of one weight to the states of the item at all waves as margins. A margin
    that is met has no error, and the variance of all else is that of the residuals of a regression
    on the margins. How large a part of all the weights is that of people in the base is no margin,
    and as uncertain as before.

    With ``base="panel"`` a state without a number, such as ``not interviewed``, is of any size: the
    known results are then the shares of the others, Σ w (1(k) − p_k 1(known)) = 0, and the weights
    of everyone add up to what they did, or to the total of the margins.

    This takes out the bias of samples in which the answers themselves say who takes part, where
    taking part is a product of one factor for the answer at each wave and one for each margin. It
    cannot tell who misreported an answer from who was hard to reach.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> july, november = {"yes": 0.25, "unsure": 0.2, "no": 0.55}, {"yes": 0.2, "unsure": 0.2}
    >>> known = {"Jul 2024": july, "Nov 2024": november | {"no": 0.6}}
    >>> anchored = anchor(panel, "peace", known, margins={"gender": {"man": 0.46, "woman": 0.54}})
    >>> flows = op.flows(anchored, "peace", waves=["Jul 2024", "Nov 2024"]).matrix()
    >>> flows.sum(axis=1).round(9).tolist(), flows.sum(axis=0).round(9).tolist()
    ([0.25, 0.2, 0.55], [0.2, 0.2, 0.6])
    """
    refuse_domain(panel, "Anchor")
    refuse_back(base)
    bounds = checked_bounds(bounds)
    waves = _waves(panel, item, known)
    answers = _Answers(*state_codes(panel, item, waves, base), len(panel.item(item).state_names))
    results = {wave: _result(item, wave, known[wave], answers.states) for wave in waves}
    _check_alike(item, results)
    further = [] if margins is None else read_targets(panel, margins)
    met = _Known(results, further)
    check_totals(met.targets)
    work = _anchors(panel, item, waves, base)
    weights, replicates = dict(panel.weights), dict(panel.replicates)
    without, calibrations = dict(panel.without_weight), dict(panel.calibrations)
    notes = list(panel.notes)
    for one in work:
        factors = _factors(panel, item, one, answers, met, bounds)
        changes = factors.solved()
        weights[one.key] = engines.named(panel.weights[one.source] * factors.people(changes))
        if one.source in panel.replicates:
            replicates[one.key] = factors.replicated(panel.replicates[one.source])
        if one.key not in panel.weights:
            without[one.key] = _without_weight(panel, one)
        step = _step(panel, one, answers, factors, weights[one.key])
        calibrations[one.key] = (*panel.calibrations.get(one.source, ()), step)
        notes.append(
            f"weight at {key_text(one.key)} {step.text}; multiplied by {changes.min():.3g} to "
            f"{changes.max():.3g}"
        )
    return replace(
        panel,
        weights=weights,
        replicates=replicates,
        without_weight=without,
        calibrations=calibrations,
        design=weighted_like(panel, {one.key: one.source for one in work}),
        notes=tuple(notes),
    )


@dataclass(frozen=True, eq=False)
class _Answers:
    """The states of an item, with those of people without an answer, and who is in which.

    Attributes
    ----------
    states : tuple of str
    codes : dict of str to PersonColumn of int
        By wave.
    own : int
        How many of the states, the first ones, are those of the item.
    """

    states: tuple[str, ...]
    codes: Mapping[str, PersonColumn]
    own: int


@dataclass(frozen=True, eq=False)
class _Known:
    """What is known of the population.

    Attributes
    ----------
    results : dict of str to Target
        Of the item, by wave.
    further : sequence of Target
    """

    results: Mapping[str, Target]
    further: Sequence[Target]

    @property
    def targets(self) -> list[Target]:
        """All of it."""
        return [*self.results.values(), *self.further]


@dataclass(frozen=True, eq=False)
class _Anchor:
    """One weight to anchor.

    Attributes
    ----------
    key, source : WaveKey
        The weight to be made, and the one that it is made from.
    waves : tuple of str
        The waves whose results it is to meet.
    inside : PersonColumn of bool
        Among whom: all of them have a weight.
    """

    key: WaveKey
    source: WaveKey
    waves: tuple[str, ...]
    inside: PersonColumn


def _waves(panel: Panel, item: str, known: Mapping[str, Numbers]) -> list[str]:
    """Name the waves with a known result, in the order of fieldwork."""
    panel.item(item)
    panel.check_asked(item, known)
    wave = next(iter(known), panel.waves[0])
    alone = (
        f"panel.group_of({item!r}, wave={wave!r}) makes a group of the answers, and op.rake, with "
        f"waves=[{wave!r}], brings the weight of the wave to its known result"
    )
    if panel.independent:
        raise SelectionError(
            "The waves of this panel are independent samples (person=None): nobody was asked "
            "twice, so nothing can be said of how people changed, nor be anchored. For one wave "
            f"after the other, {alone}."
        )
    if len(known) < 2:
        raise SelectionError(
            f"Anchoring brings {item!r} to known results at two waves or more; got "
            f"{listing(known) or 'none'}. For one wave, {alone}."
        )
    return sorted(known, key=panel.position)


def known_at(item: str, wave: str) -> Phrase:
    """Name the margin of an item's known results at a wave."""
    return Phrase("known {item} at {wave}", item=item, wave=wave)


def _result(item: str, wave: str, numbers: Numbers, states: Sequence[str]) -> Target:
    """Read the known result of a wave, in the order of the states."""
    name = known_at(item, wave)

    def no_such(group: str, part: str) -> SelectionError:
        error = unknown(f"state of {item!r} in the results known at {wave!r}:", part, states)
        if part not in ADDED.values():
            return error
        return SelectionError(f"{error} States of people without an answer are for base='panel'.")

    return read_numbers(
        f"Known results of {item!r} at {wave!r}", (name,), [states], numbers, no_such
    )


def _check_alike(item: str, results: Mapping[str, Target]) -> None:
    """Refuse proportions at one wave beside totals at another: one of the two is a slip."""
    kinds = {wave: result.proportions for wave, result in results.items()}
    if len({*kinds.values()}) > 1:
        wave = next(wave for wave, proportions in kinds.items() if not proportions)
        raise DesignError(
            f"Known results of {item!r} at {wave!r} add up to {results[wave].numbers.sum():,.10g}, "
            "those at another wave to 1. Give proportions that add up to 1 at every wave, or "
            "totals at every wave."
        )


def _anchors(panel: Panel, item: str, waves: list[str], base: Base) -> list[_Anchor]:
    """List the weights that measures with a base use, and what each is to meet."""

    def of(key: WaveKey, *met: str) -> _Anchor:
        source = key if key in panel.weights else key[-1]
        pair = (key,) if isinstance(key, str) else key
        inside, _ = base_of(panel, item, list(met), pair, base)
        return _Anchor(key, source, met, engines.named(inside & (panel.weights[source] > 0)))

    if base == "panel":
        return [of(waves[0], *waves)]
    if base == "balanced":
        return [of((waves[0], waves[-1]), *waves)]
    return [*(of(pair, *pair) for pair in pairwise(waves)), *(of(wave, wave) for wave in waves)]


def _factors(
    panel: Panel,
    item: str,
    one: _Anchor,
    answers: _Answers,
    known: _Known,
    bounds: Bounds | None,
) -> Factors:
    """Set out what a weight is to meet, and among whom."""
    before, where = panel.weights[one.source], f"Weight at {key_text(one.key)}"
    total = float(np.where(one.inside, before, 0.0).sum())
    if not total:
        raise DesignError(
            f"{where}: nobody with a weight has an answer to {item!r} at {listing(one.waves)}. "
            "Name waves that link people."
        )
    population = total_of(known.targets)
    total = total if population is None else population
    results = [
        _margin(one, known.results[wave], answers, answers.codes[wave], total) for wave in one.waves
    ]
    met = (*results, *margins_at(panel, one.key, known.further, total, one.inside))
    method: CalibrationMethod = "raking" if bounds is None else "logit"
    known_total = population is not None
    return Factors.of(where, before, met, method, bounds, one.inside, known_total=known_total)


def _margin(
    one: _Anchor, result: Target, answers: _Answers, codes: PersonColumn, total: float
) -> Margin:
    """Find everyone's place among the states with a result, and compare the two.

    The states that a base adds to those of the item need no result, and are then of any size.
    """
    places = {text: place for place, text in enumerate(result.texts)}
    number, states = len(places), answers.states
    missing = [-2 if place < answers.own else number for place in range(len(states))]
    table = np.array([places.get(text, missing[place]) for place, text in enumerate(states)])
    found = engines.take(table, codes)
    others = found == number
    named = np.where(others, -1, found)
    check_members(named, one.inside & ~others, result, one.key, [states[: answers.own]])
    texts, numbers = result.texts, result.scaled(total)
    if (one.inside & others).any():
        texts, numbers = (*texts, "any other"), np.append(numbers, np.nan)
    found = engines.named(np.where(one.inside, found, -1))
    return Margin(result.groups[0], texts, found, numbers)


def _without_weight(panel: Panel, one: _Anchor) -> int:
    """Count those interviewed at both waves of a pair who get no weight for it."""
    first, second = (panel.present[panel.position(wave)] for wave in one.key)
    return int((first & second & (panel.weights[one.source] <= 0)).sum())


def _step(
    panel: Panel, one: _Anchor, answers: _Answers, factors: Factors, after: PersonColumn
) -> Calibration:
    """Say what was done to a weight."""
    before, name = panel.weights[one.source], Phrase("anchored")
    if factors.bounds is not None:
        low, high = (figure(f"{bound:g}") for bound in factors.bounds)
        name = Phrase("anchored (factors {low} to {high})", low=low, high=high)
    shift = _shift(one, answers, (before, after))
    margins, known = tuple(factors.margins), factors.known_total
    return Calibration(name, before, margins, shift, one.inside, known_total=known)


def _shift(one: _Anchor, answers: _Answers, weights: Sequence[PersonColumn]) -> Shift:
    """Say how far the answers moved: of several pairs of waves, where they moved most."""
    pairs: list[tuple[str, ...]] = [*pairwise(one.waves)] or [one.waves]
    shares = []
    for pair in pairs:
        keys = tuple(Key(answers.codes[wave], len(answers.states)) for wave in pair)
        cross = Cross(keys, one.inside)
        before, after = engines.tables([cross.table(weight) for weight in weights])
        shares.append(np.abs(after / after.sum() - before / before.sum()))
    people = int(one.inside.sum())
    step = next((step for step in STEPS if step * people >= PEOPLE), STEPS[-1])
    half, most = (
        round(round(max(moved) / step) * step, 3)
        for moved in ([part.sum() / 2 for part in shares], [part.max() for part in shares])
    )
    return Shift("shares" if len(one.waves) == 1 else "flows", half, most, step)
