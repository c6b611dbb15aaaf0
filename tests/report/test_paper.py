"""A report on paper."""

import re

import pytest
from made_contents import bundled, plain

from opinionpanel.errors import OpinionPanelError
from opinionpanel.report import paper
from opinionpanel.report.blocks import Folded, Links, Points, Text
from opinionpanel.report.plan import every_page, pages_of

needs_browser = pytest.mark.skipif(
    not any(map(paper.shutil.which, paper.BROWSERS)), reason="no chromium: nothing is printed"
)


def test_what_is_folded_is_unfolded_and_links_are_left_out():
    blocks = [Folded("more", [Text("a"), Links([])]), Points(["b"], "finding"), Links([])]
    assert list(paper.on_paper(blocks)) == [Text("a"), Points(["b"], "finding")]


def test_the_document_holds_every_page_in_order_and_no_script():
    html = paper.document(bundled("ru"))
    names = [page.name for page in every_page(pages_of(bundled("ru")))]
    assert re.findall(r'<h1 id="([^"]+)"', html) == names
    assert html.startswith('<!DOCTYPE html><html lang="ru">')
    assert "<script" not in html
    assert "downloads/" not in html


def test_without_a_browser_the_error_names_one(monkeypatch):
    monkeypatch.setattr(paper.shutil, "which", lambda _: None)
    monkeypatch.setattr(paper.sys, "platform", "linux")
    with pytest.raises(OpinionPanelError, match="chromium"):
        paper.pdf_of(plain())


@needs_browser
@pytest.mark.slow
def test_the_same_study_is_printed_twice_alike():
    first, second = paper.pdf_of(plain()), paper.pdf_of(plain())
    assert first.startswith(b"%PDF")
    assert first == second
