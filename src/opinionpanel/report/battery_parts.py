"""Parts of the page of several items: their shares in one table, and who changed each answer."""

from opinionpanel.charts import Kind
from opinionpanel.report.battery_contents import OPTION, BatteryContents
from opinionpanel.report.blocks import Block, Links, Points, Text
from opinionpanel.report.grids import grid_of
from opinionpanel.report.item_parts import note_lines
from opinionpanel.report.pictures import COLUMN, picture

# At so many waves the answers to each item are bars; at more they are lines.
MOST_BARS = 2
LEFT_OUT = "Left out: {items}. Too few people answered."


def headlines(battery: BatteryContents) -> list[Block]:
    """Say what was found, item by item."""
    return [Points(battery.findings, "finding")]


def findings(battery: BatteryContents) -> list[Block]:
    """Show the wording, and what was found."""
    told, blocks = battery.told, list[Block]()
    if battery.question:
        blocks = [Text(told.quoted(battery.question), "question")]
    return [*blocks, *headlines(battery)]


def shares(battery: BatteryContents) -> list[Block]:
    """Draw the shares of all items, in one chart and one table."""
    told, shown = battery.told, battery.shares
    if shown is None:
        every = told.listed([*battery.called.values()])
        return [Text(told.say(LEFT_OUT, items=every), "note")]
    title = told.say("{item}: answers at each wave", item=battery.label)
    name = f"{battery.page}.shares"
    grid = grid_of(shown, name, title, told)
    waves = shown.estimates.labels["wave"].nunique()
    few: Kind = "dots" if battery.column == OPTION else "stacked"
    kind: Kind = "trend" if waves > MOST_BARS else few
    chosen = battery.drawn if kind == "dots" else shown
    assert chosen is not None
    drawn = picture(kind, chosen, name, title, told, [grid], size=COLUMN)
    kept = {*shown.estimates.labels[battery.column]}
    out = [text for item, text in battery.called.items() if item not in kept]
    if not out:
        return drawn
    return [*drawn, Text(told.say(LEFT_OUT, items=told.listed(out)), "note")]


def turnover(battery: BatteryContents) -> list[Block]:
    """Draw how many gave another answer to each item."""
    told, shown = battery.told, battery.turnover
    if shown is None:
        return []
    title = told.say("{item}: who gave another answer", item=battery.label)
    name = f"{battery.page}.turnover"
    grid = grid_of(shown, name, title, told)
    return picture("dots", shown, name, title, told, [grid], size=COLUMN)


def battery_notes(battery: BatteryContents) -> list[Block]:
    """Lead to the pages of the items, and say what the numbers rest on."""
    told, blocks = battery.told, list[Block]()
    if battery.linked:
        links = [
            (battery.called[one.item], f"{one.page}.html")
            for one in battery.items
            if one.page in battery.linked
        ]
        blocks = [Text(told.say("The pages of these questions:")), Links(links)]
    tables = [one for one in (battery.shares, battery.turnover) if one is not None]
    own = [told.language.tell(note) for one in battery.items for note in one.published.notes]
    alone = told.say(
        "Each question is tested by itself: of many, some show a difference by chance. Figures of "
        "two questions are of the same people, so that two intervals do not tell whether they "
        "differ."
    )
    at_once = told.say(
        "The intervals of the tables and charts on this page hold at once, those of each table by "
        "itself; sentences have intervals that hold alone, and are narrower."
    )
    lines = [*own, *note_lines(tables, told), *([at_once] if tables else []), alone]
    return [*blocks, Points([*dict.fromkeys(lines)], "note")]
