"""What the page on other packages says has a source, and what can be run is run."""

import re
import shutil
import subprocess
import sys
from functools import reduce

import numpy as np
import pandas as pd
import pytest
from places import ROOT

import opinionpanel as op
import opinionpanel.report

RSCRIPT = shutil.which("Rscript")


@pytest.fixture
def neighbours(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "docs")
    import neighbours

    yield neighbours
    for name in ("neighbours", "page_parts"):
        sys.modules.pop(name, None)


def answers(neighbours):
    """Each statement: the feature, the package and what is said."""
    for feature in neighbours.told()["features"]:
        for package, answer in feature.items():
            if package != "name":
                yield feature["name"], package, answer


def test_each_statement_about_others_has_its_source(neighbours):
    packages = neighbours.told()["packages"]
    for feature, package, answer in answers(neighbours):
        assert package in packages, feature
        assert answer["answer"] in ("yes", "partly"), feature
        assert answer["how"].endswith((".", ")", "…")), (feature, package)
        if package != "opinionpanel":
            assert re.fullmatch(r"https://\S+", answer["source"]), (feature, package)


def test_the_page_speaks_of_every_package_and_of_this_version(neighbours):
    page = (ROOT / "docs" / "how_it_compares.md").read_text(encoding="utf-8")
    packages = neighbours.told()["packages"]
    assert re.findall(r'neighbours\.package\("(\w+)"\)', page) == list(packages)
    assert packages["opinionpanel"]["version"] == op.__version__
    assert all(neighbours.package(name).data for name in packages)


def test_functions_of_ours_that_are_named_exist(neighbours):
    for feature, package, answer in answers(neighbours):
        if package == "opinionpanel":
            for name in answer["functions"]:
                assert callable(reduce(getattr, name.split("."), opinionpanel)), (feature, name)


def test_others_do_something_that_we_do_not(neighbours):
    # A table in which one column has everything is an advertisement.
    short = [
        feature for feature in neighbours.told()["features"]
        if feature.get("opinionpanel", {}).get("answer") != "yes"
    ]  # fmt: skip
    assert len(short) >= 5
    for feature in short:
        assert any(
            feature.get(name, {}).get("answer") == "yes" for name in neighbours.told()["packages"]
        )


def test_the_table_says_its_marks_aloud(neighbours):
    html = neighbours.features().data
    told = neighbours.told()
    cells = len(told["features"]) * len(told["packages"])
    assert html.count('<span aria-hidden="true">') == html.count('<span class="unseen">') == cells
    assert html.count(">yes</span>") == sum(
        one["answer"] == "yes" for *_, one in answers(neighbours)
    )


def test_figures_are_those_of_r(neighbours):
    ours = neighbours.figures()
    stored = neighbours.stored()
    assert set(stored["figure"]) == set(ours)
    computed = stored[stored["says"] == ""]
    assert len(computed) == len(stored) - 1
    for row in computed.itertuples():
        np.testing.assert_allclose(ours[row.figure].value, float(row.estimate), rtol=1e-9)
        np.testing.assert_allclose(ours[row.figure].std_error, float(row.std_error), rtol=1e-9)
    assert neighbours.told()["packages"]["survey"]["ran"] == stored["version"].unique()


def has_survey():
    if RSCRIPT is None:
        return False
    asked = [RSCRIPT, "-e", "quit(status = !requireNamespace('survey', quietly = TRUE))"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.mark.slow
def test_r_says_so_still(neighbours, tmp_path):
    if not has_survey():
        pytest.skip("R with its package survey is not installed")
    neighbours.people().to_csv(tmp_path / "people.csv", index=False)
    script = [RSCRIPT, ROOT / "docs" / "neighbours.R", tmp_path / "people.csv"]
    (tmp_path / "found.csv").write_bytes(
        subprocess.run(script, capture_output=True, check=True).stdout
    )
    found = pd.read_csv(tmp_path / "found.csv", keep_default_na=False)
    stored = neighbours.stored()
    assert found["figure"].tolist() == stored["figure"].tolist()
    for column in ("estimate", "std_error"):
        np.testing.assert_allclose(
            pd.to_numeric(found[column]), pd.to_numeric(stored[column]), rtol=1e-8
        )
    names = [
        name for _, package, answer in answers(neighbours)
        if package == "survey" for name in answer["functions"]
    ]  # fmt: skip
    asked = f"library(survey); stopifnot(sapply(c({', '.join(map(repr, names))}), exists))"
    subprocess.run([RSCRIPT, "-e", asked], capture_output=True, check=True)
