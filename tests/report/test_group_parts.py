"""The part of an item's page that compares groups."""

import numpy as np
import pandas as pd
import pytest
from made_contents import bundled

import opinionpanel as op
from opinionpanel.report.blocks import Folded, Grid, Picture, Points, Text
from opinionpanel.report.contents import Contents
from opinionpanel.report.data_packages import LABELS
from opinionpanel.report.group_parts import (
    COMPARED,
    group_tests,
    shares_in_groups,
    turnover_in_groups,
)
from opinionpanel.study import Study


def item_with_groups(**categories):
    rng = np.random.default_rng(4)
    people = 1600
    answers = {wave: rng.choice(["a", "b"], people) for wave in ("w1", "w2")}
    groups = {name: rng.integers(0, many, people).astype(str) for name, many in categories.items()}
    item = op.Item({wave: wave for wave in answers}, {"a": ["a"], "b": ["b"]})
    frame = pd.DataFrame({**answers, **groups})
    panel = op.Panel.from_wide(frame, items={"opinion": item}, groups=list(groups))
    (contents,) = Contents(Study(title="A study", source="", panel=panel)).items.values()
    return contents


def grids(blocks):
    for block in blocks:
        if isinstance(block, Grid):
            yield block
        elif isinstance(block, Picture):
            yield from block.grids
        elif isinstance(block, Folded):
            yield from grids(block.blocks)


@pytest.mark.parametrize("part", [turnover_in_groups, shares_in_groups])
def test_groups_of_many_categories_have_tables_and_are_named(part):
    for own in ({"region": 7}, {"region": 7, "sex": 2}):
        item = item_with_groups(**own)
        blocks = part(item)
        assert len(item.published.groups) == len(own)
        headers = [grid.header[0] for grid in grids(blocks)]
        assert {"Region", *(name.capitalize() for name in own)} <= set(headers)
        notes = [block.text for block in blocks if isinstance(block, Text) and "only" in block.text]
        assert notes == ["In tables only, with more than 6 categories: Region."]
        assert any(isinstance(block, Picture) for block in blocks) == ("sex" in own)


@pytest.mark.parametrize("part", [turnover_in_groups, shares_in_groups])
def test_groups_that_are_drawn_are_not_named_again(part):
    blocks = part(item_with_groups(sex=2))
    assert not any(isinstance(block, Text) and "only" in block.text for block in blocks)


def test_joint_tests_stand_in_one_table_and_all_comparisons_in_its_data():
    item = item_with_groups(sex=2, region=3)
    (grid,) = [one for one in grids(group_tests(item)) if one.name == "opinion.group_tests"]
    assert grid.header == ["Group", "Turnover", "Net change", "Answers at the last wave"]
    assert [row[0] for row in grid.rows] == ["Sex", "Region"]
    families = [one for one in item.tests.families if one.kind in COMPARED]
    assert len(grid.data) == sum(1 + len(family.singles) for family in families)
    assert grid.unit == "change"
    assert {"group", "quantity", "category", "other"} <= set(LABELS) & set(grid.data)
    joint = grid.data[grid.data["category"].isna()]
    assert joint["p_adjusted"].tolist() == [family.pvalue for family in families]


def test_every_two_categories_are_compared_only_where_the_joint_test_finds_a_difference():
    item = bundled().items["support"]
    (folded,) = [block for block in group_tests(item) if isinstance(block, Folded)]
    (grid,) = folded.blocks
    held = [one for one in item.tests.families if one.kind in COMPARED and one.holds]
    assert len(grid.rows) == sum(len(family.singles) for family in held)
    (said,) = [one for one in shares_in_groups(item) if isinstance(one, Points)]
    assert 1 < len(said.texts) <= 3
