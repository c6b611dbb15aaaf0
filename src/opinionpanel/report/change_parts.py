"""Parts of pages about an item: its trend, and who moved between two waves."""

from opinionpanel.report.blocks import Block, Text
from opinionpanel.report.contents import ItemContents
from opinionpanel.report.grids import grid_of
from opinionpanel.report.pictures import picture


def question(item: ItemContents) -> list[Block]:
    """Show the wording, and what was put together for all tables."""
    wording = item.panel.item(item.item).question
    if not wording:
        return [Text(item.told.say("The study declares no wording for this item."), "note")]
    return [Text(f"“{wording}”", "question")]


def trend(item: ItemContents) -> list[Block]:
    """Draw the share of every state at every wave."""
    shown, out = item.published.shares()
    told = item.told
    left_out = told.say(
        "Left out: {waves}. Few people answered, or nearly all who did are in the tables of two "
        "waves, and the difference would tell of the few others.",
        waves=told.listed([told.name(wave) for wave in out]) if out else "",
    )
    notes: list[Block] = [Text(left_out, "note")] if out else []
    if shown is None:
        return notes
    title = told.say("{item}: answers at each wave", item=item.label)
    name = f"{item.page}.trend"
    grid = grid_of(shown, name, title, told)
    if shown.estimates.labels["wave"].nunique() < 2:
        return [grid, *notes]
    return [*picture("trend", shown, name, title, told, [grid]), *notes]


def moved(item: ItemContents, page: str) -> list[Block]:
    """Draw who went where between two waves, by the page of the pair."""
    first, second = item.pairs[page]
    if not item.published.has(first, second):
        return [_left_out(item)]
    told, shown = item.told, item.published.flows(first, second)
    title = told.say(
        "{item}: who moved where, {pair}", item=item.label, pair=told.pair(first, second)
    )
    name = f"{page}.flows"
    return picture("sankey", shown, name, title, told, [grid_of(shown, name, title, told)])


def matrix(item: ItemContents, page: str) -> list[Block]:
    """Draw where those who held each position went, by the page of the pair."""
    first, second = item.pairs[page]
    if not item.published.has(first, second):
        return [_left_out(item)]
    told, shown = item.told, item.published.transitions(first, second)
    title = told.say(
        "{item}: of those in each position before, where they were after, {pair}",
        item=item.label,
        pair=told.pair(first, second),
    )
    name = f"{page}.transitions"
    return picture("heatmap", shown, name, title, told, [grid_of(shown, name, title, told)])


def _left_out(item: ItemContents) -> Text:
    text = "Left out: this would tell of few people, by itself or beside what is shown above."
    return Text(item.told.say(text), "note")
