"""The committed golden files are what the committed R script makes."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

FOLDER = Path(__file__).parent


def r_has_survey():
    if shutil.which("Rscript") is None:
        return False
    return subprocess.run(["Rscript", "-e", "library(survey)"], capture_output=True).returncode == 0


@pytest.mark.skipif(not r_has_survey(), reason="R with its package survey is not installed")
def test_the_script_makes_the_committed_files(tmp_path):
    # The script writes into tests/golden below the folder it is run from.
    golden = tmp_path / "tests" / "golden"
    golden.mkdir(parents=True)
    script = shutil.copy(FOLDER / "make_survey_golden.R", golden)
    done = subprocess.run(
        ["Rscript", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    committed = sorted(path.name for path in FOLDER.glob("*.csv"))
    assert len(committed) == 7
    assert sorted(path.name for path in golden.glob("*.csv")) == committed
    for name in committed:
        made, kept = (pd.read_csv(place / name) for place in (golden, FOLDER))
        numbers = kept.select_dtypes("number").columns
        pd.testing.assert_frame_equal(made.drop(columns=numbers), kept.drop(columns=numbers))
        # Another version of R or its linear algebra may differ in the last digit.
        np.testing.assert_allclose(made[numbers], kept[numbers], rtol=1e-10, atol=1e-15)
