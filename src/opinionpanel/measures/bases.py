"""Who is in the base of a measure, with which weight, and in which cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Literal, NamedTuple

import numpy as np

from opinionpanel import engines, questions
from opinionpanel.design import PersonWeight, sampling_words
from opinionpanel.engines import Cross, Key, PersonColumn, take
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import About, Role
from opinionpanel.measures.base_notes import Account, Pair, notes_on
from opinionpanel.measures.batteries import Items, same_of
from opinionpanel.panel import Panel, answers_text
from opinionpanel.phrases import Phrase, all_of, in_a_row, one_after_another
from opinionpanel.waves import code_text

Base = Literal["answered", "balanced", "panel"]
# Of paths and flows, which may also look back from the last wave.
Way = Literal["answered", "balanced", "panel", "last"]
By = str | Sequence[str] | None

# The row of all states, or all other states, together.
ALL = "all"
NOT_INTERVIEWED, NOT_DUE = "not interviewed", "not due"
# The states that base="panel" adds, by their code among the answers.
ADDED = {
    questions.NO_ANSWER: "no answer",
    questions.NOT_ASKED: "not asked",
    questions.NOT_INTERVIEWED: NOT_INTERVIEWED,
    questions.NOT_DUE: NOT_DUE,
}
# Looking back from the later wave of a pair there are also people who joined after the earlier.
NEW_ENTRANT = questions.NOT_DUE - 1
LOOKING_BACK = ADDED | {NEW_ENTRANT: "new entrant"}


def group_names(by: By) -> list[str]:
    """List the groups of a `by` argument."""
    names = [] if by is None else [by] if isinstance(by, str) else list(by)
    return list(dict.fromkeys(names))


def by_text(panel: Panel, groups: list[str], *, pairs: bool, side: str = "earlier") -> str:
    """Name groups in a title, and which value counts where it is not the first."""
    which = {
        "first": "",
        "latest": " (latest value)",
        "wave": f" (at the {side} wave)" if pairs else " (at each wave)",
    }
    names = [_group_text(panel, name) + which[panel.group(name).use] for name in groups]
    return f", by {' and '.join(names)}" if names else ""


def _group_text(panel: Panel, name: str) -> str:
    """Name a group, and the answers that it is made of where its name does not tell them."""
    made = panel.group(name).answers_to
    if made is None or name == answers_text(*made):
        return name
    return f"{name} ({made[0]} at {made[1]})"


def refuse_back(base: Way) -> None:
    """Refuse to look back from the last wave, which only flows and paths do."""
    if base == "last":
        raise SelectionError(
            "base must be 'answered', 'balanced' or 'panel', not 'last': from the last wave only "
            "flows and paths look back."
        )


def state_codes(
    panel: Panel, item: str, names: list[str], base: Way
) -> tuple[tuple[str, ...], dict[str, PersonColumn]]:
    """State names and codes by wave; of the whole panel also the states of those not there."""
    states, codes = battery_codes(panel, {item: names}, base)
    return states, {name: codes[item, name] for name in names}


def battery_codes(
    panel: Panel, asked: Mapping[str, list[str]], base: Way
) -> tuple[tuple[str, ...], dict[tuple[str, str], PersonColumn]]:
    """State names of items that have the same, and codes by item and wave, as `state_codes`."""
    first, *_ = asked
    states, names = panel.item(first).state_names, asked[first]
    codes = {(item, name): _answers_at(panel, item, name) for item in asked for name in asked[item]}
    if base in ("answered", "balanced"):
        return states, codes
    added, always, of = ADDED, questions.NOT_INTERVIEWED, names[0]
    if base == "last":
        added, always, of = LOOKING_BACK, NEW_ENTRANT, names[-1]
        codes = {
            key: np.where(_joined(panel, key[1]), code, NEW_ENTRANT) for key, code in codes.items()
        }
    _refuse_added(panel, states, added, first, base)
    # Over the whole panel, so that a domain has the same states as the groups it is one of.
    inside = panel.present[panel.position(of)] & (panel.weight(of).values > 0)
    seen = _seen(len(states), list(codes.values()), inside)
    kept = [code for code in added if code == always or code in seen]
    placed = {key: _placed(part, len(states), kept) for key, part in codes.items()}
    return (*states, *(added[code] for code in kept)), placed


def _joined(panel: Panel, wave: str) -> PersonColumn:
    """Tell who was interviewed at a wave or at one before."""
    people: PersonColumn = reduce(np.logical_or, panel.present[: panel.position(wave) + 1])
    return people


def states_looking_back(
    panel: Panel, item: str, pairs: Sequence[tuple[str, str]]
) -> tuple[
    tuple[str, ...], tuple[str, ...], dict[tuple[str, str], tuple[PersonColumn, PersonColumn]]
]:
    """Origins, destinations and their codes by pair of waves, seen from the later wave.

    The base is everyone interviewed at the later wave; origins include where those were who did
    not answer at the earlier one.
    """
    states = panel.item(item).state_names
    _refuse_added(panel, states, LOOKING_BACK, item, "panel")
    started: dict[tuple[str, str], tuple[PersonColumn, PersonColumn]] = {}
    seen: tuple[set[int], set[int]] = (set(), set())
    for first, second in pairs:
        origin, destination = _answers_at(panel, item, first), _answers_at(panel, item, second)
        origin = np.where(_joined(panel, first), origin, NEW_ENTRANT)
        inside = panel.present[panel.position(second)] & (panel.weight(second).values > 0)
        for codes, found in zip((origin, destination), seen, strict=True):
            found.update(_seen(len(states), [codes], inside))
        started[first, second] = origin, destination
    # Nobody can have missed a wave before the first of the panel.
    missed = any(panel.position(first) > 0 for first, _ in pairs)
    always = (NEW_ENTRANT, questions.NOT_INTERVIEWED) if missed else (NEW_ENTRANT,)
    added = [code for code in LOOKING_BACK if code in seen[0] or code in always]
    silent = [code for code in ADDED if code in seen[1]]
    size = len(states)
    return (
        (*states, *(LOOKING_BACK[code] for code in added)),
        (*states, *(ADDED[code] for code in silent)),
        {
            pair: (_placed(origin, size, added), _placed(destination, size, silent))
            for pair, (origin, destination) in started.items()
        },
    )


def _seen(size: int, codes: Sequence[PersonColumn], inside: PersonColumn) -> set[int]:
    """List the codes that people inside have, of answers and of those without one."""
    keys = [Key(part.astype(np.int16) - NEW_ENTRANT, size - NEW_ENTRANT) for part in codes]
    found = engines.tables([engines.Table((key,), (), inside) for key in keys])
    return {int(code) + NEW_ENTRANT for table in found for code in np.flatnonzero(table)}


def _answers_at(panel: Panel, item: str, wave: str) -> PersonColumn:
    codes: PersonColumn = panel.answers[item][panel.position(wave)]
    return codes


def _refuse_added(
    panel: Panel, states: tuple[str, ...], added: Mapping[int, str], item: str, base: Way
) -> None:
    """Refuse states of the item that are named like those a base adds."""
    # Only where somebody is not due at a wave is there such a state.
    names = [name for name in added.values() if name != NOT_DUE or panel.not_due]
    reserved = [state for state in states if state in names]
    if reserved:
        raise SelectionError(
            f"base={base!r} adds the states {listing(names)}, but item {item!r} has its "
            f"own {listing(reserved)}. Rename it in the Item, for example 'refused'."
        )


def _placed(codes: PersonColumn, size: int, added: Sequence[int]) -> PersonColumn:
    """Give added states the places after the item's own; others have nobody in the base."""
    # The codes of answers are small; whole arrays of larger numbers take longer to add up.
    table = np.full(size - NEW_ENTRANT, -1, dtype=np.int8 if size < 100 else np.int64)
    table[-NEW_ENTRANT:] = np.arange(size)
    for place, code in enumerate(added):
        table[code - NEW_ENTRANT] = size + place
    placed: PersonColumn = take(table, codes.astype(np.int16) - NEW_ENTRANT)
    return placed


