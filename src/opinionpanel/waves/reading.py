"""Read one wave file with its labels and declared missing values."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from opinionpanel.arguments import checked, listed
from opinionpanel.errors import ReadError, unknown
from opinionpanel.progress import bytes_read
from opinionpanel.waves.header_probe import fault, survey
from opinionpanel.waves.labelled_files import Request, check_format, column_names, read_file
from opinionpanel.waves.options import ReadOptions, SheetName, SkipRows
from opinionpanel.waves.steady_file import steady
from opinionpanel.waves.wave import Wave

FilePath = str | Path


@checked
@steady()
def read_wave(
    path: FilePath,
    *,
    columns: Sequence[str] | None = None,
    encoding: str | None = None,
    blanks: Sequence[str] = (),
    text: Sequence[str] = (),
    skip_rows: SkipRows = 0,
    sheet: SheetName | None = None,
    allow_lost_missing: bool = False,
) -> Wave:
    """Read one wave file with its labels.

    Parameters
    ----------
    path : str or pathlib.Path
        A file of SPSS (``.sav``, ``.zsav``), Stata (``.dta``) or SAS (``.sas7bdat``, with the
        labels of a ``.sas7bcat`` of the same name beside it), or a ``.parquet``, ``.feather``
        or ``.xlsx`` file, or a text file, ``.csv``, ``.tsv``, ``.tab`` or ``.txt``, also packed
        as ``.csv.gz`` and so on.
    columns : sequence of str, optional
        Read only these columns; by default all.
    encoding : str, optional
        Text encoding, where the file does not say or says it wrongly.
    blanks : sequence of str
        Words that stand for a blank in a text or Excel file, such as ``["NA", ".", "#NULL!"]``.
    text : sequence of str
        Columns of a text file that stay text as it is written, such as ids 0.1 and 0.10.
    skip_rows : int or sequence of int
        How many first rows of a text or Excel file to leave out, as titles above the names of the
        columns; or which rows, counted from 1: ``[2, 3]`` for a header that goes on over these.
    sheet : str or int, optional
        The sheet of an Excel file, by its name or its number from 1; by default the first.
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
    ``007``, and ``1.1`` beside ``1.10``, stay text. Decimals may have a comma. Where a mark may
    part thousands as well, as in ``1.234`` between semicolons or tabs, the column stays text.
    Empty fields are blanks; ``NA`` and ``None`` are answers, unless named in `blanks`.

    Examples
    --------
    >>> import opinionpanel as op
    >>> folder = op.datasets.folder("attitudes_2024")
    >>> wave = op.read_wave(folder / "wave1.sav", columns=["resp_id", "q12"])
    >>> sorted(wave.labels["q12"])[-2:]
    [98.0, 99.0]
    """
    path = Path(path)
    chosen = None if columns is None else list(dict.fromkeys(listed(columns)))
    if chosen == []:
        raise ReadError(f"{path.name}: name at least one column, or leave columns= out for all.")
    options = ReadOptions(encoding, blanks, text, skip_rows, sheet, allow_lost_missing)
    request = Request(path, chosen, options)
    check_format(request)
    if damage := survey([path]).get(path):
        raise fault(path, damage)
    names = column_names(request) if text else []
    for column in text:
        if column not in names:
            raise ReadError(f"{path.name}, text=: {unknown('column', column, names)}")
    with bytes_read([path], None) as advance:
        return read_file(replace(request, advance=advance))
