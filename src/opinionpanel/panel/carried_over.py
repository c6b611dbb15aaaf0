"""Answers of a wave that are those of an earlier wave for everyone, as if carried over."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from opinionpanel.engines import how_many
from opinionpanel.errors import count_people
from opinionpanel.panel.record import PanelRecord

# Fewer people may well all stay with their answers.
LEAST_PEOPLE = 30
# How many waves are looked back: pairs of all waves of a long panel would be too many.
REACH = 4


def _pairs(panel: PanelRecord, item: str) -> Iterator[tuple[str, str]]:
    """Pair each wave with earlier ones, the nearest first."""
    asked = panel.asked(item)
    for place, last in enumerate(asked):
        yield from ((first, last) for first in reversed(asked[max(place - REACH, 0) : place]))


def carried_conditions(panel: PanelRecord) -> Iterator[tuple[Hashable, Any]]:
    """Say who answered an item at two waves, and who otherwise than before."""
    for name in panel.items:
        for first, last in _pairs(panel, name):
            one, other = (panel.answers[name][panel.position(wave)] for wave in (first, last))
            both = (one >= 0) & (other >= 0)
            yield ("both", name, first, last), both
            yield ("moved", name, first, last), both & (one != other)


def carried_notes(panel: PanelRecord, counts: Mapping[Hashable, int]) -> list[str]:
    """Say at which waves everyone gave the answer of an earlier wave, and not all the same."""
    found: dict[tuple[str, str], str] = {}
    for name in panel.items:
        for first, last in _pairs(panel, name):
            people = counts["both", name, first, last]
            if people >= LEAST_PEOPLE and not counts["moved", name, first, last]:
                found.setdefault((name, last), first)
    return [
        f"item {name}: all {count_people(counts['both', name, first, last])} who answered at "
        f"{first} and at {last} gave the same answer: a trait that cannot change belongs in "
        f"fixed= or groups=; else check that {last} has answers of its own, and not those of the "
        "earlier wave carried over"
        for (name, last), first in found.items()
        if _states(panel, name, first, last) > 1
    ]


def _states(panel: PanelRecord, item: str, first: str, last: str) -> int:
    """Count the states that people have who answered at two waves."""
    one, other = (panel.answers[item][panel.position(wave)] for wave in (first, last))
    people = how_many(
        (state, (one == place) & (other >= 0))
        for place, state in enumerate(panel.items[item].state_names)
    )
    return sum(number > 0 for number in people.values())
