"""What ``opinionpanel columns`` prints: the columns of wave files, with their codes and labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from opinionpanel.errors import OpinionPanelError, SelectionError, count_people
from opinionpanel.escaping import terminal_text
from opinionpanel.study.column_texts import NO_ID_SHOWN, CodeRow, code_table, column_codes
from opinionpanel.study.guessed_file import guess_one_file
from opinionpanel.study.wave_reading import read_wave_files
from opinionpanel.waves import SkipRows, Wave, folded, steady

UNNAMED = (
    "Values that are not named may tell who somebody is. "
    "read_wave(…).frame[column].value_counts() shows them in a session of your own."
)


@dataclass(frozen=True)
class ListedColumn:
    """A column of a file, as it is printed: its codes, or a text in their place."""

    name: str
    wording: str
    codes: Sequence[CodeRow] = ()
    unnamed: Sequence[int] = ()
    text: str = ""

    def holds(self, search: str) -> bool:
        """Tell whether a text, folded, stands in anything that is printed of the column."""
        answers = (text for row in self.codes for text in (row.code, row.label))
        return any(search in folded(text) for text in (self.name, self.wording, *answers))

    @property
    def lines(self) -> list[str]:
        """The column in lines of a terminal."""
        head = f"{self.name}: {self.wording}" if self.wording else self.name
        below = [self.text, self._unnamed]
        return [
            f"  {head}",
            *code_table(self.codes),
            *(f"    {text}" for text in below if text),
        ]

    @property
    def _unnamed(self) -> str:
        if not self.unnamed:
            return ""
        number, people = len(self.unnamed), count_people(sum(self.unnamed))
        return f"not named: {number:,} value{'' if number == 1 else 's'} of {people}"


@steady()
def list_columns(
    files: Sequence[str | Path],
    *,
    search: str = "",
    encoding: str | None = None,
    skip_rows: SkipRows = 0,
) -> str:
    """List the columns of wave files: name, wording, codes with labels and their rows.

    Parameters
    ----------
    files : sequence of path
        Wave files, each listed by itself.
    search : str
        Only columns with this text in their name, wording, codes or labels; case does not count.
    encoding, skip_rows : optional
        As in `write_draft`.

    Returns
    -------
    str
        Counts are rows of the file. As in `check_study`, no id of a person is shown, and no answer
        that may tell who gave it.

    Raises
    ------
    SelectionError
        No column holds the text.
    ReadError
        A file cannot be read.

    Examples
    --------
    >>> import opinionpanel as op
    >>> data = op.datasets.folder("attitudes_2024")
    >>> text = list_columns([data / "wave1.sav", data / "wave2.sav"], search="OPERATION")
    >>> text.splitlines()[0]
    'wave1.sav (utf-8): 2 of 11 columns, 1,500 rows'
    """
    read = read_wave_files([Path(file) for file in files], encoding=encoding, skip_rows=skip_rows)
    word = folded(search)
    listed = {
        name: [column for column in _listed(record) if column.holds(word)]
        for name, record in read.waves.items()
    }
    every = [column for columns in listed.values() for column in columns]
    if not every:
        raise SelectionError(
            f"No column has {search!r} in its name, wording or labels. Look for a part of a word, "
            "such as its stem; or leave --search out to see all columns."
        )
    lines = []
    for name, columns in listed.items():
        lines += [_head(read.waves[name], len(columns)), ""]
        for column in columns:
            lines += [*column.lines, ""]
    lines += [UNNAMED] if any(column.unnamed for column in every) else []
    return terminal_text(lines).rstrip("\n")


def _head(record: Wave, number: int) -> str:
    rows, columns = record.frame.shape
    which = f"{columns:,}" if number == columns else f"{number:,} of {columns:,}"
    return f"{record.file_text or record.where}: {which} columns, {rows:,} rows"


def _listed(record: Wave) -> list[ListedColumn]:
    """Describe every column of a file; of that of its people only that it is one."""
    one = guess_one_file(record)
    # In a file of all waves an id stands as often as a common answer.
    ids = set() if one is None else {name for names in one.person.values() for name in names}
    return [_column(record, name, ids) for name in dict.fromkeys(map(str, record.frame.columns))]


def _column(record: Wave, name: str, ids: set[str]) -> ListedColumn:
    wording = record.wording.get(name) or ""
    if name in ids:
        return ListedColumn(name, wording, text=NO_ID_SHOWN)
    try:
        record.column(name, "", purpose="a look at it")
        codes = column_codes(record, name, {}, "")
    except OpinionPanelError as error:
        return ListedColumn(name, wording, text=str(error))
    return ListedColumn(name, wording, codes.rows, codes.unnamed, codes.unshown)
