"""An axis of shares holds what is drawn, with few ticks."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from opinionpanel.charts.share_axis import MOST, axis_of, number_axis

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


@given(
    st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 3)), min_size=1, max_size=9), ROOM
)
def test_an_axis_of_numbers_holds_them_whatever_their_size(values, room):
    axis = number_axis(values, (-np.inf, np.inf), room)
    places = [axis.along(value) for value in values]
    assert min(places) >= -1e-6
    assert max(places) <= 1 + 1e-6
    assert len(axis.ticks) - 1 <= max(2, min(MOST, room))


@given(
    st.integers(0, 100), st.sampled_from([(0.0, 100.0), (1.0, 7.0), (-5.0, 5.0)]), st.floats(0, 1)
)
def test_it_stays_within_the_scale_and_shows_a_part_of_it(width, ends, start):
    low = ends[0] + start * (ends[1] - ends[0])
    high = min(low + width / 100, ends[1])
    least = (ends[1] - ends[0]) / 5
    axis = number_axis([low, high], ends, 6, least=least)
    assert axis.low >= ends[0] - 1e-9
    assert axis.high <= ends[1] + axis.step
    assert axis.high - axis.low >= least - 1e-9
    assert [round(tick, axis.digits) for tick in axis.ticks] == pytest.approx(axis.ticks)


def test_a_short_scale_has_ticks_from_its_low_end():
    assert number_axis([1.2, 6.8], (1, 7), 4).ticks == [1, 3, 5, 7]
    assert number_axis([np.nan], (1, 7), 4).ticks == [1, 3, 5, 7]
    assert number_axis([3.0], (-np.inf, np.inf), 4).along(3.0) == pytest.approx(0.5, abs=0.5)
