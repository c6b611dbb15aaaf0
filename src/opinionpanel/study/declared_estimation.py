"""What a study file says of how figures are estimated beyond counting: checked, and applied."""

from collections.abc import Iterable, Sequence

from opinionpanel.errors import OpinionPanelError, listing, near, placed
from opinionpanel.panel import Panel
from opinionpanel.questions import Item, Questions
from opinionpanel.study.estimation_forms import StudyAnchor
from opinionpanel.study.keys import StudyKeys, check_waves
from opinionpanel.weighting import anchor


def check_estimation(keys: StudyKeys, items: Questions, waves: list[str]) -> None:
    """Note what is named there and is not in the study."""
    if keys.anchor is not None:
        _check_items(keys, ["anchor", "item"], [keys.anchor.item], items)
        check_waves(keys, ["anchor", "known"], keys.anchor.known, waves)
        _check_groups(keys, ["anchor", "margins"], keys.anchor.margins)
    for key in ("combine", "possible_moves", "small_groups", "impute"):
        written = getattr(keys, key)
        if written is not None:
            _check_items(keys, [key, "items"], written.items, items)
    if keys.possible_moves is not None:
        _check_groups(keys, ["possible_moves", "by"], keys.possible_moves.by)
    if (small := keys.small_groups) is not None:
        _check_groups(keys, ["small_groups", "by"], small.by)
        for name in ("effects", "to"):
            more = [group for group in getattr(small, name) if group not in small.by]
            if more:
                keys.fault(
                    ["small_groups", name],
                    f"{listing(more)} must be among the groups in by, {listing(small.by)}",
                )
        if small.to and not small.population:
            keys.fault(
                ["small_groups", "population"],
                "is missing; how many people each group has is needed to add groups up",
            )


def _check_items(
    keys: StudyKeys, key: Sequence[object], names: Iterable[str], items: Questions
) -> None:
    """Note names of no item; of an item that has a fault of its own nothing more is said."""
    asked = {name: None for name, one in items.items() if isinstance(one, Item)} | keys.items
    for name in names:
        if name not in asked:
            keys.fault(key, f"there is no item {name!r}.{near(name, asked)}")


def _check_groups(keys: StudyKeys, key: Sequence[object], names: Iterable[str]) -> None:
    for name in names:
        if name not in keys.groups:
            keys.fault(key, f"there is no group {name!r}.{near(name, keys.groups)}")


def anchored(panel: Panel, written: StudyAnchor) -> Panel:
    """Bring a panel to the results that its study knows; a refusal names the key."""
    try:
        return anchor(
            panel,
            written.item,
            written.known,
            margins=written.margins or None,
            base=written.base,
            bounds=written.bounds,
        )
    except OpinionPanelError as error:
        raise type(error)(*placed("anchor", error)) from None
