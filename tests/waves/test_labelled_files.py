"""Formats: what a value, a blank and a label become; encodings; what is refused."""

import sys

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import opinionpanel as op
from opinionpanel.errors import LinkError, ReadError


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


def small_floats(path, **columns):
    """Write a Stata file whose numbers are of the type `float`."""
    frame = pd.DataFrame({name: np.array(part, np.float32) for name, part in columns.items()})
    frame.to_stata(path, write_index=False)
    return path


def test_ids_that_stata_has_rounded_are_refused(tmp_path):
    ids = [16777217, 16777218, 33554433]
    rounded = small_floats(tmp_path / "one.dta", id=ids, q=[1, 2, 1])
    assert op.read_wave(rounded).frame["id"].tolist() == [16777216, 16777218, 33554432]
    exact = tmp_path / "two.dta"
    pyreadstat.write_dta(pd.DataFrame({"id": ids, "q": [1, 2, 1]}), exact)
    options = {"person": "id", "items": {"q": op.Item("q", {"yes": [1], "no": [2]})}}
    assert op.read_panel({"two": exact}, **options).present.shape == (1, 3)
    with pytest.raises(LinkError, match=r"one\.dta.*not whole numbers that a file can"):
        op.read_panel({"one": rounded, "two": exact}, **options)
    # Smaller ids are exact.
    least = small_floats(tmp_path / "three.dta", id=[2**24 - 1, 1, 2], q=[1, 2, 1])
    assert op.read_panel({"three": least}, **options).present.shape == (1, 3)


def test_ids_that_stata_has_rounded_among_tagged_missing():
    from opinionpanel.waves.labelled_files import _as_stored

    frame = pd.DataFrame({"id": [16777218.0, "a", np.nan], "q": [1.0, "a", 2.5]})
    read = _as_stored(frame, {"id": "float", "q": "float"})
    assert read["id"].tolist()[:2] == [16777218, "a"]
    with pytest.raises(LinkError, match="not whole numbers"):
        op.Panel.from_waves({"May": read}, person="id", items={})
    assert read["q"].map(type).tolist() == [float, str, float]


def test_small_floats_of_stata_in_weights_answers_and_groups(tmp_path):
    columns = {
        "id": [1, 2, 3, 4],
        "q": [1, 2, 1, np.nan],
        "w": [0.1, 20_000_000, 1.7, 0],
        "town": [0.1, 0.1, 20_000_002, 20_000_002],
    }
    path = small_floats(tmp_path / "wave.dta", **columns)
    options = {
        "person": "id",
        "items": {"q": op.Item("q", {"yes": [1], "no": [2]})},
        "groups": ["town"],
        "design": op.Design(weight="w"),
    }
    small = op.read_panel({"May": path}, **options)
    wide = pd.DataFrame(columns).astype(np.float32).astype(np.float64)
    panel = op.Panel.from_waves({"May": wide}, **options)
    np.testing.assert_array_equal(small.weights["May"], panel.weights["May"])
    assert small.weights["May"].dtype == np.float64
    np.testing.assert_array_equal(small.answers["q"], panel.answers["q"])
    assert small.groups["town"].categories == panel.groups["town"].categories
    one, other = op.shares(small, "q", by="town"), op.shares(panel, "q", by="town")
    np.testing.assert_array_equal(one.value, other.value)
    np.testing.assert_array_equal(one.covariance, other.covariance)


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
