"""Parquet and Feather files."""

import pandas as pd
import pytest

import opinionpanel as op


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
