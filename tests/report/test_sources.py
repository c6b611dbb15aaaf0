"""The sources of a report that people may edit."""

import shutil
from pathlib import Path

from small_study import small_study

import opinionpanel as op
from opinionpanel import report
from opinionpanel.report.contents import Contents
from opinionpanel.report.plan import Page, every_page, pages_of
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


def test_an_address_in_the_name_of_a_page_is_no_link_to_elsewhere():
    below = [Page("a.1-2", "", [], listed="w1 → w2"), Page("a.2-3", "", [], listed="w2 → x://y")]
    lines = page_source(Page("a", "A", [], below)).split("\n")
    assert "w1 → w2 <a.1-2>" in lines
    assert "a.2-3" in lines
