"""What pages in Markdown write to show a part of a report."""

import io
import json
from types import SimpleNamespace

import pytest

from opinionpanel.errors import StudyError
from opinionpanel.report import directives


def app(folder, **values):
    config = {"opinionpanel_parts": "", "opinionpanel_study": "", "opinionpanel_language": "en"}
    return SimpleNamespace(confdir=str(folder), config=SimpleNamespace(**config | values))


def test_parts_that_another_process_makes_are_read_once(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"trend q": [["note", "text"]]})))
    one = app(tmp_path, opinionpanel_parts="-")
    parts = directives.parts_of(one)
    assert parts == {"trend q": [["note", "text"]]}
    assert directives.parts_of(one) is parts
    assert directives.parts_of(app(tmp_path)) == {}


def test_text_is_text_and_all_else_is_html():
    made = list(directives._nodes([["note", "<b>"], ["finding", ["a", "b"]], ["html", "<i>c</i>"]]))
    assert made[0].astext() == "<b>"
    assert len(made[1].children) == 2
    assert made[2]["format"] == "html"


def test_without_a_study_the_error_says_where_to_name_it(tmp_path):
    with pytest.raises(StudyError, match=r"conf\.py names no study"):
        directives.contents_of(app(tmp_path))
