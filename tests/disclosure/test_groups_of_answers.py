"""Groups of answers on the pages of other items: none where they would tell of few people."""

import numpy as np
import pandas as pd
from made import drawn

import opinionpanel as op
from opinionpanel.disclosure import publish, publish_score

STATES = {"no": [1], "unsure": [2], "yes": [3]}
ITEMS = {name: op.Item(name, STATES) for name in ("tea", "rain", "snow")}


def panel_of(people=900, *, silent=()):
    """Make a panel of three items at two waves; the first of some people did not answer rain."""
    answers = [drawn(seed, people=people, waves=2, lost=0.0, silent=0.0) for seed in (1, 2, 3)]
    frames = {}
    for wave in range(2):
        frame = pd.DataFrame(
            {name: part[:, wave] for name, part in zip(ITEMS, answers, strict=True)}
        )
        frame = frame.astype(float).assign(id=1000 + 7 * np.arange(people))
        frame.loc[frame.index[list(silent)], "rain"] = np.nan
        frames[f"w{wave + 1}"] = frame
    return op.Panel.from_waves(frames, person="id", items=ITEMS)


def groups_on_pages(panel):
    return {item: publish(panel, item, list(panel.groups)).groups for item in panel.items}


def test_two_items_are_crossed_on_one_page_and_an_item_by_itself_on_none():
    panel = panel_of().group_of("tea", wave="w1").group_of("rain", wave="w1")
    assert groups_on_pages(panel) == {
        "tea": ["rain (w1)"],
        "rain": [],
        "snow": ["tea (w1)", "rain (w1)"],
    }
    alone = panel_of().group_of("tea", wave="w1")
    assert groups_on_pages(alone) == {"tea": [], "rain": ["tea (w1)"], "snow": ["tea (w1)"]}


def test_bands_of_a_score_have_tables_on_no_page():
    """Beside them the means of the score would be of nearly the same people."""
    panel = panel_of()
    frames = {
        wave: pd.DataFrame(
            {"id": range(900), "tea": panel.answers["tea"][at] + 1, "x": np.arange(900) % 7}
        )
        for at, wave in enumerate(panel.waves)
    }
    items = {"tea": ITEMS["tea"], "x": op.Score("x", low=0, high=6)}
    panel = op.Panel.from_waves(frames, person="id", items=items)
    panel = panel.group_of("x", wave="w1", bands=[0, 3])
    assert groups_on_pages(panel) == {"tea": []}
    assert publish_score(panel, "x", ["x (w1)"]).groups == []


def test_the_sizes_of_groups_tell_nothing_of_the_few_who_did_not_answer():
    """Beside the shares of tea they would tell what those people said of it."""
    few = panel_of(silent=range(4)).group_of("tea", wave="w1")
    assert groups_on_pages(few) == {"tea": [], "rain": [], "snow": ["tea (w1)"]}
    many = panel_of(silent=range(40)).group_of("tea", wave="w1")
    assert groups_on_pages(many)["rain"] == ["tea (w1)"]


def test_cells_of_few_people_are_not_told_by_moves_beside_a_cross_of_both():
    """How many of each group began and ended in each state is told; single flows are not."""
    panel = panel_of(300).group_of("tea", wave="w1")
    moves = op.transitions(panel, "rain", by="tea (w1)")
    few = (moves.n_cell > 0) & (moves.n_cell < 5)
    assert few.any()
    shown = moves.to_frame(min_n=10)["estimate"].notna().to_numpy()
    assert not shown[few].any()
    # Of the numbers that readers miss there are several that fit all they know.
    unknown = np.flatnonzero(~shown & (moves.n_cell > 0))
    key = moves.labels
    known = [
        (key[list(names)].astype(str).agg("/".join, axis=1), None)
        for names in (
            ["tea (w1)", "origin"],
            ["tea (w1)", "destination"],
            ["origin", "destination"],
        )
    ]
    rows = np.array(
        [(lines == one).to_numpy()[unknown] for lines, _ in known for one in lines.unique()], float
    )
    assert np.linalg.matrix_rank(rows) < len(unknown)
