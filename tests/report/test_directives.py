"""What pages in Markdown write to show a part of a report."""

import io
import json
from pathlib import Path

from sphinx_projects import Environment

from opinionpanel.report import directives
from opinionpanel.report.plan import (
    BATTERY_PARTS,
    BESIDE_PARTS,
    ITEM_PARTS,
    PAIR_PARTS,
    SCORE_PARTS,
    STUDY_PARTS,
)


def test_parts_that_another_process_makes_are_read_once(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"trend q": [["note", "text"]]})))
    app = Environment(tmp_path, opinionpanel_parts="-").app
    parts = directives.made_before(app)
    assert parts == {"trend q": [["note", "text"]]}
    assert directives.made_before(app) is parts
    for other in ("", "study.toml"):
        app = Environment(tmp_path, opinionpanel_parts=other).app
        assert directives.made_before(app) == {}


def test_the_documentation_names_every_part():
    text = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
    every = (STUDY_PARTS, ITEM_PARTS, PAIR_PARTS, SCORE_PARTS, BATTERY_PARTS, BESIDE_PARTS)
    for parts in every:
        assert f"| {' '.join(f'`{part}`' for part in parts)} |" in text
