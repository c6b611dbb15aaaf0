"""Who was to be interviewed at which wave: the cohorts of a rotating or refreshed panel.

A cohort is the people who were first interviewed at the same wave, and are in the same rotation
group where these are declared.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np

from opinionpanel.engines import Key, PersonColumn, PersonRows, Table, how_many, named, tables
from opinionpanel.errors import SelectionError, count_people, listing, unknown
from opinionpanel.panel.cohorts import RotationGroups
from opinionpanel.questions import NOT_DUE

# Of fewer people all may be lost by chance; and fewer make no pair of waves beside a larger one.
FEWEST = 10
# A smaller share of those who came later, and fewer than that, came out of turn.
HARDLY = 0.05
# Of the cohorts, how many a note names.
SHOWN = 4

Pair = tuple[str, str]
Waves = Sequence[str]
# The wave of the first interview; of a rotation group that is declared, with its name.
Cohort = str | tuple[str, str]
Came = Mapping[tuple[Cohort, str], int]


@dataclass(frozen=True, eq=False, kw_only=True)
class Rotation:
    """When each cohort was to be interviewed.

    Attributes
    ----------
    due : dict of str or (str, str) to tuple of str
        For each cohort with people, the wave of the first interview, or that wave and the rotation
        group, to the waves from then on at which they were due.
    came : dict of (cohort, str) to int
        Cohort and wave from its first on, to the people of the one who were interviewed at the
        other.
    linked : dict of (str, str) to int
        People interviewed at both of each two waves.
    not_due : dict of str to PersonColumn of bool
        Wave to the people interviewed before who were not due there and were not interviewed;
        waves without any are left out.
    notes : tuple of str
    """

    due: Mapping[Cohort, tuple[str, ...]]
    came: Came
    linked: Mapping[Pair, int]
    not_due: Mapping[str, PersonColumn]
    notes: tuple[str, ...]

    def tell(self, waves: Waves, answers: PersonRows) -> PersonRows:
        """Tell people who were not due from others who were not interviewed."""
        if not self.not_due:
            return answers
        codes = [
            named(np.where(self.not_due[wave], np.int8(NOT_DUE), row))
            if wave in self.not_due
            else row
            for wave, row in zip(waves, answers, strict=True)
        ]
        return np.array(codes) if isinstance(answers, np.ndarray) else tuple(codes)


def rotation(
    waves: Waves, present: PersonRows, declared: Mapping[str, Waves] | RotationGroups
) -> Rotation:
    """Find the cohorts, and when each was due: as declared, or as it looks.

    A cohort that is not declared was not due at a later wave at which none of its people, if they
    are 10 or more, was interviewed, or hardly any and far more of them later.
    """
    groups = declared if isinstance(declared, RotationGroups) else None
    stated: dict[Cohort, tuple[str, ...]] = {}
    if isinstance(declared, RotationGroups):
        for wave, (name, at) in product(waves, declared.waves.items()):
            stated[wave, name] = tuple(one for one in _since(waves, wave) if one in at)
    else:
        stated.update(_checked(waves, declared))
    cohorts, numbers = _cohorts(waves, present, groups)
    came = _came(waves, present, cohorts, numbers)
    people = {cohort: came[cohort, first_wave(cohort)] for cohort in cohorts}
    due = {}
    for cohort in cohorts:
        since = _since(waves, first_wave(cohort))
        if cohort in stated:
            due[cohort] = stated[cohort]
        elif people[cohort] < FEWEST:
            due[cohort] = since
        else:
            due[cohort] = _attended(waves, cohort, came)
    due = {cohort: at for cohort, at in due.items() if people[cohort]}
    if groups is None:
        notes = _contradicted(waves, stated, came)
    else:
        notes = [*groups.notes, *_out_of_turn(waves, groups, came)]
    return Rotation(
        due=due,
        came=came,
        linked=_linked(waves, present),
        not_due=_not_due(waves, present, cohorts, numbers, due),
        notes=(*_noticed(waves, due, people, stated, grouped=groups is not None), *notes),
    )


def first_wave(cohort: Cohort) -> str:
    """Name the wave at which the people of a cohort were first interviewed."""
    return cohort if isinstance(cohort, str) else cohort[0]


def default_pairs(
    waves: Waves, due: Mapping[Cohort, Waves], came: Came, linked: Mapping[Pair, int]
) -> list[Pair]:
    """List the pairs of some waves that link people: consecutive among those of a cohort.

    These are the waves at which it was due, but for those at which none of its people, if they are
    10 or more, was interviewed, or hardly any and far more of them later. At least 10 people are
    linked by each pair; to a wave that no such pair reaches, those that link anybody. All
    consecutive pairs where nobody is linked at all.
    """
    # How many people each pair can link of the cohorts for which it is consecutive: the few of a
    # small cohort make no pair of a wave that all others have in between.
    most: dict[Pair, int] = defaultdict(int)
    for cohort, at in due.items():
        many = came[cohort, first_wave(cohort)] >= FEWEST
        steps = _attended(waves, cohort, came) if many else waves
        for first, last in pairwise(wave for wave in steps if wave in at):
            most[first, last] += min(came[cohort, first], came[cohort, last])
    found: list[Pair] = []
    for last in waves:
        into = {pair: min(linked[pair], most[pair]) for pair in most if pair[1] == last}
        large = [pair for pair, people in into.items() if people >= FEWEST]
        found += large or [pair for pair, people in into.items() if people]
    found.sort(key=lambda pair: [waves.index(wave) for wave in pair])
    return found or list(pairwise(waves))


def chain(waves: Waves, due: Mapping[Cohort, Waves]) -> tuple[str, ...]:
    """Name the waves at which people of the first of them were due."""
    cohorts = [at for at in due.values() if waves and waves[0] in at]
    return tuple(wave for wave in waves if not cohorts or any(wave in at for at in cohorts))


def _attended(waves: Waves, cohort: Cohort, came: Came) -> tuple[str, ...]:
    """Name the waves at which people of a cohort came, but for a few who came out of turn."""
    people = {wave: came[cohort, wave] for wave in waves if (cohort, wave) in came}
    found, later = [], 0
    for wave, here in reversed(people.items()):
        if here >= FEWEST or here > HARDLY * later:
            found.append(wave)
        later = max(later, here)
    return tuple(reversed(found))


def _since(waves: Waves, cohort: str) -> tuple[str, ...]:
    return tuple(waves[waves.index(cohort) :])


def _checked(waves: Waves, declared: Mapping[str, Waves]) -> dict[str, tuple[str, ...]]:
    """Bring what is declared to the order of the waves; the own wave of a cohort is always in."""
    stated = {}
    for cohort, at in declared.items():
        named_waves = [at] if isinstance(at, str) else list(at)
        for wave in (cohort, *named_waves):
            if wave not in waves:
                raise unknown("wave in due:", wave, waves)
        since = _since(waves, cohort)
        if early := [wave for wave in named_waves if wave not in since]:
            raise SelectionError(
                f"due: people first interviewed at {cohort!r} cannot have been due before, at "
                f"{listing(early)}. Name the waves from {cohort!r} on: {listing(since)}."
            )
        stated[cohort] = tuple(wave for wave in since if wave == cohort or wave in named_waves)
    return stated


def _cohorts(
    waves: Waves, present: PersonRows, groups: RotationGroups | None
) -> tuple[list[Cohort], PersonColumn]:
    """List the cohorts that there can be, and find the place of everyone's among them."""
    # As small as they can be: of millions of people several arrays are made.
    small = np.int16 if groups is None else np.int32
    whole: Any = small if isinstance(present, np.ndarray) else np.int64
    first: PersonColumn = np.zeros_like(present[0], dtype=whole) - whole(1)
    before: PersonColumn | None = None
    for place, here in enumerate(present, start=1):
        new = here if before is None else here & ~before
        # In memory a look costs little, and at most waves hardly anybody is new.
        if not isinstance(new, np.ndarray) or new.any():
            first = first + new.astype(whole) * whole(place)
        before = here if before is None else before | here
    if groups is None:
        return list(waves), named(first)
    cohorts: list[Cohort] = []
    for wave in waves:
        cohorts += [wave, *((wave, name) for name in groups.waves)]
    return cohorts, named(first * (len(groups.waves) + 1) + groups.places + 1)


