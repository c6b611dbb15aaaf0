"""Reading one wave, of whatever format: which columns, and what is refused."""

import pandas as pd
import pyreadstat
import pytest
from places import files

import opinionpanel as op
from opinionpanel.errors import ReadError


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
    for path in files(tmp_path, "*"):
        wave = op.read_wave(path, columns=["q", "id"])
        assert sorted(wave.frame.columns) == ["id", "q"], path.name
        assert wave.frame["id"].tolist() == ["007", "8"], path.name
        assert wave.frame["q"].tolist() == [1, 2], path.name
        with pytest.raises(ReadError, match=rf"{path.name}.*'qq'.*Did you mean 'q'"):
            op.read_wave(path, columns=["id", "qq"])


@pytest.mark.parametrize("suffix", ["parquet", "feather", "xlsx", "dta", "sas7bdat", "sav"])
def test_damage_of_any_format_is_a_read_error(tmp_path, suffix):
    path = tmp_path / f"wave.{suffix}"
    for content in (b"", b"no survey file", bytes(500)):
        path.write_bytes(content)
        with pytest.raises(ReadError, match=rf"wave\.{suffix}"):
            op.read_wave(path)


def test_columns_come_in_the_order_asked_for_and_once(tmp_path):
    path = tmp_path / "wave.csv"
    path.write_text("id,q,w\n7,1,0.5\n", encoding="utf-8")
    assert list(op.read_wave(str(path), columns=["w", "id", "w"]).frame) == ["w", "id"]
    with pytest.raises(ReadError, match=r"wave\.csv: name at least one column"):
        op.read_wave(path, columns=[])


def test_what_is_no_file_or_of_no_known_format(tmp_path):
    with pytest.raises(ReadError, match=r"absent\.sav"):
        op.read_wave(tmp_path / "absent.sav")
    (tmp_path / "wave.doc").write_bytes(b"text")
    with pytest.raises(ReadError, match=r"\.doc"):
        op.read_wave(tmp_path / "wave.doc")
