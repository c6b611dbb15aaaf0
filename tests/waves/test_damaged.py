"""Damaged files: they load whole or are refused; no crash, no hang, no silently shorter file."""

import json
import subprocess
import sys
from collections import Counter

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from opinionpanel.waves.header_probe import survey

PEOPLE, PREFIXES = 60, 300
# Of each damage a tenth is a sample, for those who leave out slow tests.
SAMPLE = 10
FLIPS = {"plain.sav": 1000, "new.dta": 1000, "packed.sav": 500, "new.zsav": 500, "old.dta": 500}
SECONDS, MEMORY = 120, 4 << 30

# Reads the files that passed the probe, under a limit of memory; one line for each.
WORKER = """
import json, resource, sys, time
limit = int(sys.argv[1])
if sys.platform == "linux":
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from pathlib import Path
from opinionpanel.errors import ReadError
from opinionpanel.waves.labelled_files import Request, read_file
for name in json.loads(sys.stdin.readline()):
    start = time.perf_counter()
    try:
        wave = read_file(Request(Path(name)))
        outcome = [*wave.frame.shape, sum(map(len, wave.labels.values())), len(wave.wording)]
    except ReadError as error:
        outcome = str(error)
    except BaseException as error:
        outcome = {"escaped": repr(error)}
    print(json.dumps([name, outcome, time.perf_counter() - start]), flush=True)
"""


def write(path):
    """A small file with labels, user-missing codes, text and blanks."""
    rng = np.random.default_rng(20241120)
    frame = pd.DataFrame(
        {
            "id": np.arange(PEOPLE) + 1000,
            "q12": rng.choice([1.0, 2.0, 3.0, 98.0, np.nan], PEOPLE),
            "wgt": rng.lognormal(0, 0.4, PEOPLE),
            "town": rng.choice(["Север", "Юг", ""], PEOPLE),
        }
    )
    labels = {"q12": {1: "за", 2: "против", 98: "не знаю"}}
    texts = ["номер", "вопрос", "вес", "место"]
    if path.suffix == ".dta":
        version = 12 if path.stem == "old" else 15
        if version == 12:
            labels = {"q12": {1: "yes", 2: "no", 98: "don't know"}}
            frame["town"] = frame["town"].map({"Север": "north", "Юг": "south", "": ""})
            texts = None
        pyreadstat.write_dta(
            frame, path, variable_value_labels=labels, column_labels=texts, version=version
        )
        return
    pyreadstat.write_sav(
        frame,
        path,
        variable_value_labels=labels,
        column_labels=texts,
        missing_ranges={"q12": [{"lo": 98, "hi": 99}]},
        compress=path.suffix == ".zsav",
        row_compress=path.stem == "packed",
    )


def damaged(path, folder, every):
    """Prefixes in steps and copies with one byte changed: all, or one of `every` so many."""
    whole = path.read_bytes()
    folder.mkdir()
    rng = np.random.default_rng(7)
    made = []
    for length in np.unique(np.linspace(0, len(whole) - 1, PREFIXES // every).astype(int)):
        made.append(folder / f"prefix_{length}{path.suffix}")
        made[-1].write_bytes(whole[:length])
    for number in range(FLIPS[path.name] // every):
        place, change = rng.integers(len(whole)), rng.integers(1, 256)
        copy = bytearray(whole)
        copy[place] ^= int(change)
        made.append(folder / f"flip_{number}_at_{place}{path.suffix}")
        made[-1].write_bytes(copy)
    return made


@pytest.mark.parametrize("every", [SAMPLE, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", FLIPS)
def test_damaged_files_load_whole_or_are_refused(name, every, tmp_path, record_property):
    path = tmp_path / name
    write(path)
    files = damaged(path, tmp_path / "damaged", every)
    damages = survey(files)
    sound = [str(file) for file in files if not damages.get(file)]
    done = subprocess.run(
        [sys.executable, "-c", WORKER, str(MEMORY)],
        input=json.dumps(sound),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(outcomes) == len(sound), (
        f"the reader died on {sound[len(outcomes)]}: {done.returncode} {done.stderr[-500:]}"
    )
    escaped = [(file, what) for file, what, _ in outcomes if isinstance(what, dict)]
    assert not escaped
    loaded = [(file, what) for file, what, _ in outcomes if isinstance(what, list)]
    assert not [(file, what) for file, what in loaded if what[0] != PEOPLE]
    # A file that was cut off must not load without its columns, labels or wordings either.
    expected = [PEOPLE, 4, 3, 0 if name == "old.dta" else 4]
    assert not [(file, what) for file, what in loaded if "prefix" in file and what != expected]
    assert max(seconds for *_, seconds in outcomes) < 10
    kinds = Counter("loaded" if isinstance(what, list) else "refused" for _, what, _ in outcomes)
    ended = sum(map(bool, damages.values()))
    record_property(
        "table",
        f"{name}: {len(files)} damaged files, {kinds['loaded']} loaded, "
        f"{kinds['refused']} refused, {ended} ended or stalled the probe",
    )
