"""The items and scores that a study file declares."""

from collections.abc import Hashable, Mapping, Sequence
from functools import partial
from typing import Any

from opinionpanel.errors import listing, near
from opinionpanel.questions import AnyQuestion, Item, Score, coalesce, multiple, scale
from opinionpanel.study.key_forms import (
    BLANK_TEXT,
    Names,
    StudyItem,
    StudyMultiple,
    StudyScale,
    StudyScore,
)
from opinionpanel.study.keys import OF_OPTION, StudyKeys, check_waves, dotted_key
from opinionpanel.study.texts import LANGUAGE, in_language


def declared_questions(
    keys: StudyKeys, waves: list[str], drafts: dict[tuple[str, str], Item]
) -> dict[str, AnyQuestion]:
    """Make all questions that have no fault; each option is an item, as panels hold them.

    Drafts of items are noted in `drafts`.
    """
    items: dict[str, AnyQuestion | None] = {
        name: declared_item(keys, name, written, waves, drafts)
        for name, written in keys.items.items()
    }
    items |= {
        name: _declared_score(keys, name, asked, waves) for name, asked in keys.scores.items()
    }
    items |= {name: _scale(keys, name, written, waves) for name, written in keys.scales.items()}
    for name, written in keys.multiple.items():
        options = _options(keys, name, written, waves)
        for option in options:
            if option in items or option in keys.multiple:
                _name_taken(keys, name, option)
        items |= {option: item for option, item in options.items() if option not in items}
    return {name: item for name, item in items.items() if item is not None}


def declared_batteries(
    keys: StudyKeys, items: Mapping[str, AnyQuestion]
) -> dict[str, Sequence[str]]:
    """Check which items go into one table: those of the same states, which can be compared."""
    found: dict[str, Sequence[str]] = {}
    for name, written in keys.batteries.items():
        place, before = ["batteries", name, "items"], len(keys.faults)
        for item in written.items:
            if item not in keys.items:
                keys.fault(place, f"there is no item {item!r}.{near(item, keys.items)}")
        if len(set(written.items)) < len(written.items):
            keys.fault(place, "names an item twice")
        states = {item: items[item].state_names for item in written.items if item in items}
        if len(set(states.values())) > 1:
            told = "; ".join(f"{item} {listing(several)}" for item, several in states.items())
            keys.fault(
                place, f"have other states: {told}. Give them the same states, in the same order."
            )
        if len(keys.faults) == before and len(states) == len(written.items):
            found[name] = list(written.items)
    return found


def columns_at(column: Names, wave: str) -> list[str]:
    """List the columns that a key names for a wave."""
    here = column.get(wave, []) if isinstance(column, Mapping) else column
    return [here] if isinstance(here, str) else list(here)


def declared_item(
    keys: StudyKeys,
    name: str,
    written: StudyItem,
    waves: list[str],
    drafts: dict[tuple[str, str], Item],
) -> Item | None:
    """Make an item, and note its drafts; None where it has a fault."""
    key = ["items", name]
    before = len(keys.faults)
    asked = [wave for wave in waves if columns_at(written.column, wave)]
    joined = _column(keys, key, written.column, waves)
    states: dict[str, Any] = written.states
    by_wave = any(isinstance(part, dict) for part in states.values())
    dropped = {part for part in keys.dropped if part.startswith(f"{dotted_key(key)}.")}
    if not states and dotted_key([*key, "states"]) not in dropped:
        keys.fault([*key, "states"], "names no state yet; sort its codes, as listed by check")
    check_waves(keys, [*key, "changes"], written.changes, waves)
    names = list(next(iter(states.values()))) if by_wave else list(states)
    if names and written.neutral not in (None, "", *names):
        keys.fault([*key, "neutral"], f"there is no such state.{near(written.neutral, names)}")
    for state in written.labels if names else ():
        if state not in names:
            keys.fault([*key, "labels", state], f"there is no such state.{near(state, names)}")
    if by_wave:
        check_waves(keys, [*key, "states"], states, waves)
        for wave in asked:
            if wave not in states:
                keys.fault([*key, "states"], f"the wave {wave!r} has a column but no states")
    for wave, part in states.items() if by_wave else [("", states)]:
        place = [*key, "states", *([wave] if wave else [])]
        for state, codes in part.items():
            if not codes:
                keys.fault([*place, state], "has no codes yet")
        if full := {state: codes for state, codes in part.items() if codes}:
            make = partial(_made, written, "any", codes_of(full))
            if (draft := keys.attempt(place, make)) is not None:
                drafts[name, wave] = draft
    if len(keys.faults) > before or dropped:
        return None
    codes = {wave: codes_of(part) for wave, part in states.items()} if by_wave else codes_of(states)
    for_charts = {"neutral": written.neutral, "changes": written.changes}
    label = in_language(written.label, LANGUAGE)
    return keys.attempt(key, partial(_made, written, joined, codes, label=label, **for_charts))


