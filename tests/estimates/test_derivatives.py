"""Derivatives without hand-written Jacobians: exact where smooth, refused where not."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.covariances import of_matrix
from opinionpanel.estimates.derivatives import (
    combined,
    combined_range,
    jacobian,
)

POINT = np.array([0.3, 0.2, 0.45, 0.05])
shares = st.lists(st.floats(1e-3, 1.0), min_size=4, max_size=4).map(np.array)

SMOOTH = {
    "ratio": (lambda p: [p[0] / p[1]], lambda p: [[1 / p[1], -p[0] / p[1] ** 2, 0, 0]]),
    "log-odds": (lambda p: np.log(p / (1 - p)), lambda p: np.diag(1 / (p * (1 - p)))),
    "log odds ratio": (
        lambda p: [np.log(p[0] * p[3] / (p[1] * p[2]))],
        lambda p: [[1 / p[0], -1 / p[1], -1 / p[2], 1 / p[3]]],
    ),
    "where": (
        lambda p: np.where(p > 0, np.log(np.where(p > 0, p, 1.0)), 0.0),
        lambda p: np.diag(1 / p),
    ),
    "matrix product": (lambda p: p.reshape(2, 2) @ p[:2], None),
    "nothing left": (lambda p: p - p, lambda p: np.zeros((4, 4))),
}
ROUGH = {
    "abs": lambda p: np.abs(p - 0.1),
    "abs of a negative": lambda p: abs(p - 0.9),
    "abs at a tie": lambda p: [abs(p[0] - 0.3)],
    "abs at a tie but for rounding": lambda p: [1.0 + abs(p[0] - (0.1 + 0.2))],
    "abs at a tie beside a steep row": lambda p: [1e6 * p[0], abs(p[1] - 0.2)],
    "abs at a tie beside a steep term": lambda p: [1e3 * p[0] + abs(p[1] - 0.2)],
    "a small abs beside a steep row": lambda p: [1e6 * p[0], abs(p[1])],
    "minimum at a tie": lambda p: [np.minimum(p[0], 0.3)],
    "maximum at a tie": lambda p: [np.maximum(p[1], 0.2)],
    "min at a tie": lambda p: [min(p[0], p[1] + 0.1)],
    "sign": lambda p: np.sign(p),
    "real": lambda p: np.real(p),
    "conjugate": lambda p: np.conjugate(p),
    "float": lambda p: [float(p[0])],
    "math": lambda p: [math.log(p[0])],
    "cast": lambda p: np.array([p[0]]).astype(float),
    "into a float array": lambda p: _filled(p),
    "jump": lambda p: [np.where(p[0] >= 0.3, 1.0, 0.0)],
    "edge": lambda p: [np.sqrt(p[0] - 0.3)],
}
FLAT = {
    "round": lambda p: np.round(p, 2),
    "integers": lambda p: np.floor(p.real * 100 + 0.5),
    "a least square": lambda p: [1 + (p[0] - 0.3) ** 2],
}


def _filled(p):
    out = np.zeros(1)
    out[0] = p[0]
    return out


@pytest.mark.parametrize("name", [name for name, (_, slopes) in SMOOTH.items() if slopes])
@given(value=shares)
def test_smooth_functions_agree_with_calculus(name, value):
    function, slopes = SMOOTH[name]
    value = value * 0.99
    expected = np.asarray(slopes(value), dtype=float)
    exact = jacobian(function, value, len(expected))
    np.testing.assert_allclose(exact, expected, rtol=1e-12, atol=1e-12)


def test_a_matrix_product():
    function, _ = SMOOTH["matrix product"]
    a, b, c, d = POINT
    # (a b; c d)(a, b) = (a² + b², ca + db)
    expected = [[2 * a, 2 * b, 0, 0], [c, d, a, b]]
    np.testing.assert_allclose(jacobian(function, POINT, 2), expected)


@pytest.mark.parametrize("name", ROUGH)
def test_rough_functions_are_refused(name):
    size = len(np.asarray(ROUGH[name](POINT.copy())))
    with pytest.raises(SelectionError, match="not smooth"):
        jacobian(ROUGH[name], POINT, size)


@pytest.mark.parametrize("name", FLAT)
def test_flat_functions_are_refused(name):
    size = len(np.asarray(FLAT[name](POINT.copy())))
    with pytest.raises(SelectionError, match="flat at the estimate"):
        jacobian(FLAT[name], POINT, size)


def test_away_from_a_tie_a_minimum_is_smooth():
    slopes = jacobian(lambda p: [np.minimum(p[0], p[1])], POINT, 1)
    np.testing.assert_array_equal(slopes, [[0, 1, 0, 0]])


def test_undefined_values_make_undefined_results_only():
    value = np.array([0.3, np.nan, 0.2])
    slopes = jacobian(lambda p: [p[0] / p[2], p[1] - p[0], np.log(p[2])], value, 3)
    np.testing.assert_allclose(slopes[[0, 2]], [[5.0, 0, -7.5], [0, 0, 5.0]])


def test_log_odds_near_one_and_near_zero():
    value = np.array([1 - 1e-5, 0.999, 0.5, 1e-3, 1e-6])
    slopes = jacobian(lambda p: np.log(p / (1 - p)), value, 5)
    np.testing.assert_allclose(slopes, np.diag(1 / (value * (1 - value))), rtol=1e-10)


def test_many_values_of_very_different_size():
    rng = np.random.default_rng(1)
    value = 10.0 ** rng.uniform(-5, 0, 120)
    slopes = jacobian(lambda p: np.log(p / p.sum()), value, 120)
    np.testing.assert_allclose(slopes, np.diag(1 / value) - 1 / value.sum(), rtol=1e-12)


def test_what_rests_on_an_input_without_error_has_none_and_spoils_no_other():
    covariance = np.array([[4.0, np.nan, 1.0], [np.nan] * 3, [1.0, np.nan, 9.0]])
    matrix = np.array([[1.0, 0, -1], [0, 1, 0], [0, 0, 2]])
    result = of_matrix(covariance).through(matrix, np.ones(3, dtype=bool)).full
    np.testing.assert_array_equal(result[np.ix_([0, 2], [0, 2])], [[11, -16], [-16, 36]])
    assert np.isnan(result[1]).all()
    assert np.isnan(result[:, 1]).all()


def test_combinations_that_do_not_touch_an_undefined_value():
    values = np.array([[1.0, np.nan, 3.0]])
    np.testing.assert_array_equal(
        combined(values, np.array([[1.0, 0, 1], [1, 1, 0]])), [[4.0, np.nan]]
    )


def test_a_ratio_of_flows_under_replicates(july, november, support):
    rng, frames = np.random.default_rng(2), {"Jul": july, "Nov": november}
    for frame in frames.values():
        for column in range(5):
            frame[f"rep_{column}"] = frame["wgt"] * rng.uniform(0.5, 1.5, len(frame))
    design = op.ReplicateDesign(weight="wgt", replicates="rep_*", scale=0.2, mse=True)
    panel = op.Panel.from_waves(
        frames, person="resp_id", items={"s": support}, groups=[], design=design
    )
    flows = op.flows(panel, "s")
    ratio = flows.derive(lambda p: [p[2] / p[6]], pd.DataFrame({"ratio": ["lost/won"]}))
    each = flows.replicates.values[:, 2] / flows.replicates.values[:, 6]
    assert ratio.std_error[0] == pytest.approx(np.sqrt(0.2 * ((each - ratio.value[0]) ** 2).sum()))


def test_a_tie_in_one_group_does_not_spoil_the_difference_of_the_others():
    rows = [("a", "b", "x"), ("b", "a", "x"), ("a", "a", "x"), ("b", "b", "x")]
    rows += [("a", "b", "y"), ("a", "b", "y"), ("b", "b", "y"), ("b", "a", "y"), ("a", "a", "y")]
    frame = pd.DataFrame(rows, columns=["w1", "w2", "group"]).assign(person=range(len(rows)))
    item = op.Item({"1": "w1", "2": "w2"}, {"a": ["a"], "b": ["b"]})
    panel = op.Panel.from_wide(frame, person="person", items={"s": item}, groups=["group"])
    gap = op.turnover(panel, "s", by="group").difference("group", "x", minus="y")
    assert np.isnan(gap.select(component="net").std_error[0])
    assert np.isfinite(gap.select(component=["total", "exchange", "shift"]).std_error).all()


def test_limits_of_combinations_by_hand():
    """x from 0 without a limit, y from 1 to 5: their difference has no upper limit, y keeps its."""
    ends = np.array([0.0, 1.0]), np.array([np.inf, 5.0])
    matrix = np.array([[0.0, 1.0], [1.0, -1.0], [-1.0, 2.0]])
    expected = [[1, 5], [-5, np.inf], [-np.inf, 10]]
    np.testing.assert_array_equal(combined_range(ends, matrix), expected)


def test_what_is_subtracted_adds_its_variance():
    found = of_matrix(np.diag([1.0, 2.0])).through(np.array([[1.0, -1.0]]), np.array([True])).full
    np.testing.assert_allclose(found, [[3.0]])
