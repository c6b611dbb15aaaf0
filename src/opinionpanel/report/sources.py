"""The sources of a report: pages in Markdown, which Sphinx builds and people may edit."""

import os
from pathlib import Path

from opinionpanel.escaping import (
    closed,
    entry_title,
    fenced,
    html_text,
    markdown_text,
    one_line,
    python_text,
)
from opinionpanel.report.plan import Page, every_page
from opinionpanel.report.running import FROM_INPUT
from opinionpanel.report.told import Told
from opinionpanel.written_files import write_file

# Stands for a name without a letter, where nothing would be no heading at all.
NO_NAME = "(no name)"
SETTINGS = """\
import opinionpanel

project = {title}
release = opinionpanel.__version__
language = {language}
extensions = [{extensions}, "opinionpanel.report.extension"]
exclude_patterns = []

opinionpanel_{source} = {path}
opinionpanel_language = {language}

html_theme = "furo"
# The theme takes this for HTML.
html_title = {html_title}
html_copy_source = False
html_show_sourcelink = False
html_show_search_summary = False
html_show_copyright = False
html_use_index = False
smartquotes = False
"""


def write_sources(front: Page, told: Told, folder: Path, *, study: Path | None = None) -> None:
    """Write the settings and all pages of a report.

    Parameters
    ----------
    front : Page
        The front page, with all others below it.
    told : Told
    folder : pathlib.Path
        Where to write, which is made.
    study : pathlib.Path, optional
        The file of the study, from which pages make their parts when they are built; they may then
        hold code, too. By default the process that reads the study makes them.
    """
    folder.mkdir()
    title = one_line(told.study.title) or NO_NAME
    made_before = study is None
    settings = SETTINGS.format(
        title=python_text(title),
        language=python_text(told.language.code),
        extensions=python_text("myst_parser" if made_before else "myst_nb"),
        source="parts" if made_before else "study",
        path=python_text(FROM_INPUT if study is None else _path_from(folder, study)),
        html_title=python_text(html_text(title)),
    )
    write_file(folder / "conf.py", settings)
    for page in every_page(front):
        write_file(folder / f"{page.name}.md", page_source(page, runs_code=not made_before))


def page_source(page: Page, *, runs_code: bool = False) -> str:
    """Write a page: its headings, and a directive for what stands below each of them."""
    # In columns charts take the room in which the theme lists headings.
    settings = ["hide-toc: true"] * page.columns + ["file_format: mystnb"] * runs_code
    parts = ["\n".join(["---", *settings, "---"])] if settings else []
    parts.append(f"# {markdown_text(closed(page.title)) or NO_NAME}")
    for section in page.sections:
        if section.heading:
            heading = markdown_text(closed(section.heading))
            parts.append(f"## [{heading}]({section.page}.md)" if section.page else f"## {heading}")
        parts.append(f"```{{opinionpanel}} {section.part} {section.about}".rstrip() + "\n```")
    if page.children:
        entries = "\n".join(map(_entry, page.children))
        parts.append(fenced(f":hidden:\n\n{entries}", "{toctree}"))
    return "\n\n".join(parts) + "\n"


def _path_from(folder: Path, study: Path) -> str:
    """Lead from the pages to the study, so that the two can be moved together."""
    try:
        return Path(os.path.relpath(study, os.path.realpath(folder))).as_posix()
    except ValueError:
        # No relative path leads to another drive.
        return str(study)


def _entry(page: Page) -> str:
    """Write a line of a list of pages, with what the page is called there."""
    return f"{entry_title(closed(page.listed))} <{page.name}>" if page.listed else page.name
