"""The studies that a study file names to stand beside its own: found, and checked against it."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from opinionpanel.errors import listing
from opinionpanel.escaping import terminal_text
from opinionpanel.panel import rows_of
from opinionpanel.questions import Item, Option, Score
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
    wrong = any(fault.startswith("name: ") for fault in keys.faults)
    if keys.side_by_side and not keys.name and not wrong:
        keys.fault(["name"], 'is missing; beside others a study has a short name, name = "Russia"')
    return _found(declared, read, [KEY], keys.side_by_side)


def found_samples(
    declared: Declaration, read: Callable[[Path], Declaration]
) -> Mapping[str, Declaration]:
    """Read the studies that are combined with this one, as `found_others` reads others."""
    combine = declared.keys.combine
    files = {} if combine is None else combine.samples
    found = _found(declared, read, ["combine", "samples"], files)
    waves = set(declared.keys.wave_names)
    for name, other in found.items():
        if not waves & {*other.keys.wave_names}:
            declared.keys.fault(
                ["combine", "samples", name],
                f"none of its waves is called like one of this study, {listing(waves)}; waves at "
                "the same time have the same name in both files",
            )
    return found


def _found(
    declared: Declaration,
    read: Callable[[Path], Declaration],
    key: list[str],
    files: Mapping[str, str],
) -> Mapping[str, Declaration]:
    """Read the studies that a key names, by their names; those without a fault."""
    keys = declared.keys
    found: dict[str, Declaration] = {}
    for name, file in files.items():
        place = [*key, name]
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
    """Name the questions that two studies have both: of several answers, with a common option."""
    return [
        name
        for name in one.questions
        if name in other.questions
        and (
            name not in one.multiple
            or name not in other.multiple
            or one.multiple[name].options.keys() & other.multiple[name].options.keys()
        )
    ]


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
        first = faults[0].removesuffix(".")
        yield f"{file} has faults: {first}{more}. See all with: opinionpanel check {file}"


def _against(one: Declaration, other: Declaration, file: str) -> Iterator[str]:
    """Say why two studies cannot stand side by side."""
    here = one.keys.path.name
    yield from _same_people(one, other, here, file)
    shared = in_common(one.keys, other.keys)
    if not shared:
        yield (
            f"{here} and {file} have no item, score or option of the same name. Call alike in "
            "both what asked the same."
        )
    for name in shared:
        kinds = [_kind(study.keys.kind(name)) for study in (one, other)]
        if len({*kinds}) > 1:
            first, second = kinds
            yield (
                f"{name!r} is {first} in {here} and {second} in {file}. Declare it alike, or give "
                "one of them another name."
            )
        yield from _other_people(name, one, other, here, file)
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


def _kind(called: str) -> str:
    """Say of which kind a question is; a scale is a score, whatever it is computed from."""
    called = "score" if called == "scale" else called
    return f"an {called}" if called == "item" else f"a {called}"


def _other_people(
    name: str, one: Declaration, other: Declaration, here: str, file: str
) -> Iterator[str]:
    """Say that other people count as having answered a question that takes several answers."""
    left, right = _answered(name, one), _answered(name, other)
    if left and right and {*left} != {*right}:
        yield (
            f"multiple question {name!r} is taken as answered by those {'; '.join(left)} in "
            f"{here}, {'; '.join(right)} in {file}. Their shares would be of other people. "
            "Declare none and nothing alike in both, or give one of the questions another name."
        )


def _answered(name: str, declared: Declaration) -> list[str]:
    told = {
        option.answered_at(wave): None
        for option in declared.items.values()
        if isinstance(option, Option) and option.multiple == name
        for wave in declared.keys.wave_names
        if option.columns_at(wave)
    }
    return [*told]


def _other_states(name: str, one: Item, other: Item, here: str, file: str) -> Iterator[str]:
    left = [state for state in one.state_names if state not in other.state_names]
    right = [state for state in other.state_names if state not in one.state_names]
    if left or right:
        yield (
            f"item {name!r} has other states: {listing(left)} only in {here}, "
            f"{listing(right)} only in {file}. Give both the same states, or give one "
            "of the items another name."
        )


def _rows(declared: Declaration) -> dict[object, str]:
    """Name the wave files by what they hold: a sheet of a workbook is a file of its own."""
    if declared.file is not None:
        return {rows_of(declared.file, declared.keys.sheet): declared.file.name}
    waves = {wave.name: wave for wave in declared.keys.waves.values()}
    return {rows_of(path, waves[name].sheet): path.name for name, path in declared.files.items()}
