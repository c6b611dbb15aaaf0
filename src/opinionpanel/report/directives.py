"""What pages in Markdown write to show a part of a report."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import Directive

from opinionpanel.errors import OpinionPanelError, StudyError

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from opinionpanel.report.contents import Contents


class PartDirective(Directive):  # type: ignore[misc]
    """Show a part of a report: its name, and the page of the item or pair that it is about."""

    required_arguments = 1
    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the part, or take it as it was made beforehand."""
        app = self.state.document.settings.env.app
        part, about = [*self.arguments, ""][:2]
        made = parts_of(app)
        try:
            found = made[f"{part} {about}"] if made else _made_now(app, part, about)
        except OpinionPanelError as error:
            raise self.error(str(error)) from None
        return list(_nodes(found))


def parts_of(app: "Sphinx") -> dict[str, list[list[Any]]]:
    """Read the parts that the process above makes; none where pages make them."""
    found: dict[str, list[list[Any]]] | None = getattr(app, "opinionpanel_parts", None)
    if found is None:
        found = json.load(sys.stdin) if app.config.opinionpanel_parts else {}
        app.opinionpanel_parts = found  # type: ignore[attr-defined]
    return found


def contents_of(app: "Sphinx") -> "Contents":
    """Read the study of a project, once for all its pages."""
    from opinionpanel.report.contents import Contents
    from opinionpanel.study import read_study

    found: Contents | None = getattr(app, "opinionpanel_contents", None)
    if found is None:
        if not app.config.opinionpanel_study:
            raise StudyError(
                'conf.py names no study. Write opinionpanel_study = "study.toml" there.'
            )
        path = Path(app.confdir) / app.config.opinionpanel_study
        found = Contents(read_study(path), app.config.opinionpanel_language)
        app.opinionpanel_contents = found  # type: ignore[attr-defined]
    return found


def _made_now(app: "Sphinx", part: str, about: str) -> list[list[Any]]:
    from opinionpanel.report.plan import blocks_of
    from opinionpanel.report.prepared import prepared

    contents = contents_of(app)
    return prepared(blocks_of(contents, part, about), contents.told)


def _nodes(part: list[list[Any]]) -> Iterator[nodes.Node]:
    for kind, content in part:
        classes = [f"opinionpanel-{kind}"]
        if kind == "html":
            yield nodes.raw("", content, format="html")
        elif isinstance(content, str):
            yield nodes.paragraph("", content, classes=classes)
        else:
            points = (nodes.list_item("", nodes.paragraph("", text)) for text in content)
            yield nodes.bullet_list("", *points, classes=classes)
