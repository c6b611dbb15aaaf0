"""The file ``study.toml``: the study it declares, or all that is wrong with it."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from opinionpanel.arguments import checked
from opinionpanel.design import AnyDesign
from opinionpanel.errors import StudyError, near
from opinionpanel.panel import Cohorts, Due, Fieldwork, Panel, Person, read_panel, rows_of
from opinionpanel.questions import (
    AnyQuestion,
    Grouping,
    Groups,
    Item,
    Questions,
    Score,
    Status,
    coalesce,
)
from opinionpanel.study.answer_groups import (
    AnswersAt,
    declared_answers,
    labels_of_answers,
    of_answers,
)
from opinionpanel.study.declared_design import declared_design
from opinionpanel.study.files_beside import file_beside
from opinionpanel.study.key_forms import BLANK_TEXT, Names, StudyGroup, StudyItem, StudyScore
from opinionpanel.study.keys import StudyKeys, check_waves, dotted_key, read_keys
from opinionpanel.study.single_file import find_file, waves_in_file
from opinionpanel.study.study import Study
from opinionpanel.study.texts import LANGUAGE, METHODS, OF_WAVE, StudyTexts, in_language
from opinionpanel.waves import steady

Traits = Literal["groups", "fixed"]


@dataclass(frozen=True)
class Declaration:
    """What a study file declares, in the library's own terms, as far as it is right.

    Attributes
    ----------
    keys : StudyKeys
        The file's keys and all its faults.
    file : pathlib.Path or None
        The file of all waves, if it is there.
    files : dict of str to pathlib.Path
        Wave to file; those that are there.
    person : str, dict by wave, or None
    items : dict of str to Item or Score
        Those without a fault.
    drafts : dict
        (Item, wave), or (item, "") where all waves have the same states, to an item of those
        states that have codes and no fault; of use for what its codes mean.
    groups, fixed : sequence or dict
    answer_groups : dict of str to AnswersAt
        Groups that are answers to an item at a wave.
    design : Design, ReplicateDesign or None
        None where it has a fault.
    interviewed : Status, "weight" or None
    due : dict of str to list of str, or Cohorts
        Empty where the columns of rotation groups have a fault.
    """

    keys: StudyKeys
    file: Path | None
    files: Mapping[str, Path]
    person: Person | None
    items: Questions
    drafts: Mapping[tuple[str, str], Item]
    groups: Groups
    fixed: Groups
    answer_groups: Mapping[str, AnswersAt]
    design: AnyDesign | None
    interviewed: Status | Literal["weight"] | None
    due: Due

    @property
    def reading(self) -> dict[str, Any]:
        """How to read the wave files: arguments of `read_panel`, for all or by wave."""
        said = self.keys.reading
        if self.keys.file:
            return said
        waves = [wave for wave in self.keys.waves.values() if wave.name in self.files]
        own = {
            name: {wave.name: told for wave in waves if (told := getattr(wave, name) or said[name])}
            for name in ("encoding", "skip_rows", "sheet")
        }
        return said | own

    def trait_key(self, kind: Traits, name: str) -> str:
        """Name the key of a group or a fixed trait: of a list of fixed traits, that of the list."""
        listed = kind == "fixed" and not isinstance(self.keys.fixed, dict)
        return kind if listed else dotted_key([kind, name])

    @property
    def dates(self) -> dict[str, Fieldwork]:
        """Fieldwork by wave, as it is written."""
        return {wave.name: wave.fieldwork for wave in self.keys.waves.values() if wave.fieldwork}

    @property
    def source(self) -> str:
        """Where the data come from, for estimates."""
        return in_language(self.keys.source, LANGUAGE)

    @property
    def texts(self) -> StudyTexts:
        """What the file says to readers, in all its languages."""
        keys, items = self.keys, self.keys.items
        questions = self.keys.questions
        groups = keys.groups if isinstance(keys.groups, dict) else {}
        labels = {name: group.label for name, group in groups.items() if not isinstance(group, str)}
        return StudyTexts(
            title=keys.title,
            source=keys.source,
            methods={name: getattr(keys, name) for name in METHODS},
            waves={
                wave.name: {name: getattr(wave, name) for name in OF_WAVE}
                for wave in keys.waves.values()
            },
            names={**labels_of_answers(keys), **labels, **keys.labels},
            items={
                name: {"label": question.label, "question": question.question}
                for name, question in questions.items()
            },
            states={name: item.labels for name, item in items.items()},
        )


@checked
@steady()
def read_study(path: str | Path) -> Study:
    """Read a study that is declared in a ``study.toml`` file.

    Parameters
    ----------
    path : str or pathlib.Path
        The file; the wave files it names are looked for beside it, and outside its folder only
        with ``allow_outside = true``.

    Returns
    -------
    Study
        Its title, its source, and its panel.

    Raises
    ------
    StudyError
        The file is missing, is not TOML, or has faulty keys; every one of them is named.
    ReadError
        A wave file does not exist, is damaged or of another format, or lacks a column.
    LinkError
        Missing or duplicate ids, ids of different forms, no overlap between waves, dates that
        contradict the order of the waves.
    ItemError
        Answer codes mapped to no state, or with another meaning in another wave.
    DesignError
        Negative or infinite weights, a wave without weights, a single-PSU stratum.

    Examples
    --------
    >>> import opinionpanel as op
    >>> study = op.read_study(op.datasets.folder("attitudes_2024") / "study.toml")
    >>> sorted(study.panel.items)
    ['course', 'peace', 'support']
    """
    declared = declare(path)
    if declared.keys.faults:
        raise StudyError(*fault_lines(declared.keys))
    texts = declared.texts
    return Study(
        title=in_language(texts.title, LANGUAGE),
        source=declared.source,
        panel=read_declared(declared),
        texts=texts,
    )


def read_declared(declared: Declaration) -> Panel:
    """Read the panel of a declaration that has no fault."""
    keys = declared.keys
    files: dict[str, Any] = {"files": declared.files}
    if declared.file is not None:
        files = {
            "files": declared.file,
            "wave": keys.wave or None,
            "waves": keys.wave_names,
        }
    panel = read_panel(
        **files,
        person=declared.person,
        items=declared.items,
        groups=declared.groups,
        design=declared.design,
        fixed=declared.fixed,
        duplicates=keys.duplicates,
        no_id=keys.no_id,
        interviewed=declared.interviewed,
        due=declared.due,
        **declared.reading,
        dates=declared.dates,
        source=declared.source,
    )
    for name, (item, wave) in declared.answer_groups.items():
        panel = panel.group_of(item, wave=wave, name=name)
    return panel


def wave_files(path: str | Path) -> list[Path]:
    """Name the wave files of a study, as far as they are there."""
    declared = declare(path)
    return [*declared.files.values(), *([] if declared.file is None else [declared.file])]


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

    Raises
    ------
    StudyError
        The file is missing, or is not TOML.
    """
    keys = read_keys(path)
    waves = list(dict.fromkeys(keys.wave_names))
    for name in waves:
        if keys.wave_names.count(name) > 1:
            keys.fault(["waves"], f"two waves have the same name, {name!r}; give each its own")
    file = find_file(keys)
    if keys.file:
        waves = keys.wave_names = waves_in_file(keys, file)
    person = _person(keys, waves)
    drafts: dict[tuple[str, str], Item] = {}
    items: dict[str, AnyQuestion] = {
        name: item
        for name, written in keys.items.items()
        if (item := _item(keys, name, written, waves, drafts)) is not None
    }
    items |= {
        name: score
        for name, asked in keys.scores.items()
        if (score := _score(keys, name, asked, waves)) is not None
    }
    groups, fixed = _groups(keys, "groups", waves), _groups(keys, "fixed", waves)
    answers = declared_answers(keys, items, waves)
    due = _due(keys, waves)
    design = declared_design(keys, waves)
    interviewed = _interviewed(keys, waves)
    files = {} if keys.file else _files(keys)
    return Declaration(
        *(keys, file, files, person, items, drafts),
        *(groups, fixed, answers, design, interviewed, due),
    )


