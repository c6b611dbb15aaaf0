"""Whether the wave files of a study can be read, and have the columns that it names."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple, get_args

from opinionpanel.design import matching
from opinionpanel.errors import near
from opinionpanel.panel import (
    Cohorts,
    options_by_wave,
    options_of_one,
    people_at,
    telling_columns,
    waves_apart,
)
from opinionpanel.questions import Grouping, Status, grouping
from opinionpanel.study.declaration import Declaration
from opinionpanel.study.declared_people import Traits
from opinionpanel.study.declared_questions import columns_at
from opinionpanel.study.key_forms import StudyDesign
from opinionpanel.study.keys import StudyKeys, dotted_key
from opinionpanel.study.single_file import headers, lacks
from opinionpanel.waves import (
    ReadOptions,
    Request,
    Wave,
    column_names,
    fault,
    read_file,
    survey,
)


@dataclass(frozen=True)
class Reading:
    """What could be read of a study.

    Attributes
    ----------
    waves : dict of str to Wave
        Of one file for all waves, its parts.
    lacking : set of str
        Keys that name a column which is not there.
    whole : Wave or None
        The file of all waves.
    """

    waves: dict[str, Wave]
    lacking: set[str]
    whole: Wave | None = None


class Need(NamedTuple):
    """A column that a key names for a wave; one that is not `required` may be in another wave."""

    key: str
    column: str
    required: bool


def read_waves(declared: Declaration) -> Reading:
    """Read what the study names of every wave; and collect the keys that name a missing column."""
    keys = declared.keys
    if declared.file is not None:
        return _read_one_file(declared, declared.file)
    waves: dict[str, Wave] = {}
    lacking: set[str] = set()
    known: dict[str, list[str]] = {}
    needed: dict[str, list[Need]] = {}
    # A damaged header could end this program: other ones look first.
    options = keys.attempt("", partial(options_by_wave, declared.files, **declared.reading)) or {}
    damages = keys.attempt("waves", partial(survey, declared.files.values())) or {}
    for wave, path in declared.files.items():
        if damage := damages.get(path):
            keys.fault(f"wave {wave!r}", str(fault(path, damage)))
            continue
        request = Request(path, options=options.get(wave, ReadOptions()))
        names = keys.attempt(f"wave {wave!r}", partial(column_names, request))
        if names is None:
            continue
        known[wave] = names
        needed[wave] = _needed(declared, wave, names)
        lacking |= {
            key
            for key, column, required in needed[wave]
            if required and lacks(keys, key, path, column, names, wave)
        }
        columns = [need.column for need in needed[wave]]
        read = _read_columns(keys, f"wave {wave!r}", request, columns, names)
        if read is not None:
            waves[wave] = read
    return Reading(waves, lacking | _lacking_everywhere(keys, needed, known))


def _read_one_file(declared: Declaration, path: Path) -> Reading:
    """Read what the study names of one file, and part it by wave."""
    keys = declared.keys
    names = headers(keys, path)
    if names is None:
        return Reading({}, set())
    needed = [Need("wave", keys.wave, True)] if keys.wave else []
    for wave in keys.wave_names or [""]:
        needed += _needed(declared, wave, names)
    lacking = {key for key, column, _ in needed if lacks(keys, key, path, column, names)}
    request = Request(path, options=options_of_one(path, **keys.reading))
    whole = _read_columns(keys, "file", request, [need.column for need in needed], names)
    if whole is None or "wave" in lacking or not keys.wave_names:
        return Reading({}, lacking, whole)
    return Reading(keys.attempt("waves", partial(_parts, declared, whole)) or {}, lacking, whole)


def _parts(declared: Declaration, whole: Wave) -> dict[str, Wave]:
    keys = declared.keys
    if keys.wave:
        return waves_apart(whole, keys.wave, keys.wave_names or None)
    asked = {
        wave: [
            column
            for question in keys.questions.values()
            for column in columns_at(question.column, wave)
            if column in whole.frame.columns
        ]
        for wave in keys.wave_names
    }
    asked = {wave: columns for wave, columns in asked.items() if columns}
    return people_at(whole, telling_columns(asked, declared.interviewed))


def _read_columns(
    keys: StudyKeys, key: str, request: Request, columns: list[str], names: list[str]
) -> Wave | None:
    """Read those of the columns that the file has."""
    take = [column for column in dict.fromkeys(columns) if column in names]
    if not take:
        return None
    read = partial(read_file, replace(request, columns=take))
    return keys.attempt(key, read)


def _lacking_everywhere(
    keys: StudyKeys, needed: Mapping[str, list[Need]], headers: Mapping[str, list[str]]
) -> set[str]:
    """Note the columns that no wave has, of those that need not be in all; give their keys."""
    found: set[tuple[str, str]] = set()
    absent: dict[tuple[str, str], list[str]] = {}
    for wave, names in headers.items():
        for key, column, required in needed[wave]:
            if column in names:
                found.add((key, column))
            elif not required:
                absent.setdefault((key, column), names)
    lacking = set()
    for (key, column), names in absent.items():
        if (key, column) not in found:
            keys.fault(key, f"no wave that was read has a column {column!r}.{near(column, names)}")
            lacking.add(key)
    return lacking


def _needed(declared: Declaration, wave: str, names: list[str]) -> list[Need]:
    """List the columns that the study names for a wave."""
    keys, design = declared.keys, declared.keys.design
    needed = [Need("person", column, True) for column in columns_at(keys.ids, wave)]
    for name, question in keys.questions.items():
        key = dotted_key(keys.place(name))
        needed += [Need(key, column, True) for column in columns_at(question.column, wave)]
    for kind in get_args(Traits):
        for name, one in grouping(getattr(declared, kind)).items():
            needed += _of_trait(declared.trait_key(kind, name), name, one, wave)
    if isinstance(declared.interviewed, Status):
        status, by_wave = declared.interviewed, isinstance(declared.interviewed.column, Mapping)
        if (column := status.column_at(wave)) is not None:
            needed.append(Need("interviewed", column, by_wave))
    if isinstance(declared.due, Cohorts):
        needed += _of_trait("due", "", declared.due.grouping, wave)
    return needed if design is None else needed + _needed_by_design(design, wave, names)


def _of_trait(key: str, name: str, where: Grouping, wave: str) -> list[Need]:
    """Name the column of a group at a wave; one that is named for the wave must be there."""
    column = where.column_at(wave, name)
    return [] if column is None else [Need(key, column, isinstance(where.column, Mapping))]


def _needed_by_design(design: StudyDesign, wave: str, names: list[str]) -> list[Need]:
    needed = []
    if wave not in design.unweighted:
        weights = columns_at(design.weight or [], wave)
        needed += [Need("design.weight", column, True) for column in weights]
    for role in ("stratum", "psu", "fpc"):
        if (named := getattr(design, role)) is not None:
            needed += _of_trait(f"design.{role}", role, Grouping(named), wave)
    patterns = columns_at(design.replicates.columns if design.replicates else [], wave)
    for pair in design.longitudinal:
        if wave in (pair.start, pair.end):
            # A longitudinal weight may come with either of its waves.
            needed.append(Need("design.longitudinal", pair.weight, False))
            patterns += columns_at(pair.replicates or [], wave)
    known = dict.fromkeys(names)
    for pattern in patterns:
        needed += [Need("design.replicates", column, False) for column in matching(pattern, known)]
    return needed
