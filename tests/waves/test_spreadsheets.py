"""Excel files: sheets, cells that are no numbers, and numbers that Excel cannot hold."""

import numpy as np
import openpyxl
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import ReadError

PEOPLE = [["id", "q"], [1, 2], [2, 3], [3, 2]]


def book(tmp_path, **sheets):
    """Write a workbook of the rows of its sheets."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "wave.xlsx"
    made.save(path)
    return path


def test_an_empty_spreadsheet(tmp_path):
    pd.DataFrame().to_excel(tmp_path / "wave.xlsx", index=False)
    with pytest.raises(ReadError, match=r"wave\.xlsx: the first row is empty"):
        op.read_wave(tmp_path / "wave.xlsx")
    pd.DataFrame(columns=["id", "q"]).to_excel(tmp_path / "wave.xlsx", index=False)
    assert op.read_wave(tmp_path / "wave.xlsx").frame.shape == (0, 2)
    with pytest.raises(ReadError, match="first row that skip_rows= leaves is empty"):
        op.read_wave(tmp_path / "wave.xlsx", skip_rows=9)


def test_spreadsheets(tmp_path):
    path = tmp_path / "wave.xlsx"
    first = pd.DataFrame(
        {"id": ["007", "8"], "q": [1, None], "w": [0.5, 2], "t": ["NA", None], 2024: [1, "x"]}
    )
    with pd.ExcelWriter(path) as book:
        first.to_excel(book, sheet_name="wave 1", index=False)
        first.to_excel(book, sheet_name="codebook", index=False)
    wave = op.read_wave(path)
    assert "2 sheets; 'wave 1' was read" in wave.notes[0]
    assert wave.frame["id"].tolist() == ["007", "8"]
    assert wave.frame["q"].dtype == np.float64
    assert wave.frame["t"].fillna("blank").tolist() == ["NA", "blank"]
    assert wave.frame["2024"].tolist() == [1, "x"]


def test_a_sheet_by_name_or_number(tmp_path):
    path = book(tmp_path, July=PEOPLE, November=[["id", "q"], [1, 7]])
    for sheet in ("November", 2):
        wave = op.read_wave(path, sheet=sheet)
        assert wave.frame["q"].tolist() == [7]
        assert wave.notes == ()
    with pytest.raises(ReadError, match=r"Unknown sheet 'Juli'\. Did you mean 'July'"):
        op.read_wave(path, sheet="Juli")
    with pytest.raises(ReadError, match="Unknown sheet 3"):
        op.read_wave(path, sheet=3)


@pytest.mark.parametrize(
    ("rows", "skip"),
    [
        ([["A survey"], [], *PEOPLE], 2),
        ([[], *PEOPLE], 1),
        ([PEOPLE[0], ["Number", "Support?"], *PEOPLE[1:]], [2]),
    ],
)
def test_rows_that_are_no_people(tmp_path, rows, skip):
    path = book(tmp_path, A=rows)
    with pytest.raises(ReadError) as caught:
        op.read_wave(path)
    assert f"skip_rows={skip}" in str(caught.value)
    assert op.read_wave(path, skip_rows=skip).frame["q"].tolist() == [2, 3, 2]


def test_cells_with_errors_are_words(tmp_path):
    path = book(tmp_path, A=[*PEOPLE, [4, "#N/A"], [5, "=1/0"]][:-1])
    wave = op.read_wave(path)
    assert wave.notes == (
        "column 'q': 1 value is '#N/A', otherwise numbers; if they are blanks: blanks=['#N/A']",
    )
    assert op.read_wave(path, blanks=["#N/A"]).frame["q"].fillna(0).tolist() == [2, 3, 2, 0]


def test_formulas_without_a_result(tmp_path):
    path = book(tmp_path, A=[["id", "q", "s"], [1, 2, "=B2+1"], [2, 3, "=B3+1"]])
    with pytest.raises(ReadError, match=r"2 cell\(s\) hold formulas without .*: 's' \(2\)\. Open"):
        op.read_wave(path)
    assert op.read_wave(path, columns=["id", "q"]).frame["q"].tolist() == [2, 3]


def test_numbers_of_more_than_15_digits(tmp_path):
    rows = [["id", "q"], *([float(12345678901200000 + 10 * row), 1] for row in range(5))]
    wave = op.read_wave(book(tmp_path, A=rows))
    assert wave.rounded == {"id": 5}
    with pytest.raises(ReadError, match=r"psu: column 'id' has 5 number\(s\) of more than 15"):
        wave.column("id", "May", purpose="psu")
    rows = [["id", "q"], [10**15 - 1, 1]]
    assert op.read_wave(book(tmp_path, A=rows)).rounded == {}


def test_painted_cells_are_no_columns(tmp_path):
    path = book(tmp_path, A=PEOPLE)
    made = openpyxl.load_workbook(path)
    made["A"].cell(2, 9).number_format = "0.00"
    made.save(path)
    assert list(op.read_wave(path).frame) == ["id", "q"]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_read_only_by_name(tmp_path, state):
    path = book(tmp_path, lists=[["code"], ["x"]], people=PEOPLE)
    made = openpyxl.load_workbook(path)
    made["lists"].sheet_state = state
    made.active = 1
    made.save(path)
    assert list(op.read_wave(path).frame.columns) == ["id", "q"]
    assert list(op.read_wave(path, sheet="lists").frame.columns) == ["code"]
