"""Build the report of a study: as pages laid out by Sphinx, on paper, or in Word."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

from opinionpanel.arguments import checked
from opinionpanel.charts import LanguageName
from opinionpanel.errors import OpinionPanelError, listing, unknown
from opinionpanel.report.contents import Contents
from opinionpanel.report.downloads import write_downloads
from opinionpanel.report.html import DOWNLOADS
from opinionpanel.report.paper import pdf_of
from opinionpanel.report.placing import FINISHED, check_output, put_in_place, rescue
from opinionpanel.report.plan import pages_of
from opinionpanel.report.prepared import prepared_parts
from opinionpanel.report.running import end_orphans, run_sphinx
from opinionpanel.report.sources import write_sources
from opinionpanel.report.word import docx_of
from opinionpanel.study import read_study, refuse_draft, wave_files
from opinionpanel.waves import check_steady, steady
from opinionpanel.written_files import made, told, work_folder, write_file

Format = Literal["html", "pdf", "docx"]
NEEDED = ("sphinx", "myst_parser", "furo")


@checked
@steady()
def build(
    study: str | Path,
    output: str | Path,
    *,
    language: LanguageName = "en",
    format: Format = "html",
) -> Path:
    """Build the report of a study: an index and a page for every item asked at two waves or more.

    Parameters
    ----------
    study : str or pathlib.Path
        A ``study.toml`` file, which names the wave files, items, groups and design.
    output : str or pathlib.Path
        The folder of the report. It appears when the report is complete. Of an older report
        there the files are replaced that it wrote, as listed in ``.opinionpanel-report``; others
        stay where they are.
    language : {"en", "ru"} or Language
        Of the report. Texts that the study has by language are in it, too.
    format : {"html", "pdf", "docx"}
        Pages; or the same on paper or in Word, as the one file ``report.pdf`` or ``report.docx``
        of the folder, which may hold other things, too.

    Returns
    -------
    pathlib.Path
        The index page, which opens from disk and needs no network; or the one file.

    Raises
    ------
    OpinionPanelError
        Sphinx is not installed, the study cannot be read or has nothing to report, the folder
        holds something else than a report, somebody changed a file of the report in it, or a page
        fails.
    WriteError
        The report cannot be written, as on a full disk; an older one is as it was.

    Examples
    --------
    Some seconds for each page; the command ``opinionpanel report study.toml`` does the same::

        from opinionpanel import report

        index = report.build("study.toml", "pages")
    """
    if format not in get_args(Format):
        raise unknown("format", format, get_args(Format))
    if format == "html":
        _check_installed()
    refuse_draft(study)
    # Its files stand beside the study as it is named, also where that is a link, as for `check`.
    study, output = Path(study).absolute(), Path(os.path.realpath(output))
    if format == "html":
        check_output(output, [study, *wave_files(study)])
    contents = Contents(read_study(study), language)
    if format != "html":
        content = pdf_of(contents) if format == "pdf" else docx_of(contents)
        check_steady()
        with made(output):
            write_file(output / f"report.{format}", content)
        return output / f"report.{format}"
    # On the same disk as the output, so that the finished folder only has to be renamed.
    with made(output.parent), told(output), work_folder(output.parent, _rescue) as work:
        front = pages_of(contents)
        write_sources(front, contents.told, work / "source")
        run_sphinx(
            work,
            lambda: prepared_parts(front, contents),
            lambda: write_downloads(front, contents, work / DOWNLOADS),
        )
        (work / DOWNLOADS).rename(work / FINISHED / DOWNLOADS)
        check_steady()
        put_in_place(work, output)
    return output / "index.html"


@checked
@steady()
def eject(study: str | Path, folder: str | Path, *, language: LanguageName = "en") -> Path:
    """Write the sources of a report: pages in Markdown that can be edited, and their settings.

    Parameters
    ----------
    study : str or pathlib.Path
        A ``study.toml`` file, which names the wave files, items, groups and design.
    folder : str or pathlib.Path
        A folder that does not exist yet.
    language : {"en", "ru"} or Language
        Of the report.

    Returns
    -------
    pathlib.Path
        The folder. ``sphinx-build FOLDER OUTPUT`` makes pages of it.

    Raises
    ------
    OpinionPanelError
        The study cannot be read or has nothing to report, or the folder exists.
    WriteError
        The sources cannot be written.

    Examples
    --------
    The command ``opinionpanel report study.toml --eject pages`` does the same::

        from opinionpanel import report

        report.eject("study.toml", "pages")
    """
    refuse_draft(study)
    study, folder = Path(study).absolute(), Path(folder)
    if folder.exists():
        raise OpinionPanelError(f"{str(folder)!r} exists already. Name a folder that does not.")
    contents = Contents(read_study(study), language)
    with made(folder.absolute().parent):
        write_sources(pages_of(contents), contents.told, folder, study=study)
    return folder


def _check_installed() -> None:
    absent = [name for name in NEEDED if find_spec(name) is None]
    if absent:
        raise OpinionPanelError(
            f"Reports need {listing(absent)}, which {'is' if len(absent) == 1 else 'are'} not "
            "installed. Install the extra: pip install 'opinionpanel[report]'."
        )


def _rescue(work: Path) -> None:
    """Clear up after a run that was killed."""
    end_orphans(work)
    rescue(work)
