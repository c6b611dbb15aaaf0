"""What calibrations explain, against least squares person by person."""

from dataclasses import replace

import numpy as np
from hypothesis import given, strategies as st

from opinionpanel.design.calibrated import Calibration, Margin, coefficients, weights_after
from opinionpanel.engines.cross_tables import Cross, Key


def example(seed, people=50):
    """Two calibrations after one another, the first of two margins, and the final weight."""
    rng = np.random.default_rng(seed)

    def margin(name, size):
        codes = np.r_[np.arange(size), rng.integers(0, size, people - size)]
        return Margin(name, tuple("abcd"[:size]), codes, np.ones(size))

    weights = rng.lognormal(size=(3, people))
    weights[:, -5:] = 0.0
    steps = [
        Calibration("raked", weights[0], (margin("first", 3), margin("second", 2))),
        Calibration("raked", weights[1], (margin("third", 4),)),
    ]
    return steps, weights[2], rng.integers(-1, 3, people)


def of_some(step, seed, *, known_total):
    """The same calibration, of a part of the people."""
    inside = np.random.default_rng(seed).random(len(step.before)) < 0.6
    inside[:4] = True
    first = step.margins[0]
    margin = Margin(first.name, first.categories, np.where(inside, first.codes, -1), first.targets)
    return replace(step, margins=(margin,), inside=inside, known_total=known_total)


def indicators(calibration):
    return np.hstack(
        [
            (margin.codes[:, None] == np.arange(len(margin.categories))) * 1.0
            for margin in calibration.margins
        ]
    )


def residuals(weighted, after, calibration):
    """Weighted values less what the margins explain of them, people in the rows.

    The values are those of the weights that the calibration gave, the regression is in the
    weights that went into it.
    """
    inside = after > 0
    root = np.sqrt(calibration.before[inside])[:, None]
    x, y = indicators(calibration)[inside], weighted[inside] / after[inside, None]
    left = np.zeros_like(weighted)
    effect = np.linalg.lstsq(root * x, root * y)[0]
    left[inside] = after[inside, None] * (y - x @ effect)
    some = calibration.inside
    if some is not None:
        # By how much the sums of values change with the sum of the weights before.
        moved = (
            -weighted[~some].sum(axis=0) if calibration.known_total else weighted[some].sum(axis=0)
        )
        each = np.where(some, calibration.before, 0.0)
        left += each[:, None] / each.sum() * moved
    return left


def cells(codes):
    return Cross((Key(codes, 3),))


def explained(steps, weight, codes):
    """The weighted cells less what the coefficients explain, people in the rows."""
    left = (codes[:, None] == np.arange(3)) * weight[:, None]
    found = coefficients(steps, weight, cells(codes))
    for step, after, part in zip(steps, weights_after(steps, weight), found, strict=True):
        x = indicators(step)
        left = left - after[:, None] * (x @ part[: x.shape[1]])
        if step.inside is not None:
            sides = np.c_[step.inside, ~step.inside] * step.before[:, None]
            left = left - sides @ part[x.shape[1] :]
    return left


@given(st.integers(0, 2**32 - 1), st.sampled_from([None, False, True]))
def test_residuals_are_those_of_one_regression_after_the_other_from_the_latest(seed, known_total):
    """Also where some people alone are calibrated, to a known total or to what they were."""
    steps, weight, codes = example(seed)
    if known_total is not None:
        steps = [
            of_some(step, seed + place, known_total=known_total) for place, step in enumerate(steps)
        ]
    left = (codes[:, None] == np.arange(3)) * weight[:, None]
    for step, after in zip(reversed(steps), (weight, steps[1].before), strict=True):
        left = residuals(left, after, step)
    np.testing.assert_allclose(explained(steps, weight, codes), left, atol=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_the_margins_of_the_latest_calibration_leave_nothing(seed):
    steps, weight, _ = example(seed)
    margin = steps[-1].margins[0]
    left = explained(steps, weight, np.minimum(margin.codes, 2))
    inside = margin.codes < 2
    np.testing.assert_allclose(left[inside][:, :2], 0.0, atol=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_trimming_has_no_margins_and_explains_nothing(seed):
    steps, weight, codes = example(seed)
    trimmed = Calibration("trimmed to at most 3", steps[0].before, ())
    found = coefficients([trimmed, steps[1]], weight, cells(codes))
    assert found[0].shape == (0, 3)
    alone = coefficients([steps[1]], weight, cells(codes))
    np.testing.assert_array_equal(found[1], alone[0])


def test_text():
    steps, *_ = example(0)
    assert steps[0].text == "raked to first, second"
    assert Calibration("trimmed to at most 3", steps[0].before, ()).text == "trimmed to at most 3"


@given(st.integers(0, 2**32 - 1))
def test_three_calibrations_are_taken_out_from_the_latest_to_the_oldest(seed):
    steps, weight, codes = example(seed)
    middle = example(seed + 1)[0][1]
    three = [steps[0], Calibration("raked", middle.before, middle.margins), steps[1]]
    left = (codes[:, None] == np.arange(3)) * weight[:, None]
    afters = (weight, steps[1].before, middle.before)
    for step, after in zip(reversed(three), afters, strict=True):
        left = residuals(left, after, step)
    np.testing.assert_allclose(explained(three, weight, codes), left, atol=1e-9)
