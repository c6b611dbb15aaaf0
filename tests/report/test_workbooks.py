"""The workbook of an item: what its sheets are, and that numbers are numbers."""

import io
import zipfile

import pandas as pd
from openpyxl import load_workbook

from opinionpanel.drawing import MOMENT
from opinionpanel.report.blocks import Grid
from opinionpanel.report.workbooks import LONGEST, workbook

DATA = pd.DataFrame({"state": ["yes", "=1+1"], "estimate": [0.25, float("nan")]})


def test_the_first_sheet_says_what_the_others_are():
    grids = [
        Grid(f"q.{'x' * 40}{number}", f"Table {number}", [], [], 1, data=DATA) for number in "ab"
    ]
    book = load_workbook(io.BytesIO(workbook(["A study", "=Question"], grids)))
    readme, *sheets = book.worksheets
    lines = [[cell for cell in row if cell] for row in readme.iter_rows(values_only=True)]
    assert lines[:2] == [["A study"], ["=Question"]]
    assert lines[-2:] == [
        [sheet.title, f"Table {name}"] for sheet, name in zip(sheets, "ab", strict=True)
    ]
    assert all(len(sheet.title) <= LONGEST for sheet in sheets)
    for sheet in sheets:
        assert list(sheet.iter_rows(values_only=True)) == [
            ("state", "estimate"),
            ("yes", 0.25),
            ("=1+1", None),
        ]
        assert sheet["A3"].data_type == "s"


def test_no_workbook_tells_when_it_was_written():
    content = workbook(["A study"], [Grid("q.trend", "Table", [], [], 1, data=DATA)])
    about = load_workbook(io.BytesIO(content)).properties
    assert about.created == about.modified == MOMENT
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {MOMENT.timetuple()[:6]}
