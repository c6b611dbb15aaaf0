"""Russian words of reports: for every text that a report says, and no others."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from parsed import trees

from opinionpanel import report
from opinionpanel.drawing.russian import RUSSIAN_WORDS
from opinionpanel.report import data_packages as columns
from opinionpanel.report.change_parts import PARTS
from opinionpanel.report.grids import COLUMNS, UNITS
from opinionpanel.report.group_parts import COMPARED
from opinionpanel.report.loss_parts import FIGURES
from opinionpanel.report.russian_reports import RUSSIAN_REPORTS
from opinionpanel.report.study_parts import COUNTS, KEYS

FOLDER = Path(report.__file__).parent
PLACE = re.compile(r"\{\w*\}")
# What charts and their notes say is tested with them.
WORDS = {**RUSSIAN_WORDS, **RUSSIAN_REPORTS}


@cache
def modules():
    """The modules of reports, by their paths."""
    return {path: tree for path, tree in trees().items() if path.parent == FOLDER}


@cache
def named():
    """Texts that modules give a name, as "LEFT_OUT"."""
    return {
        node.targets[0].id: node.value.value
        for tree in modules().values()
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def texts(node):
    """The texts that an argument may be."""
    if isinstance(node, ast.IfExp):
        return [*texts(node.body), *texts(node.orelse)]
    if isinstance(node, ast.Name):
        return [named()[node.id]] if node.id in named() else []
    return [node.value] if isinstance(node, ast.Constant) else []


def said():
    """Every text that is given to `say` as it is, or by its name."""
    for tree in modules().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name == "say":
                    yield from texts(node.args[0])


# Texts that are said by the names of what they tell.
DESCRIBED = {name: what for name, (what, _) in columns.FIGURES.items()}
BY_NAME = (
    *(COLUMNS, COMPARED, COUNTS, FIGURES, KEYS, PARTS, UNITS),
    *(DESCRIBED, columns.LABELS, columns.UNITS),
)


def test_every_text_has_its_russian_words():
    needed = {text for text in said() if re.search("[A-Za-z]", PLACE.sub("", text))}
    assert len(needed) > 100
    assert sorted(needed - WORDS.keys()) == []


@pytest.mark.parametrize("texts", BY_NAME)
def test_texts_that_stand_in_lists_have_theirs(texts):
    assert [text for text in texts.values() if text != "n" and text not in WORDS] == []


def test_no_words_are_left_of_what_is_not_said():
    written = {
        node.value
        for path, tree in modules().items()
        if not path.name.startswith("russian")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
    }
    assert [phrase for phrase in RUSSIAN_REPORTS if phrase not in written] == []


def test_the_words_are_russian():
    for phrase, russian in RUSSIAN_REPORTS.items():
        forms = [russian] if isinstance(russian, str) else russian
        for text in forms:
            assert not re.search("[A-Za-z]", re.sub(r"\bn\b", "", PLACE.sub("", text))), phrase
            assert set(PLACE.findall(text)) == set(PLACE.findall(phrase)), phrase
        if not isinstance(russian, str):
            assert len(forms) == 3, phrase
            assert "{n}" in phrase
