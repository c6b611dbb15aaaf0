"""Headers of SPSS files, first read by a child process: a damaged one can kill its reader.

pyreadstat 1.3 can end the process that calls it on a damaged header of a .sav or .zsav file, even
when it is asked for nothing but the names of the columns. No ``except`` catches that. So another
process reads the header first; where it dies, the file is refused.
"""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from opinionpanel.errors import ReadError, listing
from opinionpanel.waves.steady_file import Stamp, first_bytes, is_file, look, stamp_of

SUFFIXES = (".sav", ".zsav")
MAGIC = b"$FL"
START_SECONDS = 60
SECONDS_PER_FILE = 10

# The child takes over the parent's import path, so it finds the same pyreadstat at once, and says
# which file it has finished, so that the one it dies on is known. What an ordinary error says is
# left to the real read. Its output format spares it the import of pandas.
CHILD = """
import json, sys
job = json.loads(sys.stdin.buffer.readline())
sys.path[:] = job["path"]
import pyreadstat
print("ready", flush=True)
for position, name in enumerate(job["files"]):
    try:
        pyreadstat.read_sav(name, metadataonly=True, output_format="dict")
    except Exception:
        pass
    print(position, flush=True)
"""

# What this process loads while the child is at work: what reads the files, and what every table of
# them needs.
MEANWHILE = ("pyreadstat", "scipy.special")

# The files whose headers passed, each with its version.
_passed: set[tuple[Path, Stamp]] = set()


def fault(path: Path, damage: str) -> ReadError:
    """Build the error for a file whose header cannot be read."""
    return ReadError(
        f"{path.name}: {damage}. The file is damaged, perhaps by an interrupted copy: get it "
        "again, or open it in the program that wrote it and save it anew."
    )


def survey(paths: Iterable[Path]) -> dict[Path, str]:
    """Read the headers of SPSS files in a child process; say what ended it, "" for nothing.

    Files of other formats and files that do not exist are left out; files that passed before and
    have not changed since are not read again.
    """
    stamps = {path: _stamp(path) for path in paths if _has_header(path)}
    damages = dict.fromkeys(stamps, "")
    rest = [path for path, stamp in stamps.items() if stamp not in _passed]
    while rest:
        finished, damage = _child(rest)
        _passed.update(stamps[path] for path in rest[:finished])
        if finished < len(rest):
            damages[rest[finished]] = damage
        rest = rest[finished + 1 :]
    return damages


def _has_header(path: Path) -> bool:
    if path.suffix.lower() not in SUFFIXES or not is_file(path):
        return False
    look(path)
    return first_bytes(path, len(MAGIC)) == MAGIC


def _stamp(path: Path) -> tuple[Path, Stamp]:
    return path.resolve(), stamp_of(path)


def _child(paths: list[Path]) -> tuple[int, str]:
    """Probe files in one child; say how many it finished, and what ended it on the next."""
    job = {"path": sys.path, "files": [str(path.resolve()) for path in paths]}
    seconds = START_SECONDS + SECONDS_PER_FILE * len(paths)
    tried = _interpreters()
    # A file, as a program that is no Python might never read from a pipe.
    with TemporaryFile() as given:
        given.write(json.dumps(job).encode() + b"\n")
        for python in tried:
            given.seek(0)
            try:
                code, said = _run([python, "-I", "-S", "-c", CHILD], given, seconds)
            except OSError:
                continue
            damage = "reading its header never ends"
            if code is not None:
                damage = f"its header ends the reading program ({_ending(code)})"
            lines = said.split()
            if lines[:1] == [b"ready"]:
                return len(lines) - 1, damage
    raise ReadError(
        f"Headers of {listing(SUFFIXES)} files are read first in a second Python process, because "
        f"a damaged one can end the program, and none could be started ({listing(tried)}). Set "
        "sys.executable to the path of this Python, or save the waves as .dta or .parquet."
    )


def _run(command: list[str], given: IO[bytes], seconds: float) -> tuple[int | None, bytes]:
    """Run a child; return its exit code, None if it took too long, and what it said."""
    with subprocess.Popen(
        command,
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # A third of its time would go into threads for matrices that it never sees.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    ) as child:
        try:
            for needed_next in MEANWHILE:
                importlib.import_module(needed_next)
            said = child.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired as error:
            return None, error.stdout or b""
        finally:
            child.kill()
    return child.returncode, said


def _interpreters() -> list[str]:
    """Name the programs that may be this Python: embedded and frozen ones are not told truly."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    own = [] if getattr(sys, "frozen", False) or not sys.executable else [sys.executable]
    beside = [
        Path(prefix) / "bin" / name
        for prefix in dict.fromkeys((sys.prefix, sys.base_prefix))
        for name in (f"python{version}", "python3")
    ]
    return list(dict.fromkeys([*own, *(str(path) for path in beside if path.is_file())]))


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
