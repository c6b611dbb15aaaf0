"""What is checked is what is used: the file that was named, the same from first look to last."""

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import opinionpanel as op
from opinionpanel.errors import ReadError
from opinionpanel.waves import suffix_of

ITEM = op.Item("q", {"no": [0], "yes": [1]})
PEOPLE = 40
FORMATS = [".csv", ".csv.gz", ".parquet", ".feather", ".xlsx", ".sav", ".dta"]
IN_BATCHES = (".csv", ".csv.gz", ".tsv", ".parquet")
# Formats that take long to write or read are tried less often.
MOST = {".xlsx": 3, ".sav": 3, ".dta": 3, ".feather": 3, ".tsv": 4, ".csv.gz": 4}
# What other programs take for a pattern, an address, a home folder, or an option.
NAMES = ["w[1]", "~/w", "file:w", "w*", "w?", "w{1,2}", "http:/here/w", "s3:/b/w", "zip::w", "-"]
# And a name in no encoding, which other systems do not have.
NAMES += [os.fsdecode(b"\xff w")] * (sys.platform == "linux")
NAMES += ["$HOME/w", "%41", "w\n", "-rf", "w'", 'w"', "w#x", "{0}", "a::b", "w`x`", "|w"]


def people(yes):
    """A wave in which so many said yes."""
    return pd.DataFrame({"id": np.arange(PEOPLE), "q": (np.arange(PEOPLE) < yes).astype(int)})


def write(frame, path):
    """Write a wave under a plain name first: what writes takes some names for others as well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = suffix_of(path)
    plain = str(Path.cwd() / f"plain{kind}")
    {
        ".csv.gz": lambda: frame.to_csv(plain, index=False, compression="gzip"),
        ".csv": lambda: frame.to_csv(plain, index=False),
        ".tsv": lambda: frame.to_csv(plain, index=False, sep="\t"),
        ".parquet": lambda: frame.to_parquet(plain),
        ".feather": lambda: frame.to_feather(plain),
        ".xlsx": lambda: frame.to_excel(plain, index=False),
        ".sav": lambda: pyreadstat.write_sav(frame, plain),
        ".dta": lambda: pyreadstat.write_dta(frame, plain),
    }[kind]()
    shutil.move(plain, path)


def read(path, second, engine):
    return op.read_panel({"a": path, "b": second}, person="id", items={"x": ITEM}, engine=engine)


def yes_at_first(panel):
    return int((np.asarray(panel.answers["x"][0]) == 1).sum())


def engines_of(suffix):
    return ("memory", "duckdb") if suffix in IN_BATCHES else ("memory",)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("suffix", [*FORMATS, ".tsv"])
def test_a_path_is_that_one_file(tmp_path, monkeypatch, suffix):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    second = Path(f"second{suffix}")
    write(people(20), second)
    # What the names would lead to, if they were no names.
    for other in ("w1", "wx", "w", "w1,2", "home/w", "A"):
        write(people(1), Path(other + suffix))
    for name in NAMES[: MOST.get(suffix)]:
        write(people(30), Path(name + suffix))
        for engine in engines_of(suffix):
            assert yes_at_first(read(name + suffix, second, engine)) == 30


class Replacing:
    """Replaces a file at some step of a call, counted in calls of the library's own functions."""

    def __init__(self, call, at=0, act=None):
        self.steps, self.at, self.act = 0, at, act
        sys.setprofile(self.step)
        try:
            self.given = call()
        except ReadError as error:
            self.given = error
        finally:
            sys.setprofile(None)

    def step(self, frame, event, _):
        if (
            event in ("call", "return")
            and f"{os.sep}opinionpanel{os.sep}" in frame.f_code.co_filename
        ):
            self.steps += 1
            if self.steps == self.at:
                sys.setprofile(None)
                self.act()


@pytest.mark.parametrize(
    ("suffix", "in_place"),
    [*((suffix, False) for suffix in FORMATS), (".csv", True), (".parquet", True)],
)
def test_a_file_replaced_while_it_is_read_is_an_error(tmp_path, suffix, in_place):
    """At whichever step: the panel is of the old file, of the new one, or there is none."""
    path, second = tmp_path / f"w{suffix}", tmp_path / f"second{suffix}"
    old, new, fresh = (tmp_path / f"{name}{suffix}" for name in ("old", "new", "fresh"))
    write(people(30), old)
    write(people(10), new)
    write(people(20), second)

    def replace():
        if in_place:
            path.write_bytes(new.read_bytes())
        else:
            shutil.copy(new, fresh)
            fresh.replace(path)

    for engine in engines_of(suffix):

        def call(engine=engine):
            return read(path, second, engine)

        shutil.copy(old, path)
        steps = Replacing(call).steps
        refused = 0
        for at in np.linspace(1, steps, MOST.get(suffix, 5)).astype(int).tolist():
            shutil.copy(old, path)
            os.utime(path, ns=(1, 1))
            given = Replacing(call, at, replace).given
            if isinstance(given, ReadError):
                assert str(given).startswith(f"Changed while being read: 'w{suffix}'")
                refused += 1
            else:
                assert yes_at_first(given) == (10 if at < steps / 2 else 30)
        assert refused


@pytest.mark.parametrize("given", ["wave", "long", "study", "check", "draft"])
def test_every_entrance_notices(tmp_path, given):
    from opinionpanel.study.checking import check_study
    from opinionpanel.study.drafting import draft_study

    path, second, study = (tmp_path / name for name in ("w.csv", "second.csv", "study.toml"))
    pd.concat([people(30).assign(wave=1), people(20).assign(wave=2)]).to_csv(path, index=False)
    shutil.copy(path, second)
    study.write_text(
        'title = "x"\nperson = "id"\nfile = "w.csv"\nwave = "wave"\n[items.x]\ncolumn = "q"\n'
        "states.no = [0]\nstates.yes = [1]\n"
    )
    call = {
        "wave": lambda: op.read_wave(path),
        "long": lambda: op.read_panel(path, person="id", wave="wave", items={"x": ITEM}),
        "study": lambda: op.read_study(study),
        "check": lambda: check_study(study),
        "draft": lambda: draft_study([path], tmp_path),
    }[given]
    whole = Replacing(call)
    assert not isinstance(whole.given, Exception)
    half = Replacing(call, whole.steps // 2, lambda: second.replace(path)).given
    assert isinstance(half, ReadError)
    assert str(half).startswith("Changed while being read: 'w.csv'")


def test_columns_of_a_file_do_not_change_with_it(tmp_path):
    """A column that is mapped from the file into memory would."""
    path = tmp_path / "w.feather"
    frame = pd.DataFrame({"id": np.arange(1000), "x": np.ones(1000)})
    frame.to_feather(path, compression="uncompressed")
    wave = op.read_wave(path)
    before = wave.frame.copy()
    with path.open("r+b") as file:
        file.write(b"\xff" * path.stat().st_size)
    pd.testing.assert_frame_equal(wave.frame, before)


@pytest.mark.parametrize("engine", ["memory", "duckdb"])
def test_a_panel_that_was_read_needs_its_files_no_more(tmp_path, engine):
    for suffix in (".parquet", ".csv"):
        path, second = tmp_path / f"w{suffix}", tmp_path / f"v{suffix}"
        write(people(30), path)
        write(people(20), second)
        panel = read(path, second, engine)
        path.unlink()
        second.unlink()
        assert op.transitions(panel, "x").n.sum() == 2 * PEOPLE
