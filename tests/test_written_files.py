"""Files appear whole or not at all, with the permissions of any new file; leftovers are swept."""

import errno
import os
import re
import resource
import stat
from pathlib import Path

import pytest
from places import files

from opinionpanel import written_files
from opinionpanel.errors import WriteError
from opinionpanel.written_files import UNFINISHED, made, work_folder, write_file

# Files that are written; one of a workbook is written to memory first.
WRITES = r"\.write_(text|bytes)\(|open\([^)]*[\"'][wax]b?\+?[\"']"
LEFT = ".opinionpanel-0123456789abcdef"


def test_nothing_else_writes_files():
    package = Path(written_files.__file__).parent
    writing = [
        path.relative_to(package).as_posix()
        for path in files(package, "**/*.py")
        if re.search(WRITES, path.read_text(encoding="utf-8"))
    ]
    assert writing == ["written_files.py"]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_has_the_permissions_of_a_new_one_and_keeps_those_of_an_older_one(tmp_path):
    (tmp_path / "plain").write_text("")
    write_file(tmp_path / "new", "текст")
    assert (tmp_path / "new").read_bytes() == "текст".encode()
    assert mode(tmp_path / "new") == mode(tmp_path / "plain")
    (tmp_path / "new").chmod(0o640)
    write_file(tmp_path / "new", b"more")
    assert ((tmp_path / "new").read_bytes(), mode(tmp_path / "new")) == (b"more", 0o640)


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_file(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_whatever_happens_the_older_file_is_as_it_was(tmp_path, monkeypatch, step, error):
    def fail(*_):
        raise error

    (tmp_path / "file").write_text("old")
    monkeypatch.setattr(os, step, fail)
    expected = WriteError if isinstance(error, OSError) else error
    with pytest.raises(expected):
        write_file(tmp_path / "file", "new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_a_file_that_is_too_large_is_an_error_in_words(tmp_path):
    """As on a full disk: the system takes the first part and refuses the rest."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(WriteError, match="cannot be written: it would be larger than"):
            write_file(tmp_path / "file", "x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.iterdir())


def test_no_file_is_written_over_where_that_is_forbidden(tmp_path):
    write_file(tmp_path / "file", "old", replace=False)
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "file", "new", replace=False)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appears_meanwhile_is_kept(tmp_path, monkeypatch, links):
    link = os.link

    def appear(source, target):
        target.write_text("another's")
        if not links:
            raise OSError(errno.EPERM, "this disk knows no links")
        link(source, target)

    monkeypatch.setattr(os, "link", appear)
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "file", "new", replace=False)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["another's"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("folder", "it is a folder"),
        ("none/file", "its folder does not exist"),
        ("file/file", "a part of the path is a file"),
        ("a" * 300, "the name is too long"),
        ("a\0b", "is no name of a file"),
        ("round", "lead round in a circle"),
    ],
)
def test_what_cannot_be_written_is_said_in_words(tmp_path, name, words):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(WriteError, match=words):
        write_file(tmp_path / name, "x")


def test_leftovers_of_a_killed_program_are_swept_and_nothing_else(tmp_path):
    (tmp_path / LEFT).write_text("half")
    others = {".opinionpanel-notes", ".opinionpanel-0123456789abcdeg", "x" + LEFT}
    for name in others:
        (tmp_path / name).write_text("")
    write_file(tmp_path / "file", "x")
    assert {path.name for path in tmp_path.iterdir()} == others | {"file"}


def test_a_work_folder_is_not_swept_while_it_is_used(tmp_path):
    (tmp_path / LEFT).mkdir()
    (tmp_path / LEFT.replace("0", "f")).symlink_to(tmp_path.parent, target_is_directory=True)
    rescued = []
    with work_folder(tmp_path, rescued.append) as first, work_folder(tmp_path, rescued.append):
        assert UNFINISHED.fullmatch(first.name)
        assert mode(first) == 0o700
        assert first.is_dir()
    assert rescued == [tmp_path / LEFT]
    # The link is none of ours.
    assert [path.is_symlink() for path in tmp_path.iterdir()] == [True]


def test_folders_go_again_where_nothing_comes_of_them(tmp_path):
    with pytest.raises(FileNotFoundError), made(tmp_path / "a" / "b"):
        (tmp_path / "a" / "b" / "c").unlink()
    assert not list(tmp_path.iterdir())
