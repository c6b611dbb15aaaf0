"""Kinds of sample: which there are, and what stays undeclared."""

import pytest

from opinionpanel.design.sample_kind import check_sample, sample_text, undeclared_parts
from opinionpanel.errors import DesignError


def test_a_kind_of_sample_is_one_of_two_or_not_said():
    for sample in ("probability", "nonprobability", None):
        check_sample(sample)
    for sample in ("", "opt-in", 1, ["probability"]):
        with pytest.raises(DesignError, match="'probability' or 'nonprobability', not"):
            check_sample(sample)
    assert sample_text(None) == ""
    assert sample_text("probability") == "probability sample"


def test_who_names_the_kind_of_sample_has_described_it():
    nothing = {"weight": False, "stratum": False, "psu": False}
    assert undeclared_parts(None, **nothing) == ("weight", "strata", "PSUs")
    assert undeclared_parts(None, **nothing | {"stratum": True}) == ("weight", "PSUs")
    assert undeclared_parts("probability", **nothing) == ()
    assert undeclared_parts("nonprobability", **nothing) == ()
