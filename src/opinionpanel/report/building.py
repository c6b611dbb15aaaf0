"""Build the report of a study: templates to pages, run and laid out by Sphinx."""

import os
from importlib.util import find_spec
from pathlib import Path

from opinionpanel.charts import LanguageName
from opinionpanel.errors import OpinionPanelError, listing
from opinionpanel.report.contents import Contents
from opinionpanel.report.placing import check_output, put_in_place, rescue
from opinionpanel.report.plan import pages_of
from opinionpanel.report.prepared import write_parts
from opinionpanel.report.running import end_orphans, run_sphinx
from opinionpanel.report.sources import PARTS, write_sources
from opinionpanel.study import read_study, wave_files
from opinionpanel.waves import check_steady, steady
from opinionpanel.written_files import made, told, work_folder

NEEDED = ("sphinx", "myst_nb", "furo", "ipykernel")


@steady()
def build(study: str | Path, output: str | Path, *, language: LanguageName = "en") -> Path:
    """Build the report of a study: an index and a page for every item asked at two waves or more.

    Parameters
    ----------
    study : str or pathlib.Path
        A ``study.toml`` file, see `read_study`.
    output : str or pathlib.Path
        The folder of the report. It appears when the report is complete. Of an older report
        there the files are replaced that it wrote, as listed in ``.opinionpanel-report``; others
        stay where they are.
    language : {"en", "ru"} or Language
        Of the report. Texts that the study has by language are in it, too.

    Returns
    -------
    pathlib.Path
        The index page. All pages open from disk and need no network.

    Raises
    ------
    OpinionPanelError
        Sphinx is not installed, the study cannot be read or has nothing to report, the folder
        holds something else than a report, somebody changed a file of the report in it, or a page
        fails.
    WriteError
        The report cannot be written, as on a full disk; an older one is as it was.
    """
    absent = [name for name in NEEDED if find_spec(name) is None]
    if absent:
        raise OpinionPanelError(
            f"Reports need {listing(absent)}, which {'is' if len(absent) == 1 else 'are'} not "
            "installed. Install the extra: pip install 'opinionpanel[report]'."
        )
    # Its files stand beside the study as it is named, also where that is a link, as for `check`.
    study, output = Path(study).absolute(), Path(os.path.realpath(output))
    check_output(output, [study, *wave_files(study)])
    declared = read_study(study)
    # On the same disk as the output, so that the finished folder only has to be renamed.
    contents = Contents(declared, language)
    with made(output.parent), told(output), work_folder(output.parent, _rescue) as work:
        front = pages_of(contents)
        write_sources(front, contents.told, work / "source")
        write_parts(front, contents, work / "source" / PARTS)
        run_sphinx(work)
        check_steady()
        put_in_place(work, output)
    return output / "index.html"


def _rescue(work: Path) -> None:
    """Clear up after a run that was killed."""
    end_orphans(work)
    rescue(work)
