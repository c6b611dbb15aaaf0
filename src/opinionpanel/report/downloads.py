"""The files of a report's tables and charts, for people who go on working with its numbers."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd

from opinionpanel.drawing import MOMENT, pictures_of
from opinionpanel.escaping import spreadsheet_text
from opinionpanel.report.blocks import Block, Folded, Grid, Picture, Text
from opinionpanel.report.contents import Contents, ItemContents
from opinionpanel.report.html import ARCHIVE, OF_PICTURE
from opinionpanel.report.plan import Page, blocks_of, every_page
from opinionpanel.report.workbooks import workbook
from opinionpanel.written_files import write_file

PACKAGE = "datapackage.json"
# What the columns of tables hold, for programs and people.
COLUMNS = {
    "wave": "wave",
    "from_wave": "earlier wave of the pair",
    "to_wave": "later wave of the pair",
    "state": "answer",
    "origin": "answer at the earlier wave",
    "destination": "answer at the later wave",
    "component": "part of turnover",
    "quantity": "part of turnover, or net change of the answer",
    "estimate": "weighted estimate: shares from 0 to 1, changes as differences of shares",
    "std_error": "standard error, in the unit of the estimate",
    "conf_low": "lower end of the 95% interval",
    "conf_high": "upper end of the 95% interval",
    "n": "unweighted number of people in the base",
    "n_cell": "unweighted number of people counted by the estimate",
    "p_adjusted": "p-value, adjusted for all comparisons about the question",
    "found": "whether the adjusted test shows a difference",
}


def write_downloads(front: Page, contents: Contents, folder: Path) -> None:
    """Write a file of numbers for each table, pictures of each chart, workbooks, and all in one.

    Parameters
    ----------
    front : Page
        The front page, with all others below it.
    contents : Contents
    folder : pathlib.Path
        Where to write, which is made.
    """
    grids, pictures = parts_of(front, contents)
    files: dict[str, bytes] = {f"{grid.name}.csv": _csv(grid.data) for grid in grids.values()}
    for name, item in contents.items.items():
        own = [grid for grid in grids.values() if grid.name.split(".")[0] == name]
        files[f"{name}.xlsx"] = workbook(_readme(item), own)
    # The program that draws does so outside Python: two at once take half the time.
    with ThreadPoolExecutor(2) as pool:
        for drawn in pool.map(_drawn, pictures.values()):
            files |= drawn
    package = _package(contents, grids.values())
    files[PACKAGE] = json.dumps(package, ensure_ascii=False, indent=1).encode()
    folder.mkdir()
    for name, content in files.items():
        write_file(folder / name, content)
    write_file(folder / ARCHIVE, _archive(files))


def parts_of(front: Page, contents: Contents) -> tuple[dict[str, Grid], dict[str, Picture]]:
    """List the tables with numbers and the charts of all pages, each once."""
    grids: dict[str, Grid] = {}
    pictures: dict[str, Picture] = {}
    for page in every_page(front):
        for section in page.sections:
            for block in _inner(blocks_of(contents, section.part, section.about)):
                if isinstance(block, Picture):
                    pictures.setdefault(block.name, block)
                elif isinstance(block, Grid) and block.data is not None:
                    grids.setdefault(block.name, block)
    return grids, pictures


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
    lines = [told.study.title, item.label, *([f"“{wording}”"] if wording else [])]
    for block in blocks_of(item.contents, "notes", item.page):
        lines += [block.text] if isinstance(block, Text) else list(getattr(block, "texts", []))
    return lines


def _package(contents: Contents, grids: Iterable[Grid]) -> dict[str, Any]:
    """Describe the tables as Frictionless Data describes a package of them."""
    return {
        "profile": "tabular-data-package",
        "name": "opinionpanel-report",
        "title": contents.study.title,
        "sources": [{"title": contents.study.source}] if contents.study.source else [],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": grid.name.lower(),
                "path": f"{grid.name}.csv",
                "title": grid.title,
                "description": grid.note,
                "encoding": "utf-8",
                "schema": {
                    "fields": [_field(name, column) for name, column in _columns(grid)],
                    "missingValues": [""],
                },
            }
            for grid in grids
        ],
    }


def _columns(grid: Grid) -> Iterator[tuple[str, "pd.Series[Any]"]]:
    assert grid.data is not None
    for name in grid.data:
        yield spreadsheet_text(str(name)), grid.data[name]


def _field(name: str, column: "pd.Series[Any]") -> Mapping[str, str]:
    kind = "string"
    if pd.api.types.is_bool_dtype(column):
        kind = "boolean"
    elif pd.api.types.is_integer_dtype(column):
        kind = "integer"
    elif pd.api.types.is_numeric_dtype(column):
        kind = "number"
    return {"name": name, "type": kind, "description": COLUMNS.get(name, "group of people")}


def _archive(files: Mapping[str, bytes]) -> bytes:
    """Put files into one, without the time at which that happened."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, MOMENT.timetuple()[:6])
            # Pictures are packed already.
            packed = name.endswith((".png", ".xlsx", ".pptx"))
            kind = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], kind)
    return written.getvalue()
