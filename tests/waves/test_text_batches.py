"""Text files read in batches are what they are when read at once, or are left to that."""

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, event, given, settings, strategies as st

from opinionpanel.errors import ReadError
from opinionpanel.waves import (
    NotInBatchesError,
    ReadOptions,
    Roles,
    Written,
    text_pieces,
    text_rows,
)
from opinionpanel.waves.text_files import text_names, text_wave

NAMES = ["id", "w", "v"]
ROLES = Roles(frozenset(["id"]), frozenset(["w"]))


def in_batches(path, options, block=64):
    """Read a file in small batches; None where it is left to reading at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_pieces, "BLOCK", block)
        try:
            rows = text_rows(path, NAMES, options, ROLES)
        except NotInBatchesError:
            return None
    parts = list(rows.read(NAMES))
    found = {name: [one for part in parts for one in part[name].to_pylist()] for name in NAMES}
    return rows, found


def check(path, wave, options, block=64):
    """Compare a file read in batches with the same at once; tell whether it was read in batches."""
    try:
        read = in_batches(path, options, block)
    except ReadError:
        assert wave is None
        return False
    if read is None:
        return False
    assert wave is not None, "what is refused at once was read in batches"
    rows, found = read
    assert rows.rows == len(wave.frame)
    assert found["v"] == plain(wave.frame["v"])
    assert rows.written.get("v") == wave.written.get("v")
    assert rows.written.get("id", Written()).why == wave.written.get("id", Written()).why
    assert not wave.rounded
    assert not wave.notes or rows.written.get("v", Written()).noted
    ids = plain(wave.frame["id"])
    assert [str(one).strip() if one is not None else None for one in found["id"]] == [
        None if one is None else str(int(one) if isinstance(one, float) else one).strip()
        for one in ids
    ]
    assert (rows.types["id"] == "int64") == pd.api.types.is_numeric_dtype(wave.frame["id"])
    if "w" in options.text:
        assert found["w"] == plain(wave.frame["w"])
        return True
    weight = wave.frame["w"]
    if wave.written.get("w", Written()).mark == ",":
        weight = weight.str.replace(",", ".")
    np.testing.assert_allclose(
        np.array(found["w"], dtype=float), pd.to_numeric(weight).to_numpy(dtype=float), rtol=1e-14
    )
    return True


def plain(column):
    return [None if value is None or value != value else value for value in column.tolist()]


WHOLE_IDS = (st.integers(-3, 9) | st.integers(10, 200)).map(str)
IDS = st.one_of(
    WHOLE_IDS,
    st.sampled_from(
        [
            "007",
            "7.0",
            "+7",
            "-0",
            "0",
            "00",
            "0x1",
            " 7",
            "7 ",
            "a7",
            "NA",
            "-",
            "",
            " ",
            "é",
            "1.23457E+14",
            "123456789012345",
            "1234567890123456",
            "1e5",
            '"7"',
            '"a,b"',
            '"a""b"',
        ]
    ),
)
WEIGHTS = st.one_of(
    st.floats(0, 3).map(lambda x: f"{x:.4g}"),
    st.sampled_from(["1.234", "2.500", "1.50", "0.9", "nan", "inf", "1e999", "1.5E+13", "1e-3"])
    | st.sampled_from(["", " ", "NA", "1,5", '"1,5"', "1.", ".5", "+1", "-1", "1", '"0,25"', '""']),
)
VALUES = st.sampled_from(
    [
        "1",
        "2",
        "98",
        "",
        " ",
        "NA",
        "1.5",
        "1.50",
        "0,5",
        "01",
        "a",
        " a",
        "é",
        '"a\nb"',
        '"x,y"',
        '"p;q"',
        '"a""b"',
        'a"b',
        '"a"b',
        '"',
        "1E+14",
        "1.234",
        "\t",
        "9.999.999",
        "?",
    ]
)
PLAIN_WEIGHTS, PLAIN_VALUES = st.sampled_from(["0.123456", "1.5", "1"]), st.sampled_from("12")


@st.composite
def files(draw):
    """Draw a file in which one column may be of any kind, and what it is read with."""
    odd = draw(st.sampled_from(["id", "w", "v", "all", "none"]))
    ids = IDS if odd in ("id", "all") else WHOLE_IDS
    weights = WEIGHTS if odd in ("w", "all") else PLAIN_WEIGHTS
    values = VALUES if odd in ("v", "all") else PLAIN_VALUES
    rows = draw(st.lists(st.tuples(ids, weights, values), min_size=0, max_size=12))
    delimiter, end = draw(st.sampled_from(",;\t")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    lines = [delimiter.join(row) for row in [NAMES, *rows]]
    more = draw(
        st.lists(st.sampled_from(["", " ", "\t", "1", '"', ",", '""', "1;2;3;4"]), max_size=1)
    )
    if more and draw(st.booleans()):
        lines.insert(draw(st.integers(0, len(lines))), more[0])
    text = end.join(lines) + draw(st.sampled_from([end, "", end + end]))
    options = {}
    if draw(st.booleans()):
        options["blanks"] = draw(st.lists(st.sampled_from(["NA", "98", "a", "7", "?"]), max_size=2))
    if draw(st.integers(0, 3)) == 0:
        options["text"] = draw(st.lists(st.sampled_from(NAMES), max_size=2))
    if draw(st.integers(0, 3)) == 0:
        options["skip_rows"] = draw(st.sampled_from([1, [2], [3], [1, 2]]))
    return text, delimiter, options


ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"])


@given(files(), ENCODINGS, st.sampled_from([64, 1 << 16]))
@settings(suppress_health_check=list(HealthCheck), deadline=None)
def test_any_file_means_what_it_means_at_once(drawn, encoding, block):
    text, delimiter, options = drawn
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("a.tsv" if delimiter == "\t" else "a.csv")
        path.write_bytes(text.encode(encoding))
        said = ReadOptions(encoding=None if encoding.startswith("utf") else encoding, **options)
        try:
            assume(text_names(path, said) == NAMES)
            at_once = text_wave(path, NAMES, said)
        except (ReadError, ValueError):
            at_once = None
        event(f"in batches: {check(path, at_once, said, block)}")


@pytest.mark.parametrize("packed", [False, True])
def test_plain_files_are_read_in_batches(tmp_path, packed):
    """Of ids, weights and answers, packed or not, in letters of any alphabet."""
    lines = ["id;w;v", *(f"{i % 7};0,{i}5;{'д' if i % 2 else 'a'}" for i in range(60))]
    data = "\n".join(lines).encode()
    path = tmp_path / ("a.csv.gz" if packed else "a.csv")
    path.write_bytes(gzip.compress(data) if packed else data)
    wave = text_wave(path, NAMES, ReadOptions())
    assert check(path, wave, ReadOptions())
    rows, _ = in_batches(path, ReadOptions())
    assert [str(kind) for kind in rows.types.values()] == ["int64", "double", "string"]
    assert (rows.rows, rows.ranges) == (60, {"id": (0, 6)})


def test_values_are_counted_for_what_is_said_of_them(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,w,v\n" + "".join(f"{i},1,{['1', 'NA'][i % 3 // 2]}\n" for i in range(60)))
    rows, _ = in_batches(path, ReadOptions())
    assert rows.written == text_wave(path, NAMES, ReadOptions()).written
    assert rows.written["v"].why.startswith("20 values are 'NA'")


@pytest.mark.parametrize(
    "text",
    [
        'id,w,"v\n"\n1,1,1\n',
        "id,w,v\n1,1,1\0\n",
        'id,w,v\n1,1,"1\n2,1,1\n',
        "id,w,v\n",
        "id,w,v\n1,1,1\n2,1\n",
    ],
)
def test_unusual_files_are_left_to_reading_at_once(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text)
    names = ["id", "w"]
    with pytest.raises(NotInBatchesError):
        text_rows(path, names, ReadOptions(), ROLES)
