"""Nothing is lost and nothing is left behind when a command is killed, a disk is full or closed.

Guarded: an older report and what somebody put beside it, at every moment at which a run may end;
and that whoever reads the terminal gets one line of this library, never a traceback of another.
"""

import errno
import io
import json
import os
import random
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec

import psutil
import pytest
from places import files

import opinionpanel as op
from opinionpanel import cli, report

building, running = (
    import_module(f"opinionpanel.report.{name}") for name in ("building", "running")
)
needs_report = pytest.mark.skipif(
    any(find_spec(name) is None for name in building.NEEDED),
    reason="the extra opinionpanel[report] is not installed",
)
# Ten moments of a run of some 0.3 seconds, drawn once.
DRAWN = random.Random(17)
MOMENTS = [
    (name, DRAWN.uniform(0.0, 0.3))
    for name in ("SIGINT", "SIGTERM", "SIGKILL", "SIGHUP", "SIGKILL") * 2
]
# A child with one of its own in another session, as Sphinx has kernels; it marks both.
CHILD = """
import subprocess, sys, time
kernel = subprocess.Popen([sys.executable, "-ISc", "import time; time.sleep(60)", sys.argv[1]],
                          start_new_session=True, stderr=subprocess.DEVNULL)
time.sleep(0.1)
import pathlib
(pathlib.Path(sys.argv[1]) / "html").mkdir()
(pathlib.Path(sys.argv[1]) / "html" / "index.html").write_text("new")
kernel.kill()
"""
# Forks are ready at once: what takes long is loaded before.
RUNNER = """
import json, os, signal, sys, time
import psutil
from opinionpanel import cli
from opinionpanel.report import building, running
child, study, output = sys.argv[1:]
running._command = lambda work: [sys.executable, "-ISc", child, str(work)]
building.prepared_parts = lambda *_: ""
building.write_downloads = lambda front, contents, folder: folder.mkdir()
building.read_study(study)
for line in sys.stdin:
    name, moment = json.loads(line)
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        os.dup2(write, 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os._exit(cli.main(["report", study, "--output", output]))
    os.close(write)
    time.sleep(moment)
    if name:
        os.kill(pid, getattr(signal, name))
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    said = b"" if name == "SIGKILL" else os.read(read, 9999)
    os.close(read)
    print(json.dumps([status, said.decode()]), flush=True)
"""


@pytest.fixture
def study(tmp_path):
    """A small study in a folder of its own, with Cyrillic names and an arrow to print."""
    folder = tmp_path / "study"
    folder.mkdir()
    for wave in ("w1", "w2"):
        rows = "".join(f"{person},{person % 2 + 1}\n" for person in range(40))
        (folder / f"{wave}.csv").write_text(f"id,q\n{rows}")
    waves = "".join(f'[[waves]]\nname = "{wave}"\nfile = "{wave}.csv"\n' for wave in ("w1", "w2"))
    (folder / "study.toml").write_text(
        f'title = "Мнения → ответы"\nperson = "id"\n{waves}[items.q]\ncolumn = "q"\n'
        "states = {да = [1], нет = [2]}\n".replace("да", '"да"').replace("нет", '"нет"'),
        encoding="utf-8",
    )
    return folder / "study.toml"


def marked(folder):
    """The processes that still run for a folder."""
    found = []
    for one in psutil.process_iter():
        try:
            line = one.cmdline()
            if line[1:2] == ["-ISc"] and str(folder) in line[-1]:
                found.append(line)
        except psutil.Error:
            continue
    return found


