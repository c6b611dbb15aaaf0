"""Prepared parts as what Sphinx lays out on a page."""

from collections.abc import Iterator
from typing import Any

from docutils import nodes

from opinionpanel.report.blocks import unbroken


def part_nodes(part: list[list[Any]]) -> Iterator[nodes.Node]:
    """Make what stands on the page of a part as `prepared` gives it."""
    for kind, content in part:
        classes = [f"opinionpanel-{kind}"]
        if kind == "html":
            yield nodes.raw("", content, format="html")
        elif isinstance(content, str):
            yield nodes.paragraph("", unbroken(content), classes=classes)
        else:
            points = (nodes.list_item("", nodes.paragraph("", unbroken(text))) for text in content)
            yield nodes.bullet_list("", *points, classes=classes)
