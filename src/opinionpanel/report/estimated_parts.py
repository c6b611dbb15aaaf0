"""Parts of a page about an item: figures that are estimated beyond counting its answers."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from opinionpanel.arrays import Booleans
from opinionpanel.charts import Kind
from opinionpanel.disclosure import MIN_N, Shown
from opinionpanel.estimates import Estimates, withheld_of
from opinionpanel.measures import shares
from opinionpanel.panel import Panel
from opinionpanel.report.blocks import Block, Grid, Text
from opinionpanel.report.change_parts import p_text
from opinionpanel.report.contents import ItemContents
from opinionpanel.report.families import ALPHA
from opinionpanel.report.grids import grid_of
from opinionpanel.report.pictures import COLUMN, picture
from opinionpanel.study import (
    bounded_moves,
    in_language,
    interviews_together,
    large_groups,
    of_key,
    smoothed_groups,
    sources_apart,
)
from opinionpanel.weighting import known_at, weights_summary


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
    table, _ = item.published.shares()
    if table is None:
        return
    labels = table.estimates.labels[~table.hidden]
    told, margins = item.told, weights_summary(item.panel).margins
    written = item.contents.study.estimation.anchor
    for wave in item.waves:
        known = {*labels.loc[labels["wave"] == wave, "state"]}
        if written is None or wave not in written.known:
            continue
        own = margins[margins["margin"] == known_at(item.item, wave)]
        own = own[own["weight"] == own["weight"].iloc[0]] if len(own) else own
        # States that the page puts together stand together here, too.
        states = own["category"].map(item.published.state)
        sums = own[["target", "before"]].groupby(states, sort=False).sum()
        for state, figures in zip(sums.index, sums.to_numpy(), strict=True):
            if state in known:
                shown = [told.language.share(figure, digits=1) for figure in figures]
                yield [told.name(wave), told.name(str(state)), *shown]


def possible_moves(item: ItemContents) -> list[Block]:
    """Draw what people can have done between the last two waves, which asked other people."""
    written, waves = item.contents.study.estimation.possible_moves, item.published.waves()[-2:]
    if written is None or len(waves) < 2:
        return []
    published = [name for name in written.by if name in item.published.groups]
    groups = large_groups(item.panel, item.item, published, waves)

    def bounds() -> Estimates:
        return bounded_moves(item.panel, item.item, written, waves, groups)

    text = item.told.say(
        "Other people were asked at each wave, so that nobody knows who changed. The shares at "
        "both waves allow any table between these bounds."
    )
    if small := [item.told.group(name) for name in written.by if name not in groups]:
        left = "They are not narrowed by {groups}, as few people are in some of these groups."
        text = f"{text} {item.told.say(left, groups=item.told.listed(small))}"
    title = "{item}: who can have moved where, {pair}"
    title = item.told.say(title, item=item.label, pair=item.told.pair(*waves))
    return _drawn(item, bounds, "possible_moves", text, title, "heatmap")


def combined(item: ItemContents) -> list[Block]:
    """Draw the trend from all interviews: the panel's, those of fresh people, and of samples."""
    if not item.combined:
        return []
    estimation, told = item.contents.study.estimation, item.told
    if item.published.narrowed:
        text = (
            "All tables are about the people who answered at all waves, so that the interviews of "
            "others are not put together with theirs."
        )
        return [Text(told.say(text))]
    with of_key(f"combine, item {item.item!r}"):
        pvalue = sources_apart(item.published, estimation)
    if pvalue < ALPHA:
        shown = p_text(pvalue, told)
        text = (
            "The sources disagree by more than chance would explain ({p}), and were not put "
            "together."
        )
        p = f"p {shown}" if shown.startswith("<") else f"p = {shown}"
        return [Text(told.say(text, p=p), "warning")]
    with of_key(f"combine, item {item.item!r}"):
        levels = interviews_together(item.published, estimation)
    if levels is None:
        return [Text(told.say("There are no other interviews to put together with these."))]
    text = (
        "These shares use every interview. Each source counts as much as its error allows, and "
        "the same people at several waves are known to be the same."
    )
    title = told.say("{item}: answers at each wave, all interviews", item=item.label)
    return _drawn(item, lambda: levels, "combine", told.say(text), title, "trend")


