"""The people of a study file: their ids, groups and traits, and who was interviewed or due."""

from functools import partial
from typing import Any, Literal

from opinionpanel.panel import Cohorts, Due, Person
from opinionpanel.questions import Grouping, Groups, Status
from opinionpanel.study.answer_groups import of_answers
from opinionpanel.study.declared_questions import codes_of, with_blanks
from opinionpanel.study.key_forms import StudyGroup
from opinionpanel.study.keys import StudyKeys, check_waves

Traits = Literal["groups", "fixed"]


def declared_person(keys: StudyKeys, waves: list[str]) -> Person | None:
    """Name the columns of ids, by wave where they differ; None where every wave asked others."""
    person = keys.person
    if keys.independent:
        return None
    if isinstance(person, list):
        return dict.fromkeys(waves, person)
    if isinstance(person, dict):
        check_waves(keys, ["person"], person, waves)
        for wave in waves:
            if wave not in person:
                keys.fault(["person"], f"names no id column for the wave {wave!r}")
        return person
    return person if isinstance(person, str) else None


def declared_groups(keys: StudyKeys, key: Traits, waves: list[str]) -> Groups:
    """Read groups or fixed traits; those with a fault are left out."""
    declared = getattr(keys, key)
    if not isinstance(declared, dict):
        return list(declared)
    groups: dict[str, Any] = {}
    for name, written in declared.items():
        if isinstance(written, str):
            groups[name] = written
            continue
        if of_answers(written):
            continue
        place, before = [key, name], len(keys.faults)
        if isinstance(written.column, dict):
            check_waves(keys, [*place, "column"], written.column, waves)
        made = keys.attempt(place, partial(_grouping, keys, place, written, waves))
        if made is not None and len(keys.faults) == before:
            groups[name] = made
    return groups


def _grouping(keys: StudyKeys, place: list[str], written: StudyGroup, waves: list[str]) -> Grouping:
    states: Any = written.states
    if states is not None:
        by_wave = any(isinstance(part, dict) for part in states.values())
        if by_wave:
            check_waves(keys, [*place, "states"], states, waves)
            states = {wave: codes_of(part) for wave, part in states.items()}
        else:
            states = codes_of(states)
    return Grouping(written.column, states, use=written.use, rest=written.rest, bands=written.bands)


def declared_interviews(keys: StudyKeys, waves: list[str]) -> Status | Literal["weight"] | None:
    """Say what tells who was interviewed; None where it has a fault, or nothing is declared."""
    written = keys.interviewed
    if written is None or isinstance(written, str):
        return written
    by_wave = isinstance(written.column, dict)
    if by_wave and not check_waves(keys, ["interviewed", "column"], written.column, waves):
        return None
    return Status(written.column, with_blanks(written.codes))


def declared_due(keys: StudyKeys, waves: list[str]) -> Due:
    """Say who was due at which wave; nothing where the columns of groups have a fault."""
    written = keys.due
    if isinstance(written, dict):
        for cohort, at in written.items():
            check_waves(keys, ["due"], [cohort], waves)
            check_waves(keys, ["due", cohort], at, waves)
        return written
    for group, at in written.waves.items():
        check_waves(keys, ["due", "waves", group], at, waves)
    by_wave = isinstance(written.column, dict)
    if by_wave and not check_waves(keys, ["due", "column"], written.column, waves):
        return {}
    return keys.attempt("due", partial(Cohorts, written.column, written.waves)) or {}
