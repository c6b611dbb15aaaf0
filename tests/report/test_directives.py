"""What pages in Markdown write to show a part of a report."""

import json

from sphinx_projects import Environment

from opinionpanel.report import directives


def test_parts_that_were_made_before_are_read_once(tmp_path):
    (tmp_path / "parts.json").write_text(json.dumps({"trend q": [["note", "text"]]}))
    app = Environment(tmp_path, opinionpanel_parts="parts.json").app
    parts = directives.parts_of(app)
    assert parts == {"trend q": [["note", "text"]]}
    assert directives.parts_of(app) is parts
    assert directives.parts_of(Environment(tmp_path).app) == {}
