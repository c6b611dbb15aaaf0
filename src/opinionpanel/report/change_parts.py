"""Parts of pages about an item: its trend, who moved between two waves, and what changed."""

import math
from collections.abc import Iterator, Sequence

import pandas as pd

from opinionpanel.disclosure import Shown
from opinionpanel.drawing import SizeName
from opinionpanel.report.blocks import INDENT, Block, Grid, Points, Text
from opinionpanel.report.contents import ItemContents
from opinionpanel.report.families import ALPHA, Family
from opinionpanel.report.findings_in_words import Claim, family_claims
from opinionpanel.report.grids import cells_of, grid_of, note_of, without_limits
from opinionpanel.report.pictures import COLUMN, picture
from opinionpanel.report.told import Told

LEFT_OUT = "Left out: this would tell of few people, by itself or beside what is shown above."
# How the parts of turnover are called.
PARTS = {
    "total": "Gave another answer (turnover)",
    "net": "of these, net change",
    "exchange": "of these, swapped answers",
    "shift": "of these, moves among three or more answers",
}


def trend(item: ItemContents, *, size: SizeName = COLUMN) -> list[Block]:
    """Draw the share of every state at every wave."""
    shown, out = item.published.shares()
    told = item.told
    notes: list[Block] = []
    if out:
        waves = told.listed([told.name(wave) for wave in out])
        text = (
            "Left out: {waves}. Few people answered, or nearly all who did are in the tables of "
            "two waves, and the difference would tell of the few others."
        )
        notes.append(Text(told.say(text, waves=waves), "note"))
    if shown is None:
        return notes
    title = told.say("{item}: answers at each wave", item=item.label)
    name = f"{item.page}.trend"
    grid = grid_of(shown, name, title, told)
    found = [*sentences(item.tests.trend, told), *_without_trend(item)]
    if shown.estimates.labels["wave"].nunique() < 2:
        return [*found, grid, *notes]
    return [*picture("trend", shown, name, title, told, [grid], size=size), *found, *notes]


def _without_trend(item: ItemContents) -> Iterator[Text]:
    """Say why the change between the first and the last wave has no interval, where few link."""
    changes = item.published.trend()
    apart = [pair for pair in item.pairs.values() if not item.published.has(*pair)]
    if changes is None or not apart or not without_limits(changes):
        return
    text = item.told.say(
        "The change from the first wave to the last is shown without an interval, because it could "
        "tell the answers of the few who answered at both of {pairs}.",
        pairs=item.told.listed([item.told.pair(*pair) for pair in apart]),
    )
    yield Text(text, "note")


def moved(item: ItemContents, page: str, *, size: SizeName = "page") -> list[Block]:
    """Draw who went where between two waves, by the page of the pair."""
    first, second = item.pairs[page]
    if not item.published.has(first, second):
        return [Text(item.told.say(LEFT_OUT), "note")]
    told, shown = item.told, item.published.flows(first, second)
    pair = told.pair(first, second)
    title = told.say("{item}: who moved where, {pair}", item=item.label, pair=pair)
    name = f"{page}.flows"
    grid = grid_of(shown, name, title, told)
    drawn = picture("sankey", shown, name, title, told, [grid], size=size)
    return [*drawn, *sentences(item.tests.balance[first, second], told)]


def matrix(item: ItemContents, page: str, *, size: SizeName = "page") -> list[Block]:
    """Draw where those who held each position went, by the page of the pair."""
    first, second = item.pairs[page]
    if not item.published.has(first, second):
        return [Text(item.told.say(LEFT_OUT), "note")]
    told, shown = item.told, item.published.transitions(first, second)
    pair = told.pair(first, second)
    title = told.say("{item}: where those of each answer went, {pair}", item=item.label, pair=pair)
    name = f"{page}.transitions"
    grid = grid_of(shown, name, title, told)
    drawn = picture("heatmap", shown, name, title, told, [grid], size=size)
    if shown.hidden.all():
        return drawn
    caution = (
        "Rows that differ do not show that one group was easier to persuade: people who answer "
        "less steadily move more."
    )
    return [*drawn, Text(told.say(caution), "note")]


