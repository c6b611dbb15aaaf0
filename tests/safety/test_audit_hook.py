"""No text that a person or a study gives opens a file that it does not name, starts a program,
loads a module or is run as code: Python's own audit hook looks on while hostile texts are given."""

import json
import os
import subprocess
import sys
from pathlib import Path

# Leaves a mark if anything ever loads it.
EVIL = "from pathlib import Path\nPath(__file__).with_name('it_ran').touch()\n"


def test_no_text_opens_starts_loads_or_runs(tmp_path):
    folder, temporary = tmp_path / "in" / "here", tmp_path / "temporary"
    for path in (folder, temporary):
        path.mkdir(parents=True)
    (folder / "evil_module.py").write_text(EVIL)
    paths = [str(folder), *filter(None, sys.path)]
    result = subprocess.run(
        [sys.executable, Path(__file__).with_name("audited.py")],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout.splitlines()[-1])
    assert told["seen"] == []
    assert told["loaded"] == []
    assert not (folder / "it_ran").exists()
    # The header of an SPSS file is read by a child process first; no other program is started.
    assert told["probes"] >= 1
    # The hook was on, and sees.
    assert told["calls"] > 400
    assert told["studies"] >= 5
    assert told["opened"] > 20
    assert told["caught"] >= 4
