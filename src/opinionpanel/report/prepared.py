"""Parts of pages, made by the process that has read the study, for the one that lays out pages.

A part is a list of paragraphs, as ``["note", "text"]``, lists of points, as ``["note", ["text"]]``,
and all else as ``["html", "<table>..."]``.
"""

import json
from collections.abc import Iterable
from typing import Any

from opinionpanel.progress import steps
from opinionpanel.report.blocks import Block, Points, Text
from opinionpanel.report.contents import Contents
from opinionpanel.report.html import html_of
from opinionpanel.report.plan import Page, blocks_of, every_page
from opinionpanel.report.told import Told

Prepared = list[list[Any]]


def prepared(blocks: Iterable[Block], told: Told) -> Prepared:
    """Prepare blocks: text as text, which the search of the pages finds, and all else as HTML."""
    parts: Prepared = []
    for block in blocks:
        if isinstance(block, Text):
            parts.append([block.kind, block.text])
        elif isinstance(block, Points):
            parts.append([block.kind, list(block.texts)])
        else:
            parts.append(["html", html_of([block], told)])
    return parts


def prepared_parts(front: Page, contents: Contents) -> str:
    """Make all parts of all pages, as JSON."""
    parts = {
        f"{section.part} {section.about}": prepared(
            blocks_of(contents, section.part, section.about), contents.told
        )
        for page in steps(list(every_page(front)), "report: pages")
        for section in page.sections
    }
    return json.dumps(parts, ensure_ascii=False)
