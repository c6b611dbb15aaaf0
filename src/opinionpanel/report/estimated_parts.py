"""Parts of a page about an item: figures that are estimated beyond counting its answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from opinionpanel.charts import Kind
from opinionpanel.disclosure import MIN_N, Shown
from opinionpanel.errors import DesignError, OpinionPanelError, placed
from opinionpanel.estimates import Estimates, withheld_of
from opinionpanel.measures import shares, transition_bounds
from opinionpanel.models import combine, smooth, sources_agree
from opinionpanel.panel import Panel
from opinionpanel.report.blocks import Block, Grid, Text
from opinionpanel.report.change_parts import p_text
from opinionpanel.report.contents import ItemContents
from opinionpanel.report.families import ALPHA
from opinionpanel.report.grids import grid_of
from opinionpanel.report.pictures import COLUMN, picture
from opinionpanel.study import in_language
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
        own = margins[margins["margin"] == known_at(item.item, wave)]
        own = own[own["weight"] == own["weight"].iloc[0]] if len(own) else own
        for row in own.to_dict(orient="records"):
            if row["category"] in known:
                figures = [
                    told.language.share(row[name], digits=1) for name in ("target", "before")
                ]
                yield [told.name(wave), told.name(row["category"]), *figures]


def possible_moves(item: ItemContents) -> list[Block]:
    """Draw what people can have done between the last two waves, which asked other people."""
    written, waves = item.contents.study.estimation.possible_moves, _shown_waves(item)[-2:]
    if written is None or len(waves) < 2:
        return []
    groups = [name for name in written.by if name in item.published.groups]

    def bounds() -> Estimates:
        return transition_bounds(
            item.panel, item.item, waves=waves, by=groups or None, assume=written.assume
        )

    text = (
        "Other people were asked at each wave, so that nobody knows who changed. The shares at "
        "both waves allow any table between these bounds."
    )
    title = "{item}: who can have moved where, {pair}"
    title = item.told.say(title, item=item.label, pair=item.told.pair(*waves))
    return _drawn(item, bounds, "possible_moves", text, title, "heatmap")


def combined(item: ItemContents) -> list[Block]:
    """Draw the trend from all interviews: the panel's, those of fresh people, and of samples."""
    written = item.contents.study.estimation.combine
    if written is None:
        return []
    estimation = item.contents.study.estimation
    samples = {name: one for name, one in estimation.samples.items() if item.item in one.items}

    effects = {
        name: {source: waves or None for source, waves in sources.items()}
        for name, sources in written.effects.items()
    }
    asked: dict[str, Any] = {"effects": effects, "declared": written.declared}
    with _of_key("combine", item):
        p = _disagreement(item, samples, asked) if written.disagreement == "refuse" else ""
    if p:
        text = (
            "The sources disagree by more than chance would explain ({p}), and were not put "
            "together."
        )
        return [Text(item.told.say(text, p=p), "warning")]

    def levels() -> Estimates:
        return combine(
            item.panel, item.item, samples or None, **asked, disagreement=written.disagreement
        )

    text = (
        "These shares use every interview. Each source counts as much as its error allows, and "
        "the same people at several waves are known to be the same."
    )
    title = item.told.say("{item}: answers at each wave, all interviews", item=item.label)
    return _drawn(item, levels, "combine", text, title, "trend")


def _disagreement(item: ItemContents, samples: dict[str, Panel], asked: dict[str, Any]) -> str:
    """Give the p-value of a test that finds that sources disagree; else nothing."""
    try:
        pvalue = sources_agree(item.panel, item.item, samples or None, **asked).pvalue
    except DesignError:
        # There is one source at each wave.
        return ""
    if not pvalue < ALPHA:
        return ""
    shown = p_text(pvalue, item.told)
    return f"p {shown}" if shown.startswith("<") else f"p = {shown}"


def small_groups(item: ItemContents) -> list[Block]:
    """Draw one answer at the last wave in many small groups, which borrow strength."""
    estimation, waves = item.contents.study.estimation, _shown_waves(item)[-1:]
    written = estimation.small_groups
    if written is None or not waves:
        return []

    def smoothed() -> Estimates:
        direct = shares(item.contents.study.panel, item.item, by=written.by, waves=waves)
        return smooth(
            direct,
            effects=written.effects,
            population=estimation.people,
            to=written.to or None,
        ).select(state=item.key_state)

    text = (
        "Groups of few people are drawn to what groups like them have in common, the more, the "
        "fewer they are. These figures rest on a model, and are no plain counts."
    )
    state, wave = item.told.name(item.key_state), item.told.name(waves[0])
    title = "{item}: “{state}” in small groups, {wave}"
    title = item.told.say(title, item=item.label, state=state, wave=wave)
    return _drawn(item, smoothed, "small_groups", text, title, "dots")


def imputed(item: ItemContents) -> list[Block]:
    """Draw shares with imputed answers, and say how much is missing."""
    written = item.contents.study.estimation.impute
    if written is None or not item.asked_of(written):
        return []

    def pooled() -> Estimates:
        filled = item.contents.imputed(written)
        waves = [wave for wave in _shown_waves(item) if wave in filled.waves]
        return filled.estimate(shares, item.item, waves=waves)

    text = (
        "Missing answers were imputed several times, from all else that these people said. It "
        "holds as far as those who did not answer are like those who gave the same other answers."
    )
    title = item.told.say("{item}: answers at each wave, gaps imputed", item=item.label)
    return _drawn(item, pooled, "impute", text, title, "trend")


def _shown_waves(item: ItemContents) -> list[str]:
    """Name the waves whose shares are shown."""
    shown, _ = item.published.shares()
    if shown is None:
        return []
    return [*dict.fromkeys(shown.estimates.labels.loc[~shown.hidden, "wave"])]


def _drawn(
    item: ItemContents, make: Callable[[], Estimates], name: str, text: str, title: str, kind: Kind
) -> list[Block]:
    """Draw estimates that are made by a model; a refusal names the key of the study file."""
    told = item.told
    with _of_key(name, item):
        estimates = make()
    shown = Shown(estimates, withheld_of(estimates, MIN_N))
    grid = grid_of(shown, f"{item.page}.{name}", title, told)
    if made := estimates.about.modelled:
        grid = replace(grid, note=f"{grid.note} {told.language.tell(made)}")
    blocks: list[Block] = [Text(told.say(text))]
    if np.all(shown.hidden):
        return [*blocks, grid]
    drawn = picture(kind, shown, f"{item.page}.{name}", title, told, [grid], size=COLUMN)
    return [*blocks, *drawn]


@contextmanager
def _of_key(key: str, item: ItemContents) -> Iterator[None]:
    """Name the key of the study file, and the item, in what is refused."""
    try:
        yield
    except OpinionPanelError as error:
        raise type(error)(*placed(f"{key}, item {item.item!r}", error)) from None
