"""Weights that bring the answers at several waves to known results, such as those of elections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from opinionpanel import engines
from opinionpanel.arguments import checked
from opinionpanel.design import Bounds, Calibration, Margin, Shift, WaveKey, key_text
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

# A shift is shown in per cent with one decimal: no single person can be told from it.
DECIMALS = 3


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
        Further margins to be met at the same time, as the targets of `rake`.
    base : {"answered", "balanced", "panel"}
        What the weights are for. ``"answered"``: for the measures with this base, everything
        between two consecutive waves of those known, and for shares at each of them.
        ``"balanced"`` and ``"panel"``: for measures with these bases of all known waves. Then
        ``not interviewed``, ``no answer``, ``not asked`` and ``not due`` may have numbers of their
        own, where ``"panel"`` has such states.
    bounds : tuple of float, optional
        The least and the greatest factor by which a weight may change, as in `calibrate`.

    Returns
    -------
    Panel
        With other weights, and in a replicate design every replicate anchored as well. For
        ``"answered"``, each pair of consecutive known waves has a longitudinal weight of its own,
        made from the one declared for it or else from the later wave's: those who answered at both
        meet both results and the margins. The weight of each known wave meets its own result among
        those who answered at it. ``"balanced"`` changes the weight of the first and last wave,
        among those who answered at all; ``"panel"`` that of the first wave, among everyone
        interviewed at it. The weights of everybody else stay; of totals, they are multiplied by
        what brings the others to the total.

        How far this moves the answers stands in every caption, in the panel's notes and in
        `weights_summary`: the part of the weight that is in another flow than before, and the most
        that any flow changed. `weight_effects` gives it by cell, with standard errors.

    Raises
    ------
    SelectionError
        An item, wave or state that the panel does not have; fewer than two waves; waves that are
        independent samples.
    DesignError
        States without a number or without people, numbers that contradict each other, results that
        positive weights, or factors within the bounds, cannot meet; a panel narrowed by
        `Panel.where`.

    Notes
    -----
    Raking (Deville & Särndal 1992, Journal of the American Statistical Association 87, method 2;
    with bounds method 6) of one weight to the states of the item at all waves as margins. A margin
    that is met has no error, and the variance of all else is that of the residuals of a regression
    on the margins.

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
    states, codes = state_codes(panel, item, waves, base)
    results = {wave: _result(item, wave, known[wave], states) for wave in waves}
    further = [] if margins is None else read_targets(panel, margins)
    check_totals([*results.values(), *further])
    population = total_of([*results.values(), *further])
    weights, replicates = dict(panel.weights), dict(panel.replicates)
    without, calibrations = dict(panel.without_weight), dict(panel.calibrations)
    notes = list(panel.notes)
    work = _anchors(panel, item, waves, base)
    for one in work:
        before, earlier = panel.weights[one.source], panel.calibrations.get(one.source, ())
        inside = engines.named(one.inside & (before > 0))
        total = float(np.where(inside, before, 0.0).sum())
        if not total:
            raise DesignError(
                f"Weight at {key_text(one.key)}: nobody with a weight has an answer to {item!r} "
                f"at {listing(one.waves)}. Name waves that link people."
            )
        total = total if population is None else population
        own = len(panel.item(item).state_names)
        met = [
            _margin(one.key, results[wave], codes[wave], inside, states, own).scaled(total)
            for wave in one.waves
        ]
        met += margins_at(panel, one.key, further, total, inside)
        where, method = f"Weight at {key_text(one.key)}", "raking" if bounds is None else "logit"
        factors = Factors.of(where, before, met, method, bounds, inside)
        changes = factors.solved()
        weights[one.key] = engines.named(before * factors.people(changes))
        if one.source in panel.replicates:
            replicates[one.key] = factors.replicated(panel.replicates[one.source])
        if one.key not in panel.weights:
            there = [panel.present[panel.position(wave)] for wave in one.key]
            without[one.key] = int((there[0] & there[1] & (before <= 0)).sum())
        shift = _shift(one, codes, len(states), inside, (before, weights[one.key]))
        step = Calibration(_name(bounds), before, tuple(met), shift)
        calibrations[one.key] = (*earlier, step)
        notes.append(
            f"weight at {key_text(one.key)} {step.text}; multiplied by {changes.min():.3g} to "
            f"{changes.max():.3g}"
        )
    sources = {one.key: one.source for one in work}
    return replace(
        panel,
        weights=weights,
        replicates=replicates,
        without_weight=without,
        calibrations=calibrations,
        design=weighted_like(panel, sources),
        notes=tuple(notes),
    )


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
        Among whom.
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


def _result(item: str, wave: str, numbers: Numbers, states: Sequence[str]) -> Target:
    """Read the known result of a wave, in the order of the states."""
    name = Phrase("known {item} at {wave}", item=item, wave=wave)

    def no_such(group: str, part: str) -> SelectionError:
        error = unknown(f"state of {item!r} in the results known at {wave!r}:", part, states)
        if part not in ADDED.values():
            return error
        return SelectionError(f"{error} States of people without an answer are for base='panel'.")

    return read_numbers(
        f"Known results of {item!r} at {wave!r}", (name,), [states], numbers, no_such
    )


def _anchors(panel: Panel, item: str, waves: list[str], base: Base) -> list[_Anchor]:
    """List the weights that measures with a base use, and what each is to meet."""

    def of(key: WaveKey, *met: str) -> _Anchor:
        source = key if key in panel.weights else key[-1]
        pair = (key,) if isinstance(key, str) else key
        inside, _ = base_of(panel, item, list(met), pair, base)
        return _Anchor(key, source, met, inside)

    if base == "panel":
        return [of(waves[0], *waves)]
    if base == "balanced":
        return [of((waves[0], waves[-1]), *waves)]
    return [*(of(pair, *pair) for pair in pairwise(waves)), *(of(wave, wave) for wave in waves)]


def _margin(
    key: WaveKey,
    result: Target,
    codes: PersonColumn,
    inside: PersonColumn,
    states: Sequence[str],
    own: int,
) -> "_Reached":
    """Find everyone's place among the states with a result, and compare the two.

    The first `own` of the states are those of the item; others without a result are of any size.
    """
    places = {text: place for place, text in enumerate(result.texts)}
    number = len(places)
    table = np.array(
        [places.get(text, -2 if place < own else number) for place, text in enumerate(states)]
    )
    found = np.where(codes >= 0, engines.take(table, codes), -1)
    others = found == number
    named = np.where(others, -1, found)
    check_members(named, inside & ~others, result, key, [states[:own]])
    free = bool((inside & others).any())
    return _Reached(result, engines.named(np.where(inside, found, -1)), free)


@dataclass(frozen=True, eq=False)
class _Reached:
    """A known result, people's places in it, and whether some are in a state without one."""

    result: Target
    codes: PersonColumn
    free: bool

    def scaled(self, total: float) -> Margin:
        """Make the margin of a population of some size."""
        texts, numbers = self.result.texts, self.result.scaled(total)
        if self.free:
            texts, numbers = (*texts, "any other"), np.append(numbers, np.nan)
        return Margin(self.result.groups[0], texts, self.codes, numbers)


def _shift(
    one: _Anchor,
    codes: Mapping[str, PersonColumn],
    size: int,
    inside: PersonColumn,
    weights: Sequence[PersonColumn],
) -> Shift:
    """Say how far the answers moved: of several pairs of waves, where they moved most."""
    pairs = list(pairwise(one.waves)) or [one.waves]
    crosses = [Cross(tuple(Key(codes[wave], size) for wave in pair), inside) for pair in pairs]
    found = engines.tables([cross.table(weight) for cross in crosses for weight in weights])
    shares = [table / table.sum() for table in found]
    moved = [np.abs(after - before) for before, after in pairwise(shares)][::2]
    return Shift(
        "flows" if len(pairs[0]) > 1 else "shares",
        round(max(float(table.sum()) / 2 for table in moved), DECIMALS),
        round(max(float(table.max()) for table in moved), DECIMALS),
    )


def _name(bounds: Bounds | None) -> Phrase:
    if bounds is None:
        return Phrase("anchored")
    low, high = (figure(f"{bound:g}") for bound in bounds)
    return Phrase("anchored (factors {low} to {high})", low=low, high=high)
