"""Headers of SPSS files are first read by a child process."""

import os
import struct
import sys

import pandas as pd
import pyreadstat
import pytest

import opinionpanel as op
from opinionpanel.errors import ReadError
from opinionpanel.waves import header_probe

CRASHING = """
import json, os, sys
job = json.loads(sys.stdin.buffer.readline())
print("ready", flush=True)
for position, name in enumerate(job["files"]):
    if "bad" in name:
        os.abort()
    if "slow" in name:
        import time; time.sleep(60)
    print(position, flush=True)
"""


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Write a file that no other test has probed."""
    monkeypatch.setattr(header_probe, "_passed", set())

    def write(name):
        path = tmp_path / f"{name}.sav"
        pyreadstat.write_sav(pd.DataFrame({"id": [1, 2], "q": [1, 2]}), path)
        return path

    return write


def test_sound_files_pass_and_are_remembered(make, monkeypatch):
    path = make("good")
    assert header_probe.survey([path]) == {path: ""}
    # Were it probed again, no interpreter would be found.
    monkeypatch.setattr(header_probe, "_interpreters", list)
    assert header_probe.survey([path]) == {path: ""}
    os.utime(path, ns=(1, 1))
    with pytest.raises(ReadError, match="none could be started"):
        header_probe.survey([path])


def test_the_file_that_kills_the_child_is_named_and_the_rest_are_read(make, monkeypatch):
    monkeypatch.setattr(header_probe, "CHILD", CRASHING)
    files = [make(name) for name in ("one", "bad_two", "three", "bad_four")]
    damages = header_probe.survey(files)
    assert [bool(damages[path]) for path in files] == [False, True, False, True]
    with pytest.raises(ReadError, match=r"Wave 'b': bad_two\.sav: its header ends.*signal 6"):
        op.read_panel({"a": files[0], "b": files[1]}, person="id", items={})
    with pytest.raises(ReadError, match=r"bad_two\.sav: its header ends the reading program"):
        op.read_wave(files[1])


def test_a_header_that_is_never_read(make, monkeypatch):
    monkeypatch.setattr(header_probe, "CHILD", CRASHING)
    monkeypatch.setattr(header_probe, "START_SECONDS", 1)
    monkeypatch.setattr(header_probe, "SECONDS_PER_FILE", 0.5)
    files = [make("slow"), make("one")]
    damages = header_probe.survey(files)
    assert "never ends" in damages[files[0]]
    assert damages[files[1]] == ""


@pytest.mark.parametrize("executable", ["", None, "/bin/true", "/no/such/python"])
def test_an_interpreter_that_is_not_told_truly(make, monkeypatch, executable):
    monkeypatch.setattr(sys, "executable", executable)
    path = make("good")
    assert header_probe.survey([path]) == {path: ""}
    monkeypatch.setattr(sys, "prefix", "/nowhere")
    monkeypatch.setattr(sys, "base_prefix", "/nowhere")
    with pytest.raises(ReadError, match=r"none could be started.*sys\.executable"):
        op.read_wave(make("other"))


def test_a_frozen_program_does_not_start_itself(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/survey-app")
    assert "/opt/survey-app" not in header_probe._interpreters()


def test_other_files_are_left_alone(tmp_path):
    text = tmp_path / "text.sav"
    text.write_text("not a survey file")
    assert header_probe.survey([text, tmp_path / "absent.sav", tmp_path / "wave.csv"]) == {}


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