def small_groups(item: ItemContents) -> list[Block]:
    """Draw one answer at the last wave in many small groups, which borrow strength.

    Nobody but the page's own people counts, nor does a category stand alone that the page puts
    together with others.
    """
    estimation, waves = item.contents.study.estimation, item.published.waves()[-1:]
    written = estimation.small_groups
    if written is None or not waves:
        return []
    panel = replace(item.panel, groups=item.contents.study.panel.groups)

    def smoothed() -> Estimates:
        found = smoothed_groups(panel, item.item, written, estimation, waves[0])
        return found.select(state=item.key_state)

    def put_together(found: Estimates) -> Booleans:
        hidden = np.zeros(len(found), dtype=bool)
        for name in item.published.groups:
            if name in found.named:
                hidden |= ~found.named.where(name, *item.panel.group(name).categories)
        return hidden

    text = item.told.say(
        "Groups of few people are drawn to what groups like them have in common, the more, the "
        "fewer they are. These figures rest on a model, and are no plain counts."
    )
    state, wave = item.told.name(item.key_state), item.told.name(waves[0])
    title = "{item}: “{state}” in small groups, {wave}"
    title = item.told.say(title, item=item.label, state=state, wave=wave)
    return _drawn(item, smoothed, "small_groups", text, title, "dots", put_together)


def imputed(item: ItemContents) -> list[Block]:
    """Draw shares with imputed answers, and say how much is missing.

    With the states of the page, and as far as it shows shares.
    """
    written, told = item.contents.study.estimation.impute, item.told
    if written is None or not item.asked_of(written):
        return []
    if item.published.narrowed:
        text = (
            "All tables are about the people who answered at all waves, of whom no answer is "
            "missing."
        )
        return [Text(told.say(text))]
    waves = item.published.waves()

    def pooled() -> Estimates:
        filled = item.contents.imputed(written)
        asked = [wave for wave in waves if wave in filled.waves]

        def measured(panel: Panel) -> Estimates:
            return shares(item.published.with_states(panel), item.item, waves=asked)

        return filled.estimate(measured)

    def hidden(found: Estimates) -> Booleans:
        shown, _ = item.published.shares()
        keys = [] if shown is None else shown.estimates.named.keys(("wave", "state"))
        hides = {} if shown is None else dict(zip(keys, shown.hidden, strict=True))
        return np.array([hides.get(key, True) for key in found.named.keys(("wave", "state"))])

    text = (
        "Missing answers were imputed several times, from all else that these people said. It "
        "holds as far as those who did not answer are like those who gave the same other answers."
    )
    title = told.say("{item}: answers at each wave, gaps imputed", item=item.label)
    return _drawn(item, pooled, "impute", told.say(text), title, "trend", hidden)


def _drawn(
    item: ItemContents,
    make: Callable[[], Estimates],
    name: str,
    text: str,
    title: str,
    kind: Kind,
    hides: Callable[[Estimates], Booleans] | None = None,
) -> list[Block]:
    """Draw estimates that are made by a model; a refusal names the key of the study file.

    What the page withholds is withheld here besides what few people are in.
    """
    told = item.told
    with of_key(f"{name}, item {item.item!r}"):
        estimates = make()
    withheld = withheld_of(estimates, MIN_N)
    if hides is not None:
        withheld = replace(withheld, rows=withheld.rows | hides(estimates))
    shown = Shown(estimates, withheld)
    grid = grid_of(shown, f"{item.page}.{name}", title, told)
    if made := estimates.about.modelled:
        grid = replace(grid, note=f"{grid.note} {told.language.tell(made)}")
    blocks: list[Block] = [Text(text)]
    if np.all(shown.hidden):
        return [*blocks, grid]
    drawn = picture(kind, shown, f"{item.page}.{name}", title, told, [grid], size=COLUMN)
    return [*blocks, *drawn]
