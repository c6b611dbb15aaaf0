"""What calibrations explain, against least squares person by person."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from opinionpanel.calibrated import Calibration, Margin, coefficients


def example(seed, people=50):
    """Two calibrations after one another, the first of two margins."""
    rng = np.random.default_rng(seed)

    def margin(name, size):
        codes = np.r_[np.arange(size), rng.integers(0, size, people - size)]
        return Margin(name, tuple("abcd"[:size]), codes, np.ones(size))

    weights = rng.lognormal(size=(2, people))
    weights[:, -5:] = 0.0
    steps = [
        Calibration("raked", weights[0], (margin("first", 3), margin("second", 2))),
        Calibration("raked", weights[1], (margin("third", 4),)),
    ]
    return steps, rng.integers(-1, 3, people)


def indicators(calibration):
    return np.hstack(
        [
            (margin.codes[:, None] == np.arange(len(margin.categories))) * 1.0
            for margin in calibration.margins
        ]
    )


def residuals(y, calibration):
    """Residuals of a weighted regression, people in the rows."""
    root = np.sqrt(calibration.before)[:, None]
    x = indicators(calibration)
    return y - x @ np.linalg.lstsq(root * x, root * y)[0]


def explained(steps, codes):
    """The cells less what the coefficients explain, people in the rows."""
    y = (codes[:, None] == np.arange(3)) * 1.0
    found = coefficients(steps, codes, 3)
    return y - sum(indicators(step) @ part for step, part in zip(steps, found, strict=True))


@given(st.integers(0, 2**32 - 1))
def test_residuals_are_those_of_one_regression_after_the_other_from_the_latest(seed):
    steps, codes = example(seed)
    y = (codes[:, None] == np.arange(3)) * 1.0
    for step in reversed(steps):
        y = residuals(y, step)
    np.testing.assert_allclose(explained(steps, codes), y, atol=1e-10)


@given(st.integers(0, 2**32 - 1))
def test_the_margins_of_the_latest_calibration_leave_nothing(seed):
    steps, _ = example(seed)
    margin = steps[-1].margins[0]
    left = explained(steps, np.minimum(margin.codes, 2))
    inside = margin.codes < 2
    np.testing.assert_allclose(left[inside][:, :2], 0.0, atol=1e-10)


@given(st.integers(0, 2**32 - 1))
def test_trimming_has_no_margins_and_explains_nothing(seed):
    steps, codes = example(seed)
    trimmed = Calibration("trimmed to at most 3", steps[0].before, ())
    found = coefficients([trimmed, steps[1]], codes, 3)
    assert found[0].shape == (0, 3)
    np.testing.assert_array_equal(found[1], coefficients([steps[1]], codes, 3)[0])


def test_text():
    steps, _ = example(0)
    assert steps[0].text == "raked to first, second"
    assert Calibration("trimmed to at most 3", steps[0].before, ()).text == "trimmed to at most 3"
