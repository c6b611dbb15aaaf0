"""Parts of a page about an item: figures that are estimated beyond counting its answers."""

from collections.abc import Iterator

from opinionpanel.disclosure import MIN_N, Shown
from opinionpanel.errors import OpinionPanelError
from opinionpanel.estimates import withheld_of
from opinionpanel.measures import transition_bounds
from opinionpanel.report.blocks import Block, Grid, Text
from opinionpanel.report.contents import ItemContents
from opinionpanel.report.grids import grid_of
from opinionpanel.report.pictures import COLUMN, picture
from opinionpanel.study import in_language
from opinionpanel.weighting import weights_summary


def anchored(item: ItemContents) -> list[Block]:
    """Set known results beside what the panel would say without them, wave by wave."""
    written, told = item.contents.study.estimation.anchor, item.told
    if written is None or written.item != item.item:
        return []
    text = (
        "The weights bring these answers to results that are known, so that these shares have no "
        "sampling error. What moved between them has one."
    )
    blocks: list[Block] = [Text(told.say(text))]
    if source := in_language(written.source, told.study.language):
        blocks.append(Text(told.say("Known results: {source}", source=source), "note"))
    rows = [*_rows(item)]
    if rows:
        blocks.append(
            Grid(
                name=f"{item.page}.anchored",
                title=told.say("{item}: known results and the panel, per cent", item=item.label),
                header=[told.say(text) for text in ("Wave", "Answer", "Known", "Panel alone")],
                rows=rows,
                labels=2,
            )
        )
    return blocks


def _rows(item: ItemContents) -> Iterator[list[str]]:
    """Give known results of each wave and the shares before; of waves whose shares are shown."""
    shown, _ = item.published.shares()
    if shown is None:
        return
    labels = shown.estimates.labels[~shown.hidden]
    told, margins = item.told, weights_summary(item.panel).margins
    written = item.contents.study.estimation.anchor
    for wave in item.waves:
        known = {*labels.loc[labels["wave"] == wave, "state"]}
        if written is None or wave not in written.known:
            continue
        own = margins[margins["margin"] == f"known {item.item} at {wave}"]
        own = own[own["weight"] == own["weight"].iloc[0]] if len(own) else own
        for row in own.to_dict(orient="records"):
            if row["category"] in known:
                figures = [
                    told.language.share(row[name], digits=1) for name in ("target", "before")
                ]
                yield [told.name(wave), told.name(row["category"]), *figures]


def possible_moves(item: ItemContents) -> list[Block]:
    """Draw what people can have done between the last two waves, which asked other people."""
    written, told = item.contents.study.estimation.possible_moves, item.told
    shown, _ = item.published.shares()
    if written is None or shown is None:
        return []
    waves = [*dict.fromkeys(shown.estimates.labels.loc[~shown.hidden, "wave"])][-2:]
    groups = [name for name in written.by if name in item.published.groups]
    try:
        bounds = transition_bounds(
            item.panel, item.item, waves=waves, by=groups or None, assume=written.assume
        )
    except OpinionPanelError as error:
        return [Text(told.say("Not shown: {reason}", reason=str(error)), "warning")]
    text = (
        "Other people were asked at each wave, so that nobody knows who changed. The shares at "
        "both waves allow any table between these bounds."
    )
    drawn = Shown(bounds, withheld_of(bounds, MIN_N))
    pair = told.pair(*waves)
    title = told.say("{item}: who can have moved where, {pair}", item=item.label, pair=pair)
    name = f"{item.page}.possible_moves"
    grid = grid_of(drawn, name, title, told)
    picture_of = picture("heatmap", drawn, name, title, told, [grid], size=COLUMN)
    return [Text(told.say(text)), *picture_of]
