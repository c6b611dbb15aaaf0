"""The part of a page about an item that says in which groups people changed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from opinionpanel.disclosure import Shown
from opinionpanel.report.blocks import Block, Folded, Grid, Text
from opinionpanel.report.change_parts import joint_text, p_text, said
from opinionpanel.report.contents import ItemContents
from opinionpanel.report.families import Family, Kind
from opinionpanel.report.findings_in_words import MOST_SINGLES, family_claims
from opinionpanel.report.grids import grid_of
from opinionpanel.report.pictures import COLUMN, picture
from opinionpanel.report.told import Told

# What is compared between the categories of a group, in the order of the columns.
COMPARED: dict[Kind, str] = {
    "turnover by": "Turnover",
    "net change by": "Net change",
    "shares by": "Answers at the last wave",
}
NO_GROUPS = "No groups of people are compared: none has enough people."
NOT_TESTED = "Not tested: {reason}."
# Groups with more categories have tables and no charts.
MOST_CATEGORIES = 6


def turnover_in_groups(item: ItemContents) -> list[Block]:
    """Draw how many gave another answer, group by group."""
    pair, told = item.main_pair, item.told
    groups = {} if pair is None else _shown(item, "turnover")
    if pair is None or not groups:
        return [Text(told.say(NO_GROUPS), "note")]
    title = told.say("{item}: who gave another answer, by group", item=item.label)
    what = "{item}: who gave another answer, by {group}"
    name = f"{item.page}.turnover_by"
    everyone = _total(item.published.turnover(*pair))
    drawn = [everyone, *_drawn(item, groups)]
    grids = [
        grid_of(
            shown,
            f"{name}.{number}",
            told.say(what, item=item.label, group=told.group(group)),
            told,
        )
        for number, (group, shown) in enumerate(groups.items(), start=1)
    ]
    blocks: list[Block] = [Folded(title, grids)]
    if len(drawn) > 1:
        blocks = picture("dots", drawn, name, title, told, grids, size=COLUMN)
    return [*blocks, *_not_drawn(item, groups), *_said(item, ["turnover by"])]


def shares_in_groups(item: ItemContents) -> list[Block]:
    """Draw a state's share before and after, group by group; the tables have all states."""
    waves, told = item.grouped_waves, item.told
    groups = _shown(item, "shares") if waves else {}
    if not groups:
        return []
    state = item.key_state
    title = told.say(
        "{item}: “{state}” by group, {pair}",
        item=item.label,
        state=told.name(state),
        pair=told.name(waves[0]) if len(waves) == 1 else told.pair(waves[0], waves[-1]),
    )
    name = f"{item.page}.shares_by"
    grids = []
    for number, (group, shown) in enumerate(groups.items(), start=1):
        what = told.say("{item}: answers by {group}", item=item.label, group=told.group(group))
        grids.append(grid_of(shown, f"{name}.{number}", what, told))
        pair = item.main_pair
        change = None if pair is None else item.published.net_change_by(group, *pair)
        if change is not None:
            what = told.say(
                "{item}: net change by {group}", item=item.label, group=told.group(group)
            )
            grids.append(grid_of(change, f"{item.page}.change_by.{number}", what, told))
    drawn = _drawn(item, groups)
    blocks: list[Block] = [Folded(title, grids)]
    if drawn:
        blocks = picture("dots", drawn, name, title, told, grids, size=COLUMN, state=state)
    return [*blocks, *_not_drawn(item, groups), *_said(item, ["shares by", "net change by"])]


def _shown(item: ItemContents, what: str) -> dict[str, Shown]:
    """Find the tables by group that are shown."""
    published, waves = item.published, item.grouped_waves
    found = {}
    for group in published.groups:
        if what == "turnover":
            shown = published.turnover_by(group, waves[0], waves[-1])
        else:
            shown = published.shares_by(group, *waves)
        if shown is not None:
            found[group] = shown
    return found


def _drawn(item: ItemContents, groups: dict[str, Shown]) -> list[Shown]:
    """Choose the groups that a chart has room for."""
    return [shown for name, shown in groups.items() if not _too_many(item, name)]


def _not_drawn(item: ItemContents, groups: dict[str, Shown]) -> list[Block]:
    """Name the groups that have tables and no chart."""
    told = item.told
    tables = [told.group(name) for name in groups if _too_many(item, name)]
    if not tables:
        return []
    text = told.say(
        "In tables only, with more than {most} categories: {groups}.",
        most=MOST_CATEGORIES,
        groups=told.listed(tables),
    )
    return [Text(text, "note")]


