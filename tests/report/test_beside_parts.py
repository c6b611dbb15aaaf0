"""The parts of pages that set studies side by side, in English and in Russian."""

import pytest
from made_contents import every
from two_studies import two_studies

import opinionpanel as op
from opinionpanel.report.blocks import Grid, Picture, Points, Text
from opinionpanel.report.contents import Contents
from opinionpanel.report.plan import BESIDE_PARTS, blocks_of, every_page, every_part, pages_of


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studies")
    return op.read_study(two_studies(folder, question="And talks?"))


@pytest.fixture(scope="module")
def contents(study):
    return Contents(study)


@pytest.fixture(scope="module")
def russian(study):
    return Contents(study, "ru")


def test_each_question_of_both_has_a_page_below_that_of_the_studies(contents):
    front = pages_of(contents)
    (page,) = [page for page in front.children if page.name == "studies"]
    assert [child.name for child in page.children] == ["talks.studies", "warmth.studies"]
    assert "studies" in [section.page for section in front.sections]
    assert ("beside-figures", "talks.studies") in every_part(front)
    assert len({page.name for page in every_page(front)}) == len(list(every_page(front)))


def test_both_wordings_stand_above_what_was_found(contents):
    texts = [
        one.text for one in every(blocks_of(contents, "beside-findings", "talks.studies"), Text)
    ]
    assert texts == ["North: “Should there be talks?”", "South: “And talks?”"]
    (found,) = every(blocks_of(contents, "beside-headlines", ""), Points)
    assert [text.partition(":")[0] for text in found.texts] == ["Talks", "warmth"]


def test_figures_are_drawn_with_their_table(contents):
    (picture,) = every(blocks_of(contents, "beside-figures", "talks.studies"), Picture)
    (grid,) = picture.grids
    assert grid.header == ["Study", "Wave", "for", "unsure", "against", "n"][: len(grid.header)]
    assert [row[:2] for row in grid.rows] == [
        [name, wave] for name in ("North", "South") for wave in ("spring", "autumn")
    ]
    assert picture.drawing("phone") is not None


def test_differences_have_their_test_in_the_table_and_each_of_them_in_the_file(contents):
    (picture,) = every(blocks_of(contents, "beside-difference", "talks.studies"), Picture)
    (grid,) = picture.grids
    assert grid.header == ["Studies", "Wave", "for", "unsure", "against", "p, adjusted"]
    assert [row[0] for row in grid.rows] == ["North less South"] * 2
    assert [*grid.data][:4] == ["study", "other_study", "wave", "state"]
    assert grid.data["p_adjusted"].between(0, 1).all()
    (grid,) = every(blocks_of(contents, "beside-difference", "warmth.studies"), Grid)
    assert grid.header == ["Studies", "Wave", "Difference", "p, adjusted"]


def test_how_each_study_was_made_stands_in_a_table(contents):
    (grid,) = every(blocks_of(contents, "beside-studies", ""), Grid)
    assert grid.header == ["", "North", "South"]
    assert ["Population", "Adults of North", "Adults of South"] in grid.rows


@pytest.mark.parametrize("part", [*BESIDE_PARTS, "beside-headlines", "beside-studies"])
def test_every_part_is_russian_in_russian(russian, part):
    for about in russian.beside if part in BESIDE_PARTS else [""]:
        blocks = blocks_of(russian, part, about)
        texts = [text for points in every(blocks, Points) for text in points.texts]
        for grid in every(blocks, Grid):
            texts += [grid.title, *grid.header, grid.note]
        said = " ".join(texts).casefold()
        for word in ("study", "answers", "mean", "common", "differ", "wave", "interval", "base:"):
            assert word not in said


def test_notes_on_means_speak_of_no_joint_test_of_answers(contents, russian):
    for one, said in ((contents, "of the joint test of all answers"), (russian, "по всем ответам")):
        for page, found in (("talks.studies", True), ("warmth.studies", False)):
            (points,) = every(blocks_of(one, "beside-notes", page), Points)
            assert (said in points.texts[-1]) is found
    texts = contents.beside["warmth.studies"].findings
    assert texts[0].endswith("; n = 400 and 150).")
