"""The files of a report's tables and charts."""

from pathlib import Path

from opinionpanel.report.contents import Contents
from opinionpanel.report.plan import Page


def write_downloads(front: Page, contents: Contents, folder: Path) -> None:
    """Write the files that pages link to."""
    folder.mkdir()
    del front, contents
