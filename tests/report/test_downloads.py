"""The files of tables and charts: what they hold, that they agree, and that they tell no more."""

import io
import json
import zipfile

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from places import files as listed

import opinionpanel as op
from opinionpanel.report import downloads
from opinionpanel.report.contents import Contents
from opinionpanel.report.downloads import downloads_of, tables_and_charts, write_downloads
from opinionpanel.report.html import OF_GRID
from opinionpanel.report.plan import every_part, pages_of
from opinionpanel.study import Study

# Few enough go from one answer to the other that these figures are withheld.
COUNTS = [[40, 3, 12], [12, 30, 11], [14, 13, 35]]


@pytest.fixture
def contents(from_table):
    panel = from_table(["yes", "=no", "unsure"], COUNTS)
    return Contents(Study(title="A study", source="", panel=panel))


@pytest.fixture
def files(contents, tmp_path, monkeypatch):
    """Write all but pictures, which take time and have tests of their own."""
    monkeypatch.setattr(downloads, "_drawn", lambda picture: {f"{picture.name}.svg": b"<svg/>"})
    write_downloads(pages_of(contents), contents, tmp_path / "files")
    return {path.name: path.read_bytes() for path in listed(tmp_path / "files", "*")}


def test_every_table_is_numbers_under_one_header_without_what_is_withheld(contents, files):
    grids, _ = tables_and_charts(every_part(pages_of(contents)), contents)
    some = 0
    for grid in grids.values():
        read = pd.read_csv(io.BytesIO(files[f"{grid.name}.csv"]))
        assert len(read) == len(grid.data)
        figures = grid.data.select_dtypes("number")
        np.testing.assert_allclose(read[list(figures)].astype(float), figures.astype(float))
        if "withheld" in read:
            hidden = read[read["withheld"]]
            some += len(hidden)
            assert hidden[["estimate", "std_error", "conf_low", "conf_high"]].isna().all(axis=None)
    assert some


def test_no_label_is_computed_by_a_spreadsheet(files):
    for name, content in files.items():
        if name.endswith(".csv"):
            assert not [cell for cell in content.decode().split(",") if cell.startswith("=")]


def test_the_package_describes_each_column_of_each_table(files):
    package = json.loads(files[downloads.PACKAGE])
    tables = {name for name in files if name.endswith(".csv") and "printed" not in name}
    assert {resource["path"] for resource in package["resources"]} == tables
    for resource in package["resources"]:
        read = pd.read_csv(io.BytesIO(files[resource["path"]]))
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == list(read)
        assert all(field["description"] for field in fields)
        assert all("unit" in field for field in fields if field["type"] == "number")


def test_one_archive_holds_all_files_and_is_the_same_every_time(contents, files, tmp_path):
    with zipfile.ZipFile(io.BytesIO(files["report.zip"])) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert held == {name: content for name, content in files.items() if name != "report.zip"}
    assert list(held) == sorted(held)
    write_downloads(pages_of(contents), contents, tmp_path / "again")
    again = {path.name: path.read_bytes() for path in listed(tmp_path / "again", "*")}
    assert again == files


def test_files_that_pages_link_are_there(contents, files):
    grids, pictures = tables_and_charts(every_part(pages_of(contents)), contents)
    linked = {f"{name}.{ending}" for name in grids for ending in OF_GRID}
    linked |= {f"{name}.svg" for name in pictures} | {f"{page}.xlsx" for page in contents.items}
    assert linked <= set(files)


def test_a_workbook_holds_the_tables_of_its_item_only_and_quotes_its_wording():
    states = {"yes": ["yes"], "no": ["no"]}
    answers = np.random.default_rng(1).choice(["yes", "no"], (4, 200))
    columns = dict(zip(("trust_1", "trust_2", "peace_1", "peace_2"), answers, strict=True))
    items = {
        name: op.Item({wave: f"{name}_{wave}" for wave in "12"}, states, question=f"{name}?")
        for name in ("trust", "peace")
    }
    panel = op.Panel.from_wide(pd.DataFrame(columns), items=items)
    contents = Contents(Study(title="A study", source="", panel=panel), "ru")
    front = pages_of(contents)
    files = downloads_of(front, contents, [("all-tables", "trust")])
    assert list(files) == ["trust.xlsx"]
    readme, *sheets = load_workbook(io.BytesIO(files["trust.xlsx"])).worksheets
    lines = [[cell for cell in row if cell] for row in readme.iter_rows(values_only=True)]
    assert lines[2] == ["«trust?»"]
    grids, _ = tables_and_charts(every_part(front), contents)
    own = [grid.title for name, grid in grids.items() if name.startswith("trust.")]
    assert 1 < len(own) < len(grids)
    assert sorted(title for _, title in lines[-len(sheets) :]) == sorted(own)
