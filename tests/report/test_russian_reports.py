"""Russian words of reports: for every text that a report says, and no others."""

import ast
import re
from pathlib import Path

import pytest
from places import files

from opinionpanel import report
from opinionpanel.drawing.russian import RUSSIAN_WORDS
from opinionpanel.report.russian_reports import RUSSIAN_REPORTS

FOLDER = Path(report.__file__).parent
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files(FOLDER, "*.py")}
PLACE = re.compile(r"\{\w*\}")
# What charts and their notes say is tested with them.
WORDS = {**RUSSIAN_WORDS, **RUSSIAN_REPORTS}


def texts(node):
    """The texts that an argument may be."""
    if isinstance(node, ast.IfExp):
        return [*texts(node.body), *texts(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) else []


def said():
    """Every text that is given to `say` as it is."""
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name == "say":
                    yield from texts(node.args[0])


NEEDED = {text for text in said() if re.search("[A-Za-z]", PLACE.sub("", text))}


@pytest.mark.parametrize("phrase", sorted(NEEDED))
def test_every_text_has_its_russian_words(phrase):
    assert phrase in WORDS


def test_no_words_are_left_of_what_is_not_said():
    written = {
        node.value
        for path, tree in TREES.items()
        if not path.name.startswith("russian")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
    }
    assert [phrase for phrase in RUSSIAN_REPORTS if phrase not in written] == []


@pytest.mark.parametrize("phrase", RUSSIAN_REPORTS)
def test_the_words_are_russian(phrase):
    russian = RUSSIAN_REPORTS[phrase]
    forms = [russian] if isinstance(russian, str) else russian
    for text in forms:
        assert not re.search("[A-Za-z]", re.sub(r"\bn\b", "", PLACE.sub("", text)))
        assert set(PLACE.findall(text)) == set(PLACE.findall(phrase))
    if not isinstance(russian, str):
        assert len(forms) == 3
        assert "{n}" in phrase
