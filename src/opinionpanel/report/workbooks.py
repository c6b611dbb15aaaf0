"""The tables of an item as a workbook of Excel."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from opinionpanel.drawing import MOMENT, undated
from opinionpanel.estimates import fill_sheet
from opinionpanel.report.blocks import Grid

# Programs take no longer names of sheets.
LONGEST = 31


def workbook(readme: Sequence[str], grids: Sequence[Grid]) -> bytes:
    """Write a sheet that says what the others are, and a sheet for each table.

    Parameters
    ----------
    readme : sequence of str
        What the numbers are about and rest on.
    grids : sequence of Grid
        Those with numbers.
    """
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook()
    book.properties.created = book.properties.modified = MOMENT
    book.properties.creator = "opinionpanel"
    names = [_name(grid, number) for number, grid in enumerate(grids, start=1)]
    first: Any = book.active
    first.title = "readme"
    contents = [[name, grid.title] for name, grid in zip(names, grids, strict=True)]
    fill_sheet(first, [*([line] for line in readme), [], *contents])
    first.column_dimensions["A"].width = LONGEST
    for name, grid in zip(names, grids, strict=True):
        sheet = book.create_sheet(name)
        assert grid.data is not None
        fill_sheet(sheet, [list(grid.data), *grid.data.itertuples(index=False)])
    content = io.BytesIO()
    # `book.save` would put the present time into the file.
    ExcelWriter(book, zipfile.ZipFile(content, "w")).save()
    return undated(content.getvalue())


def _name(grid: Grid, number: int) -> str:
    """Name a sheet after its table: what follows the page, with its place before it."""
    return f"{number} {grid.name.partition('.')[2]}"[:LONGEST]
