"""Excel files: one sheet of a workbook as a wave."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.errors import ReadError, unknown
from opinionpanel.waves.first_rows import SAMPLE, is_a_person, rows_above, rows_below
from opinionpanel.waves.options import ReadOptions
from opinionpanel.waves.spelling import Spelling, Written, written
from opinionpanel.waves.text_files import (
    chosen_places,
    named,
    no_names,
    refuse_above,
    refuse_below,
    unnamed,
    written_notes,
)
from opinionpanel.waves.wave import Columns, Wave, needs

# Excel keeps 15 digits of a number; of greater ones, neighbours have become one.
EXACT = 10**15
CELL, FORMULA, VALUE, ROW = (
    f"{{http://schemas.openxmlformats.org/spreadsheetml/2006/main}}{name}"
    for name in ("c", "f", "v", "row")
)


@dataclass(frozen=True)
class _Sheet:
    """The cells of a sheet.

    Attributes
    ----------
    title, titles
        The sheet's name, and those of all sheets.
    part : str
        The part of the file that holds it.
    names : list of str
        The columns.
    header : int
        The row that names them, counted from 1.
    rows : list of sequences
        The people.
    """

    title: str
    titles: list[str]
    part: str
    names: list[str]
    header: int
    rows: list[Sequence[Any]]


def sheet_names(path: Path, options: ReadOptions) -> list[str]:
    """Name the columns of a sheet."""
    return _sheet(path, options, most=SAMPLE).names


def sheet_wave(path: Path, columns: Columns, options: ReadOptions) -> Wave:
    """Read a sheet, or some of its columns."""
    sheet = _sheet(path, options)
    places = chosen_places(path, sheet.names, columns)
    _refuse_unsaved(path, options, sheet, places)
    frame: dict[str, pd.Series] = {}
    spelled: dict[str, Written] = {}
    rounded: dict[str, int] = {}
    for place in places:
        name = sheet.names[place]
        cells = [_cell(row[place], options) if place < len(row) else np.nan for row in sheet.rows]
        # Cells that hold text stay text; a column is numeric only where every cell is a number.
        frame[name] = pd.Series(cells, dtype=object).infer_objects()
        if (found := _written(cells)) is not None:
            spelled[name] = found
        if lost := sum(_is_number(cell) and abs(cell) >= EXACT for cell in cells):
            rounded[name] = lost
    read = pd.DataFrame(frame)
    notes = (
        (f"{path.name} has {len(sheet.titles)} sheets; {sheet.title!r} was read.",)
        if len(sheet.titles) > 1 and options.sheet is None
        else ()
    )
    return Wave(
        frame=read if columns is None else read[columns],
        source=path.name,
        notes=(*notes, *written_notes(spelled)),
        written=spelled,
        rounded=rounded,
    )


def _cell(value: Any, options: ReadOptions) -> Any:
    """Read a cell: a blank for nothing but spaces, and a whole number for 2.0."""
    if value is None:
        return np.nan
    if isinstance(value, str):
        text = value.strip()
        return np.nan if not text or text in options.blanks else value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _is_number(cell: Any) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell == cell


def _written(cells: Sequence[Any]) -> Written | None:
    """Say why a column is no column of numbers, if it holds text."""
    texts = Counter(cell.strip() for cell in cells if isinstance(cell, str))
    if not texts:
        return None
    # Numbers among the texts are of whichever form.
    numbers = sum(map(_is_number, cells))
    return written(Spelling(texts + Counter({"1": numbers} if numbers else {}), ""))


def _sheet(path: Path, options: ReadOptions, *, most: int | None = None) -> _Sheet:
    """Read a sheet, or the first people of it."""
    with needs("openpyxl", path):
        import openpyxl
    skipped = options.skipped
    header = next(row for row in range(1, len(skipped) + 2) if row not in skipped)
    with path.open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        titles = [str(one.title) for one in book.worksheets]
        shown = [one.sheet_state == "visible" for one in book.worksheets]
        page = book.worksheets[_place(path, options, titles, shown)]
        # Some programs write sizes that are wrong.
        page.reset_dimensions()
        rows = page.iter_rows(values_only=True)
        found = list(islice(rows, header - 1 + most) if most else rows)
        title, part = str(page.title), str(page._worksheet_path).lstrip("/")
        book.close()
    while found and all(value is None for value in found[-1]):
        found.pop()
    names = _header(path, found, header, skipped, options)
    rows = [row for number, row in enumerate(found, 1) if number > header and number not in skipped]
    return _Sheet(title, titles, part, names, header, rows)


def _place(path: Path, options: ReadOptions, titles: Sequence[str], shown: Sequence[bool]) -> int:
    """Find the sheet that is meant: the first that is shown, where none is named."""
    sheet = options.sheet
    if sheet is None:
        return shown.index(True) if True in shown else 0
    if isinstance(sheet, int) and sheet <= len(titles):
        return sheet - 1
    if sheet not in titles:
        raise ReadError(f"{path.name}: {unknown('sheet', sheet, titles)}")
    return titles.index(str(sheet))


def _header(
    path: Path,
    found: Sequence[Sequence[Any]],
    header: int,
    skipped: set[int],
    options: ReadOptions,
) -> list[str]:
    """Name the columns; refuse rows above and below that are neither names nor people."""
    texts = [[_text(value) for value in row] for row in found[header - 1 : header + SAMPLE]]
    # Cells that are only painted may stand beyond the columns.
    width = max((place + 1 for row in found for place in _told(row)), default=0)
    texts = [(row + [""] * width)[:width] for row in texts]
    if above := rows_above(texts):
        refuse_above(path, above, skipped, "row")
    if not texts or not any(texts[0]):
        raise unnamed(path, skipped, "row")
    if is_a_person(texts):
        raise no_names(path, skipped, "row")
    names = named(texts[0])
    people = [row for row, text in enumerate(texts[1:], header + 1) if row not in skipped]
    below, shown = rows_below([texts[row - header] for row in people], options.blanks, texts[0])
    if below:
        refuse_below(path, below, names[shown], header, skipped)
    return names


def _text(value: Any) -> str:
    value = int(value) if isinstance(value, float) and value.is_integer() else value
    return "" if value is None else str(value)


def _told(row: Sequence[Any]) -> list[int]:
    return [place for place, value in enumerate(row) if value is not None][-1:]


def _refuse_unsaved(path: Path, options: ReadOptions, sheet: _Sheet, places: Sequence[int]) -> None:
    """Refuse columns of formulas without a result, which would be read as blanks."""
    unsaved = Counter(
        column
        for row, column in _without_result(path, sheet.part)
        if row > sheet.header and row not in options.skipped and column in places
    )
    if unsaved:
        columns = ", ".join(f"{sheet.names[place]!r} ({n:,})" for place, n in unsaved.items())
        raise ReadError(
            f"{path.name}: {unsaved.total():,} cell(s) hold formulas without a result, by column: "
            f"{columns}. Open the file in a spreadsheet program and save it, which computes them, "
            "or read the others alone, by read_wave(…, columns=[…])."
        )


def _without_result(path: Path, part: str) -> Iterator[tuple[int, int]]:
    """Find the cells of formulas that hold no result: their rows from 1, and columns from 0.

    An empty text is a result, and then its type is said.
    """
    from xml.etree import ElementTree

    from openpyxl.utils.cell import coordinate_to_tuple

    with zipfile.ZipFile(path) as book:
        content = book.read(part)
    # Most sheets have none, and finding that out takes no time.
    if not re.search(rb"<(?:\w+:)?f[ />]", content):
        return
    row, column = 0, 0
    for _, element in ElementTree.iterparse(io.BytesIO(content)):
        if element.tag == CELL:
            if place := element.get("r"):
                row, column = coordinate_to_tuple(place)
            else:
                column += 1
            result = element.find(VALUE)
            kept = result is not None and (result.text or element.get("t") == "str")
            if element.find(FORMULA) is not None and not kept:
                yield row, column - 1
        elif element.tag == ROW:
            row, column = int(element.get("r") or row) + 1, 0
            element.clear()