def base_of(
    panel: Panel, item: str, names: list[str], pair: tuple[str, ...], base: Way
) -> tuple[PersonColumn, PersonWeight]:
    """Who is in the base of a wave or pair, and with which weight."""
    answers = panel.answers[item]
    if base == "answered":
        weight = panel.weight(pair[0], pair[-1])
        needed = pair
    elif base == "balanced":
        weight = balanced_weight(panel, names)
        needed = tuple(names)
    elif base == "panel":
        weight = panel.weight(names[0])
        return panel.domain & panel.present[panel.position(names[0])], weight
    elif base == "last":
        weight = panel.weight(names[-1])
        return panel.domain & panel.present[panel.position(names[-1])], weight
    else:
        raise SelectionError(f"base must be 'answered', 'balanced' or 'panel', not {base!r}.")
    inside = panel.domain
    for name in needed:
        inside = inside & (answers[panel.position(name)] >= 0)
    return inside, weight


def bases_of(
    panel: Panel, item: str, names: list[str], keys: Sequence[tuple[str, ...]], base: Way
) -> dict[tuple[str, ...], tuple[PersonColumn, PersonWeight]]:
    """Who may be in the cells of each wave or pair, and with which weight.

    For cells that are crossed from the answers at the waves of the key: these say themselves who
    answered, so that one array serves all.
    """
    if base == "answered":
        return {key: (panel.domain, panel.weight(key[0], key[-1])) for key in keys}
    return dict.fromkeys(keys, base_of(panel, item, names, keys[0], base))


