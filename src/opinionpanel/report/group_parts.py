"""The part of a page about an item that says in which groups people changed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from opinionpanel.disclosure import Shown
from opinionpanel.report.blocks import Block, Folded, Text
from opinionpanel.report.change_parts import sentences
from opinionpanel.report.contents import ItemContents
from opinionpanel.report.grids import grid_of
from opinionpanel.report.pictures import COLUMN, picture

# Groups with more categories have tables and no charts.
MOST_CATEGORIES = 6


def turnover_in_groups(item: ItemContents) -> list[Block]:
    """Draw how many gave another answer, group by group."""
    pair, told = item.main_pair, item.told
    groups = {} if pair is None else _shown(item, "turnover")
    if pair is None or not groups:
        return [Text(told.say("No groups of people are compared: none has enough people."), "note")]
    title = told.say("{item}: who gave another answer, by group", item=item.label)
    name = f"{item.page}.turnover_by"
    everyone = _total(item.published.turnover(*pair))
    drawn = [everyone, *_drawn(item, groups)]
    grids = [
        grid_of(
            shown,
            f"{name}.{number}",
            told.say("{what} by {group}", what=title, group=told.group(group)),
            told,
        )
        for number, (group, shown) in enumerate(groups.items(), start=1)
    ]
    blocks: list[Block] = [Text(title)]
    if len(drawn) > 1:
        blocks = picture("dots", drawn, name, title, told, grids, size=COLUMN)
    return [*blocks, *_said(item, "turnover by")]


def shares_in_groups(item: ItemContents) -> list[Block]:
    """Draw a state's share before and after, group by group; the tables have all states."""
    pair, told = item.main_pair, item.told
    groups = {} if pair is None else _shown(item, "shares")
    if pair is None or not groups:
        return []
    state = _key_state(item)
    title = told.say(
        "{item}: “{state}” by group, {pair}",
        item=item.label,
        state=told.name(state),
        pair=told.pair(*pair),
    )
    name = f"{item.page}.shares_by"
    grids = []
    for number, (group, shown) in enumerate(groups.items(), start=1):
        what = told.say("{item}: answers by {group}", item=item.label, group=told.group(group))
        grids.append(grid_of(shown, f"{name}.{number}", what, told))
        change = item.published.net_change_by(group, *pair)
        if change is not None:
            what = told.say(
                "{item}: net change by {group}", item=item.label, group=told.group(group)
            )
            grids.append(grid_of(change, f"{item.page}.change_by.{number}", what, told))
    drawn = _drawn(item, groups)
    blocks: list[Block] = [Folded(title, grids)]
    if drawn:
        blocks = picture("dots", drawn, name, title, told, grids, size=COLUMN, state=state)
    return [*blocks, *_said(item, "shares by"), *_said(item, "net change by")]


def _shown(item: ItemContents, what: str) -> dict[str, Shown]:
    """Find the tables by group that are shown."""
    published, pair = item.published, item.main_pair
    assert pair is not None
    found = {}
    for group in published.groups:
        if what == "turnover":
            shown = published.turnover_by(group, *pair)
        else:
            shown = published.shares_by(group, *pair)
        if shown is not None:
            found[group] = shown
    return found


def _drawn(item: ItemContents, groups: dict[str, Shown]) -> list[Shown]:
    """Choose the groups that a chart has room for."""
    few = [name for name in groups if len(item.panel.groups[name].categories) <= MOST_CATEGORIES]
    return [groups[name] for name in few]


def _total(turnover: Shown) -> Shown:
    """Keep turnover itself, without its parts."""
    rows = np.flatnonzero(turnover.estimates.labels["component"] == "total")
    withheld = replace(turnover.withheld, rows=turnover.hidden[rows], limits=None)
    return Shown(turnover.estimates.at(rows), withheld)


def _key_state(item: ItemContents) -> str:
    """Choose the state that charts of one state show: the first that is not the undecided one."""
    declared = item.panel.item(item.item)
    states: Sequence[str] = declared.state_names
    return next(state for state in states if state != declared.neutral)


def _said(item: ItemContents, kind: str) -> Iterator[Block]:
    """Say what the tests of groups found."""
    for family in item.tests.families:
        if family.kind == kind:
            yield from sentences(family, item.told)
