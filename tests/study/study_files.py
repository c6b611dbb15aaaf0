"""Study files for tests: the bundled one, parts of small ones, and what is said of them."""

import re
import tomllib

import pyreadstat
import pytest
from places import REAL_FILES

import opinionpanel as op
from opinionpanel.study.checking import check_study
from opinionpanel.study.declaring import declare
from opinionpanel.study.drafting import write_draft

FOLDER = op.datasets.folder("attitudes_2024")


BUNDLED = (FOLDER / "study.toml").read_text(encoding="utf-8")


WAVES = """
title = "Two waves"
[[waves]]
name = "w1"
file = "w1.csv"
[[waves]]
name = "w2"
file = "w2.csv"
"""


PERSON = 'person = {w1 = "id", w2 = ["wid", "old"]}\n'


SIMPLE = '[items.b]\ncolumn = "b"\nstates = {yes = [1], no = [2]}\n'


def faults(path):
    return declare(path).keys.faults


def code_table(text, item, wave):
    """The rows that are printed of an item's codes at a wave, by code."""
    part = text.split(f"Codes of item {item}")[1].split("Codes of item")[0]
    lines = re.split(r"\n  (?=\S)", part)
    rows = next(line for line in lines if line.startswith(wave)).splitlines()[2:]
    return {row.split()[0]: row.split()[1:] for row in rows if row.strip()}


def shared(*files):
    paths = [REAL_FILES / file for file in files]
    if not all(path.is_file() for path in paths):
        pytest.skip("the real survey files are not here")
    return paths


def drafted(paths, folder):
    """The draft as TOML, and what check says of it."""
    path = write_draft(paths, folder / "study.toml")
    text = path.read_text(encoding="utf-8")
    _, keys = check_study(path)
    return tomllib.loads(text), text, keys.faults


def write_sav(path, frame, labels, wording=None, missing=None):
    pyreadstat.write_sav(
        frame,
        path,
        variable_value_labels=labels,
        column_labels=wording or {},
        missing_ranges=missing or {},
    )
    return path