def balanced_weight(panel: Panel, names: Sequence[str]) -> PersonWeight:
    """Return the weight of those who were interviewed at all of some waves."""
    weight = panel.weight(names[0], names[-1])
    return replace(weight, interviewed=panel.interviewed(names))


class Own(NamedTuple):
    """A label column that a measure has of its own, besides groups."""

    name: str
    categories: Sequence[str]
    role: Role = "state"


def cross_of(
    panel: Panel,
    groups: Sequence[str],
    wave: str,
    codes: Sequence[PersonColumn],
    sizes: Sequence[int],
    inside: PersonColumn,
) -> Cross:
    """Cross groups and states; people outside the base are in no cell.

    `wave` is the one whose value counts in a group by wave; `sizes` are the numbers of states.
    """
    grouped = [panel.group(name) for name in groups]
    position = panel.position(wave)
    parts = [(group.at(position), len(group.categories)) for group in grouped]
    parts += zip(codes, sizes, strict=True)
    return Cross(tuple(Key(part, size) for part, size in parts), inside)


def accounts_of(
    panel: Panel, names: Sequence[str], keys: Iterable[Pair], base: Way
) -> dict[Pair, Account]:
    """Say who may be in the base of each wave or pair, as `base_of` has it."""
    if base in ("panel", "last"):
        wave = names[-1 if base == "last" else 0]
        return dict.fromkeys(keys, Account(wave, (), panel.weight(wave)))
    if base == "balanced":
        weight = balanced_weight(panel, names)
        return {key: Account(key[0], tuple(names), weight) for key in keys}
    return {key: Account(key[0], key, panel.weight(key[0], key[-1])) for key in keys}


def base_words(base: Way, names: Sequence[str], *, pairs: bool, each: bool = False) -> str:
    """Say who is in the base of a measure; of several items `each` may have its own."""
    if each and base == "balanced":
        return Phrase("people with an answer to the item at all of {waves}", waves=in_a_row(names))
    if each and base == "answered":
        return Phrase(
            "people with an answer to the item at both waves"
            if pairs
            else "people with an answer to the item at the wave (each wave a cross-section)"
        )
    if base == "balanced":
        return Phrase("people with an answer at all of {waves}", waves=in_a_row(names))
    if base == "panel":
        return Phrase("everyone interviewed at {wave}", wave=names[0])
    if base == "last":
        return Phrase("everyone interviewed at {wave}", wave=names[-1])
    if pairs:
        return Phrase("people with an answer at both waves")
    return Phrase("people with an answer at the wave (each wave a cross-section)")


