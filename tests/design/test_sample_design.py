"""Declared designs: what is refused, what they say, and the constants of replicate methods."""

import pytest

import opinionpanel as op
from opinionpanel.errors import DesignError, OpinionPanelError


def test_options_are_checked():
    with pytest.raises(DesignError, match="lonely_psu must be one of"):
        op.Design(weight=None, lonely_psu="remove")
    with pytest.raises(DesignError, match="nonprobability"):
        op.Design(weight=None, sample="online")
    assert issubclass(DesignError, OpinionPanelError)
    assert issubclass(OpinionPanelError, ValueError)


def test_text():
    design = op.Design(weight="w", fpc="N", lonely_psu="adjust", sample="nonprobability")
    for part in ("weight w", "people as PSUs", "fpc N", "adjust", "nonprobability sample"):
        assert part in str(design)
    assert "weight none" in str(op.Design(weight=None))


@pytest.mark.parametrize(
    ("declared", "undeclared", "text"),
    [
        ({"weight": None}, ("weight", "strata", "PSUs"), "weight none; no strata or PSUs declared"),
        ({"weight": "w"}, ("strata", "PSUs"), "weight w; no strata or PSUs declared"),
        ({"weight": "w", "psu": "p"}, ("strata",), "weight w; psu p; no strata declared"),
        ({"weight": "w", "stratum": "s"}, ("PSUs",), "weight w; stratum s; no PSUs declared"),
        ({"weight": "w", "stratum": "s", "psu": "p"}, (), "weight w; stratum s; psu p"),
        (
            {"weight": "w", "sample": "probability"},
            (),
            "weight w; people as PSUs; probability sample",
        ),
    ],
)
def test_what_nobody_declared_is_said(declared, undeclared, text):
    design = op.Design(**declared)
    assert design.undeclared == undeclared
    assert str(design) == f"Design: {text}"


def test_replicates_carry_strata_and_psus():
    design = op.ReplicateDesign.brr(weight="w", replicates="rep_*")
    assert design.undeclared == ()
    assert design.sample is None
    assert "sample" not in str(design)
    with pytest.raises(DesignError, match="Leave it out where it is not known"):
        op.ReplicateDesign.brr(weight="w", replicates="rep_*", sample="online")


def test_replicates_to_be_made_say_from_what():
    design = op.Design(weight={"a": "w", "b": None}, stratum="s", psu="p", fpc="N")
    made = design.as_replicates("bootstrap", replicates=200, seed=7)
    assert str(made) == (
        "Design: weight w (a), none (b); 200 bootstrap replicates made from stratum s, psu p, "
        "fpc N, seed 7"
    )
    assert (made.weight, made.sample) == (design.weight, None)
    assert made.weight_text("a") == "w"
    assert design.as_replicates("bootstrap").replicates == 500


@pytest.mark.parametrize(
    ("design", "kind", "options", "words"),
    [
        ({}, "jk2", {}, "Unknown kind of replicates"),
        ({"stratum": "s"}, "jk1", {}, r"as_replicates\('jkn'\)"),
        ({"lonely_psu": "adjust"}, "jkn", {}, "'adjust' is a rule for linearised variances"),
        ({"lonely_psu": "average"}, "bootstrap", {}, "lonely_psu='certainty'"),
        ({}, "jkn", {"seed": 1}, "belong to the bootstrap"),
        ({}, "jkn", {"replicates": 10}, "belong to the bootstrap"),
        ({}, "bootstrap", {"replicates": 1}, "a whole number from 2 to 100,000"),
        ({}, "bootstrap", {"replicates": 10**30}, "a whole number from 2 to 100,000"),
        ({}, "bootstrap", {"replicates": 99.5}, "whole number"),
        ({}, "bootstrap", {"seed": -1}, "seed one of at least 0"),
    ],
)
def test_replicates_that_cannot_be_made(design, kind, options, words):
    with pytest.raises(DesignError, match=words):
        op.Design(weight="w", **design).as_replicates(kind, **options)
