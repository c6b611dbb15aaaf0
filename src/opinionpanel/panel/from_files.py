"""Wave files to a panel: labels and declared missing values are kept."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from opinionpanel.arguments import checked
from opinionpanel.design import AnyDesign
from opinionpanel.errors import OpinionPanelError, ReadError, listing, placed, unknown
from opinionpanel.panel.columns_to_read import (
    columns_of_one_file,
    columns_to_read,
    mentioned,
    roles_of,
)
from opinionpanel.panel.declared import Declared, Due, Interviewed, declared
from opinionpanel.panel.fieldwork_days import Fieldwork
from opinionpanel.panel.file_options import (
    Encoding,
    RowsToSkip,
    Sheets,
    Words,
    check_text_columns,
    options_by_wave,
    options_of_one,
    rows_of,
)
from opinionpanel.panel.large_files import batches_wave, check_parts, in_batches
from opinionpanel.panel.linking import Duplicates, Person
from opinionpanel.panel.panel import Panel
from opinionpanel.progress import bytes_read
from opinionpanel.questions import Groups, Questions, QuestionsGiven, each_item
from opinionpanel.waves import (
    FilePath,
    ReadOptions,
    Request,
    Wave,
    column_names,
    fault,
    read_file,
    steady,
    suffix_of,
    survey,
)

Engine = Literal["memory", "duckdb"]
# What is said where nobody named the ids.
OTHERWISE = (
    "Where every wave asked other people, say so: person=None. Only one wide file for all waves "
    "can do without it: there every row is a person."
)
# What one file for all waves is called where files have names: of no wave.
ALL = ""


@checked
@steady()
def read_panel(
    files: Mapping[str, FilePath] | FilePath,
    *,
    person: Person | None = (),
    items: QuestionsGiven,
    wave: str | None = None,
    waves: Sequence[str] | None = None,
    groups: Groups = (),
    design: AnyDesign | None = None,
    fixed: Groups = (),
    duplicates: Duplicates = "error",
    no_id: Sequence[Hashable] = (),
    interviewed: Interviewed = None,
    due: Due | None = None,
    count: str | None = None,
    encoding: Encoding = None,
    blanks: Words = (),
    text: Words = (),
    skip_rows: RowsToSkip = 0,
    sheet: Sheets = None,
    allow_lost_missing: bool | Sequence[str] = False,
    dates: Mapping[str, Fieldwork] | None = None,
    source: str = "",
    progress: bool | None = None,
    engine: Engine = "memory",
) -> Panel:
    """Read wave files and link them into a panel.

    Parameters
    ----------
    files : dict of str to path, or path
        Wave name to file, in the order of fieldwork. Or one file for all waves: a long one, with a
        row per person and wave, whose column of waves is named by `wave`; or a wide one, with a row
        per person, whose columns the items name by wave. Only the columns that are named here are
        read.
    person : str, list of str, dict of str to either, or None
        The id column, or its name by wave. A list of names holds the ids of several waves that
        people are known by, for example an older id and the wave's own; rows that share any of them
        are the same person. None says that every wave asked other people: independent samples, of
        which shares can be compared, and nobody's change be known. Each wave then has strata and
        PSUs of its own, unless the `Design` says ``same_psus``. May be left out for one wide file,
        whose rows are people.
    items : dict of str to Item, Score or Multiple
        Name to question.
    wave : str, optional
        The column of the wave in one long file.
    waves : sequence of str, optional
        The waves of one file to take, in the order of fieldwork: by their values or value labels in
        a long file, where numbers, dates and ordered categories tell their order and other text
        needs `waves`; by the names that items give them in a wide one. By default all.
    groups : sequence of str, or dict of str
        Columns to group people by. A person's value is that of the first wave with an answer. A
        dict says otherwise: ``{"region": "latest"}``, ``{"age_group": "wave"}`` for the value at
        each wave, or `Grouping` for columns with another name in each wave, for states and for
        bands of numbers. A group may have any name: where a result has a column of its own by that
        name, such as ``wave`` or ``estimate``, the group's stands beside it as ``wave (group)``, in
        labels, frames and tables. Groups may stand in some waves only, as may fixed traits, strata,
        PSUs and finite populations; the weight of a pair of waves in either of them.
    design : Design, ReplicateDesign or Resampling, optional
        None means unweighted people drawn independently; captions then say so.
    fixed : sequence of str, or dict of str
        Columns that cannot change, such as gender and year of birth; a dict as for groups. Linked
        people who disagree on them far more often than a mistake would are an error.
    duplicates : {"error", "drop_all"}
        Ids that stand in several rows of a wave: refuse, or drop all of these rows.
    no_id : sequence
        Values of id columns that stand for no id, such as ``[-1]``: blanks. In a list of id columns
        those are blanks as well that look like it and stand in several rows.
    interviewed : Status, "weight" or None
        Who was interviewed, of those who have a row at a wave: by default everyone; ``"weight"``
        takes those with a positive weight. Other rows are left out of the wave, as are those with a
        code of an item's `no_interview`.
    due : dict of str to list of str, or Cohorts, optional
        For a rotating panel, the wave at which people were first interviewed, to the waves at which
        they were to be interviewed; the first may be left out. Who was not due is neither lost nor
        not interviewed. For waves that are not named: of 10 people or more first interviewed there
        none of whom was interviewed at a later wave, nobody was due at that one, and a note says
        so. `Cohorts` takes a column of rotation groups instead.
    count : str, optional
        A column of frequencies in one file: in a long one an id then names people who answered
        alike at every wave, and stands for that many; in a wide one, and without ids, each row
        does.
    encoding : str or dict of str to str, optional
        Text encoding, where a file does not say or says it wrongly; for all files, or by wave.
    blanks : sequence of str, or dict by wave
        Words that stand for a blank in text and Excel files, such as ``["NA", ".", "#NULL!"]``.
    text : sequence of str, or dict by wave
        Columns of text files that stay text as it is written, such as ids 0.1 and 0.10.
    skip_rows : int, sequence of int, or dict by wave
        How many first rows of text and Excel files to leave out, as titles above the names of the
        columns; or which rows, counted from 1: ``[2, 3]`` for a header that goes on over these.
    sheet : str, int, or dict by wave, optional
        The sheet of an Excel file, by its name or its number from 1; by default the first. Waves in
        one workbook are ``sheet={"May": "Sheet 1", "June": "Sheet 2"}``.
    allow_lost_missing : bool or sequence of str
        Read ``.por`` and ``.xpt`` files too, although they lose which codes are declared missing:
        all of them, or those of the waves named.
    dates : dict of str to str, date or pair, optional
        Fieldwork by wave: its first and last day, as dates or as text,
        ``("2024-07-08", "2024-07-17")``, which captions write as "8–17 July 2024"; one date for a
        single day; or words, which captions show as they are. Those that tell a year must be in the
        order of the waves. Of words are read numbers, such as ``"2024-07-18"``, ``"18.07.2024"``
        and ``"07/2024"``, and names of months in English and Russian; all others are left alone.
    source : str
        Where the data come from, for captions.
    progress : bool, optional
        Show progress on standard error; by default only in a terminal, and only when reading takes
        more than two seconds.
    engine : {"memory", "duckdb"}
        How ``.parquet`` and text files are read; the panel is the same. By default large ones (more
        than 2,000,000 rows of parquet or 100 MB of text, in all waves together) are read in
        batches, so that memory holds only what the panel needs, a few bytes for each interview, and
        others at once. ``"duckdb"`` reads all in batches; the name is from when DuckDB did it,
        which is not needed any more.

    Returns
    -------
    Panel
        The linked people; everything else is measured on it. Printed, it tells who was interviewed
        and who links, wave by wave.

    Raises
    ------
    ReadError
        A file does not exist, is damaged or of another format, or lacks a column.
    LinkError
        Missing or duplicate ids, ids of different forms, no overlap between waves, ids that start
        again in every wave, dates that contradict the order of the waves, a last day of fieldwork
        before the first.
    ItemError
        Answer codes mapped to no state, or with another meaning in another wave.
    SelectionError
        Changes of an item at a wave that the panel does not have; a wave that a long file does not
        have, or waves whose order is not told; options or counts that fit no file.
    DesignError
        Negative or infinite weights, a wave without weights, a single-PSU stratum.

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
        "items": each_item(items),
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
        one = OneFile(Path(files), wave, waves, count, options_of_one(Path(files), **said))
        return one.panel(needs, rest, engine, progress)
    if wave is not None or waves is not None or count is not None:
        raise ReadError(
            "wave=, waves= and count= go with one file for all waves, not with a file for each."
        )
    if not person and person is not None:
        raise ReadError(f"person= names the id column. {OTHERWISE}")
    paths = {name: Path(path) for name, path in files.items()}
    options = options_by_wave(paths, **said)
    _refuse_same(paths, options)
    read = _read_waves(paths, options, declared(**needs), engine, progress)
    return Panel.from_waves(read, **needs, **rest)


