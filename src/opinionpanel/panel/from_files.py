"""Wave files to waves and panels: labels and declared missing values are kept."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from opinionpanel.design.sample_design import AnyDesign, Design, ReplicateDesign, Resampling
from opinionpanel.design.weights import matching
from opinionpanel.errors import OpinionPanelError, ReadError, unknown
from opinionpanel.panel.linking import Duplicates, Person, id_columns
from opinionpanel.panel.panel import Panel
from opinionpanel.questions.groups import Grouping, Groups, grouping
from opinionpanel.questions.item import Item
from opinionpanel.waves.header_probe import fault, survey
from opinionpanel.waves.labelled_files import Request, check_format, column_names, read_file
from opinionpanel.waves.plain_files import single_column
from opinionpanel.waves.wave import Wave

__all__ = ["read_panel", "read_wave"]

FilePath = str | Path
Encoding = str | Mapping[str, str] | None
Engine = Literal["memory", "duckdb"]

# Shorter reads show no progress.
PROGRESS_SECONDS = 2.0


def read_wave(
    path: FilePath,
    *,
    columns: Sequence[str] | None = None,
    encoding: str | None = None,
    allow_lost_missing: bool = False,
) -> Wave:
    """Read one wave file with its labels.

    Parameters
    ----------
    path : str or pathlib.Path
        A file of SPSS (``.sav``, ``.zsav``), Stata (``.dta``) or SAS (``.sas7bdat``, with the
        labels of a ``.sas7bcat`` of the same name beside it), or a ``.csv``, ``.tsv``,
        ``.parquet``, ``.feather`` or ``.xlsx`` file.
    columns : sequence of str, optional
        Read only these columns; by default all.
    encoding : str, optional
        Text encoding, where the file does not say or says it wrongly.
    allow_lost_missing : bool
        Read ``.por`` and ``.xpt`` files too, although they lose which codes are declared missing.

    Returns
    -------
    Wave
        The frame and what the file says about it. Codes declared user-missing, such as 98 "don't
        know", are values of the frame; only blank answers are NaN.

    Raises
    ------
    ReadError
        The file does not exist, is damaged or of another format, or lacks a column.

    Notes
    -----
    In text files a column is numeric only where no value would lose its written form: ids such as
    ``007`` stay text. Empty fields are blanks; ``NA`` and ``None`` are answers.

    Examples
    --------
    >>> import opinionpanel as op
    >>> folder = op.datasets.folder("attitudes_2024")
    >>> wave = op.read_wave(folder / "wave1.sav", columns=["resp_id", "q12"])
    >>> sorted(wave.labels["q12"])[-2:]
    [98.0, 99.0]
    """
    path = Path(path)
    chosen = None if columns is None else list(dict.fromkeys(columns))
    if chosen == []:
        raise ReadError(f"{path.name}: name at least one column, or leave columns= out for all.")
    request = Request(path, chosen, encoding, allow_lost_missing)
    check_format(request)
    if damage := survey([path]).get(path):
        raise fault(path, damage)
    with _progress([path], None) as advance:
        return read_file(replace(request, advance=advance))


def read_panel(
    files: Mapping[str, FilePath] | FilePath,
    *,
    person: Person,
    items: Mapping[str, Item],
    wave: str | None = None,
    waves: Sequence[str] | None = None,
    groups: Groups = (),
    design: AnyDesign | None = None,
    fixed: Sequence[str] = (),
    duplicates: Duplicates = "error",
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
    person, items, groups, design, fixed, duplicates, dates, source
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
    if not isinstance(items, Mapping):
        raise ReadError(f"items= takes {{'name': op.Item(…)}}; got {_a(items)}.")
    if engine not in get_args(Engine):
        raise unknown("engine", engine, get_args(Engine))
    design = design or Design(weight=None)
    common: dict[str, Any] = {
        "person": person,
        "items": items,
        "groups": groups,
        "design": design,
        "fixed": fixed,
        "duplicates": duplicates,
        "dates": dates,
        "source": source,
    }
    if not isinstance(files, Mapping):
        if not isinstance(files, (str, Path)) or wave is None:
            raise ReadError(
                f"read_panel takes {{'wave name': 'file', …}}, or one file of all waves with the "
                f"column that names them, wave='…'; got {_a(files)}"
                f"{'' if wave is None else f' and wave={wave!r}'}."
            )
        if engine == "duckdb":
            known = [wave, *_mentioned(person, items, groups, fixed, design)]
            long = _duckdb_waves({"all": files}, known)["all"]
        else:
            long = read_wave(files, encoding=_encoding_of(encoding, "all", {}))
        return Panel.from_long(long, wave=wave, waves=waves, **common)
    if wave is not None or waves is not None:
        raise ReadError("wave= and waves= go with one file of all waves, not with a file for each.")
    _refuse_same(files)
    if engine == "duckdb":
        known = _mentioned(person, items, groups, fixed, design)
        return Panel.from_waves(_duckdb_waves(files, known), **common)
    requests = {
        name: Request(
            Path(path),
            encoding=_encoding_of(encoding, name, files),
            allow_lost_missing=allow_lost_missing is True or name in (allow_lost_missing or ()),
        )
        for name, path in files.items()
    }
    names = _names(requests)
    columns = _Columns(names, {name: request.path for name, request in requests.items()})
    for one in names:
        columns.need(one, id_columns(person, one), "person id")
        for name, item in items.items():
            elsewhere = not isinstance(item.column, Mapping)
            columns.need(one, item.columns_at(one), f"item {name!r}", elsewhere=elsewhere)
    for name, trait in grouping(groups).items():
        columns.want(name, trait, "groups")
    for name, trait in grouping(fixed).items():
        columns.want(name, trait, "fixed")
    _design_columns(design, columns)
    read: dict[str, Wave] = {}
    with _progress([request.path for request in requests.values()], progress) as advance:
        for name, request in requests.items():
            chosen = list(dict.fromkeys(columns.chosen[name]))
            with _naming(name):
                read[name] = read_file(replace(request, columns=chosen, advance=advance))
    return Panel.from_waves(read, **common)


def _duckdb_waves(files: Mapping[str, FilePath], columns: Sequence[str]) -> dict[str, Wave]:
    from opinionpanel.panel.duckdb_files import duckdb_waves

    return duckdb_waves({wave: Path(path) for wave, path in files.items()}, columns)


def _mentioned(
    person: Person, items: Mapping[str, Item], groups: Groups, fixed: Groups, design: AnyDesign
) -> list[str]:
    """List the columns that a panel names, replicate weights as patterns."""
    named: list[Any] = [person, *(item.column for item in items.values()), design.weight]
    traits = {**grouping(groups), **grouping(fixed)}
    named += [trait.column or name for name, trait in traits.items()]
    declared = design.design if isinstance(design, Resampling) else design
    if isinstance(declared, Design):
        named += [declared.stratum, declared.psu, declared.fpc]
    else:
        named.append(declared.replicates)
    return [column for one in named for column in _flat(one)]


def _flat(named: Any) -> Iterator[str]:
    """List the names in a name, a list of names, or a dict by wave of either."""
    if isinstance(named, str):
        yield named
    elif named is not None:
        for one in named.values() if isinstance(named, Mapping) else named:
            yield from _flat(one)


@dataclass
class _Columns:
    """The columns to read of each wave, found among those that its file has."""

    names: Mapping[str, list[str]]
    files: Mapping[str, Path]
    chosen: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.chosen = {wave: [] for wave in self.names}

    def need(
        self, wave: str, columns: Sequence[str], purpose: str, *, elsewhere: bool = False
    ) -> None:
        """Read columns that the wave must have; say if they are to be found elsewhere only."""
        for column in columns:
            if column not in self.names[wave]:
                path, names = self.files[wave], self.names[wave]
                near = f"{unknown('column', column, names)}{single_column(path, names)}"
                near += self._elsewhere(wave, column) if elsewhere else ""
                raise ReadError(f"Wave {wave!r} ({path.name}), {purpose}: {near}")
            self.chosen[wave].append(column)

    def _elsewhere(self, wave: str, column: str) -> str:
        """Name a wave that has a column which another one lacks."""
        for other, names in self.names.items():
            if column in names:
                by_wave = f"{{{other!r}: {column!r}, {wave!r}: '…'}}"
                return (
                    f" Wave {other!r} has it, wave {wave!r} has not. Where the question has "
                    f"another name there: column={by_wave}"
                )
        return ""

    def want(self, name: str, trait: Grouping, purpose: str) -> None:
        """Read a column from the waves that have it; at least one must."""
        # A column named for one wave must be there.
        by_wave = isinstance(trait.column, Mapping)
        places = {wave: trait.column_at(wave, name) for wave in self.names}
        named = {wave: column for wave, column in places.items() if column is not None}
        holding = [wave for wave in named if by_wave or named[wave] in self.names[wave]]
        for wave in holding or list(named)[:1]:
            self.need(wave, [named[wave]], purpose)


def _design_columns(design: AnyDesign, columns: _Columns) -> None:
    """Read the columns of a design: weights where they stand, the rest where it is."""
    waves = list(columns.names)
    weights = design.weight
    if not isinstance(weights, Mapping):
        weights = dict.fromkeys(waves, weights)
    for key, column in weights.items():
        # Keys that are no waves of this panel are refused when people are weighed.
        places = [wave for wave in (key if isinstance(key, tuple) else (key,)) if wave in waves]
        if column is None or not places:
            continue
        # A longitudinal weight is delivered with the later wave, or else with the earlier one.
        last = max(places, key=waves.index)
        holding = [wave for wave in (last, *places) if column in columns.names[wave]]
        wave = holding[0] if holding else last
        columns.need(wave, [column], "weight")
        if isinstance(design, ReplicateDesign):
            for pattern in design.replicates_at(key):
                found = matching(pattern, columns.names[wave])
                columns.need(wave, found or [pattern], "replicate weights")
    if isinstance(design, Resampling):
        design = design.design
    if isinstance(design, Design):
        for role in ("stratum", "psu", "fpc"):
            if (name := getattr(design, role)) is not None:
                columns.want(name, Grouping(), role)


def _a(value: object) -> str:
    """Name the type of a value."""
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'AEIOUaeiou' else 'a'} {kind}"


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


@contextmanager
def _progress(paths: Sequence[Path], shown: bool | None) -> Iterator[Any]:
    """Give a function to report bytes read to, or None where no progress is to be shown."""
    if not (sys.stderr.isatty() if shown is None else shown):
        yield None
        return
    from tqdm import tqdm

    total = sum(path.stat().st_size for path in paths if path.is_file())
    delay = PROGRESS_SECONDS if shown is None else 0
    with tqdm(
        total=total, desc="reading", unit="B", unit_scale=True, delay=delay, leave=False
    ) as bar:
        yield bar.update
