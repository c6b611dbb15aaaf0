"""Missing answers imputed several times, from all else that is known of each person."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from opinionpanel.arguments import checked, listed
from opinionpanel.arrays import Booleans, Floats, Integers, SignedIntegers
from opinionpanel.engines import is_lazy
from opinionpanel.errors import SelectionError, count_people, listing
from opinionpanel.measures import Waves, group_names
from opinionpanel.models.chained_answers import Codes, Key, Known, draw
from opinionpanel.models.imputed_panels import Imputed
from opinionpanel.models.shocks import shocks_of, units_of
from opinionpanel.models.those_who_missed import as_interviewed
from opinionpanel.panel import ImputedAnswers, Panel
from opinionpanel.questions import NO_ANSWER, NOT_ASKED, NOT_INTERVIEWED, Option, Scale

# As many imputations as anybody has time for.
MOST = 10_000


@checked
def impute(
    panel: Panel,
    items: str | Sequence[str],
    *,
    m: int = 20,
    missed: bool = False,
    waves: Waves | None = None,
    groups: str | Sequence[str] | None = None,
    seed: int,
) -> Imputed:
    """Impute missing answers several times, from all else that is known of each person.

    Parameters
    ----------
    panel : Panel
        The people, from `read_panel` or a ``from_`` method of `Panel`.
    items : str or sequence of str
        Items and scores of the panel: their gaps are filled, and each is drawn given all others.
    m : int
        How many times; 20 are plenty where under half of the answers are missing.
    missed : bool
        Whether waves that people missed are imputed as well. The people are then those interviewed
        at the first of `waves`, and count at all of these with its weight; everyone else counts
        at none of them.
    waves : sequence of str, optional
        The waves whose answers are imputed, in the order of fieldwork; all of them are drawn on.
        By default those that asked any of the items.
    groups : str or sequence of str, optional
        Groups of the panel that the answers are drawn given; by default all. Those that were made
        of answers to be imputed are left out.
    seed : int
        Where chance starts: the same seed imputes the same.

    Returns
    -------
    Imputed
        With `estimate`, which pools any measure, and `summary`, which compares what was imputed
        with what was answered.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two imputations; nobody
        answered at a wave; options of a question that takes several answers; a scale; with
        `missed`, an item that was not put to everyone; people who stay on Spark or Dask; a panel
        that was imputed before.

    Notes
    -----
    Missing at random: given all that is drawn on, who does not answer would have answered like who
    does. Nothing in the data can show it.

    Chained equations (van Buuren 2018, Flexible Imputation of Missing Data, ch. 4; Raghunathan et
    al. 2001, Survey Methodology 27): for each question and wave a multinomial logit, fitted with
    the weights, on the states at all other waves and of all other items, the groups, the logarithm
    of the weight, strata and PSUs; numbers of scores are those of one of five people with the
    nearest expected number. PSUs, and groups and strata with more than 12 categories, enter by how
    their other members answer. Parameters are drawn from what the design says of them, with
    replicate weights from the replicates. A weak normal prior keeps each coefficient finite. People
    who were not asked, or not due, are left alone; so are those without a weight at any wave. That
    somebody was not asked is not drawn on, as it may follow from the very answer that is missing.
    Who has a value, or an unknown one, that under five people with an answer have is drawn without
    that variable. Groups by wave are carried over to missed waves from the nearest one.

    A measure by a group of the panel finds it in the imputed answers; what the models do not hold,
    such as that the same answer goes with another one in one group only, is imputed a little too
    weak.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> waves = ["Jul 2024", "Nov 2024"]
    >>> imputed = op.impute(panel, "support", m=5, missed=True, waves=waves, seed=1)
    >>> found = imputed.estimate(op.shares, "support", waves=["Nov 2024"])
    >>> found.to_frame()[["state", "estimate", "n"]].round(2)
         state  estimate     n
    0  approve      0.37  1500
    1   unsure      0.37  1500
    2   oppose      0.26  1500
    """
    check_times(m, seed)
    if is_lazy(panel.domain):
        raise SelectionError(
            "impute draws answers person by person, in memory, and the people of this panel stay "
            "on the engine that holds them. Bring the few columns it needs into memory and build "
            "the panel from these, or use missing_at_random, which needs counts only."
        )
    if panel.imputed is not None:
        raise SelectionError(
            "The answers of this panel were imputed before, and those drawn once would be taken "
            "for given. Impute the panel from before, with all items in one call."
        )
    names = listed(items)
    asked = _waves_of(panel, names, waves)
    traits = list(panel.groups) if groups is None else group_names(groups)
    for name in traits:
        panel.group(name)
    given = as_interviewed(panel, names, asked) if missed else panel
    imputed = {(name, wave) for name in names for wave in asked}
    traits = [name for name in traits if not imputed & {*panel.groups[name].made_of}]
    known = _known(given, names, asked, traits, missed=missed)
    shocks = shocks_of(given, list(known.gaps), m, np.random.default_rng(seed))
    drawn = [
        draw(known, {key: many[:, place] for key, many in shocks.items()}, rng)
        for place, rng in enumerate(np.random.default_rng([seed, 1]).spawn(m))
    ]
    marked = _marked(given, known)
    notes = (*panel.notes, *_notes(marked, m))
    panels = tuple(
        replace(
            given,
            answers={**given.answers, **_filled(given, names, one)},
            imputed=marked,
            notes=notes,
        )
        for one in drawn
    )
    return Imputed(panels=panels, items=tuple(names), waves=tuple(asked), given=given)


def check_times(m: int, seed: int) -> None:
    """Refuse numbers of imputations, and of the seed, that are none."""
    if not 2 <= m <= MOST or seed < 0:
        raise SelectionError(
            f"m must be from 2 to {MOST:,}, and seed 0 or more, not {m} and {seed}: from one "
            "imputation nothing shows how much the missing answers hide."
        )


def _waves_of(panel: Panel, names: Sequence[str], waves: Waves | None) -> list[str]:
    """Name the waves to impute at, and refuse questions whose answers are not drawn one by one."""
    if not names or len(set(names)) < len(names):
        raise SelectionError(f"items must name items, each once: {listing(names)}.")
    for name in names:
        question = panel.question(name)
        if isinstance(question, Option):
            raise SelectionError(
                f"{name!r} is an option of a question that takes several answers. Who does not "
                "answer leaves all its options open at once, which are not imputed one by one."
            )
        if isinstance(question, Scale):
            raise SelectionError(
                f"{name!r} is a scale. Impute the questions it is made of before it is made: its "
                "columns as scores, or at_least= for people who answered some of them."
            )
    asked = [wave for wave in panel.waves if any(wave in panel.asked(name) for name in names)]
    if waves is None:
        return asked
    given = [wave for wave in waves if isinstance(wave, str)]
    if isinstance(waves, str) or len(given) < len(waves) or not given:
        raise SelectionError("waves must be a list of single waves here, such as ['May', 'June'].")
    places = [panel.position(wave) for wave in given]
    if places != sorted(set(places)):
        raise SelectionError(f"waves must be in the order of fieldwork: {listing(given)}.")
    for name in names:
        if not set(given) & set(panel.asked(name)):
            panel.check_asked(name, given)
    return given


def _known(
    panel: Panel, names: Sequence[str], waves: Sequence[str], traits: Sequence[str], *, missed: bool
) -> Known:
    """Gather what answers are drawn from, and mark those to draw."""
    counting = np.logical_or.reduce([np.asarray(weight) > 0 for weight in panel.weights.values()])
    codes: dict[Key, SignedIntegers] = {}
    gaps: dict[Key, Booleans] = {}
    weights: dict[Key, Floats] = {}
    for wave in waves:
        place = panel.position(wave)
        for name in (name for name in names if wave in panel.asked(name)):
            here = np.asarray(panel.answers[name][place])
            codes[name, place] = here.astype(np.int64)
            weights[name, place] = np.asarray(panel.weights[wave])
            empty = here == NO_ANSWER
            if missed:
                _refuse_filtered(panel, name, wave)
                empty = empty | (here == NOT_INTERVIEWED)
            empty = empty & np.asarray(panel.present[place]) & counting
            if empty.any():
                gaps[name, place] = empty
                _refuse_silence(panel, name, wave)
    people = {key: _traits(panel, traits, key[1]) for key in gaps}
    return Known(codes, panel.numbers, gaps, weights, people, units_of(panel))


def _traits(panel: Panel, names: Sequence[str], place: int) -> list[Integers]:
    """Give the category of each person in groups at a wave, and in strata where there are any."""
    groups = [panel.everyones_groups[name].at(place) for name in names]
    found = [np.asarray(codes).astype(np.int64) for codes in groups]
    stratum = getattr(panel.sampling, "stratum", None)
    if stratum is not None and len(stratum) == len(panel.domain):
        found.append(np.asarray(stratum).astype(np.int64))
    return found


def _refuse_silence(panel: Panel, name: str, wave: str) -> None:
    """Refuse to impute at a wave at which nobody answered."""
    given = np.asarray(panel.answers[name][panel.position(wave)]) >= 0
    if not (given & (np.asarray(panel.weights[wave]) > 0)).any():
        raise SelectionError(
            f"Nobody answered {name!r} at wave {wave!r}, so nothing shows what the missing "
            "answers may be. Name the waves that it was answered at, with waves=[…]."
        )


def _refuse_filtered(panel: Panel, name: str, wave: str) -> None:
    """Refuse to impute missed waves of an item that some people were not asked there."""
    place = panel.position(wave)
    silent = int(((panel.answers[name][place] == NOT_ASKED) & panel.present[place]).sum())
    if silent:
        raise SelectionError(
            f"{name!r} was not put to {count_people(silent)} interviewed at wave {wave!r}, and "
            "nobody knows whether those who missed the wave would have been asked. Impute the "
            "answers of those interviewed, without missed=True."
        )


def _marked(panel: Panel, known: Known) -> ImputedAnswers:
    """Mark imputed answers, and all with these, of those who count at the wave."""
    gaps, answers = {}, {}
    for (name, place), codes in known.codes.items():
        key, counted = (name, panel.waves[place]), known.weights[name, place] > 0
        empty = known.gaps.get((name, place), np.zeros(len(codes), dtype=bool))
        gaps[key], answers[key] = empty & counted, (empty | (codes >= 0)) & counted
    return ImputedAnswers(gaps, answers, () if panel.imputed is None else panel.imputed.missed)


def _filled(panel: Panel, names: Sequence[str], drawn: Codes) -> dict[str, SignedIntegers]:
    """Give the answers to each item, with those that were drawn."""
    found = {}
    for name in names:
        answers = np.array(panel.answers[name])
        for (item, place), codes in drawn.items():
            if item == name:
                answers[place] = codes
        found[name] = answers
    return found


def _notes(marked: ImputedAnswers, m: int) -> list[str]:
    """Tell in the summary of each panel what was imputed."""
    told = []
    for item, wave in marked.gaps:
        imputed, answers = marked.count([item], [wave])
        if imputed:
            told.append(f"{item}, {wave}: {imputed:,} of {answers:,} answers were imputed")
    return [f"one of {m} imputations, which .estimate(…) pools", *told] if told else []
