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
from opinionpanel.panel.file_options import (
    Encoding,
    RowsToSkip,
    Sheets,
    Words,
    check_text_columns,
    options_by_wave,
)
from opinionpanel.panel.linking import Duplicates, Person
from opinionpanel.panel.panel import Panel
from opinionpanel.progress import bytes_read
from opinionpanel.questions import Groups, Item
from opinionpanel.waves import (
    FilePath,
    ReadOptions,
    Request,
    Wave,
    column_names,
    fault,
    read_file,
    read_wave,
    suffix_of,
    survey,
)

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
    blanks: Words = (),
    text: Words = (),
    skip_rows: RowsToSkip = 0,
    sheet: Sheets = None,
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
    encoding, blanks, text, skip_rows, sheet : optional
        As in `read_wave`, for all files that know the option, or a dict by wave: the waves in one
        workbook are ``sheet={"May": "Sheet 1", "June": "Sheet 2"}``.
    allow_lost_missing : bool or sequence of str
        As in `read_wave`, for all files or for the waves named.
    progress : bool, optional
        Show progress on standard error; by default only in a terminal, and only when reading
        takes more than two seconds.
    engine : {"memory", "duckdb"}
        ``"duckdb"`` leaves people in their ``.parquet`` or text files, which may be larger than
        memory, and lets DuckDB add them up, in about 1.5 GB of memory. Text files must be UTF-8.

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
    said: dict[str, Any] = {
        "encoding": encoding,
        "blanks": blanks,
        "text": text,
        "skip_rows": skip_rows,
        "sheet": sheet,
        "allow_lost_missing": allow_lost_missing,
    }
    if not isinstance(files, Mapping):
        if wave is None:
            raise ReadError(
                "read_panel takes {'wave name': 'file', …}, or one file of all waves with the "
                "column that names them, wave='…'; got one file, and no wave=."
            )
        long = _long_wave(Path(files), wave, needs, said, engine)
        return Panel.from_long(long, wave=wave, waves=waves, **needs, **rest)
    if wave is not None or waves is not None:
        raise ReadError("wave= and waves= go with one file of all waves, not with a file for each.")
    paths = {name: Path(path) for name, path in files.items()}
    options = options_by_wave(paths, **said)
    _refuse_same(paths, options)
    if engine == "duckdb":
        read = _duckdb_waves(paths, mentioned(declared(**needs)), options)
    else:
        read = _read_waves(paths, options, needs, progress)
    return Panel.from_waves(read, **needs, **rest)


def _long_wave(
    file: Path, wave: str, needs: dict[str, Any], said: dict[str, Any], engine: Engine
) -> Wave:
    """Read one file that has a row per person and wave."""
    options = options_by_wave({"all": file}, **said)
    if engine == "duckdb":
        columns = [wave, *mentioned(declared(**needs))]
        return _duckdb_waves({"all": file}, columns, options)["all"]
    return read_wave(file, **vars(options["all"]))


def _read_waves(
    paths: Mapping[str, Path],
    options: Mapping[str, ReadOptions],
    needs: dict[str, Any],
    progress: bool | None,
) -> dict[str, Wave]:
    """Read what a panel needs of a file for each wave."""
    requests = {name: Request(path, options=options[name]) for name, path in paths.items()}
    names = _names(requests)
    check_text_columns(options, names)
    chosen = columns_to_read(names, paths, declared(**needs))
    read: dict[str, Wave] = {}
    with bytes_read(list(paths.values()), progress) as advance:
        for name, request in requests.items():
            with _naming(name):
                read[name] = read_file(replace(request, columns=chosen[name], advance=advance))
    return read


def _duckdb_waves(
    files: Mapping[str, Path], columns: Sequence[str], options: Mapping[str, ReadOptions]
) -> dict[str, Wave]:
    from opinionpanel.panel.duckdb_files import duckdb_waves

    return duckdb_waves(files, columns, options)


def _refuse_same(files: Mapping[str, Path], options: Mapping[str, ReadOptions]) -> None:
    """Refuse a file that is named for two waves: everybody would stay as they were."""
    first: dict[tuple[Path, object], str] = {}
    for wave, path in files.items():
        # The sheets of a workbook are as good as files.
        same = first.setdefault((path.resolve(), options[wave].sheet or 1), wave)
        if same != wave:
            sheets = ""
            if suffix_of(path) == ".xlsx":
                sheets = f"or its sheet, sheet={{{same!r}: '…', {wave!r}: '…'}}. "
            raise ReadError(
                f"Wave {wave!r}: the same file as that of wave {same!r} ({path.name}). Name each "
                f"wave's own file{'.' if not sheets else ','} {sheets}A file that holds several "
                "waves is read by read_wave, for Panel.from_long or Panel.from_wide."
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


@contextmanager
def _naming(wave: str) -> Iterator[None]:
    """Say which wave a refused file belongs to."""
    try:
        yield
    except OpinionPanelError as error:
        raise ReadError(f"Wave {wave!r}: {error}") from error.__cause__
