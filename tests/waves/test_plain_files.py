"""Text, spreadsheets and columnar files: what a value and a blank become; what is refused."""

import sys

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import ReadError


def text_file(tmp_path, text, name="wave.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["7", "12"], [7, 12]),
        (["007", "12"], ["007", "12"]),
        (["7", ""], [7, np.nan]),
        (["1.50", ".5", "-2", "1e-05"], [1.5, 0.5, -2, 1e-05]),
        (["12e4", "34"], ["12e4", "34"]),
        (["1234567890123456", "2"], ["1234567890123456", "2"]),
        (["NA", "None", "yes", ""], ["NA", "None", "yes", np.nan]),
        (["", " "], [np.nan, np.nan]),
        (["1", "+1"], ["1", "+1"]),
    ],
)
def test_text_columns_are_numeric_only_where_nothing_is_lost(tmp_path, values, expected):
    lines = "\n".join(f"{row},{value}" for row, value in enumerate(values))
    frame = op.read_wave(text_file(tmp_path, f"id,q\n{lines}\n")).frame
    assert frame["id"].dtype == np.int64
    pd.testing.assert_series_equal(
        frame["q"].astype(object), pd.Series(expected, dtype=object, name="q"), check_dtype=False
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("wave.csv", "id,w,q\n1,1.5,ja\n2,0.25,nein\n"),
        ("wave.csv", "id;w;q\n1;1,5;ja\n2;0,25;nein\n"),
        ("wave.csv", "id;w;q\n1;1.5;ja\n2;0.25;nein\n"),
        ("wave.tsv", "id\tw\tq\n1\t1.5\tja\n2\t0.25\tnein\n"),
        ("wave.csv", "\ufeffid,w,q\r\n1,1.5,ja\r\n2,0.25,nein"),
    ],
)
def test_delimiters_and_decimal_commas(tmp_path, name, text):
    frame = op.read_wave(text_file(tmp_path, text, name)).frame
    assert frame.to_dict("list") == {"id": [1, 2], "w": [1.5, 0.25], "q": ["ja", "nein"]}


def test_a_text_file_that_was_cut_off(tmp_path):
    with pytest.raises(ReadError, match="the last line has 2 of 3 fields and no end"):
        op.read_wave(text_file(tmp_path, "id,q,w\n1,2,3\n2,2"))
    with pytest.raises(ReadError, match="first line is empty"):
        op.read_wave(text_file(tmp_path, ""))


@pytest.mark.parametrize("columns", [None, ["id", "q"], ["id"]])
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("id,q\n7,1\n8,2,3\n9,1\n", ["1 row(s) have more fields than the 2 col", "into quotes"]),
        ("id,q\n7,1,\n8,2,\n", ["2 row(s) have more fields", "name all columns"]),
        ("id,q,t\n7,1,a\n8,2\n9\n6,1,b\n", ["2 row(s) have fewer fields than the 3 columns"]),
        ('id,q,"t, u"\n7,1,"a,\nb"\n8,2,"a,\n""b""",5\n', ["1 row(s) have more fields"]),
        ('id,q\n7,1\n8,"2\n9,1\n', ["wave.csv"]),
    ],
)
def test_rows_of_another_length_than_the_header(tmp_path, text, parts, columns):
    with pytest.raises(ReadError) as caught:
        op.read_wave(text_file(tmp_path, text), columns=columns)
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_quoted_fields_and_empty_lines(tmp_path, delimiter, end, encoding):
    rows = [
        ["id", '"q\nr"', "t"],
        ["7", '"1"', f'"a{delimiter} ""b""\n\nc"'],
        [" "],
        ["8", "2", '5" high'],
        [],
        ["", "", ""],
    ]
    text = end.join(delimiter.join(row) for row in rows)
    path = text_file(tmp_path, text, encoding=encoding)
    options = {"encoding": encoding} if encoding == "utf-16" else {}
    frame = op.read_wave(path, **options).frame
    assert list(frame) == ["id", "q\nr", "t"]
    assert frame["q\nr"].tolist()[:2] == [1, 2]
    assert frame["t"].tolist()[:2] == [f'a{delimiter} "b"\n\nc', '5" high']
    assert frame.isna().all(axis=1).tolist() == [False, False, True]


