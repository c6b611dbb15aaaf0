"""The page of several items: whether those who changed one answer changed another one, too."""

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from opinionpanel.charts import base_line
from opinionpanel.disclosure import MIN_N, Shown, publish_joint
from opinionpanel.drawing import Drawing, SizeName
from opinionpanel.report.blocks import Block, Grid, Picture, Text
from opinionpanel.report.contents import Contents, ItemContents
from opinionpanel.report.grids import cells_of
from opinionpanel.report.joint_heatmap import joint_heatmap
from opinionpanel.report.told import Told

Two = tuple[str, str]


def together(contents: Contents) -> list[Block]:
    """Show, for every two items, how far the same people changed their answers to both."""
    pair, told = contents.shared_pair, contents.told
    if pair is None:
        return []
    items = {item.item: item for item in contents.items.values() if pair in item.pairs.values()}
    found = publish_joint(contents.study.panel, list(items), pair)
    explained = told.say(
        "Each figure is the correlation (phi) of two changes: whether people gave another answer "
        "to one question, and whether they did to the other. It is 1 where the same people "
        "changed both answers, 0 where those who changed one changed the other as often as "
        "everybody, and below 0 where they did so less often."
    )
    caution = told.say(
        "People who answer unsteadily change many answers, so figures above 0 need not mean that "
        "one opinion moved with the other. Of many intervals some exclude 0 by chance."
    )
    grid = _matrix(items, found, pair, told)
    return [Text(explained), _heatmap(grid, told), Text(caution, "note")]


def _heatmap(grid: Grid, told: Told) -> Block:
    """Draw the table; where a page has no room for all questions, its figures are coloured."""

    @cache
    def draw(size: SizeName) -> Drawing:
        return joint_heatmap(grid, told, size)

    picture = Picture(grid.name, grid.title, draw, "page", [grid])
    return grid if picture.drawing("page") is None else picture


def _matrix(
    items: Mapping[str, ItemContents], found: Mapping[Two, Shown], pair: Two, told: Told
) -> Grid:
    """Lay the correlations out with a row and a column for each item, each of two once."""
    names = list(items)
    # Also that few people answered both questions is not told.
    cells = {
        two: told.say("withheld") if shown.hidden[0] else cells_of(shown, told)[0]
        for two, shown in found.items()
    }
    rows, strengths = [], []
    for place, name in enumerate(names[1:], start=1):
        twos = [(other, name) for other in names[:-1]]
        rows.append([f"{place + 1}. {items[name].label}", *(cells.get(two, "") for two in twos)])
        strengths.append([_strength(found.get(two)) for two in twos])
    title = told.say("Correlation of change (phi), 95% intervals, {pair}", pair=told.pair(*pair))
    return Grid(
        name="together.phi",
        title=title,
        header=["", *(f"{place}. {items[name].label}" for place, name in enumerate(names[:-1], 1))],
        rows=rows,
        labels=1,
        note=_note(list(found.values()), told),
        data=pd.concat([_frame(two, shown) for two, shown in found.items()]),
        unit="number",
        strengths=strengths,
    )


def _strength(shown: Shown | None) -> float:
    """Say how strongly a cell is coloured; one that is withheld is not."""
    return math.nan if shown is None else float(shown.frame()["estimate"].iloc[0])


def _note(found: list[Shown], told: Told) -> str:
    """Say who the figures are about, and how many where that is told."""
    known = [shown for shown in found if not shown.hidden[0]]
    if not known:
        return told.say("Base: people who answered both questions at both waves.")
    people = np.concatenate([shown.estimates.n for shown in known])
    # Base and weight are the same for all, but for the number of people.
    return base_line(replace(known[0].estimates, n=people), told.language, min_n=MIN_N)


def _frame(two: Two, shown: Shown) -> pd.DataFrame:
    frame = shown.frame().assign(first_item=two[0], second_item=two[1])
    figures = ["estimate", "std_error", "conf_low", "conf_high", "n"]
    frame = frame.reindex(columns=["from_wave", "to_wave", "first_item", "second_item", *figures])
    frame.loc[shown.hidden, figures] = np.nan
    return frame
