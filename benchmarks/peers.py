"""Peers that run in a process of their own, which stays up so that both sides take turns."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parents[1]


def rscript(package: str) -> str | None:
    """Find R with a package."""
    found = shutil.which("Rscript")
    if found is None:
        return None
    asked = [found, "-e", f"quit(status = !requireNamespace('{package}', quietly = TRUE))"]
    return found if subprocess.run(asked, capture_output=True).returncode == 0 else None


def svy_python() -> str | None:
    """Find a Python that has svy: named by SVY_PYTHON, or the one `make bench` made."""
    named = os.environ.get("SVY_PYTHON") or str(ROOT / "build" / "svy" / "bin" / "python")
    found = shutil.which(named)
    if found is None:
        return None
    asked = subprocess.run([found, "-c", "import svy"], capture_output=True)
    return found if asked.returncode == 0 else None


class Peer:
    """A script that answers every line it is sent with a line of JSON.

    Unasked, it first says what it found, as a check, once it has its data.
    """

    def __init__(self, *command: str | Path) -> None:
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Where scripts in R find what they share.
            cwd=Path(__file__).parent,
        )
        self.found = self._answer()

    def ask(self, what: str) -> Any:
        """Let it work once, and wait; the two lines over the pipe take well under 1 ms."""
        assert self.process.stdin is not None
        print(what, file=self.process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"The peer stopped: {self.process.args}")
        return json.loads(line)

    def __enter__(self) -> "Peer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.communicate()
