"""Parts of a page about an item: who was lost, and whether change is more than unsteady answers."""

from dataclasses import replace

import numpy as np

from opinionpanel.disclosure import MIN_N, Shown
from opinionpanel.errors import OpinionPanelError
from opinionpanel.estimates import PAIR
from opinionpanel.models import latent_markov
from opinionpanel.report.blocks import Block, Folded, Grid, Text
from opinionpanel.report.contents import ItemContents
from opinionpanel.report.grids import grid_of
from opinionpanel.report.more_findings import lost_text
from opinionpanel.report.pictures import COLUMN, picture
from opinionpanel.report.told import Told

# How the figures of models are called in the heads of their tables.
FIGURES = {
    "observed": "Observed",
    "true": "True",
    "break-even error rate": "Wrong answers",
}


def drop_out(item: ItemContents) -> list[Block]:
    """Say how many were lost, and how far that could move turnover."""
    pair, told = item.main_pair, item.told
    blocks: list[Block] = []
    if pair is not None:
        about = item.published.turnover(*pair).estimates.about
        blocks += [Text(told.language.tell(text)) for text in about.lost.values()]
    way = item.published.way()
    if way is not None:
        blocks += [Text(text) for text in lost_text(way[1], told)]
    if not blocks:
        return [Text(told.say("Nobody who was to be asked again was lost."), "note")]
    if way is None:
        return blocks
    flows, _ = way
    title = told.say("{item}: the way of those who answered first", item=item.label)
    name = f"{item.page}.way"
    pairs = flows.estimates.labels[[*PAIR]].drop_duplicates().to_numpy().tolist()
    grids = [
        grid_of(flows.of_pair(pair[0]), f"{name}.{number}", f"{title}, {told.pair(*pair)}", told)
        for number, pair in enumerate(pairs, start=1)
    ]
    chart = picture("sankey", flows, name, title, told, grids, size=COLUMN)
    return [*blocks, Folded(told.say("The way of those who answered first, as a chart"), chart)]


def true_change(item: ItemContents) -> list[Block]:
    """Set true beside observed turnover; where no model can, say what errors could explain."""
    told = item.told
    try:
        fit = latent_markov(item.panel, item.item)
    except OpinionPanelError:
        return _break_even(item)
    shown = item.published.latent(fit.turnover)
    title = told.say("{item}: observed and true turnover, by a model", item=item.label)
    explained = (
        "Part of turnover may be unsteady answering. A latent Markov model tells it from true "
        "change, as far as its assumptions hold. It takes most of what is said once and taken back "
        "for error, short-lived changes of mind included."
    )
    return [Text(told.say(explained)), _headed(shown, f"{item.page}.true_change", title, told)]


def _headed(shown: Shown, name: str, title: str, told: Told) -> Grid:
    """Lay figures of a model out, with its own words for them in the head of the table."""
    grid = grid_of(shown, name, title, told)
    own = {text: told.say(said) for text, said in FIGURES.items()}
    return replace(grid, header=[own.get(text, text) for text in grid.header])


def _break_even(item: ItemContents) -> list[Block]:
    """Say why true change cannot be known, and how many wrong answers would explain everything."""
    told, rates = item.told, item.published.break_even()
    two = len(item.panel.chain(item.item)) < 3
    why = told.say(
        "Two waves cannot tell a change of mind from an unsteady answer: the same people would "
        "have to be asked a third time."
        if two
        else "True change cannot be told from unsteady answers here: no model that could tell them "
        "apart fits what was asked and of whom."
    )
    blocks: list[Block] = [Text(why)]
    frame = rates.frame()
    known = np.isfinite(frame["estimate"].to_numpy(dtype=np.float64))
    if not known.any():
        if (rates.estimates.n < MIN_N).all():
            return [*blocks, Text(told.say("Fewer than {n} people are in the base.", n=MIN_N))]
        return blocks
    parts = [
        told.say(
            "{share} ({pair})",
            share=told.language.share(row["estimate"], digits=0),
            pair=told.pair(row["from_wave"], row["to_wave"]),
        )
        for _, row in frame[known].iterrows()
    ]
    text = (
        "If nobody had changed their mind, and some answers had fallen on another one by mistake "
        "at each wave, these shares of wrong answers would explain all of the turnover: {parts}. "
        "Whether as many err is for the reader to judge: it is no estimate of how often people do."
    )
    blocks.append(Text(told.say(text, parts=told.listed(parts))))
    title = told.say("{item}: wrong answers that would explain all turnover", item=item.label)
    return [*blocks, _headed(rates, f"{item.page}.break_even", title, told)]
