"""The page that says whether answers to several items changed together."""

import numpy as np
import pandas as pd
from made_contents import every

import opinionpanel as op
from opinionpanel.disclosure import MIN_N
from opinionpanel.report.blocks import Grid, Picture
from opinionpanel.report.contents import Contents
from opinionpanel.report.data_packages import LABELS
from opinionpanel.report.plan import pages_of
from opinionpanel.report.together_parts import together
from opinionpanel.study import Study


def contents(people, *, items=3):
    rng = np.random.default_rng(1)
    names = [f"item{number}" for number in range(items)]
    frame = pd.DataFrame(
        {f"{name}_{wave}": rng.choice(["a", "b"], people) for name in names for wave in "12"}
    )
    declared = {
        name: op.Item({wave: f"{name}_{wave}" for wave in "12"}, {"a": ["a"], "b": ["b"]})
        for name in names
    }
    panel = op.Panel.from_wide(frame, items=declared)
    return Contents(Study(title="A study", source="", panel=panel))


def test_every_two_items_stand_once_in_the_table_and_in_its_data():
    (picture,) = every(together(contents(400)), Picture)
    (grid,) = picture.grids
    cells = [cell for row in grid.rows for cell in row[1:]]
    assert len([cell for cell in cells if cell]) == 3
    two = zip(grid.data["first_item"], grid.data["second_item"], strict=True)
    assert len(set(map(frozenset, two))) == len(grid.data) == 3
    assert grid.unit == "number"
    assert {"first_item", "second_item"} <= set(LABELS) & set(grid.data)
    strengths = [one for row in grid.strengths for one in row if not np.isnan(one)]
    assert np.allclose(sorted(strengths), sorted(grid.data["estimate"]))


def test_what_is_withheld_has_neither_figure_nor_colour():
    (grid,) = every(together(contents(MIN_N - 1)), Grid)
    assert {cell for row in grid.rows for cell in row[1:]} == {"withheld", ""}
    assert np.isnan(grid.strengths).all()
    assert grid.data[["estimate", "std_error", "conf_low", "conf_high", "n"]].isna().all(axis=None)


def test_a_table_for_which_a_page_has_no_room_stays_a_table():
    blocks = together(contents(60, items=12))
    (grid,) = every(blocks, Grid)
    assert every(blocks, Picture) == []
    assert len(grid.data) == 12 * 11 / 2


def test_one_item_has_no_such_page():
    alone = contents(100, items=1)
    assert alone.shared_pair is None
    assert together(alone) == []
    assert "together" not in [page.name for page in pages_of(alone).children]
    assert "together" in [page.name for page in pages_of(contents(100)).children]