def change(item: ItemContents, page: str) -> list[Block]:
    """Show turnover, its parts, net change and their tests in one table."""
    first, second = item.pairs[page]
    if not item.published.has(first, second):
        return [Text(item.told.say(LEFT_OUT), "note")]
    told, net = item.told, item.tests.net[first, second]
    turnover = item.published.turnover(first, second)
    changes = item.published.net_change(first, second)
    states = len(item.panel.item(item.item).state_names)
    balance = item.tests.balance[first, second]
    rows = [
        *_turnover_rows(turnover, states, told),
        [told.say("Net change (joint test)"), "", joint_text(net, told)],
        *_net_rows(changes, net, told),
        [told.say("Moves there and back (joint test)"), "", joint_text(balance, told)],
    ]
    pair = told.pair(first, second)
    grid = Grid(
        name=f"{page}.change",
        title=told.say(
            "{item}: turnover in per cent, net change in points, with 95% intervals, {pair}",
            item=item.label,
            pair=pair,
        ),
        header=["", told.say("Estimate"), told.say("p, adjusted")],
        rows=rows,
        labels=1,
        note=note_of(changes if without_limits(changes) else turnover, told),
        data=_change_data(turnover, changes, net),
        unit="share or change",
    )
    return [grid, *sentences(net, told)]


def opposites(item: ItemContents, page: str) -> list[Block]:
    """Compare each flow between two answers with the flow back, in a table."""
    first, second = item.pairs[page]
    if not item.published.has(first, second):
        return []
    told, singles = item.told, item.tests.balance[first, second].singles
    if not len(singles):
        return []
    rows = [
        [
            told.say(
                "{origin} → {destination}, less the way back",
                origin=told.name(row["origin"]),
                destination=told.name(row["destination"]),
            ),
            told.language.difference(row["estimate"], row["conf_low"], row["conf_high"], digits=1),
            p_text(row["p_adjusted"], told),
        ]
        for _, row in singles.iterrows()
    ]
    title = told.say("{item}: opposite moves compared, in points", item=item.label)
    header = [told.say("Moves"), told.say("Difference"), told.say("p, adjusted")]
    note = note_of(item.published.flows(first, second), told)
    data = singles.drop(columns="p")
    return [Grid(f"{page}.opposites", title, header, rows, 1, note, data, "change")]


def _turnover_rows(turnover: Shown, states: int, told: Told) -> Iterator[list[str]]:
    cells = cells_of(turnover, told)
    for component, cell in zip(turnover.estimates.labels["component"], cells, strict=True):
        if component == "shift" and states < 3:
            # Between two answers nobody can move in a circle.
            continue
        part = told.say(PARTS[component])
        yield [part if component == "total" else INDENT + part, cell, ""]


def _net_rows(changes: Shown, family: Family, told: Told) -> Iterator[list[str]]:
    p = dict(zip(family.singles["state"], family.singles["p_adjusted"], strict=True))
    cells = cells_of(changes, told)
    for state, cell in zip(changes.estimates.labels["state"], cells, strict=True):
        yield [INDENT + told.name(state), cell, p_text(p.get(state), told)]


def _change_data(turnover: Shown, changes: Shown, family: Family) -> pd.DataFrame:
    """Put turnover and net change into one frame, each figure in its unit."""
    parts = turnover.frame().rename(columns={"component": "quantity"})
    net = changes.frame().assign(quantity="net change")
    net["p_adjusted"] = net["state"].map(
        dict(zip(family.singles["state"], family.singles["p_adjusted"], strict=True))
    )
    columns = ["from_wave", "to_wave", "quantity", "state"]
    figures = ["estimate", "std_error", "conf_low", "conf_high", "n", "p_adjusted"]
    return pd.concat([parts, net]).reindex(columns=[*columns, *figures])


def p_text(pvalue: float | None, told: Told) -> str:
    """Write a p-value; nothing where there is none."""
    if pvalue is None or not math.isfinite(pvalue):
        return ""
    if pvalue < 0.001:
        return told.say("< 0.001")
    if ALPHA - 0.0005 <= pvalue < ALPHA:
        # Rounded it would read as one at which nothing is found.
        return told.say("< 0.05")
    # What is adjusted ends at 1, exactly.
    return told.language.number(pvalue, digits=0 if pvalue == 1 else 3)


def joint_text(family: Family, told: Told) -> str:
    """Write the p-value of a joint test, or that there is none."""
    return told.say("not tested") if family.pvalue is None else p_text(family.pvalue, told)


def sentences(family: Family, told: Told) -> list[Block]:
    """Say what the tests of a family found."""
    return said(family_claims(family, told.language, told.names))


def said(claims: Sequence[Claim]) -> list[Block]:
    """Say what was found: several findings as a list."""
    texts = [claim.text for claim in claims]
    return [Points(texts)] if len(texts) > 1 else [*map(Text, texts)]
