"""The study that a Sphinx project names: read once for all its pages, with the files they link."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from opinionpanel.errors import StudyError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from opinionpanel.report.contents import Contents

# The parts that pages show, each with what it is about, by the names of the pages.
Shown = dict[str, set[tuple[str, str]]]


def contents_of(env: "BuildEnvironment") -> "Contents":
    """Give the study to a page, which is made again when a file of the study has changed."""
    contents, files = _read(env.app)
    for path in files:
        env.note_dependency(str(path))
    return contents


def _read(app: "Sphinx") -> tuple["Contents", list[Path]]:
    from opinionpanel.report.contents import Contents
    from opinionpanel.study import read_study, refuse_draft, wave_files

    found: tuple[Contents, list[Path]] | None = getattr(app, "opinionpanel_contents", None)
    if found is None:
        if not app.config.opinionpanel_study:
            raise StudyError(
                'conf.py names no study. Write opinionpanel_study = "study.toml" there.'
            )
        path = Path(app.confdir) / app.config.opinionpanel_study
        refuse_draft(path)
        contents = Contents(read_study(path), app.config.opinionpanel_language)
        found = (contents, [path, *wave_files(path)])
        app.opinionpanel_contents = found  # type: ignore[attr-defined]
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
    """Write the files of the tables and charts that pages show."""
    from opinionpanel.report.downloads import write_downloads
    from opinionpanel.report.html import DOWNLOADS
    from opinionpanel.report.plan import pages_of

    shown = set().union(*_shown(app.env).values()) if app.env else set()
    if exception is not None or app.builder.format != "html" or not shown:
        return
    contents, _ = _read(app)
    write_downloads(pages_of(contents), contents, Path(app.outdir) / DOWNLOADS, shown=shown)


def _shown(env: "BuildEnvironment") -> Shown:
    found: Shown | None = getattr(env, "opinionpanel_shown", None)
    if found is None:
        found = {}
        env.opinionpanel_shown = found  # type: ignore[attr-defined]
    return found
