"""The files of a report's tables and charts, for people who go on working with its numbers."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from opinionpanel.drawing import pictures_of, zipped
from opinionpanel.escaping import spreadsheet_text
from opinionpanel.progress import steps
from opinionpanel.report.blocks import Block, Folded, Grid, Links, Picture, Points
from opinionpanel.report.contents import BESIDE, Contents, ItemContents
from opinionpanel.report.data_packages import package
from opinionpanel.report.html import ARCHIVE, DOWNLOADS, OF_PICTURE
from opinionpanel.report.plan import Page, Part, blocks_of, every_part
from opinionpanel.report.workbooks import workbook
from opinionpanel.written_files import write_file

PACKAGE = "datapackage.json"


def write_downloads(front: Page, contents: Contents, folder: Path) -> None:
    """Write all files of a report into a folder, which is made where it is not there."""
    folder.mkdir(exist_ok=True)
    for name, content in downloads_of(front, contents, every_part(front)).items():
        write_file(folder / name, content)


def downloads_of(front: Page, contents: Contents, shown: Collection[Part]) -> dict[str, bytes]:
    """Make a file of numbers for each table, pictures of each chart, workbooks, and all in one.

    Parameters
    ----------
    front : Page
        The front page, with all others below it.
    contents : Contents
    shown : collection of (str, str)
        The parts that pages show: only files to which they lead are made.

    Returns
    -------
    dict of str to bytes
        The files, by their names.
    """
    every = every_part(front)
    linked = _linked(shown, contents)
    archived = ARCHIVE in linked
    grids, pictures = tables_and_charts(every if archived else shown, contents)
    files: dict[str, bytes] = {}
    for grid in grids.values():
        files |= {f"{grid.name}.csv": _csv(grid.data), f"{grid.name}.printed.csv": _printed(grid)}
    for name, item in contents.items.items():
        if archived or f"{name}.xlsx" in linked:
            parts = [part for part in every if part[1] in (name, *item.pairs, f"{name}.{BESIDE}")]
            own, _ = tables_and_charts(parts, contents)
            files[f"{name}.xlsx"] = workbook(_readme(item), list(own.values()))
    # The program that draws does so outside Python: two at once take half the time.
    with ThreadPoolExecutor(2) as pool:
        drawings = [pool.submit(_drawn, picture) for picture in pictures.values()]
        for drawing in steps(drawings, "report: files of charts"):
            files |= drawing.result()
    if archived:
        files[PACKAGE] = package(grids.values(), contents.told)
        files[ARCHIVE] = zipped(dict(sorted(files.items())))
    return files


def tables_and_charts(
    shown: Iterable[Part], contents: Contents
) -> tuple[dict[str, Grid], dict[str, Picture]]:
    """List the tables with numbers and the charts of parts of pages, each once."""
    grids: dict[str, Grid] = {}
    pictures: dict[str, Picture] = {}
    for part in shown:
        for block in _inner(blocks_of(contents, *part)):
            if isinstance(block, Picture):
                pictures.setdefault(block.name, block)
            elif isinstance(block, Grid) and block.data is not None:
                grids.setdefault(block.name, block)
    return grids, pictures


def _linked(shown: Iterable[Part], contents: Contents) -> set[str]:
    """Name the files that parts of pages lead to by links of their own."""
    blocks = [block for part in shown for block in _inner(blocks_of(contents, *part))]
    places = {place for one in blocks if isinstance(one, Links) for _, place in one.targets}
    return {place.removeprefix(f"{DOWNLOADS}/") for place in places}


def _inner(blocks: Iterable[Block]) -> Iterator[Block]:
    """Give blocks, and those within them."""
    for block in blocks:
        yield block
        if isinstance(block, Picture):
            yield from _inner(block.grids)
        elif isinstance(block, Folded):
            yield from _inner(block.blocks)


def _csv(data: pd.DataFrame | None) -> bytes:
    """Write numbers: one row of names, no title; what is withheld or undefined is empty."""
    assert data is not None
    safe = data.rename(columns=lambda name: spreadsheet_text(str(name)))
    texts = safe.select_dtypes(exclude=["number", "bool"]).columns
    for name in texts:
        safe[name] = safe[name].map(spreadsheet_text, na_action="ignore")
    return safe.to_csv(index=False, lineterminator="\n").encode()


def _printed(grid: Grid) -> bytes:
    """Write a table as it stands on its page, with its title and its note."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([[spreadsheet_text(grid.title)], map(spreadsheet_text, grid.header)])
    for row in grid.rows:
        # A change such as "+4.5 (1 to 8)" is no formula that could be computed.
        writer.writerow([*map(spreadsheet_text, row[: grid.labels]), *row[grid.labels :]])
    if grid.note:
        writer.writerow([spreadsheet_text(grid.note)])
    return file.getvalue().encode()


def _drawn(picture: Picture) -> dict[str, bytes]:
    """Draw a chart as large as a page in all formats."""
    spec = picture.printed.chart().to_dict(validate=False)
    found = pictures_of(spec, [f".{ending}" for ending in OF_PICTURE])
    return {
        f"{picture.name}{ending}": content if isinstance(content, bytes) else content.encode()
        for ending, content in found.items()
    }


def _readme(item: ItemContents) -> list[str]:
    """Say in a workbook what its numbers are about and rest on."""
    told, wording = item.told, item.panel.item(item.item).question
    lines = [told.study.title, item.label, *([told.quoted(wording)] if wording else [])]
    notes = blocks_of(item.contents, "notes", item.page)
    return lines + [text for block in notes if isinstance(block, Points) for text in block.texts]
