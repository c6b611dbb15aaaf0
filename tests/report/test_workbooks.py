"""The workbook of an item: what its sheets are, and that numbers are numbers."""

import io

import pandas as pd
from openpyxl import load_workbook

from opinionpanel.report.blocks import Grid
from opinionpanel.report.workbooks import LONGEST, workbook

DATA = pd.DataFrame({"state": ["yes", "=1+1"], "estimate": [0.25, float("nan")]})


def test_the_first_sheet_says_what_the_others_are():
    grids = [
        Grid(f"q.{'x' * 40}{number}", f"Table {number}", [], [], 1, data=DATA) for number in "ab"
    ]
    content = workbook(["A study", "=Question"], grids)
    assert content == workbook(["A study", "=Question"], grids)
    book = load_workbook(io.BytesIO(content))
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
