"""Files without labels: text, spreadsheets and Arrow's columnar formats."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.errors import ReadError, listing
from opinionpanel.waves.wave import FILES_EXTRA, Wave, arrow_frame

DELIMITERS = ",;\t"
DEFAULT_ENCODING = "utf-8"

# Numbers whose value says all that was written. Leading zeros, thousands separators, more digits
# than a float holds, and exponents without a sign (ids such as 12e4) stay text.
NUMBER = r"-?(?:(?:0|[1-9]\d{0,14})(?:\.\d*)?|\.\d+)(?:[eE][+-]\d{1,3})?"
WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,14})")
POINT = re.compile(NUMBER)
COMMA = re.compile(NUMBER.replace(r"\.", ","))

Columns = list[str] | None


@dataclass(frozen=True)
class Plain:
    """How a format is read: the names of its columns, and some or all of them."""

    names: Callable[[Path, str | None], list[str]]
    read: Callable[[Path, Columns, str | None], Wave]


def _text_names(path: Path, encoding: str | None) -> list[str]:
    return text_header(path, encoding or marked(path))[1]


def _text_wave(path: Path, columns: Columns, encoding: str | None) -> Wave:
    encoding = encoding or marked(path)
    delimiter, names = text_header(path, encoding)
    places = chosen_places(path, names, columns)
    _check_fields(path, encoding, delimiter, len(names))
    frame: pd.DataFrame = pd.read_csv(
        path,
        sep=delimiter,
        encoding=_codec(encoding),
        # All as text, so that nothing loses its written form; "NA" and "None" are answers.
        dtype="str",
        na_filter=False,
        index_col=False,
        usecols=places,
    )
    frame.columns = [names[place] for place in places]
    for name in frame.columns:
        frame[name] = _numbers(frame[name], comma=delimiter == ";")
    return Wave(
        frame=frame if columns is None else frame[columns],
        source=path.name,
        encoding=encoding,
    )


def single_column(path: Path, names: Sequence[str]) -> str:
    """Say why a text file may seem to have one column only; "" where it has several."""
    if len(names) != 1 or PLAIN.get(path.suffix.lower()) is not _text:
        return ""
    return (
        " The file has a single column: the delimiter may be another one than comma, semicolon or "
        "tab, or there are lines above the header. Save it again with commas."
    )


def chosen_places(path: Path, names: Sequence[str], columns: Columns) -> list[int]:
    """Find the columns to read, in the order of the file; each must be there once."""
    places = [place for place, name in enumerate(names) if columns is None or name in columns]
    times = Counter(names[place] for place in places)
    if doubled := [name for name, count in times.items() if count > 1]:
        raise ReadError(
            f"{path.name}: several columns have the same name: {listing(doubled)}. Rename them so "
            "that each name is used once."
        )
    return places


def _named(header: Iterable[object]) -> list[str]:
    """Name the columns as the first line does; those without a name by their place."""
    return [str(name) or f"Unnamed: {place}" for place, name in enumerate(header)]


def marked(path: Path) -> str:
    """Name the encoding that a mark at the start of the file tells, or else the usual one."""
    with path.open("rb") as file:
        wide = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return "utf-16" if wide else DEFAULT_ENCODING


def _codec(encoding: str) -> str:
    # Spreadsheet programs put a mark before UTF-8 text, which is no part of the first name.
    return "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding


def text_header(path: Path, encoding: str) -> tuple[str, list[str]]:
    """Find the delimiter in the first line, and the columns it names."""
    with path.open(encoding=_codec(encoding), newline="") as file:
        line = file.readline()
        if not line.strip():
            raise ReadError(f"{path.name}: the first line is empty. It should name the columns.")
        delimiter = max(DELIMITERS, key=line.count)
        return delimiter, _named(_fields(line, file, delimiter))


def _fields(line: str, rest: Iterator[str], delimiter: str) -> list[str]:
    """Part a row; quoted fields may go on over the next lines."""
    return next(csv.reader(chain([line], rest), delimiter=delimiter))


def _check_fields(path: Path, encoding: str, delimiter: str, width: int) -> None:
    """Refuse a file where rows have more or fewer fields than there are columns.

    pandas drops what is beyond the columns if some of them are chosen, and makes blanks of what
    is lacking.
    """
    blank = " \t".replace(delimiter, "") + "\r\n"
    rows: Counter[int] = Counter()
    found, last = width, ""
    with path.open(encoding=_codec(encoding), newline="") as file:
        for line in file:
            # Only quotes make parting a line slow.
            if '"' in line:
                found = len(_fields(line, file, delimiter))
            elif line.strip(blank):
                found = line.count(delimiter) + 1
            else:  # an empty line is no row
                continue
            rows[found] += 1
            last = line
    if found < width and not last.endswith(("\n", "\r")):
        raise ReadError(
            f"{path.name}: the last line has {found} of {width} fields and no end. The file "
            "is cut off: get it again from where it came."
        )
    if more := sum(count for fields, count in rows.items() if fields > width):
        raise ReadError(
            f"{path.name}: {more:,} row(s) have more fields than the {width} columns that the "
            f"first line names. Put fields that hold the delimiter {delimiter!r} into quotes, or "
            "name all columns in the first line."
        )
    if fewer := sum(count for fields, count in rows.items() if fields < width):
        raise ReadError(
            f"{path.name}: {fewer:,} row(s) have fewer fields than the {width} columns that the "
            "first line names, and nobody can tell which are lacking. Write a delimiter for every "
            "field, blank ones too, or save the wave in another format."
        )


def _numbers(texts: pd.Series, *, comma: bool) -> pd.Series:
    """Make a column numeric if no value then loses its written form; blanks become NaN."""
    places, seen = pd.factorize(texts.to_numpy(dtype=object))
    values = [str(value).strip() for value in seen]
    filled = [value for value in values if value]
    if not filled:
        return pd.Series(np.full(len(texts), np.nan), index=texts.index, name=texts.name)
    blank = pd.Series([value == "" for value in values], dtype=bool).to_numpy()[places]
    if comma and not all(map(POINT.fullmatch, filled)) and all(map(COMMA.fullmatch, filled)):
        values = [value.replace(",", ".") for value in values]
    elif not all(map(POINT.fullmatch, filled)):
        return texts.mask(blank) if blank.any() else texts
    if len(filled) == len(values) and all(map(WHOLE.fullmatch, values)):
        numbers = np.array([int(value) for value in values], dtype=np.int64)
    else:
        numbers = np.array([float(value) if value else np.nan for value in values])
    return pd.Series(numbers[places], index=texts.index, name=texts.name)


def _sheet_names(path: Path, encoding: str | None) -> list[str]:
    return _sheet(path, nrows=1)[0]


def _sheet_wave(path: Path, columns: Columns, encoding: str | None) -> Wave:
    names, cells, sheets = _sheet(path)
    places = chosen_places(path, names, columns)
    notes = (
        (f"{path.name} has {len(sheets)} sheets; the first, {sheets[0]!r}, was read.",)
        if len(sheets) > 1
        else ()
    )
    # Cells that hold text stay text; a column becomes numeric only where every cell is a number.
    frame = pd.DataFrame({names[place]: _cells(cells[place]) for place in places})
    return Wave(frame=frame if columns is None else frame[columns], source=path.name, notes=notes)


def _cells(column: pd.Series) -> pd.Series:
    """Make blanks of cells that hold nothing but spaces."""
    spaces = [isinstance(cell, str) and not cell.strip() for cell in column]
    return column.mask(pd.Series(spaces, index=column.index, dtype=bool)).infer_objects()


def _sheet(path: Path, **options: Any) -> tuple[list[str], pd.DataFrame, list[str]]:
    """Read the first sheet: the names of its columns, its cells, and the names of all sheets."""
    with _needs("openpyxl", path), pd.ExcelFile(path, engine="openpyxl") as book:
        cells = pd.read_excel(
            book,
            sheet_name=0,
            header=None,
            dtype=object,
            keep_default_na=False,
            na_values=[""],
            **options,
        )
        sheets = [str(name) for name in book.sheet_names]
    if cells.empty or cells.iloc[0].isna().all():
        raise ReadError(f"{path.name}: the first row is empty. It should name the columns.")
    names = _named(cells.iloc[0].fillna(""))
    return names, cells.iloc[1:].reset_index(drop=True), sheets


def _parquet_names(path: Path, encoding: str | None) -> list[str]:
    with _needs("pyarrow", path):
        import pyarrow.parquet

        return _own(pyarrow.parquet.read_schema(path).names)


def _parquet_wave(path: Path, columns: Columns, encoding: str | None) -> Wave:
    with _needs("pyarrow", path):
        import pyarrow.parquet

        names = _own(pyarrow.parquet.read_schema(path).names) if columns is None else columns
        table = pyarrow.parquet.ParquetFile(path).read(columns=names)
        return Wave(frame=arrow_frame(table.select(names)), source=path.name)


def _feather_names(path: Path, encoding: str | None) -> list[str]:
    with _needs("pyarrow", path):
        import pyarrow.feather

        return _own(pyarrow.feather.read_table(path, memory_map=True).column_names)


def _feather_wave(path: Path, columns: Columns, encoding: str | None) -> Wave:
    with _needs("pyarrow", path):
        import pyarrow.feather

        table = pyarrow.feather.read_table(path, columns=columns)
        return Wave(frame=arrow_frame(table.select(_own(table.column_names))), source=path.name)


def _own(names: list[str]) -> list[str]:
    """Leave out the row numbers that pandas may have stored."""
    return [name for name in names if not name.startswith("__index_level_")]


@contextmanager
def _needs(package: str, path: Path) -> Iterator[None]:
    """Turn a package that is not installed into a way out."""
    try:
        yield
    except ImportError as error:
        raise ReadError(
            f"{path.name}: {package} is needed to read {path.suffix} files: {FILES_EXTRA}"
        ) from error


_text = Plain(_text_names, _text_wave)
PLAIN: Mapping[str, Plain] = {
    ".csv": _text,
    ".tsv": _text,
    ".parquet": Plain(_parquet_names, _parquet_wave),
    ".feather": Plain(_feather_names, _feather_wave),
    ".xlsx": Plain(_sheet_names, _sheet_wave),
}
