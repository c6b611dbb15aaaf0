"""The committed golden files are what the committed R scripts make.

To run all scripts takes minutes. `made_by_r.csv` has a digest of each script with the files that it
made when this was last seen; a script runs again where its digest is another one, and all of them
do with the variable GOLDEN=all. Digests are written where all have run and made their files:

    .venv/bin/python tests/golden/test_made_by_r.py
"""

import hashlib
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from places import files

FOLDER = Path(__file__).parent
SEEN = FOLDER / "made_by_r.csv"
# The script, the packages it needs, and the files it makes.
SCRIPTS = {
    "make_survey_golden.R": (["survey"], ["panel_*.csv", "survey_golden.csv"]),
    # survey calibrates step by step with MASS, which it only suggests.
    "make_anchor_golden.R": (["survey", "MASS"], ["anchor_golden.csv"]),
    "make_attrition_golden.R": (["survey"], ["attrition_*.csv"]),
    "make_batteries_golden.R": (["survey"], ["batteries_*.csv"]),
    "make_chains_golden.R": (["survey", "MASS", "markovchain"], ["chains_*.csv"]),
    "make_change_model_golden.R": (["survey"], ["change_model_*.csv"]),
    "make_combining_golden.R": (["survey"], ["combining_*.csv"]),
    "make_documented_golden.R": (["MASS"], ["documented_*.csv"]),
    "make_gaps_golden.R": (["survey"], ["gaps_*.csv"]),
    "make_heise_golden.R": (["stats"], ["heise_golden.csv"]),
    "make_imputations_golden.R": (["survey", "mitools"], ["imputations_*.csv"]),
    "make_latent_markov_golden.R": (["stats"], ["latent_markov_golden.csv"]),
    "make_many_waves_golden.R": (["survey", "MASS"], ["many_waves_*.csv"]),
    "make_mover_stayer_golden.R": (["markovchain"], ["mover_stayer_golden.csv"]),
    "make_msm_golden.R": (["msm"], ["msm_golden.csv"]),
    "make_negative_replicates_golden.R": (["survey"], ["negative_replicates_*.csv"]),
    "make_any_function_golden.R": (["survey", "MASS"], ["any_function_*.csv"]),
    "make_paths_golden.R": (["survey"], ["paths_*.csv"]),
    "make_series_golden.R": (["survey"], ["series_*.csv"]),
    "make_smoothing_golden.R": (["metafor"], ["smoothing_*.csv"]),
    "make_two_items_golden.R": (["survey"], ["two_items_*.csv"]),
    "make_within_golden.R": (["survey"], ["within_*.csv"]),
    "make_scores_golden.R": (["survey", "MASS"], ["scores_*.csv"]),
    "make_estimation_golden.R": (["survey", "MASS"], ["data_*.csv", "estimation_golden.csv"]),
}
# Scripts whose figures an optimiser found: another machine stops a little elsewhere.
OPTIMISED = {
    *("make_latent_markov_golden.R", "make_mover_stayer_golden.R", "make_msm_golden.R"),
    "make_smoothing_golden.R",
}
# What a script reads of the files that another makes.
READS = {"make_anchor_golden.R": ["panel_*.csv"], "make_chains_golden.R": ["panel_*.csv"]}


@cache
def installed():
    """Which of the packages R finds, asked once: to start R and load them takes seconds."""
    if shutil.which("Rscript") is None:
        return set()
    packages = sorted({name for names, _ in SCRIPTS.values() for name in names})
    listed = ", ".join(f"'{name}'" for name in packages)
    code = f"cat(Filter(function(name) nzchar(system.file(package = name)), c({listed})))"
    asked = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True)
    return set(asked.stdout.split())


def listed(folder, patterns):
    return [path.name for path in files(folder, *patterns)]


def digest(name):
    """Sum up a script, what it reads of others, and the files that it makes."""
    found = hashlib.sha256((FOLDER / name).read_bytes())
    for file in listed(FOLDER, [*READS.get(name, []), *SCRIPTS[name][1]]):
        found.update(file.encode() + (FOLDER / file).read_bytes())
    return found.hexdigest()


def unchanged(name):
    """Tell whether the script was seen to make just these files."""
    made = pd.read_csv(SEEN).set_index("script")["digest"]
    return os.environ.get("GOLDEN") != "all" and made.get(name) == digest(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
def test_the_script_makes_the_committed_files(name, tmp_path):
    packages, patterns = SCRIPTS[name]
    if unchanged(name):
        pytest.skip("neither the script nor its files changed since it was seen to make them")
    if not set(packages) <= installed():
        pytest.skip(f"R with its packages {', '.join(packages)} is not installed")
    # The script writes into tests/golden below the folder it is run from, where it finds data too.
    golden = tmp_path / "tests" / "golden"
    golden.mkdir(parents=True)
    (tmp_path / "data").symlink_to(FOLDER.parents[1] / "data")
    script = shutil.copy(FOLDER / name, golden)
    for file in listed(FOLDER, READS[name]) if name in READS else []:
        shutil.copy(FOLDER / file, golden)
    done = subprocess.run(
        ["Rscript", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    committed = listed(FOLDER, patterns)
    assert listed(golden, patterns) == committed
    for file in committed:
        made, kept = (pd.read_csv(place / file) for place in (golden, FOLDER))
        numbers = kept.select_dtypes("number").columns
        pd.testing.assert_frame_equal(made.drop(columns=numbers), kept.drop(columns=numbers))
        # Another version of R or its linear algebra may differ in the last digits.
        rtol, atol = (1e-4, 1e-6) if name in OPTIMISED else (1e-10, 1e-13)
        np.testing.assert_allclose(made[numbers], kept[numbers], rtol=rtol, atol=atol)


def test_every_file_has_its_script():
    known = listed(FOLDER, [pattern for _, patterns in SCRIPTS.values() for pattern in patterns])
    assert {*known, SEEN.name} == {*listed(FOLDER, ["*.csv"])}


if __name__ == "__main__":
    os.environ["GOLDEN"] = "all"
    packages = {name for names, _ in SCRIPTS.values() for name in names}
    if not packages <= installed() or pytest.main([__file__, "-q"]):
        raise SystemExit("Not every script made its files: the digests stay as they are.")
    rows = pd.DataFrame({"script": list(SCRIPTS), "digest": [digest(name) for name in SCRIPTS]})
    rows.sort_values("script").to_csv(SEEN, index=False)
