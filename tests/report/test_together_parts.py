"""The page that says whether answers to several items changed together."""

import numpy as np
import pandas as pd

import opinionpanel as op
from opinionpanel.disclosure import MIN_N
from opinionpanel.report.contents import Contents
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
    blocks = together(contents(400))
    (grid,) = [block for block in blocks if hasattr(block, "rows")]
    cells = [cell for row in grid.rows for cell in row[1:]]
    assert len([cell for cell in cells if cell]) == 3
    assert set(map(frozenset, zip(grid.data["first_item"], grid.data["second_item"], strict=True)))
    strengths = [one for row in grid.strengths for one in row if not np.isnan(one)]
    assert np.allclose(sorted(strengths), sorted(grid.data["estimate"]))


def test_what_is_withheld_has_neither_figure_nor_colour():
    (grid,) = [block for block in together(contents(MIN_N - 1)) if hasattr(block, "rows")]
    assert {cell for row in grid.rows for cell in row[1:]} == {"withheld", ""}
    assert np.isnan(grid.strengths).all()
    assert grid.data[["estimate", "std_error", "conf_low", "conf_high", "n"]].isna().all(axis=None)


def test_one_item_has_no_such_page():
    alone = contents(100, items=1)
    assert alone.shared_pair is None
    assert together(alone) == []
    assert "together" not in [page.name for page in pages_of(alone).children]
    assert "together" in [page.name for page in pages_of(contents(100)).children]
