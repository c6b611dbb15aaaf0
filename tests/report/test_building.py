"""The report of a study, built once, and what a build refuses."""

import json
import re
import shutil
from importlib import import_module
from importlib.util import find_spec

import pytest
from look_at_pages import faults
from places import files
from rotating_panels import rotating_frames
from small_study import FOLDER, small_study

import opinionpanel as op
from opinionpanel import report
from opinionpanel.drawing import pictures_of
from opinionpanel.report import downloads, sources

# The package exports the function of the same name.
build_module = import_module("opinionpanel.report.building")
STUDY = FOLDER / "study.toml"
# Wave of the first interview, to the waves at which these people are due.
COHORTS = {"A": ("A", "C", "D"), "B": ("B", "C")}

needs_sphinx = pytest.mark.skipif(
    any(find_spec(name) is None for name in build_module.NEEDED),
    reason="the extra opinionpanel[report] is not installed",
)


# A page is run by a kernel of its own, which takes seconds.
slow = pytest.mark.slow


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Two items and three waves: a third page and a fourth wave would only repeat them."""
    return small_study(tmp_path_factory.mktemp("study") / "study", items=2, waves=3)


@pytest.fixture(scope="module")
def pages(study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "report"

    def as_text(spec, endings):
        """Draw a chart in the one format whose letters can be read; the others take longer."""
        return dict.fromkeys(endings, b"") | pictures_of(spec, [".svg"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(downloads, "pictures_of", as_text)
        assert report.build(study, folder, language="ru") == folder / "index.html"
    return folder


@needs_sphinx
@pytest.mark.parametrize("changed", ["study.toml", "wave2.sav"])
def test_pages_of_different_data_are_no_report(study, tmp_path, monkeypatch, changed):
    """Every page reads the study for itself: a file that changes meanwhile leaves no report."""
    copy = shutil.copytree(study.parent, tmp_path / "study") / study.name

    def pretend(work, *_):
        (work / "html").mkdir()
        (work / "downloads").mkdir()
        (copy.parent / changed).touch()

    monkeypatch.setattr(build_module, "run_sphinx", pretend)
    with pytest.raises(op.OpinionPanelError, match=f"Changed while being read: '{changed}'"):
        report.build(copy, tmp_path / "report")
    assert [path.name for path in tmp_path.iterdir()] == ["study"]


@needs_sphinx
def test_files_stand_beside_a_study_that_is_a_link(study, tmp_path, monkeypatch):
    """As for `check`: a linked study with files of its own is about these."""

    def pretend(work, *_):
        (work / "html").mkdir()
        (work / "downloads").mkdir()

    monkeypatch.setattr(build_module, "run_sphinx", pretend)
    copy = shutil.copytree(study.parent, tmp_path / "study") / study.name
    text = tmp_path / "text"
    copy.rename(text)
    copy.symlink_to(text)
    report.build(copy, tmp_path / "report")


@needs_sphinx
@slow
def test_there_is_a_page_for_every_item(study, pages):
    items = op.read_study(study).panel.items
    assert len(items) == 2
    assert {f"{item}.html" for item in items} <= {page.name for page in files(pages, "*.html")}
    assert list(pages.parent.iterdir()) == [pages], "something was left beside the report"


@needs_sphinx
@slow
def test_nothing_is_loaded_from_outside(pages):
    loading = re.compile(r'<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)="(?:https?:)?//')
    for page in files(pages, "*.html"):
        assert not loading.search(page.read_text(encoding="utf-8")), page.name
    for sheet in files(pages, "**/*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(|@import )[\"']?(?:https?:)?//", text), sheet.name


@needs_sphinx
@slow
def test_no_person_is_in_any_file(study, pages):
    ids = set()
    for file in files(study.parent, "wave*.sav"):
        frame = op.read_wave(file, columns=["resp_id"]).frame
        ids |= {str(value) for value in frame["resp_id"]}
    assert len(ids) == 1700
    shortest = min(len(value) for value in ids)
    for path in files(pages, "**/*"):
        # Sphinx's own scripts hold numbers of their own; they are the same in every report.
        if "_static" not in path.parts:
            words = re.findall(r"\w+", path.read_bytes().decode("utf-8", "ignore"))
            found = ids & {word for word in words if len(word) >= shortest}
            assert not found, f"{path.name} holds {len(found)} person ids"


@needs_sphinx
@slow
def test_code_and_paths_are_hidden(study, pages):
    for page in files(pages, "*.html"):
        text = page.read_text(encoding="utf-8")
        assert str(study.parent) not in text


@needs_sphinx
@slow
def test_every_chart_has_a_box_of_its_own_for_narrow_windows(study, pages):
    for item in op.read_study(study).panel.items:
        text = (pages / f"{item}.html").read_text(encoding="utf-8")
        charts = re.findall(
            r'<div class="opinionpanel-chart (\w+)[^"]*" id="([^"]+)".*?'
            r'<script type="application/json" class="opinionpanel-spec" '
            r'data-chart="([^"]+)">(.*?)</script>',
            text,
            flags=re.DOTALL,
        )
        assert len(charts) >= 2 * 5
        assert [windows for windows, *_ in charts] == ["wide", "narrow"] * (len(charts) // 2)
        assert len({name for _, name, *_ in charts}) == len(charts)
        for _, name, data_for, data in charts:
            assert name == data_for
            assert json.loads(data)["description"]


@needs_sphinx
@slow
def test_every_page_opens_without_a_fault(pages):
    """Without Chromium only their links are looked at."""
    assert faults([pages], in_turn=True) == {}


@needs_sphinx
@slow
def test_the_opt_in_warning_stands_on_the_first_page(pages):
    text = (pages / "index.html").read_text(encoding="utf-8")
    assert "Люди вошли в эту панель сами" in text


@needs_sphinx
def test_an_older_report_is_replaced_and_other_folders_are_not(tmp_path, monkeypatch):
    texts = iter(["one", "two", "three"])

    def pretend(work, *_):
        (work / "html").mkdir()
        (work / "downloads").mkdir()
        text = next(texts)
        (work / "html" / "index.html").write_text(text)
        (work / "html" / f"{text}.html").write_text(text)

    monkeypatch.setattr(build_module, "run_sphinx", pretend)
    output = tmp_path / "report"
    output.mkdir()
    (output / "thesis.txt").write_text("do not lose this")
    with pytest.raises(op.OpinionPanelError, match="holds no report"):
        report.build(STUDY, output)
    (output / "thesis.txt").unlink()

    report.build(STUDY, output)
    (output / "thesis.txt").write_text("do not lose this")
    index = report.build(STUDY, output)
    assert index.read_text() == "two"
    assert {path.name for path in files(output, "*.*")} == {
        *("index.html", "two.html", "thesis.txt", ".opinionpanel-report")
    }
    assert (output / "thesis.txt").read_text() == "do not lose this"
    index.write_text("mine")
    with pytest.raises(op.OpinionPanelError, match=r"1 file\(s\) .* changed since .*'index.html'"):
        report.build(STUDY, output)
    assert index.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [output]


@needs_sphinx
def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "report").write_text("")
    with pytest.raises(op.OpinionPanelError, match="is a file"):
        report.build(STUDY, tmp_path / "report")


@needs_sphinx
def test_a_study_without_change_is_refused(tmp_path):
    text = STUDY.read_text(encoding="utf-8")
    text = re.sub(r'column = \{"Jul 2024" = ("q\d+").*', r'column = {"Jul 2024" = \1}', text)
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    for file in files(FOLDER, "wave*.sav"):
        shutil.copy(file, tmp_path)
    with pytest.raises(op.OpinionPanelError, match="no change to report"):
        report.build(tmp_path / "study.toml", tmp_path / "report")
    assert not (tmp_path / "report").exists()


@needs_sphinx
@slow
def test_a_failing_page_is_an_error_with_its_text_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(
        sources, "page_source", lambda *_, **__: "# Page\n\n```{no-such-directive}\n```\n"
    )
    monkeypatch.setattr(downloads, "pictures_of", lambda _, endings: dict.fromkeys(endings, b""))
    study = small_study(tmp_path / "study", items=1, waves=2)
    with pytest.raises(op.OpinionPanelError, match="no-such-directive"):
        report.build(study, tmp_path / "report")
    assert list(tmp_path.iterdir()) == [study.parent]


def test_without_sphinx_the_error_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setattr(build_module, "find_spec", lambda name: None)
    with pytest.raises(op.OpinionPanelError, match=r"opinionpanel\[report\]"):
        report.build(STUDY, tmp_path / "report")


def test_pages_are_those_of_the_pairs_that_link_people(tmp_path):
    """Nobody was asked at both of the first two waves, so that they have no page."""
    for wave, frame in rotating_frames(COHORTS, 40).items():
        frame.to_csv(tmp_path / f"{wave}.csv", index=False)
    waves = "".join(f'[[waves]]\nname = "{wave}"\nfile = "{wave}.csv"\n' for wave in "ABCD")
    states = "states = {yes = [1], no = [2], unsure = [3]}\n"
    path = tmp_path / "study.toml"
    path.write_text(
        'title = "t"\nperson = "id"\n'
        f'due = {{A = ["C", "D"], B = ["C"]}}\n{waves}[items.q]\ncolumn = "q"\n{states}'
        f'[items.first]\ncolumn = {{A = "q", B = "q"}}\n{states}',
        encoding="utf-8",
    )
    folder = report.eject(path, tmp_path / "sources")
    names = {page.stem for page in files(folder, "*.md")}
    assert names == {"index", "q", "q.1-3", "q.2-3", "q.3-4", "first"}
    assert "\n# q, A → C\n" in (folder / "q.1-3.md").read_text("utf-8")
    with pytest.raises(op.OpinionPanelError, match="exists already"):
        report.eject(path, folder)


@pytest.mark.parametrize("build", [report.build, report.eject])
def test_a_draft_has_no_report(build, tmp_path):
    text = f"# decide: the title\n{STUDY.read_text(encoding='utf-8')}"
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(op.OpinionPanelError, match="decide"):
        build(tmp_path / "study.toml", tmp_path / "out")
    assert not (tmp_path / "out").exists()
