"""What pages in Markdown write to show a part of a report."""

import io
import json

from sphinx_projects import Environment

from opinionpanel.report import directives


def test_parts_that_another_process_makes_are_read_once(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"trend q": [["note", "text"]]})))
    app = Environment(tmp_path, opinionpanel_parts="-").app
    parts = directives.parts_of(app)
    assert parts == {"trend q": [["note", "text"]]}
    assert directives.parts_of(app) is parts
    assert directives.parts_of(Environment(tmp_path).app) == {}
