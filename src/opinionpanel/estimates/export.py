"""Tables of estimates as files for a text: CSV, Excel and LaTeX."""

import csv
import io
import math
import numbers
from pathlib import Path
from typing import Any

import pandas as pd

from opinionpanel.errors import SelectionError
from opinionpanel.escaping import latex_text, spreadsheet_text, starts_formula, xml_characters
from opinionpanel.estimates.frames import cautions, frame_of
from opinionpanel.estimates.intervals import Interval
from opinionpanel.estimates.tables import PrintedTable, table_of
from opinionpanel.estimates.values import Values
from opinionpanel.estimates.withholding import Withheld
from opinionpanel.written_files import write_file


def write_csv(
    estimates: Values, path: Path, withheld: Withheld, *, level: float, interval: Interval
) -> None:
    """Write what `Estimates.to_csv` describes."""
    _check(path, ".csv")
    table = table_of(estimates, withheld=withheld, level=level, interval=interval)
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([spreadsheet_text(name) for name in table.header])
    for row in table.rows:
        labels, figures = row[: table.labels], row[table.labels :]
        # A change such as "+4.5 (1 to 8)" is no formula that could be computed.
        writer.writerow([*map(spreadsheet_text, labels), *figures])
    writer.writerow([])
    writer.writerows([spreadsheet_text(line)] for line in _lines(table))
    write_file(path, file.getvalue())


def write_excel(
    estimates: Values, path: Path, withheld: Withheld, *, level: float, interval: Interval
) -> None:
    """Write what `Estimates.to_excel` describes."""
    _check(path, ".xlsx")
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise SelectionError(
            f'{path.name}: openpyxl is needed to write it: pip install "opinionpanel[files]"'
        ) from error
    table = table_of(estimates, withheld=withheld, level=level, interval=interval)
    frame = frame_of(
        estimates,
        withheld=withheld,
        level=level,
        interval=interval,
        reliable=estimates.unit == "share",
    )
    book = Workbook()
    sheet = book.active
    sheet.title = "table"
    notes = [[line] for line in _lines(table)[1:]]
    fill_sheet(sheet, [[table.title], [], table.header, *table.rows, [], *notes])
    _lay_out(sheet, table)
    below = [[], *([line] for line in cautions(estimates))]
    fill_sheet(book.create_sheet("numbers"), [list(frame), *frame.itertuples(index=False), *below])
    content = io.BytesIO()
    book.save(content)
    write_file(path, content.getvalue())


def _lay_out(sheet: Any, table: PrintedTable) -> None:
    """Make columns as wide as their cells, title and header bold."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for row in (1, 3):
        for cell in sheet[row]:
            cell.font = Font(bold=True)
    for place, column in enumerate(zip(table.header, *table.rows, strict=True), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = 2 + max(map(len, column))


def fill_sheet(sheet: Any, rows: list[Any]) -> None:
    """Write rows into a sheet: numbers as numbers, text as text whatever it begins with."""
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            if pd.isna(value) or value in (math.inf, -math.inf):
                continue  # no number, and a sheet has no word for it
            cell = sheet.cell(row, column)
            if isinstance(value, numbers.Number):
                cell.value = value
            else:
                cell.value = xml_characters(str(value))
                cell.data_type = "s"
                cell.quotePrefix = starts_formula(cell.value)


def latex_table(estimates: Values, withheld: Withheld, *, level: float, interval: Interval) -> str:
    """Lay out what `Estimates.to_latex` describes."""
    table = table_of(estimates, withheld=withheld, level=level, interval=interval)
    figures = len(table.header) - table.labels
    head, *body = [" & ".join(map(latex_text, row)) + r" \\" for row in (table.header, *table.rows)]
    lines = [
        r"\begin{table}",
        rf"\caption{{{latex_text(table.title)}}}",
        rf"\begin{{tabular}}{{{'l' * table.labels}{'r' * figures}}}",
        r"\toprule",
        head,
        r"\midrule",
        *body,
        r"\bottomrule",
        r"\end{tabular}",
        r"\par\smallskip",
        r"\begin{minipage}{\linewidth}\footnotesize",
        *(latex_text(line) for line in _lines(table)[1:]),
        r"\end{minipage}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _lines(table: PrintedTable) -> list[str]:
    """Give title, question and notes, line by line."""
    return [table.title, *([f"“{table.question}”"] if table.question else []), *table.notes]


def _check(path: Path, ending: str) -> None:
    if path.suffix.lower() != ending:
        raise SelectionError(f"Cannot write {path.name!r}: its ending must be {ending}.")
    if not path.parent.is_dir():
        raise SelectionError(f"Folder {str(path.parent)!r} does not exist. Create it first.")
