"""Designs of replicates: their constants, what they say, and what is refused."""

import pytest

import opinionpanel as op
from opinionpanel.errors import DesignError

COLUMNS = {"weight": "w", "replicates": "rep_*"}


Replicates = op.ReplicateDesign


@pytest.mark.parametrize(
    ("design", "replicates", "scale", "mse"),
    [
        (Replicates.brr(**COLUMNS), 32, 1 / 32, False),
        (Replicates.fay(rho=0.5, **COLUMNS), 80, 0.05, False),
        (Replicates.jk1(**COLUMNS), 20, 0.95, False),
        (Replicates.jkn(rscales=1, **COLUMNS), 12, 1.0, False),
        (Replicates.bootstrap(**COLUMNS), 201, 0.005, False),
        (Replicates.sdr(**COLUMNS), 80, 0.05, True),
        (Replicates.brr(mse=True, **COLUMNS), 32, 1 / 32, True),
    ],
)
def test_constants_of_the_common_methods(design, replicates, scale, mse):
    counted = design.with_constants(replicates)
    assert counted.scale == pytest.approx(scale)
    assert counted.rscales == (1.0,) * replicates
    assert counted.mse is mse
    assert f"scale {scale:g}" in str(counted)
    assert "rscales 1" in repr(counted)
    assert ("mse" in str(counted)) is mse


def test_jkn_takes_its_constants_from_the_strata():
    design = Replicates.jkn(stratum_sizes=[2, 4], **COLUMNS).with_constants(6)
    assert design.rscales == (0.5, 0.5, 0.75, 0.75, 0.75, 0.75)
    assert "scale 1, rscales 0.5 to 0.75" in str(design)
    with pytest.raises(DesignError, match="7 replicates and 6 rscales"):
        design.with_constants(7)


def test_given_constants_are_kept():
    given = Replicates(**COLUMNS, scale=0.3, rscales=[1, 2, 0], mse=True, kind="BRR", df=12)
    counted = given.with_constants(3)
    assert (counted.scale, counted.rscales, counted.df) == (0.3, (1.0, 2.0, 0.0), 12)
    assert "(BRR, scale 0.3, rscales 0 to 2, mse)" in str(counted)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Replicates(**COLUMNS), "needs the scale of its method"),
        (lambda: Replicates(**COLUMNS, kind="house bootstrap"), "needs the scale"),
        (lambda: Replicates(weight=None, replicates="rep_*", scale=1), "needs a weight column"),
        (lambda: Replicates(weight="w", replicates=[], scale=1), "replicate columns"),
        (lambda: Replicates(**COLUMNS, scale=0), "positive numbers"),
        (lambda: Replicates(**COLUMNS, scale=float("nan")), "positive numbers"),
        (lambda: Replicates(**COLUMNS, scale=1, rscales=[1, -1]), "positive numbers"),
        (lambda: Replicates(**COLUMNS, scale=1, rscales=[0, 0]), "positive numbers"),
        (lambda: Replicates(**COLUMNS, scale=1, df=0), "positive numbers"),
        (lambda: Replicates.fay(rho=1.0, **COLUMNS), "rho is 1.0"),
        (lambda: Replicates.fay(rho=0.0, **COLUMNS), "between 0 and 1"),
        (lambda: Replicates(kind="bootsrap", scale=1, **COLUMNS), "Did you mean 'bootstrap'"),
        (lambda: Replicates(kind="jkn", scale=1, **COLUMNS), "JKn needs rscales"),
        (lambda: Replicates.jkn(**COLUMNS), "either rscales.*or stratum_sizes"),
        (lambda: Replicates.jkn(rscales=1, stratum_sizes=[2], **COLUMNS), "either rscales"),
        (lambda: Replicates.jkn(stratum_sizes=[2, 1], **COLUMNS), "whole numbers of at least 2"),
    ],
)
def test_impossible_replicate_designs(make, words):
    with pytest.raises(DesignError, match=words):
        make()
