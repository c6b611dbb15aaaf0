"""Calibrations that have no solution: which margin, how far, and what could be met."""

import re

import numpy as np
import pytest

from opinionpanel.design.calibrated import Margin
from opinionpanel.errors import DesignError
from opinionpanel.weighting.factors import Factors


def margin(name, codes, targets):
    categories = tuple(f"{name[0]}{k}" for k in range(len(targets)))
    return Margin(name, categories, np.array(codes), np.array(targets, dtype=float))


def factors(margins, method, bounds=None, before=None):
    people = len(margins[0].codes)
    before = np.ones(people) if before is None else before
    return Factors.of("Weight at May", before, margins, method, bounds)


# Nobody is both g0 and a1.
HOLE = [margin("gender", [0, 0, 1, 1], [2.5, 1.5]), margin("age", [0, 0, 0, 1], [2, 2])]


def test_people_with_the_same_combination_have_the_same_factor():
    margins = [margin("gender", [0, 0, 1, 1, -1], [3, 5])]
    raking = factors(margins, "raking", before=np.array([1.0, 1, 1, 1, 0]))
    found = raking.people(raking.solved())
    np.testing.assert_allclose(found, [1.5, 1.5, 2.5, 2.5, 0])


@pytest.mark.parametrize("method", ["raking", "linear"])
def test_targets_that_nothing_meets(method):
    twice = [margin("gender", [0, 0, 1, 1], [3, 1]), margin("sex", [0, 0, 1, 1], [1, 3])]
    with pytest.raises(DesignError, match=r"Weight at May: positive weights cannot meet.*at best"):
        factors(twice, method).solved()


def test_infeasible_raking_names_the_margin_furthest_off():
    with pytest.raises(DesignError, match=r"Furthest off is margin '(gender|age)', category '.1'"):
        factors(HOLE, "raking").solved()


def test_linear_with_negative_weights_counts_people_and_names_the_other_methods():
    message = "linear calibration gives 1 person a weight that is zero or negative.*raking.*logit"
    with pytest.raises(DesignError, match=message):
        factors(HOLE, "linear").solved()


def test_raking_that_would_end_at_zero():
    just = [margin("gender", [0, 0, 1, 1], [2, 2]), margin("age", [0, 0, 0, 1], [2, 2])]
    with pytest.raises(DesignError, match=r"weights of zero for 1 person|only just be met"):
        factors(just, "raking").solved()


def test_bounds_that_cannot_be_met_come_with_the_nearest_that_can():
    margins = [margin("gender", [0, 0, 1, 1], [1, 3]), margin("age", [0, 1, 0, 1], [2, 2])]
    with pytest.raises(DesignError, match=r"factors from 0\.8 to 1\.2 cannot.*'gender'") as refusal:
        factors(margins, "logit", (0.8, 1.2)).solved()
    low, high = re.search(r"are \(([\d.]+), ([\d.]+)\)", str(refusal.value)).groups()
    assert (low, high) == ("0.490", "1.510")
    found = factors(margins, "logit", (float(low), float(high))).solved()
    np.testing.assert_allclose(found, [0.5, 0.5, 1.5, 1.5])
    # No bounds help where positive weights cannot.
    with pytest.raises(DesignError, match="Check the targets"):
        factors(HOLE, "logit", (0.5, 2)).solved()


def test_replicates_that_cannot_be_calibrated_are_counted():
    margins = [margin("gender", [0, 0, 1, 1], [2, 2])]
    replicates = np.array([[1.0, 0, 2], [1, 0, 2], [1, 1, 0], [1, 1, 0]])
    message = "2 of 3 replicate weights cannot be calibrated; margin 'gender', category 'g0' has"
    with pytest.raises(DesignError, match=message):
        factors(margins, "raking").replicated(replicates)
    uneven = np.array([[1.0, 0.1], [1, 0.1], [1, 3], [1, 3]])
    with pytest.raises(DesignError, match=r"1 of 2 replicate .*factors from 0.5 to 2.*widen"):
        factors(margins, "logit", (0.5, 2)).replicated(uneven)
    found = factors(margins, "raking").replicated(uneven)
    np.testing.assert_allclose(found, 1.0)


def test_replicates_without_a_category_name_that_category():
    """Everyone has g0 in all replicates; a1 is lost in two of them, a0 in one."""
    margins = [margin("gender", [0, 0, 0], [3]), margin("age", [0, 1, 2], [1, 1, 1])]
    replicates = np.array([[1.0, 1, 0], [0, 0, 1], [1, 1, 1]])
    message = "3 of 3 replicate .*; margin 'age', category 'a1' has nobody.*in 2 of them"
    with pytest.raises(DesignError, match=message):
        factors(margins, "raking").replicated(replicates)