def columns_at(column: Names, wave: str) -> list[str]:
    """List the columns that a key names for a wave."""
    here = column.get(wave, []) if isinstance(column, Mapping) else column
    return [here] if isinstance(here, str) else list(here)


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


def _person(keys: StudyKeys, waves: list[str]) -> Person | None:
    person = keys.person
    if keys.independent:
        return None
    if isinstance(person, list):
        return dict.fromkeys(waves, person)
    if isinstance(person, dict):
        check_waves(keys, ["person"], person, waves)
        for wave in waves:
            if wave not in person:
                keys.fault(["person"], f"names no id column for the wave {wave!r}")
        return person
    return person if isinstance(person, str) else None


def _item(
    keys: StudyKeys,
    name: str,
    written: StudyItem,
    waves: list[str],
    drafts: dict[tuple[str, str], Item],
) -> Item | None:
    key = ["items", name]
    before = len(keys.faults)
    asked = [wave for wave in waves if columns_at(written.column, wave)]
    joined = _column(keys, key, written.column, waves)
    states: dict[str, Any] = written.states
    by_wave = any(isinstance(part, dict) for part in states.values())
    dropped = {part for part in keys.dropped if part.startswith(f"{dotted_key(key)}.")}
    if not states and dotted_key([*key, "states"]) not in dropped:
        keys.fault([*key, "states"], "names no state yet; sort its codes, as listed by check")
    check_waves(keys, [*key, "changes"], written.changes, waves)
    names = list(next(iter(states.values()))) if by_wave else list(states)
    if names and written.neutral not in (None, "", *names):
        keys.fault([*key, "neutral"], f"there is no such state.{near(written.neutral, names)}")
    for state in written.labels if names else ():
        if state not in names:
            keys.fault([*key, "labels", state], f"there is no such state.{near(state, names)}")
    if by_wave:
        check_waves(keys, [*key, "states"], states, waves)
        for wave in asked:
            if wave not in states:
                keys.fault([*key, "states"], f"the wave {wave!r} has a column but no states")
    for wave, part in states.items() if by_wave else [("", states)]:
        place = [*key, "states", *([wave] if wave else [])]
        for state, codes in part.items():
            if not codes:
                keys.fault([*place, state], "has no codes yet")
        if full := {state: codes for state, codes in part.items() if codes}:
            make = partial(_made, written, "any", _codes(full))
            if (draft := keys.attempt(place, make)) is not None:
                drafts[name, wave] = draft
    if len(keys.faults) > before or dropped:
        return None
    codes = {wave: _codes(part) for wave, part in states.items()} if by_wave else _codes(states)
    for_charts = {"neutral": written.neutral, "changes": written.changes}
    label = in_language(written.label, LANGUAGE)
    return keys.attempt(key, partial(_made, written, joined, codes, label=label, **for_charts))


