"""Reports of waves that asked other people: nothing in them is about the same people."""

from functools import cache
from string import Formatter

import numpy as np
import pandas as pd
import pytest
from made_contents import every, part, plain

import opinionpanel as op
from opinionpanel.report.asked_words import OTHER_PEOPLE, SAME_PEOPLE, asked_words
from opinionpanel.report.blocks import Grid, Picture, Points, Text
from opinionpanel.report.contents import Contents
from opinionpanel.report.plan import blocks_of, every_page, pages_of
from opinionpanel.report.russian_reports import RUSSIAN_REPORTS
from opinionpanel.study import Study

STATES = {"yes": [1], "no": [2]}


@cache
def series(language="en", **design):
    rng = np.random.default_rng(5)
    frames = {}
    for wave, yes in (("2021", 0.3), ("2022", 0.4), ("2023", 0.6)):
        frame = pd.DataFrame({"q": np.where(rng.random(300) < yes, 1, 2)})
        frame["sex"] = np.where((frame["q"] == 1) & (rng.random(300) < 0.7), "man", "woman")
        frames[wave] = frame
    panel = op.Panel.from_waves(
        frames,
        person=None,
        items={"q": op.Item("q", STATES), "r": op.Item("q", STATES)},
        groups=["sex"],
        design=op.Design(weight=None, **design),
    )
    return Contents(Study(title="A series", source="", panel=panel), language)


def test_there_are_no_pages_of_two_waves():
    names = [page.name for page in every_page(pages_of(series()))]
    assert names == ["index", "q", "r"]
    (page, _) = pages_of(series()).children
    parts = [section.part for section in page.sections]
    assert parts == [
        *("findings", "trend", "shares-in-groups", "group-tests", "all-tables", "notes")
    ]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_text_is_about_links_or_moves(language):
    contents = series(language, sample="nonprobability")
    said = []
    for page in every_page(pages_of(contents)):
        for section in page.sections:
            said += texts_of(blocks_of(contents, section.part, section.about))
    text = " ".join(said).lower()
    assert ("other people" if language == "en" else "другие люди") in text
    wrong = ("linked", "lost", "turnover", "same people", "drop-out", "staying in", "ids of")
    russian = ("оборот", "одних и тех же", "выбыл", "идентификатор", "продолжение его")
    assert [word for word in (*wrong, *russian) if word in text] == []


def texts_of(blocks):
    found = [block.text for block in every(blocks, Text)]
    found += [text for block in every(blocks, Points) for text in block.texts]
    for grid in every(blocks, Grid):
        found += [grid.title, grid.note, *grid.header, *(cell for row in grid.rows for cell in row)]
    return found


def test_people_are_counted_by_wave():
    (grid,) = every(part(series(), "who-was-asked"), Grid)
    assert grid.header == ["Wave", "Fieldwork", "n", "Weight"]
    assert [row[2] for row in grid.rows] == ["300"] * 3


def test_change_is_found_and_groups_differ():
    (first, *_) = series().items["q"].findings
    assert first.startswith("“yes” rose by ")
    assert "between 2021 and 2023" in first
    assert len(every(part(series(), "trend", "q"), Picture)) == 1
    grids = every(part(series(), "group-tests", "q"), Grid)
    assert grids[0].rows[0][0] == "Sex"
    assert grids[0].rows[0][1].startswith("<")
    (picture,) = every(part(series(), "shares-in-groups", "q"), Picture)
    assert picture.title.endswith("by group, 2023")


def test_the_sentences_go_with_the_panel():
    assert asked_words(series().study.panel) is OTHER_PEOPLE
    assert asked_words(plain().study.panel) is SAME_PEOPLE


@pytest.mark.parametrize("words", [SAME_PEOPLE, OTHER_PEOPLE])
def test_every_sentence_has_its_russian_words(words):
    *plain_words, read = vars(words).values()
    for text in (*plain_words, *read):
        russian = RUSSIAN_REPORTS[text]
        for form in [russian] if isinstance(russian, str) else russian:
            assert places(form) == places(text)


def places(text):
    return {place for _, place, _, _ in Formatter().parse(text) if place}
