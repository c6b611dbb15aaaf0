"""Formats: what a value, a blank and a label become; encodings; what is refused."""

import sys

import numpy as np
import pandas as pd
import pyreadstat
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


def test_columns_are_checked_in_every_format(tmp_path):
    frame = pd.DataFrame({"id": ["007", "8"], "q": [1, 2], "extra": ["a", "b"]})
    frame.to_csv(tmp_path / "w.csv", index=False)
    frame.to_csv(tmp_path / "w.tsv", index=False, sep="\t")
    frame.to_excel(tmp_path / "w.xlsx", index=False)
    frame.to_feather(tmp_path / "w.feather")
    frame.to_parquet(tmp_path / "w.parquet")
    pyreadstat.write_dta(frame, tmp_path / "w.dta")
    pyreadstat.write_sav(frame, tmp_path / "w.sav")
    pyreadstat.write_sav(frame, tmp_path / "w.zsav", compress=True)
    for path in tmp_path.iterdir():
        wave = op.read_wave(path, columns=["q", "id"])
        assert sorted(wave.frame.columns) == ["id", "q"], path.name
        assert wave.frame["id"].tolist() == ["007", "8"], path.name
        assert wave.frame["q"].tolist() == [1, 2], path.name
        with pytest.raises(ReadError, match=rf"{path.name}.*'qq'.*Did you mean 'q'"):
            op.read_wave(path, columns=["id", "qq"])


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


@pytest.mark.parametrize("suffix", ["parquet", "feather", "xlsx", "dta", "sas7bdat", "sav"])
def test_damage_of_any_format_is_a_read_error(tmp_path, suffix):
    path = tmp_path / f"wave.{suffix}"
    for content in (b"", b"no survey file", bytes(500)):
        path.write_bytes(content)
        with pytest.raises(ReadError, match=rf"wave\.{suffix}"):
            op.read_wave(path)


@pytest.fixture(params=["sav", "dta", "csv"])
def cyrillic(request, tmp_path):
    """A file of windows-1251 text that says, or is taken, to be UTF-8."""
    path = tmp_path / f"wave.{request.param}"
    frame = pd.DataFrame({"id": [1, 2], "town": ["Москва", "Орёл"]})
    if path.suffix == ".csv":
        return text_file(tmp_path, frame.to_csv(index=False), path.name, "windows-1251")
    write = pyreadstat.write_sav if path.suffix == ".sav" else pyreadstat.write_dta
    write(frame, path)
    data = path.read_bytes()
    for town in frame["town"]:
        # Stata ends text with a zero, SPSS fills it with spaces.
        fill = b" " if path.suffix == ".sav" else b"\0"
        plain = town.encode("utf-8")
        data = data.replace(plain, town.encode("windows-1251").ljust(len(plain), fill))
    path.write_bytes(data)
    return path


def test_text_that_does_not_decode(cyrillic):
    with pytest.raises(ReadError, match=r"cannot be decoded.*'windows-1251' or .*iso-8859-15"):
        op.read_wave(cyrillic)
    wave = op.read_wave(cyrillic, encoding="windows-1251")
    assert wave.frame["town"].tolist() == ["Москва", "Орёл"]
    assert wave.encoding == "windows-1251"
    with pytest.raises(ReadError, match="there is no encoding 'windows-12510'"):
        op.read_wave(cyrillic, encoding="windows-12510")


def test_iso_8859_15(tmp_path):
    path = text_file(tmp_path, "id,q\n1,10 €\n", encoding="iso-8859-15")
    with pytest.raises(ReadError, match="iso-8859-15"):
        op.read_wave(path)
    assert op.read_wave(path, encoding="ISO-8859-15").frame["q"].tolist() == ["10 €"]


def test_formats_that_lose_missing_codes(tmp_path):
    path = tmp_path / "wave.por"
    pyreadstat.write_por(pd.DataFrame({"ID": [1, 2]}), path)
    with pytest.raises(ReadError, match=r"\.por files lose.*Save the wave as \.sav"):
        op.read_wave(path)
    assert "lose which codes" in op.read_wave(path, allow_lost_missing=True).notes[0]
    with pytest.raises(ReadError, match=r"encoding of \.por"):
        op.read_wave(path, allow_lost_missing=True, encoding="utf-8")
    with pytest.raises(ReadError, match="lose which codes"):
        op.read_panel({"a": path}, person="ID", items={}, allow_lost_missing=["b"])
    panel = op.read_panel({"a": path}, person="ID", items={}, allow_lost_missing=["a"])
    assert "lose which codes" in str(panel)
