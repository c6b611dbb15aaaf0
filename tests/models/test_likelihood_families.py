"""Families of likelihoods: they name as many coefficients as they fit, and start where told."""

import numpy as np
import pytest

from opinionpanel.models.likelihood_families import (
    ComplementaryLogLog,
    MultinomialLogit,
    OrderedLogit,
)

DESIGN = np.array([[1.0, 0], [1, 1]])
COUNTS = np.array([[9.0, 4, 7], [3, 8, 5]])


@pytest.mark.parametrize(
    ("family", "outcomes", "named"),
    [
        (MultinomialLogit(), "abc", [("i", "b"), ("i", "c"), ("x", "b"), ("x", "c")]),
        (ComplementaryLogLog(), "ab", [("i", "b"), ("x", "b")]),
        (OrderedLogit(), "abc", [("x", ""), ("threshold", "a|b"), ("threshold", "b|c")]),
    ],
)
def test_each_coefficient_has_a_name(family, outcomes, named):
    assert family.parameters(["i", "x"], list(outcomes)) == named
    counts = COUNTS[:, : len(outcomes)]
    fit = family.fit(DESIGN, counts)
    assert fit.value.shape == (len(named),)
    np.testing.assert_allclose(family.fit(DESIGN, counts, fit.value).value, fit.value, atol=1e-9)
    assert fit.scores(DESIGN).shape == (*counts.shape, len(named))
    assert not family.separated(DESIGN, counts > 0).any()
    empty = counts * [[1] * len(outcomes), [0] * (len(outcomes) - 1) + [1]]
    assert family.separated(DESIGN, empty > 0).any()
