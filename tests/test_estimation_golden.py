"""Designs, intervals, contrasts, tests, replicates and calibration against R's survey package.

golden/README.md says what the rows are, golden/make_estimation_golden.R how R makes them.
"""

import sys

import pytest
from places import GOLDEN_FILES, files

FOLDER = GOLDEN_FILES
sys.path.insert(0, str(FOLDER))

import compare  # noqa: E402


@pytest.mark.parametrize(("dataset", "design"), compare.cases())
def test_every_row_agrees_with_survey(dataset, design):
    found = compare.comparisons(dataset, design)
    # NaN on our side is a difference too.
    apart = found[~(found["difference"] <= compare.tolerance(design))]
    assert apart.empty, apart.drop(columns=["dataset", "design"]).to_string()


def test_the_file_is_whole():
    golden = compare.golden()
    assert len(golden) == 2070
    assert not golden.duplicated(compare.KEYS).any()
    assert set(golden["dataset"]) == {path.stem[5:] for path in files(FOLDER, "data_*.csv")}
    assert golden[["estimate", "statistic"]].notna().any(axis=1).all()
