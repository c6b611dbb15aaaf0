"""A file is that one file, of its own name, and stays as it is from the first look to the last."""

import os
import re
import shutil
import socket
from pathlib import Path

import pytest

import opinionpanel as op
from opinionpanel.errors import ReadError
from opinionpanel.waves.steady_file import (
    check_file,
    check_steady,
    first_bytes,
    is_file,
    look,
    plain_path,
    resolved,
    stamp_of,
    steady,
)

CHANGED = re.escape("Changed while being read: 'w.csv'")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text("id,q\n1,2\n")
    return path


def write_anew(path):
    shutil.copy(path, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def touch(path):
    os.utime(path, ns=(1, 1))


def lengthen(path):
    with path.open("a") as file:
        file.write("2,3\n")


def while_read(path, *changes):
    """Make changes between the first look at a file and the end."""
    with steady():
        look(path)
        for change in changes:
            change(path)


@pytest.mark.parametrize("change", [write_anew, touch, lengthen, Path.unlink])
def test_a_file_that_changes_is_refused(path, change):
    while_read(path)
    with pytest.raises(ReadError, match=CHANGED):
        while_read(path, change)
    while_read(path)


def test_what_goes_wrong_by_a_change_is_told_as_one(path):
    with pytest.raises(ReadError, match=CHANGED) as refusal:
        while_read(path, Path.unlink, Path.read_bytes)
    assert isinstance(refusal.value.__cause__, FileNotFoundError)
    with pytest.raises(FileNotFoundError):
        while_read(path, Path.read_bytes)


def test_the_first_look_counts_and_the_outermost_end(path):
    with pytest.raises(ReadError, match=CHANGED):
        while_read(path, while_read, touch, while_read)
    beside = path.with_name("beside.csv")
    # One that appears was not there at the first look.
    with pytest.raises(ReadError, match=r"'beside\.csv'"):
        while_read(beside, Path.touch)


def test_what_comes_after_the_last_read_may_change_a_file(path):
    with steady():
        look(path)
        check_steady()
        touch(path)
    with pytest.raises(ReadError, match=CHANGED):
        while_read(path, touch, lambda _: check_steady())


def test_nothing_is_noted_outside(path):
    look(path)
    touch(path)
    with steady():
        pass


@pytest.mark.parametrize("suffix", [".csv", ".sav", ".parquet", ".xlsx", ".dta", ".toml"])
def test_what_is_no_plain_file_is_refused_and_never_waited_for(tmp_path, suffix):
    pipe, folder, device = (tmp_path / f"{name}{suffix}" for name in ("pipe", "folder", "zero"))
    os.mkfifo(pipe)
    folder.mkdir()
    device.symlink_to("/dev/zero")
    for path, kind in ((pipe, "a pipe"), (folder, "a folder"), (device, "a device")):
        with pytest.raises(ReadError, match=f"There is no file .*: it is {kind}"):
            check_file(path)
        for read in (op.read_wave, op.read_study):
            with pytest.raises(op.OpinionPanelError, match="There is no file"):
                read(path)


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.csv")
        with pytest.raises(ReadError, match="it is a socket"):
            op.read_wave("s.csv")


@pytest.mark.parametrize(
    "name", ["", ".", "-", "x\0.csv", "\ud800.csv", "x" * 300 + ".csv", "loop.csv", "w.csv/w.csv"]
)
def test_names_that_lead_nowhere(path, monkeypatch, name):
    monkeypatch.chdir(path.parent)
    Path("loop.csv").symlink_to("loop.csv")
    item = op.Item("q", {"a": [1]})
    assert not is_file(Path(name))
    resolved(Path(name))
    assert stamp_of(Path(name)) is None or Path(name).is_dir()
    for call in (
        lambda: op.read_wave(name),
        lambda: op.read_panel({"a": name, "b": path}, person="id", items={"x": item}),
        lambda: op.read_study(name),
    ):
        with pytest.raises(op.OpinionPanelError, match="There is no file"):
            call()


def test_a_file_that_may_not_be_read(path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    for name in ("open", "stat"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, name, refuse)
            with pytest.raises(ReadError, match=r"w.csv cannot be opened: Permission denied"):
                op.read_wave(path)
            with pytest.raises(ReadError, match=r"w.csv cannot be opened"):
                first_bytes(path, 2) if name == "open" else check_file(path)


@pytest.mark.parametrize("address", ["https://here/w.csv", "s3://b/w.parquet", "file:///w.sav"])
def test_an_address_is_not_read(address):
    with pytest.raises(
        ReadError, match=r"There is no file .*Addresses are not read: save the file"
    ):
        op.read_wave(address)


def test_a_path_is_no_address_and_in_no_home_folder():
    for name in ("~/w.csv", "file:w.csv", "http://here/w.csv"):
        assert plain_path(Path(name)) == str(Path.cwd() / name)
