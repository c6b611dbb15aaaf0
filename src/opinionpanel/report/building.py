"""Build the report of a study: templates to pages, run and laid out by Sphinx."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opinionpanel.disclosure import MIN_N
from opinionpanel.errors import OpinionPanelError, StudyError, listing
from opinionpanel.escaping import (
    closed,
    code_cell,
    fenced,
    file_names,
    html_text,
    markdown_text,
    one_line,
    python_text,
)
from opinionpanel.estimates import MIN_CELL
from opinionpanel.panel import Panel, panel_text
from opinionpanel.report.pages import table_groups
from opinionpanel.report.placing import check_output, put_in_place, rescue
from opinionpanel.report.running import end_orphans, run_sphinx
from opinionpanel.study import Study, read_study, wave_files
from opinionpanel.waves import check_steady, steady
from opinionpanel.written_files import made, told, work_folder, write_file

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
# Pages that Sphinx makes itself, and words that its tables of contents take for something else.
TAKEN = ("index", "search", "genindex", "modindex", "self")
# Stands for a name without a letter, where nothing would be no heading at all.
NO_NAME = "(no name)"
NEEDED = ("sphinx", "myst_nb", "furo", "ipykernel")


@steady()
def build(study: str | Path, output: str | Path) -> Path:
    """Build the report of a study: an index and a page for every item asked at two waves or more.

    Parameters
    ----------
    study : str or pathlib.Path
        A ``study.toml`` file, which names the wave files, items, groups and design.
    output : str or pathlib.Path
        The folder of the report. It appears when the report is complete. Of an older report there
        the files are replaced that it wrote, as listed in ``.opinionpanel-report``; others stay
        where they are.

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

    Examples
    --------
    Some seconds for each page; the command ``opinionpanel report study.toml`` does the same::

        from opinionpanel import report

        index = report.build("study.toml", "pages")
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
    with made(output.parent), told(output), work_folder(output.parent, _rescue) as work:
        _write_sources(study, declared, work / "source")
        run_sphinx(work)
        # Every page has read the study for itself.
        check_steady()
        put_in_place(work, output)
    return output / "index.html"


def _rescue(work: Path) -> None:
    """Clear up after a run that was killed."""
    end_orphans(work)
    rescue(work)


def _write_sources(path: Path, study: Study, folder: Path) -> None:
    """Fill in the templates: the settings, the index, and a page for every item."""
    panel = study.panel
    pages = _pages(path, panel)
    names = file_names(pages, TAKEN)
    templates = _templates()
    folder.mkdir()

    def write(template: str, name: str, **values: Any) -> None:
        text = templates.get_template(template).render(values)
        write_file(folder / name, text)

    write("conf.py.jinja", "conf.py", title=one_line(study.title) or NO_NAME)
    write(
        "index.md.jinja",
        "index.md",
        title=study.title,
        source=study.source,
        opt_in=panel.design.sample == "nonprobability",
        pages=[{"item": name, "name": names[name]} for name in pages],
        left_out=[name for name in panel.items if name not in pages],
        # Its notes are for whoever makes the report; one says that all gave the same answer.
        summary=panel_text(panel, notes=False),
        not_due=bool(panel.not_due),
        min_n=MIN_N,
        min_cell=MIN_CELL,
    )
    for item, waves in pages.items():
        write(
            "item.md.jinja",
            f"{names[item]}.md",
            study=str(path),
            item=item,
            waves=waves,
            pairs=[pair for pair in panel.pairs(item) if panel.linked[pair]],
            chain=panel.chain(item),
            groups=table_groups(panel),
        )


def _pages(path: Path, panel: Panel) -> dict[str, tuple[str, ...]]:
    """Name the items that have a page, with the waves that asked them."""
    items = {name: panel.asked(name) for name in panel.items}
    pages = {
        name: waves
        for name, waves in items.items()
        if len(waves) > 1 and len(panel.item(name).state_names) > 1
    }
    if not pages:
        raise StudyError(
            f"{path.name}: no item has two states and was asked at two waves ({listing(items)}), "
            "so there is no change to report. Name the columns of each wave in column = {...}."
        )
    return pages


def _templates() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters.update(plain=_plain, html=html_text, python=python_text, fenced=fenced)
    environment.globals["cell"] = code_cell
    return environment


def _plain(text: object) -> str:
    """Write a name into a line of a page."""
    return markdown_text(closed(str(text))) or NO_NAME