@needs_report
def test_a_report_that_is_killed_at_any_moment_loses_and_leaves_nothing(study, tmp_path):
    """Guards the older report, a file of somebody in it, and the folder around it."""
    output = tmp_path / "site" / "report"
    with subprocess.Popen(
        [sys.executable, "-c", RUNNER, CHILD, str(study), str(output)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as runner:

        def run(name, moment):
            runner.stdin.write(f"{json.dumps([name, moment])}\n")
            runner.stdin.flush()
            return json.loads(runner.stdout.readline())

        first = run("", 0)
        assert first == [0, ""], first[1]
        (output / "mine.txt").write_text("mine")
        killed = 0
        for name, moment in MOMENTS:
            before = {*output.parent.iterdir()}
            status, said = run(name, moment)
            if name == "SIGKILL":
                killed += status == -9
                continue
            known = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
            assert status in (known[name], 0), (name, moment, said)
            lines = "opinionpanel: interrupted; nothing was written\n" if status else ""
            assert said == lines
            # What a killed one left may still be there, if this run ended before it began; also
            # the report, if that one was killed between the two steps of putting it in place.
            assert {*output.parent.iterdir()} <= before | {output}
            if output.exists():
                assert (output / "index.html").read_text() == "new"
                assert (output / "mine.txt").read_text() == "mine"
        assert killed, "no run was killed before its end"
        # A child that was just being started has its own name only then.
        time.sleep(0.3)
        assert run("", 0) == [0, ""]
    assert [path.name for path in output.parent.iterdir()] == ["report"]
    assert {path.name for path in output.iterdir()} == {
        *("index.html", "downloads", "mine.txt", ".opinionpanel-report")
    }
    assert marked(output.parent) == []


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 64 kB; where none can be mounted, the tests of errors raised stand for it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    command = [mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def refused(arguments, capsys):
    """Run a command that is to be refused; gives what it said, which is one line."""
    assert cli.main(arguments) == 1
    said = capsys.readouterr().err
    assert said.startswith("opinionpanel: ")
    assert said.count("\n") == 1, said
    return said


def test_a_full_disk_is_one_line_and_older_files_are_as_they_were(small_disk, study, capsys):
    """Guards against half a chart, half a table, half a draft and half a report."""
    flows = op.flows(op.read_study(study).panel, "q")
    older = {name: small_disk / name for name in ("chart.html", "table.csv", "table.xlsx")}
    for path in older.values():
        path.write_text("old")
    for name, write in {
        "chart.html": lambda path: op.charts.save(op.charts.sankey(flows), path),
        "table.csv": flows.to_csv,
        "table.xlsx": flows.to_excel,
    }.items():
        path = small_disk / name
        if name.startswith("table"):
            _fill(small_disk)
        with pytest.raises(op.OpinionPanelError, match="there is no room left on the disk"):
            write(path)
    assert {path.read_text() for path in older.values()} == {"old"}
    waves = [str(path) for path in files(study.parent, "w*.csv")]
    for arguments in (
        ["init", *waves, "--output", str(small_disk / "draft.toml")],
        ["report", str(study), "--output", str(small_disk / "report")],
    ):
        assert "no room left on the disk" in refused(arguments, capsys)
    assert {path.name for path in small_disk.iterdir()} == {*older, "full"}


def _fill(disk):
    with (disk / "full").open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 512)


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_closed_folder_is_one_line(tmp_path, study, capsys, monkeypatch, number):
    """Guards against a traceback where a folder may only be read; also for who may do all."""

    def closed(make):
        def refuse(path, *rest, **more):
            if str(path).startswith(str(tmp_path)):
                raise OSError(number, os.strerror(number))
            return make(path, *rest, **more)

        return refuse

    monkeypatch.setattr(os, "open", closed(os.open))
    monkeypatch.setattr(os, "mkdir", closed(os.mkdir))
    output = str(tmp_path / "new" / "out")
    wave = str(study.parent / "w1.csv")
    for arguments in (
        ["init", wave, "--output", output],
        ["init", wave, "--output", str(tmp_path / "out")],
        ["report", str(study), "--output", output],
        ["demo", "--output", output],
    ):
        assert "cannot be written: " in refused(arguments, capsys)
    assert {path.name for path in tmp_path.iterdir()} == {"study"}


@pytest.mark.parametrize("encoding", ["ascii", "cp1251", "utf-8"])
def test_any_terminal_can_be_printed_to(study, monkeypatch, encoding):
    """Guards against an error where a terminal has no letters for what is said."""
    printed = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", printed)
    assert cli.main(["check", str(study)]) == 0
    text = printed.buffer.getvalue().decode(encoding)
    title = {"ascii": r"\u041c\u043d\u0435\u043d\u0438\u044f \u2192", "cp1251": r"Мнения \u2192"}
    assert title.get(encoding, "Мнения →") in text


def test_nobody_reads_on(study, monkeypatch, capfd):
    """Guards against a traceback of `opinionpanel check study.toml | head -1`."""
    read, write = os.pipe()
    os.close(read)
    with open(write, "w", encoding="utf-8") as closed:  # noqa: PTH123 - a pipe has no path
        monkeypatch.setattr(sys, "stdout", closed)
        assert cli.main(["check", str(study)]) == 141
    assert capfd.readouterr().err == ""


def test_a_full_disk_behind_the_terminal_is_one_line(study, monkeypatch, capsys):
    """Guards against a lost list of faults, as of `opinionpanel check study.toml > faults.txt`."""

    class Full(io.StringIO):
        def flush(self):
            raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(sys, "stdout", Full())
    assert cli.main(["check", str(study)]) == 1
    assert capsys.readouterr().err.startswith("opinionpanel: there is no room left on the disk")


def test_no_home_no_locale_and_no_folder_for_temporary_files(study, tmp_path, monkeypatch):
    """Guards a report in a bare container."""
    for name in ("HOME", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TMPDIR", "/nonexistent")
    monkeypatch.setenv("LC_ALL", "xx_YY")
    monkeypatch.setattr(building, "prepared_parts", lambda *_: "")
    monkeypatch.setattr(building, "write_downloads", lambda front, contents, to: to.mkdir())
    code = "import os, pathlib; place = pathlib.Path(os.environ['TMPDIR'], 'html'); place.mkdir(); "
    code += "(place / 'index.html').write_text('→')"
    monkeypatch.setattr(running, "_command", lambda work: [sys.executable, "-ISc", code])
    assert report.build(study, tmp_path / "out").read_text("utf-8") == "→"
