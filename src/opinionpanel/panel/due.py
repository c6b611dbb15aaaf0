"""Who was to be interviewed at which wave: the cohorts of a rotating or refreshed panel.

A cohort is the people who were first interviewed at the same wave.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, combinations_with_replacement, pairwise

import numpy as np

from opinionpanel.engines import PersonColumn, PersonRows, how_many, named
from opinionpanel.errors import SelectionError, count_people, listing, unknown
from opinionpanel.panel.declared import Due
from opinionpanel.questions import NOT_DUE

# Of fewer people all may be lost by chance; and fewer make no pair of waves beside a larger one.
FEWEST = 10
# Of the cohorts, how many a note names.
SHOWN = 4

Pair = tuple[str, str]
Waves = Sequence[str]


@dataclass(frozen=True, eq=False, kw_only=True)
class Rotation:
    """When each cohort was to be interviewed.

    Attributes
    ----------
    due : dict of str to tuple of str
        The wave of the first interview, for each cohort with people, to the waves at which they
        were due, their own included.
    came : dict of (str, str) to int
        Cohort and wave, to the people of the one who were interviewed at the other.
    linked : dict of (str, str) to int
        People interviewed at both of each two waves.
    not_due : dict of str to PersonColumn of bool
        Wave to the people interviewed before who were not due there and were not interviewed;
        waves without any are left out.
    notes : tuple of str
    """

    due: Mapping[str, tuple[str, ...]]
    came: Mapping[Pair, int]
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


def rotation(waves: Waves, present: PersonRows, declared: Due) -> Rotation:
    """Find the cohorts, and when each was due: as declared, or as it looks.

    A cohort that is not declared was not due at a later wave at which none of its people, if they
    are 10 or more, was interviewed.
    """
    stated = _checked(waves, declared)
    cohorts = dict(zip(waves, _cohorts(present), strict=True))
    here = dict(zip(waves, present, strict=True))
    found = how_many(_conditions(waves, cohorts, here))
    came = {(first, last): found["came", first, last] for first, last in _ordered(waves)}
    people = {wave: came[wave, wave] for wave in waves}
    seen = {
        cohort: [wave for wave in _since(waves, cohort) if came[cohort, wave]] for cohort in waves
    }
    due = {}
    for cohort in waves:
        if cohort in stated:
            due[cohort] = stated[cohort]
        elif people[cohort] < FEWEST:
            due[cohort] = _since(waves, cohort)
        else:
            due[cohort] = tuple(seen[cohort])
    due = {cohort: at for cohort, at in due.items() if people[cohort]}
    away = {
        wave: [cohorts[c] for c in due if wave in _since(waves, c) and wave not in due[c]]
        for wave in waves
    }
    return Rotation(
        due=due,
        came=came,
        linked={pair: found["linked", *pair] for pair in combinations(waves, 2)},
        not_due={
            wave: named(reduce(np.logical_or, parts) & ~here[wave])
            for wave, parts in away.items()
            if parts
        },
        notes=(*_noticed(waves, due, people, stated), *_contradicted(stated, came, seen)),
    )


def default_pairs(
    waves: Waves, due: Mapping[str, Waves], came: Mapping[Pair, int], linked: Mapping[Pair, int]
) -> list[Pair]:
    """List the pairs of some waves that link people: consecutive among those of a cohort.

    These are the waves at which it was due, but for those at which none of its people, if they are
    10 or more, was interviewed. At least 10 people are linked by each pair; to a wave that no such
    pair reaches, those that link anybody. All consecutive pairs where nobody is linked at all.
    """
    # How many people each pair can link of the cohorts for which it is consecutive: the few of a
    # small cohort make no pair of a wave that all others have in between.
    most: dict[Pair, int] = defaultdict(int)
    for cohort, at in due.items():
        large = came[cohort, cohort] >= FEWEST
        steps = [wave for wave in waves if wave in at and (came[cohort, wave] or not large)]
        for first, last in pairwise(steps):
            most[first, last] += min(came[cohort, first], came[cohort, last])
    found = []
    for last in waves:
        into = {pair: min(linked[pair], most[pair]) for pair in most if pair[1] == last}
        large = [pair for pair, people in into.items() if people >= FEWEST]
        found += large or [pair for pair, people in into.items() if people]
    found.sort(key=lambda pair: [waves.index(wave) for wave in pair])
    return found or list(pairwise(waves))


def chain(waves: Waves, due: Mapping[str, Waves]) -> tuple[str, ...]:
    """Name the waves at which people of the first of them were due."""
    cohorts = [at for at in due.values() if waves and waves[0] in at]
    return tuple(wave for wave in waves if not cohorts or any(wave in at for at in cohorts))


def _ordered(waves: Waves) -> Iterator[Pair]:
    """Pair each wave with itself and those after it."""
    return combinations_with_replacement(waves, 2)


def _since(waves: Waves, cohort: str) -> tuple[str, ...]:
    return tuple(waves[waves.index(cohort) :])


def _checked(waves: Waves, declared: Due) -> dict[str, tuple[str, ...]]:
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


def _cohorts(present: PersonRows) -> Iterator[PersonColumn]:
    """Find who was first interviewed at each wave."""
    before: PersonColumn | None = None
    for here in present:
        yield here if before is None else here & ~before
        before = here if before is None else before | here


def _conditions(
    waves: Waves, cohorts: Mapping[str, PersonColumn], present: Mapping[str, PersonColumn]
) -> Iterator[tuple[tuple[Hashable, ...], PersonColumn]]:
    """Name the people to count; all are counted in one pass."""
    for first, last in _ordered(waves):
        yield ("came", first, last), cohorts[first] & present[last]
    for first, last in combinations(waves, 2):
        yield ("linked", first, last), present[first] & present[last]


def _noticed(
    waves: Waves,
    due: Mapping[str, Waves],
    people: Mapping[str, int],
    stated: Mapping[str, Waves],
) -> list[str]:
    """Say which cohorts look as if they were not due at some waves, and how to say otherwise."""
    away = {
        cohort: [wave for wave in _since(waves, cohort) if wave not in at]
        for cohort, at in due.items()
        if cohort not in stated
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
    return [
        f"not due, since none of them was interviewed there: {'; '.join(texts)}. They count "
        "neither as lost nor as not interviewed. If they were to be interviewed, declare it: "
        f"due={{{cohort!r}: {list(_since(waves, cohort))}}}"
    ]


def _contradicted(
    stated: Mapping[str, Waves],
    came: Mapping[Pair, int],
    seen: Mapping[str, Waves],
) -> list[str]:
    """Say where what is declared does not fit who was interviewed."""
    notes = [
        f"due= names {cohort}, at which nobody was interviewed for the first time"
        for cohort in stated
        if not came[cohort, cohort]
    ]
    for cohort, at in stated.items():
        extra = [wave for wave in seen[cohort] if wave not in at]
        notes += [
            f"due=: {count_people(came[cohort, wave])} first interviewed at {cohort} "
            f"gave an interview at {wave}, where they were not due; they count as interviewed"
            for wave in extra
        ]
    return notes


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
