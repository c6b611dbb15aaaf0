"""Packed files that fill the memory are refused; ordinary ones of any size are not."""

import gzip
import struct
import zipfile

import openpyxl
import pytest

import opinionpanel as op
from opinionpanel.errors import ReadError
from opinionpanel.waves import unpacked_size
from opinionpanel.waves.unpacked_size import part_sizes

SHEET = "xl/worksheets/sheet1.xml"
END = b"</sheetData>"
FAR = b'<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>'
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet'


@pytest.fixture
def workbook(tmp_path):
    """Write a workbook with a part of it replaced."""
    made = openpyxl.Workbook()
    for row in [["id", "q"], [1, 2], [2, 3]]:
        made.active.append(row)
    made.save(tmp_path / "plain.xlsx")
    path = tmp_path / "wave.xlsx"

    def write(part, old, new):
        with (
            zipfile.ZipFile(tmp_path / "plain.xlsx") as plain,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book,
        ):
            for name in plain.namelist():
                content = plain.read(name)
                if name == part:
                    assert old in content
                    content = content.replace(old, new)
                book.writestr(name, content)
        return path

    return write


@pytest.mark.parametrize(
    ("part", "old", "new", "words"),
    [
        (SHEET, END, b" " * (1 << 20) + END, "would unpack from"),
        ("xl/styles.xml", b"<styleSheet", b"<!--" + b" " * (1 << 20) + b"--><styleSheet", "unpack"),
        (SHEET, END, FAR + END, "absurd numbers"),
        (SHEET, END, b'<row><c r="XFD1"><v>1</v></c></row>' * 2000 + END, "absurd numbers"),
        (SHEET, END, b'<row><c r="ZZZZZZ1"><v>1</v></c></row>' + END, "not a valid column"),
        (SHEET, b"<worksheet", LAUGHS, "defines entities"),
        ("xl/workbook.xml", b"<workbook", b"<!--x--><!DOCTYPE l><workbook", "defines entities"),
        ("xl/workbook.xml", b"<sheets>", b"<sheets>" + b"<sheet />" * 1001, "1,002 sheets"),
    ],
)
def test_workbooks_that_grow_are_refused(workbook, monkeypatch, part, old, new, words):
    monkeypatch.setattr(unpacked_size, "SMALL", 1 << 18)
    monkeypatch.setattr("opinionpanel.waves.spreadsheets.MOST_BLANKS", 1 << 20)
    monkeypatch.setattr("opinionpanel.waves.spreadsheets.MOST_ROWS", 1 << 12)
    with pytest.raises(ReadError, match=words) as caught:
        op.read_wave(workbook(part, old, new))
    assert "wave.xlsx" in str(caught.value)


def test_sizes_that_are_a_lie_are_found(workbook):
    path = workbook(SHEET, END, b" " * 5000 + END)
    with zipfile.ZipFile(path) as book:
        size = book.getinfo(SHEET).file_size
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", size), struct.pack("<I", 900)))
    with pytest.raises(ReadError, match="cannot be read as"):
        op.read_wave(path)


def test_made_up_dimensions_are_not_believed(workbook):
    path = workbook(SHEET, b'ref="A1:B3"', b'ref="A1:XFD1048576"')
    assert op.read_wave(path).frame.shape == (2, 2)


def test_ordinary_workbooks_pass(workbook, monkeypatch):
    """Ten thousand rows that are all the same grow to some thirty times."""
    row = b'<row><c t="inlineStr"><is><t>agree</t></is></c><c><v>1</v></c></row>'
    rows = [row.replace(b"<v>1", b"<v>%d" % number) for number in range(10_000)]
    path = workbook(SHEET, END, b"".join(rows) + END)
    monkeypatch.setattr(unpacked_size, "SMALL", 1 << 18)
    with path.open("rb") as file:
        assert part_sizes(path.name, file)[SHEET] > 1 << 19


def test_packed_text_that_grows_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "wave.csv.gz"
    path.write_bytes(gzip.compress(b"id,q\n" + b"1" * (1 << 21)))
    monkeypatch.setattr(unpacked_size, "SMALL", 1 << 18)
    with pytest.raises(ReadError, match=r"wave\.csv\.gz unpacks from .* bytes and more"):
        op.read_wave(path)
    path.write_bytes(gzip.compress(b"1" * (1 << 21)))
    with pytest.raises(ReadError, match="bytes and more"):
        op.read_wave(path)
    rows = "".join(f"{number},{number % 5}\n" for number in range(100_000))
    path.write_bytes(gzip.compress(f"id,q\n{rows}".encode()))
    assert op.read_wave(path).frame.shape == (100_000, 2)
