"""Weights against drop-out, and what other weights do to every estimate."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from numbers import Real
from typing import Any, Literal, get_args

import numpy as np

from opinionpanel import engines
from opinionpanel.arguments import checked
from opinionpanel.design import (
    ByCode,
    Calibration,
    CompiledDesign,
    ReplicateWeights,
    Replication,
    WaveKey,
)
from opinionpanel.engines import is_lazy
from opinionpanel.errors import DesignError, SelectionError, listing, unknown
from opinionpanel.estimates import About, Estimates, Role, Totals
from opinionpanel.measures import (
    WAVE,
    WAVES,
    Base,
    By,
    OneTable,
    Own,
    Waves,
    about_of,
    accounts_of,
    base_of,
    base_words,
    by_text,
    group_names,
    moved,
    net_changes,
    pair_names,
    refuse_back,
    state_codes,
    tabulate,
    turnover_parts,
    wave_names,
    waves_of,
)
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase, in_a_row, one_after_another
from opinionpanel.weighting.probability_of_staying import Staying

# The label that tells the two weights apart, while their difference is made.
WEIGHTING = "(weighting)"
WeightMeasure = Literal["shares", "flows", "transitions", "net_change", "turnover"]


@checked
def attrition_weights(
    panel: Panel,
    item: str,
    *,
    groups: str | Sequence[str] | None = (),
    waves: Waves | None = None,
    trim: float | None = 5.0,
) -> Panel:
    """Weight those who stayed for those who dropped out like them.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item whose answers are to be compared between waves.
    groups : str or sequence of str
        Groups of the panel that staying may depend on, besides the state; a group by wave counts
        with its value at the earlier wave. People whose group is not known are a level of their
        own.
    waves : sequence of str, or of pairs of them, optional
        Every pair of these waves at which the same people were due gets weights, or the pairs
        named; by default of all waves that asked the item.
    trim : float or None
        No weight is multiplied by more than this, where the average is about 1. What is cut off is
        not spread over others. None for no limit.

    Returns
    -------
    Panel
        With a longitudinal weight for each pair, which `flows` and other measures of pairs use:
        the *earlier* wave's weight of those with an answer at the later one, times the overall
        share who stayed over each one's probability of staying; 0 for everyone else. It replaces
        a longitudinal weight declared for the pair. A balanced base of several waves takes the
        weight of the first and last of them, which does not see who missed one in between.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have, a group named twice.
    DesignError
        Nobody dropped out; a category in which nobody stayed, in the sample or in a replicate; a
        logit without solution (separation); a panel narrowed by `Panel.where`.

    Notes
    -----
    A weighted logit of being interviewed and answering at the later wave, among everyone
    interviewed at the earlier one, on the state there and the groups, main effects only; the point
    fit is statsmodels'. No answer is one more state, left out where nobody of it stayed. In a
    category where everyone stayed the probability is 1. Stabilised by the overall share (Robins,
    Hernán & Brumback 2000).

    This removes the bias of drop-out that depends on the state and groups named, not of drop-out
    that depends on the later answer itself. Replicate designs refit the logit under every replicate
    weight, so that standard errors know that it is estimated. With strata and PSUs the weights
    count as fixed, which as a rule makes standard errors somewhat too large, and what the earlier
    wave's weight was calibrated to lowers them no more; ``Design.as_replicates`` does both.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> pair = ["Jul 2024", "Nov 2024"]
    >>> weighted = attrition_weights(panel, "support", groups=["age_group"], waves=pair)
    >>> weighted.weight(*pair).text
    'wgt, attrition weights (support, age_group; taken as fixed) (longitudinal, ...)'
    """
    if panel.domain_text:
        raise DesignError(
            f"The panel is narrowed to {panel.domain_text}. Weight against drop-out first, then "
            "narrow with .where(…)."
        )
    if trim is not None and (not isinstance(trim, Real) or not float(trim) > 1):
        raise DesignError(f"trim is the greatest factor, a number above 1, or None; got {trim!r}.")
    named = [groups] if isinstance(groups, str) else list(() if groups is None else groups)
    for name in named:
        panel.group(name)
    if len(set(named)) < len(named):
        raise SelectionError(f"groups names one twice: {listing(named)}.")
    pairs = _pairs(panel, item, waves)
    stays = [Staying.of(panel, item, named, *pair) for pair in pairs]
    if not any(stay.lost for stay in stays):
        names = dict.fromkeys(first for first, _ in pairs)
        raise DesignError(
            f"Everyone interviewed at {listing(names)} has an answer to {item!r} at every "
            "later wave: there is no drop-out to weight for."
        )
    fixed = not isinstance(panel.sampling, Replication)
    how = Phrase("taken as fixed") if fixed else Phrase("refitted under every replicate weight")
    text = Phrase("attrition weights ({groups}; {how})", groups=in_a_row([item, *named]), how=how)
    weights, replicates = dict(panel.weights), dict(panel.replicates)
    without, calibrations = dict(panel.without_weight), dict(panel.calibrations)
    notes = list(panel.notes)
    for stay in stays:
        first, before = stay.pair[0], panel.weights[stay.pair[0]]
        factors = stay.factors_of(before, trim)
        weights[stay.pair] = engines.named(before * stay.multiply(factors))
        if first in panel.replicates:
            replicates[stay.pair] = stay.replicated(panel.replicates[first], trim)
        one, other = (panel.present[panel.position(wave)] for wave in stay.pair)
        without[stay.pair] = int((one & other & (before <= 0)).sum())
        earlier = [step.text for step in panel.calibrations.get(first, ())]
        calibrations[stay.pair] = (Calibration(one_after_another([*earlier, text]), before, ()),)
        notes.append(f"{text}, {stay.note(before, factors, trim)}")
        if stay.pair in panel.weights:
            notes[-1] += "; in place of the longitudinal weight that was there"
    return replace(
        panel,
        weights=weights,
        replicates=replicates,
        without_weight=without,
        calibrations=calibrations,
        design=weighted_like(panel, {pair: pair[0] for pair in pairs}),
        notes=tuple(notes),
    )


def _pairs(panel: Panel, item: str, waves: Waves | None) -> list[tuple[str, str]]:
    """Name the pairs that get weights: those given, or all of the waves that people link."""
    panel.check_same_people(item)
    given = [] if waves is None or isinstance(waves, str) else list(waves)
    if any(not isinstance(wave, str) for wave in given):
        return pair_names(panel, item, waves, in_order=True)
    names = wave_names(panel, item, waves, at_least=2, in_order=True)
    pairs = [
        (first, last)
        for first, last in combinations(names, 2)
        if any(first in at and last in at for at in panel.due.values())
    ]
    if not pairs:
        raise SelectionError(
            f"Nobody was due at two of the waves {listing(names)}: there is no drop-out to weight "
            f"for. Name waves that link people, such as waves={[*panel.pairs(item)[0]]!r}."
        )
    return pairs


def weighted_like(panel: Panel, sources: Mapping[Any, WaveKey]) -> CompiledDesign:
    """Name the weight of waves and pairs like those it is made from, where names differ."""
    columns = panel.design.weight
    if not isinstance(columns, Mapping):
        return panel.design
    named = {key: columns[source] for key, source in sources.items()}
    return replace(panel.design, weight={**columns, **named})


@checked
def weight_effects(
    panel: Panel,
    adjusted: Panel,
    item: str,
    *,
    measure: WeightMeasure = "turnover",
    waves: Waves | None = None,
    by: By = None,
    base: Base = "answered",
) -> Estimates:
    """Show what other weights change in every estimate of a measure.

    Parameters
    ----------
    panel, adjusted : Panel
        Before and after `attrition_weights`, `rake` or whatever else changed the weights.
    item : str
        The item's name in the panel.
    measure : {"turnover", "net_change", "flows", "transitions", "shares"}
        The function whose estimates are compared.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tabulated; or, with
        ``base="answered"``, the pairs themselves, ``[("2016", "2020"), ("2018", "2020")]``. All
        stand in one tally, so that there is a covariance between them. By default the pairs that
        link people, as `Panel.pairs` lists them: in an ordinary panel all consecutive ones. With
        another base, which is one for all pairs, the consecutive ones of the waves at which people
        of the first were due. For shares, waves one by one; by default every wave that asked the
        item.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the wave,
        and at the earlier wave of a pair.
    base : {"answered", "balanced", "panel"}
        Who is in the base, and with which weight. ``"answered"``: people with an answer at the
        wave, or at both waves of the pair, with the weight of the wave, and for a pair the
        longitudinal weight declared for it or else the later wave's weight. ``"balanced"``: people
        with an answer at all the waves named, with the weight of the first and last of them.
        ``"panel"``: everyone interviewed at the first wave named, with that wave's weight;
        ``not interviewed`` is then a state, and so are ``no answer``, ``not asked`` and ``not due``
        (not to be interviewed at that wave) where they occur.

    Returns
    -------
    Estimates
        Labelled as the estimates of the measure: those with the weights of `adjusted`, less those
        with the weights of `panel`, between −1 and 1, with the covariance between the two. NaN with
        n = 0 where a base is empty; ``n`` is the smaller of the two bases. The effects on net,
        exchange and shift of turnover have no interval: these parts bend where flows are nearly
        equal, and a difference of them near zero would look certain.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves; an unknown
        measure; panels of other people, answers, waves or domains, with another design, or with the
        same weights for a wave or pair.

    Notes
    -----
    The cells under both weights are tallied at once, so that the difference knows that it is about
    the same people; its standard error is by linearisation (Lumley 2010, Complex Surveys, ch. 2).
    It counts weights as fixed or estimated as the panels do.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> pair = ["Jul 2024", "Nov 2024"]
    >>> weighted = attrition_weights(panel, "support", groups=["age_group"], waves=pair)
    >>> effects = weight_effects(panel, weighted, "support", waves=pair)
    >>> effects.select(component="total").to_frame()[["estimate", "std_error"]].round(3)
       estimate  std_error
    0    -0.001      0.001
    """
    if measure not in get_args(WeightMeasure):
        raise unknown("measure", measure, get_args(WeightMeasure))
    refuse_back(base)
    _refuse_others(panel, adjusted, item)
    pairs = measure != "shares"
    groups, (names, at) = group_names(by), _names(panel, item, waves, base, pairs=pairs)
    states, codes = state_codes(panel, item, names, base)
    _refuse_same_weights(panel, adjusted, item, names, at, base)
    tables = []
    for side, source in (("before", panel), ("after", adjusted)):
        for key in at:
            inside, weight = base_of(source, item, names, key, base)
            places = [codes[name] for name in key]
            tables.append(OneTable((side, *key), key[0], inside, weight, places))
    before, after = tables[: len(at)], tables[len(at) :]
    texts = {
        key: Phrase(
            "before: {before}; after: {after}", before=one.weight.text, after=other.weight.text
        )
        for key, one, other in zip(at, before, after, strict=True)
    }
    title = f"What the weights change in {measure.replace('_', ' ')} of {item}: after minus before"
    title += by_text(panel, groups, pairs=pairs)
    accounts = accounts_of(panel, names, at, base)
    about = about_of(panel, item, names, groups, base_words(base, names, pairs=pairs), accounts)
    about = replace(about, measure="weight_effects", title=title, states=states)
    keys: dict[str, Role] = {WEIGHTING: "group", **(WAVES if pairs else WAVE)}
    own = moved(states) if pairs else [Own("state", states)]
    totals, about, groups = tabulate(panel, about, groups, keys, own, tables)
    sides = MEASURES[measure](totals, [*keys, *groups], replace(about, weights=texts))
    half = np.eye(len(sides) // 2)
    rows = sides.labels.iloc[: len(half)].drop(columns=WEIGHTING)
    return sides.contrast(np.hstack([-half, half]), rows, title=sides.about.title)


def _names(
    panel: Panel, item: str, waves: Waves | None, base: Base, *, pairs: bool
) -> tuple[list[str], list[tuple[str, ...]]]:
    """Name the waves of a measure, and its tables: pairs of them, or each by itself."""
    if pairs:
        tables = pair_names(panel, item, waves, base=base)
        return waves_of(panel, tables), [*tables]
    names = wave_names(panel, item, waves, at_least=1, base=base)
    return names, [(name,) for name in names]


MEASURES: Mapping[str, Callable[[Totals, list[str], About], Estimates]] = {
    "shares": lambda totals, within, about: totals.shares(within, about),
    "flows": lambda totals, within, about: totals.shares(within, about),
    "transitions": lambda totals, within, about: totals.shares([*within, "origin"], about),
    "net_change": lambda totals, within, about: net_changes(totals.shares(within, about)),
    "turnover": lambda totals, within, about: turnover_parts(totals.shares(within, about)),
}


def _refuse_others(panel: Panel, adjusted: Panel, item: str) -> None:
    """Refuse panels that differ in more than their weights."""
    panel.item(item)
    same = (
        panel.waves == adjusted.waves
        and item in adjusted.answers
        and _equal(panel.answers[item], adjusted.answers[item])
        and _equal(panel.present, adjusted.present)
        and _equal(panel.domain, adjusted.domain)
    )
    if not same:
        raise SelectionError(
            "The two panels are not of the same people with the same answers, waves and domain. "
            "Make the second from the first, with attrition_weights, rake or trim_weights."
        )
    one, other = (
        {name: part for name, part in vars(each.sampling).items() if name != "mark"}
        for each in (panel, adjusted)
    )
    if one.keys() != other.keys() or not all(_equal(one[k], other[k]) for k in one):
        raise SelectionError(
            f"The two panels have different designs: {panel.sampling.text}, and "
            f"{adjusted.sampling.text}. Declare the same design for both, with the same people "
            "sampled."
        )


def _refuse_same_weights(
    panel: Panel,
    adjusted: Panel,
    item: str,
    names: list[str],
    at: Sequence[tuple[str, ...]],
    base: Base,
) -> None:
    """Refuse waves or pairs whose weight nothing has changed: a difference of 0 says nothing."""
    same: list[str] = []
    other: list[str] = []
    for key in at:
        before, after = (base_of(one, item, names, key, base)[1] for one in (panel, adjusted))
        unchanged = _equal(before.values, after.values) and _equal(
            before.replicates, after.replicates
        )
        (same if unchanged else other).append(" → ".join(key))
    if same:
        way_out = (
            f"They differ for {', '.join(other)}: name the waves of these only, with waves=."
            if other
            else "Weight the second one otherwise, with attrition_weights, rake or trim_weights."
        )
        raise SelectionError(f"Both panels use the same weights for {', '.join(same)}. {way_out}")


def _equal(one: Any, other: Any) -> bool:
    """Tell whether values of people, or of a design, are the same."""
    if one is other:
        return True
    if isinstance(one, ReplicateWeights | ByCode) and type(one) is type(other):
        return all(_equal(value, vars(other)[name]) for name, value in vars(one).items())
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    if is_lazy(one) and is_lazy(other):
        return one.people is other.people and not (one != other).any()
    return not (is_lazy(one) or is_lazy(other)) and np.array_equal(one, other)
