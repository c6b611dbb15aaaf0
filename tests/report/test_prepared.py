"""Parts made beforehand."""

import json
import sys

from made_contents import plain

from opinionpanel import progress
from opinionpanel.report.blocks import Links, Points, Text
from opinionpanel.report.plan import every_page, pages_of
from opinionpanel.report.prepared import prepared, prepared_parts


def test_text_stays_text_for_the_search_of_pages():
    blocks = [Text("a <b>", "note"), Points(["c"]), Links([])]
    kinds = [kind for kind, _ in prepared(blocks, plain().told)]
    assert kinds == ["note", "paragraph", "html"]
    assert prepared(blocks, plain().told)[0][1] == "a <b>"


def test_every_part_of_every_page_is_made():
    contents = plain()
    front = pages_of(contents)
    parts = json.loads(prepared_parts(front, contents))
    assert set(parts) == {
        f"{section.part} {section.about}" for page in every_page(front) for section in page.sections
    }


def test_progress_is_told_page_by_page_on_a_terminal(capsys, monkeypatch):
    contents = plain()
    front = pages_of(contents)
    prepared_parts(front, contents)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(progress, "SECONDS", 0.0)
    prepared_parts(front, contents)
    assert f"0/{len(list(every_page(front)))} " in capsys.readouterr().err