def _came(
    waves: Waves, present: PersonRows, cohorts: Sequence[Cohort], numbers: PersonColumn
) -> dict[tuple[Cohort, str], int]:
    """Count the people of each cohort who were interviewed at each wave."""
    key = Key(numbers, len(cohorts))
    found = tables([Table((key,), (here,)) for here in present])
    return {
        (cohort, wave): int(number)
        for wave, table in zip(waves, found, strict=True)
        for cohort, number in zip(cohorts, table, strict=True)
        if wave in _since(waves, first_wave(cohort))
    }


def _linked(waves: Waves, present: PersonRows) -> dict[Pair, int]:
    """Count the people interviewed at both of each two waves."""
    here = dict(zip(waves, present, strict=True))
    return how_many(
        ((first, last), here[first] & here[last]) for first, last in combinations(waves, 2)
    )


def _not_due(
    waves: Waves,
    present: PersonRows,
    cohorts: Sequence[Cohort],
    numbers: PersonColumn,
    due: Mapping[Cohort, Waves],
) -> dict[str, PersonColumn]:
    """Find who was interviewed before each wave, was not due there and was not interviewed."""
    found = {}
    for wave, here in zip(waves, present, strict=True):
        away = [
            place
            for place, cohort in enumerate(cohorts)
            if cohort in due and wave not in due[cohort] and _later(waves, cohort, wave)
        ]
        if away:
            found[wave] = named(np.isin(numbers, away) & ~here)
    return found


