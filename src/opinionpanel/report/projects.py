"""The study that a Sphinx project names: read once in a process, with the files its pages link."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging

import opinionpanel
from opinionpanel.errors import OpinionPanelError, StudyError
from opinionpanel.written_files import told, write_file

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from opinionpanel.report.contents import Contents
    from opinionpanel.report.plan import Part

# What files of tables and charts were written, and what they were made of, by folder: in the folder
# of what Sphinx remembers.
WRITTEN = "opinionpanel-files.json"
LOGGER = logging.getLogger(__name__)


def contents_of(env: "BuildEnvironment") -> "Contents":
    """Give the study to a page, which is made again when a file of the study has changed.

    That holds for a study that cannot be read as well: once it is mended, so is the page.
    """
    env.note_dependency(str(_study_path(env.app)))
    for path in _study_files(env.app):
        env.note_dependency(str(path))
    return _read(env.app)


def _read(app: "Sphinx") -> "Contents":
    """Read the study once. What is wrong with it is found once, too, and said on every page."""
    found: Contents | OpinionPanelError | None = getattr(app, "opinionpanel_contents", None)
    if found is None:
        try:
            found = _contents(app)
        except OpinionPanelError as error:
            found = error
        app.opinionpanel_contents = found  # type: ignore[attr-defined]
    if isinstance(found, OpinionPanelError):
        raise found
    return found


def _contents(app: "Sphinx") -> "Contents":
    from opinionpanel.report.contents import Contents
    from opinionpanel.study import read_study, refuse_draft

    path = _study_path(app)
    refuse_draft(path)
    return Contents(read_study(path), app.config.opinionpanel_language)


def _study_path(app: "Sphinx") -> Path:
    if not app.config.opinionpanel_study:
        raise StudyError('conf.py names no study. Write opinionpanel_study = "study.toml" there.')
    return Path(app.confdir, app.config.opinionpanel_study)


def _study_files(app: "Sphinx") -> list[Path]:
    from opinionpanel.study import wave_files

    found: list[Path] | None = getattr(app, "opinionpanel_files", None)
    if found is None:
        found = [_study_path(app), *wave_files(_study_path(app))]
        app.opinionpanel_files = found  # type: ignore[attr-defined]
    return found


def remember(env: "BuildEnvironment", part: str, about: str) -> None:
    """Note that the page which is being read shows a part."""
    _shown(env).setdefault(env.docname, set()).add((part, about))


def forget(app: "Sphinx", env: "BuildEnvironment", page: str) -> None:
    """Leave out a page that is gone, or is read again."""
    _shown(env).pop(page, None)


def bring_together(
    app: "Sphinx", env: "BuildEnvironment", pages: Iterable[str], other: "BuildEnvironment"
) -> None:
    """Take over what another process has noted of the pages that it read."""
    _shown(env).update({page: parts for page, parts in _shown(other).items() if page in pages})


def write_files(app: "Sphinx", exception: Exception | None) -> None:
    """Write the files of the tables and charts that pages show, and remove those of others.

    They are made of the study alone, and only where they may differ from before: who edits a text
    does not wait for charts to be drawn. Where they cannot be written, the build fails.
    """
    if exception is not None or app.builder.format != "html" or not app.env:
        return
    from opinionpanel.report.html import DOWNLOADS

    folder = Path(app.outdir) / DOWNLOADS
    try:
        with told(folder):
            _bring_up_to_date(app, folder)
    except OpinionPanelError as error:
        # Whatever is raised here, Sphinx shows as a crash that its developers should hear of.
        LOGGER.error("The files of tables and charts are not up to date: %s", error)
        app.statuscode = 1


def _bring_up_to_date(app: "Sphinx", folder: Path) -> None:
    shown = set().union(*_shown(app.env).values())
    noted = Path(app.doctreedir) / WRITTEN
    # Several kinds of pages may share what Sphinx remembers; each has a folder of its own.
    folders = json.loads(noted.read_text(encoding="utf-8")) if noted.is_file() else {}
    before = folders.get(str(folder), {"made of": "", "files": []})
    made_of = _made_of(app, shown) if shown else ""
    if before["made of"] == made_of and (folder.is_dir() or not shown):
        return
    files = _files(app, shown) if shown else {}

    def note(made_of: str, names: Iterable[str]) -> None:
        folders[str(folder)] = {"made of": made_of, "files": sorted(names)}
        write_file(noted, json.dumps(folders, ensure_ascii=False))

    # Noted before they are written: what is there is known, wherever this ends.
    note("unfinished", {*before["files"], *files})
    for name in {*before["files"]} - {*files}:
        (folder / name).unlink(missing_ok=True)
    if files:
        folder.mkdir(exist_ok=True)
    for name, content in files.items():
        write_file(folder / name, content)
    note(made_of, files)


def _files(app: "Sphinx", shown: set["Part"]) -> dict[str, bytes]:
    from opinionpanel.report.downloads import downloads_of
    from opinionpanel.report.plan import pages_of

    contents = _read(app)
    return downloads_of(pages_of(contents), contents, shown)


def _made_of(app: "Sphinx", shown: set["Part"]) -> str:
    """Name all that files are made of."""
    settings = [opinionpanel.__version__, app.config.opinionpanel_language]
    stated = [(path, path.stat()) for path in _study_files(app)]
    files = [(str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stated]
    return repr((settings, files, sorted(shown)))


def _shown(env: "BuildEnvironment") -> dict[str, set["Part"]]:
    """Give the parts that pages show, by the names of the pages."""
    found: dict[str, set[Part]] | None = getattr(env, "opinionpanel_shown", None)
    if found is None:
        found = {}
        env.opinionpanel_shown = found  # type: ignore[attr-defined]
    return found
