"""Which files are a report's, and that a hostile list of them reaches nothing else."""

import json

import pytest

from opinionpanel.errors import OpinionPanelError
from opinionpanel.report.manifest import MANIFEST, changed, others, read_manifest, write_manifest

SUM = "0" * 64


@pytest.fixture
def site(tmp_path):
    """A report of two files."""
    (tmp_path / "_static").mkdir()
    (tmp_path / "index.html").write_text("one")
    (tmp_path / "_static" / "a.js").write_text("two")
    write_manifest(tmp_path)
    return tmp_path


def test_a_report_knows_its_files(site):
    written = read_manifest(site)
    assert set(written) == {"index.html", "_static/a.js"}
    assert changed(site, written) == []
    assert list(others(site, written)) == []


def test_what_others_put_there_and_what_they_changed_is_told(site, tmp_path_factory):
    written = read_manifest(site)
    (site / "_static" / "mine.css").write_text("")
    (site / "notes" / "deep").mkdir(parents=True)
    (site / "notes" / "deep" / "a.txt").write_text("")
    (site / "empty" / "deep").mkdir(parents=True)
    (site / "away").symlink_to(tmp_path_factory.mktemp("away"), target_is_directory=True)
    assert list(others(site, written)) == ["_static/mine.css", "away", "notes"]
    (site / "index.html").unlink()
    assert changed(site, written) == []
    (site / "index.html").mkdir()
    (site / "_static" / "a.js").unlink()
    (site / "_static" / "a.js").symlink_to("mine.css")
    assert changed(site, written) == ["_static/a.js", "index.html"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Made by hand",
        "[]",
        "{}",
        '{"a": 1}',
        '{"a": ["index.html"]}',
        '{"a": {"index.html": 3}}',
        "[" * 100_000,
        *(
            json.dumps({"files": {name: SUM}})
            for name in ("/etc/passwd", "../x", "a/../../x", "a//b", "./a", ".", "", "a\\b", "a\0")
        ),
        json.dumps({"files": {"a": SUM[1:]}}),
        json.dumps({"files": {"a": SUM}, "more": {}}),
    ],
    ids=lambda text: text[:30],
)
def test_a_list_that_is_damaged_or_leads_elsewhere_is_refused(tmp_path, text):
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(OpinionPanelError, match="is damaged or of an earlier version"):
        read_manifest(tmp_path)


def test_a_folder_without_a_list_is_no_report(tmp_path):
    assert read_manifest(tmp_path) is None
    (tmp_path / MANIFEST).symlink_to("elsewhere")
    assert read_manifest(tmp_path) is None
