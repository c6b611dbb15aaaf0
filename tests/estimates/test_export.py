"""Tables as files: what is written can be read back, computed with, and does nothing by itself."""

import csv
import re
import sys

import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.escaping import starts_formula
from opinionpanel.estimates.tables import table_of

NASTY = ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)"]


@pytest.fixture
def shares(build):
    return op.shares(build(source="A test panel"), "support", by="gender")


def labelled(build, july, november, states, question="Do you support it?"):
    """Shares by an item whose three states have other names."""
    codes = [[1, 2], [3, 98], [4, 5]]
    item = op.Item(
        {"Jul": "q12", "Nov": "q9"}, dict(zip(states, codes, strict=True)), question=question
    )
    return op.shares(build(items={"support": item}), "support", by="gender")


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


# ---- CSV --------------------------------------------------------------------------------------


def test_csv_holds_the_table_and_below_a_blank_line_the_note(shares, tmp_path):
    shares.to_csv(tmp_path / "shares.csv", min_n=0)
    rows = read_csv(tmp_path / "shares.csv")
    table = table_of(shares)
    blank = rows.index([])
    assert rows[0] == ["wave", "gender", "approve", "unsure", "oppose", "n"]
    assert rows[1:blank] == table.rows
    assert len(rows[1:blank]) == 4
    note = [line for (line,) in rows[blank + 1 :]]
    assert note[:2] == [table.title, "“Do you support it?”"]
    assert note[2:] == table.notes
    assert "Source: A test panel." in note


def test_csv_is_utf_8_and_quotes_commas(build, july, november, tmp_path):
    states = ["поддерживаю, да", 'не "знаю"', "против"]
    labelled(build, july, november, states).to_csv(str(tmp_path / "s.csv"), min_n=0)
    assert read_csv(tmp_path / "s.csv")[0][2:5] == states


@pytest.mark.parametrize("start", NASTY)
def test_labels_are_no_formulas_in_csv(build, july, november, tmp_path, start):
    july["gender"] = november["gender"] = start
    labelled(build, july, november, [start, "b", "c"]).to_csv(tmp_path / "s.csv", min_n=0)
    for row in read_csv(tmp_path / "s.csv"):
        assert not any(starts_formula(cell) for cell in row)


# ---- Excel ------------------------------------------------------------------------------------


def sheets(path):
    return pytest.importorskip("openpyxl").load_workbook(path)


def test_excel_has_the_table_as_text_and_the_numbers_as_numbers(shares, tmp_path):
    pytest.importorskip("openpyxl")
    shares.to_excel(tmp_path / "shares.xlsx", min_n=0, min_cell=0)
    book = sheets(tmp_path / "shares.xlsx")
    assert book.sheetnames == ["table", "numbers"]
    assert book["table"]["A1"].font.bold
    table = table_of(shares)
    cells = [list(row) for row in book["table"].iter_rows(values_only=True)]
    assert cells[0][0] == table.title
    assert cells[2] == table.header
    assert cells[3:7] == table.rows
    assert [row[0] for row in cells[8:]] == ["“Do you support it?”", *table.notes]
    numbers = pd.read_excel(tmp_path / "shares.xlsx", sheet_name="numbers")
    numbers = numbers.fillna({"reason": ""})
    pd.testing.assert_frame_equal(numbers, shares.to_frame(reliable=True), check_dtype=False)


def test_excel_leaves_withheld_and_undefined_numbers_out(build, july, tmp_path):
    pytest.importorskip("openpyxl")
    july.loc[july["q12"].isin([3, 98]), "q12"] = 1
    moves = op.transitions(build(), "support")
    moves.to_excel(tmp_path / "moves.xlsx", min_n=3, min_cell=0)
    numbers = pd.read_excel(tmp_path / "moves.xlsx", sheet_name="numbers")
    assert (
        numbers.loc[numbers["withheld"], ["estimate", "std_error", "n_cell"]].isna().all(axis=None)
    )
    assert numbers["estimate"].notna().sum() == (moves.n >= 3).sum() > 0


