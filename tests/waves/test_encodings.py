"""Encodings of text: the known ones, and that no other name is looked up."""

import codecs
import re
import sys
from encodings.aliases import aliases
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.errors import ReadError
from opinionpanel.waves.encodings import KNOWN, NO_TEXT, USUAL, check_encoding

FILE = Path("w.csv")


@pytest.mark.parametrize(
    "name",
    [
        *(*USUAL, "UTF8", "Windows-1251", "latin-1", "ISO_8859-1:1987", "utf-8-sig", "koi8-u"),
        *("GB18030", "mac-cyrillic", "utf_16_le", "shift-jis", "cp866"),
    ],
)
def test_usual_names_are_known(name):
    check_encoding(FILE, name)
    assert codecs.lookup(name)._is_text_encoding


def test_all_that_is_known_is_text():
    for name in KNOWN:
        # One of Python's own second names is written in a way in which it is never found.
        if aliases.get(name, name) not in NO_TEXT and name.islower():
            assert codecs.lookup(name)._is_text_encoding


@pytest.mark.parametrize(
    "name",
    [
        *("", "os", "antigravity", "hex", "rot13", "zlib", "punycode", "unicode_escape", "mbcs"),
        *("../x", "utf-8//TRANSLIT", "utf-8\0", "encodings.utf_8", "utf–8", "x" * 10_000),
        "\N{CYRILLIC SMALL LETTER ES}p1251",
    ],
)
def test_other_names_are_refused(name):
    with pytest.raises(ReadError, match=r"^w.csv: there is no encoding '.*Often used: 'utf-8'"):
        check_encoding(FILE, name)


@given(st.text(st.characters(codec="ascii"), min_size=1, max_size=12))
def test_no_name_loads_a_module_of_another_kind(name):
    before = set(sys.modules)
    try:
        check_encoding(FILE, name)
    except ReadError:
        assert set(sys.modules) == before
    else:
        codecs.lookup(name)


def test_an_encoding_is_checked_for_every_format(tmp_path):
    (tmp_path / "w.csv").write_text("id,q\n1,2\n")
    for call in (
        lambda: op.read_wave(tmp_path / "w.csv", encoding="antigravity"),
        lambda: op.read_wave(
            op.datasets.folder("attitudes_2024") / "wave1.sav", encoding="antigravity"
        ),
    ):
        with pytest.raises(ReadError, match=re.escape("there is no encoding 'antigravity'")):
            call()
    assert "antigravity" not in sys.modules
