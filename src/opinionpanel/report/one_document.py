"""A report as one document, which is read from its first page to its last."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from opinionpanel.escaping import closed
from opinionpanel.progress import steps
from opinionpanel.report.blocks import Block, Folded, Grid, Links, Picture, Text
from opinionpanel.report.contents import Contents
from opinionpanel.report.plan import Page, Section, blocks_of, pages_of
from opinionpanel.report.study_parts import fieldwork

# Stands on the first page, below the title.
OPENING = "overview"
# Headings down to this level stand in the table of contents.
LISTED = 2


@dataclass(frozen=True)
class Heading:
    """A heading within a document.

    Attributes
    ----------
    text : str
        Its directions are closed: numbers of pages follow it.
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
    others = [part for part in front.sections if not part.page and part.part != OPENING]
    yield from _sections(contents, others, 2)
    for page in steps(front.children, "report: pages"):
        yield from _chapter(contents, page)


def _chapter(contents: Contents, page: Page) -> Iterator[Heading | Block]:
    """Give a page, then those below it as far as they show what it does not."""
    parts = list(_sections(contents, page.sections, 2))
    yield Heading(closed(page.title), 1)
    yield from parts
    shown = _names(parts)
    for child in page.children:
        new = [
            section
            for section in child.sections
            if not (names := _names(_blocks(contents, section))) or names - shown
        ]
        if any(_names(_blocks(contents, section)) for section in new):
            yield Heading(closed(child.listed or child.title), 2)
            yield from _sections(contents, new, 3)


def _names(parts: Iterable[Heading | Block]) -> set[str]:
    """Name the tables among blocks; a chart's are, too."""
    return {part.name for part in parts if isinstance(part, Grid)}


def _blocks(contents: Contents, section: Section) -> list[Block]:
    return list(on_paper(blocks_of(contents, section.part, section.about)))


def _sections(
    contents: Contents, sections: Iterable[Section], level: int
) -> Iterator[Heading | Block]:
    for section in sections:
        heading, blocks = section.heading, blocks_of(contents, section.part, section.about)
        kept = list(_without_links(blocks))
        if len(kept) == 1 and isinstance(kept[0], Folded):
            # Without the links above it this is all, and says what it is.
            heading = kept[0].summary
        if heading and kept:
            yield Heading(closed(heading), level)
        yield from on_paper(kept)


def on_paper(blocks: Iterable[Block]) -> Iterator[Block]:
    """Unfold what is folded, and leave out what leads elsewhere."""
    for block in _without_links(blocks):
        if isinstance(block, Folded):
            yield from on_paper(block.blocks)
            continue
        yield block
        if isinstance(block, Picture):
            yield from block.grids


def _without_links(blocks: Iterable[Block]) -> Iterator[Block]:
    """Leave out links and the text right above them, which leads to them."""
    listed = list(blocks)
    for block, following in zip_longest(listed, listed[1:]):
        leads = isinstance(block, Text) and isinstance(following, Links)
        if not leads and not isinstance(block, Links):
            yield block
