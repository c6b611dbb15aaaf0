"""Wave files to waves and panels: labels and declared missing values are kept."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from opinionpanel.design import Design
from opinionpanel.errors import ReadError, listing, unknown
from opinionpanel.items import Item
from opinionpanel.linking import Person, id_columns
from opinionpanel.panel import Panel
from opinionpanel.waves import Wave

__all__ = ["read_panel", "read_wave"]

FilePath = str | Path


def read_wave(
    path: FilePath, *, columns: Sequence[str] | None = None, encoding: str | None = None
) -> Wave:
    """Read one wave file with its labels.

    Parameters
    ----------
    path : str or pathlib.Path
        A ``.sav``, ``.zsav``, ``.dta``, ``.csv`` or ``.parquet`` file.
    columns : sequence of str, optional
        Read only these columns; by default all.
    encoding : str, optional
        Text encoding, where the file does not say or says it wrongly.

    Returns
    -------
    Wave
        The frame and what the file says about it. Codes declared user-missing, such as 98 "don't
        know", are values of the frame; only blank answers are NaN.

    Raises
    ------
    ReadError
        The file does not exist, is damaged or of another format, or lacks a column.

    Examples
    --------
    >>> import opinionpanel as op
    >>> folder = op.datasets.folder("attitudes_2024")
    >>> wave = op.read_wave(folder / "wave1.sav", columns=["resp_id", "q12"])
    >>> sorted(wave.labels["q12"])[-2:]
    [98.0, 99.0]
    """
    path = Path(path)
    if not path.is_file():
        raise ReadError(f"There is no file {str(path)!r}. Check the path and the folder.")
    readers: dict[str, Callable[..., Wave]] = {
        ".sav": _read_labelled,
        ".zsav": _read_labelled,
        ".dta": _read_labelled,
        ".csv": _read_plain,
        ".parquet": _read_plain,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise ReadError(
            f"{path.name}: files ending in {path.suffix!r} cannot be read. "
            f"Save the wave as one of {listing(readers)}."
        )
    return reader(path, None if columns is None else list(dict.fromkeys(columns)), encoding)


def read_panel(
    files: Mapping[str, FilePath],
    *,
    person: Person,
    items: Mapping[str, Item],
    groups: Sequence[str] = (),
    design: Design | None = None,
    encoding: str | None = None,
    dates: Mapping[str, str] | None = None,
    source: str = "",
) -> Panel:
    """Read wave files and link them into a panel.

    Parameters
    ----------
    files : dict of str to path
        Wave name to file, in the order of fieldwork.
    person, items, groups, design, dates, source
        As in `Panel.from_waves`. Only the columns they name are read.
    encoding : str, optional
        As in `read_wave`, for all files.

    Returns
    -------
    Panel

    Raises
    ------
    OpinionPanelError
        As in `read_wave` and `Panel.from_waves`.

    Examples
    --------
    >>> import opinionpanel as op
    >>> folder = op.datasets.folder("attitudes_2024")
    >>> support = op.Item(
    ...     column={"Jul 2024": "q12", "Nov 2024": "q9"},
    ...     states={"approve": [1, 2], "unsure": [3, 98, 99], "oppose": [4, 5]},
    ... )
    >>> panel = op.read_panel(
    ...     {"Jul 2024": folder / "wave1.sav", "Nov 2024": folder / "wave2.sav"},
    ...     person="resp_id",
    ...     items={"support": support},
    ...     design=op.Design(weight="wgt", stratum="region", psu="settlement"),
    ... )
    >>> panel.waves
    ('Jul 2024', 'Nov 2024')
    """
    design = design or Design(weight=None)
    groups = [groups] if isinstance(groups, str) else list(groups)
    traits = dict.fromkeys(groups, "groups")
    for role in ("stratum", "psu", "fpc"):
        if (column := getattr(design, role)) is not None:
            traits[column] = role
    names = {wave: _column_names(Path(path), encoding) for wave, path in files.items()}
    for trait, purpose in traits.items():
        if files and not any(trait in known for known in names.values()):
            first = next(iter(files))
            near = unknown("column", trait, names[first])
            raise ReadError(f"Wave {first!r} ({Path(files[first]).name}), {purpose}: {near}")
    waves: dict[str, Wave] = {}
    for wave, path in files.items():
        columns = [*_needed(wave, person, items), *_weight_columns(design, wave)]
        for column in columns:
            if column not in names[wave]:
                near = unknown("column", column, names[wave])
                raise ReadError(f"Wave {wave!r} ({Path(path).name}): {near}")
        # Groups and design columns may stand in some waves only.
        columns += [trait for trait in traits if trait in names[wave]]
        waves[wave] = read_wave(path, columns=columns, encoding=encoding)
    return Panel.from_waves(
        waves, person=person, items=items, groups=groups, design=design, dates=dates, source=source
    )


def _needed(wave: str, person: Person, items: Mapping[str, Item]) -> list[str]:
    columns = id_columns(person, wave)
    columns += [column for item in items.values() if (column := item.column_at(wave)) is not None]
    return columns


def _weight_columns(design: Design, wave: str) -> list[str]:
    if not isinstance(design.weight, Mapping):
        return [design.weight] if design.weight is not None else []
    # A longitudinal weight is delivered with the later wave of its pair.
    here = {
        key: column
        for key, column in design.weight.items()
        if (key[1] if isinstance(key, tuple) else key) == wave
    }
    return [column for column in here.values() if column is not None]


def _column_names(path: Path, encoding: str | None) -> list[str]:
    suffix = path.suffix.lower()
    if not path.is_file() or suffix not in (".sav", ".zsav", ".dta", ".csv"):
        return list(read_wave(path, encoding=encoding).frame.columns)
    if suffix == ".csv":
        return list(_attempt(path, lambda: pd.read_csv(path, nrows=0, encoding=encoding)).columns)
    _, metadata = _attempt(
        path, lambda: _pyreadstat(path)(str(path), metadataonly=True, encoding=encoding)
    )
    return list(metadata.column_names)


def _pyreadstat(path: Path) -> Callable[..., Any]:
    import pyreadstat

    return pyreadstat.read_dta if path.suffix.lower() == ".dta" else pyreadstat.read_sav


def _read_labelled(path: Path, columns: list[str] | None, encoding: str | None) -> Wave:
    # Formats such as dates are left as numbers: a date that cannot be converted must not stop a
    # read that does not need it.
    options: dict[str, Any] = {
        "user_missing": True,
        "disable_datetime_conversion": True,
        "encoding": encoding,
    }
    if columns is not None:
        options["usecols"] = columns
    frame, metadata = _attempt(path, lambda: _pyreadstat(path)(str(path), **options))
    _check_columns(path, frame, columns, encoding)
    missing = {**metadata.missing_user_values, **metadata.missing_ranges}
    return Wave(
        frame=frame,
        labels=metadata.variable_value_labels,
        wording=metadata.column_names_to_labels,
        missing={name: tuple(map(_range, values)) for name, values in missing.items()},
        source=path.name,
        encoding=encoding or metadata.file_encoding or "",
    )


def _read_plain(path: Path, columns: list[str] | None, encoding: str | None) -> Wave:
    if path.suffix.lower() == ".parquet":
        frame = _attempt(path, lambda: pd.read_parquet(path, columns=columns))
        return Wave(frame=frame, source=path.name)
    frame = _attempt(
        # "None" and "NA" are answers; only an empty field is a blank.
        path,
        lambda: pd.read_csv(path, encoding=encoding, keep_default_na=False, na_values=[""]),
    )
    _check_columns(path, frame, columns, encoding)
    return Wave(
        frame=frame if columns is None else frame[columns],
        source=path.name,
        encoding=encoding or "utf-8",
    )


def _range(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return value["lo"] if value["lo"] == value["hi"] else (value["lo"], value["hi"])


def _check_columns(
    path: Path, frame: pd.DataFrame, columns: list[str] | None, encoding: str | None
) -> None:
    # pyreadstat leaves unknown names out without a word.
    for column in columns or []:
        if column not in frame.columns:
            near = unknown("column", column, _column_names(path, encoding))
            raise ReadError(f"{path.name}: {near}")


def _attempt(path: Path, read: Callable[[], Any]) -> Any:
    """Run a reader of another library; whatever it raises becomes this library's error."""
    try:
        return read()
    except Exception as error:
        kept = str(error).strip() or type(error).__name__
        raise ReadError(
            f"{path.name} cannot be read as {path.suffix.lower()}: {kept}. The file may be "
            "damaged, of another format, or in another text encoding (try "
            "encoding='windows-1251')."
        ) from error
