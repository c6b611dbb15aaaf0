"""How each wave file is to be read: options for all files, or by wave."""

from collections.abc import Mapping, Sequence
from numbers import Integral
from pathlib import Path
from typing import Any

from opinionpanel.arguments import listed
from opinionpanel.errors import ReadError, unknown
from opinionpanel.waves import PLAIN, ReadOptions, SheetName, SkipRows, resolved, suffix_of

Encoding = str | Mapping[str, str] | None
Words = Sequence[str] | Mapping[str, Sequence[str]]
RowsToSkip = SkipRows | Mapping[str, SkipRows]
Sheets = SheetName | Mapping[str, SheetName] | None


def options_by_wave(
    files: Mapping[str, Path], *, allow_lost_missing: bool | Sequence[str] = False, **options: Any
) -> dict[str, ReadOptions]:
    """Say how to read each file.

    Parameters
    ----------
    files : dict of str to pathlib.Path
    allow_lost_missing : bool or sequence of str
        For all files, or the waves for which it holds.
    **options
        Those of `ReadOptions`, each for all files or a dict by wave. What is said for all holds
        for the files whose format knows it, of which there must be one.
    """
    for name, value in options.items():
        for wave in value if isinstance(value, Mapping) else ():
            if wave not in files:
                raise unknown(f"wave in {name}:", wave, files)
    found = {}
    for wave, path in files.items():
        here = {name: value.get(wave) for name, value in options.items() if _by_wave(value)}
        here |= {
            name: value
            for name, value in options.items()
            if not _by_wave(value) and _holds(name, path, files)
        }
        given = {name: _frozen(value) for name, value in here.items() if value is not None}
        lost = allow_lost_missing is True or wave in listed(allow_lost_missing)
        found[wave] = ReadOptions(allow_lost_missing=lost, **given)
    return found


def options_of_one(path: Path, **said: Any) -> ReadOptions:
    """Say how to read one file for all waves: no option is by wave."""
    for name, value in said.items():
        by_wave = not isinstance(value, bool) if name == "allow_lost_missing" else _by_wave(value)
        if by_wave:
            raise ReadError(
                f"{name}= is said by wave, and all waves stand in one file, {path.name}: say it "
                "once for the file."
            )
    return options_by_wave({"all": path}, **said)["all"]


def rows_of(path: Path, sheet: object) -> tuple[Path, object]:
    """Name the rows that a file and a sheet hold: the sheets of a workbook are as good as files."""
    return resolved(path), sheet or 1


def check_text_columns(
    options: Mapping[str, ReadOptions], names: Mapping[str, Sequence[str]]
) -> None:
    """Refuse columns to keep as text that no file has."""
    every = {name for columns in names.values() for name in columns}
    for one in options.values():
        for column in one.text:
            if column not in every:
                raise ReadError(f"text=: {unknown('column', column, sorted(every))}")


def _by_wave(value: object) -> bool:
    return isinstance(value, Mapping)


def _frozen(value: Any) -> Any:
    if isinstance(value, Integral):
        # Also a whole number of numpy, which is none of Python's.
        return int(value)
    return value if isinstance(value, str) else tuple(value)


def _holds(name: str, path: Path, files: Mapping[str, Path]) -> bool:
    """Tell whether what is said for all holds for a file; what no file knows is refused there."""
    return (
        name == "encoding"
        or _knows(path, name)
        or not any(_knows(other, name) for other in files.values())
    )


def _knows(path: Path, name: str) -> bool:
    plain = PLAIN.get(suffix_of(path))
    return plain is not None and name in plain.options
