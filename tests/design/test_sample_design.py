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


def test_replicates_to_be_made_say_from_what():
    design = op.Design(weight={"a": "w", "b": None}, stratum="s", psu="p", fpc="N")
    made = design.as_replicates("bootstrap", replicates=200, seed=7)
    assert str(made) == (
        "Design: weight w (a), none (b); 200 bootstrap replicates made from stratum s, psu p, "
        "fpc N, seed 7; probability sample"
    )
    assert (made.weight, made.sample) == (design.weight, "probability")
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
        ({}, "bootstrap", {"replicates": 1}, "at least 2"),
        ({}, "bootstrap", {"replicates": 99.5}, "whole number"),
        ({}, "bootstrap", {"seed": -1}, "seed one of at least 0"),
    ],
)
def test_replicates_that_cannot_be_made(design, kind, options, words):
    with pytest.raises(DesignError, match=words):
        op.Design(weight="w", **design).as_replicates(kind, **options)
