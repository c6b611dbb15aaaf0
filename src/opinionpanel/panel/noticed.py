"""What looks as if something went wrong, counted when a panel is printed or checked."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from opinionpanel.engines import how_many
from opinionpanel.panel.carried_over import carried_conditions, carried_notes
from opinionpanel.panel.link_rates import rate_conditions, rate_notes
from opinionpanel.panel.record import PanelRecord
from opinionpanel.panel.silent_people import silence_conditions, silence_notes
from opinionpanel.panel.who_was_asked import asked_conditions, asked_notes

Conditions = Iterator[tuple[Hashable, Any]]
Counts = Mapping[Hashable, int]


@dataclass(frozen=True)
class Rule:
    """Who must be counted, by name, and what is said of the counts."""

    conditions: Callable[[PanelRecord], Conditions]
    notes: Callable[[PanelRecord, Counts], list[str]]


RULES = (
    Rule(asked_conditions, asked_notes),
    Rule(silence_conditions, silence_notes),
    Rule(carried_conditions, carried_notes),
    Rule(rate_conditions, rate_notes),
)


def counted_conditions(panel: PanelRecord) -> Conditions:
    """Say who must be counted for `counted_notes`, to be counted together with others."""
    for rule in RULES:
        yield from rule.conditions(panel)


def counted_notes(panel: PanelRecord, counts: Counts | None = None) -> list[str]:
    """List what to look at; `counts` are those of `counted_conditions`, if they are there."""
    found = how_many(counted_conditions(panel)) if counts is None else counts
    return [note for rule in RULES for note in rule.notes(panel, found)]
