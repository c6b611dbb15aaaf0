"""Words of the theme of pages in the languages of reports, as far as Sphinx does not have them."""

from collections.abc import Mapping
from gettext import NullTranslations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

WORDS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "Skip to content": "К содержанию страницы",
        "On this page": "На этой странице",
        "Back to top": "К началу страницы",
        "Home": "К первой странице",
        "Next": "Следующая страница",
        "Previous": "Предыдущая страница",
        "Made with ": "Сделано с помощью ",
        '<a href="https://www.sphinx-doc.org/">Sphinx</a> and ': (
            '<a href="https://www.sphinx-doc.org/">Sphinx</a> и '
        ),
    }
}


class ThemeWords(NullTranslations):
    """The words of one language, for what is translated nowhere else."""

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__()
        self._words = words

    def gettext(self, message: str) -> str:
        """Give a word in the language, or as it is."""
        return self._words.get(message, message)


def add_theme_words(app: "Sphinx", config: "Config") -> None:
    """Let the theme speak the language of the pages."""
    if config.language in WORDS:
        app.translator.add_fallback(ThemeWords(WORDS[config.language]))
