"""Tests of change: between two waves, along several waves, and of association."""

from opinionpanel.hypotheses.association import independence
from opinionpanel.hypotheses.dropout_tests import attrition_test, refreshment_test
from opinionpanel.hypotheses.raoscott import joint_test
from opinionpanel.hypotheses.row_column_tests import same_shares
from opinionpanel.hypotheses.several_waves import homogeneity, markov_order, stationarity
from opinionpanel.hypotheses.two_waves import (
    equal_flows,
    marginal_homogeneity,
    quasi_symmetry,
    symmetry,
)

__all__ = [
    "attrition_test",
    "equal_flows",
    "homogeneity",
    "independence",
    "joint_test",
    "marginal_homogeneity",
    "markov_order",
    "quasi_symmetry",
    "refreshment_test",
    "same_shares",
    "stationarity",
    "symmetry",
]
