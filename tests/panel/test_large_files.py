"""Files of many rows are read in batches by themselves."""

import numpy as np
import pandas as pd
import pytest
from panel_table import assert_same

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError
from opinionpanel.panel import large_files

ITEM = {"q": op.Item("q", {"a": [1], "b": [2]})}


@pytest.fixture
def frames():
    ids = np.arange(1, 61)
    return {
        wave: pd.DataFrame({"id": ids + 100, "q": 1 + (ids + place) % 2, "w": 0.5 + ids % 3})
        for place, wave in enumerate(["May", "June"])
    }


@pytest.fixture
def files(frames, tmp_path):
    for name, frame in frames.items():
        frame.to_parquet(tmp_path / f"{name}.parquet", index=False)
    return {name: tmp_path / f"{name}.parquet" for name in frames}


def panel_of(files, **about):
    return op.read_panel(files, person="id", items=ITEM, design=op.Design(weight="w"), **about)


def test_the_number_of_rows_decides(monkeypatch, files):
    whole = panel_of(files)
    assert not whole.held
    monkeypatch.setattr(large_files, "MOST_ROWS", 119)
    parts = panel_of(files)
    assert parts.held == "120 rows, read in batches and held in 1 MB of memory"
    assert_same(parts, whole)
    assert parts.sources == whole.sources


def test_one_file_of_many_rows(monkeypatch, frames, tmp_path):
    rows = [frame.assign(wave=wave) for wave, frame in frames.items()]
    pd.concat(rows).to_parquet(tmp_path / "long.parquet", index=False)
    about = {"wave": "wave", "waves": list(frames)}
    whole = panel_of(tmp_path / "long.parquet", **about)
    monkeypatch.setattr(large_files, "MOST_ROWS", 119)
    assert_same(panel_of(tmp_path / "long.parquet", **about), whole)


def test_faults_of_files_are_those_of_smaller_ones(monkeypatch, files):
    def refused(**about):
        with pytest.raises(OpinionPanelError) as error:
            panel_of(files, **about)
        return str(error.value)

    cut = files["June"].read_bytes()
    for fault in ("blanks", "damaged"):
        about = {"blanks": ["-"]} if fault == "blanks" else {}
        if fault == "damaged":
            files["June"].write_bytes(cut[:-9])
        monkeypatch.setattr(large_files, "MOST_ROWS", 2_000_000)
        expected = refused(**about)
        monkeypatch.setattr(large_files, "MOST_ROWS", 10)
        assert refused(**about) == expected


@pytest.mark.parametrize("suffix", ["csv", "csv.gz"])
def test_the_size_of_text_decides(monkeypatch, frames, tmp_path, suffix):
    files = {name: tmp_path / f"{name}.{suffix}" for name in frames}
    for name, frame in frames.items():
        frame.to_csv(files[name], index=False)
    size = sum(path.stat().st_size for path in files.values()) * (5 if suffix == "csv.gz" else 1)
    monkeypatch.setattr(large_files, "MOST_TEXT", size)
    whole = panel_of(files)
    assert not whole.held
    monkeypatch.setattr(large_files, "MOST_TEXT", size - 1)
    parts = panel_of(files)
    assert parts.held == "120 rows, read in batches and held in 1 MB of memory"
    assert_same(parts, whole)
    assert parts.sources == whole.sources


def test_an_unusual_text_file_is_read_at_once(monkeypatch, frames, tmp_path):
    files = {name: tmp_path / f"{name}.csv" for name in frames}
    for name, frame in frames.items():
        frame.assign(id=frame["id"] + 0.0).to_csv(files[name], index=False)
    whole = panel_of(files)
    monkeypatch.setattr(large_files, "MOST_TEXT", 0)
    parts = panel_of(files)
    assert not parts.held
    assert_same(parts, whole)
