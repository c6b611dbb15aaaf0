"""Questions that were put only to some of the people at a wave: what to look at."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from opinionpanel.errors import count_people
from opinionpanel.panel.record import PanelRecord
from opinionpanel.questions import NOT_ASKED

# From this share of people not asked, shares of a wave may be those of other people.
MANY = 0.05
# What a measure gives of each kind of question, and the measure that compares the same people.
FIGURES = {
    "item": ("shares there are", "net_change"),
    "score": ("mean there is", "mean_change"),
}


def asked_conditions(panel: PanelRecord) -> Iterator[tuple[Hashable, Any]]:
    """Say who was interviewed, and who was not asked a question."""
    for name, question in panel.questions.items():
        for wave in panel.asked(name) if question.not_asked else ():
            place = panel.position(wave)
            yield ("interviewed", wave), panel.present[place]
            yield ("not asked", name, wave), panel.answers[name][place] == NOT_ASKED


def asked_notes(panel: PanelRecord, counts: Mapping[Hashable, int]) -> list[str]:
    """Say at which waves a question was not put to 5% or more of those interviewed."""
    notes = []
    for name, question in panel.questions.items():
        for wave in panel.asked(name) if question.not_asked else ():
            silent, people = counts["not asked", name, wave], counts["interviewed", wave]
            if silent and silent >= MANY * people:
                figures, change = FIGURES[question.kind]
                were = "was" if silent == 1 else "were"
                notes.append(
                    f"{question.kind} {name}: at {wave}, {silent:,} of {count_people(people)} "
                    f"interviewed ({silent / people:.0%}) {were} not asked. Its {figures} of those "
                    f"asked: compare waves only among people asked at both, as {change} does, or "
                    "narrow the panel to them with panel.where(...)."
                )
    return notes
