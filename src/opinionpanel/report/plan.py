"""The pages of a report: their names, their headings, and the part below each heading."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from opinionpanel.errors import unknown
from opinionpanel.report import change_parts
from opinionpanel.report.blocks import Block
from opinionpanel.report.contents import Contents, ItemContents

# The parts of pages, as the directive names them: of an item, or of one of its pairs of waves.
ITEM_PARTS: dict[str, Callable[..., list[Block]]] = {
    "question": change_parts.question,
    "trend": change_parts.trend,
}
PAIR_PARTS: dict[str, Callable[..., list[Block]]] = {
    "flows": change_parts.moved,
    "transitions": change_parts.matrix,
}
STUDY_PARTS: dict[str, Callable[..., list[Block]]] = {}


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it.

    Attributes
    ----------
    heading : str
        Empty for what stands at the top of its page.
    part : str
        A key of `ITEM_PARTS`, `PAIR_PARTS` or `STUDY_PARTS`.
    about : str
        The page of the item or of the pair that the part is about; empty for the study.
    """

    heading: str
    part: str
    about: str = ""


@dataclass(frozen=True)
class Page:
    """A page of a report.

    Attributes
    ----------
    name : str
        Of its file, without an ending.
    title : str
    sections : sequence of Section
    children : sequence of Page
    """

    name: str
    title: str
    sections: Sequence[Section]
    children: Sequence["Page"] = ()


def pages_of(contents: Contents) -> Page:
    """Plan the report: its front page, with all others below it."""
    items = [_item_page(contents, name) for name in contents.items]
    return Page("index", contents.study.title, [], items)


def _item_page(contents: Contents, name: str) -> Page:
    item, say = contents.items[name], contents.told.say
    sections = [Section("", "question", name), Section(say("Trend"), "trend", name)]
    pairs = list(item.pairs)
    if pairs:
        sections += [
            Section(say("Who moved where"), "flows", pairs[-1]),
            Section(say("Where people of each position went"), "transitions", pairs[-1]),
        ]
    return Page(name, item.label, sections, [_pair_page(contents, name, page) for page in pairs])


def _pair_page(contents: Contents, name: str, page: str) -> Page:
    item, say = contents.items[name], contents.told.say
    title = f"{item.label}, {item.told.pair(*item.pairs[page])}"
    sections = [
        Section(say("Who moved where"), "flows", page),
        Section(say("Where people of each position went"), "transitions", page),
    ]
    return Page(page, title, sections)


def blocks_of(contents: Contents, part: str, about: str) -> list[Block]:
    """Make a part of a page.

    Raises
    ------
    SelectionError
        There is no such part, or nothing that it could be about.
    """
    if part in STUDY_PARTS:
        return STUDY_PARTS[part](contents)
    if part in ITEM_PARTS:
        return ITEM_PARTS[part](_known(about, contents.items, "page"))
    pairs = {page: item for item in contents.items.values() for page in item.pairs}
    if part in PAIR_PARTS:
        return PAIR_PARTS[part](_known(about, pairs, "page"), about)
    raise unknown("part of a report", part, [*STUDY_PARTS, *ITEM_PARTS, *PAIR_PARTS])


def _known(page: str, items: Mapping[str, ItemContents], what: str) -> ItemContents:
    if page not in items:
        raise unknown(what, page, items)
    return items[page]


def every_page(page: Page) -> Iterator[Page]:
    """Give a page and all below it, in the order in which they are read."""
    yield page
    for child in page.children:
        yield from every_page(child)
