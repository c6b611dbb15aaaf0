"""What pages in Markdown write to show a part of a report, or to quote an estimate of it."""

import json
import sys
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.util.docutils import SphinxRole

from opinionpanel.errors import OpinionPanelError
from opinionpanel.report.page_nodes import part_nodes
from opinionpanel.report.projects import contents_of
from opinionpanel.report.running import FROM_INPUT

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class PartDirective(Directive):  # type: ignore[misc]
    """Show a part of a report: its name, and the page of the item or pair that it is about."""

    required_arguments = 1
    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the part, or take it as it was made beforehand."""
        env = self.state.document.settings.env
        part, about = [*self.arguments, ""][:2]
        made = made_before(env.app)
        if made:
            return list(part_nodes(made[f"{part} {about}"]))
        # Not needed where parts were made beforehand, and slow to load.
        from opinionpanel.report.live_parts import live_part

        try:
            return list(live_part(env, part, about))
        except OpinionPanelError as error:
            raise self.error(str(error)) from None


class EstimateRole(SphinxRole):
    """Quote an estimate within a sentence, as `quote_syntax` reads it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Write the estimate; what is not understood is an error in its line of the page."""
        from opinionpanel.report.quote_syntax import quoted

        try:
            text = quoted(contents_of(self.env), self.text)
        except OpinionPanelError as error:
            said = self.inliner.reporter.error(str(error), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, said)], [said]
        return [nodes.inline("", text, classes=["opinionpanel-estimate"])], []


def made_before(app: "Sphinx") -> dict[str, list[list[Any]]]:
    """Read the parts that the process above makes; none where pages make them."""
    found: dict[str, list[list[Any]]] | None = getattr(app, "opinionpanel_parts", None)
    if found is None:
        found = json.load(sys.stdin) if app.config.opinionpanel_parts == FROM_INPUT else {}
        app.opinionpanel_parts = found  # type: ignore[attr-defined]
    return found
