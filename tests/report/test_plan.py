"""The pages of a report."""

import pytest
from made_contents import bundled, plain

from opinionpanel.errors import SelectionError
from opinionpanel.report.plan import (
    ITEM_PARTS,
    PAIR_PARTS,
    STUDY_PARTS,
    blocks_of,
    every_page,
    pages_of,
)


@pytest.mark.parametrize("contents", [bundled, plain])
def test_there_is_a_page_for_every_item_and_every_pair_that_links_people(contents):
    contents = contents()
    names = [page.name for page in every_page(pages_of(contents))]
    pairs = [page for item in contents.items.values() for page in item.pairs]
    together = ["together"] if len(contents.items) > 1 else []
    assert sorted(names) == sorted(["index", *contents.items, *pairs, *together])


def test_an_item_of_a_study_without_groups_has_no_headings_about_them():
    (page,) = pages_of(plain()).children
    assert not any("group" in section.part for section in page.sections)
    (page, *_) = pages_of(bundled()).children
    assert sum("group" in section.part for section in page.sections) == 3


def test_headings_of_items_on_the_front_page_lead_to_their_pages():
    front = pages_of(bundled())
    leading = {section.heading: section.page for section in front.sections if section.page}
    assert leading == {page.title: page.name for page in front.children if page.columns}


def test_lists_of_pages_call_a_pair_by_its_waves_alone():
    (page, *_) = pages_of(bundled()).children
    assert page.children[0].listed == "July 2024 → November 2024"
    assert page.children[0].title == f"{page.title}, {page.children[0].listed}"


def test_every_part_can_be_made_and_is_made_once():
    contents = plain()
    for page in every_page(pages_of(contents)):
        for section in page.sections:
            made = blocks_of(contents, section.part, section.about)
            assert made is blocks_of(contents, section.part, section.about)
    shown = {section.part for page in every_page(pages_of(contents)) for section in page.sections}
    assert shown <= {*STUDY_PARTS, *ITEM_PARTS, *PAIR_PARTS}


@pytest.mark.parametrize(
    ("part", "about", "said"),
    [
        ("trends", "opinion", "Did you mean 'trend'"),
        ("trend", "opinions", "Did you mean 'opinion'"),
        ("pair-moved", "opinion", "opinion.1-2"),
        ("overview", "opinion", "'overview' is about the whole study. Leave 'opinion' out"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(part, about, said):
    with pytest.raises(SelectionError, match=said):
        blocks_of(plain(), part, about)
