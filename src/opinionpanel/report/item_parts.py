"""Parts of pages about an item that frame the others: wording, findings, all tables, notes."""

from collections.abc import Sequence
from dataclasses import replace

from opinionpanel.charts import notes
from opinionpanel.disclosure import MIN_N, Shown
from opinionpanel.report import change_parts
from opinionpanel.report.blocks import Block, Folded, Grid, Links, Points, Text
from opinionpanel.report.contents import ItemContents
from opinionpanel.report.html import DOWNLOADS
from opinionpanel.report.pictures import COLUMN
from opinionpanel.report.told import Told
from opinionpanel.waves import code_text


def headlines(item: ItemContents) -> list[Block]:
    """Say on the front page what was found."""
    return [Points(item.findings, "finding")]


def findings(item: ItemContents) -> list[Block]:
    """Show the wording, and what a reader should know first."""
    told, wording = item.told, item.panel.item(item.item).question
    question = Text(told.say("The study declares no wording for this question."), "note")
    if wording:
        question = Text(told.quoted(wording), "question")
    return [question, Points(item.findings, "finding")]


def main_moved(item: ItemContents) -> list[Block]:
    """Draw who moved between the waves of the main pair."""
    page = _main_page(item)
    return change_parts.moved(item, page, size=COLUMN) if page else []


def main_matrix(item: ItemContents) -> list[Block]:
    """Draw where those of each answer went between the waves of the main pair."""
    page = _main_page(item)
    return change_parts.matrix(item, page, size=COLUMN) if page else []


def main_change(item: ItemContents) -> list[Block]:
    """Show turnover and net change between the waves of the main pair."""
    page = _main_page(item)
    return change_parts.change(item, page) if page else []


def _main_page(item: ItemContents) -> str:
    """Name the page of the main pair; empty where there is no such pair."""
    return next((page for page, pair in item.pairs.items() if pair == item.main_pair), "")


def all_tables(item: ItemContents) -> list[Block]:
    """Lead to all pairs of waves, and say which answers count as which state."""
    told = item.told
    blocks: list[Block] = []
    if item.pairs:
        links = [(told.pair(*pair), f"{page}.html") for page, pair in item.pairs.items()]
        blocks += [Text(told.say("Every two waves that the same people answered:")), Links(links)]
    workbook = told.say("All tables of this question (Excel)")
    blocks.append(Links([(workbook, f"{DOWNLOADS}/{item.page}.xlsx")]))
    return [*blocks, Folded(told.say("Which answer codes count as which answer"), [_codes(item)])]


def _codes(item: ItemContents) -> Grid:
    """List the answer codes of each state, by the waves that have the same."""
    told, declared = item.told, item.panel.item(item.item)
    silent = {"Not asked": declared.not_asked, "No interview": declared.no_interview}
    kinds = [told.say(kind) for kind, codes in silent.items() if codes]
    alike: dict[tuple[str, ...], list[str]] = {}
    for wave in item.waves:
        codes = [*declared.codes_at(wave).values(), *filter(None, silent.values())]
        texts = [", ".join(map(code_text, several)) for several in codes]
        column = told.listed(declared.columns_at(wave))
        alike.setdefault((*texts, column), []).append(told.name(wave))
    heads = [told.listed(waves) for waves in alike.values()]
    answers = [*map(told.name, declared.state_names), *kinds, told.say("Column in the file")]
    return Grid(
        name=f"{item.page}.codes",
        title=told.say("{item}: codes in the data files", item=item.label),
        header=[told.say("Answer"), *(heads if len(heads) > 1 else [told.say("All waves")])],
        rows=[list(row) for row in zip(answers, *alike, strict=True)],
        labels=1,
    )


def item_notes(item: ItemContents) -> list[Block]:
    """Say, once for the page, what its numbers rest on."""
    shown, _ = item.published.shares()
    pairs = [] if item.main_pair is None else [item.published.flows(*item.main_pair)]
    return _notes(item, [*([] if shown is None else [shown]), *pairs])


def pair_notes(item: ItemContents, page: str) -> list[Block]:
    """Say, once for the page of a pair, what its numbers rest on."""
    pair = item.pairs[page]
    return _notes(item, [item.published.flows(*pair)] if item.published.has(*pair) else [])


def _notes(item: ItemContents, tables: list[Shown]) -> list[Block]:
    told, lines = item.told, [*item.published.notes, *note_lines(tables, item.told)]
    adjusted = told.say(
        "p, adjusted: all comparisons about this question are one family. Joint tests come first; "
        "single comparisons count only where theirs shows a difference (Holm 1979). Intervals "
        "stand alone: of many, some exclude zero by chance."
    )
    return [Points([*dict.fromkeys(lines), adjusted], "note")]


def note_lines(tables: Sequence[Shown], told: Told) -> list[str]:
    """Say what the figures of tables rest on; days of fieldwork once for each wave."""
    lines, dated = list[str](), set[str]()
    for shown in tables:
        about = shown.estimates.about
        new = {wave: days for wave, days in about.dates.items() if wave not in dated}
        days = {wave: days for wave, days in about.days.items() if wave not in dated}
        estimates = replace(shown.estimates, about=replace(about, dates=new, days=days))
        lines += notes(estimates, language=told.language, min_n=MIN_N)
        dated |= {*about.dates, *about.days}
    return lines
