"""Words of the theme of pages in the languages of reports."""

import gettext
from pathlib import Path
from types import SimpleNamespace

import pytest
from places import files

from opinionpanel.report.theme_words import WORDS, add_theme_words


@pytest.mark.parametrize("language", WORDS)
def test_the_theme_says_every_text_so(language):
    furo = pytest.importorskip("furo")
    templates = files(Path(furo.__file__).parent / "theme", "**/*.html")
    said = " ".join(path.read_text(encoding="utf-8") for path in templates)
    assert [text for text in WORDS[language] if text not in said] == []


def test_words_stand_in_for_those_that_sphinx_does_not_have():
    translator = gettext.NullTranslations()
    for language in ("xx", "ru"):
        app = SimpleNamespace(translator=translator)
        add_theme_words(app, SimpleNamespace(language=language))
    assert translator.gettext("Next") == "Следующая страница"
    assert translator.gettext("Search") == "Search"
