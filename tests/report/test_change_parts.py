"""Parts about an item's trend, its moves and its change."""

import numpy as np
import pandas as pd
import pytest
from made_contents import bundled, every, part, plain

import opinionpanel as op
from opinionpanel.report.blocks import Grid, Picture, Text
from opinionpanel.report.change_parts import p_text, trend
from opinionpanel.report.contents import Contents
from opinionpanel.study import Study


@pytest.mark.parametrize("contents", [bundled, plain])
def test_the_change_table_holds_turnover_net_change_and_their_tests(contents):
    contents = contents()
    page, item = next(iter(contents.items.items()))
    (grid,) = every(part(contents, "change", page), Grid)
    states = item.panel.item(item.item).state_names
    # Four parts of turnover, three of two states; each state, and two joint tests.
    parts = 4 if len(states) > 2 else 3
    assert len(grid.rows) == parts + len(states) + 2
    assert len(grid.data) == 4 + len(states)
    total = item.published.turnover(*item.main_pair).frame()["estimate"].iloc[0]
    assert grid.data["estimate"].iloc[0] == total
    assert all(row[2] for row in grid.rows[parts:])


def test_trend_moves_and_matrix_are_charts_with_their_tables():
    contents = bundled()
    for name in ("trend", "moved", "matrix"):
        (picture,) = every(part(contents, name, "support"), Picture)
        assert picture.grids[0].data is not None
    (page, *_) = contents.items["support"].pairs
    assert every(part(contents, "pair-moved", page), Picture)[0].size == "page"


def test_what_sentences_say_is_what_tests_found():
    contents = bundled()
    texts = [block.text for block in every(part(contents, "trend", "support"), Text)]
    assert texts == [
        "Among all who answered, the shares of the answers did not detectably change from July "
        "2024 to July 2025."
    ]


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.0004, "< 0.001"), (0.0496, "< 0.05"), (0.0494, "0.049"), (0.05, "0.050"), (1.0, "1")],
)
def test_a_p_value_reads_as_what_was_found(p, text):
    assert p_text(p, bundled().told) == text


@pytest.mark.parametrize("both_ends", [False, True])
def test_a_trend_without_an_interval_says_why(both_ends):
    """Seven people link the second wave with the third; others the first, too."""
    there = np.zeros((900, 3), dtype=bool)
    for wave, people in enumerate([slice(0, 400), slice(200, 600), slice(593, 900)]):
        there[people, wave] = True
    there[:30, 2] = both_ends
    answers = np.where(there, np.random.default_rng(5).choice(["a", "b", "c"], there.shape), None)
    waves = ("w1", "w2", "w3")
    item = op.Item({wave: wave for wave in waves}, {state: [state] for state in "abc"})
    panel = op.Panel.from_wide(pd.DataFrame(answers, columns=waves), items={"opinion": item})
    (own,) = Contents(Study(title="A study", source="", panel=panel)).items.values()
    texts = [block.text for block in every(trend(own), Text)]
    told = [text for text in texts if text.startswith("The change from the first wave to the last")]
    assert [text.rpartition(" both of ")[2] for text in told] == ["w2 → w3."] * both_ends
