"""Pieces of a text file end where rows end, whatever stands in quotes."""

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from opinionpanel.waves import ReadOptions, text_pieces
from opinionpanel.waves.text_files import text_layout
from opinionpanel.waves.text_kinds import NotInBatchesError
from opinionpanel.waves.text_pieces import Pieces

FIELDS = st.text(st.sampled_from('ab1 ,;"\n\u00e9'), min_size=1, max_size=6)


def read(path, block, **options):
    layout = text_layout(path, ReadOptions(**options))
    types = dict.fromkeys(range(len(layout.names)), pa.string())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_pieces, "BLOCK", block)
        found = list(Pieces(path, layout, lambda batch: batch.num_rows).read(types))
    assert [looked for _, looked in found] == [batch.num_rows for batch, _ in found]
    return [tuple(row.values()) for batch, _ in found for row in batch.to_pylist()]


@given(st.lists(st.tuples(FIELDS, FIELDS), min_size=1, max_size=30), st.integers(1, 80))
def test_rows_are_those_that_were_written(tmp_path_factory, rows, block):
    path = tmp_path_factory.mktemp("pieces") / "a.csv"
    held = io.StringIO()
    csv.writer(held, lineterminator="\n").writerows([("x", "y"), *rows])
    path.write_text(held.getvalue(), encoding="utf-8", newline="")
    assert read(path, block, encoding="utf-8") == rows


@pytest.mark.parametrize("block", [3, 1 << 16])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_lines_of_blanks_are_no_rows(tmp_path, block, start):
    path = tmp_path / "a.csv"
    path.write_bytes(start + b"x,y\r\n\r\n1,2\r\n \t\r\n3,4")
    assert read(path, block) == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize("block", [3, 1 << 16])
def test_a_mark_of_byte_order_in_the_middle_is_text(tmp_path, block):
    path = tmp_path / "a.csv"
    path.write_text("x,y\n\ufeff1,2\n\ufeff3,4\n", encoding="utf-8")
    assert read(path, block) == [("\ufeff1", "2"), ("\ufeff3", "4")]


def test_only_blank_lines(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"x,y\n\n \n")
    assert read(path, 64) == []


@pytest.mark.parametrize(
    "data",
    [
        b'x,y\n1,"2\n3,4\n',
        b'"x\n",y\n1,2\n',
        b"x,y\n1,2\0\n",
        b"x\n1\n",
        b"x,y\r1,2\n",
    ],
    ids=["open quote", "a name of two lines", "no text", "one column", "lines of two kinds"],
)
def test_unusual_files_are_left_to_reading_at_once(tmp_path, data):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(NotInBatchesError):
        read(path, 64)


def test_other_rows_than_the_first_are_not_left_out(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"x,y\n1,2\n3,4\n5,6\n")
    assert read(path, 64, skip_rows=[2]) == [("3", "4"), ("5", "6")]
    with pytest.raises(NotInBatchesError):
        read(path, 64, skip_rows=[3])


def test_a_quote_that_opens_nothing_does_not_read_on_for_ever(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(b'x,y\n1,5" wide\n' + b"3,4\n" * 99)
    monkeypatch.setattr(text_pieces, "LONGEST", 100)
    with pytest.raises(NotInBatchesError):
        read(path, 64)


@pytest.mark.parametrize(
    "data", [b"x,y\n1,\xff\n", b"x,y\n1,\xd0", b"x,y\n1,2\n3\n", b"x,y\n1,2,3\n"]
)
def test_faults_stop_reading(tmp_path, data):
    path = tmp_path / "a.csv"
    path.write_bytes(b"x,y\n" + b"1,2\n" * 100 + data[4:])
    with pytest.raises((UnicodeError, pa.ArrowInvalid)):
        read(path, 64, encoding="utf-8")
