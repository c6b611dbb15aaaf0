"""R's figures on the page Coming from R are what its lines there make of the same two files."""

import io
import shutil
import subprocess

import pandas as pd
import pytest
from places import ROOT

import opinionpanel as op

SCRIPT = ROOT / "docs" / "coming_from_r.R"


def r_has_survey():
    rscript = shutil.which("Rscript")
    load = [rscript, "-e", "library(survey)"]
    return rscript is not None and subprocess.run(load, capture_output=True).returncode == 0


@pytest.mark.slow
def test_the_committed_figures_are_what_r_prints(tmp_path):
    if not r_has_survey():
        pytest.skip("R with its package survey is not installed")
    folder = op.datasets.folder("attitudes_2024")
    for name in ("wave1", "wave2"):
        op.read_wave(folder / f"{name}.sav").frame.to_csv(tmp_path / f"{name}.csv", index=False)
    done = subprocess.run(["Rscript", SCRIPT, tmp_path], capture_output=True, text=True, check=True)
    made = pd.read_csv(io.StringIO(done.stdout)).drop(columns="survey")
    committed = pd.read_csv(SCRIPT.with_suffix(".csv")).drop(columns="survey")
    pd.testing.assert_frame_equal(made, committed, rtol=1e-10)
