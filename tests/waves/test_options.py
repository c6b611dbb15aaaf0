"""How a file is to be read, and which formats know that."""

from pathlib import Path

import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import ReadError
from opinionpanel.waves.options import ReadOptions, skip_text, stem_of, suffix_of


@pytest.mark.parametrize(
    ("name", "stem", "suffix"),
    [
        ("w.1.CSV.gz", "w.1", ".csv.gz"),
        ("w.csv", "w", ".csv"),
        ("w.gz", "w", ".gz"),
        ("w", "w", ""),
    ],
)
def test_packed_files_have_the_format_below(name, stem, suffix):
    assert (stem_of(Path(name)), suffix_of(Path(name))) == (stem, suffix)


def test_rows_to_skip():
    assert ReadOptions(skip_rows=2).skipped == {1, 2}
    assert ReadOptions(skip_rows=[2, 5]).skipped == {2, 5}
    assert [skip_text({1, 2}), skip_text({3, 2})] == ["skip_rows=2", "skip_rows=[2, 3]"]
    for rows in (-1, [0], True, 10**30, [3, 10**30]):
        with pytest.raises(ReadError, match="skip_rows="):
            ReadOptions(skip_rows=rows)
    with pytest.raises(ReadError, match="sheet="):
        ReadOptions(sheet=0)


@pytest.mark.parametrize(
    ("suffix", "option", "known"),
    [
        ("csv", {"sheet": 1}, "Excel files"),
        ("xlsx", {"text": ["id"]}, "text files"),
        ("parquet", {"blanks": ["NA"]}, "text files and Excel files"),
        ("dta", {"skip_rows": 1}, "text files and Excel files"),
    ],
)
def test_options_that_a_format_does_not_know(tmp_path, suffix, option, known):
    path, frame = tmp_path / f"w.{suffix}", pd.DataFrame({"id": [1]})
    writer = {"csv": "to_csv", "xlsx": "to_excel", "parquet": "to_parquet", "dta": "to_stata"}
    getattr(frame, writer[suffix])(path)
    name = next(iter(option))
    with pytest.raises(ReadError, match=rf"w\.{suffix}: {name}= is for {known}\. Leave it out"):
        op.read_wave(path, **option)


def test_words_for_blanks_are_trimmed_as_values_are(tmp_path):
    path = tmp_path / "wave.csv"
    path.write_text("id,age\n1, NA\n2,30\n", encoding="utf-8")
    assert op.read_wave(path, blanks=[" NA "]).frame["age"].tolist()[1] == 30
    assert ReadOptions(blanks=[]).given == []
