"""Files that hold more or fewer people than their header promises."""

import struct

import pandas as pd
import pyreadstat
import pytest

import opinionpanel as op
from opinionpanel.errors import ReadError


@pytest.mark.parametrize("packed", [False, True])
def test_a_count_that_is_open_or_wrong(tmp_path, packed):
    path = tmp_path / "wave.sav"
    people = pd.DataFrame({"id": range(100), "x": [0.25] * 100, "text": ["some"] * 100})
    pyreadstat.write_sav(people, path, row_compress=packed)
    whole = path.read_bytes()

    def count(number, cut=0):
        path.write_bytes(whole[:80] + struct.pack("<i", number) + whole[84 : len(whole) - cut])
        return op.read_wave(path)

    assert count(100).notes == ()
    wave = count(-1)
    assert len(wave.frame) == 100
    assert "does not say how many people" in wave.notes[0]
    for number in (99, 101):
        with pytest.raises(ReadError, match=r"cannot be read|promises .* people"):
            count(number)
    with pytest.raises(ReadError, match=r"cannot be read|in the middle of a person, after 99"):
        count(-1, cut=4)
    if not packed:
        assert len(count(-1, cut=24).frame) == 99


def test_a_stata_file_without_its_end(tmp_path):
    path = tmp_path / "wave.dta"
    pyreadstat.write_dta(pd.DataFrame({"q": [1, 2]}), path, variable_value_labels={"q": {1: "a"}})
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ReadError, match="does not end as a Stata file does"):
        op.read_wave(path)
