"""The questions of a panel: nothing is an item and a score, and messages tell them apart."""

from functools import partial

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


def test_a_question_that_takes_several_answers_is_named_with_its_options():
    frame = pd.DataFrame({"id": range(6), "m1": [1, 0] * 3, "m2": 1, "ft": range(6)})
    items = {
        "media": op.multiple({"TV": "m1", "net": "m2"}, selected=[1], unselected=[0]),
        "warmth": op.Score("ft", low=0, high=100),
    }
    waves = {"May": frame, "June": frame.assign(m2=0)}
    panel = op.Panel.from_waves(waves, person="id", items=items)
    calls = (
        panel.asked,
        partial(op.flows, panel),
        partial(op.unchanged, panel),
        lambda name: op.replicate(panel, len, items=name),
        lambda name: op.hazard(panel, "1", item=name),
        lambda name: op.answer_model(panel, "wave", item=name),
        lambda name: op.shares(panel, [name]),
    )
    for call in calls:
        with pytest.raises(SelectionError, match=r"its options is needed: 'media: TV', .* itself"):
            call("media")
    for measure in (op.means, op.mean_change, op.quantiles, op.cronbach_alpha):
        with pytest.raises(
            SelectionError, match=r"'media' takes several .* none of which is a num"
        ):
            measure(panel, "media")
    with pytest.raises(SelectionError, match=r"group_of\('media: TV', wave=…\)"):
        op.shares(panel, "media", by="media")
    with pytest.raises(SelectionError, match=r"'warmth' is a score .* bands=\[…\]"):
        op.shares(panel, "media", by="warmth")
    with pytest.raises(SelectionError, match=r"list of different items, got none\. This panel has"):
        op.shares(panel, [])


def test_of_a_panel_without_items_a_message_lists_none():
    frame = pd.DataFrame({"id": range(2), "ft": [10, 20]})
    score = op.Score("ft", low=0, high=100)
    panel = op.Panel.from_waves({"May": frame}, person="id", items={"warmth": score})
    with pytest.raises(SelectionError, match=r"mean_change are for scores. This panel has no"):
        op.shares(panel, "warmth")
