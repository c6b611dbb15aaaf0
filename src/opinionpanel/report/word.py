"""A report as a document of Word: headings, real tables, and pictures that say what they show."""

import io
from typing import Any

from opinionpanel.drawing import MOMENT, described, pictures_of, undated
from opinionpanel.escaping import one_line, xml_characters
from opinionpanel.report.blocks import Block, Grid, Picture, Points, Text, unbroken
from opinionpanel.report.contents import Contents
from opinionpanel.report.html import tint, tints
from opinionpanel.report.one_document import LISTED, Heading, opening, reading_order
from opinionpanel.report.told import Told
from opinionpanel.report.word_marks import (
    add_contents,
    keep_whole,
    lay_out_styles,
    mark_row,
    mark_target,
    page_number,
    rule_table,
    shade,
)

# Of pictures and tables, in centimetres: what A4 leaves between its margins.
WIDTH = 16.0
# So many rows stay on one page; of longer tables the first do.
WHOLE, FIRST = 15, 3
# The longest cell that a column is made wide for, and what each needs besides, in characters.
LONGEST, BESIDE = 44, 3
# What texts look like, by their kind.
STYLES = {"question": "Quote", "warning": "Intense Quote", "note": "Note"}


def docx_of(contents: Contents) -> bytes:
    """Write the whole report.

    Raises
    ------
    OpinionPanelError
        A chart cannot be drawn.
    """
    from docx import Document

    document: Any = Document()
    told = contents.told
    _describe(document, contents)
    lay_out_styles(document, told.language.code)
    document.add_paragraph(xml_characters(told.study.title), style="Title")
    for block in opening(contents):
        _add(document, block, told)
    parts = list(reading_order(contents))
    listed = [
        (place, part.text, part.level)
        for place, part in enumerate(parts)
        if isinstance(part, Heading) and part.level <= LISTED
    ]
    add_contents(document, xml_characters(told.say("Contents")), listed)
    for place, part in enumerate(parts):
        if isinstance(part, Heading):
            heading = document.add_heading(xml_characters(part.text), level=part.level)
            mark_target(heading, place)
        else:
            _add(document, part, told)
    content = io.BytesIO()
    document.save(content)
    return undated(content.getvalue())


def _describe(document: Any, contents: Contents) -> None:
    """Say what the document is, but not when it was made, and lay out its pages."""
    from docx.shared import Cm

    about = document.core_properties
    about.title = xml_characters(one_line(contents.told.study.title))[:255]
    about.author = about.last_modified_by = about.comments = ""
    about.language = contents.told.language.code
    about.created = about.modified = MOMENT
    (section,) = document.sections
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.0)
    # The first page has an empty one.
    section.different_first_page_header_footer = True
    page_number(section.footer.paragraphs[0])


def _add(document: Any, block: Block, told: Told) -> None:
    if isinstance(block, Text):
        document.add_paragraph(xml_characters(unbroken(block.text)), style=STYLES.get(block.kind))
    elif isinstance(block, Points):
        style = "Note Bullet" if block.kind == "note" else "List Bullet"
        for text in block.texts:
            document.add_paragraph(xml_characters(unbroken(text)), style=style)
    elif isinstance(block, Grid):
        _table(document, block)
    elif isinstance(block, Picture):
        _picture(document, block, told)


def _table(document: Any, grid: Grid) -> None:
    """Add a table with its title above, a header that is repeated, and its note below."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    document.add_paragraph(xml_characters(grid.title), style="Caption")
    rows = [grid.header, *grid.rows]
    table = document.add_table(rows=len(rows), cols=len(grid.header))
    rule_table(table)
    widths = [Cm(width) for width in column_widths(grid)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for place, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        mark_row(row, header=place == 0)
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = widths[column]
            paragraph = cell.paragraphs[0]
            paragraph.style = "Table Text"
            paragraph.add_run(xml_characters(text)).bold = place == 0 or None
            if column >= grid.labels and grid.data is not None:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _colour(table, grid)
    kept = len(rows) if len(rows) <= WHOLE else FIRST
    keep_whole(table.rows[: kept if grid.note or kept < len(rows) else kept - 1])
    # Word would join this table with one that follows.
    document.add_paragraph(xml_characters(unbroken(grid.note)), style="Note")


def column_widths(grid: Grid) -> list[float]:
    """Share the width of a page among the columns of a table, by their longest texts.

    Returns
    -------
    list of float
        In centimetres, together `WIDTH`.
    """
    columns = zip(grid.header, *grid.rows, strict=True)
    needed = [min(max(map(len, texts)), LONGEST) + BESIDE for texts in columns]
    return [WIDTH * need / sum(needed) for need in needed]


def _colour(table: Any, grid: Grid) -> None:
    """Colour figures by their strength, as pages do."""
    colours = tints()
    for row, strengths in zip(table.rows[1:], grid.strengths, strict=False):
        for cell, strength in zip(row.cells[grid.labels :], strengths, strict=True):
            if name := tint(strength):
                shade(cell, colours[name])


def _picture(document: Any, picture: Picture, told: Told) -> None:
    """Add a picture that says what it shows, with its number and title below."""
    from docx.shared import Cm

    spec = picture.printed.chart().to_dict(validate=False)
    png = pictures_of(spec, [".png"])[".png"]
    assert isinstance(png, bytes)
    document.add_picture(io.BytesIO(png), width=Cm(WIDTH))
    shown = document.inline_shapes[-1]._inline.docPr
    shown.set("descr", xml_characters(described(spec)))
    shown.set("title", xml_characters(picture.title))
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    number = len(document.inline_shapes)
    text = told.say("Figure {number}. {title}", number=number, title=picture.title)
    caption = document.add_paragraph(xml_characters(text), style="Caption")
    caption.paragraph_format.keep_with_next = False
