"""What charts call quantiles, moves, and changes of two answers."""

import numpy as np
import pandas as pd
import pytest
from laid_out import frame_of

import opinionpanel as op
from opinionpanel.charts.own_words import quantile_called
from opinionpanel.drawing import language_of


@pytest.fixture(scope="module")
def panel():
    random = np.random.default_rng(5)
    waves = {
        wave: pd.DataFrame(
            {
                "id": range(200),
                "warmth": random.integers(0, 11, 200) * 10,
                "a": random.integers(0, 2, 200),
                "b": random.integers(0, 2, 200),
            }
        )
        for wave in ("May", "June")
    }
    items = {
        "warmth": op.Score("warmth", low=0, high=100),
        "support": op.Item("a", {"yes": [1], "no": [0]}, label="Support"),
        "peace": op.Item("b", {"yes": [1], "no": [0]}),
    }
    return op.Panel.from_waves(waves, person="id", items=items)


@pytest.mark.parametrize(
    ("share", "english", "russian"),
    [
        (0.5, "median", "медиана"),
        (0.25, "lower quartile", "нижний квартиль"),
        (0.9, "90th percentile", "90-й процентиль"),
        (0.01, "1st percentile", "1-й процентиль"),
        (0.11, "11th percentile", "11-й процентиль"),
        (0.22, "22nd percentile", "22-й процентиль"),
        (0.07, "7th percentile", "7-й процентиль"),
        (0.125, "12.5th percentile", "12,5-й процентиль"),
    ],
)
def test_quantiles_have_names(share, english, russian):
    names = [quantile_called(share, language_of(code)) for code in ("en", "ru")]
    assert names == [english, russian]


def test_moves_are_called_by_where_they_lead(panel):
    """Upward may be towards disapproval: nobody is to read it as more support."""
    item, score = (frame_of(op.direction(panel, name)) for name in ("support", "warmth"))
    assert item.name("upward") == "towards “no”"
    assert item.name("same") == "same answer"
    assert score.name("downward") == "lower number"
    net = op.direction(panel, "support").difference("move", "upward", minus="downward")
    assert frame_of(net).name(net.labels["move"].iloc[0]) == "towards “no” − towards “yes”"
    between = op.quantiles(panel, "warmth", at=[0.25, 0.75], waves=["May"])
    between = between.difference("quantile", 0.75, minus=0.25)
    assert between.plot().title.text
    shown = frame_of(op.direction(panel, "support"), labels={"no": "against"})
    assert shown.name("upward") == "towards “against”"


def test_changes_of_two_answers_name_the_items(panel):
    frame = frame_of(op.joint_change(panel, "support", "peace"))
    names = [frame.name(value) for value in frame.estimates.labels["moved"]]
    assert names == [
        "changed both answers",
        "changed only “Support”",
        "changed only “peace”",
        "changed neither",
    ]


def test_titles_of_two_questions_say_which_is_told_by_which(panel):
    titles = [
        op.cross(panel, "support", "peace", waves="May", shares=shares).plot().title.text[0]
        for shares in ("joint", "row", "column")
    ]
    assert titles == [
        "Support × peace: answers to both questions, May",
        "Peace by the answer to “Support”, May",
        "Support by the answer to “peace”, May",
    ]


def test_a_literal_that_is_none_is_refused(panel):
    with pytest.raises(op.errors.SelectionError, match="sort must be"):
        op.charts.dots(op.shares(panel, "support", waves=["May"]), sort="foo")
