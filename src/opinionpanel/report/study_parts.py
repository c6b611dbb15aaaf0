"""Parts of the front page: what was found, who was asked, and how the data were made."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pandas as pd

from opinionpanel.charts import notes
from opinionpanel.disclosure import MIN_N, Shown
from opinionpanel.estimates import MIN_CELL
from opinionpanel.panel import linkage_frame
from opinionpanel.phrases import per_cent
from opinionpanel.report import beside_parts, change_parts, score_parts
from opinionpanel.report.asked_words import asked_words
from opinionpanel.report.blocks import Block, Grid, Links, Picture, Points, Text
from opinionpanel.report.contents import Contents
from opinionpanel.report.html import ARCHIVE, DOWNLOADS
from opinionpanel.report.pictures import ALL_WITHHELD
from opinionpanel.report.said_of_studies import KEYS, fieldwork_of, steady_text
from opinionpanel.report.told import Told

# What is counted at each wave.
COUNTS = {"people": "n", "linked": "Linked", "new": "New", "lost": "Lost"}


def overview(contents: Contents) -> list[Block]:
    """Say where the data come from, what intervals assume, and which items have no page."""
    told, study = contents.told, contents.study
    blocks: list[Block] = []
    if study.source:
        blocks.append(Text(told.say("Source: {source}", source=study.source), "note"))
    if study.panel.design.sample == "nonprobability":
        blocks.append(Text(told.say(asked_words(study.panel).opt_in), "warning"))
    if contents.left_out:
        items = told.listed([told.label(name) for name in contents.left_out])
        text = (
            "Asked at one wave only or read as one answer, and therefore without a page: {items}."
        )
        blocks.append(Text(told.say(text, items=items), "note"))
    return blocks


def key_chart(contents: Contents) -> list[Block]:
    """Draw who moved where of the item with the largest finding; where nobody may, a trend."""
    items = sorted(contents.items.values(), key=lambda item: -item.largest)
    moved = (
        change_parts.moved(item, page)
        for item in items
        for page, pair in item.pairs.items()
        if pair == item.main_pair
    )
    trends = (change_parts.trend(item, size="page") for item in items)
    means = map(score_parts.means, contents.scores.values())
    beside = map(beside_parts.figures, contents.beside.values())
    found = chain(moved, trends, means, beside)
    charts = (one for blocks in found for one in blocks if isinstance(one, Picture))
    return [next(charts, Text(contents.told.say(ALL_WITHHELD), "note"))]


def who_was_asked(contents: Contents) -> list[Block]:
    """Show how many were interviewed at each wave, how, and who was lost."""
    told, study = contents.told, contents.study
    panel = study.panel
    counts = linkage_frame(panel)
    waves = counts[counts["what"] == "wave"].set_index("from_wave")
    waves["linked"] = (waves["people"] - waves["new"]).where(waves["people"] > waves["new"])
    # Where every wave asked other people, all are new there and nobody is lost.
    counted = dict(list(COUNTS.items())[:1]) if panel.independent else COUNTS
    rows, missing = [], told.say("not declared")
    # What is the same at all waves is told once, in the methods statement.
    differing = [key for key in ("mode", "population", "sampling") if not steady_text(study, key)]
    differing = [key for key in differing if any(key in study.of_wave(w) for w in panel.waves)]
    header = ["Wave", "Fieldwork", *(KEYS[key] for key in differing), *counted.values(), "Weight"]
    for wave in panel.waves:
        said, count = study.of_wave(wave), waves.loc[wave]
        days = panel.days.get(wave)
        dates = told.language.days(*days) if days else panel.dates.get(wave, missing)
        weight = panel.design.weight_text(wave)
        rows.append(
            [
                told.name(wave),
                dates,
                *(said.get(key, missing) for key in differing),
                *(_count(count[what], told) for what in counted),
                told.language.tell(weight),
            ]
        )
    grid = Grid(
        name="who_was_asked",
        title=told.say("People interviewed at each wave, without weights"),
        header=[told.say(text) for text in header],
        rows=rows,
        labels=2,
        note=told.say(asked_words(panel).counts),
    )
    linked = Points(list(_linked(contents, counts)))
    changed = [
        Text(told.say("{wave}: {notes}", wave=told.name(wave), notes=said["notes"]), "note")
        for wave in panel.waves
        if (said := study.of_wave(wave)).get("notes")
    ]
    return [grid, *([linked] if linked.texts else []), *changed]


def _count(number: Any, told: Told) -> str:
    return "" if pd.isna(number) else told.language.count(int(number))


def _linked(contents: Contents, counts: pd.DataFrame) -> Iterator[str]:
    """Say how many people each two waves share."""
    told, panel = contents.told, contents.study.panel
    pairs = counts[counts["what"] == "pair"].set_index(["from_wave", "to_wave"])
    for first, second in panel.pairs():
        both, lost = (int(pairs[what][first, second]) for what in ("people", "lost"))
        if not both:
            continue
        yield told.say(
            "{pair}: {both} people took part in both; {lost} ({share}) were not interviewed again.",
            pair=told.pair(first, second),
            both=both,
            lost=lost,
            share=told.language.tell(per_cent(lost / (both + lost))),
        )


def fieldwork(contents: Contents) -> str:
    """Give the days of all interviews; nothing where a wave does not declare its own."""
    return fieldwork_of(contents.study, contents.told)


def methods(contents: Contents) -> list[Block]:
    """Write the methods statement from what the study declares."""
    told, study = contents.told, contents.study
    panel = study.panel
    people = int(panel.domain.sum())
    opening = told.say(asked_words(panel).opening, waves=len(panel.waves), n=people)
    if days := fieldwork(contents):
        # Some languages end years with a full stop.
        opening = told.say("{text} Fieldwork: {days}.", text=opening, days=days.removesuffix("."))
    lines = [
        told.say("{what}: {text}", what=told.say(what), text=text)
        for key, what in KEYS.items()
        if (text := steady_text(study, key))
    ]
    shown = next(_tables(contents), None)
    intervals = [] if shown is None else notes(shown.estimates, language=told.language)[-1:]
    return [Text(opening), *([Points(lines)] if lines else []), *map(Text, intervals)]


def _tables(contents: Contents) -> Iterator[Shown]:
    """Give what is shown of each question, those of items first."""
    yield from (one for item in contents.items.values() if (one := item.published.shares()[0]))
    yield from (one for score in contents.scores.values() if (one := score.published.means()))
    yield from (one for each in contents.beside.values() if (one := each.beside))


def disclosure_list(contents: Contents) -> list[Block]:
    """Answer every item that AAPOR's Code asks to disclose, or name it as missing.

    Notes
    -----
    American Association for Public Opinion Research (2021), Code of Professional Ethics and
    Practices, section III: items for immediate disclosure.
    """
    told = contents.told
    rows = [[told.say(item), text] for item, text in _disclosed(contents)]
    title = told.say("What AAPOR's Code asks every published survey to disclose")
    return [Grid("disclosed", title, [told.say("Item"), told.say("This study")], rows, 1)]


def _disclosed(contents: Contents) -> Iterator[tuple[str, str]]:
    told, study = contents.told, contents.study
    panel, words = study.panel, asked_words(study.panel)

    def declared(*keys: str) -> str:
        texts = [_declared(contents, key) for key in keys]
        return " ".join(text if text.endswith(".") else f"{text}." for text in texts)

    yield "Data collection strategy", told.say(words.strategy)
    yield "Who sponsored and who conducted it", declared("sponsor", "contractor")
    unworded = [told.label(name) for name, asked in panel.questions.items() if not asked.question]
    worded = told.say("The wording of every question stands on its page.")
    if unworded:
        worded = told.say("Without a wording: {items}.", items=told.listed(unworded))
    yield "Questions as they were asked", worded
    yield "Population under study", declared("population")
    yield "How the sample was drawn and recruited", declared("sampling")
    yield "Mode of interview", declared("mode")
    undated = [told.name(wave) for wave in panel.waves if not panel.dates.get(wave)]
    dated = told.say("For each wave: see above.")
    if undated:
        dated = told.say("Not declared: {waves} (fieldwork).", waves=told.listed(undated))
    yield "Dates of fieldwork", dated
    precision = told.say(
        "n for each wave: see above. Every figure has its n and its 95% interval beside it."
    )
    yield "Sample sizes and precision", f"{precision} {declared('response_rate')}"
    yield "How the data were weighted", declared("weighting")
    yield "How the data were processed and checked", told.say(words.checked)
    yield "Limitations", told.say(words.limits)
    yield "Whom to ask", declared("contact")


def _declared(contents: Contents, key: str) -> str:
    """Say what is declared of all waves or each; or name it as missing."""
    told, study = contents.told, contents.study
    if text := steady_text(study, key):
        return text
    own = {wave: study.of_wave(wave).get(key) for wave in study.panel.waves}
    if not any(own.values()):
        return told.say("Not declared: {what}", what=told.say(KEYS[key]))
    lines = [
        told.say("{wave}: {text}", wave=told.name(wave), text=text or told.say("not declared"))
        for wave, text in own.items()
    ]
    return "; ".join(lines)


def all_files(contents: Contents) -> list[Block]:
    """Lead to the files of all tables and charts."""
    told = contents.told
    text = told.say(
        "Every table and chart has its files below it: numbers as CSV, pictures as SVG, PNG and "
        "slides. All of them, with a description of every column:"
    )
    archive = told.say("All numbers and charts (zip)")
    return [Text(text), Links([(archive, f"{DOWNLOADS}/{ARCHIVE}")])]


def how_to_read(contents: Contents) -> list[Block]:
    """Explain the words and the marks of the report."""
    told = contents.told
    points = [
        told.say(
            "The base is the people a percentage is a share of. It stands under every table, with "
            "their number before weighting (n)."
        ),
        *map(told.say, asked_words(contents.study.panel).read),
        told.say(
            "A number such as 26% (23 to 30) is an estimate with its 95% interval. If the study "
            "were repeated many times in the same way, about 95 of 100 such intervals would hold "
            "the value that asking everyone in the same way would give."
        ),
        told.say(
            "“No detectable difference” does not show that two numbers are equal: the sample is "
            "too small to tell them apart."
        ),
        told.say(
            "Numbers with a base of fewer than {least} people, and moves of fewer than {few}, are "
            "withheld, and so are others from which they could be computed.",
            least=MIN_N,
            few=MIN_CELL,
        ),
    ]
    if contents.study.panel.not_due:
        points.append(
            told.say(
                "Not due at a wave are people who were not to be interviewed there. They are "
                "neither lost nor missing: shares of drop-out leave them out."
            )
        )
    return [Points(points)]
