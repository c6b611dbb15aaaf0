"""The child that makes the pages: its settings, what it says, and its end."""

import errno
import os
import subprocess
import sys
import time

import psutil
import pytest

from opinionpanel.errors import OpinionPanelError, WriteError
from opinionpanel.report import running

# A child that starts another one in a session of its own.
FAMILY = "import subprocess, time; subprocess.Popen(['sleep', '60'], start_new_session=True); "


@pytest.fixture
def pretend(monkeypatch):
    """Run some code in the place of Sphinx."""
    return lambda code: monkeypatch.setattr(
        running, "_command", lambda work: [sys.executable, "-ISc", code]
    )


def test_the_child_writes_nothing_outside_and_knows_all_letters(tmp_path, pretend, monkeypatch):
    for name in ("HOME", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "xx_YY")
    monkeypatch.setenv("TMPDIR", "/nonexistent")
    code = "import locale, os, sys; locale.setlocale(locale.LC_ALL, ''); sys.stderr.write(repr(("
    pretend(f"{code}sys.flags.utf8_mode, os.environ['TMPDIR']))); sys.exit(1)")
    with pytest.raises(OpinionPanelError) as caught:
        running.run_sphinx(tmp_path)
    assert str(caught.value).endswith(f"(1, {str(tmp_path)!r})")


def test_parts_come_by_the_standard_input(tmp_path, pretend):
    pretend("import sys; sys.exit(sys.stdin.read() != '→' * 100_000)")
    running.run_sphinx(tmp_path, lambda: "→" * 100_000)


def test_a_child_that_ends_before_its_parts_are_there_is_told_of(tmp_path, pretend):
    pretend("import sys; sys.stderr.write('why'); sys.exit(1)")
    with pytest.raises(OpinionPanelError, match="why"):
        running.run_sphinx(tmp_path, lambda: time.sleep(0.2) or "→" * 100_000)


def test_a_full_disk_is_a_line(tmp_path, pretend):
    said = f"Traceback: {os.strerror(errno.ENOSPC)}\\n  ..."
    pretend(f"import sys; sys.stderr.write({said!r}); sys.exit(2)")
    with pytest.raises(WriteError, match=r"^[^\n]*no room left on the disk[^\n]*$"):
        running.run_sphinx(tmp_path)


def test_a_crash_is_told_without_the_way_through_another_program(tmp_path, pretend):
    crash = "Traceback\n=====\n\n      File x, line 1, in y\n    some.OddError: cause\n\nThe log\n"
    said = f"Extension error!\n\nVersions\n========\n\n* Python\n\n{crash}"
    pretend(f"import sys; sys.stderr.write({said!r}); sys.exit(2)")
    with pytest.raises(OpinionPanelError) as caught:
        running.run_sphinx(tmp_path)
    assert str(caught.value).splitlines()[1:] == [
        "  Extension error!",
        "  some.OddError: cause",
    ]


def test_an_interruption_ends_all_that_was_started(tmp_path, pretend, monkeypatch):
    pretend(f"{FAMILY}time.sleep(60)")
    family = []

    def interrupted(process):
        monkeypatch.undo()
        me = psutil.Process(process.pid)
        while len(me.children()) < 1:
            time.sleep(0.01)
        family.extend([me, *me.children()])
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        running.run_sphinx(tmp_path)
    assert len(family) == 2
    assert not [one for one in family if running._runs(one)]


def test_orphans_of_a_killed_run_are_ended_and_no_stranger(tmp_path):
    """What belongs to a run has files of its work folder in its command."""
    code = "import time; time.sleep(60)"
    work, other = (tmp_path / f".opinionpanel-{letter * 16}" for letter in "ab")
    commands = [[sys.executable, "-ISc", code, str(folder / "x")] for folder in (work, other)]
    with (
        subprocess.Popen(commands[0], start_new_session=True) as orphan,
        subprocess.Popen(commands[1], start_new_session=True) as stranger,
        subprocess.Popen(["sh", "-c", "sleep 60; :", str(work)]) as reader,
    ):
        running.end_orphans(work)
        assert orphan.wait(timeout=5) < 0
        assert stranger.poll() is reader.poll() is None
        stranger.kill()
        reader.kill()
