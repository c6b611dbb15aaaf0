"""A report as a document of Word."""

import io
import math
import zipfile

import pytest
from hypothesis import given, strategies as st
from made_contents import bundled, every, part, plain

from opinionpanel.report import word
from opinionpanel.report.blocks import Grid
from opinionpanel.report.one_document import Heading, reading_order
from opinionpanel.report.word import WIDTH, column_widths, docx_of

docx = pytest.importorskip("docx", reason="the extra opinionpanel[report] is not installed")


@pytest.fixture(scope="module")
def content():
    return docx_of(plain())


@pytest.fixture(scope="module")
def document(content):
    return docx.Document(io.BytesIO(content))


def test_headings_are_those_of_the_report(document):
    found = [p for p in document.paragraphs if p.style.name.startswith("Heading")]
    expected = [one for one in reading_order(plain()) if isinstance(one, Heading)]
    assert [p.text for p in found] == [heading.text for heading in expected]
    assert [int(p.style.name[-1]) for p in found] == [heading.level for heading in expected]
    assert document.paragraphs[0].text == plain().told.study.title


def test_tables_are_tables_with_a_header_that_is_repeated(document):
    (grid,) = every(part(plain(), "change", "opinion"), Grid)
    tables = [[[cell.text for cell in row.cells] for row in t.rows] for t in document.tables]
    assert [list(grid.header), *map(list, grid.rows)] in tables
    for table in document.tables:
        assert [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows[:2]] == [
            True,
            False,
        ]
        assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in table.rows)


def test_pictures_say_what_they_show(document):
    assert len(document.inline_shapes) > 3
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    titles = [shape._inline.docPr.get("title") for shape in document.inline_shapes]
    below = [p.text for p in document.paragraphs if p.text.startswith("Figure ")]
    assert below == [f"Figure {number}. {title}" for number, title in enumerate(titles, start=1)]


def test_the_table_of_contents_leads_to_headings(document):
    links = document.element.body.xpath("//w:hyperlink/@w:anchor")
    targets = document.element.body.xpath("//w:bookmarkStart/@w:name")
    assert links
    assert set(links) <= set(targets)
    assert len(set(targets)) == len(targets)


def test_fields_are_closed(document):
    kinds = document.element.body.xpath("//w:fldChar/@w:fldCharType")
    assert kinds == ["begin", "separate", "end"]


def test_the_same_study_is_the_same_file_and_says_nothing_of_this_machine(content):
    assert docx_of(plain()) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        about = archive.read("docProps/core.xml").decode()
    assert "1980-01-01" in about
    assert "python" not in about


def test_the_document_is_in_the_language_of_its_report(monkeypatch):
    monkeypatch.setattr(word, "reading_order", lambda _: iter([Heading("Обзор", 1)]))
    document = docx.Document(io.BytesIO(docx_of(bundled("ru"))))
    assert document.styles.element.xpath("w:docDefaults//w:lang/@w:val") == ["ru"]
    assert document.core_properties.language == "ru"


def test_figures_are_coloured_by_their_strength(monkeypatch):
    rows, strengths = [["a", "1", "2"], ["b", "3", "4"]], [[0.6, math.nan], [-0.2, 0.0]]
    grid = Grid("name", "title", ["", "x", "y"], rows, 1, strengths=strengths)
    monkeypatch.setattr(word, "reading_order", lambda _: iter([Heading("One", 1), grid]))
    document = docx.Document(io.BytesIO(docx_of(plain())))
    (table,) = document.tables
    fills = [[cell._tc.xpath("w:tcPr/w:shd/@w:fill") for cell in row.cells] for row in table.rows]
    assert fills == [[[], [], []], [[], ["6BAED6".lower()], []], [[], ["fdd0a2"], []]]


@given(st.lists(st.lists(st.text(max_size=90), min_size=3, max_size=3), min_size=1, max_size=5))
def test_columns_share_the_page_and_none_is_narrower_than_one_with_shorter_texts(texts):
    header, *rows = texts
    widths = column_widths(Grid("name", "title", header, rows, 1))
    assert math.isclose(sum(widths), WIDTH)
    longest = [max(map(len, column)) for column in zip(*texts, strict=True)]
    by_length = [width for _, width in sorted(zip(longest, widths, strict=True))]
    assert by_length == sorted(widths)
