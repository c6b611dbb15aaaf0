"""What a study file says of how figures are estimated beyond counting: checked, and applied."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import product
from typing import Any

import pandas as pd

from opinionpanel.errors import OpinionPanelError, listing, near, placed
from opinionpanel.measures import read_assumptions
from opinionpanel.models import check_times, cohort_names, known_counts
from opinionpanel.panel import Panel
from opinionpanel.questions import Item, Questions
from opinionpanel.study.estimation_forms import StudyAnchor, StudyCombine, StudySmallGroups
from opinionpanel.study.files_beside import file_beside
from opinionpanel.study.keys import StudyKeys, check_waves
from opinionpanel.waves import read_wave
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
    if keys.combine is not None:
        _check_combine(keys, keys.combine, waves)
    if (chance := keys.impute) is not None:
        keys.attempt(["impute"], partial(check_times, chance.m, chance.seed))
    if (moves := keys.possible_moves) is not None:
        _check_groups(keys, ["possible_moves", "by"], moves.by)
        keys.attempt(["possible_moves", "assume"], partial(read_assumptions, moves.assume))
        if not keys.independent:
            keys.fault(
                ["possible_moves"],
                'is for waves that asked other people each, person = "none"; of linked people '
                "the report shows who moved where",
            )
    if (small := keys.small_groups) is not None:
        _check_groups(keys, ["small_groups", "by"], small.by)
        for name in ("effects", "to"):
            _check_once(keys, ["small_groups", name], getattr(small, name))
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


def _check_combine(keys: StudyKeys, written: StudyCombine, waves: list[str]) -> None:
    """Note sources and waves of effects that nothing has, and an item that is known already."""
    known = keys.anchor.item if keys.anchor else ""
    if known in written.items:
        keys.fault(
            ["combine", "items"],
            f"{known!r} is brought to known results by [anchor], which other interviews cannot "
            "change; leave it out",
        )
    sources = [*cohort_names(waves), *written.samples]
    for effect, having in written.effects.items():
        key = ["combine", "effects", effect]
        for source, at in having.items():
            if source not in sources:
                keys.fault(
                    [*key, source], f"there is no such source of interviews.{near(source, sources)}"
                )
            check_waves(keys, [*key, source], at, waves)
    for effect in written.declared:
        if effect not in written.effects:
            keys.fault(
                ["combine", "declared", effect],
                f"there is no such effect in combine.effects.{near(effect, written.effects)}",
            )


def known_people(keys: StudyKeys) -> Mapping[Hashable, float] | None:
    """Read how many people the population has in each small group; a fault is noted.

    A file with a column for each of the groups, and one of numbers, ``people``.
    """
    small = keys.small_groups
    if small is None or not small.population:
        return None
    key = ["small_groups", "population"]
    path = file_beside(keys, key, small.population)
    if path is None:
        return None
    wanted = [*small.by, "people"]
    read = partial(read_wave, path, columns=wanted, text=small.by, encoding=keys.encoding or None)
    wave = keys.attempt(key, read)
    if wave is None:
        return None
    frame = wave.frame
    groups = list(frame[small.by].itertuples(index=False, name=None))
    index = pd.Index(groups, tupleize_cols=False)
    numbers = pd.Series(frame["people"].to_numpy(), index=index)
    counts = keys.attempt(key, partial(known_counts, numbers, small.by, groups))
    if counts is None:
        return None
    names = [group[0] for group in groups] if len(small.by) == 1 else groups
    return dict(zip(names, counts.tolist(), strict=True))


def check_people(panel: Panel, small: StudySmallGroups, people: Mapping[Any, float]) -> None:
    """Refuse numbers of people that are not those of the panel's groups; it names the key."""
    groups = list(product(*(panel.group(name).categories for name in small.by)))
    with of_key("small_groups.population"):
        known_counts(people, small.by, groups)


def _check_items(
    keys: StudyKeys, key: Sequence[object], names: Sequence[str], items: Questions
) -> None:
    """Note names of no item; of an item that has a fault of its own nothing more is said."""
    asked = {name: None for name, one in items.items() if isinstance(one, Item)} | keys.items
    _check_once(keys, key, names)
    for name in names:
        if name not in asked:
            keys.fault(key, f"there is no item {name!r}.{near(name, asked)}")


def _check_groups(keys: StudyKeys, key: Sequence[object], names: Collection[str]) -> None:
    _check_once(keys, key, names)
    for name in names:
        if name not in keys.groups:
            keys.fault(key, f"there is no group {name!r}.{near(name, keys.groups)}")


def _check_once(keys: StudyKeys, key: Sequence[object], names: Collection[str]) -> None:
    """Note names that stand twice in a list."""
    twice = [name for name, times in Counter([*names]).items() if times > 1]
    if twice:
        keys.fault(key, f"names {listing(twice)} twice")


@contextmanager
def of_key(key: str) -> Iterator[None]:
    """Name the key of the study file in what is refused."""
    try:
        yield
    except OpinionPanelError as error:
        raise type(error)(*placed(key, error)) from None


def anchored(panel: Panel, written: StudyAnchor) -> Panel:
    """Bring a panel to the results that its study knows; a refusal names the key."""
    # A dict of numbers by name is one by whatever can be a key.
    known: dict[str, Any] = {**written.known}
    margins: dict[str | tuple[str, ...], Any] = {}
    margins.update(written.margins)
    with of_key("anchor"):
        return anchor(
            panel,
            written.item,
            known,
            margins=margins or None,
            bounds=written.bounds,
        )
