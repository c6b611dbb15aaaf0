"""Tests of change: between two waves, along several waves, and of association."""

from opinionpanel.hypotheses.association import independence as independence
from opinionpanel.hypotheses.dropout_tests import (
    attrition_test as attrition_test,
    refreshment_test as refreshment_test,
)
from opinionpanel.hypotheses.joint_moves import joint_change_test as joint_change_test
from opinionpanel.hypotheses.raoscott import (
    joint_test as joint_test,
    multinomial as multinomial,
)
from opinionpanel.hypotheses.row_column_tests import same_rows as same_rows
from opinionpanel.hypotheses.several_waves import (
    homogeneity as homogeneity,
    markov_order as markov_order,
    stationarity as stationarity,
)
from opinionpanel.hypotheses.two_waves import (
    equal_flows as equal_flows,
    marginal_homogeneity as marginal_homogeneity,
    quasi_symmetry as quasi_symmetry,
    symmetry as symmetry,
)
