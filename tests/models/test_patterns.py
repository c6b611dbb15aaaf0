"""Patterns of covariates: what a formula makes of them, and what cannot be estimated."""

import re

import numpy as np
import pandas as pd
import pytest
from change_people import panel_of, people
from hypothesis import given, strategies as st

from opinionpanel.errors import DesignError
from opinionpanel.models.formula import read_formula
from opinionpanel.models.patterns import Observed, patterns_of
from opinionpanel.models.regression_of_change import change_model


def test_an_empty_cell_is_named():
    frame = people()
    gone = (frame["sex"] == "f") & (frame["answer1"] == "b") & (frame["answer2"] == "c")
    less = panel_of(frame[~gone], None)
    text = (
        "outcome 'c' have no finite estimate: nobody with origin 'b', sex 'f' has the outcome 'c' "
        "(term 'origin:sex')"
    )
    with pytest.raises(DesignError, match=re.escape(text)):
        change_model(less, "origin * sex", item="answer")
    assert change_model(less, "sex", item="answer").loglik < 0
    gone = (frame["age"] == "55+") & (frame["answer2"] == "a")
    with pytest.raises(DesignError, match=re.escape("nobody with age '55+' has the outcome 'a'")):
        change_model(panel_of(frame[~gone], None), "age", item="answer")
    gone = (frame["age"] == "55+") & (frame["sex"] == "f")
    with pytest.raises(
        DesignError, match=re.escape("nobody has sex 'f', age '55+' (term 'sex:age')")
    ):
        change_model(panel_of(frame[~gone], None), "sex * age", item="answer")


def test_separation_without_an_empty_cell():
    """Every margin is there, yet two terms together foretell the outcome."""
    rows = [("a", "f", "a"), ("a", "m", "a"), ("a", "m", "b")]
    rows += [("b", "m", "b"), ("b", "f", "a"), ("b", "f", "b")]
    extra = [("a", "f", "a"), ("b", "m", "b")]
    frame = pd.DataFrame(rows * 5 + extra, columns=["answer1", "sex", "answer2"])
    frame = frame.assign(person=np.arange(len(frame)), age="x", region="y")
    with pytest.raises(DesignError, match=r"separate the outcomes by 'Intercept'|separate the"):
        change_model(panel_of(frame, None, {"a": ["a"], "b": ["b"]}), "sex", item="answer")


def test_groups_that_repeat_each_other():
    frame = people().assign(region=lambda frame: np.where(frame["sex"] == "m", "north", "south"))
    text = "'region[T.south]' follow(s) from the columns before"
    with pytest.raises(DesignError, match=re.escape(text)):
        change_model(panel_of(frame, None), "sex + region", item="answer")


@given(st.integers(0, 2**32 - 1))
def test_everybody_known_has_one_pattern_and_one_outcome(seed):
    """Whoever lacks an origin or a group is nowhere; all others inside are counted once."""
    rng = np.random.default_rng(seed)
    origin, sex = (np.r_[0, 1, rng.integers(-1, 2, 30)] for _ in range(2))
    outcome = np.r_[0, 1, rng.integers(0, 2, 30)]
    inside = rng.random(32) < 0.8
    inside[:2] = True
    pair = ("a", "b")
    found = patterns_of(
        read_formula("sex", ["sex"]),
        {"origin": pair, "sex": pair},
        pair,
        [Observed(inside, [origin, sex], outcome)],
    )
    (kinds,) = found.kinds
    known = inside & (origin >= 0) & (sex >= 0)
    assert ((kinds >= 0) == known).all()
    sums = np.bincount(kinds[known], minlength=len(found.cells)).astype(float)
    assert found.counts(sums).sum() == known.sum()
    assert not found.frame.duplicated().any()
    # The columns of a pattern are its categories.
    sex_column = found.design[:, found.columns.index("sex[T.b]")]
    assert (sex_column == (found.frame["sex"] == "b")).all()
