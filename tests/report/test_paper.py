"""A report on paper."""

import os
import re

import pytest
from made_contents import bundled, plain

from opinionpanel.errors import OpinionPanelError
from opinionpanel.escaping import html_text
from opinionpanel.report import paper
from opinionpanel.report.blocks import Grid
from opinionpanel.report.one_document import Heading, reading_order

needs_browser = pytest.mark.skipif(
    paper.installed_browser() is None, reason="no chromium: nothing is printed"
)
HEADING = r'<h([1-3]) id="(\w+)">(.*?)</h\1>'


def test_the_document_holds_every_heading_and_no_script():
    html = paper.document(plain())
    expected = [one for one in reading_order(plain()) if isinstance(one, Heading)]
    found = re.findall(HEADING, html)
    assert [int(level) for level, _, _ in found] == [heading.level for heading in expected]
    assert "<script" not in html
    assert "downloads/" not in html
    assert "<details" not in html


def test_the_document_says_its_language_and_its_title(monkeypatch):
    monkeypatch.setattr(paper, "reading_order", lambda _: iter([Heading("Обзор", 1)]))
    html = paper.document(bundled("ru"))
    assert html.startswith('<!DOCTYPE html><html lang="ru">')
    assert f"<title>{html_text(bundled('ru').told.study.title)}</title>" in html
    assert ">Содержание<" in html


def test_the_table_of_contents_leads_to_chapters_and_their_sections():
    html = paper.document(plain())
    listed = re.findall(r'<a href="#(\w+)"><span>(.*?)</span>', html)
    assert listed == [
        (name, text) for level, name, text in re.findall(HEADING, html) if level < "3"
    ]


def test_charts_say_what_they_show():
    texts = re.findall(r'<img class="chart" alt="([^"]*)"', paper.document(plain()))
    assert len(texts) > 3
    assert all(texts)


def test_figures_are_coloured_as_on_pages(monkeypatch):
    grid = Grid("name", "title", ["", "x", "y"], [["a", "1", "2"]], 1, strengths=[[0.6, -0.2]])
    monkeypatch.setattr(paper, "reading_order", lambda _: iter([grid]))
    html = paper.document(plain())
    assert '<td class="more-4">1</td><td class="less-2">2</td>' in html
    assert ".more-4 { background: #6baed6; }" in html
    assert ".less-2 { background: #fdd0a2; }" in html


def test_numbers_are_those_of_the_pages_that_headings_are_on():
    page = '<i data-page="h1"></i><i data-page="h20"></i><i data-page="h3"></i>'
    printed = (
        b"7 0 obj\n<</Type /Page\n>>\nendobj\n5 0 obj\n<</Type /Page\n>>\nendobj\n"
        b"9 0 obj\n<</Type /Pages\n/Kids [7 0 R 5 0 R]>>\nendobj\n"
        b"14 0 obj\n<</h1 [7 0 R /XYZ 6 776.25 0]\n/h20 [5 0 R /XYZ 6 776.25 0]>>\nendobj\n"
    )
    # What a print does not tell stays empty.
    expected = '<i data-page="h1">1</i><i data-page="h20">2</i><i data-page="h3"></i>'
    assert paper.numbered(page, printed) == expected
    assert paper.numbered(page, b"another kind of file") == page


def test_without_a_browser_the_error_names_one(monkeypatch):
    monkeypatch.setattr(paper.shutil, "which", lambda _: None)
    monkeypatch.setattr(paper.sys, "platform", "linux")
    with pytest.raises(OpinionPanelError, match="chromium"):
        paper.pdf_of(plain())


def test_a_browser_that_prints_nothing_is_named(monkeypatch):
    monkeypatch.setattr(paper, "_browser", lambda: paper.shutil.which("true"))
    with pytest.raises(OpinionPanelError, match="could not print the report"):
        paper.pdf_of(plain())


@needs_browser
@pytest.mark.slow
def test_the_same_study_is_printed_twice_alike_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(paper.tempfile, "tempdir", str(tmp_path))
    pages = []
    monkeypatch.setattr(
        paper, "numbered", lambda *of, keep=paper.numbered: pages.append(keep(*of)) or pages[-1]
    )
    first, second = paper.pdf_of(plain()), paper.pdf_of(plain())
    assert first.startswith(b"%PDF")
    assert first == second
    assert list(tmp_path.iterdir()) == []
    assert os.fsencode(tmp_path) not in first
    assert b"(D:19800101000000" in first
    assert b"/Outlines" in first
    assert b"/MarkInfo" in first
    # Every entry has a number, in order.
    numbers = re.findall(r'data-page="\w+">(\d*)<', pages[0])
    assert all(numbers)
    assert list(map(int, numbers)) == sorted(map(int, numbers))
