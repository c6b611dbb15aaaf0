"""Guards that in what a report writes besides its pages, too, a hostile text stays text.

Sources that people go on editing, the page that is printed, Word, workbooks and files of numbers.
"""

import ast
import csv
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hostile import write_study
from openpyxl import load_workbook
from places import files

import opinionpanel as op
from opinionpanel.escaping import starts_formula
from opinionpanel.report import downloads, eject, paper, word
from opinionpanel.report.contents import Contents
from opinionpanel.report.plan import blocks_of, every_page, pages_of
from opinionpanel.report.prepared import prepared

# Of the lines of pages that people edit, and of a figure with its interval.
OURS = re.compile(
    r"#{1,2} .+|```+(\{(opinionpanel|toctree)\}.*)?|---|hide-toc: true|"
    r"file_format: mystnb|:hidden:|item-1|"
    r"item-1\.1-2|.+ <item-1\.1-2>|"
)
FIGURE = re.compile(r"[+−-]?\d[\d.,]*( \([+−-]?[\d.]+ to [+−-]?[\d.]+\))?")
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "nav", "section", "div", "figure", "p"),
    *(
        "h1",
        "h2",
        "h3",
        "header",
        "ul",
        "li",
        "a",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "img",
    ),
    *("details", "summary", "noscript", "script", "figcaption", "span"),
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("hostile") / "study", 4, ending=".csv")


@pytest.fixture(scope="module")
def contents(hostile):
    return Contents(op.read_study(hostile.path))


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def assert_nothing_runs(html, *, scripts):
    found = Elements(html).found
    assert {tag for tag, _ in found} <= TAGS
    for tag, attributes in found:
        assert not [name for name in attributes if name.startswith("on")]
        assert re.fullmatch(r"(#|item-1|downloads/)[\w.-]*", attributes.get("href", "#"))
        assert attributes.get("src", "data:image/").startswith("data:image/")
        if tag == "script":
            assert attributes["type"] == "application/json"
    assert sum(tag == "script" for tag, _ in found) == scripts
    return found


def test_parts_of_pages_are_texts_and_tables(contents):
    html = [
        content
        for page in every_page(pages_of(contents))
        for section in page.sections
        for blocks in [blocks_of(contents, section.part, section.about)]
        for kind, content in prepared(blocks, contents.told)
        if kind == "html"
    ]
    charts = "".join(html).count('class="opinionpanel-spec"')
    assert charts > 4
    assert len(assert_nothing_runs("".join(html), scripts=charts)) > 500


def test_ejected_sources_hold_no_line_of_the_study(hostile, tmp_path):
    folder = eject(hostile.path, tmp_path / "pages")
    assert {path.name for path in files(folder, "*")} == {
        *("conf.py", "index.md", "item-1.md", "item-1.1-2.md")
    }
    for path in files(folder, "*.md"):
        for line in path.read_text(encoding="utf-8").split("\n"):
            assert OURS.fullmatch(line), line
    tree = ast.parse((folder / "conf.py").read_text(encoding="utf-8"))
    called = {ast.unparse(one.func) for one in ast.walk(tree) if isinstance(one, ast.Call)}
    assert not called


def test_paper_holds_pictures_and_texts(contents, undrawn):
    found = assert_nothing_runs(paper.document(contents), scripts=0)
    assert sum(tag == "table" for tag, _ in found) > 8


def test_word_holds_paragraphs_and_no_field_of_the_study(contents, hostile, undrawn):
    with zipfile.ZipFile(io.BytesIO(word.docx_of(contents))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    document = ElementTree.fromstring(parts["word/document.xml"])
    fields = {one.text.strip() for one in document.iter() if one.tag.endswith("instrText")}
    assert fields <= {'TOC \\o "1-2" \\h \\z \\u'}
    # Entries of the contents lead to headings of the document, and nowhere else.
    links = [one for one in document.iter() if one.tag.endswith("hyperlink")]
    assert {name.rpartition("}")[2] for one in links for name in one.attrib} <= {
        *("anchor", "history")
    }
    assert not [name for name in parts if b'TargetMode="External"' in parts[name]]
    text = "".join("".join(document.itertext()).split())
    assert "".join(hostile.texts["label of the item"][0].split()) in text


def test_downloads_compute_nothing_and_stay_in_their_folder(contents, hostile, undrawn, tmp_path):
    folder = tmp_path / "downloads"
    downloads.write_downloads(pages_of(contents), contents, folder)
    names = [path.name for path in files(folder, "*")]
    assert all(re.fullmatch(r"[a-z0-9_.-]+", name) for name in names)
    with zipfile.ZipFile(folder / "report.zip") as archive:
        assert {*archive.namelist()} == {*names} - {"report.zip"}
    for path in files(folder, "*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [one for one in cells if starts_formula(one) and not FIGURE.fullmatch(one)]
    book = load_workbook(folder / "item-1.xlsx")
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n", "b"}
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["title"] == hostile.texts["title"][0]
    assert {one["path"] for one in package["resources"]} <= {*names}
