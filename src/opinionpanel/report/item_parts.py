"""Parts of pages about an item that frame the others: wording, findings, all tables, notes."""

from opinionpanel.charts import notes
from opinionpanel.disclosure import MIN_N, Shown
from opinionpanel.report import change_parts
from opinionpanel.report.blocks import Block, Folded, Links, Points, Text
from opinionpanel.report.contents import ItemContents
from opinionpanel.report.html import DOWNLOADS
from opinionpanel.report.pictures import COLUMN


def headlines(item: ItemContents) -> list[Block]:
    """Say on the front page what was found, and lead to the page of the item."""
    return [Points(item.findings, "finding", item.page)]


def findings(item: ItemContents) -> list[Block]:
    """Show the wording, and what a reader should know first."""
    told, wording = item.told, item.panel.item(item.item).question
    asked = told.say("The study declares no wording for this question.")
    question = Text(f"“{wording}”", "question") if wording else Text(asked, "note")
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
    codes = [Text(line) for line in str(item.panel.item(item.item)).split("\n") if line.strip()]
    return [*blocks, Folded(told.say("Which answer codes count as which answer"), codes)]


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
    told, lines = item.told, list(item.published.notes)
    for shown in tables:
        lines += notes(shown.estimates, language=told.language, min_n=MIN_N)
    adjusted = told.say(
        "p, adjusted: all comparisons about this question are one family. Joint tests come first; "
        "single comparisons count only where theirs shows a difference (Holm 1979). Intervals "
        "stand alone: of many, some exclude zero by chance."
    )
    return [Points([*dict.fromkeys(lines), adjusted], "note")]
