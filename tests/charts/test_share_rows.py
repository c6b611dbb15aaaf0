"""What a share says of itself, and what is no share of a state at a wave."""

import pytest
from chart_panels import NAMES, panel_of
from laid_out import frame_of

import opinionpanel as op
from opinionpanel.charts.share_rows import (
    base_words,
    check_shares,
    digits_of,
    share_data,
    share_words,
    withheld_words,
)
from opinionpanel.errors import SelectionError

SHARES = op.shares(panel_of(NAMES[2], 2, people=200, groups=2), "support", by="region")


def test_a_share_says_who_when_what_and_how_many():
    frame = frame_of(SHARES, labels={"region 1": "North", "yes": "in favour"})
    figures, words = frame.figures, share_words(frame, 0)
    assert words.heads == ("region", "Wave", "State", "Share", "Base")
    assert words.cells[:3] == ("North", "wave 1", "in favour")
    assert words.cells[3].startswith(f"{100 * figures.value[0]:.1f}% (")
    assert words.cells[4] == f"n = {figures.n[0]:.0f}"
    assert words.figures == 2
    assert share_data(frame, 0)["groups"] == ("region 1",)


def test_what_is_withheld_says_why():
    frame = frame_of(SHARES, min_n=1000)
    assert share_words(frame, 0).cells == ("region 1", "wave 1", "yes", "n < 1,000")
    assert withheld_words(frame, 0).cells == ("region 1", "wave 1", "n < 1,000")
    assert base_words(frame, 0, "yes minus no", "+4").heads == ("region", "Wave", "yes minus no")


def test_other_estimates_are_refused():
    check_shares(SHARES, "A trend")
    with pytest.raises(SelectionError, match=r"A trend draws .* Call opinionpanel.shares"):
        check_shares(op.flows(panel_of(NAMES[2], 2), "support"), "A trend")
    with pytest.raises(SelectionError):
        check_shares(SHARES.difference("wave", "wave 2", minus="wave 1"), "A trend")


def test_digits_show_the_interval():
    assert [digits_of(0.5, 0.4, 0.6), digits_of(0.5, 0.499, 0.501)] == [0, 1]
    assert [digits_of(0.004, 0.0, 0.02), digits_of(0.999, 0.9, 1.0)] == [1, 1]
