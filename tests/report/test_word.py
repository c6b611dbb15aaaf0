"""A report as a document of Word."""

import io

import pytest
from made_contents import every, part, plain

from opinionpanel.report.blocks import Grid
from opinionpanel.report.plan import every_page, pages_of
from opinionpanel.report.word import docx_of

docx = pytest.importorskip("docx", reason="the extra opinionpanel[report] is not installed")


@pytest.fixture(scope="module")
def content():
    return docx_of(plain())


def test_pages_are_headings_and_tables_are_tables(content):
    document = docx.Document(io.BytesIO(content))
    headings = [p.text for p in document.paragraphs if p.style.name in ("Title", "Heading 1")]
    assert headings == [page.title for page in every_page(pages_of(plain()))]
    (grid,) = every(part(plain(), "change", "opinion"), Grid)
    tables = [[[cell.text for cell in row.cells] for row in t.rows] for t in document.tables]
    assert [list(grid.header), *map(list, grid.rows)] in tables


def test_pictures_say_what_they_show(content):
    shapes = docx.Document(io.BytesIO(content)).inline_shapes
    assert len(shapes) > 3
    assert all(shape._inline.docPr.get("descr") for shape in shapes)


def test_the_same_study_is_the_same_file(content):
    assert docx_of(plain()) == content
