"""Russian words: for every phrase that the package says, in the forms that nouns take."""

import ast
import re
from functools import cache

from parsed import trees

from opinionpanel.drawing.russian import RUSSIAN_WORDS, russian_plural

PLACE = re.compile(r"\{\w*\}")
# Numbers are written by rules, not by words; and templates without a word of their own.
WORDLESS = {"{number}%", "{whole}.{decimals}"}


def called(trees, name):
    """The first arguments of all calls of a function or method, where they are texts."""
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                function = node.func
                if name == getattr(function, "attr", getattr(function, "id", "")):
                    yield from texts(node.args[0])


def texts(node):
    """The texts that an argument may be."""
    if isinstance(node, ast.IfExp):
        return [*texts(node.body), *texts(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) else []


@cache
def needed():
    """All that is said in words."""
    charts = [tree for path, tree in trees().items() if path.parent.name in ("charts", "drawing")]
    said = {*called(charts, "say"), *called(trees().values(), "Phrase")}
    return {text for text in said if re.search("[A-Za-z]", PLACE.sub("", text))} - WORDLESS


def test_every_phrase_has_its_russian_words():
    assert len(needed()) > 200
    assert sorted(needed() - RUSSIAN_WORDS.keys()) == []


def test_no_words_are_left_of_what_is_not_said():
    written = {
        node.value
        for path, tree in trees().items()
        if not path.name.startswith("russian")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
    }
    assert [phrase for phrase in RUSSIAN_WORDS if phrase not in written] == []


def test_the_words_are_russian():
    for phrase, said in RUSSIAN_WORDS.items():
        forms = [said] if isinstance(said, str) else said
        for text in forms:
            # The size of a base is n, as everywhere.
            assert not re.search("[A-Za-z]", re.sub(r"\bn\b", "", PLACE.sub("", text))), phrase
            # A value that is not said would be lost.
            assert set(PLACE.findall(text)) == set(PLACE.findall(phrase)), phrase
        if not isinstance(said, str):
            assert len(forms) == 3, phrase
            assert "{n}" in phrase


def test_the_three_forms():
    assert [russian_plural(n) for n in (1, 21, 101)] == [0, 0, 0]
    assert [russian_plural(n) for n in (2, 3, 4, 22, 104)] == [1] * 5
    assert [russian_plural(n) for n in (0, 5, 11, 12, 13, 14, 20, 111, 112)] == [2] * 9
