"""Which format is read how, and by what."""

import sys

import pytest

import opinionpanel as op
from opinionpanel.errors import ReadError
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
