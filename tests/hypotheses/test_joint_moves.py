"""The test of two moves: that of the two-way table of who moved, and what it says."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError

ITEMS = {name: op.Item(name, {"no": [1], "yes": [2]}) for name in ("tea", "rain")}


def panel_of(moves):
    """Make a panel of two waves, or more, of who moved on tea and on rain each time."""
    moves = np.asarray(moves)
    answers = 1 + np.cumsum(moves, axis=1) % 2
    first = np.ones_like(answers[:, :1])
    answers = np.concatenate([first, answers], axis=1)
    frames = {
        f"w{wave + 1}": pd.DataFrame(answers[:, wave], columns=list(ITEMS)).assign(
            id=1000 + 7 * np.arange(len(answers)), psu=np.arange(len(answers)) % 20
        )
        for wave in range(answers.shape[1])
    }
    design = op.Design(weight=None, psu="psu")
    return op.Panel.from_waves(frames, person="id", items=ITEMS, design=design)


def drawn(seed, *, together=0.5, people=200, pairs=1):
    random = np.random.default_rng(seed)
    tea = random.random((people, pairs)) < 0.4
    alike = random.random((people, pairs)) < together
    rain = np.where(alike, tea, random.random((people, pairs)) < 0.4)
    return np.stack([tea, rain], axis=2).astype(int)


def test_it_is_the_independence_of_two_groups_of_who_moved():
    moves = drawn(1)
    test = op.joint_change_test(panel_of(moves), "tea", "rain")
    people = pd.DataFrame(moves[:, 0], columns=["t", "r"]).assign(psu=np.arange(200) % 20)
    moved = op.Item({"w": "t"}, {"moved": [1], "stayed": [0]})
    wide = op.Panel.from_wide(
        people, items={"t": moved}, groups=["r"], design=op.Design(weight=None, psu="psu")
    )
    same = op.independence(wide, "t", by="r")
    for part in ("statistic", "df1", "df2", "pvalue", "wald", "textbook", "textbook_df"):
        assert getattr(test, part) == pytest.approx(getattr(same, part))


@pytest.mark.parametrize(
    ("together", "words"), [(0.8, "more often than others"), (-1, "No detectable")]
)
def test_the_note_says_which_way(together, words):
    assert words in op.joint_change_test(panel_of(drawn(2, together=together)), "tea", "rain").note


def test_opposite_moves():
    moves = drawn(3, together=-1)
    moves[:, :, 1] = np.where(np.arange(200)[:, None] % 4 > 0, 1 - moves[:, :, 0], moves[:, :, 1])
    assert "less often" in op.joint_change_test(panel_of(moves), "tea", "rain").note


def test_pairs_in_which_nobody_moved_are_left_out():
    moves = drawn(4, pairs=3)
    moves[:, 1, 0] = 0
    panel = panel_of(moves)
    test = op.joint_change_test(panel, "tea", "rain")
    assert test.wald_df == 2
    assert "Left out, nobody or everybody changed: 'w2 → w3'." in test.note
    alone = op.joint_change_test(panel, "tea", "rain", waves=[("w1", "w2"), ("w3", "w4")])
    assert test.statistic == alone.statistic
    with pytest.raises(DesignError, match="nothing to test"):
        op.joint_change_test(panel, "tea", "rain", waves=["w2", "w3"])
    with pytest.raises(SelectionError, match="twice"):
        op.joint_change_test(panel, "tea", "tea")