def _later(waves: Waves, cohort: Cohort, wave: str) -> bool:
    return waves.index(wave) > waves.index(first_wave(cohort))


def _noticed(
    waves: Waves,
    due: Mapping[Cohort, Waves],
    people: Mapping[Cohort, int],
    stated: Mapping[Cohort, Waves],
    *,
    grouped: bool,
) -> list[str]:
    """Say which cohorts look as if they were not due at some waves, and how to say otherwise."""
    away = {
        cohort: [wave for wave in _since(waves, cohort) if wave not in at]
        for cohort, at in due.items()
        if cohort not in stated and isinstance(cohort, str)
    }
    away = {cohort: missed for cohort, missed in away.items() if missed}
    if not away:
        return []
    texts = [
        f"{count_people(people[cohort])} first interviewed at {cohort}, at {_listed(missed)}"
        for cohort, missed in list(away.items())[:SHOWN]
    ]
    if others := len(away) - SHOWN:
        texts += [f"and of {others} more waves"] if others > 0 else []
    cohort = next(iter(away))
    way_out = f"due={{{cohort!r}: {list(_since(waves, cohort))}}}"
    return [
        f"not due, since none or hardly any of them was interviewed there: {'; '.join(texts)}. "
        "They count neither as lost nor as not interviewed. If they were to be interviewed, "
        "declare it: "
        f"{'name their rotation group in due=' if grouped else way_out}"
    ]


def _contradicted(waves: Waves, stated: Mapping[Cohort, Waves], came: Came) -> list[str]:
    """Say where what is declared of first interviews does not fit who was interviewed."""
    notes = [
        f"due= names {cohort}, at which nobody was interviewed for the first time"
        for cohort in stated
        if isinstance(cohort, str) and not came[cohort, cohort]
    ]
    for cohort, at in stated.items():
        for wave in _since(waves, first_wave(cohort)):
            if wave not in at and came[cohort, wave]:
                notes.append(
                    _came_anyway(came[cohort, wave], f"first interviewed at {cohort}", wave)
                )
    return notes


def _out_of_turn(waves: Waves, groups: RotationGroups, came: Came) -> list[str]:
    """Say which people of rotation groups were interviewed where they were not due."""
    notes = []
    for (name, at), wave in product(groups.waves.items(), waves):
        number = sum(came.get(((first, name), wave), 0) for first in waves)
        if number and wave not in at:
            notes.append(_came_anyway(number, f"of rotation group {name!r}", wave))
    more = len(notes) - SHOWN
    return notes[:SHOWN] + ([f"due=: and so at {more} more waves of groups"] if more > 0 else [])


def _came_anyway(number: int, who: str, wave: str) -> str:
    return (
        f"due=: {count_people(number)} {who} gave an interview at {wave}, where they were not due; "
        "they count as interviewed"
    )


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
