"""Files without labels: text, spreadsheets and Arrow's columnar formats."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.errors import ReadError
from opinionpanel.waves import FILES_EXTRA, Wave, arrow_frame

__all__ = ["PLAIN", "Plain"]

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
    return list(_read_text(path, encoding, nrows=0).columns)


def _text_wave(path: Path, columns: Columns, encoding: str | None) -> Wave:
    frame = _read_text(path, encoding, usecols=columns)
    delimiter, width = _header(path, encoding)
    _check_last_line(path, encoding, delimiter, width)
    for name in frame.columns:
        frame[name] = _numbers(frame[name], comma=delimiter == ";")
    return Wave(
        frame=frame if columns is None else frame[columns],
        source=path.name,
        encoding=encoding or DEFAULT_ENCODING,
    )


def _codec(encoding: str | None) -> str:
    # Spreadsheet programs put a mark before UTF-8 text, which is no part of the first name.
    encoding = encoding or DEFAULT_ENCODING
    return "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding


def _read_text(path: Path, encoding: str | None, **options: Any) -> pd.DataFrame:
    delimiter, _ = _header(path, encoding)
    frame: pd.DataFrame = pd.read_csv(
        path,
        sep=delimiter,
        encoding=_codec(encoding),
        # All as text, so that nothing loses its written form; "NA" and "None" are answers.
        dtype="str",
        na_filter=False,
        index_col=False,
        **options,
    )
    return frame


def _header(path: Path, encoding: str | None) -> tuple[str, int]:
    """Find the delimiter in the first line, and how many columns it names."""
    with path.open(encoding=_codec(encoding), newline="") as file:
        line = file.readline()
    if not line.strip():
        raise ReadError(f"{path.name}: the first line is empty. It should name the columns.")
    delimiter = max(DELIMITERS, key=line.count)
    return delimiter, len(next(csv.reader([line], delimiter=delimiter)))


def _check_last_line(path: Path, encoding: str | None, delimiter: str, width: int) -> None:
    """Refuse a file whose last line ends too early, without the end of a line."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - (1 << 16)))
        tail = file.read()
    last = tail.rpartition(b"\n")[2].decode(_codec(encoding), errors="replace")
    if last.strip() and b"\n" in tail and last.count(delimiter) < width - 1:
        fields = next(csv.reader([last], delimiter=delimiter))
        raise ReadError(
            f"{path.name}: the last line has {len(fields)} of {width} fields and no end. The file "
            "is cut off: get it again from where it came."
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
    return [str(name) for name in _sheet(path, nrows=0)[0].columns]


def _sheet_wave(path: Path, columns: Columns, encoding: str | None) -> Wave:
    frame, sheets = _sheet(path)
    notes = (
        (f"{path.name} has {len(sheets)} sheets; the first, {sheets[0]!r}, was read.",)
        if len(sheets) > 1
        else ()
    )
    frame.columns = [str(name) for name in frame.columns]
    # Cells that hold text stay text; a column becomes numeric only where every cell is a number.
    frame = (frame if columns is None else frame[columns]).infer_objects()
    return Wave(frame=frame, source=path.name, notes=notes)


def _sheet(path: Path, **options: Any) -> tuple[pd.DataFrame, list[str]]:
    with _needs("openpyxl", path), pd.ExcelFile(path, engine="openpyxl") as book:
        frame = pd.read_excel(
            book, sheet_name=0, dtype=object, keep_default_na=False, na_values=[""], **options
        )
        return frame, [str(name) for name in book.sheet_names]


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
