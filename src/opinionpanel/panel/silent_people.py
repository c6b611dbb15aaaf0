"""People without an answer to anything at a wave: perhaps there was no interview."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np

from opinionpanel.errors import count_people
from opinionpanel.panel.record import PanelRecord

# Fewer people, or a smaller share of a wave, may have nothing to say by chance.
FEW, MANY = 10, 0.05
# So many of those without an answer to an item have none to any.
SAME = 0.5


def silence_conditions(panel: PanelRecord) -> Iterator[tuple[Hashable, Any]]:
    """List who is counted for the notes, by name.

    With one question, people are noticed only if they have no positive weight either; nobody is
    where a status or a weight tells who was interviewed.
    """
    for wave in panel.waves:
        if wave in panel.told:
            continue
        here = panel.present[panel.position(wave)]
        asked = _asked(panel, wave)
        silent = [panel.answers[name][panel.position(wave)] < 0 for name in asked]
        if len(asked) == 1 and panel.design.weight_text(wave) != "none":
            silent.append(panel.weights[wave] <= 0)
        if len(silent) > 1:
            yield ("all silent", wave), here & reduce(np.logical_and, silent)
            for place, without in enumerate(silent):
                yield ("silent", wave, place), here & without
            yield ("interviewed", wave), here


def silence_notes(panel: PanelRecord, counts: Mapping[Hashable, int]) -> list[str]:
    """Say at which waves 5% or more of those interviewed have no answer to any question."""
    notes = []
    for wave in panel.waves:
        if ("all silent", wave) not in counts:
            continue
        silent, people = counts["all silent", wave], counts["interviewed", wave]
        asked = _asked(panel, wave)
        least = min(counts["silent", wave, place] for place in range(max(len(asked), 2)))
        if silent < max(FEW, MANY * people) or silent < SAME * least:
            continue
        what = f"no answer to any of the {len(asked)} {_kinds(panel, asked)}s"
        if len(asked) == 1:
            what = f"no answer to {_kinds(panel, asked)} {asked[0]} and no positive weight"
        notes.append(
            f"at {wave}, {silent:,} of {count_people(people)} interviewed ({silent / people:.0%}) "
            f"have {what}: perhaps there was no interview. If so, say who was interviewed, by "
            "interviewed=op.Status('column', [codes]), by interviewed='weight', or by codes of an "
            "item, no_interview=[…]."
        )
    return notes


def _asked(panel: PanelRecord, wave: str) -> list[str]:
    return [name for name in panel.questions if wave in panel.asked(name)]


def _kinds(panel: PanelRecord, asked: Sequence[str]) -> str:
    """Name the kind that questions have in common."""
    kinds = {panel.question(name).kind for name in asked}
    return kinds.pop() if len(kinds) == 1 else "question"