def _too_many(item: ItemContents, group: str) -> bool:
    return len(item.panel.groups[group].categories) > MOST_CATEGORIES


def _total(turnover: Shown) -> Shown:
    """Keep turnover itself, without its parts."""
    rows = np.flatnonzero(turnover.estimates.labels["component"] == "total")
    withheld = replace(turnover.withheld, rows=turnover.hidden[rows], limits=None)
    return Shown(turnover.estimates.at(rows), withheld)


def _said(item: ItemContents, kinds: Sequence[Kind]) -> list[Block]:
    """Say the largest differences that the tests of groups found."""
    told = item.told
    claims = [
        claim
        for family in item.tests.families
        if family.kind in kinds and family.holds
        for claim in family_claims(family, told.language, told.names)
    ]
    claims.sort(key=lambda claim: -round(claim.size, 9))
    return said(claims[:MOST_SINGLES])


def group_tests(item: ItemContents) -> list[Block]:
    """Show whether the categories of each group differ, jointly; and each two where they do."""
    told, families = item.told, [one for one in item.tests.families if one.kind in COMPARED]
    if not families:
        return [Text(told.say(NO_GROUPS), "note")]
    kinds = [kind for kind in COMPARED if any(family.kind == kind for family in families)]
    found = {(family.key[0], family.kind): family for family in families}
    groups = dict.fromkeys(group for group, _ in found)
    reasons = dict.fromkeys(one.untested for one in families if one.pvalue is None)
    notes = [told.say("Below 0.05 the categories differ by more than chance explains.")]
    notes += [told.say(NOT_TESTED, reason=told.language.tell(reason)) for reason in reasons]

    def tested(key: tuple[str, Kind]) -> str:
        return joint_text(found[key], told) if key in found else ""

    grid = Grid(
        name=f"{item.page}.group_tests",
        title=told.say("{item}: do groups differ? p of joint tests, adjusted", item=item.label),
        header=[told.say("Group"), *(told.say(COMPARED[kind]) for kind in kinds)],
        rows=[
            [told.group(group), *map(tested, [(group, kind) for kind in kinds])] for group in groups
        ],
        labels=1,
        note=" ".join(notes),
        data=pd.concat(map(_singles, families)),
        unit="change",
    )
    pairs = [row for family in families if family.holds for row in _pair_rows(family, told)]
    if not pairs:
        return [grid]
    compared = Grid(
        name=f"{item.page}.group_pairs",
        title=told.say("{item}: every two categories, where groups differ", item=item.label),
        header=[told.say(text) for text in ("What", "Categories", "Difference", "p, adjusted")],
        rows=pairs,
        labels=2,
    )
    return [grid, Folded(told.say("Every two categories compared"), [compared])]


def _pair_rows(family: Family, told: Told) -> Iterator[list[str]]:
    """Write the comparisons of every two categories that have an interval."""
    what = told.say(COMPARED[family.kind])
    for row in family.singles.dropna(subset="p_adjusted").to_dict(orient="records"):
        state = told.quoted(told.name(str(row["state"]))) if "state" in row else ""
        two = [told.name(str(row[name])) for name in ("category", "other")]
        limits = (row["estimate"], row["conf_low"], row["conf_high"])
        yield [
            ", ".join(filter(None, [what, state])),
            told.say("{category} less {other}", category=two[0], other=two[1]),
            told.language.difference(*limits, digits=1),
            p_text(row["p_adjusted"], told),
        ]


def _singles(family: Family) -> pd.DataFrame:
    """Give a family as rows for programs: its joint test first, then each comparison."""
    about = {"group": family.key[0], "quantity": family.kind.removesuffix(" by")}
    waves = dict(zip(("from_wave", "to_wave"), (family.key[1], family.key[-1]), strict=True))
    joint = pd.DataFrame({"p_adjusted": [family.pvalue], "found": [family.holds]}, dtype=object)
    singles = family.singles.drop(columns="p")
    # A difference that is withheld has no base to tell either.
    singles = singles.assign(n=singles["n"].where(singles["estimate"].notna())).astype(object)
    rows = pd.concat([joint, singles]).assign(**about, **waves)
    figures = ["estimate", "conf_low", "conf_high", "n", "p_adjusted"]
    columns = [*about, *waves, "state", "category", "other", *figures, "found"]
    rows = rows.reindex(columns=columns)
    return rows.astype(dict.fromkeys(figures, float) | {"found": bool})
