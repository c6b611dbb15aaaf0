"""Text files: what a value and a blank become; where the people start; what is refused."""

import gzip

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
        (["1.5", ".5", "-2", "1e-05"], [1.5, 0.5, -2, 1e-05]),
        (["1.50", ".50", "-2.25"], [1.5, 0.5, -2.25]),
        (["2.0", "3.25", "1.5"], [2, 3.25, 1.5]),
        (["1.1", "1.10"], ["1.1", "1.10"]),
        (["1.50", "0.9", "2"], ["1.50", "0.9", "2"]),
        (["1", "1.0", "2.5"], ["1", "1.0", "2.5"]),
        (["1.234", "2.500"], [1.234, 2.5]),
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
        ("wave.tsv", "id\tw\tq\n1\t1,5\tja\n2\t0,25\tnein\n"),
        ("wave.tab", "id\tw\tq\n1\t1,50\tja\n2\t0,25\tnein\n"),
        ("wave.csv", 'id,w,q\n1,"1,5",ja\n2,"0,25",nein\n'),
        ("wave.txt", "id;w;q\n1;1.5;ja\n2;0.25;nein\n"),
        ("wave.csv", "sep=;\nid;w;q\n1;1.5;ja\n2;0.25;nein\n"),
        ("wave.csv", "sep=|\r\nid|w|q\r\n1|1.5|ja\r\n2|0.25|nein\r\n"),
        ("wave.csv", "sep=§\nid§w§q\n1§1.5§ja\n2§0.25§nein\n"),
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
    with pytest.raises(ReadError, match=r"skip_rows= leaves is empty.*leave out fewer rows"):
        op.read_wave(text_file(tmp_path, "id,q\n1,2\n2,2\n"), skip_rows=9)


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


@pytest.mark.parametrize("name", ["w.csv.gz", "w.tsv.gz", "w.txt.gz", "w.tab.gz"])
def test_packed_files(tmp_path, name):
    (tmp_path / name).write_bytes(gzip.compress(b"id\tq\n1\t2,5\n2\t0,5\n"))
    assert op.read_wave(tmp_path / name).frame.to_dict("list") == {"id": [1, 2], "q": [2.5, 0.5]}


def test_semicolons_in_a_name_are_no_delimiters(tmp_path):
    assert list(op.read_wave(text_file(tmp_path, '"a;b;c",q\n1,2\n')).frame) == ["a;b;c", "q"]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (["1.234", "12.500"], "2 value(s) of the form '9.999' (9: any digit) may be thousands"),
        (["1,234", "7"], "1 value(s) of the form '9,999'"),
        (["1,5", "1.5", "2.5"], "2 value(s) have a decimal point and 1 a decimal comma"),
        (["1.234.567", "2"], "1 value(s) have marks of thousands, as in 9.999.999"),
        (["1.234,5", "2"], "1 value(s) have marks of thousands"),
        (["NA", "1,5", "NA"], "2 values are 'NA', otherwise numbers; if they are blanks: blanks"),
    ],
)
def test_what_may_be_numbers_stays_text_and_says_why(tmp_path, values, why):
    text = "id;w\n" + "".join(f"{row};{value}\n" for row, value in enumerate(values))
    wave = op.read_wave(text_file(tmp_path, text))
    assert wave.frame["w"].tolist() == values
    assert why in wave.written["w"].why
    assert wave.notes == ((f"column 'w': {wave.written['w'].why}",) if "NA" in values else ())


def test_decimals_with_a_zero_before_them_are_no_thousands(tmp_path):
    wave = op.read_wave(text_file(tmp_path, "id;w\n1;1.234\n2;0.500\n"))
    assert wave.frame["w"].tolist() == [1.234, 0.5]


def test_words_for_blanks(tmp_path):
    path = text_file(tmp_path, "id,q,t\n1, NA ,yes\n2,4,NA\n3,.,na\n")
    frame = op.read_wave(path, blanks=["NA", "."]).frame
    assert frame["q"].fillna(0).tolist() == [0, 4, 0]
    assert frame["t"].fillna("-").tolist() == ["yes", "-", "na"]


