"""A score's page tells nothing that the page of an item with the same answers withholds."""

import numpy as np
import pandas as pd
import pytest
from moved_scores import PAIR, has_error, panel_of, printed

import opinionpanel as op
from opinionpanel.disclosure import publish_score
from opinionpanel.disclosure.same_answers import items_like

TWO = {(0, 0): 40, (0, 1): 7, (1, 0): 12, (1, 1): 30}
FIVE = {(a, b): 9 + a + b for a in range(5) for b in range(5)}
FEW = {(0, 1): 4}, {(0, 4): 2}
STATES = {name: [place] for place, name in enumerate("abcde")}
ITEMS = {
    "same": op.Item("q", STATES),
    "merged": op.Item("q", {"low": [0, 1], "high": [2, 3, 4]}),
    "none": op.Item("q", {"any": [0, 1, 2, 3, 4]}),
}


@pytest.mark.parametrize(("moves", "few"), [*zip((TWO, FIVE), FEW, strict=True)])
def test_what_the_page_of_an_item_withholds_stands_on_none_of_a_score(moves, few):
    item = {"i": op.Item("q", dict([*STATES.items()][: len({a for a, _ in moves})]))}
    for flows, told in ((moves | few, False), (moves, True)):
        published = publish_score(panel_of(flows, item=item), "s")
        assert has_error(printed(published)["all"]) == told
        assert (published.moved() is not None) == told
    # Where no item has a page, only what few people did is withheld.
    alone = publish_score(panel_of(moves | few), "s")
    assert has_error(printed(alone)["all"]) == (moves == FIVE)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([0, 1, 2, 3, 4], ["same"]),
        ([0, 0, 1, 1, 2], ["same", "merged"]),
        ([0, 1, 1, 1, 2], ["same"]),
    ],
)
def test_answers_that_tell_a_number_and_the_reverse_of_few_numbers(numbers, expected):
    """Five answers, read as a score of as many numbers, of three and of two."""
    codes = np.array([*FIVE]).T.repeat(2, axis=1)
    waves = {
        wave: pd.DataFrame({"id": range(50), "q": row, "t": np.array(numbers)[row]})
        for wave, row in zip(PAIR, codes, strict=True)
    }
    items = {**ITEMS, "s": op.Score("t", low=0, high=4)}
    panel = op.Panel.from_waves(waves, person="id", items=items)
    assert items_like(panel, "s", PAIR, np.ones(50, dtype=bool)) == expected
