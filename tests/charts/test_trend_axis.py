"""Waves along a line: distances are those between days, and who did not ask is there too."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, strategies as st

from opinionpanel.charts.trend_axis import time_axis
from opinionpanel.estimates import About

GAPS = st.lists(st.integers(20, 900), min_size=1, max_size=7)


def about(waves, days=(), asked=None):
    return About(
        measure="shares",
        title="",
        all_waves=tuple(waves),
        asked_waves=tuple(waves if asked is None else asked),
        days=dict(days),
    )


def dated(gaps, length=9):
    start, days = date(2020, 1, 6), {}
    for place, gap in enumerate([0, *gaps]):
        start += timedelta(days=gap)
        days[f"w{place}"] = (start, start + timedelta(days=length))
    return days


@given(GAPS)
def test_distances_are_those_between_days(gaps):
    days = dated(gaps)
    axis = time_axis(list(days), about(days, days))
    assert axis.dated
    assert np.diff(axis.middle) / np.diff(axis.middle)[0] == pytest.approx(np.array(gaps) / gaps[0])
    assert axis.first[0] == 0
    assert axis.last[-1] == 1
    # Ten days are ten days at every wave.
    assert np.ptp(axis.last - axis.first) == pytest.approx(0)


@given(GAPS)
def test_without_days_of_all_waves_distances_are_equal(gaps):
    days = dated(gaps)
    known = dict(list(days.items())[1:])
    axis = time_axis(list(days), about(days, known))
    assert not axis.dated
    assert np.diff(axis.middle) == pytest.approx(1 / len(gaps))


def test_a_wave_that_did_not_ask_has_its_place():
    days = dated([100, 100, 100])
    axis = time_axis(["w0", "w2", "w3"], about(days, days, asked=["w0", "w2", "w3"]))
    assert axis.waves == ("w0", "w1", "w2", "w3")
    assert axis.asked == (True, False, True, True)
    assert axis.runs(["w3", "w0", "w2"]) == [["w0"], ["w2", "w3"]]


def test_a_wave_that_was_left_out_has_none():
    days = dated([100, 100, 100])
    axis = time_axis(["w0", "w3"], about(days, days))
    assert axis.waves == ("w0", "w3")
    assert axis.runs(["w0", "w3"]) == [["w0", "w3"]]


def test_waves_at_the_same_days_are_told_apart_all_the_same():
    days = {"a": (date(2020, 1, 1), date(2020, 1, 9)), "b": (date(2020, 1, 1), date(2020, 1, 9))}
    axis = time_axis(["a", "b"], about(days, days))
    assert not axis.dated
    assert axis.middle.tolist() == [0, 1]


def test_a_single_wave_stands_in_the_middle():
    assert time_axis(["a"], about(["a"])).middle.tolist() == [0.5]


def test_of_estimates_made_by_hand_no_other_waves_are_known():
    assert time_axis(["b", "a"], About(measure="shares", title="")).waves == ("b", "a")