@dataclass(frozen=True)
class OneFile:
    """One file for all waves: long if it has a column of waves, else wide."""

    path: Path
    wave: str | None
    waves: Sequence[str] | None
    count: str | None
    options: ReadOptions

    def panel(
        self, needs: dict[str, Any], rest: dict[str, Any], engine: Engine, progress: bool | None
    ) -> Panel:
        """Read what a panel needs of the file, and part it by wave."""
        given = {**needs, **rest, "waves": self.waves, "count": self.count}
        if self.wave is None:
            self._refuse_no_wave(needs["items"])
        elif not needs["person"] and needs["person"] is not None:
            raise ReadError(f"{self.path.name}: person= names the id column. {OTHERWISE}")
        read = self._read(declared(**needs), engine, progress)
        if self.wave is None:
            return Panel.from_wide(read, **given | {"person": needs["person"] or None})
        return Panel.from_long(read, wave=self.wave, **given)

    def _refuse_no_wave(self, items: Questions) -> None:
        """Refuse a file that is neither long nor wide by what was said of it."""
        if plain := [name for name, item in items.items() if not isinstance(item.column, Mapping)]:
            raise ReadError(
                "read_panel takes {'wave name': 'file', …}, or one file for all waves; got one "
                f"file, {self.path.name}, and no wave=. If it has a row per person and wave, name "
                "the column of waves, wave='…'. If it has a row per person, every item names its "
                f"columns by wave; {listing(plain)} names one for all: column={{'w1': 'q1_w1', "
                "'w2': 'q1_w2'}."
            )

    def _read(self, needs: Declared, engine: Engine, progress: bool | None) -> Wave:
        batches = _in_batches({ALL: self.path}, engine)
        request = Request(self.path, options=self.options)
        if damage := survey([self.path]).get(self.path):
            raise fault(self.path, damage)
        names = column_names(request)
        check_text_columns({ALL: self.options}, {ALL: names})
        chosen = columns_of_one_file(names, self.path, [self.wave, self.count, *mentioned(needs)])
        with bytes_read([self.path], progress) as advance:
            request = replace(request, columns=chosen, advance=advance)
            if batches:
                return batches_wave(request, roles_of(needs, names, [self.wave, self.count]))
            return read_file(request)


