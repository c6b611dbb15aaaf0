"""Sums of scores: digits kept far from 0, what an average can be, and the bases of amounts."""

import numpy as np
import pytest
from score_panels import frames, panel_of

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import crossed
from opinionpanel.measures.score_totals import (
    AMOUNT,
    PEOPLE,
    moment_last,
    numbers_of,
    places_of_moments,
    refuse_panel,
)


def test_numbers_lie_around_0_in_a_range_of_1():
    numbers = numbers_of(panel_of(frames(2)), "x")
    assert (numbers.table.min(), numbers.table.max()) == (-0.5, 0.5)
    np.testing.assert_allclose(numbers.middle + numbers.width * numbers.table, np.arange(11))


def test_digits_are_kept_far_from_0():
    given = frames(2)
    far = {wave: one.assign(x=one["x"] + 2.0**40) for wave, one in given.items()}
    near, there = (op.mean_change(panel_of(one), "x") for one in (given, far))
    change = near.named.where("moment", "change")
    np.testing.assert_allclose(there.value[change], near.value[change], atol=1e-9)
    np.testing.assert_allclose(there.std_error, near.std_error, rtol=1e-6)


def test_averages_lie_between_the_ends():
    found = op.mean_change(panel_of(frames(2), x=op.Score("x", low=0, high=12)), "x")
    low, high = found.ends
    moments = found.labels["moment"]
    ends = dict(zip(moments, zip(low, high, strict=True), strict=True))
    assert ends == {
        "before": (0, 12),
        "after": (0, 12),
        "change": (-12, 12),
        "upward": (0, 12),
        "downward": (0, 12),
    }


def test_every_amount_has_the_people_of_its_base():
    labels = crossed({"sex": ["man", "woman"], AMOUNT: [PEOPLE, "one", "two"]})
    above, below = places_of_moments(labels)
    assert (above.tolist(), below.tolist()) == ([1, 2, 4, 5], [0, 0, 3, 3])
    assert list(moment_last(labels, "moment")) == ["sex", "moment"]
    assert list(moment_last(labels)) == ["sex"]


def test_who_was_not_interviewed_has_no_number():
    with pytest.raises(SelectionError, match="no number to average"):
        refuse_panel("panel")
    refuse_panel("balanced")