def about_of(
    panel: Panel,
    item: Items,
    names: Sequence[str],
    groups: Sequence[str],
    who: str,
    accounts: Mapping[Pair, Account],
) -> About:
    """Start a caption with all that the panel knows; `who` is the base in words.

    Of several items it holds what they have in common.

    The measure adds its name, its title, its states and the weights. `accounts` tells, for each
    wave or pair of waves, who of those interviewed may be in the base.
    """
    unknown = [name for name in groups if _some_unknown(panel, name, names)]
    if unknown:
        who = Phrase("{base}, with a known {groups}", base=who, groups=all_of(unknown))
    if panel.domain_text:
        who = Phrase("{base}, {domain}", base=who, domain=panel.domain_text)
    items = [item] if isinstance(item, str) else list(item)
    asked = [panel.question(name) for name in items]
    notes = notes_on(panel, items, names, accounts)
    changes: dict[str, list[str]] = {}
    for wave, text in (change for one in asked for change in one.changes.items()):
        changes.setdefault(wave, []).append(text)
    sampled = sampling_words(
        panel.design,
        panel.sampling,
        reweighted=bool(panel.calibrations),
        independent=panel.independent,
    )
    return About(
        measure="",
        title=all_of(items),
        item=all_of(items),
        domain=panel.domain_text,
        question=same_of(one.question for one in asked),
        label=same_of(one.label for one in asked),
        neutral=same_of(one.neutral_state or "" for one in asked),
        changes={wave: one_after_another([*dict.fromkeys(said)]) for wave, said in changes.items()},
        states=asked[0].state_names,
        coded=_coded(asked[0], names) if len(asked) == 1 else {},
        ends=_ends(asked[0]) if len(asked) == 1 else None,
        answered=_answered(asked, names),
        waves=tuple(names),
        all_waves=panel.waves,
        asked_waves=tuple(
            wave for wave in panel.waves if any(one.columns_at(wave) for one in asked)
        ),
        base=who,
        asked=notes.asked,
        weightless=notes.weightless,
        lost=notes.lost,
        undeclared=sampled.undeclared,
        design=sampled.drawn,
        population=sampled.population,
        sample=panel.design.sample,
        dates=panel.dates,
        days=panel.days,
        source=panel.source,
        marks=frozenset([panel.sampling.mark]),
        independent=panel.independent,
        modelled=panel.imputed_words(items, names),
    )


def _coded(question: questions.AnyQuestion, names: Sequence[str]) -> dict[str, str]:
    """Say which codes count as each state; by wave where they are not the same at all."""
    found: dict[str, dict[str, list[str]]] = {}
    if not isinstance(question, questions.Item):
        return {}
    for wave in (wave for wave in names if question.columns_at(wave)):
        for state, codes in question.codes_at(wave).items():
            text = ", ".join(sorted(map(code_text, codes)))
            found.setdefault(state, {}).setdefault(text, []).append(wave)
    return {
        state: next(iter(texts))
        if len(texts) == 1
        else "; ".join(f"{text} ({', '.join(waves)})" for text, waves in texts.items())
        for state, texts in found.items()
    }


def _answered(asked: Sequence[questions.AnyQuestion], names: Sequence[str]) -> str:
    """Say who has answered a question that takes several answers; "" of other questions."""
    told = [
        one.answered_at(wave)
        for one in asked
        if isinstance(one, questions.Option)
        for wave in names
        if one.columns_at(wave)
    ]
    return one_after_another([*dict.fromkeys(told)]) if told else ""


def _ends(question: questions.AnyQuestion) -> tuple[float, float] | None:
    return (question.low, question.high) if isinstance(question, questions.Score) else None


def _some_unknown(panel: Panel, group: str, names: Sequence[str]) -> bool:
    """Tell whether anyone has no category, at any of the waves if it can change."""
    waves = names if panel.group(group).use == "wave" else names[:1]
    codes = [panel.group(group).at(panel.position(name)) for name in waves]
    return any((part < 0).any() for part in codes)
