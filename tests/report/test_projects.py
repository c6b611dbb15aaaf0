"""The study of a Sphinx project, and the files that its pages lead to."""

import os
import shutil
from pathlib import Path

import pytest
from made_contents import plain
from places import files
from small_study import FOLDER
from sphinx_projects import Environment

from opinionpanel.errors import StudyError
from opinionpanel.report import downloads, projects


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


def test_files_are_those_of_shown_parts_and_are_drawn_again_where_the_study_changed(
    tmp_path, monkeypatch
):
    drawn = []
    monkeypatch.setattr(downloads, "_drawn", lambda one: drawn.append(one.name) or {})
    path = shutil.copy(FOLDER / "study.toml", tmp_path)
    env = Environment(tmp_path)
    env.app.opinionpanel_contents, env.app.opinionpanel_files = plain(), [tmp_path / path]
    projects.write_files(env.app, None)
    projects.remember(env, "trend", "opinion")
    projects.write_files(env.app, ValueError())
    env.app.builder.format = "latex"
    projects.write_files(env.app, None)
    assert not (tmp_path / "downloads").exists()

    env.app.builder.format = "html"
    for _ in range(2):
        projects.write_files(env.app, None)
        assert drawn == ["opinion.trend"]
        names = {one.name for one in files(tmp_path / "downloads", "*")}
        assert names == {"opinion.trend.csv", "opinion.trend.printed.csv"}
    os.utime(path, ns=(0, 0))
    projects.write_files(env.app, None)
    assert len(drawn) == 2
    projects.remember(env, "all-tables", "opinion")
    projects.write_files(env.app, None)
    assert (tmp_path / "downloads" / "opinion.xlsx").is_file()
    assert not (tmp_path / "downloads" / "opinion.change.csv").exists()
