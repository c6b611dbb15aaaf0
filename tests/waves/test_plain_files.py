"""Which format is read how, and by what."""

import sys

import pytest

import opinionpanel as op
from opinionpanel.errors import ReadError
from opinionpanel.waves import text_files
from opinionpanel.waves.options import ReadOptions
from opinionpanel.waves.plain_files import PLAIN
from opinionpanel.waves.text_files import text_wave


@pytest.mark.parametrize("name", [".csv", ".tsv", ".tab", ".txt", ".csv.gz", ".tab.gz"])
def test_text_files_by_their_names(name):
    assert PLAIN[name].read is text_wave


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


@pytest.mark.parametrize("block", [1, 2, 3, 100])
def test_lines_are_the_same_in_blocks_of_any_size(tmp_path, monkeypatch, block):
    monkeypatch.setattr(text_files, "BLOCK", block)
    path = tmp_path / "wave.csv"
    lines = ["id,q,w", '1,"a', 'b,""c""",1', "2,x,1", "", '3,"y",2', "4,z,3"]
    path.write_text("\n".join(lines), encoding="utf-8")
    layout = text_files.text_layout(path, ReadOptions())
    assert text_files.check_fields(path, layout) == 4
    path.write_text("\n".join([*lines, "5,z", "6,z,1,1"]), encoding="utf-8")
    with pytest.raises(ReadError, match=r"1 row\(s\) have more fields than the 3 columns"):
        text_files.check_fields(path, layout)
    path.write_text("\n".join([*lines, "5,z"]), encoding="utf-8")
    with pytest.raises(ReadError, match="the last line has 2 of 3 fields and no end"):
        text_files.check_fields(path, layout)