def _score(keys: StudyKeys, name: str, written: StudyScore, waves: list[str]) -> Score | None:
    key, before = ["scores", name], len(keys.faults)
    joined = _column(keys, key, written.column, waves)
    check_waves(keys, [*key, "changes"], written.changes, waves)
    if len(keys.faults) > before or any(
        part.startswith(f"{dotted_key(key)}.") for part in keys.dropped
    ):
        return None
    make = partial(
        Score,
        joined,
        low=written.low,
        high=written.high,
        missing=_blanks(written.missing),
        not_asked=_blanks(written.not_asked),
        question=in_language(written.question, LANGUAGE),
        label=in_language(written.label, LANGUAGE),
        changes=written.changes,
    )
    return keys.attempt(key, make)


def _column(keys: StudyKeys, key: list[str], column: Names, waves: list[str]) -> Any:
    """Write a column as the library does; a wave that is none is a fault."""
    if isinstance(column, dict):
        check_waves(keys, [*key, "column"], column, waves)
    return keys.attempt([*key, "column"], lambda: _joined(column))


def _joined(column: Names) -> Any:
    """Write several columns of one question as the library does."""
    if isinstance(column, str):
        return column
    if isinstance(column, Mapping):
        return {wave: _joined(part) for wave, part in column.items()}
    return column[0] if len(column) == 1 else coalesce(*column)


def _codes(states: Mapping[str, Sequence[Hashable]]) -> dict[str, list[Hashable]]:
    return {state: _blanks(codes) for state, codes in states.items()}


def _blanks(codes: Sequence[Hashable]) -> list[Hashable]:
    return [None if code == BLANK_TEXT else code for code in codes]


def _made(written: StudyItem, column: Any, states: Any, **for_charts: Any) -> Item:
    return Item(
        column,
        states,
        question=in_language(written.question, LANGUAGE),
        rest=written.rest,
        not_asked=_blanks(written.not_asked),
        no_interview=_blanks(written.no_interview),
        **for_charts,
    )


def _interviewed(keys: StudyKeys, waves: list[str]) -> Status | Literal["weight"] | None:
    written = keys.interviewed
    if written is None or isinstance(written, str):
        return written
    by_wave = isinstance(written.column, dict)
    if by_wave and not check_waves(keys, ["interviewed", "column"], written.column, waves):
        return None
    return Status(written.column, _blanks(written.codes))


def _due(keys: StudyKeys, waves: list[str]) -> Due:
    written = keys.due
    if isinstance(written, dict):
        for cohort, at in written.items():
            check_waves(keys, ["due"], [cohort], waves)
            check_waves(keys, ["due", cohort], at, waves)
        return written
    for group, at in written.waves.items():
        check_waves(keys, ["due", "waves", group], at, waves)
    by_wave = isinstance(written.column, dict)
    if by_wave and not check_waves(keys, ["due", "column"], written.column, waves):
        return {}
    return keys.attempt("due", partial(Cohorts, written.column, written.waves)) or {}


def _groups(keys: StudyKeys, key: Traits, waves: list[str]) -> Groups:
    """Read groups or fixed traits; those with a fault are left out."""
    declared = getattr(keys, key)
    if not isinstance(declared, dict):
        return list(declared)
    groups: dict[str, Any] = {}
    for name, written in declared.items():
        if isinstance(written, str):
            groups[name] = written
            continue
        if of_answers(written):
            continue
        place, before = [key, name], len(keys.faults)
        if isinstance(written.column, dict):
            check_waves(keys, [*place, "column"], written.column, waves)
        made = keys.attempt(place, partial(_grouping, keys, place, written, waves))
        if made is not None and len(keys.faults) == before:
            groups[name] = made
    return groups


def _grouping(keys: StudyKeys, place: list[str], written: StudyGroup, waves: list[str]) -> Grouping:
    states: Any = written.states
    if states is not None:
        by_wave = any(isinstance(part, dict) for part in states.values())
        if by_wave:
            check_waves(keys, [*place, "states"], states, waves)
            states = {wave: _codes(part) for wave, part in states.items()}
        else:
            states = _codes(states)
    return Grouping(written.column, states, use=written.use, rest=written.rest, bands=written.bands)
