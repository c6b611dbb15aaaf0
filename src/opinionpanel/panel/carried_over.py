"""Answers of a wave that are those of an earlier wave for everyone, as if carried over."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from opinionpanel.engines import Key, Table, tables
from opinionpanel.errors import count_people
from opinionpanel.panel.record import PanelRecord

# Fewer people may well all stay with their answers.
LEAST_PEOPLE = 30
# How many waves are looked back: pairs of all waves of a long panel would be too many.
REACH = 4


def _pairs(panel: PanelRecord, name: str) -> Iterator[tuple[str, str]]:
    """Pair each wave with earlier ones, the nearest first."""
    asked = panel.asked(name)
    for place, last in enumerate(asked):
        yield from ((first, last) for first in reversed(asked[max(place - REACH, 0) : place]))


def carried_conditions(panel: PanelRecord) -> Iterator[tuple[Hashable, Any]]:
    """Say who answered a question at two waves, and who otherwise than before."""
    for name in panel.questions:
        for first, last in _pairs(panel, name):
            one, other = (panel.answers[name][panel.position(wave)] for wave in (first, last))
            both = (one >= 0) & (other >= 0)
            yield ("both", name, first, last), both
            yield ("moved", name, first, last), both & (one != other)


def carried_notes(panel: PanelRecord, counts: Mapping[Hashable, int]) -> list[str]:
    """Say at which waves everyone gave the answer of an earlier wave, and not all the same."""
    found: dict[tuple[str, str], str] = {}
    for name in panel.questions:
        for first, last in _pairs(panel, name):
            people = counts["both", name, first, last]
            if people >= LEAST_PEOPLE and not counts["moved", name, first, last]:
                found.setdefault((name, last), first)
    return [
        f"{panel.question(name).kind} {name}: all "
        f"{count_people(counts['both', name, first, last])} who answered at {first} and at {last} "
        "gave the same answer: a trait that cannot change belongs in fixed= or groups=; else check "
        f"that {last} has answers of its own, and not those of the earlier wave carried over"
        for (name, last), first in found.items()
        if _answers(panel, name, first, last) > 1
    ]


def _answers(panel: PanelRecord, name: str, first: str, last: str) -> int:
    """Count the different answers of people who answered at two waves."""
    one, other = (panel.answers[name][panel.position(wave)] for wave in (first, last))
    (people,) = tables([Table((Key(one, panel.answers_known(name)),), (), other >= 0)])
    return int((people > 0).sum())
