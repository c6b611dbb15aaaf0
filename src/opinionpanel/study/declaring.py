"""The file ``study.toml`` read into a declaration, or all that is wrong with it."""

from dataclasses import replace
from pathlib import Path

from opinionpanel.panel import rows_of
from opinionpanel.questions import Item
from opinionpanel.study.answer_groups import declared_answers
from opinionpanel.study.declaration import Declaration
from opinionpanel.study.declared_design import declared_design
from opinionpanel.study.declared_estimation import check_estimation, known_people
from opinionpanel.study.declared_people import (
    declared_due,
    declared_groups,
    declared_interviews,
    declared_person,
)
from opinionpanel.study.declared_questions import declared_batteries, declared_questions
from opinionpanel.study.files_beside import file_beside
from opinionpanel.study.keys import StudyKeys, read_keys
from opinionpanel.study.other_studies import found_others, found_samples
from opinionpanel.study.single_file import find_file, waves_in_file


def fault_lines(keys: StudyKeys) -> list[str]:
    """List all faults of a study file, as the lines of a message."""
    number, lines = len(keys.faults), []
    for first, *more in (fault.split("\n") for fault in keys.faults):
        lines += [f"  {first}", *(f"    {line}" for line in more)]
    what, mend = ("1 fault", "it") if number == 1 else (f"{number} faults", "them")
    head, end = f"{keys.path.name} has {what}:", f"Mend {mend} and read the study again."
    return [head, *lines, end]


def declare(path: str | Path) -> Declaration:
    """Read a study file and compare its parts with each other; faults are noted, not raised.

    Those of the studies that it names to stand beside it are faults of their keys.

    Raises
    ------
    StudyError
        The file is missing, or is not TOML.
    """
    declared = _by_itself(path)
    return replace(
        declared,
        others=found_others(declared, _by_itself),
        samples=found_samples(declared, _by_itself),
    )


def _by_itself(path: str | Path) -> Declaration:
    keys = read_keys(path)
    waves = list(dict.fromkeys(keys.wave_names))
    for name in waves:
        if keys.wave_names.count(name) > 1:
            keys.fault(["waves"], f"two waves have the same name, {name!r}; give each its own")
    file = find_file(keys)
    if keys.file:
        waves = keys.wave_names = waves_in_file(keys, file)
    person = declared_person(keys, waves)
    drafts: dict[tuple[str, str], Item] = {}
    items = declared_questions(keys, waves, drafts)
    batteries = declared_batteries(keys, items)
    groups, fixed = declared_groups(keys, "groups", waves), declared_groups(keys, "fixed", waves)
    answers = declared_answers(keys, items, waves)
    due = declared_due(keys, waves)
    design = declared_design(keys, waves)
    interviewed = declared_interviews(keys, waves)
    check_estimation(keys, items, waves)
    files = {} if keys.file else _files(keys)
    return Declaration(
        keys=keys,
        file=file,
        files=files,
        person=person,
        items=items,
        drafts=drafts,
        groups=groups,
        fixed=fixed,
        answer_groups=answers,
        design=design,
        interviewed=interviewed,
        due=due,
        batteries=batteries,
        people=known_people(keys),
    )


def _files(keys: StudyKeys) -> dict[str, Path]:
    files: dict[str, Path] = {}
    first: dict[object, str] = {}
    for place, wave in keys.waves.items():
        key = ["waves", place, "file"]
        if not wave.file:
            keys.fault(key, "is missing")
        elif (path := file_beside(keys, key, wave.file)) is not None:
            same = first.setdefault(rows_of(path, wave.sheet), wave.name)
            if same == wave.name:
                files[wave.name] = path
            else:
                keys.fault(key, f"the same file as that of wave {same!r}")
    return files
