"""Prepared parts as what Sphinx lays out on a page."""

from collections.abc import Iterator
from typing import Any

from docutils import nodes

from opinionpanel.drawing import NO_BREAK


def part_nodes(part: list[list[Any]]) -> Iterator[nodes.Node]:
    """Make what stands on the page of a part as `prepared` gives it."""
    for kind, content in part:
        classes = [f"opinionpanel-{kind}"]
        if kind == "html":
            yield nodes.raw("", content, format="html")
        elif isinstance(content, str):
            yield nodes.paragraph("", _unbroken(content), classes=classes)
        else:
            points = (nodes.list_item("", nodes.paragraph("", _unbroken(text))) for text in content)
            yield nodes.bullet_list("", *points, classes=classes)


def _unbroken(text: str) -> str:
    """Let no line end within "n = 153"."""
    return text.replace("n = ", f"n{NO_BREAK}={NO_BREAK}")
