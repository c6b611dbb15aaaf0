"""Options of reading for all files, or by wave."""

from pathlib import Path

import numpy as np
import openpyxl
import pytest

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError
from opinionpanel.panel.file_options import options_by_wave

FILES = {"May": Path("a.csv"), "June": Path("b.sav")}
ITEMS = {"q": op.Item("q", {"yes": [1], "no": [2]})}


def test_for_all_files_that_know_it_or_by_wave():
    found = options_by_wave(FILES, blanks=["NA"], encoding={"June": "utf-8"}, skip_rows={"May": 2})
    assert found["May"].blanks == ("NA",)
    assert found["June"].blanks == ()
    assert [found["May"].encoding, found["June"].encoding] == [None, "utf-8"]
    assert [found["May"].skip_rows, found["June"].skip_rows] == [2, 0]
    with pytest.raises(OpinionPanelError, match="Unknown wave in sheet: 'Mai'"):
        options_by_wave(FILES, sheet={"Mai": 1})
    # What no file knows is refused where the first is read.
    assert options_by_wave(FILES, sheet=2)["May"].sheet == 2


def test_a_number_of_numpy_counts_sheets_as_one_of_python_does():
    (options,) = options_by_wave({"May": Path("may.xlsx")}, sheet=np.int8(2)).values()
    assert type(options.sheet) is int
    assert options.sheet == 2


def test_the_waves_of_one_workbook(tmp_path):
    book = openpyxl.Workbook()
    for title, shift in (("July", 0), ("November", 1)):
        sheet = book.create_sheet(title)
        sheet.append(["id", "q"])
        for row in range(6):
            sheet.append([row, 1 + (row + shift) % 2])
    path = tmp_path / "all.xlsx"
    book.save(path)
    files = {"w1": path, "w2": path}
    sheets = {"w1": "July", "w2": "November"}
    panel = op.read_panel(files, person="id", items=ITEMS, sheet=sheets)
    assert op.turnover(panel, "q").to_frame()["estimate"].tolist()[0] == 1
    with pytest.raises(OpinionPanelError, match=r"the same file .* or its sheet, sheet="):
        op.read_panel(files, person="id", items=ITEMS)


def test_text_columns_of_some_waves(tmp_path):
    (tmp_path / "a.csv").write_text("id,q,w\n0.1,1,1.5\n0.5,2,1.5\n")
    (tmp_path / "b.csv").write_text("id,q\n0.1,1\n0.5,2\n")
    files = {"w1": tmp_path / "a.csv", "w2": tmp_path / "b.csv"}
    asked = {"person": "id", "items": ITEMS}
    for engine in ("memory", "duckdb"):
        panel = op.read_panel(files, text=["id", "w"], engine=engine, **asked)
        assert panel.linkage()["people"].tolist() == [2, 2, 2, 2]
        with pytest.raises(OpinionPanelError, match=r"column 'id': .* text=\['id'\] keeps them"):
            op.read_panel(files, engine=engine, **asked)
        with pytest.raises(OpinionPanelError, match=r"text=: Unknown column 'idd'"):
            op.read_panel(files, text=["idd"], engine=engine, **asked)


def test_one_text_is_one_word_one_column_or_one_wave_not_its_letters(tmp_path):
    path = tmp_path / "all.csv"
    path.write_text("id,w,q,N\n007,2016,1,7\n008,2016,1,8\n007,2018,NA,8\n", encoding="utf-8")
    read = op.read_wave(path, blanks="NA", text="N", columns="N")
    assert read.frame["N"].tolist() == ["7", "8", "8"]
    found = options_by_wave({"w1": path, "w10": path}, blanks="NA", allow_lost_missing="w10")
    assert found["w1"].blanks == ("NA",)
    assert [one.allow_lost_missing for one in found.values()] == [False, True]
    item = {"q": op.Item("q", {"yes": [1]})}
    panel = op.read_panel(path, person="id", wave="w", waves="2016", items=item, blanks="NA")
    assert panel.waves == ("2016",)
    wide = {"q": op.Item({"2016": "q", "2018": "N"}, {"yes": [1]}, rest="missing")}
    whole = op.read_wave(path, blanks="NA")
    assert op.Panel.from_wide(whole, items=wide, waves="2016").waves == ("2016",)
