"""The study that a Sphinx project names: read once for all its pages, with the files they link."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from opinionpanel.errors import StudyError
from opinionpanel.written_files import write_file

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from opinionpanel.report.contents import Contents

# The parts that pages show, each with what it is about, by the names of the pages.
Shown = dict[str, set[tuple[str, str]]]
# What the files of tables and charts were made of, in the folder of what Sphinx remembers.
WRITTEN = "opinionpanel-files"


def contents_of(env: "BuildEnvironment") -> "Contents":
    """Give the study to a page, which is made again when a file of the study has changed."""
    contents = _read(env.app)
    for path in _study_files(env.app):
        env.note_dependency(str(path))
    return contents


def _read(app: "Sphinx") -> "Contents":
    from opinionpanel.report.contents import Contents
    from opinionpanel.study import read_study, refuse_draft

    found: Contents | None = getattr(app, "opinionpanel_contents", None)
    if found is None:
        path = _study_path(app)
        refuse_draft(path)
        found = Contents(read_study(path), app.config.opinionpanel_language)
        app.opinionpanel_contents = found  # type: ignore[attr-defined]
    return found


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
    """Write the files of the tables and charts that pages show, where they may differ from before.

    They are made of the study alone: who edits a text does not wait for charts to be drawn.
    """
    shown = set().union(*_shown(app.env).values()) if app.env else set()
    if exception is not None or app.builder.format != "html" or not shown:
        return
    from opinionpanel.report.downloads import write_downloads
    from opinionpanel.report.html import DOWNLOADS
    from opinionpanel.report.plan import pages_of

    folder, mark = Path(app.outdir) / DOWNLOADS, Path(app.doctreedir) / WRITTEN
    made_of = _made_of(app, folder, shown)
    if folder.is_dir() and mark.is_file() and mark.read_text(encoding="utf-8") == made_of:
        return
    contents = _read(app)
    write_downloads(pages_of(contents), contents, folder, shown=shown)
    write_file(mark, made_of)


def _made_of(app: "Sphinx", folder: Path, shown: set[tuple[str, str]]) -> str:
    """Name all that files are made of, and where they are."""
    settings = [app.config.release, app.config.opinionpanel_language, str(folder)]
    stated = [(path, path.stat()) for path in _study_files(app)]
    files = [(str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stated]
    return repr((settings, files, sorted(shown)))


def _shown(env: "BuildEnvironment") -> Shown:
    found: Shown | None = getattr(env, "opinionpanel_shown", None)
    if found is None:
        found = {}
        env.opinionpanel_shown = found  # type: ignore[attr-defined]
    return found
