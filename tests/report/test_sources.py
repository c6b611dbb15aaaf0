"""The sources of a report that people may edit."""

import shutil
from pathlib import Path

import pytest
from small_study import small_study

import opinionpanel as op
from opinionpanel import report
from opinionpanel.report.contents import Contents
from opinionpanel.report.plan import Page, Section, every_page, pages_of
from opinionpanel.report.sources import page_source


def settings_of(folder):
    found = {}
    exec((folder / "conf.py").read_text(encoding="utf-8"), found)
    return found


def test_pages_and_study_may_be_moved_together(tmp_path):
    (tmp_path / "before").mkdir()
    study = small_study(tmp_path / "before" / "study", items=1, waves=2)
    report.eject(study, tmp_path / "before" / "pages")
    shutil.move(tmp_path / "before", tmp_path / "after")
    pages = tmp_path / "after" / "pages"
    path = settings_of(pages)["opinionpanel_study"]
    assert not Path(path).is_absolute()
    assert (pages / path).samefile(tmp_path / "after" / "study" / study.name)


def test_there_is_a_source_for_every_page(tmp_path):
    study = small_study(tmp_path / "study", items=1, waves=2)
    folder = report.eject(study, tmp_path / "pages")
    planned = {page.name for page in every_page(pages_of(Contents(op.read_study(study))))}
    assert {path.stem for path in folder.glob("*.md")} == planned


def test_a_heading_leads_to_its_page_and_lists_call_pages_as_they_are_listed():
    pair = Page("item.1-2", "Item, a → b", [], listed="a → b")
    item = Page("item", "Item", [Section("", "findings", "item")], [pair], columns=True)
    front = Page("index", "Study", [Section("Item", "headlines", "item", "item")], [item])
    assert "## [Item](item.md)" in page_source(front)
    assert "\n\nitem\n" in page_source(front)
    assert "\n\na → b <item.1-2>\n" in page_source(item)


def test_only_pages_in_columns_do_without_a_list_of_headings():
    for columns in (True, False):
        source = page_source(Page("item", "Item", [], columns=columns))
        assert source.startswith("---\nhide-toc: true\n---\n\n# Item") == columns


@pytest.mark.parametrize(
    "hostile", ["```", "a\n```{raw} html", "````", ":hidden:", "<index>", "https://x"]
)
def test_what_a_pair_is_called_ends_no_list(hostile):
    page = Page("item", "Item", [], [Page("item.1-2", "t", [], listed=f"{hostile} → b")])
    lines = page_source(page).rstrip("\n").split("\n")
    begin = next(place for place, line in enumerate(lines) if line.endswith("{toctree}"))
    fence = lines[begin].removesuffix("{toctree}")
    ends = [line for line in lines[begin + 1 :] if line.startswith(fence)]
    assert ends == lines[-1:] == [fence]
    assert lines[-2].endswith(" → b <item.1-2>")
    # It would be a link to another site.
    assert "://" not in lines[-2]


def test_a_heading_that_leads_somewhere_stays_text():
    section = Section("](x) <script>", "headlines", "item", "item")
    heading = page_source(Page("index", "Study", [section])).split("\n")[2]
    assert heading == r"## [\](x) \<script>](item.md)"
