"""Files on which readers stumble: each loads, or raises the library's own error."""

from pathlib import Path

import pytest
from places import REAL_FILES, files

import opinionpanel as op
from opinionpanel.errors import ReadError
from opinionpanel.waves.header_probe import survey

NASTY = REAL_FILES / "nasty"
if not NASTY.is_dir():
    pytest.skip("the shared nasty files are not here", allow_module_level=True)
FILES = [path for path in files(NASTY, "**/*") if path.suffix and path.name != "LICENSE"]


def read(name, **options):
    return op.read_wave(NASTY / name, **options)


def test_every_file_loads_or_is_refused(record_property):
    """Every file, in a table that the summary of the tests shows."""
    survey(FILES)
    refused, table = [], []
    for path in FILES:
        name = str(path.relative_to(NASTY))
        try:
            wave = op.read_wave(path)
            rows, columns = wave.frame.shape
            outcome, about = (
                f"{rows:>4} × {columns:<5}",
                f"{wave.encoding:<13}{'; '.join(wave.notes)}",
            )
        except ReadError as error:
            refused.append(name)
            outcome, about = "refused     ", str(error)
        table.append(f"{name:<50} {outcome} {about}")
    record_property("table", "\n".join(table))
    lossy = {".por", ".xpt", ".sas7bcat"}
    others = [name for name in refused if Path(name).suffix not in lossy]
    assert [name for name in others if not name.startswith("idl_not_spss")] == []
    assert len(others) == 2
    assert sum(path.suffix in lossy for path in FILES) == len(refused) - len(others)


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix in (".por", ".xpt")])
def test_formats_that_lose_missing_codes_load_when_that_is_accepted(path):
    assert "lose which codes" in op.read_wave(path, allow_lost_missing=True).notes[0]


def test_files_that_only_look_like_spss():
    for path in files(NASTY / "idl_not_spss", "*.sav"):
        with pytest.raises(ReadError, match="it is not an SPSS file"):
            op.read_wave(path)


def test_dates_that_cannot_be_converted_do_not_stop_a_read():
    assert len(read("haven/datetime.sav").frame) == 2


@pytest.mark.parametrize("name", ["tagged-na-double.dta", "tagged-na-int.dta"])
@pytest.mark.parametrize("columns", [None, ["x"]])
def test_tagged_missing_of_stata(name, columns):
    wave = read(f"haven/{name}", columns=columns)
    assert wave.frame["x"].tolist() == [1, 2, 3, 4, 5, "a", "h", "z"]
    assert wave.missing["x"] == ("a", "h", "z")
    assert wave.labels["x"] == {"a": "apple", "z": ".zebra"}
    assert wave.valid("x", "May", purpose="weight").notna().sum() == 5


def test_a_plain_missing_value_differs_from_tagged_ones():
    """Stata's ``.`` is a blank, ``.a`` to ``.z`` are answers."""
    column = read("readstata13/missings.dta").frame["missings"]
    assert column.isna().tolist() == [True] + [False] * 26
    assert "".join(column.dropna()) == "abcdefghijklmnopqrstuvwxyz"
    for name in ("missings_lsf.dta", "missings_msf.dta"):
        frame = read(f"readstata13/{name}").frame
        assert frame["b"].tolist()[0] == 1
        assert frame[["b", "i", "n"]].isna().sum().tolist() == [1, 1, 1]
        assert all(kind == "float64" for kind in frame[["b", "i", "n"]].dtypes)


def test_special_missing_of_sas():
    wave = read("haven/tagged-na.sas7bdat")
    assert wave.frame["x"].tolist() == [1, 2, 3, 4, 5, "A", "H", "Z"]
    assert wave.labels["x"] == {"A": "Apple", "Z": "Zebra"}
    assert "tagged-na.sas7bcat" in wave.notes[0]
    frame = read("pyreadstat/missing_test.sas7bdat").frame
    assert frame.iloc[0].tolist()[:7] == ["A", "B", "C", "X", "Y", "Z", "_"]
    assert frame["var8"].isna().all()


def test_user_missing_of_spss():
    wave = read("pyreadstat/sample_missing.sav")
    assert wave.missing["mynum"] == ((2000, 3000), -1)
    assert (wave.frame["mynum"] == -1).any()
    assert not (wave.valid("mynum", "May", purpose="weight") == -1).any()
    text = read("pyreadstat/missing_char.sav")
    assert text.frame["mychar"].tolist() == ["Z", "a"]
    assert text.valid("mychar", "May", purpose="groups").isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("haven/umlauts.sav", "utf-8"),
        ("foreign/electric.sav", "windows-1252"),
        ("readstata13/encodecp.dta", "windows-1252"),
        ("readstata13/encode.dta", "utf-8"),
    ],
)
def test_the_encoding_is_named(name, encoding):
    assert read(name).encoding == encoding
