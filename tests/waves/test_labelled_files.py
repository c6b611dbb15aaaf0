"""Files of SPSS, Stata and SAS: ids that were rounded, encodings, what is refused."""

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import opinionpanel as op
from opinionpanel.errors import LinkError, ReadError


def small_floats(path, **columns):
    """Write a Stata file whose numbers are of the type `float`."""
    frame = pd.DataFrame({name: np.array(part, np.float32) for name, part in columns.items()})
    frame.to_stata(path, write_index=False)
    return path


def test_ids_that_stata_has_rounded_are_refused(tmp_path):
    ids = [16777217, 16777218, 33554433]
    rounded = small_floats(tmp_path / "one.dta", id=ids, q=[1, 2, 1])
    assert op.read_wave(rounded).frame["id"].tolist() == [16777216, 16777218, 33554432]
    exact = tmp_path / "two.dta"
    pyreadstat.write_dta(pd.DataFrame({"id": ids, "q": [1, 2, 1]}), exact)
    options = {"person": "id", "items": {"q": op.Item("q", {"yes": [1], "no": [2]})}}
    assert op.read_panel({"two": exact}, **options).present.shape == (1, 3)
    with pytest.raises(LinkError, match=r"one\.dta.*not whole numbers that a file can"):
        op.read_panel({"one": rounded, "two": exact}, **options)
    # Smaller ids are exact.
    least = small_floats(tmp_path / "three.dta", id=[2**24 - 1, 1, 2], q=[1, 2, 1])
    assert op.read_panel({"three": least}, **options).present.shape == (1, 3)


def test_ids_that_stata_has_rounded_among_tagged_missing():
    from opinionpanel.waves.labelled_files import _as_stored

    frame = pd.DataFrame({"id": [16777218.0, "a", np.nan], "q": [1.0, "a", 2.5]})
    read = _as_stored(frame, {"id": "float", "q": "float"})
    assert read["id"].tolist()[:2] == [16777218, "a"]
    with pytest.raises(LinkError, match="not whole numbers"):
        op.Panel.from_waves({"May": read}, person="id", items={})
    assert read["q"].map(type).tolist() == [float, str, float]


def test_small_floats_of_stata_in_weights_answers_and_groups(tmp_path):
    columns = {
        "id": [1, 2, 3, 4],
        "q": [1, 2, 1, np.nan],
        "w": [0.1, 20_000_000, 1.7, 0],
        "town": [0.1, 0.1, 20_000_002, 20_000_002],
    }
    path = small_floats(tmp_path / "wave.dta", **columns)
    options = {
        "person": "id",
        "items": {"q": op.Item("q", {"yes": [1], "no": [2]})},
        "groups": ["town"],
        "design": op.Design(weight="w"),
    }
    small = op.read_panel({"May": path}, **options)
    wide = pd.DataFrame(columns).astype(np.float32).astype(np.float64)
    panel = op.Panel.from_waves({"May": wide}, **options)
    np.testing.assert_array_equal(small.weights["May"], panel.weights["May"])
    assert small.weights["May"].dtype == np.float64
    np.testing.assert_array_equal(small.answers["q"], panel.answers["q"])
    assert small.groups["town"].categories == panel.groups["town"].categories
    one, other = op.shares(small, "q", by="town"), op.shares(panel, "q", by="town")
    np.testing.assert_array_equal(one.value, other.value)
    np.testing.assert_array_equal(one.covariance, other.covariance)


@pytest.fixture(params=["sav", "dta", "csv"])
def cyrillic(request, tmp_path):
    """A file of windows-1251 text that says, or is taken, to be UTF-8."""
    path = tmp_path / f"wave.{request.param}"
    frame = pd.DataFrame({"id": [1, 2], "town": ["Москва", "Орёл"]})
    if path.suffix == ".csv":
        path.write_bytes(frame.to_csv(index=False).encode("windows-1251"))
        return path
    write = pyreadstat.write_sav if path.suffix == ".sav" else pyreadstat.write_dta
    write(frame, path)
    data = path.read_bytes()
    for town in frame["town"]:
        # Stata ends text with a zero, SPSS fills it with spaces.
        fill = b" " if path.suffix == ".sav" else b"\0"
        plain = town.encode("utf-8")
        data = data.replace(plain, town.encode("windows-1251").ljust(len(plain), fill))
    path.write_bytes(data)
    return path


def test_text_that_does_not_decode(cyrillic):
    with pytest.raises(ReadError, match=r"cannot be decoded.*'windows-1251' or .*iso-8859-15"):
        op.read_wave(cyrillic)
    wave = op.read_wave(cyrillic, encoding="windows-1251")
    assert wave.frame["town"].tolist() == ["Москва", "Орёл"]
    assert wave.encoding == "windows-1251"
    with pytest.raises(ReadError, match="there is no encoding 'windows-12510'"):
        op.read_wave(cyrillic, encoding="windows-12510")


def test_formats_that_lose_missing_codes(tmp_path):
    path = tmp_path / "wave.por"
    pyreadstat.write_por(pd.DataFrame({"ID": [1, 2]}), path)
    with pytest.raises(ReadError, match=r"\.por files lose.*Save the wave as \.sav"):
        op.read_wave(path)
    assert "lose which codes" in op.read_wave(path, allow_lost_missing=True).notes[0]
    with pytest.raises(ReadError, match=r"encoding of \.por"):
        op.read_wave(path, allow_lost_missing=True, encoding="utf-8")
    with pytest.raises(ReadError, match="lose which codes"):
        op.read_panel({"a": path}, person="ID", items={}, allow_lost_missing=["b"])
    panel = op.read_panel({"a": path}, person="ID", items={}, allow_lost_missing=["a"])
    assert "lose which codes" in str(panel)
