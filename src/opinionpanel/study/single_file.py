"""A study whose waves stand in one file, long or wide: its keys, its columns and its waves."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from opinionpanel.errors import near
from opinionpanel.panel import named_waves, options_of_one, order_of_waves
from opinionpanel.study.files_beside import file_beside
from opinionpanel.study.keys import StudyKeys
from opinionpanel.waves import (
    Request,
    Wave,
    column_names,
    fault,
    read_wave,
    single_column,
    survey,
)


def find_file(keys: StudyKeys) -> Path | None:
    """Look for the file of all waves; note keys that go with it alone, or not with it."""
    if not keys.file:
        if keys.wave:
            keys.fault(
                ["wave"],
                "is the column of waves in one file for all waves, and the key file does not name "
                "one; with a file for each wave leave this out",
            )
        return None
    for place, wave in keys.waves.items():
        for key in ("file", "encoding", "skip_rows", "sheet"):
            if getattr(wave, key):
                keys.fault(["waves", place, key], f"stands at the top, as {key} of all waves")
    if isinstance(keys.person, (list, dict)) and not keys.wave:
        keys.fault(["person"], "must be one column, as every row of a wide file is a person")
    if keys.independent and not keys.wave:
        keys.fault(
            ["person"],
            "says that every wave asked other people, and a row of a wide file is a person asked "
            "at several; leave it out, or name the column of ids",
        )
    return file_beside(keys, ["file"], keys.file)


def waves_in_file(keys: StudyKeys, path: Path | None) -> list[str]:
    """Name the waves of the file: those declared, else those that it or the items name."""
    if not keys.wave:
        _check_wide(keys)
    elif keys.person is None and not any(line.startswith("person:") for line in keys.faults):
        keys.fault(["person"], "is missing; only a file with a row per person can do without")
    if keys.wave_names:
        return keys.wave_names
    if not keys.wave:
        named = [
            list(question.column)
            for question in keys.questions.values()
            if isinstance(question.column, Mapping)
        ]
        return keys.attempt(["items"], lambda: order_of_waves(named)) or []
    if keys.wave == keys.person:
        keys.fault(["wave"], "is the person id as well; name the column that says the wave")
        return []
    names = None if path is None else headers(keys, path)
    if path is None or names is None or lacks(keys, "wave", path, keys.wave, names):
        return []
    found = keys.attempt(["wave"], lambda: list(named_waves(_wave_column(keys, path), keys.wave)))
    return found or []


def _wave_column(keys: StudyKeys, path: Path) -> Wave:
    return read_wave(path, columns=[keys.wave], **keys.reading)


def _check_wide(keys: StudyKeys) -> None:
    for name, question in keys.questions.items():
        if not isinstance(question.column, Mapping):
            keys.fault(
                [*keys.place(name), "column"],
                "names no column by wave, as a file with a row per person has them: {w1 = …, w2 = "
                "…}. If a row is an interview, name the column of waves at the top: wave = …",
            )


def headers(keys: StudyKeys, path: Path) -> list[str] | None:
    """Name the columns of the file; a file that cannot be read is a fault."""
    # A damaged header could end this program: another one looks first.
    if damage := (keys.attempt(["file"], lambda: survey([path])) or {}).get(path):
        keys.fault(["file"], str(fault(path, damage)))
        return None
    return keys.attempt(
        ["file"], lambda: column_names(Request(path, options=options_of_one(path, **keys.reading)))
    )


def lacks(
    keys: StudyKeys, key: str, path: Path, column: str, names: Sequence[str], wave: str = ""
) -> bool:
    """Note a column that a file does not have; `wave` is that of a file for each."""
    if column in names:
        return False
    where = f"wave {wave!r} ({path.name})" if wave else path.name
    hint = f"{near(column, names)}{single_column(path, names)}"
    keys.fault(key, f"{where} has no column {column!r}.{hint}")
    return True
