"""The questions of a panel: nothing is an item and a score, and messages tell them apart."""

import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import SelectionError


@pytest.fixture(scope="module")
def panel():
    frame = pd.DataFrame({"id": range(6), "q": [1, 2] * 3, "ft": [10, 20, 30, 40, 50, 60]})
    items = {
        "warmth": op.Score("ft", low=0, high=100),
        "vote": op.Item("q", {"yes": [1], "no": [2]}),
    }
    return op.Panel.from_waves({"May": frame, "June": frame}, person="id", items=items)


def test_items_come_before_scores(panel):
    assert list(panel.questions) == ["vote", "warmth"]
    assert panel.question("warmth") is panel.score("warmth")
    assert panel.question("vote") is panel.item("vote")
    assert [panel.answers_known(name) for name in panel.questions] == [2, 6]
    assert panel.asked("warmth") == ("May", "June")


def test_a_score_has_no_shares_and_an_item_no_mean(panel):
    with pytest.raises(SelectionError, match="'warmth' is a score, whose answers are numbers"):
        op.shares(panel, "warmth")
    with pytest.raises(SelectionError, match="'vote' is an item, whose answers are states"):
        op.means(panel, "vote")
    with pytest.raises(SelectionError, match=r"Unknown score 'warm'. Did you mean 'warmth'"):
        op.means(panel, "warm")
    with pytest.raises(SelectionError, match="Unknown item or score 'warm'"):
        panel.asked("warm")
    with pytest.raises(SelectionError, match=r"Unknown wave 'July'. Known: 'May', 'June'"):
        op.means(panel, "warmth", waves=["July"])
    with pytest.raises(SelectionError, match="base='panel' has people without an answer"):
        op.mean_change(panel, "warmth", base="panel")


def test_of_a_panel_without_items_a_message_lists_none():
    frame = pd.DataFrame({"id": range(2), "ft": [10, 20]})
    score = op.Score("ft", low=0, high=100)
    panel = op.Panel.from_waves({"May": frame}, person="id", items={"warmth": score})
    with pytest.raises(SelectionError, match=r"mean_change are for scores. This panel has no"):
        op.shares(panel, "warmth")
