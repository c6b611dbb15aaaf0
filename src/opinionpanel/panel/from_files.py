"""Wave files to a panel: labels and declared missing values are kept."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args

from opinionpanel.arguments import checked
from opinionpanel.design import AnyDesign
from opinionpanel.errors import OpinionPanelError, ReadError, unknown
from opinionpanel.panel.columns_to_read import columns_to_read, mentioned
from opinionpanel.panel.declared import Due, Interviewed, declared
from opinionpanel.panel.linking import Duplicates, Person
from opinionpanel.panel.panel import Panel
from opinionpanel.progress import bytes_read
from opinionpanel.questions import Groups, Item
from opinionpanel.waves import (
    FilePath,
    Request,
    Wave,
    column_names,
    fault,
    read_file,
    read_wave,
    survey,
)

Encoding = str | Mapping[str, str] | None
Engine = Literal["memory", "duckdb"]


@checked
def read_panel(
    files: Mapping[str, FilePath] | FilePath,
    *,
    person: Person,
    items: Mapping[str, Item],
    wave: str | None = None,
    waves: Sequence[str] | None = None,
    groups: Groups = (),
    design: AnyDesign | None = None,
    fixed: Groups = (),
    duplicates: Duplicates = "error",
    no_id: Sequence[Hashable] = (),
    interviewed: Interviewed = None,
    due: Due | None = None,
    encoding: Encoding = None,
    allow_lost_missing: bool | Sequence[str] = False,
    dates: Mapping[str, str] | None = None,
    source: str = "",
    progress: bool | None = None,
    engine: Engine = "memory",
) -> Panel:
    """Read wave files and link them into a panel.

    Parameters
    ----------
    files : dict of str to path, or path
        Wave name to file, in the order of fieldwork; or one file with a row per person and wave.
    wave : str, optional
        The column of the wave, in one file for all.
    waves : sequence of str, optional
        The waves of one file in the order of fieldwork, as in `Panel.from_long`.
    person, items, groups, design, fixed, duplicates, no_id, interviewed, due, dates, source
        As in `Panel.from_waves`. Only the columns they name are read. Groups, fixed traits,
        strata, PSUs and finite populations may stand in some waves only; the weight of a pair of
        waves in either of them.
    encoding : str or dict of str to str, optional
        As in `read_wave`, for all files or by wave.
    allow_lost_missing : bool or sequence of str
        As in `read_wave`, for all files or for the waves named.
    progress : bool, optional
        Show progress on standard error; by default only in a terminal, and only when reading
        takes more than two seconds.
    engine : {"memory", "duckdb"}
        ``"duckdb"`` leaves people in their ``.parquet``, ``.csv`` or ``.tsv`` files, which may be
        larger than memory, and lets DuckDB add them up, in about 1.5 GB of memory. Text files
        must be UTF-8.

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
    if engine not in get_args(Engine):
        raise unknown("engine", engine, get_args(Engine))
    needs: dict[str, Any] = {
        "person": person,
        "items": items,
        "groups": groups,
        "fixed": fixed,
        "design": design,
        "duplicates": duplicates,
        "no_id": no_id,
        "interviewed": interviewed,
        "due": due,
    }
    rest: dict[str, Any] = {"dates": dates, "source": source}
    if not isinstance(files, Mapping):
        if wave is None:
            raise ReadError(
                "read_panel takes {'wave name': 'file', …}, or one file of all waves with the "
                "column that names them, wave='…'; got one file, and no wave=."
            )
        long = _long_wave(files, wave, needs, encoding, engine)
        return Panel.from_long(long, wave=wave, waves=waves, **needs, **rest)
    if wave is not None or waves is not None:
        raise ReadError("wave= and waves= go with one file of all waves, not with a file for each.")
    _refuse_same(files)
    if engine == "duckdb":
        return Panel.from_waves(_duckdb_waves(files, mentioned(declared(**needs))), **needs, **rest)
    requests = {
        name: Request(
            Path(path),
            encoding=_encoding_of(encoding, name, files),
            allow_lost_missing=allow_lost_missing is True or name in (allow_lost_missing or ()),
        )
        for name, path in files.items()
    }
    return Panel.from_waves(_read_waves(requests, needs, progress), **needs, **rest)


def _long_wave(
    file: FilePath, wave: str, needs: dict[str, Any], encoding: Encoding, engine: Engine
) -> Wave:
    """Read one file that has a row per person and wave."""
    if engine == "duckdb":
        return _duckdb_waves({"all": file}, [wave, *mentioned(declared(**needs))])["all"]
    return read_wave(file, encoding=_encoding_of(encoding, "all", {}))


def _read_waves(
    requests: Mapping[str, Request], needs: dict[str, Any], progress: bool | None
) -> dict[str, Wave]:
    """Read what a panel needs of a file for each wave."""
    paths = {name: request.path for name, request in requests.items()}
    chosen = columns_to_read(_names(requests), paths, declared(**needs))
    read: dict[str, Wave] = {}
    with bytes_read(list(paths.values()), progress) as advance:
        for name, request in requests.items():
            with _naming(name):
                read[name] = read_file(replace(request, columns=chosen[name], advance=advance))
    return read


def _duckdb_waves(files: Mapping[str, FilePath], columns: Sequence[str]) -> dict[str, Wave]:
    from opinionpanel.panel.duckdb_files import duckdb_waves

    return duckdb_waves({wave: Path(path) for wave, path in files.items()}, columns)


def _refuse_same(files: Mapping[str, FilePath]) -> None:
    """Refuse a file that is named for two waves: everybody would stay as they were."""
    first: dict[Path, str] = {}
    for wave, path in files.items():
        same = first.setdefault(Path(path).resolve(), wave)
        if same != wave:
            raise ReadError(
                f"Wave {wave!r}: the same file as that of wave {same!r} ({Path(path).name}). Name "
                "each wave's own file. A file that holds several waves is read by read_wave, for "
                "Panel.from_long or Panel.from_wide."
            )


def _names(requests: Mapping[str, Request]) -> dict[str, list[str]]:
    """Name the columns of every file, after one look at all their headers in a child process."""
    damages = survey(request.path for request in requests.values())
    names = {}
    for wave, request in requests.items():
        with _naming(wave):
            if damage := damages.get(request.path):
                raise fault(request.path, damage)
            names[wave] = column_names(request)
    return names


def _encoding_of(encoding: Encoding, wave: str, files: Mapping[str, Any]) -> str | None:
    if not isinstance(encoding, Mapping):
        return encoding
    for name in encoding:
        if name not in files:
            raise unknown("wave in encoding:", name, files)
    return encoding.get(wave)


@contextmanager
def _naming(wave: str) -> Iterator[None]:
    """Say which wave a refused file belongs to."""
    try:
        yield
    except OpinionPanelError as error:
        raise ReadError(f"Wave {wave!r}: {error}") from error.__cause__
