"""The parts of the page about a score, in English and in Russian."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_contents import every
from scored_contents import scored

import opinionpanel as op
from opinionpanel.report.blocks import Grid, Picture, Points, Text
from opinionpanel.report.contents import Contents
from opinionpanel.report.plan import SCORE_PARTS, blocks_of, every_page, every_part, pages_of
from opinionpanel.study import Study


def made(part, language="en"):
    return blocks_of(scored(language), part, "warmth")


def test_a_score_has_a_page_and_a_place_on_the_front_page():
    front = pages_of(scored())
    page = next(page for page in every_page(front) if page.name == "warmth")
    assert [section.part for section in page.sections] == [
        *("score-findings", "means", "mean-change", "means-in-groups"),
        *("score-group-tests", "score-notes"),
    ]
    assert [one.page for one in front.sections if one.part == "score-headlines"] == ["warmth"]
    assert {section.part for section in page.sections} < {*SCORE_PARTS}


def test_means_are_a_trend_with_its_table():
    (picture,) = every(made("means"), Picture)
    assert picture.title == "warmth: mean at each wave"
    (grid,) = picture.grids
    assert grid.header == ["Wave", "Estimate", "n"]
    assert [row[0] for row in grid.rows] == ["May", "June", "July"]
    assert picture.drawing("phone") is not None


def test_change_stands_beside_who_moved():
    change, moved = every(made("mean-change"), Grid)
    # Below each other, they fit into half of a page.
    assert change.header == moved.header == ["", "Estimate"]
    assert [row[0] for row in change.rows] == ["before", "after", "change"]
    assert [row[0] for row in moved.rows] == ["upward", "same", "downward"]
    assert "per cent" in moved.title
    assert "numbers" in change.title


def test_groups_are_dots_with_a_table_each():
    (picture,) = every(made("means-in-groups"), Picture)
    (grid,) = picture.grids
    assert [row[0] for row in grid.rows] == ["man", "woman"]


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "warmth: mean by group, July"), ("ru", "warmth: среднее по группам, July")],
)
def test_a_series_has_means_by_group_at_its_last_wave(language, title):
    frames = {}
    for place, wave in enumerate(("May", "June", "July")):
        number = np.arange(160)
        warmth = 20 + (number * 37 + place) % 51 + 10 * (number % 2)
        frames[wave] = pd.DataFrame({"ft": warmth, "sex": np.array(["man", "woman"])[number % 2]})
    panel = op.Panel.from_waves(
        frames, person=None, items={"warmth": op.Score("ft", low=0, high=100)}, groups=["sex"]
    )
    contents = Contents(Study(title="A series", source="", panel=panel), language)
    (picture,) = every(blocks_of(contents, "means-in-groups", "warmth"), Picture)
    assert picture.title == title
    means = op.means(panel, "warmth", waves=["July"], by="sex")
    (grid,) = picture.grids
    assert grid.header[1:3] == ["man", "woman"]
    shown = contents.scores["warmth"].published.means_by("sex")
    np.testing.assert_allclose(shown.estimates.value, means.value)
    page = next(page for page in every_page(pages_of(contents)) if page.name == "warmth")
    assert [section.part for section in page.sections] == [
        *("score-findings", "means", "means-in-groups", "score-notes"),
    ]


def test_a_group_called_as_a_figure_keeps_its_name():
    panel = scored().study.panel
    panel = replace(panel, groups={"after": panel.groups["sex"]}, items={})
    contents = Contents(Study(title="A study", source="", panel=panel))
    (grid,) = every(blocks_of(contents, "means-in-groups", "warmth"), Grid)
    assert grid.header[:4] == ["After", "before", "after", "change"]
    # A study of scores alone has a report, with a chart and its methods.
    assert not contents.items
    for part in every_part(pages_of(contents)):
        blocks_of(contents, *part)
    assert every(blocks_of(contents, "key-chart", ""), Picture)


def test_whether_groups_differ_stands_in_a_table():
    (grid,) = every(made("score-group-tests"), Grid)
    assert grid.header == ["Group", "Change of the mean"]
    assert [row[0] for row in grid.rows] == ["Sex"]


@pytest.mark.parametrize("part", SCORE_PARTS)
def test_every_part_is_russian_in_russian(part):
    blocks = made(part, "ru")
    texts = [text for points in every(blocks, Points) for text in points.texts]
    for grid in every(blocks, Grid):
        texts += [grid.title, *grid.header, grid.note]
    said = " ".join(texts).casefold()
    for word in ("mean", "before", "change", "upward", "numbers", "base:", "interval"):
        assert word not in said


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["How many moved up and down is left out", "was not tested: the interval"]),
        ("ru", ["Сколько ответов сместилось", "не проверялось: интервал"]),
    ],
)
def test_few_who_moved_are_left_out_and_not_tested(language, texts):
    """Of 120 people two moved, by ten: the interval would tell how many these are."""
    contents = scored(language, steps=(20, -10))
    blocks = blocks_of(contents, "mean-change", "warmth")
    (grid,) = every(blocks, Grid)
    assert grid.data["std_error"].isna().tolist() == [False, False, True]
    said = [text.text for text in every(blocks, Text)]
    said += contents.scores["warmth"].findings
    assert all(any(text in one for one in said) for text in texts)
    assert not any("detectably" in one for one in said)
