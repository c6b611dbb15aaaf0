"""Sphinx as a child process: run with settings of its own, and ended with all that it started."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from opinionpanel.errors import OpinionPanelError, WriteError
from opinionpanel.interruptions import held
from opinionpanel.written_files import tells_of_no_room

# The setting `opinionpanel_parts` of pages whose parts come by the standard input.
FROM_INPUT = "-"
# So many seconds a process may take to end.
LONGEST = 5
# What is less room than any page needs.
NO_ROOM = 1 << 16


def run_sphinx(
    work: Path, parts: Callable[[], str] = str, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Make pages of the sources in a work folder, and do something else while Sphinx runs.

    Sphinx starts while `parts` makes the parts of the pages, and takes them from its standard
    input: that ends with this process, whatever ends it. Nothing is written outside the folder.
    """
    code, said = _run(_command(work), work, parts, meanwhile)
    if code == 0:
        return
    if tells_of_no_room(said) or shutil.disk_usage(work).free < NO_ROOM:
        raise WriteError(
            "The report could not be built: there is no room left on the disk of "
            f"{str(work.parent)!r}. Free some, or write to another one."
        )
    lines = _without_crash(said).split("\n")
    raise OpinionPanelError("The report could not be built:", *(f"  {line}" for line in lines))


def _without_crash(said: str) -> str:
    """Leave out what Sphinx tells its own developers when it crashes, but for the cause."""
    told, crash, more = said.partition("\nVersions\n====")
    causes = re.findall(r"^ *([\w.]*(?:Error|Exception|Exit)\b.*)$", more, flags=re.MULTILINE)
    return "\n".join([told.strip(), *(causes[-1:] if crash else [])])


def _command(work: Path) -> list[str]:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q"]
    command += ["--no-color", "-b", "html", "-d", str(work / "doctrees")]
    return [*command, str(work / "source"), str(work / "html")]


def _run(
    command: list[str], work: Path, parts: Callable[[], str], meanwhile: Callable[[], None]
) -> tuple[int, str]:
    """Run a command to its end; whatever stops this program stops it as well."""
    process = None
    # What it says goes into a file: a pipe holds little, and nobody reads it meanwhile.
    with TemporaryFile(dir=work) as said:
        try:
            with held():
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=said,
                    env=_environment(work),
                    # A Ctrl-C goes to the whole group of a terminal. Here one process answers it.
                    start_new_session=True,
                )
            _send(process, parts())
            meanwhile()
            process.wait()
        except BaseException:
            if process is not None:
                with held():
                    end_processes(process.pid)
                    process.wait()
                    _send(process, "")
            raise
        said.seek(0)
        return process.returncode, said.read().decode("utf-8", "replace")


def _send(process: "subprocess.Popen[bytes]", parts: str) -> None:
    """Write all that a child reads. One that has ended takes nothing; why, is what it said."""
    if process.stdin is not None:
        with suppress(BrokenPipeError, ValueError), process.stdin as pipe:
            pipe.write(parts.encode())


def _environment(work: Path) -> dict[str, str]:
    """Keep what Sphinx writes in the work folder, in a language that is everywhere."""
    return os.environ | {
        # Sphinx leaves a log of a crash; it goes with the rest.
        "TMPDIR": str(work),
        "LC_ALL": "C",
        "PYTHONUTF8": "1",
    }


def end_orphans(work: Path) -> None:
    """End what a run that was killed has left running: by the work folder in its command."""
    import psutil

    for process in psutil.process_iter():
        with suppress(psutil.Error):
            program, *rest = process.cmdline() or [""]
            if "python" in program and any(str(work) in argument for argument in rest):
                process.kill()


def end_processes(number: int) -> None:
    """End a process and all that it started, also in sessions of their own."""
    import psutil

    # Stopped, none of the group can start another one while they are counted.
    with suppress(ProcessLookupError):
        os.killpg(number, signal.SIGSTOP)
    started: list[psutil.Process] = []
    with suppress(psutil.Error):
        started = psutil.Process(number).children(recursive=True)
    for one in started:
        with suppress(psutil.Error):
            one.kill()
    with suppress(ProcessLookupError):
        os.killpg(number, signal.SIGKILL)
    end = time.monotonic() + LONGEST
    while any(map(_runs, started)) and time.monotonic() < end:
        time.sleep(0.005)


def _runs(process: Any) -> bool:
    """Tell whether a process runs; of the dead some systems keep a line for a while."""
    import psutil

    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