@pytest.mark.parametrize("start", [*NASTY, "#N/A"])
def test_labels_are_no_formulas_in_excel(build, july, november, tmp_path, start):
    pytest.importorskip("openpyxl")
    july["gender"] = november["gender"] = start
    labelled(build, july, november, [start, "b\x07", "c"]).to_excel(tmp_path / "s.xlsx", min_n=0)
    book = sheets(tmp_path / "s.xlsx")
    seen = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "b")
                if cell.value == start:
                    seen += 1
                    assert cell.quotePrefix == (start != "#N/A")
    assert seen > 4


def test_excel_without_openpyxl_says_what_to_install(shares, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(SelectionError, match=r"openpyxl is needed.*opinionpanel\[files\]"):
        shares.to_excel(tmp_path / "shares.xlsx")
    assert not list(tmp_path.iterdir())


# ---- both -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "ending"), [("to_csv", ".csv"), ("to_excel", ".xlsx")])
def test_another_ending_or_no_folder(shares, tmp_path, method, ending):
    for name in ("shares.txt", "shares", ".csv" if method == "to_excel" else "shares.csv.zip"):
        with pytest.raises(SelectionError, match=rf"its ending must be \{ending}"):
            getattr(shares, method)(tmp_path / name)
    with pytest.raises(SelectionError, match=r"none' does not exist. Create it first"):
        getattr(shares, method)(tmp_path / "none" / f"shares{ending}")
    assert not list(tmp_path.iterdir())


def test_small_bases_are_withheld_in_every_form(shares, tmp_path):
    pytest.importorskip("openpyxl")
    shares.to_csv(tmp_path / "s.csv", min_n=4)
    shares.to_excel(tmp_path / "s.xlsx", min_n=4)
    cells = [str(c.value) for row in sheets(tmp_path / "s.xlsx")["table"] for c in row]
    text = (tmp_path / "s.csv").read_text(encoding="utf-8")
    for shown in (text, " ".join(cells), shares.to_latex(min_n=4).replace(r"\textless{}", "<")):
        assert shown.count("n < 4") == 2 * 3 + 1
        assert shown.count("withheld") == 2 * 3 + 2
        assert "(" not in shown.partition("Base:")[0].replace("(unweighted)", "")


# ---- LaTeX ------------------------------------------------------------------------------------


def unescaped(text):
    """What is left for LaTeX to read after its escapes and commands are taken out."""
    text = re.sub(r"\\text[a-z]+\{\}", "", text)
    return re.sub(r"\\[{}$&%#_]", "", text)


def test_latex_is_a_booktabs_table_with_its_note(shares):
    text = shares.to_latex()
    lines = text.splitlines()
    assert lines[2] == r"\begin{tabular}{llrrrr}"
    assert [line for line in lines if line.endswith("rule")] == [
        r"\toprule",
        r"\midrule",
        r"\bottomrule",
    ]
    assert r"wave & gender & approve & unsure & oppose & n \\" in lines
    assert text.index(r"\end{tabular}") < text.index("“Do you support it?”")
    assert "Weight: wgt (at Jul); wgt (at Nov)." in text
    assert r"95\% intervals" in text


@pytest.mark.parametrize(
    "label",
    ["50% & more", "a_b^c~d", r"\input{x}", "{", "}", "$5 #1", "<b> | `q`", "“да”", '"ja', "[x]*"],
)
def test_latex_escapes_labels_and_balances(build, july, november, label):
    july["gender"] = november["gender"] = label
    text = labelled(build, july, november, [label, "b", "c"], question=f"{label}\n\n?").to_latex()
    left = unescaped(text)
    begun = re.findall(r"\\begin\{(\w+)\}", left)
    assert sorted(begun) == sorted(re.findall(r"\\end\{(\w+)\}", left))
    assert left.count("{") == left.count("}")
    assert left.count("$") % 2 == 0
    for mark in '%#_~^<>`"|':
        assert mark not in left
    body = left.partition(r"\toprule")[2].partition(r"\bottomrule")[0]
    rows = [line for line in body.splitlines() if line.endswith(r"\\")]
    assert len(rows) == 3
    assert {row.count("&") for row in rows} == {4}
    assert not any(row.startswith(("[", "*")) for row in rows)
    assert r"\input" not in left
    assert "\n\n" not in text


def test_latex_has_a_minus_that_every_font_has(build):
    text = op.net_change(build(), "support").to_latex(min_n=0)
    assert "$-$" in text
    assert r"Jul $\to$ Nov" in text
    assert not set(text) & set("−→–")
