"""What of parts depends on the page that they end up on: links to files, and the ids of charts."""

import re
from collections import Counter
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.osutil import relative_uri

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Marks nodes with links to files, as they are from the folder of all pages.
LEADS_TO_FILES = "opinionpanel_leads_to_files"
# The id of a chart's box, then of the same box at its data. Neither stands in the data: there
# quotes are escaped.
CHART = re.compile(r'\b(id|data-chart)="(chart-[0-9a-f]{12})"')


def settle_parts(app: "Sphinx", doctree: nodes.document, page: str) -> None:
    """Let links and charts of a page fit the kind of pages that is made.

    What was read once serves pages of several kinds, each with addresses of its own, and some
    without any.
    """
    if app.builder.format != "html":
        return
    boxes: Counter[str] = Counter()
    for node in list(doctree.findall(nodes.raw)):
        content = node.astext()
        if LEADS_TO_FILES in node:
            content = _with_links(content, app.builder.get_target_uri(page))
        content = CHART.sub(lambda found: _numbered(found, boxes), content)
        if content != node.astext():
            node.replace_self(nodes.raw("", content, **node.attributes))


def _with_links(content: str, page: str) -> str:
    """Lead from a page to files, which pages of all folders have in one."""
    # Not needed where parts were made beforehand, and slow to load.
    from opinionpanel.report.html import DOWNLOADS

    return content.replace(f'href="{DOWNLOADS}/', f'href="{relative_uri(page, DOWNLOADS)}/')


def _numbered(found: re.Match[str], boxes: Counter[str]) -> str:
    """Tell boxes of a chart that a page shows again from the first one."""
    name, chart = found.groups()
    boxes[chart] += name == "id"
    number = f"-{boxes[chart]}" if boxes[chart] > 1 else ""
    return f'{name}="{chart}{number}"'