def _read_waves(
    paths: Mapping[str, Path],
    options: Mapping[str, ReadOptions],
    needs: Declared,
    engine: Engine,
    progress: bool | None,
) -> dict[str, Wave]:
    """Read what a panel needs of a file for each wave."""
    batches = _in_batches(paths, engine)
    requests = {name: Request(path, options=options[name]) for name, path in paths.items()}
    names = _names(requests)
    check_text_columns(options, names)
    chosen = columns_to_read(names, paths, needs)
    read: dict[str, Wave] = {}
    with bytes_read(list(paths.values()), progress) as advance:
        for name, plain in requests.items():
            request = replace(plain, columns=chosen[name], advance=advance)
            with _naming(name):
                if batches:
                    read[name] = batches_wave(request, roles_of(needs, names[name]))
                else:
                    read[name] = read_file(request)
    return read


def _in_batches(paths: Mapping[str, Path], engine: Engine) -> bool:
    """Tell whether files are read in batches: large ones, or all where this is asked for."""
    if engine == "memory":
        return in_batches(paths.values())
    for name, path in paths.items():
        with _naming(name):
            check_parts(path)
    return True


def _refuse_same(files: Mapping[str, Path], options: Mapping[str, ReadOptions]) -> None:
    """Refuse a file that is named for two waves: everybody would stay as they were."""
    first: dict[object, str] = {}
    for wave, path in files.items():
        same = first.setdefault(rows_of(path, options[wave].sheet), wave)
        if same != wave:
            sheets = ""
            if suffix_of(path) == ".xlsx":
                sheets = f"or its sheet, sheet={{{same!r}: '…', {wave!r}: '…'}}. "
            raise ReadError(
                f"Wave {wave!r}: the same file as that of wave {same!r} ({path.name}). Name each "
                f"wave's own file{'.' if not sheets else ','} {sheets}One file that holds all "
                "waves is given as it is: read_panel('file', wave='column of waves', …), or "
                "without wave= if it is wide."
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
    """Say which wave a refused file belongs to; one file for all belongs to none."""
    try:
        yield
    except OpinionPanelError as error:
        if wave == ALL:
            raise
        raise ReadError(*placed(f"Wave {wave!r}", error)) from error.__cause__
