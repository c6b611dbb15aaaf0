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
    if moves == FIVE:
        # Nor do answers that follow from the number, where their page withholds something.
        bands = {"i": op.Item("q", {"low": [0], "mid": [1, 2, 3], "high": [4]})}
        assert not has_error(printed(publish_score(panel_of(FIVE | few, item=bands), "s"))["all"])
        assert has_error(printed(publish_score(panel_of(FIVE, item=bands), "s"))["all"])
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
    assert items_like(panel, "s") == expected


def test_the_people_of_both_pages_differ_by_nobody_or_by_many():
    """Five people were not asked at the first wave: all tables of the item are without them.

    A mean of all people less that of the others would be what these five said.
    """
    codes = np.array([*FIVE]).T.repeat(2, axis=1)
    waves = {
        wave: pd.DataFrame({"id": range(50), "q": row})
        for wave, row in zip(("May", "June", "July"), codes[[0, 0, 1]], strict=True)
    }
    waves["May"] = waves["May"].iloc[5:]
    score = op.Score({"June": "q", "July": "q"}, low=0, high=4)
    alone = op.Panel.from_waves(waves, person="id", items={"s": score})
    assert publish_score(alone, "s").waves == ["June", "July"]
    items = {"low": ITEMS["merged"], "s": score}
    apart = op.Panel.from_waves(waves, person="id", items=items)
    assert publish_score(apart, "s").waves == ["June", "July"]
    items = {"same": ITEMS["same"], "s": score}
    beside = publish_score(op.Panel.from_waves(waves, person="id", items=items), "s")
    assert (beside.waves, beside.main_pair) == ([], None)


@pytest.mark.parametrize(("few", "shown"), [(4, []), (9, ["town"])])
def test_by_group_means_stand_where_the_shares_of_the_item_do(few, shown):
    """Nobody moved, as the item says: of a town, the share who said no tells who stayed there."""
    no, yes = {"A": 16, "B": 16, "C": few}, {"A": 16, "B": 10, "C": 6 + few}
    town = np.repeat([*no, *yes], [*no.values(), *yes.values()])
    moves = {(0, 0): sum(no.values()), (1, 1): sum(yes.values())}
    item = {"i": op.Item("q", {"no": [0], "yes": [1]})}
    panel = panel_of(moves, {"town": town}, item)
    assert publish_score(panel, "s", ["town"]).groups == shown
    assert publish_score(panel_of(moves, {"town": town}), "s", ["town"]).groups == shown
