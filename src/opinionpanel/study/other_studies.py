"""The studies that a study file names to stand beside its own: found, and checked against it."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from opinionpanel.errors import listing
from opinionpanel.escaping import terminal_text
from opinionpanel.panel import rows_of
from opinionpanel.questions import Item, Score
from opinionpanel.study.declaration import Declaration
from opinionpanel.study.drafted_places import number_of_places, undecided_in
from opinionpanel.study.files_beside import file_beside
from opinionpanel.study.keys import StudyKeys

KEY = "side_by_side"


def found_others(
    declared: Declaration, read: Callable[[Path], Declaration]
) -> Mapping[str, Declaration]:
    """Read the other studies of a declaration; what is wrong with one is a fault of its key.

    Parameters
    ----------
    declared : Declaration
    read : callable
        Reads a study file without the studies that stand beside it.

    Returns
    -------
    dict of str to Declaration
        By name; those without a fault.
    """
    keys = declared.keys
    found: dict[str, Declaration] = {}
    if keys.side_by_side and not keys.name:
        keys.fault(["name"], 'is missing; beside others a study has a short name, name = "Russia"')
    for name, file in keys.side_by_side.items():
        place = [KEY, name]
        path = file_beside(keys, place, file)
        if path is None:
            continue
        if path.resolve() == keys.path.resolve():
            keys.fault(place, "is this file itself; name those of other studies")
        elif name == keys.name:
            keys.fault(place, "this study has that name; call the other one by another")
        elif (other := keys.attempt(place, partial(read, path))) is not None:
            faults = [*_own_faults(other, file), *_against(declared, other, file)]
            for earlier in found.values():
                faults += _same_people(earlier, other, earlier.keys.path.name, file)
            for fault in faults:
                keys.fault(place, fault)
            if not faults:
                found[name] = other
    return found


def in_common(one: StudyKeys, other: StudyKeys) -> list[str]:
    """Name the items and scores, scales among them, that two studies have both."""
    kinds = ("items", "scores", "scales")
    here, there = ([*(name for kind in kinds for name in getattr(k, kind))] for k in (one, other))
    return [name for name in here if name in there]


def others_text(declared: Declaration) -> str:
    """Say what can be set side by side with other studies; empty where none is named."""
    lines = [
        f"  {name}: {listing(in_common(declared.keys, other.keys), most=20)} "
        f"(from {declared.keys.side_by_side[name]})"
        for name, other in declared.others.items()
    ]
    return terminal_text([f"Side by side with {declared.keys.name}:", *lines]) if lines else ""


def _own_faults(other: Declaration, file: str) -> Iterator[str]:
    """Say that another study has faults of its own, which its own check lists."""
    if places := undecided_in(other.keys.path):
        yield f"{file} is a draft: {number_of_places(places)}. Decide what is open there first."
    if faults := other.keys.faults:
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        yield f"{file} has faults: {faults[0]}{more}. See all with: opinionpanel check {file}"


def _against(one: Declaration, other: Declaration, file: str) -> Iterator[str]:
    """Say why two studies cannot stand side by side."""
    here = one.keys.path.name
    yield from _same_people(one, other, here, file)
    shared = in_common(one.keys, other.keys)
    if not shared:
        yield (
            f"{here} and {file} have no item or score of the same name. Call alike in both what "
            "asked the same."
        )
    for name in shared:
        if one.keys.place(name) != other.keys.place(name):
            yield (
                f"{name!r} is an item in one study and a score in the other. Declare it alike, or "
                "give one of them another name."
            )
        a, b = one.items.get(name), other.items.get(name)
        if isinstance(a, Item) and isinstance(b, Item):
            yield from _other_states(name, a, b, here, file)
        if isinstance(a, Score) and isinstance(b, Score) and (a.low, a.high) != (b.low, b.high):
            yield (
                f"score {name!r} goes from {a.ends} in {here} and from {b.ends} in {file}. Bring "
                "one to the ends of the other in its data, or give it another name."
            )


def _same_people(one: Declaration, other: Declaration, here: str, file: str) -> Iterator[str]:
    own = _rows(one)
    for rows, name in _rows(other).items():
        if rows in own:
            yield (
                f"{name} is a wave file of {here} and of {file}: the same people would stand on "
                "both sides. Studies side by side asked other people."
            )


def _other_states(name: str, one: Item, other: Item, here: str, file: str) -> Iterator[str]:
    left = [state for state in one.state_names if state not in other.state_names]
    right = [state for state in other.state_names if state not in one.state_names]
    if left or right:
        yield (
            f"item {name!r} has other states: {listing(left) or 'none'} only in {here}, "
            f"{listing(right) or 'none'} only in {file}. Give both the same states, or give one "
            "of the items another name."
        )


def _rows(declared: Declaration) -> dict[object, str]:
    """Name the wave files by what they hold: a sheet of a workbook is a file of its own."""
    if declared.file is not None:
        return {rows_of(declared.file, declared.keys.sheet): declared.file.name}
    waves = {wave.name: wave for wave in declared.keys.waves.values()}
    return {rows_of(path, waves[name].sheet): path.name for name, path in declared.files.items()}
