"""Headers of SPSS files are first read by a child process."""

import importlib
import os
import subprocess
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


def test_no_child_is_left_behind_by_an_interrupt(make, monkeypatch):
    monkeypatch.setattr(header_probe, "CHILD", CRASHING)
    started = []
    popen = subprocess.Popen

    def remembered(*args, **named):
        started.append(popen(*args, **named))
        return started[-1]

    def interrupted(name):
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", remembered)
    monkeypatch.setattr(importlib, "import_module", interrupted)
    with pytest.raises(KeyboardInterrupt):
        header_probe.survey([make("slow")])
    assert [child.returncode is not None for child in started] == [True]
