"""The axis of a chart of dots holds what is drawn, with few labels that do not meet."""

import numpy as np
from hypothesis import given, strategies as st

from opinionpanel.charts.share_axis import MOST, axis_of

SHARES, CHANGES = (0.0, 1.0), (-1.0, 1.0)
WIDTHS = st.floats(100, 1200)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), WIDTHS, st.floats(20, 90))
def test_an_axis_of_shares_holds_them_within_what_can_be(values, width, label):
    hold(axis_of(values, SHARES, 10, 10 + width, label), values, SHARES, width, label)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=9), WIDTHS, st.floats(20, 90))
def test_so_does_one_of_differences(values, width, label):
    hold(axis_of(values, CHANGES, 10, 10 + width, label), values, CHANGES, width, label)


def hold(axis, values, possible, width, label):
    places = [axis.x(value) for value in values]
    assert min(places) >= 10 - 1e-6
    assert max(places) <= 10 + width + 1e-6
    assert axis.low >= possible[0] - 1e-9
    assert axis.high <= possible[1] + 1e-9
    ticks = axis.ticks
    assert 2 <= len(ticks) <= MOST + 1
    apart = np.diff([axis.x(tick) for tick in ticks])
    assert (apart > 0).all()
    # Two ends there always are.
    assert len(ticks) == 2 or possible == CHANGES or apart.min() >= label - 1e-6


def test_the_ends_are_round_numbers_close_to_the_values():
    axis = axis_of([0.17, 0.62, np.nan], SHARES, 0, 600, 40)
    assert (round(axis.low, 9), round(axis.high, 9), axis.step) == (0.1, 0.7, 0.1)
    assert axis.digits == 0


def test_ticks_of_less_than_a_per_cent_have_a_digit():
    assert axis_of([0.001, 0.02], SHARES, 0, 600, 40).digits == 1


def test_nothing_to_show_leaves_all_that_is_possible():
    axis = axis_of([np.nan], SHARES, 0, 600, 40)
    assert (axis.low, axis.high) == SHARES


def test_a_single_figure_without_an_interval_is_not_blown_up():
    axis = axis_of([0.4], SHARES, 0, 600, 40)
    assert axis.high - axis.low >= 0.02 - 1e-9
