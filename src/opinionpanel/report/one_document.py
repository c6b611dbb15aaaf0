"""A report as one document, which is read from its first page to its last."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from opinionpanel.report.blocks import Block, Folded, Links, Picture, Text
from opinionpanel.report.contents import Contents
from opinionpanel.report.plan import Page, Section, blocks_of, pages_of
from opinionpanel.report.study_parts import fieldwork

# Stands on the first page, below the title.
OPENING = "overview"
# Leads to files, which paper cannot.
ELSEWHERE = "all-files"
# Headings down to this level stand in the table of contents.
LISTED = 2


@dataclass(frozen=True)
class Heading:
    """A heading within a document.

    Attributes
    ----------
    text : str
    level : int
        1 for a chapter, which begins on a new page; 2 and 3 for what is below.
    """

    text: str
    level: int


def opening(contents: Contents) -> list[Block]:
    """Give what stands below the title: when people were asked, and where the data come from."""
    days = fieldwork(contents)
    dates = [Text(contents.told.say("Fieldwork: {dates}", dates=days))] if days else []
    return [*dates, *on_paper(blocks_of(contents, OPENING, ""))]


def reading_order(contents: Contents) -> Iterator[Heading | Block]:
    """Give all that follows the first page: what is about the study, then item by item.

    Pairs of waves are below their item; nothing is folded, and no link leads elsewhere.
    """
    front, say = pages_of(contents), contents.told.say
    yield Heading(say("Overview"), 1)
    yield Heading(say("What was found"), 2)
    yield from _sections(contents, [part for part in front.sections if part.page], 3)
    others = [part for part in front.sections if not part.page]
    kept = [part for part in others if part.part not in (OPENING, ELSEWHERE)]
    yield from _sections(contents, kept, 2)
    for page in front.children:
        yield from _page(contents, page, 1)


def _page(contents: Contents, page: Page, level: int) -> Iterator[Heading | Block]:
    yield Heading(page.listed or page.title, level)
    yield from _sections(contents, page.sections, level + 1)
    for child in page.children:
        yield from _page(contents, child, level + 1)


def _sections(
    contents: Contents, sections: Iterable[Section], level: int
) -> Iterator[Heading | Block]:
    for section in sections:
        blocks = list(on_paper(blocks_of(contents, section.part, section.about)))
        if section.heading and blocks:
            yield Heading(section.heading, level)
        yield from blocks


def on_paper(blocks: Iterable[Block]) -> Iterator[Block]:
    """Unfold what is folded, and leave out what leads elsewhere."""
    for block in blocks:
        if isinstance(block, Folded):
            yield from on_paper(block.blocks)
        elif isinstance(block, Picture):
            yield block
            yield from block.grids
        elif not isinstance(block, Links):
            yield block
