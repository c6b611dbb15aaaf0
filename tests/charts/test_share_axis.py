"""An axis of shares holds what is drawn, with few ticks."""

import numpy as np
from hypothesis import given, strategies as st

from opinionpanel.charts.share_axis import MOST, axis_of

SHARES, CHANGES = (0.0, 1.0), (-1.0, 1.0)
ROOM = st.integers(0, 30)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), ROOM)
def test_an_axis_of_shares_holds_them_within_what_can_be(values, room):
    hold(axis_of(values, SHARES, room), values, SHARES, room)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=9), ROOM)
def test_so_does_one_of_differences(values, room):
    hold(axis_of(values, CHANGES, room), values, CHANGES, room)


def hold(axis, values, possible, room):
    places = [axis.along(value) for value in values]
    assert min(places) >= -1e-6
    assert max(places) <= 1 + 1e-6
    assert axis.low >= possible[0] - 1e-9
    assert axis.high <= possible[1] + 1e-9
    steps = np.diff([axis.along(tick) for tick in axis.ticks])
    assert (steps > 0).all()
    # Two ends there always are, and 0 between those of all differences.
    assert len(steps) <= min(MOST, max(room, len({*possible, 0.0}) - 1))


def test_the_ends_are_round_numbers_close_to_the_values():
    axis = axis_of([0.17, 0.62, np.nan], SHARES, 15)
    assert (round(axis.low, 9), round(axis.high, 9), axis.step) == (0.1, 0.7, 0.1)
    assert axis.digits == 0


def test_ticks_of_less_than_a_per_cent_have_a_digit():
    assert axis_of([0.001, 0.02], SHARES, 15).digits == 1


def test_nothing_to_show_leaves_all_that_is_possible():
    axis = axis_of([np.nan], SHARES, 15)
    assert (axis.low, axis.high) == SHARES


def test_a_single_figure_without_an_interval_is_not_blown_up():
    axis = axis_of([0.4], SHARES, 15)
    assert axis.high - axis.low >= 0.02 - 1e-9
