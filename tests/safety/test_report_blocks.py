"""Guards that what is printed, drawn, compared or written of a report tells no more than its files.

The attacker reads the files of tables, `test_disclosure`; here is why that is enough. Charts of
flows, whose places are numbers of people, it reads besides.
"""

import io
import re
import zipfile
from html import unescape
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from published import chart_rows
from report_read import WITH_PLACES, contents_of, every_block, sections_of
from small_studies import made_up

from opinionpanel.drawing import described
from opinionpanel.report import downloads, paper, word
from opinionpanel.report.blocks import Folded, Grid, Picture, Points, Text
from opinionpanel.report.plan import every_page, pages_of

NUMBER = re.compile(r"\d+(?:\.\d+)?")
PARAGRAPH = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"
FIGURES = ("estimate", "conf_low", "conf_high", "p_adjusted", "std_error", "n", "n_cell")


@pytest.fixture(scope="module")
def contents():
    """A study with tables by group, of which something is withheld."""
    return contents_of(made_up(22).panel())


@pytest.fixture(scope="module")
def blocks(contents):
    return [one for _, part in sections_of(contents) for one in every_block(part)]


def of_kind(blocks, kind):
    return {one.name: one for one in blocks if isinstance(one, kind)}


def in_file(*grids):
    """All figures of files, in their own unit and in per cent."""
    found = [[]]
    for data in (grid.data for grid in grids):
        columns = [name for name in FIGURES if name in data]
        found.append(data[columns].to_numpy(dtype=float, na_value=np.nan).ravel())
    known = np.abs(np.concatenate(found))
    return np.concatenate([known, 100 * known])


def untold(text, known):
    """Numbers of a text that are no rounded figure of these."""
    for number in NUMBER.findall(text.replace(",", "")):
        half = 0.5 * 10.0 ** -len(number.partition(".")[2]) + 1e-9
        if not (np.abs(known - float(number)) <= half).any():
            yield number


def figures_of(grid):
    """Cells with figures; those of marks such as "n < 10" have the least base."""
    cells = [cell for row in grid.rows for cell in row[grid.labels :]]
    return [cell for cell in cells if "<" not in cell]


def test_what_is_printed_stands_in_its_file(blocks):
    grids = [grid for grid in of_kind(blocks, Grid).values() if grid.data is not None]
    assert len(grids) > 8
    for grid in grids:
        cells = figures_of(grid)
        assert [text for cell in cells for text in untold(cell, in_file(grid))] == [], grid.name


def test_comparisons_of_categories_are_printed_as_they_stand_in_their_file(blocks):
    grids = of_kind(blocks, Grid)
    known = in_file(*(one for name, one in grids.items() if name.endswith("group_tests")))
    for name, grid in grids.items():
        if name.endswith("group_pairs"):
            assert not [text for cell in figures_of(grid) for text in untold(cell, known)]


def test_tooltips_stand_in_the_files_of_their_charts(blocks):
    pictures = of_kind(blocks, Picture)
    pictures = {name: one for name, one in pictures.items() if not name.endswith(WITH_PLACES)}
    assert len(pictures) > 3
    # Beside categories stand all people.
    everyone = [grid for name, grid in of_kind(blocks, Grid).items() if name.endswith(".change")]
    for name, picture in pictures.items():
        known = in_file(*picture.grids, *everyone)
        for size in (picture.size, "phone"):
            drawing = picture.drawing(size)
            rows = [] if drawing is None else chart_rows(drawing.chart().to_dict(validate=False))
            heads = {row["head"]: row["cells"] for row in rows if row["kind"] == "heads"}
            for row in rows:
                told = dict(zip(heads.get(row.get("head"), ()), row.get("cells", ()), strict=False))
                texts = [text for head, text in told.items() if head in ("Share", "People")]
                assert not [one for text in texts for one in untold(text, known)], (name, told)


def test_only_figures_that_are_shown_are_compared(blocks):
    """An interval of a difference of two categories tells those of both; so they are shown, too."""
    grids = of_kind(blocks, Grid)
    compared = next(one.data for name, one in grids.items() if name.endswith("group_tests"))
    shown = {}
    for name, grid in grids.items():
        quantity = {"turnover_by": "turnover", "change_by": "net change", "shares_by": "shares"}
        kind = quantity.get(name.split(".")[1] if "." in name else "")
        for _, row in grid.data.iterrows() if kind else ():
            group = next(one for one in grid.data if one in set(compared["group"]))
            wave = row.get("to_wave", row.get("wave"))
            key = (kind, group, wave, row.get("state"), row[group])
            shown[key] = row[["estimate", "conf_low"]].notna().to_numpy()
    some = 0
    for _, row in compared[compared["category"].notna()].iterrows():
        state = row["state"] if isinstance(row["state"], str) else None
        key = (row["quantity"], row["group"], row["to_wave"], state)
        both = shown[*key, row["category"]] & shown[*key, row["other"]]
        told = row[["estimate", "conf_low"]].notna().to_numpy()
        assert (told <= both).all(), key
        assert told[1] or np.isnan(row["p_adjusted"])
        some += told[1]
    assert some


def texts_of(contents, blocks):
    """All texts of blocks, and the titles and headings of pages."""
    for page in every_page(pages_of(contents)):
        yield from (page.title, page.listed, *(section.heading for section in page.sections))
    for one in blocks:
        if isinstance(one, (Grid, Picture)):
            yield one.title
        if isinstance(one, Grid):
            yield from (*one.header, *(cell for row in one.rows for cell in row), one.note)
        elif isinstance(one, Picture):
            yield described(one.printed.chart().to_dict(validate=False))
        elif isinstance(one, Folded):
            yield one.summary
        elif isinstance(one, (Text, Points)):
            yield from [one.text] if isinstance(one, Text) else one.texts


def test_paper_and_word_say_what_blocks_say(contents, blocks, undrawn):
    known = {" ".join(text.split()) for text in texts_of(contents, blocks)}
    shown = [unescape(text) for text in re.findall(r">([^<>]+)<", body(paper.document(contents)))]
    with zipfile.ZipFile(io.BytesIO(word.docx_of(contents))) as archive:
        written = ElementTree.fromstring(archive.read("word/document.xml"))
    shown += ["".join(one.itertext()) for one in written.iter(PARAGRAPH)]
    # Headings of its own, the field that lists them, whose first entry follows it, and numbers of
    # figures.
    own = {"", "Contents", "Overview", "What was found"}
    field = re.compile(r'^TOC \\o "1-2" \\h \\z \\u|^Figure \d+\. ')
    shown = {field.sub("", " ".join(text.split())) for text in shown} - own
    assert len(shown) > 100
    assert shown <= known


def body(html):
    return html.partition("<body>")[2]


def test_workbooks_hold_what_files_hold(contents, blocks, undrawn, tmp_path):
    grids = [one for one in of_kind(blocks, Grid).values() if one.data is not None]
    downloads.write_downloads(pages_of(contents), contents, tmp_path / "files")
    known = {*texts_of(contents, blocks), contents.study.title}
    for grid in grids:
        known |= {*map(str, grid.data), *map(plain, grid.data.astype(object).to_numpy().ravel())}
    book = load_workbook(tmp_path / "files" / "opinion.xlsx")
    cells = {plain(cell.value) for sheet in book for row in sheet for cell in row}
    assert len(cells) > 100
    assert cells - {*book.sheetnames} <= known


def plain(value):
    """A value as a text; none where nothing is written."""
    if pd.isna(value):
        return None
    return f"{value:.9g}" if isinstance(value, (int, float)) else str(value)
