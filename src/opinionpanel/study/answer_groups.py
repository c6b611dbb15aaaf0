"""Groups of a study file that are answers to a question at a wave."""

from typing import NamedTuple

from opinionpanel.errors import listing, near
from opinionpanel.questions import Questions
from opinionpanel.study.key_forms import StudyGroup
from opinionpanel.study.keys import StudyKeys, check_waves
from opinionpanel.study.texts import Text

# The keys of a group that is read from columns.
OF_COLUMNS = ("column", "states", "use", "rest", "bands")


class AnswersAt(NamedTuple):
    """The item and the wave whose answers are a group."""

    item: str
    wave: str


def of_answers(written: StudyGroup | str) -> bool:
    """Tell a group of answers from one that is read from columns."""
    return not isinstance(written, str) and bool(written.item or written.wave)


def declared_answers(keys: StudyKeys, items: Questions, waves: list[str]) -> dict[str, AnswersAt]:
    """Read the groups of answers; those with a fault are noted, and left out."""
    if isinstance(keys.fixed, dict):
        for name, written in keys.fixed.items():
            if of_answers(written):
                text = "answers can change, and are no fixed trait; a group may be made of them"
                keys.fault(["fixed", name, "item"], text)
    groups = keys.groups if isinstance(keys.groups, dict) else {}
    found = {name: written for name, written in groups.items() if of_answers(written)}
    return {
        name: AnswersAt(written.item, written.wave)
        for name, written in found.items()
        if _is_right(keys, ["groups", name], written, items, waves)
    }


def labels_of_answers(keys: StudyKeys) -> dict[str, Text]:
    """Say how readers are told the categories of groups of answers: as the states of the items."""
    groups = keys.groups.values() if isinstance(keys.groups, dict) else ()
    items = [keys.items[one.item] for one in groups if of_answers(one) and one.item in keys.items]
    return {state: label for item in items for state, label in item.labels.items()}


def _is_right(
    keys: StudyKeys, at: list[str], written: StudyGroup, items: Questions, waves: list[str]
) -> bool:
    """Note what is wrong with a group of answers; tell whether nothing is."""
    before = len(keys.faults)
    more = [name for name in OF_COLUMNS if name in written.model_fields_set]
    if more:
        keys.fault(at, f"a group of answers has an item and a wave, and no {listing(more)} besides")
    for name in ("item", "wave"):
        if not getattr(written, name):
            keys.fault([*at, name], "is missing; a group of answers has an item and a wave")
    if written.item and written.item not in keys.items:
        keys.fault(
            [*at, "item"], f"there is no item {written.item!r}.{near(written.item, keys.items)}"
        )
    if written.wave:
        check_waves(keys, [*at, "wave"], [written.wave], waves)
    item = items.get(written.item)
    if len(keys.faults) == before and item is not None and not item.columns_at(written.wave):
        keys.fault([*at, "wave"], f"item {written.item!r} was not asked at wave {written.wave!r}")
    return len(keys.faults) == before