def test_columns_that_stay_text(tmp_path):
    path = text_file(tmp_path, "id,q\n0.1,1\n0.5,2\n,3\n")
    frame = op.read_wave(path, text=["id"]).frame
    assert frame["id"].fillna("-").tolist() == ["0.1", "0.5", "-"]
    assert frame["q"].tolist() == [1, 2, 3]
    with pytest.raises(ReadError, match=r"text=: Unknown column 'idd'\. Did you mean 'id'"):
        op.read_wave(path, text=["idd"])


PEOPLE = "1,2\n2,3\n3,2\n"


@pytest.mark.parametrize(
    ("above", "skip"),
    [
        ("A survey\n", 1),
        ("A survey, 2024\n\n", 2),
        ("A survey,\n,\n", 2),
        ("\n", 1),
    ],
)
def test_titles_above_the_names_of_the_columns(tmp_path, above, skip):
    path = text_file(tmp_path, f"{above}id,q,t\n1,2,a\n2,3,b\n3,2,a\n")
    with pytest.raises(ReadError, match=rf"line {skip + 1} seems to name .* skip_rows={skip}\."):
        op.read_wave(path)
    assert op.read_wave(path, skip_rows=skip).frame["q"].tolist() == [2, 3, 2]


def test_titles_parted_otherwise_than_the_people(tmp_path):
    path = text_file(tmp_path, "A survey, 2024\nid;q\n1;2\n2;3\n")
    with pytest.raises(ReadError, match=r"line 2 seems to name .* skip_rows=1\."):
        op.read_wave(path)
    assert op.read_wave(path, skip_rows=1).frame["q"].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("below", "rows"),
    [
        ("Response ID,Support?\n", [2]),
        ('"Response\nID","Support\n?"\n"{""ImportId"":""id""}","{""ImportId"":""q""}"\n', [2, 3]),
    ],
)
def test_further_rows_of_a_header(tmp_path, below, rows):
    path = text_file(tmp_path, f"id,q\n{below}{PEOPLE}")
    which = " and ".join(map(str, rows))
    message = rf"rows? {which} holds? text and no number where column 'id' has numbers"
    with pytest.raises(ReadError, match=message) as caught:
        op.read_wave(path)
    assert f"skip_rows={rows}" in str(caught.value)
    assert op.read_wave(path, skip_rows=rows).frame["q"].tolist() == [2, 3, 2]


@pytest.mark.parametrize("first", ["p1,refused", "1,refused", "NA,NA", "p1,NA"])
def test_a_person_with_a_word_for_an_answer_is_no_header(tmp_path, first):
    people = "".join(f"p{row},{row}\n" for row in range(4))
    assert len(op.read_wave(text_file(tmp_path, f"id,q\n{first}\n{people}")).frame) == 5


def test_rows_in_the_middle_are_left_out_where_quotes_span_lines(tmp_path):
    path = text_file(tmp_path, 'id,t\n1,"a\nb"\n\n2,x\n3,"c\nd"\n')
    assert op.read_wave(path, skip_rows=[4]).frame["id"].tolist() == [1, 3]


def test_too_few_fields_count_without_rows_left_out(tmp_path):
    path = text_file(tmp_path, f"id,q\n7\n{PEOPLE}")
    with pytest.raises(ReadError, match=r"1 row\(s\) have fewer fields"):
        op.read_wave(path)
    assert len(op.read_wave(path, skip_rows=[2]).frame) == 3


@pytest.mark.parametrize(
    ("start", "what"),
    [(b"PK\x03\x04", "an Excel file"), (b"$FL2", "an SPSS file"), (b"\x1f\x8b", "a packed file")],
)
def test_files_of_other_programs_named_like_text(tmp_path, start, what):
    path = tmp_path / "wave.csv"
    path.write_bytes(start + bytes(range(256)))
    with pytest.raises(ReadError, match=rf"wave.csv cannot be read as .csv: it is {what}"):
        op.read_wave(path)
