"""Samplings in words: strata and PSUs, or what intervals rest on where nobody declared them."""

import numpy as np
import pytest

import opinionpanel as op
from opinionpanel.design.described_sampling import sampling_words
from opinionpanel.design.sampling import Replication, compile_sampling

STRATUM, PSU = np.repeat([0, 1, 2], 4), np.arange(12) // 2


def described(reweighted=False, **declared):
    design = op.Design(**{"weight": "w"} | declared)
    stratum, psu = STRATUM if design.stratum else None, PSU if design.psu else None
    fpc = np.full(12, 0.5) if design.fpc else None
    sampling = compile_sampling(design, np.ones(12, dtype=bool), stratum, psu, fpc)
    return sampling_words(design, sampling, reweighted=reweighted)


@pytest.mark.parametrize(
    ("declared", "undeclared", "drawn"),
    [
        ({"weight": None}, ("weight", "strata", "PSUs"), "a simple random sample"),
        ({}, ("strata", "PSUs"), "a simple random sample"),
        ({"psu": "p"}, ("strata",), "a simple random sample of 6 PSUs"),
        ({"stratum": "s"}, ("PSUs",), "simple random samples of people in 3 strata"),
        ({"stratum": "s", "psu": "p"}, (), "3 strata, 6 PSUs"),
        ({"weight": None, "stratum": "s", "psu": "p"}, ("weight",), "3 strata, 6 PSUs"),
        ({"stratum": "s", "sample": "probability"}, (), "3 strata, 12 people as PSUs"),
        ({"sample": "nonprobability"}, (), "12 people as PSUs"),
    ],
)
def test_a_design_says_what_was_declared_and_what_not(declared, undeclared, drawn):
    words = described(**declared)
    assert (words.undeclared, words.drawn, words.population) == (undeclared, drawn, "")
    # Nobody declared a stratum: nothing is "1 stratum".
    assert "stratum" not in words.drawn


def test_weights_that_were_made_are_not_missing():
    assert described(weight=None, reweighted=True).undeclared == ("strata", "PSUs")


def test_a_finite_population_is_one_of_people_or_of_psus():
    assert described(fpc="N").population == "people"
    assert described(psu="p", fpc="N").population == "PSUs"
    # A margin that calibration made known has no width either, and another reason.
    assert described(fpc="N", reweighted=True).population == ""


def test_replicates_speak_for_themselves():
    replication = Replication("BRR", 0.25, np.ones(4), False, None)
    design = op.ReplicateDesign.brr(weight="w", replicates="r*")
    words = sampling_words(design, replication, reweighted=False)
    assert words == ((), "4 BRR replicate weights", "")