def _declared_score(
    keys: StudyKeys, name: str, written: StudyScore, waves: list[str]
) -> Score | None:
    """Make a score; None where it has a fault."""
    key, before = ["scores", name], len(keys.faults)
    joined = _column(keys, key, written.column, waves)
    check_waves(keys, [*key, "changes"], written.changes, waves)
    if _has_fault(keys, key, before):
        return None
    return keys.attempt(key, partial(Score, joined, **_of_numbers(written)))


def _scale(keys: StudyKeys, name: str, written: StudyScale, waves: list[str]) -> Score | None:
    """Make a scale; None where it has a fault."""
    key, before = ["scales", name], len(keys.faults)
    if isinstance(written.columns, dict):
        check_waves(keys, [*key, "columns"], written.columns, waves)
    check_waves(keys, [*key, "changes"], written.changes, waves)
    if _has_fault(keys, key, before):
        return None
    make = partial(
        scale,
        written.columns,
        reverse=written.reverse,
        at_least=written.at_least,
        **_of_numbers(written),
    )
    return keys.attempt(key, make)


def _has_fault(keys: StudyKeys, key: list[str], before: int) -> bool:
    """Tell whether a fault was noted of a question, or a key of it was dropped."""
    dropped = (part.startswith(f"{dotted_key(key)}.") for part in keys.dropped)
    return len(keys.faults) > before or any(dropped)


def _of_numbers(written: StudyScore | StudyScale) -> dict[str, Any]:
    """Give the arguments that scores and scales have alike."""
    return {
        "low": written.low,
        "high": written.high,
        "missing": with_blanks(written.missing),
        "not_asked": with_blanks(written.not_asked),
        "question": in_language(written.question, LANGUAGE),
        "label": in_language(written.label, LANGUAGE),
        "changes": written.changes,
    }


def _options(
    keys: StudyKeys, name: str, written: StudyMultiple, waves: list[str]
) -> dict[str, AnyQuestion]:
    """Make an item of each option of a question that takes several; none where it has a fault."""
    key, before = ["multiple", name], len(keys.faults)
    if isinstance(written.column, dict):
        check_waves(keys, key, written.column, waves)
    check_waves(keys, [*key, "changes"], written.changes, waves)
    if _has_fault(keys, key, before):
        return {}

    def codes(one: Any) -> Any:
        return with_blanks(one) if isinstance(one, list) else one

    selected: Any = written.selected
    if isinstance(selected, dict):
        selected = {option: with_blanks(part) for option, part in selected.items()}

    def make() -> Mapping[str, AnyQuestion]:
        made = multiple(
            {option: codes(one) for option, one in written.options.items()},
            selected=codes(selected),
            columns=written.columns or (),
            unselected=with_blanks(written.unselected),
            none=codes(written.none) or (),
            nothing=written.nothing,
            question=in_language(written.question, LANGUAGE),
            label=in_language(written.label, LANGUAGE),
            changes=written.changes,
            rest=written.rest,
            not_asked=with_blanks(written.not_asked),
            no_interview=with_blanks(written.no_interview),
        )
        return made.items(name)

    return dict(keys.attempt(key, make) or {})


def _name_taken(keys: StudyKeys, name: str, option: str) -> None:
    """Note that an option is called as another question is: one would take the other's place."""
    keys.fault(
        ["multiple", name, "options", option.removeprefix(name + OF_OPTION)],
        f"the option becomes the item {option!r}, and another question has that name already; give "
        "that one another",
    )


def _column(keys: StudyKeys, key: list[str], column: Names, waves: list[str]) -> Any:
    """Write a column as the library does; a wave that is none is a fault."""
    if isinstance(column, dict):
        check_waves(keys, [*key, "column"], column, waves)
    return keys.attempt([*key, "column"], lambda: _joined(column))


def _joined(column: Names) -> Any:
    """Write several columns of one question as the library does."""
    if isinstance(column, str):
        return column
    if isinstance(column, Mapping):
        return {wave: _joined(part) for wave, part in column.items()}
    return column[0] if len(column) == 1 else coalesce(*column)


def codes_of(states: Mapping[str, Sequence[Hashable]]) -> dict[str, list[Hashable]]:
    """Give the codes of each state, with blanks."""
    return {state: with_blanks(codes) for state, codes in states.items()}


def with_blanks(codes: Sequence[Hashable]) -> list[Hashable]:
    """Give codes, None in the place of the word for a blank."""
    return [None if code == BLANK_TEXT else code for code in codes]


def _made(written: StudyItem, column: Any, states: Any, **for_charts: Any) -> Item:
    return Item(
        column,
        states,
        question=in_language(written.question, LANGUAGE),
        rest=written.rest,
        not_asked=with_blanks(written.not_asked),
        no_interview=with_blanks(written.no_interview),
        **for_charts,
    )
