"""Groups whose categories are states, as those of questions are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from opinionpanel.arrays import Integers, SmallIntegers
from opinionpanel.errors import ItemError, listing, unknown
from opinionpanel.questions.answers import code_answers
from opinionpanel.questions.item import Item
from opinionpanel.waves import Wave


@dataclass(frozen=True, eq=False)
class GroupStates(Item):
    """The states of a group: an item whose refusals need no state; `named` calls it in messages."""

    named: str = field(default="group", kw_only=True)

    nothing: ClassVar[str] = "no value"
    has_not_asked: ClassVar[bool] = False
    needs_missing: ClassVar[bool] = False

    @property
    def kind(self) -> str:
        """What messages call it."""
        return self.named


def code_states(
    item: GroupStates, name: str, waves: Mapping[str, Wave], times: Mapping[str, Integers] | None
) -> tuple[dict[str, SmallIntegers], int, list[str]]:
    """Find the state of each row of waves, how many states nobody has, and what to note."""
    _check_waves(item, name, waves)
    coded = code_answers(item, name, waves, times)
    states = {wave: np.maximum(here, -1) for wave, here in coded.states.items()}
    used = {int(code) for here in states.values() for code in np.unique(here) if code >= 0}
    notes = [note.removeprefix(f"{item.kind} {name!r}: ") for note in coded.notes]
    return states, len(item.state_names) - len(used), notes


def _check_waves(item: GroupStates, name: str, waves: Mapping[str, Wave]) -> None:
    """Refuse states by wave for a wave that is not there, or for some of those with a column."""
    if not item.by_wave:
        return
    for wave in item.states:
        if wave not in waves:
            raise unknown(f"wave in the states of {item.kind} {name!r}:", wave, waves)
    if without := [wave for wave in waves if item.columns_at(wave) and wave not in item.states]:
        raise ItemError(
            f"{item.kind.capitalize()} {name!r}: the states name no codes of wave "
            f"{listing(without)}, which has the column. Add them, or name the column by wave and "
            "leave the wave out."
        )
