"""The study of a Sphinx project, and the files that its pages lead to."""

import errno
import os
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from made_contents import plain
from places import files
from small_study import FOLDER
from sphinx_projects import Environment

from opinionpanel.errors import OpinionPanelError, StudyError
from opinionpanel.report import downloads, projects
from opinionpanel.written_files import write_file


def test_without_a_study_the_error_says_where_to_name_it(tmp_path):
    with pytest.raises(StudyError, match=r"conf\.py names no study"):
        projects.contents_of(Environment(tmp_path))


def test_a_draft_is_no_study_to_show(tmp_path):
    text = (FOLDER / "study.toml").read_text(encoding="utf-8")
    (tmp_path / "study.toml").write_text(f"# decide: the title\n{text}", encoding="utf-8")
    with pytest.raises(StudyError, match="decide"):
        projects.contents_of(Environment(tmp_path, opinionpanel_study="study.toml"))


def test_pages_depend_on_all_files_of_the_study_which_is_read_once(tmp_path):
    env = Environment(tmp_path, opinionpanel_study=str(FOLDER / "study.toml"))
    contents = projects.contents_of(env)
    assert projects.contents_of(env) is contents
    waves = {f"wave{number}.sav" for number in range(1, 5)}
    assert {Path(path).name for path in env.noted} == {"study.toml", *waves}


def test_what_pages_show_is_brought_together_and_forgotten(tmp_path):
    one, other = (Environment(tmp_path, page=page) for page in ("a", "b"))
    projects.remember(one, "trend", "q")
    projects.remember(other, "moved", "q")
    projects.remember(other, "matrix", "q")
    other.docname = "c"
    projects.remember(other, "change", "q")
    projects.bring_together(one.app, one, ["b"], other)
    assert one.opinionpanel_shown == {"a": {("trend", "q")}, "b": {("moved", "q"), ("matrix", "q")}}
    projects.forget(one.app, one, "a")
    projects.forget(one.app, one, "new")
    assert set(one.opinionpanel_shown) == {"b"}


def test_a_study_that_fails_is_read_once_and_its_pages_wait_for_it(tmp_path, monkeypatch):
    text = (FOLDER / "study.toml").read_text(encoding="utf-8")
    (tmp_path / "study.toml").write_text(text.replace("support", "suport", 1), encoding="utf-8")
    env = Environment(tmp_path, opinionpanel_study="study.toml")
    said = []
    for _ in range(2):
        with pytest.raises(OpinionPanelError) as caught:
            projects.contents_of(env)
        said.append(caught.value)
        monkeypatch.setattr("opinionpanel.study.read_study", None)
    assert said[0] is said[1]
    assert str(tmp_path / "study.toml") in env.noted


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose charts are not drawn but counted, and whose files are listed."""
    drawn = []
    monkeypatch.setattr(downloads, "_drawn", lambda one: drawn.append(one.name) or {})
    path = Path(shutil.copy(FOLDER / "study.toml", tmp_path))
    env = Environment(tmp_path)
    env.app.opinionpanel_contents, env.app.opinionpanel_files = plain(), [path]

    def write(exception=None):
        projects.write_files(env.app, exception)
        folder = tmp_path / "downloads"
        written = files(folder, "*") if folder.is_dir() and any(folder.iterdir()) else []
        return {one.name for one in written}

    return SimpleNamespace(env=env, path=path, drawn=drawn, write=write)


def test_files_are_those_of_shown_parts(project):
    assert project.write() == set()
    projects.remember(project.env, "trend", "opinion")
    assert project.write(ValueError()) == set()
    project.env.app.builder.format = "latex"
    assert project.write() == set()
    project.env.app.builder.format = "html"
    assert project.write() == {"opinion.trend.csv", "opinion.trend.printed.csv"}
    projects.remember(project.env, "all-tables", "opinion")
    names = project.write()
    assert "opinion.xlsx" in names
    assert "opinion.change.csv" not in names


def change_time(project):
    os.utime(project.path, ns=(0, 0))


def change_size_alone(project):
    times = project.path.stat()
    project.path.write_bytes(project.path.read_bytes() + b"\n")
    os.utime(project.path, ns=(times.st_atime_ns, times.st_mtime_ns))


def change_language(project):
    project.env.app.config.opinionpanel_language = "ru"


def remove_folder(project):
    shutil.rmtree(Path(project.env.app.outdir) / "downloads")


@pytest.mark.parametrize(
    "change", [change_time, change_size_alone, change_language, remove_folder, "version"]
)
def test_files_are_made_again_where_they_may_differ_and_then_alone(project, change, monkeypatch):
    projects.remember(project.env, "trend", "opinion")
    for _ in range(2):
        names = project.write()
        assert project.drawn == ["opinion.trend"]
    if change == "version":
        monkeypatch.setattr("opinionpanel.__version__", "another")
    else:
        change(project)
    assert project.write() == names
    assert len(project.drawn) == 2


def test_what_is_no_longer_shown_is_removed_and_nothing_else(project):
    """Guards tables that a study withholds today from staying online since yesterday."""
    projects.remember(project.env, "trend", "opinion")
    projects.remember(project.env, "all-tables", "opinion")
    project.write()
    (Path(project.env.app.outdir) / "downloads" / "mine.csv").touch()
    projects.forget(project.env.app, project.env, "index")
    projects.remember(project.env, "trend", "opinion")
    # Another kind of pages that shares what Sphinx remembers has files of its own.
    project.env.app.outdir = str(Path(project.env.app.outdir) / "other")
    Path(project.env.app.outdir).mkdir()
    project.write()
    project.env.app.outdir = project.env.app.confdir
    trend = {"opinion.trend.csv", "opinion.trend.printed.csv"}
    assert project.write() == {"mine.csv", *trend}
    projects.forget(project.env.app, project.env, "index")
    assert project.write() == {"mine.csv"}


def test_what_was_written_before_an_end_halfway_is_removed_later(project, monkeypatch):
    projects.remember(project.env, "trend", "opinion")

    def fail(path, content):
        write_file(path, content)
        if path.suffix == ".csv":
            raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(projects, "write_file", fail)
    project.write()
    assert project.env.app.statuscode == 1
    monkeypatch.setattr(projects, "write_file", write_file)
    projects.forget(project.env.app, project.env, "index")
    assert project.write() == set()


def test_files_that_cannot_be_written_fail_the_build_in_plain_words(project, monkeypatch):
    said = []
    monkeypatch.setattr(projects.LOGGER, "error", lambda text, error: said.append(text % error))
    projects.remember(project.env, "trend", "opinion")
    (Path(project.env.app.outdir) / "downloads").touch()
    project.write()
    project.env.app.opinionpanel_contents = StudyError("No study.")
    project.write()
    assert re.search(r"/downloads cannot be written: .* Name another folder\.$", said[0])
    assert said[1].endswith(": No study.")
    assert project.env.app.statuscode == 1
