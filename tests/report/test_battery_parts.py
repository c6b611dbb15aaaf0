"""The parts of pages of several items, in English and in Russian."""

import pytest
from made_contents import every
from questions_study import questions_study

import opinionpanel as op
from opinionpanel.report.blocks import Grid, Links, Picture, Points
from opinionpanel.report.contents import Contents
from opinionpanel.report.plan import BATTERY_PARTS, blocks_of, every_part, pages_of


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return op.read_study(questions_study(tmp_path_factory.mktemp("trust")))


@pytest.fixture(scope="module")
def contents(study):
    return Contents(study)


@pytest.fixture(scope="module")
def russian(study):
    return Contents(study, "ru")


def test_there_is_a_page_for_each_battery_and_question(contents):
    front = pages_of(contents)
    assert {"institutions", "media", "warmth"} < {page.name for page in front.children}
    # What the items of a battery found stands on the front page by each of these.
    told = [section.about for section in front.sections if section.part == "battery-headlines"]
    assert told == ["media"]
    assert ("reliability", "warmth") in every_part(front)


def test_one_chart_and_one_table_have_all_items(contents):
    (picture,) = every(blocks_of(contents, "battery-shares", "institutions"), Picture)
    (grid,) = picture.grids
    assert grid.header == ["Question", "Wave", "trust", "hard to say", "distrust"]
    assert [row[0] for row in grid.rows] == ["The president"] * 2 + ["church"] * 2
    assert picture.drawing("phone") is not None
    (grid,) = every(blocks_of(contents, "battery-shares", "media"), Picture)[0].grids
    assert grid.header[:3] == ["Answer", "Wave", "selected"]
    (grid,) = every(blocks_of(contents, "battery-turnover", "media"), Picture)[0].grids
    assert [row[0] for row in grid.rows] == ["TV", "internet"]


def test_the_page_of_a_battery_leads_to_those_of_its_items(contents):
    (links,) = every(blocks_of(contents, "battery-notes", "institutions"), Links)
    assert links.targets == [("The president", "president.html"), ("church", "church.html")]
    assert not every(blocks_of(contents, "battery-notes", "media"), Links)


def test_alpha_stands_on_the_page_of_a_scale(contents):
    (grid,) = every(blocks_of(contents, "reliability", "warmth"), Grid)
    assert grid.header == ["Wave", "Estimate"]
    assert [row[0] for row in grid.rows] == ["May", "June"]


@pytest.mark.parametrize("part", [*BATTERY_PARTS, "reliability"])
def test_every_part_is_russian_in_russian(russian, part):
    for about in russian.batteries if part in BATTERY_PARTS else ["warmth"]:
        blocks = blocks_of(russian, part, about)
        texts = [text for points in every(blocks, Points) for text in points.texts]
        for grid in every(blocks, Grid):
            texts += [grid.title, *grid.header, grid.note]
        said = " ".join(texts).casefold()
        for word in ("answer", "question", "selected", "people", "wave", "alpha", "base:"):
            assert word not in said


def test_notes_say_which_intervals_hold_at_once(contents, russian):
    """A finding has a usual interval, and the table a wider one of the same figure."""
    for which, text in ((contents, "those of each table by itself"), (russian, "одновременно —")):
        points = every(blocks_of(which, "battery-notes", "institutions"), Points)
        assert any(text in line for point in points for line in point.texts)
