"""An axis of shares: it begins at 0, holds all that is drawn, and has few ticks."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from opinionpanel.charts.languages import ENGLISH, RUSSIAN
from opinionpanel.charts.share_axis import share_ticks, tick_texts


@given(st.floats(0, 1), st.integers(2, 6))
def test_ticks_hold_every_share_at_even_steps(most, count):
    ticks = share_ticks(most, count)
    assert ticks[0] == 0
    assert most - 1e-6 <= ticks[-1] <= 1
    assert 2 <= len(ticks) <= count + 1
    steps = [b - a for a, b in pairwise(ticks)]
    assert steps == pytest.approx([steps[0]] * len(steps))


@given(st.floats(0, 1), st.integers(2, 6))
def test_no_two_ticks_read_the_same(most, count):
    for language in (ENGLISH, RUSSIAN):
        texts = tick_texts(share_ticks(most, count), language)
        assert len(set(texts)) == len(texts)


def test_known_axes():
    assert share_ticks(0.436, 5) == [0, 0.1, 0.2, 0.3, 0.4, 0.5]
    assert share_ticks(1.0, 5) == [0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert share_ticks(0.003, 4) == [0, 0.001, 0.002, 0.003]
