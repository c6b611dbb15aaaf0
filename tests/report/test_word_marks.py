"""Styles, fields and marks of documents of Word."""

import pytest

from opinionpanel.report import word_marks

docx = pytest.importorskip("docx", reason="the extra opinionpanel[report] is not installed")


@pytest.fixture
def document():
    made = docx.Document()
    word_marks.lay_out_styles(made, "ru")
    return made


@pytest.mark.parametrize("name", word_marks.STYLES)
def test_every_style_has_the_font_for_all_scripts(document, name):
    fonts = document.styles[name].element.rPr.rFonts
    assert {*fonts.attrib.values()} == {word_marks.FONT}
    assert len(fonts.attrib) == 4


def test_a_table_of_contents_is_one_field_around_its_entries(document):
    listed = [(0, "One <", 1), (3, "Two", 2)]
    word_marks.add_contents(document, "Contents", listed)
    head, *entries = document.paragraphs
    assert head.style.name == "Contents"
    assert [(p.text, p.style.name) for p in entries] == [("One <", "toc 1"), ("Two", "toc 2")]
    assert document.element.body.xpath("//w:instrText")[0].text == r'TOC \o "1-2" \h \z \u'
    kinds = [p._p.xpath(".//w:fldChar/@w:fldCharType") for p in entries]
    assert kinds == [["begin", "separate"], ["end"]]


def test_a_target_holds_its_heading(document):
    heading = document.add_heading("One", 1)
    word_marks.mark_target(heading, 3)
    names = [child.tag.rpartition("}")[2] for child in heading._p]
    assert names == ["pPr", "bookmarkStart", "r", "bookmarkEnd"]


def test_a_footer_counts_pages(document):
    paragraph = document.sections[0].footer.paragraphs[0]
    word_marks.page_number(paragraph)
    fields = [field.text for field in paragraph._p.xpath(".//w:instrText")]
    assert fields == ["PAGE", "NUMPAGES"]
    assert paragraph.text == " / "


def test_rows_kept_whole_are_on_the_page_of_what_follows(document):
    table = document.add_table(rows=3, cols=2)
    word_marks.keep_whole(table.rows[:2])
    kept = [row.cells[1].paragraphs[0].paragraph_format.keep_with_next for row in table.rows]
    assert kept == [True, True, None]


def test_marks_of_tables_stand_where_the_format_wants_them(document):
    table = document.add_table(rows=1, cols=1)
    word_marks.rule_table(table)
    word_marks.shade(table.cell(0, 0), "#e3edf7")
    names = [child.tag.rpartition("}")[2] for child in table._tbl.tblPr]
    order = ["tblStyle", "tblW", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
    assert names == [name for name in order if name in names]
    assert {"tblBorders", "tblCellMar"} <= {*names}