def test_several_columns_of_one_name(tmp_path):
    pd.DataFrame([[1, 5, 6, 2, "x"], [2, 5, 6, 1, "y"]]).to_csv(
        tmp_path / "w.csv", index=False, header=["id", "q", "q", "r", ""]
    )
    pd.DataFrame([[1, 5, 6, 2, "x"], [2, 5, 6, 1, "y"]]).to_excel(
        tmp_path / "w.xlsx", index=False, header=["id", "7", 7, "r", ""]
    )
    for name, doubled in (("w.csv", "q"), ("w.xlsx", "7")):
        for columns in (None, ["id", doubled]):
            message = rf"{name}: several columns have the same name: '{doubled}'\. Rename them"
            with pytest.raises(ReadError, match=message):
                op.read_wave(tmp_path / name, columns=columns)
        frame = op.read_wave(tmp_path / name, columns=["r", "Unnamed: 4", "id"]).frame
        assert frame.to_dict("list") == {"r": [2, 1], "Unnamed: 4": ["x", "y"], "id": [1, 2]}
        with pytest.raises(ReadError, match=rf"Unknown column '{doubled}\.1'"):
            op.read_wave(tmp_path / name, columns=[f"{doubled}.1"])


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("blank", ["", " ", None])
def test_weights_with_blanks_are_numbers(tmp_path, suffix, blank):
    path = tmp_path / f"wave.{suffix}"
    frame = pd.DataFrame({"id": [1, 2, 3], "q": [1, 2, 1], "w": [1.5, blank, 0.5]}, dtype=object)
    if suffix == "csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_excel(path, index=False)
    weight = op.read_wave(path).frame["w"]
    assert weight.dtype == np.float64
    assert weight.isna().tolist() == [False, True, False]
    panel = op.read_panel(
        {"May": path},
        person="id",
        items={"q": op.Item("q", {"yes": [1], "no": [2]})},
        design=op.Design(weight="w"),
    )
    assert panel.weights["May"].tolist() == [1.5, 0, 0.5]


def test_an_empty_spreadsheet(tmp_path):
    pd.DataFrame().to_excel(tmp_path / "wave.xlsx", index=False)
    with pytest.raises(ReadError, match=r"wave\.xlsx: the first row is empty"):
        op.read_wave(tmp_path / "wave.xlsx")
    pd.DataFrame(columns=["id", "q"]).to_excel(tmp_path / "wave.xlsx", index=False)
    assert op.read_wave(tmp_path / "wave.xlsx").frame.shape == (0, 2)
    assert op.read_wave(text_file(tmp_path, "id,q")).frame.shape == (0, 2)


def test_spreadsheets(tmp_path):
    path = tmp_path / "wave.xlsx"
    first = pd.DataFrame(
        {"id": ["007", "8"], "q": [1, None], "w": [0.5, 2], "t": ["NA", None], 2024: [1, "x"]}
    )
    with pd.ExcelWriter(path) as book:
        first.to_excel(book, sheet_name="wave 1", index=False)
        first.to_excel(book, sheet_name="codebook", index=False)
    wave = op.read_wave(path)
    assert "2 sheets; the first, 'wave 1'" in wave.notes[0]
    assert wave.frame["id"].tolist() == ["007", "8"]
    assert wave.frame["q"].dtype == np.float64
    assert wave.frame["t"].fillna("blank").tolist() == ["NA", "blank"]
    assert wave.frame["2024"].tolist() == [1, "x"]


@pytest.mark.parametrize("suffix", [".parquet", ".feather"])
def test_columnar_files(tmp_path, suffix):
    path = tmp_path / f"wave{suffix}"
    ids = pd.array([2**53 + 1, None], dtype="Int64")
    frame = pd.DataFrame({"id": ids, "q": pd.Categorical(["no", "yes"], ["yes", "no"])})
    getattr(frame, f"to_{suffix[1:]}")(path)
    read = op.read_wave(path).frame
    assert read["id"][0] == 2**53 + 1
    assert list(read["q"].cat.categories) == ["yes", "no"]


def test_an_id_that_was_the_index_is_a_column(tmp_path):
    path = tmp_path / "wave.parquet"
    pd.DataFrame({"id": [7, 3, 12], "q": [1, 2, 1]}).set_index("id").to_parquet(path)
    assert op.read_wave(path, columns=["id"]).frame["id"].tolist() == [7, 3, 12]
    pd.DataFrame({"q": [1, 2, 3]})[lambda frame: frame["q"] > 1].to_parquet(path)
    assert list(op.read_wave(path).frame) == ["q"]


@pytest.mark.parametrize(
    ("suffix", "package"), [("parquet", "pyarrow"), ("feather", "pyarrow"), ("xlsx", "openpyxl")]
)
def test_a_package_that_is_not_installed(tmp_path, monkeypatch, suffix, package):
    path = tmp_path / f"wave.{suffix}"
    path.write_bytes(b"")
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        ReadError, match=rf'{package} is needed.*pip install "opinionpanel\[files\]'
    ):
        op.read_wave(path)


def test_iso_8859_15(tmp_path):
    path = text_file(tmp_path, "id,q\n1,10 €\n", encoding="iso-8859-15")
    with pytest.raises(ReadError, match="iso-8859-15"):
        op.read_wave(path)
    assert op.read_wave(path, encoding="ISO-8859-15").frame["q"].tolist() == ["10 €"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_mark_at_the_start_tells_the_encoding(tmp_path, encoding):
    path = tmp_path / "wave.csv"
    path.write_bytes("id,ответ\n1,да\n2,нет\n".encode(encoding))
    wave = op.read_wave(path)
    assert wave.frame.to_dict("list") == {"id": [1, 2], "ответ": ["да", "нет"]}
    assert wave.encoding == encoding.removesuffix("-sig")
    if encoding == "utf-16":
        with pytest.raises(ReadError, match="It decodes with encoding='utf-16';"):
            op.read_wave(path, encoding="utf-8")
