"""A report as one document, in the order of reading."""

import pytest
from made_contents import bundled, every, part, plain

from opinionpanel.report import one_document
from opinionpanel.report.blocks import Block, Folded, Grid, Links, Picture, Points, Text
from opinionpanel.report.one_document import Heading, on_paper, opening, reading_order
from opinionpanel.report.plan import Page, blocks_of, every_page, pages_of


def headings(contents, *levels):
    found = [one for one in reading_order(contents) if isinstance(one, Heading)]
    return [heading.text for heading in found if heading.level in (levels or (1, 2, 3))]


def test_what_is_folded_is_unfolded_and_links_are_left_out():
    blocks = [Folded("more", [Text("a"), Links([])]), Points(["b"], "finding"), Links([])]
    assert list(on_paper(blocks)) == [Points(["b"], "finding")]


def test_only_the_text_right_above_links_leads_to_them():
    blocks = [Text("stays"), Text("all files:"), Links([]), Text("stays, too")]
    assert list(on_paper(blocks)) == [Text("stays"), Text("stays, too")]
    assert list(on_paper([])) == []


def test_tables_of_a_chart_follow_it():
    (block, *_) = part(bundled(), "trend", next(iter(bundled().items)))
    shown = list(on_paper([block]))
    assert shown == [block, *block.grids]


@pytest.mark.parametrize("contents", [bundled, plain])
def test_chapters_are_the_overview_and_the_pages_below_the_front(contents):
    front = pages_of(contents())
    assert headings(contents(), 1) == ["Overview", *(page.title for page in front.children)]


@pytest.mark.parametrize("contents", [bundled, plain])
def test_levels_go_down_one_by_one_and_every_heading_has_something_below(contents):
    parts = list(reading_order(contents()))
    level = 0
    for one, following in zip(parts, [*parts[1:], None], strict=True):
        if isinstance(one, Heading):
            assert one.level <= level + 1
            level = one.level
            deeper = isinstance(following, Heading) and following.level > one.level
            assert deeper or isinstance(following, Block)


@pytest.mark.parametrize("contents", [bundled, plain])
def test_every_table_of_the_pages_is_in_the_document(contents):
    front = pages_of(contents())
    pages = [
        block
        for page in every_page(front)
        for section in page.sections
        for block in blocks_of(contents(), section.part, section.about)
    ]
    names = {grid.name for grid in every(pages, Grid)}
    assert {one.name for one in reading_order(contents()) if isinstance(one, Grid)} == names


def test_no_table_of_an_item_stands_twice_in_its_chapter():
    chapters, names = {}, []
    for one in reading_order(bundled()):
        if isinstance(one, Heading) and one.level == 1:
            names = chapters.setdefault(one.text, [])
        elif isinstance(one, Grid | Picture):
            names.append((type(one), one.name))
    assert len(chapters) > 3
    for found in chapters.values():
        assert len(found) == len(set(found))


def test_a_pair_that_the_page_of_its_item_shows_adds_what_that_does_not():
    # Three answers: a table of opposite moves stands on the page of the pair alone.
    item = next(iter(bundled().items.values()))
    pairs = [bundled().told.pair(*pair) for pair in item.pairs.values()]
    chapter = headings(bundled())
    assert all(chapter.count(pair) == len(bundled().items) for pair in pairs)


def test_links_leave_no_heading_of_files():
    found = headings(bundled())
    assert "Numbers and charts to take away" not in found
    assert "All tables" not in found
    assert "Which answer codes count as which answer" in found


def test_the_first_page_says_when_people_were_asked():
    texts = [block.text for block in opening(bundled())]
    assert texts[0] == "Fieldwork: 8 July 2024 – 16 July 2025"
    assert texts[1].startswith("Source:")
    # Nothing is declared.
    assert opening(plain()) == []


def test_directions_of_headings_are_closed_before_numbers_of_pages_follow(monkeypatch):
    page = Page("index", "", [], [Page("one", "\u202eone", [])])
    monkeypatch.setattr(one_document, "pages_of", lambda _: page)
    assert headings(plain(), 1)[-1] == "\u202eone\u202c"
