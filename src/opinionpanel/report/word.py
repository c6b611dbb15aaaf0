"""A report as a document of Word: headings, real tables, and pictures that say what they show."""

import io
from typing import Any

from opinionpanel.drawing import MOMENT, described, pictures_of, undated
from opinionpanel.escaping import one_line, xml_characters
from opinionpanel.report.blocks import Block, Grid, Picture, Points, Text
from opinionpanel.report.contents import Contents
from opinionpanel.report.paper import ELSEWHERE, on_paper
from opinionpanel.report.plan import blocks_of, every_page, pages_of

# Of pictures, in centimetres: what A4 leaves between its margins.
WIDTH = 16.0
# What texts look like, by their kind.
STYLES = {"question": "Quote", "finding": "Normal", "warning": "Intense Quote", "note": "Normal"}


def docx_of(contents: Contents) -> bytes:
    """Write the whole report.

    Raises
    ------
    OpinionPanelError
        A chart cannot be drawn.
    """
    from docx import Document
    from docx.shared import Cm

    document: Any = Document()
    about, told = document.core_properties, contents.told
    about.title, about.author = xml_characters(one_line(told.study.title))[:255], ""
    about.last_modified_by = about.comments = ""
    about.language = told.language.code
    about.created = about.modified = MOMENT
    for section in document.sections:
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        _page_number(section.footer.paragraphs[0])
    for place, page in enumerate(every_page(pages_of(contents))):
        if place:
            document.add_page_break()
        document.add_heading(xml_characters(page.title), level=1 if place else 0)
        for part in page.sections:
            if part.part in ELSEWHERE:
                continue
            if part.heading:
                document.add_heading(xml_characters(part.heading), level=2)
            for block in on_paper(blocks_of(contents, part.part, part.about)):
                _add(document, block)
    content = io.BytesIO()
    document.save(content)
    return undated(content.getvalue())


def _add(document: Any, block: Block) -> None:
    if isinstance(block, Text):
        style = STYLES.get(block.kind, "Normal")
        _paragraph(document, block.text, style, small=block.kind == "note")
    elif isinstance(block, Points):
        for text in block.texts:
            _paragraph(document, text, "List Bullet", small=block.kind == "note")
    elif isinstance(block, Grid):
        _table(document, block)
    elif isinstance(block, Picture):
        _picture(document, block)


def _paragraph(document: Any, text: str, style: str, *, small: bool = False) -> Any:
    from docx.shared import Pt

    paragraph = document.add_paragraph(style=style)
    run = paragraph.add_run(xml_characters(text))
    if small:
        run.font.size = Pt(8.5)
    return paragraph


def _table(document: Any, grid: Grid) -> None:
    """Add a table with its title above, a header that is repeated, and its note below."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    caption = _paragraph(document, grid.title, "Caption")
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=0, cols=len(grid.header), style="Light List")
    for number, row in enumerate([grid.header, *grid.rows]):
        cells = table.add_row().cells
        for place, text in enumerate(row):
            paragraph = cells[place].paragraphs[0]
            run = paragraph.add_run(xml_characters(text))
            run.font.size, run.bold = Pt(8.5), number == 0
            if place >= grid.labels and grid.data is not None:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _mark(table.rows[0], "w:tblHeader")
    for row in table.rows:
        _mark(row, "w:cantSplit")
    if grid.note:
        _paragraph(document, grid.note, "Normal", small=True)


def _mark(row: Any, name: str) -> None:
    """Say of a row that it is a header, or is not to be split."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _picture(document: Any, picture: Picture) -> None:
    from docx.shared import Cm

    spec = picture.printed.chart().to_dict(validate=False)
    png = pictures_of(spec, [".png"])[".png"]
    assert isinstance(png, bytes)
    document.add_picture(io.BytesIO(png), width=Cm(WIDTH))
    shown = document.inline_shapes[-1]._inline.docPr
    shown.set("descr", xml_characters(described(spec)))
    shown.set("title", xml_characters(picture.title))


def _page_number(paragraph: Any) -> None:
    """Write a field that Word fills with the number of the page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
