"""Blocks of a report as HTML."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from opinionpanel.drawing import Drawing
from opinionpanel.escaping import html_text
from opinionpanel.report.blocks import INDENT, Block, Grid, Links, Picture, Points, Text, unbroken
from opinionpanel.report.chart_boxes import NEEDS, chart_box
from opinionpanel.report.told import Told

# Where pages link to the files of tables and charts, and what files each has.
DOWNLOADS = "downloads"
ARCHIVE = "report.zip"
OF_GRID = {"csv": "CSV", "printed.csv": "CSV as printed"}
OF_PICTURE = {"svg": "SVG", "png": "PNG", "pptx": "PPTX"}
# From which strength on each step of colour stands for a figure.
STEPS = (0.1, 0.2, 0.3, 0.5)


def html_of(blocks: Iterable[Block], told: Told, *, downloads: bool = True) -> str:
    """Lay blocks out one below the other.

    Parameters
    ----------
    blocks : iterable of Block
    told : Told
    downloads : bool
        Whether tables and charts link to their files.
    """
    return "".join(_html(block, told, downloads) for block in blocks)


def _html(block: Block, told: Told, downloads: bool) -> str:
    if isinstance(block, Text):
        return f'<p class="opinionpanel-{block.kind}">{html_text(unbroken(block.text))}</p>'
    if isinstance(block, Points):
        points = "".join(f"<li>{html_text(unbroken(text))}</li>" for text in block.texts)
        return f'<ul class="opinionpanel-{block.kind}">{points}</ul>'
    if isinstance(block, Links):
        return _links(block.targets)
    if isinstance(block, Grid):
        return grid_html(block, told, downloads=downloads)
    if isinstance(block, Picture):
        return _picture(block, told, downloads)
    return _folded(block.summary, html_of(block.blocks, told, downloads=downloads))


def _links(targets: Iterable[tuple[str, str]]) -> str:
    links = (f'<a href="{html_text(place)}">{html_text(text)}</a>' for text, place in targets)
    return f'<p class="opinionpanel-links">{" · ".join(links)}</p>'


def _folded(summary: str, inner: str) -> str:
    return (
        f'<details class="opinionpanel-numbers"><summary>{html_text(summary)}</summary>'
        f"{inner}</details>"
    )


def grid_html(grid: Grid, told: Told, *, downloads: bool = True) -> str:
    """Lay a table out in a box that scrolls sideways where the page is narrow."""
    head = "".join(f'<th scope="col">{html_text(name)}</th>' for name in grid.header)
    classes = [list(map(tint, row)) for row in grid.strengths] or [[]] * len(grid.rows)
    rows = "".join(
        f"<tr>{_cells(row, grid.labels, own)}</tr>"
        for row, own in zip(grid.rows, classes, strict=True)
    )
    note = _html(Text(grid.note, "note"), told, downloads) if grid.note else ""
    files = _files(grid.name, OF_GRID, told) if downloads and grid.data is not None else ""
    kind = "opinionpanel-table" if grid.data is not None else "opinionpanel-table in-words"
    # A box that scrolls must be reachable by keyboard, and then needs a name.
    return (
        '<div class="opinionpanel-scroll" tabindex="0" role="group" '
        f'aria-label="{html_text(grid.title)}"><table class="{kind}">'
        f"<caption>{html_text(grid.title)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{note}{files}"
    )


def _cells(row: Sequence[str], labels: int, classes: Sequence[str]) -> str:
    heads = "".join(map(_row_head, row[:labels]))
    own = [f' class="{name}"' if name else "" for name in classes] or [""] * (len(row) - labels)
    figures = zip(row[labels:], own, strict=True)
    return heads + "".join(f"<td{name}>{html_text(cell)}</td>" for cell, name in figures)


def _row_head(cell: str) -> str:
    if cell.startswith(INDENT):
        return f'<th scope="row" class="part">{html_text(cell.removeprefix(INDENT))}</th>'
    return f'<th scope="row">{html_text(cell)}</th>'


def tint(strength: float) -> str:
    """Name the class that colours a figure: of four steps above and below nothing, or none."""
    step = sum(abs(strength) >= least for least in STEPS)
    return f"{'more' if strength > 0 else 'less'}-{step}" if step else ""


def tints() -> dict[str, str]:
    """Give the colour of each class of `tint`, such as "#e3edf7", as the style of pages has it."""
    style = (Path(__file__).parent / "static" / "opinionpanel.css").read_text(encoding="utf-8")
    return dict(re.findall(r"\.((?:more|less)-\d) \{\s*background: (#\w{6});", style))


def _files(name: str, endings: Mapping[str, str], told: Told) -> str:
    links = ", ".join(
        f'<a href="{DOWNLOADS}/{html_text(name)}.{ending}" download>{html_text(told.say(text))}</a>'
        for ending, text in endings.items()
    )
    return f'<p class="opinionpanel-files">{html_text(told.say("Download:"))} {links}</p>'


def _picture(block: Picture, told: Told, downloads: bool) -> str:
    files = _files(block.name, OF_PICTURE, told) if downloads else ""
    numbers = html_of(block.grids, told, downloads=downloads)
    if block.grids:
        numbers = _folded(told.say("The numbers of this chart as a table"), numbers)
    return chart_html(block, told) + files + numbers


def chart_html(block: Picture, told: Told) -> str:
    """Write the boxes of a chart.

    Narrow windows show the chart for phones in the place of the other, where there is one.
    """
    page, phone = block.draw(block.size), block.drawing("phone")
    # Charts as wide as a page take all columns of theirs.
    column = "" if block.size == "page" else " column"
    if phone is None:
        return _box(block, page, f"all{column}", told)
    return _box(block, page, f"wide{column}", told) + _box(block, phone, f"narrow{column}", told)


def _box(block: Picture, drawing: Drawing, windows: str, told: Told) -> str:
    # Checking the whole specification against its schema would take a fifth of the page's time.
    spec = drawing.chart().to_dict(validate=False)
    return chart_box(spec, name=block.name, windows=windows, needs=told.say(NEEDS))
