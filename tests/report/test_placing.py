"""Where a report may stand, and that files of others stay in its folder whatever happens."""

import pytest
from places import files

from opinionpanel.errors import OpinionPanelError
from opinionpanel.report.manifest import write_manifest
from opinionpanel.report.placing import check_output, put_in_place, rescue

SITE = {"index.html": "new", "_static/a.js": "new"}


def fill(folder, texts):
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def texts(folder):
    """The files of a folder and what they say, without the list."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in files(folder, "**/*")
        if not path.name.startswith(".")
    }


@pytest.fixture
def output(tmp_path):
    """A report of older pages, and what somebody put there."""
    folder = tmp_path / "report"
    fill(folder, {"index.html": "old", "gone.html": "old", "_static/a.js": "old"})
    # Sphinx leaves folders without a file.
    (folder / "_sources" / "empty").mkdir(parents=True)
    write_manifest(folder)
    fill(folder, {"_static/mine.css": "mine", "notes/a.txt": "mine"})
    return folder


@pytest.fixture
def work(tmp_path):
    """A work folder with a finished report."""
    fill(tmp_path / "work" / "html", SITE)
    (tmp_path / "work" / "html" / "_sources").mkdir()
    return tmp_path / "work"


MINE = {"_static/mine.css": "mine", "notes/a.txt": "mine"}


def test_others_files_stay(work, output):
    output.chmod(0o750)
    put_in_place(work, output)
    assert texts(output) == SITE | MINE
    assert output.stat().st_mode & 0o777 == 0o750


def test_two_at_once_are_one_whole_site(work, output, tmp_path):
    put_in_place(work, output)
    fill(tmp_path / "other" / "html", {"index.html": "newest"})
    put_in_place(tmp_path / "other", output)
    assert texts(output) == {"index.html": "newest"} | MINE


@pytest.mark.parametrize("name", ["_static/mine.css", "notes", "notes/a.txt"])
def test_a_new_page_takes_no_file_of_somebody(work, output, name):
    before = texts(output)
    fill(work / "html", {name: "page"})
    with pytest.raises(OpinionPanelError, match=r"1 file\(s\) that no report wrote"):
        put_in_place(work, output)
    assert texts(output) == before


def test_a_page_that_was_changed_is_kept(work, output):
    (output / "gone.html").write_text("mine")
    before = texts(output)
    with pytest.raises(OpinionPanelError, match=r"changed since .*'gone\.html'"):
        put_in_place(work, output)
    assert texts(output) == before


@pytest.mark.parametrize("placed", [True, False])
def test_a_run_that_was_killed_in_between_loses_nothing(work, output, placed):
    (work / "older").mkdir()
    output.rename(work / "older" / "report")
    before = texts(work / "older" / "report")
    if placed:
        (work / "html").rename(output)
    rescue(work)
    assert texts(output) == (SITE | MINE if placed else before)


def test_where_a_file_would_be_lost_the_rescue_leaves_all_alone(work, output):
    (work / "older").mkdir()
    output.rename(work / "older" / "report")
    fill(output, {"notes/a.txt": "another's"})
    with pytest.raises(OpinionPanelError, match="nobody wrote anew"):
        rescue(work)
    assert (work / "older" / "report" / "notes" / "a.txt").read_text() == "mine"


def test_folders_of_importance_are_refused(tmp_path, monkeypatch):
    for name in ("home", "here", "study", "waves"):
        (tmp_path / name / "in").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home" / "in"))
    monkeypatch.chdir(tmp_path / "here" / "in")
    needed = [tmp_path / "study" / "in" / "study.toml", tmp_path / "waves" / "in" / "w.sav"]
    for name in ("home", "here", "study", "waves"):
        for folder in (tmp_path / name, tmp_path / name / "in", tmp_path, tmp_path.parents[-1]):
            with pytest.raises(OpinionPanelError, match="Name a folder of its own"):
                check_output(folder, needed)
        check_output(tmp_path / name / "in" / "report", needed)
    monkeypatch.delenv("HOME")
    check_output(tmp_path / "report", needed)


def test_links_that_lead_nowhere_are_refused(tmp_path):
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(OpinionPanelError, match="lead nowhere"):
        check_output(tmp_path / "round", [])
