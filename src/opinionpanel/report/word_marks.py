"""What documents of Word need besides their texts: styles, fields, and marks of tables."""

from collections.abc import Iterable, Sequence
from typing import Any

from opinionpanel.escaping import xml_characters

FONT = "Arial"
# The size of letters and the room above and below, in points, by the name of the style. Those that
# the template lacks are made.
STYLES = {
    "Normal": (10.0, 0, 6),
    "Title": (28.0, 180, 24),
    "Heading 1": (20.0, 0, 8),
    "Heading 2": (14.0, 18, 4),
    "Heading 3": (11.0, 12, 4),
    "Quote": (10.0, 0, 6),
    "Intense Quote": (10.0, 6, 6),
    "List Bullet": (10.0, 0, 3),
    "Caption": (8.5, 10, 3),
    "Table Text": (8.5, 1, 1),
    "Note": (8.0, 3, 6),
    "Note Bullet": (8.0, 0, 2),
    "Contents": (20.0, 0, 8),
    "toc 1": (9.0, 4, 1),
    "toc 2": (9.0, 0, 1),
    "Footer": (8.0, 0, 0),
}
BASED_ON = {"Note Bullet": "List Bullet"}
BOLD = ("Title", "Heading 1", "Heading 2", "Heading 3", "Caption", "Contents", "toc 1")
# In centimetres, from the left margin.
INDENT, NUMBERS_AT = 0.6, 16.0


def lay_out_styles(document: Any, language: str) -> None:
    """Give the document's styles one font and black letters, and its texts their language."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Cm, Pt, RGBColor

    styles = document.styles
    for name, (size, above, below) in STYLES.items():
        if name not in styles:
            # Word fills a table of contents in styles that it knows by these names.
            known = name.startswith("toc")
            made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=known)
            made.base_style = styles[BASED_ON.get(name, "Normal")]
        style, tone = styles[name], 0x44 if name.startswith("Note") else 0x11
        style.font.size, style.font.bold, style.font.italic = Pt(size), name in BOLD, None
        style.font.color.rgb = RGBColor(tone, tone, tone)
        _set_font(style)
        layout = style.paragraph_format
        layout.space_before, layout.space_after = Pt(above), Pt(below)
        layout.line_spacing = 1.15
    for name in ("Title", "Intense Quote"):
        _without_border(styles[name])
    for name in ("Quote", "Intense Quote"):
        layout = styles[name].paragraph_format
        layout.left_indent, layout.right_indent = Cm(INDENT), Cm(0)
    for name in ("Heading 1", "Contents"):
        styles[name].paragraph_format.page_break_before = True
    styles["Caption"].paragraph_format.keep_with_next = True
    styles["toc 2"].paragraph_format.left_indent = Cm(INDENT)
    for name in ("toc 1", "toc 2"):
        stops = styles[name].paragraph_format.tab_stops
        stops.add_tab_stop(Cm(NUMBERS_AT), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    for found in styles.element.xpath("w:docDefaults//w:lang"):
        found.set(_name("w:val"), language)


def _set_font(style: Any) -> None:
    """Name the font for all scripts: what a theme names would have the last word."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(_name(f"w:{script}"), FONT)


def _without_border(style: Any) -> None:
    for border in style.element.xpath("w:pPr/w:pBdr"):
        border.getparent().remove(border)


def _name(name: str) -> Any:
    from docx.oxml.ns import qn

    return qn(name)


def _element(name: str, /, **attributes: str) -> Any:
    from docx.oxml import OxmlElement

    made = OxmlElement(name)
    for attribute, value in attributes.items():
        made.set(_name(f"w:{attribute}"), value)
    return made


def add_contents(document: Any, head: str, listed: Sequence[tuple[int, str, int]]) -> None:
    """Add a table of contents, to which Word adds the numbers of pages: only it knows them.

    Parameters
    ----------
    document : docx.document.Document
    head : str
    listed : sequence of (int, str, int)
        The number of a heading, as in `mark_target`, its text, and its level.
    """
    document.add_paragraph(head, style="Contents")
    deepest = max(level for _, _, level in listed)
    entry: Any = None
    for place, (number, text, level) in enumerate(listed):
        entry = document.add_paragraph(style=f"toc {level}")
        if place == 0:
            _begin(entry._p, rf'TOC \o "1-{deepest}" \h \z \u', dirty="true")
        link = _element("w:hyperlink", anchor=_target(number), history="1")
        entry._p.append(link)
        link.append(_run(xml_characters(text)))
    entry._p.append(_mark("end"))


def mark_target(heading: Any, number: int) -> None:
    """Let the table of contents lead to a heading."""
    start = _element("w:bookmarkStart", id=str(number), name=_target(number))
    heading._p.insert(1, start)
    heading._p.append(_element("w:bookmarkEnd", id=str(number)))


def _target(number: int) -> str:
    return f"_Toc{number:06}"


def page_number(paragraph: Any) -> None:
    """Write the number of the page and that of all pages."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for text in ("PAGE", " / ", "NUMPAGES"):
        if text.isupper():
            _begin(paragraph._p, text)
            paragraph._p.append(_mark("end"))
        else:
            paragraph._p.append(_run(text))


def _begin(parent: Any, instruction: str, **attributes: str) -> None:
    """Begin a field that Word fills; what follows, up to its end, is what it shows until then."""
    text = _element("w:instrText")
    text.text = instruction
    parent.append(_mark("begin", **attributes))
    parent.append(_with(_element("w:r"), [text]))
    parent.append(_mark("separate"))


def _mark(kind: str, **attributes: str) -> Any:
    return _with(_element("w:r"), [_element("w:fldChar", fldCharType=kind, **attributes)])


def _run(text: str) -> Any:
    letters = _element("w:t")
    letters.text = text
    letters.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return _with(_element("w:r"), [letters])


def _with(parent: Any, children: Iterable[Any]) -> Any:
    for child in children:
        parent.append(child)
    return parent


def rule_table(table: Any) -> None:
    """Rule a table above, below and between its rows, and begin it at the margin of the page."""
    lines = {"top": ("8", "111111"), "bottom": ("8", "111111"), "insideH": ("2", "BBBBBB")}
    borders = [
        _element(f"w:{side}", val="single", sz=width, space="0", color=colour)
        for side, (width, colour) in lines.items()
    ]
    # Columns are as wide as they are told.
    table.autofit = False
    # The order of these is that of the format.
    layout = table._tbl.tblPr.find(_name("w:tblLayout"))
    layout.addprevious(_with(_element("w:tblBorders"), borders))
    left = _element("w:left", w="0", type="dxa")
    layout.addnext(_with(_element("w:tblCellMar"), [left]))


def mark_row(row: Any, *, header: bool) -> None:
    """Say of a row that it is not to be split, and whether it is repeated on each page."""
    marks = [_element("w:cantSplit"), *([_element("w:tblHeader")] if header else [])]
    _with(row._tr.get_or_add_trPr(), marks)


def keep_whole(rows: Iterable[Any]) -> None:
    """Keep rows on the page of what follows them."""
    for row in rows:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def shade(cell: Any, colour: str) -> None:
    """Colour a cell, such as by "#e3edf7"."""
    fill = _element("w:shd", val="clear", color="auto", fill=colour.removeprefix("#"))
    cell._tc.get_or_add_tcPr().append(fill)
